//! SQL that arrives over the API: one statement at a time, under the authorizer, its rows as JSON.

use rusqlite::limits::Limit;
use rusqlite::{Connection, params_from_iter};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::config::Limits;
use crate::error::{ApiError, ApiResult};
use crate::store::authorizer::Authorizer;
use crate::store::script;
use crate::store::values::{self, RowWriter};
use crate::tasks::Disconnected;

/// The rows of one statement, already as JSON.
#[derive(Serialize)]
pub(crate) struct Rows {
    pub(crate) results: Box<RawValue>,
    pub(crate) count: usize,
}

/// Statements of one call on the database's thread.
pub(crate) struct Session<'a> {
    pub(super) connection: &'a mut Connection,
    pub(super) authorizer: &'a Authorizer,
    pub(super) limits: &'a Limits,
    /// Who waits for the result.
    pub(super) caller: &'a Disconnected,
    /// Whether the connection only reads.
    pub(super) read_only: bool,
}

impl Session<'_> {
    /// Commits when `work` succeeds and rolls back when it does not.
    pub(crate) fn transaction<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> ApiResult<T>,
    ) -> ApiResult<T> {
        let begin = if self.read_only {
            "BEGIN"
        } else {
            "BEGIN IMMEDIATE"
        };
        self.connection.execute_batch(begin)?;
        let result = work(self).and_then(|value| {
            // A deferred foreign key is checked only here.
            self.connection
                .execute_batch("COMMIT")
                .map_err(|error| ApiError::query_failed(values::explain(&error)))?;
            Ok(value)
        });
        if result.is_err() && !self.connection.is_autocommit() {
            self.connection.execute_batch("ROLLBACK")?;
        }
        result
    }

    /// Runs one statement under the authorizer and collects its rows.
    pub(crate) fn run(&mut self, sql: &str, params: &[Value]) -> ApiResult<Rows> {
        let _scope = self.authorizer.arm(self.limits.query_time, self.caller);
        let failed = |error: &rusqlite::Error| {
            ApiError::query_failed(
                self.authorizer
                    .take_denial()
                    .unwrap_or_else(|| values::explain(error) + d1_hint(self.limits, error)),
            )
        };
        if script::pieces(sql).is_empty() {
            return Err(ApiError::validation("sql must hold a statement"));
        }
        let mut prepared = self
            .connection
            .prepare(sql)
            .map_err(|error| failed(&error))?;
        let (wanted, given) = (prepared.parameter_count(), params.len());
        if wanted != given {
            return Err(ApiError::validation(format!(
                "the statement takes {wanted} parameter{}, but {given} {} given",
                if wanted == 1 { "" } else { "s" },
                if given == 1 { "was" } else { "were" },
            )));
        }
        let params = params
            .iter()
            .enumerate()
            .map(|(index, value)| values::bindable(value, &format!("params[{index}]")))
            .collect::<ApiResult<Vec<_>>>()?;
        let writer = RowWriter::new(&prepared.column_names().collect::<Vec<_>>());
        let width = prepared.column_count();
        let mut rows = prepared
            .query(params_from_iter(params))
            .map_err(|error| failed(&error))?;
        let (mut json, mut count) = (vec![b'['], 0);
        while let Some(row) = rows.next().map_err(|error| failed(&error))? {
            if count > 0 {
                json.push(b',');
            }
            let values = (0..width).map(|index| {
                row.get_ref(index)
                    .unwrap_or(rusqlite::types::ValueRef::Null)
            });
            writer.write(&mut json, values);
            count += 1;
            if json.len() > self.limits.result_bytes {
                return Err(ApiError::query_failed(format!(
                    "The result is larger than {} bytes; select fewer rows or columns.",
                    self.limits.result_bytes
                )));
            }
        }
        json.push(b']');
        let results = String::from_utf8(json)
            .map_err(|error| ApiError::internal(error.to_string()))
            .and_then(|json| {
                RawValue::from_string(json).map_err(|error| ApiError::internal(error.to_string()))
            })?;
        Ok(Rows { results, count })
    }
}

/// The limits that D1 publishes, and what SQLite says when one is reached.
pub(crate) const D1: &[(Limit, i32, &str)] = &[
    (
        Limit::SQLITE_LIMIT_VARIABLE_NUMBER,
        100,
        "too many SQL variables",
    ),
    (
        Limit::SQLITE_LIMIT_VARIABLE_NUMBER,
        100,
        "variable number must be",
    ),
    (
        Limit::SQLITE_LIMIT_FUNCTION_ARG,
        32,
        "too many arguments on function",
    ),
    (
        Limit::SQLITE_LIMIT_LIKE_PATTERN_LENGTH,
        50,
        "LIKE or GLOB pattern too complex",
    ),
    (Limit::SQLITE_LIMIT_COLUMN, 100, "too many columns"),
    (
        Limit::SQLITE_LIMIT_SQL_LENGTH,
        100_000,
        "statement too long",
    ),
    (
        Limit::SQLITE_LIMIT_LENGTH,
        2_000_000,
        "string or blob too big",
    ),
];

/// Says that a limit of D1 was reached, where one was.
fn d1_hint(limits: &Limits, error: &rusqlite::Error) -> &'static str {
    let message = values::message(error);
    if limits.d1 && D1.iter().any(|(_, _, said)| message.starts_with(said)) {
        "; D1 has this limit, and the emulator was started with it"
    } else {
        ""
    }
}

//! The database service: `dbQuery` and `dbBatch` on the project's SQLite.

use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use rusqlite::limits::Limit;
use rusqlite::{Connection, params_from_iter};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};

use crate::config::{BatchMode, Limits};
use crate::error::{ApiError, ApiResult, Reply, StartError};
use crate::http::extract::Json;
use crate::platform::App;
use crate::realtime;
use crate::store::authorizer::Guard;
use crate::store::cdc::feed::{self, ChangeFeed};
use crate::store::cdc::triggers;
use crate::store::database::Database;
use crate::store::values::{self, RowWriter};

/// The most statements in one batch.
const BATCH_MAX: usize = 25;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/v1/db/query", post(query))
        .route("/v1/db/batch", post(batch))
}

/// The project's own database: the caller's tables, the rules for what may run there, and who hears of changes.
pub(crate) struct ProjectDb {
    database: Arc<Database>,
    guard: Guard,
    feed: ChangeFeed,
}

impl ProjectDb {
    pub(crate) fn open(
        file: Option<&Path>,
        schema: &[String],
        limits: &Limits,
    ) -> Result<Self, StartError> {
        let guard = Guard::default();
        let mut refused = None;
        let opened = Database::open(file, |connection| {
            for part in schema {
                if let Err(error) = apply_schema(connection, part) {
                    refused = Some(values::explain(&error));
                    return Err(error);
                }
            }
            connection.execute_batch(realtime::SCHEMA)?;
            triggers::install(connection)?;
            guard.install(connection)?;
            bound(connection, limits)
        });
        match (opened, refused) {
            (Ok(database), _) => Ok(Self {
                database: Arc::new(database),
                guard,
                feed: ChangeFeed::default(),
            }),
            (Err(_), Some(message)) => Err(StartError::Schema { message }),
            (Err(message), None) => Err(StartError::Database {
                database: "project",
                message,
            }),
        }
    }

    /// Who hears of committed row changes.
    pub(crate) fn feed(&self) -> &ChangeFeed {
        &self.feed
    }

    pub(crate) fn database(&self) -> Arc<Database> {
        Arc::clone(&self.database)
    }

    pub(crate) fn close(&self) {
        self.database.close();
    }

    /// Runs SQL that is not the API's: seeds and the emulator's own tables. Changes are published all the same.
    pub(crate) async fn run_trusted(&self, sql: String) -> ApiResult<()> {
        let feed = self.feed.clone();
        self.database
            .call(move |connection| {
                let transaction = connection.transaction()?;
                transaction
                    .execute_batch(&sql)
                    .map_err(|error| ApiError::query_failed(values::explain(&error)))?;
                transaction.commit()?;
                triggers::watch_tables(connection)?;
                feed::publish(connection, &feed)?;
                Ok(())
            })
            .await
    }

    async fn statements<T: Send + 'static>(
        &self,
        limits: &Limits,
        work: impl FnOnce(&mut Session<'_>) -> T + Send + 'static,
    ) -> ApiResult<T> {
        let (guard, feed, limits) = (self.guard.clone(), self.feed.clone(), limits.clone());
        self.database
            .call(move |connection| {
                let result = work(&mut Session {
                    connection,
                    guard: &guard,
                    limits: &limits,
                });
                feed::publish(connection, &feed)?;
                Ok(result)
            })
            .await
    }
}

/// Bounds what one statement can make SQLite hold. Twice the largest request leaves room for the log of a changed row.
fn bound(connection: &Connection, limits: &Limits) -> rusqlite::Result<()> {
    // The triggers' own SQL must fit whatever a test makes of the limits.
    let bytes = |bytes: usize| i32::try_from(bytes).unwrap_or(i32::MAX);
    let request = limits.json_bytes.max(1 << 20);
    for (limit, most) in [
        (Limit::SQLITE_LIMIT_LENGTH, request.saturating_mul(2)),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, request),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        connection.set_limit(limit, bytes(most))?;
    }
    Ok(())
}

/// Applies a schema once: the same text is skipped when the database is opened again.
fn apply_schema(connection: &mut Connection, schema: &str) -> rusqlite::Result<()> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS _aerostack_schemas (digest BLOB PRIMARY KEY) WITHOUT ROWID",
    )?;
    let digest = Sha256::digest(schema.as_bytes());
    let added = transaction.execute(
        "INSERT OR IGNORE INTO _aerostack_schemas VALUES (?1)",
        [&digest[..]],
    )?;
    if added == 1 {
        transaction.execute_batch(schema)?;
    }
    transaction.commit()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    sql: String,
    #[serde(default)]
    params: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BatchRequest {
    queries: Vec<Statement>,
}

/// The rows of one statement, already as JSON.
#[derive(Serialize)]
struct Rows {
    results: Box<RawValue>,
    count: usize,
}

#[derive(Serialize)]
struct Outcome {
    results: Box<RawValue>,
    success: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Serialize)]
struct BatchReply {
    success: bool,
    results: Vec<Outcome>,
}

async fn query(State(app): State<App>, Json(statement): Json<Statement>) -> Reply<Rows> {
    let rows = app
        .project
        .statements(&app.config.limits, move |session| {
            session.transaction(|session| session.run(&statement))
        })
        .await??;
    Ok(axum::Json(rows))
}

async fn batch(State(app): State<App>, Json(request): Json<BatchRequest>) -> Reply<BatchReply> {
    let count = request.queries.len();
    if count > BATCH_MAX {
        return Err(ApiError::validation(format!(
            "queries holds {count} statements; a batch takes {BATCH_MAX}"
        )));
    }
    let mode = app.config.batch_mode;
    let results = app
        .project
        .statements(&app.config.limits, move |session| match mode {
            BatchMode::Atomic => session.all_or_nothing(&request.queries),
            BatchMode::Partial => request
                .queries
                .iter()
                .map(|statement| session.transaction(|session| session.run(statement)).into())
                .collect(),
        })
        .await?;
    let success = results.iter().all(|outcome: &Outcome| outcome.success);
    Ok(axum::Json(BatchReply { success, results }))
}

impl From<ApiResult<Rows>> for Outcome {
    fn from(result: ApiResult<Rows>) -> Self {
        match result {
            Ok(rows) => Self {
                results: rows.results,
                success: true,
                error: None,
            },
            Err(error) => Self::failed(error.message()),
        }
    }
}

impl Outcome {
    fn failed(message: &str) -> Self {
        Self {
            results: no_rows(),
            success: false,
            error: Some(message.to_owned()),
        }
    }
}

/// Statements of one call on the database's thread.
struct Session<'a> {
    connection: &'a mut Connection,
    guard: &'a Guard,
    limits: &'a Limits,
}

impl Session<'_> {
    /// Commits when `work` succeeds and rolls back when it does not.
    fn transaction<T>(&mut self, work: impl FnOnce(&mut Self) -> ApiResult<T>) -> ApiResult<T> {
        self.connection.execute_batch("BEGIN IMMEDIATE")?;
        let result = work(self).and_then(|value| {
            // A deferred foreign key speaks up only here.
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

    fn all_or_nothing(&mut self, statements: &[Statement]) -> Vec<Outcome> {
        let mut outcomes = Vec::with_capacity(statements.len());
        let committed = self.transaction(|session| {
            for (index, statement) in statements.iter().enumerate() {
                match session.run(statement) {
                    Ok(rows) => outcomes.push(Outcome::from(Ok(rows))),
                    Err(error) => {
                        outcomes.push(Outcome::failed(error.message()));
                        return Err(ApiError::query_failed(format!(
                            "Rolled back: statement {index} failed."
                        )));
                    }
                }
            }
            Ok(())
        });
        if let Err(error) = committed {
            let failed = outcomes.iter().position(|outcome| !outcome.success);
            outcomes.resize_with(statements.len(), || Outcome::failed(""));
            for (index, outcome) in outcomes.iter_mut().enumerate() {
                if failed != Some(index) {
                    *outcome = Outcome::failed(error.message());
                }
            }
        }
        outcomes
    }

    /// Runs one statement under the guard and collects its rows.
    fn run(&mut self, statement: &Statement) -> ApiResult<Rows> {
        let _armed = self.guard.arm(self.limits.query_time);
        let failed = |error: &rusqlite::Error| {
            ApiError::query_failed(
                self.guard
                    .take_refusal()
                    .unwrap_or_else(|| values::explain(error)),
            )
        };
        if statement.sql.trim().is_empty() {
            return Err(ApiError::validation("sql must hold a statement"));
        }
        let mut prepared = self
            .connection
            .prepare(&statement.sql)
            .map_err(|error| failed(&error))?;
        let (wanted, given) = (prepared.parameter_count(), statement.params.len());
        if wanted != given {
            return Err(ApiError::validation(format!(
                "the statement takes {wanted} parameter{}, but {given} {} given",
                if wanted == 1 { "" } else { "s" },
                if given == 1 { "was" } else { "were" },
            )));
        }
        let params = statement
            .params
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

fn no_rows() -> Box<RawValue> {
    RawValue::from_string("[]".to_owned()).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::json;

    use super::*;
    use crate::store::cdc::feed::RowChange;

    /// A database whose changes are written down, one line each.
    fn watched(schema: &str) -> (ProjectDb, Arc<Mutex<Vec<String>>>) {
        let project = ProjectDb::open(None, &[schema.to_owned()], &Limits::default()).unwrap();
        let seen: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = Arc::clone(&seen);
        project.feed().on_commit(move |changes: &[RowChange]| {
            let text = |row: &Option<Arc<RawValue>>| {
                row.as_ref()
                    .map_or("-".to_owned(), |row| row.get().to_owned())
            };
            let lines = changes.iter().map(|change| {
                format!(
                    "{} {} {} {}",
                    change.kind.as_str(),
                    change.table,
                    text(&change.old),
                    text(&change.new)
                )
            });
            log.lock().unwrap().extend(lines);
        });
        (project, seen)
    }

    async fn run(project: &ProjectDb, statements: &[&str]) -> Vec<Outcome> {
        let statements: Vec<_> = statements
            .iter()
            .map(|sql| Statement {
                sql: (*sql).to_owned(),
                params: vec![],
            })
            .collect();
        let work = move |session: &mut Session<'_>| session.all_or_nothing(&statements);
        project.statements(&Limits::default(), work).await.unwrap()
    }

    #[tokio::test]
    async fn committed_changes_are_heard_in_order_with_old_and_new() {
        let (project, seen) = watched("CREATE TABLE t (id INTEGER PRIMARY KEY, v)");
        run(
            &project,
            &[
                "INSERT INTO t VALUES (1, 'a'), (2, x'00ff')",
                "UPDATE t SET v = 1.5 WHERE id = 1",
            ],
        )
        .await;
        run(&project, &["DELETE FROM t WHERE id = 2", "SELECT * FROM t"]).await;
        let expected = [
            r#"INSERT t - {"id":1,"v":"a"}"#,
            r#"INSERT t - {"id":2,"v":[0,255]}"#,
            r#"UPDATE t {"id":1,"v":"a"} {"id":1,"v":1.5}"#,
            r#"DELETE t {"id":2,"v":[0,255]} -"#,
        ];
        assert_eq!(*seen.lock().unwrap(), expected);
    }

    #[tokio::test]
    async fn what_is_rolled_back_is_not_heard() {
        let (project, seen) = watched("CREATE TABLE t (id INTEGER PRIMARY KEY)");
        let outcomes = run(
            &project,
            &["INSERT INTO t VALUES (1)", "INSERT INTO t VALUES (1)"],
        )
        .await;
        assert!(outcomes.iter().all(|outcome| !outcome.success));
        assert!(seen.lock().unwrap().is_empty());
        run(&project, &["INSERT INTO t VALUES (2)"]).await;
        assert_eq!(*seen.lock().unwrap(), [r#"INSERT t - {"id":2}"#]);
    }

    #[tokio::test]
    async fn odd_names_wide_tables_and_later_tables_are_watched_too() {
        let columns: Vec<_> = (0..200).map(|n| format!("c{n}")).collect();
        let schema = format!(
            "CREATE TABLE \"it's \"\"odd\"\"\" (\"a b\" TEXT); CREATE TABLE wide ({}); \
             CREATE TABLE keyed (k TEXT PRIMARY KEY) WITHOUT ROWID;",
            columns.join(", ")
        );
        let (project, seen) = watched(&schema);
        run(
            &project,
            &[
                "INSERT INTO \"it's \"\"odd\"\"\" VALUES ('x')",
                "INSERT INTO keyed VALUES ('k')",
            ],
        )
        .await;
        run(&project, &["INSERT INTO wide (c199) VALUES (7)"]).await;
        project
            .run_trusted("CREATE TABLE later (n); INSERT INTO later VALUES (1);".to_owned())
            .await
            .unwrap();
        run(&project, &["INSERT INTO later VALUES (2)"]).await;
        let seen = seen.lock().unwrap();
        assert_eq!(seen[0], r#"INSERT it's "odd" - {"a b":"x"}"#);
        assert_eq!(seen[1], r#"INSERT keyed - {"k":"k"}"#);
        assert!(seen[2].contains(r#""c198":null,"c199":7}"#), "{}", seen[2]);
        assert_eq!(seen[3..], [r#"INSERT later - {"n":2}"#]);
    }

    #[tokio::test]
    async fn changes_by_cascades_and_triggers_are_heard() {
        let (project, seen) = watched(
            "CREATE TABLE a (id INTEGER PRIMARY KEY); \
             CREATE TABLE b (a INTEGER REFERENCES a (id) ON DELETE CASCADE); \
             CREATE TABLE log (n); \
             CREATE TRIGGER copy AFTER INSERT ON b BEGIN INSERT INTO log VALUES (NEW.a); END;",
        );
        run(
            &project,
            &[
                "INSERT INTO a VALUES (1)",
                "INSERT INTO b VALUES (1)",
                "DELETE FROM a",
            ],
        )
        .await;
        let mut seen = seen.lock().unwrap().clone();
        seen.sort();
        let mut expected = vec![
            json!("DELETE a {\"id\":1} -"),
            json!("DELETE b {\"a\":1} -"),
            json!("INSERT a - {\"id\":1}"),
            json!("INSERT b - {\"a\":1}"),
            json!("INSERT log - {\"n\":1}"),
        ];
        expected.sort_by_key(ToString::to_string);
        assert_eq!(json!(seen), json!(expected));
    }
}

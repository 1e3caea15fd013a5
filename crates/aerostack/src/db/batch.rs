//! Several statements in one call.

use aerostack_api::{RawJson, generated::types, operations};
use serde::de::DeserializeOwned;

use super::{Rows, Value};
use crate::{
    Client, Error, ErrorKind,
    call::{Options, awaitable, call_options},
    decode,
};

/// The most statements the platform takes in one batch.
const MAX_STATEMENTS: usize = 25;

/// One statement with its values.
///
/// ```
/// use aerostack::db::Statement;
///
/// let insert = Statement::new("INSERT INTO tags (name, weight) VALUES (?, ?)").bind("red").bind(3);
/// ```
#[derive(Debug, Clone)]
pub struct Statement {
    sql: String,
    values: Vec<Value>,
}

impl Statement {
    /// A statement without values.
    pub fn new(sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            values: Vec::new(),
        }
    }

    /// Binds the next `?`.
    #[must_use]
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    pub(super) fn into_wire(self) -> Result<(String, Option<RawJson>), Error> {
        if self.sql.trim().is_empty() {
            return Err(Error::invalid_input("the SQL statement is empty"));
        }
        if self.sql.contains('\0') {
            return Err(Error::invalid_input(
                "the SQL statement holds a NUL character, where SQLite would stop reading",
            ));
        }
        for (index, value) in self.values.iter().enumerate() {
            value.check(index + 1)?;
        }
        let params = (!self.values.is_empty())
            .then(|| RawJson::encode(&self.values))
            .transpose()
            .map_err(|error| {
                Error::invalid_input(format!("the values have no JSON form: {error}"))
            })?;
        Ok((self.sql, params))
    }
}

impl From<&str> for Statement {
    fn from(sql: &str) -> Self {
        Self::new(sql)
    }
}

impl From<String> for Statement {
    fn from(sql: String) -> Self {
        Self::new(sql)
    }
}

/// Up to 25 statements, run in order in one call. From [`Db::batch`](super::Db::batch).
///
/// Awaiting it gives a [`BatchOutcome`] when every statement succeeded, and otherwise an error of
/// [`ErrorKind::Batch`] that holds every outcome. [`outcomes`](Self::outcomes) gives the outcomes either way.
///
/// Whether the statements before a failed one stay in force is a matter on which the platform contradicts itself: its
/// guide calls a batch atomic, its published document describes partial success. Write statements so that either is
/// right, or look at the outcomes. More than 25 statements are refused before anything is sent; splitting them would
/// break what atomicity there is.
///
/// ```no_run
/// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
/// use aerostack::{ErrorKind, db::Statement};
///
/// let result = client
///     .db()
///     .batch()
///     .add(Statement::new("UPDATE accounts SET balance = balance - ? WHERE id = ?").bind(40).bind(1))
///     .add(Statement::new("UPDATE accounts SET balance = balance + ? WHERE id = ?").bind(40).bind(2))
///     .await;
/// if let Err(error) = &result
///     && let Some(outcome) = error.batch()
/// {
///     for (index, statement) in outcome.statements.iter().enumerate() {
///         println!("{index}: {:?}", statement.error);
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Cancel safety
/// Dropping the future abandons the call; whether the statements ran is then unknown.
#[must_use = "a call does nothing until it is awaited"]
pub struct Batch {
    client: Client,
    options: Options,
    statements: Vec<Statement>,
}

impl Batch {
    pub(super) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            options: Options::default(),
            statements: Vec::new(),
        }
    }

    /// Adds a statement.
    #[allow(clippy::should_implement_trait, reason = "the field's word for it")]
    pub fn add(mut self, statement: impl Into<Statement>) -> Self {
        self.statements.push(statement.into());
        self
    }

    /// Adds statements.
    pub fn extend<S: Into<Statement>>(mut self, statements: impl IntoIterator<Item = S>) -> Self {
        self.statements
            .extend(statements.into_iter().map(Into::into));
        self
    }

    call_options!();

    /// The same call, with failed statements as outcomes in place of an error.
    ///
    /// # Cancel safety
    /// As [`Batch`] itself.
    pub fn outcomes(self) -> BatchOutcomes {
        BatchOutcomes {
            client: self.client,
            options: self.options,
            statements: self.statements,
        }
    }

    async fn run(self) -> Result<BatchOutcome, Error> {
        let (error, outcome) = send(&self.client, self.options, self.statements).await?;
        match error {
            None => Ok(outcome),
            Some(error) => Err(error.with_batch(outcome)),
        }
    }
}

awaitable!(Batch => BatchOutcome);

/// A batch whose failed statements are outcomes, not an error. Await it.
#[must_use = "a call does nothing until it is awaited"]
pub struct BatchOutcomes {
    client: Client,
    options: Options,
    statements: Vec<Statement>,
}

impl BatchOutcomes {
    call_options!();

    async fn run(self) -> Result<BatchOutcome, Error> {
        let (_, outcome) = send(&self.client, self.options, self.statements).await?;
        Ok(outcome)
    }
}

awaitable!(BatchOutcomes => BatchOutcome);

/// What became of a batch.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct BatchOutcome {
    /// Whether every statement succeeded.
    pub success: bool,
    /// The statements' outcomes, in the order they were given.
    pub statements: Vec<StatementOutcome>,
}

/// What became of one statement of a batch.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct StatementOutcome {
    /// Whether it succeeded.
    pub success: bool,
    /// What the platform says went wrong.
    pub error: Option<String>,
    rows: Option<Rows>,
}

impl StatementOutcome {
    /// Decodes the statement's rows; a failed one has none.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`], naming row and column.
    pub fn rows<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        self.rows.as_ref().map_or(Ok(Vec::new()), Rows::decode_as)
    }
}

async fn send(
    client: &Client,
    options: Options,
    statements: Vec<Statement>,
) -> Result<(Option<Error>, BatchOutcome), Error> {
    let count = statements.len();
    if count == 0 {
        return Err(Error::invalid_input("the batch holds no statement"));
    }
    if count > MAX_STATEMENTS {
        return Err(Error::invalid_input(format!(
            "the batch holds {count} statements and the platform takes {MAX_STATEMENTS}; it is not split, because the \
             parts would not succeed or fail together"
        )));
    }
    let mut queries = Vec::with_capacity(count);
    for (index, statement) in statements.into_iter().enumerate() {
        let (sql, params) = statement
            .into_wire()
            .map_err(|error| error.with_part(index..index + 1))?;
        queries.push(types::DbStatement { sql, params });
    }
    let operation = &operations::DB_BATCH;
    let body = &types::DbBatchRequest { queries };
    let mut answer = client
        .call(
            operation,
            options,
            |api| async move { api.db_batch(body).await },
        )
        .await?;
    let Some(results) = answer.value.results.take() else {
        return Err(decode::lacks(operation, &answer, "`results`"));
    };
    if results.len() != count {
        let what = format!("one result a statement ({} for {count})", results.len());
        return Err(decode::lacks(operation, &answer, &what));
    }
    let statements: Vec<StatementOutcome> = results
        .into_iter()
        .map(|result| StatementOutcome {
            success: result.success.unwrap_or(result.error.is_none()),
            error: result.error,
            rows: result.results.filter(|rows| !rows.is_null()).map(Rows::new),
        })
        .collect();
    let failed = statements.iter().position(|statement| !statement.success);
    // The flag of the whole answer counts too: it may be false where no statement owns up to it.
    let success = failed.is_none() && answer.value.success != Some(false);
    let error = (!success).then(|| {
        let message = match failed {
            Some(index) => format!(
                "statement {index} (counted from 0) of {count} failed: {}",
                statements[index]
                    .error
                    .as_deref()
                    .unwrap_or("the platform does not say why")
            ),
            None => {
                format!("the platform reports that one of {count} statements failed, not which")
            }
        };
        Error::answered(ErrorKind::Batch, operation.id, &answer, message)
    });
    Ok((
        error,
        BatchOutcome {
            success,
            statements,
        },
    ))
}

//! Several statements in one call.

use aerostack_api::{CallOptions, requests, types};
use serde::de::DeserializeOwned;

use super::{BatchOutcome, Chunked, Statement, StatementOutcome, rows::decode_rows};
use crate::{
    Client, Error, ErrorKind,
    call::{Options, awaitable, call_options, retry_as_read},
    decode,
    error::one_line,
};

/// The most statements the platform takes in one batch.
pub(super) const MAX_STATEMENTS: usize = 25;

/// Up to 25 statements, run in order in one call. From [`Db::batch`](super::Db::batch).
///
/// Awaiting it gives a [`BatchOutcome`] when every statement succeeded, and otherwise an error of
/// [`ErrorKind::Batch`] that holds every outcome. [`outcomes`](Self::outcomes) gives the outcomes either way.
///
/// # Transactions
/// A batch is the platform's transaction: there are no interactive ones over HTTP. Whether the statements before a
/// failed one stay in force is a matter on which the platform contradicts itself: its guide calls a batch atomic, its
/// published document describes partial success. Write statements so that either is right, or look at the outcomes.
/// More than 25 statements are refused before anything is sent; [`chunked`](Self::chunked) splits them where they need
/// not succeed or fail together.
///
/// ```no_run
/// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
/// let result = client
///     .db()
///     .batch()
///     .add(("UPDATE accounts SET balance = balance - ? WHERE id = ?", (40, 1)))
///     .add(("UPDATE accounts SET balance = balance + ? WHERE id = ?", (40, 2)))
///     .await;
/// if let Err(error) = &result
///     && let Some((index, failed)) = error.batch().and_then(|outcome| outcome.failure())
/// {
///     println!("statement {index}: {:?}", failed.error);
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

    /// Declares that no statement changes anything, so that the call is retried like any other read. Batches of
    /// statements that surely only read are recognized without it.
    pub fn read_only(mut self) -> Self {
        self.options.retry(aerostack_api::RetryMode::Always);
        self
    }

    /// Any number of statements, in calls of 25 one after the other. **Not one transaction**: each call is a batch of
    /// its own, and what the calls before a failed one did stays done. See [`Chunked`].
    pub fn chunked(self) -> Chunked {
        Chunked::new(self.client, self.options, self.statements)
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
        let (error, outcome) =
            send(&self.client, self.options.into_call()?, self.statements).await?;
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
        let (_, outcome) = send(&self.client, self.options.into_call()?, self.statements).await?;
        Ok(outcome)
    }
}

awaitable!(BatchOutcomes => BatchOutcome);

impl StatementOutcome {
    /// Decodes the statement's rows; a failed one has none.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`], naming row and column.
    pub fn rows<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        let Some(rows) = &self.rows else {
            return Ok(Vec::new());
        };
        Ok(decode_rows(rows)?)
    }
}

pub(super) async fn send(
    client: &Client,
    mut options: CallOptions,
    statements: Vec<Statement>,
) -> Result<(Option<Error>, BatchOutcome), Error> {
    let count = statements.len();
    if count == 0 {
        return Err(Error::invalid_input("the batch holds no statement"));
    }
    if count > MAX_STATEMENTS {
        return Err(Error::invalid_input(format!(
            "the batch has {count} statements and the platform takes {MAX_STATEMENTS}; split it with .chunked() if they \
             need not succeed or fail together"
        )));
    }
    if statements.iter().all(Statement::only_reads) {
        retry_as_read(&mut options);
    }
    let mut queries = Vec::with_capacity(count);
    for (index, statement) in statements.into_iter().enumerate() {
        let (sql, params) = statement
            .into_wire()
            .map_err(|error| error.with_part(index..index + 1))?;
        queries.push(types::DbStatement::new(sql).params(params));
    }
    let body = types::DbBatchRequest::new(queries);
    let mut response = client.send(&requests::DbBatch::new(body), &options).await?;
    let Some(results) = response.value.results.take() else {
        return Err(decode::lacks(&response, "`results`"));
    };
    if results.len() != count {
        let what = format!("one result a statement ({} for {count})", results.len());
        return Err(decode::lacks(&response, &what));
    }
    let statements: Vec<StatementOutcome> = results
        .into_iter()
        .map(|result| StatementOutcome {
            success: result.success.unwrap_or(result.error.is_none()),
            error: result.error,
            rows: result.results.filter(|rows| !rows.is_null()),
        })
        .collect();
    // The flag of the whole answer counts too: it may be false where no statement has failed by its own.
    let success = statements.iter().all(|statement| statement.success)
        && response.value.success != Some(false);
    let outcome = BatchOutcome {
        success,
        statements,
    };
    let error = (!success).then(|| {
        let message = match outcome.failure() {
            Some((index, failed)) => format!(
                "statement {index} (counted from 0) of {count} failed: {}",
                one_line(
                    failed
                        .error
                        .as_deref()
                        .unwrap_or("the platform does not say why")
                )
            ),
            None => {
                format!("the platform reports that one of {count} statements failed, not which")
            }
        };
        Error::answered(ErrorKind::Batch, &response, message)
    });
    Ok((error, outcome))
}

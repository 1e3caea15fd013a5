//! More statements than one call takes.

use super::{
    BatchOutcome, Statement,
    batch::{self, MAX_STATEMENTS},
};
use crate::{
    Client, Error, ErrorKind,
    call::{Options, awaitable, call_options},
};

/// Any number of statements, in calls of 25. From [`Batch::chunked`](super::Batch::chunked). Await it for the outcomes of
/// all statements.
///
/// **Not one transaction.** The calls are made one after the other and end at the first that fails. What the calls
/// before it did stays done; [`Error::part`] says which statements the failed call held, and [`Error::batch`] the
/// outcomes up to and with it, so that the work can go on from there.
///
/// ```no_run
/// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
/// let names = vec!["red"; 1000];
/// let inserts = names.into_iter().map(|name| ("INSERT INTO tags (name) VALUES (?)", (name,)));
/// if let Err(error) = client.db().batch().extend(inserts).chunked().await {
///     println!("stopped at statements {:?}: {error}", error.part());
/// }
/// # Ok(())
/// # }
/// ```
///
/// The options of a call hold for each of the calls.
///
/// # Cancel safety
/// Dropping the future stops between two calls or abandons one; how many statements ran is then unknown.
#[must_use = "a call does nothing until it is awaited"]
pub struct Chunked {
    client: Client,
    options: Options,
    statements: Vec<Statement>,
}

impl Chunked {
    pub(super) fn new(client: Client, options: Options, statements: Vec<Statement>) -> Self {
        Self {
            client,
            options,
            statements,
        }
    }

    call_options!();

    async fn run(self) -> Result<BatchOutcome, Error> {
        let options = self.options.into_call()?;
        let mut outcome = BatchOutcome {
            success: true,
            statements: Vec::with_capacity(self.statements.len()),
        };
        let mut statements = self.statements.into_iter();
        loop {
            let chunk: Vec<Statement> = statements.by_ref().take(MAX_STATEMENTS).collect();
            let begin = outcome.statements.len();
            if chunk.is_empty() && begin > 0 {
                return Ok(outcome);
            }
            let part = begin..begin + chunk.len();
            let sent = batch::send(&self.client, options.clone(), chunk).await;
            let (error, done) = sent.map_err(|error| match error.part() {
                // A statement that was refused before anything was sent is counted among all.
                Some(inside) => error.with_part(begin + inside.start..begin + inside.end),
                None if error.kind() == ErrorKind::InvalidInput => error,
                None => error.with_part(part.clone()),
            })?;
            outcome.statements.extend(done.statements);
            if let Some(error) = error {
                outcome.success = false;
                return Err(error.with_part(part).with_batch(outcome));
            }
        }
    }
}

awaitable!(Chunked => BatchOutcome);

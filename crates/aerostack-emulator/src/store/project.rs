//! The project's own database: the caller's tables, the rules for what may run there, and who hears of changes.

use std::path::Path;

use rusqlite::Connection;
use rusqlite::limits::Limit;
use sha2::{Digest, Sha256};

use crate::config::Limits;
use crate::error::{ApiError, ApiResult};
use crate::store::authorizer::Authorizer;
use crate::store::cdc::feed::{self, ChangeFeed};
use crate::store::cdc::triggers;
use crate::store::database::Database;
use crate::store::schema::{self, OpenError, Schema};
use crate::store::statement::Session;
use crate::store::values;

/// Tables of the platform that callers find among their own.
pub(crate) struct PlatformTables {
    pub(crate) schema: &'static Schema,
    /// Their names. Changes of them are not published.
    pub(crate) names: &'static [&'static str],
}

/// A handle on the project's database.
#[derive(Clone)]
pub(crate) struct ProjectDb {
    database: Database,
    authorizer: Authorizer,
    feed: ChangeFeed,
    limits: Limits,
    unwatched: &'static [&'static str],
}

impl ProjectDb {
    pub(crate) fn open(
        file: Option<&Path>,
        schema: &[String],
        platform: &PlatformTables,
        limits: &Limits,
    ) -> Result<Self, OpenError> {
        let authorizer = Authorizer::default();
        let unwatched = platform.names;
        let database = Database::open(file, |connection| {
            for part in schema {
                apply_schema(connection, part)
                    .map_err(|error| OpenError::Project(values::explain(&error)))?;
            }
            schema::migrate(connection, &[platform.schema])?;
            triggers::install(connection, unwatched)?;
            authorizer.install(connection)?;
            Ok(bound(connection, limits)?)
        })?;
        Ok(Self {
            database,
            authorizer,
            feed: ChangeFeed::default(),
            limits: limits.clone(),
            unwatched,
        })
    }

    /// Who hears of committed row changes.
    pub(crate) fn feed(&self) -> &ChangeFeed {
        &self.feed
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// Runs SQL that is not the API's: seeds and the emulator's own tables. Changes are published all the same.
    pub(crate) async fn run_trusted(&self, sql: String) -> ApiResult<()> {
        let (feed, unwatched) = (self.feed.clone(), self.unwatched);
        self.database
            .call(move |connection| {
                let transaction = connection.transaction()?;
                transaction
                    .execute_batch(&sql)
                    .map_err(|error| ApiError::query_failed(values::explain(&error)))?;
                transaction.commit()?;
                triggers::watch_tables(connection, unwatched)?;
                feed::publish(connection, &feed)?;
                Ok(())
            })
            .await
    }

    /// Runs statements of the API, then publishes what they changed.
    pub(crate) async fn statements<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Session<'_>) -> T + Send + 'static,
    ) -> ApiResult<T> {
        let Self {
            authorizer,
            feed,
            limits,
            ..
        } = self.clone();
        self.database
            .call(move |connection| {
                let result = work(&mut Session {
                    connection,
                    authorizer: &authorizer,
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

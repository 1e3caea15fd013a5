//! The project's own database: the caller's tables, the rules for what may run there, and who hears of changes.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;

use crate::config::Limits;
use crate::error::{ApiError, ApiResult};
use crate::store::authorizer::Authorizer;
use crate::store::cdc::feed::{self, ChangeFeed};
use crate::store::cdc::triggers;
use crate::store::database::{Database, Place};
use crate::store::load::{in_transaction, run_script, run_watched_script};
use crate::store::math;
use crate::store::readers::{Reader, Readers};
use crate::store::reset;
use crate::store::schema::{self, OpenError, Schema};
use crate::store::scripts::{self, Script};
use crate::store::statement::{D1, Session};
use crate::tasks::Disconnected;

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
    readers: Readers,
    authorizer: Authorizer,
    feed: ChangeFeed,
    limits: Limits,
    unwatched: &'static [&'static str],
    /// What makes the tables.
    scripts: Arc<[Script]>,
    /// Whether changes are captured: from the first time that somebody could hear of one.
    watched: Arc<AtomicBool>,
}

impl ProjectDb {
    pub(crate) fn open(
        file: Option<PathBuf>,
        scripts: &[Script],
        platform: &PlatformTables,
        limits: &Limits,
    ) -> Result<Self, OpenError> {
        let (authorizer, unwatched) = (Authorizer::default(), platform.names);
        let place = Place::shared(file);
        let database = Database::open(&place, |connection| {
            scripts::apply(connection, scripts)?;
            schema::migrate(connection, &[platform.schema])?;
            triggers::install(connection)?;
            prepare(connection, &authorizer, limits)
        })?;
        let readers = {
            let limits = limits.clone();
            Readers::new(move || {
                let authorizer = Authorizer::default();
                let database = Database::open(&place, |connection| {
                    connection.execute_batch("PRAGMA query_only = ON")?;
                    prepare(connection, &authorizer, &limits)
                })?;
                Ok(Reader {
                    database,
                    authorizer,
                })
            })
        };
        Ok(Self {
            database,
            readers,
            authorizer,
            feed: ChangeFeed::default(),
            limits: limits.clone(),
            unwatched,
            scripts: scripts.into(),
            watched: Arc::default(),
        })
    }

    /// Who hears of committed row changes.
    pub(crate) fn feed(&self) -> &ChangeFeed {
        &self.feed
    }

    /// Captures the changes of every transaction that begins after this returned.
    pub(crate) async fn watch(&self) -> ApiResult<()> {
        if self.watched.load(Ordering::Acquire) {
            return Ok(());
        }
        let (watched, unwatched) = (Arc::clone(&self.watched), self.unwatched);
        self.database
            .call(move |connection| {
                if !watched.load(Ordering::Acquire) {
                    triggers::watch_tables(connection, unwatched)?;
                    watched.store(true, Ordering::Release);
                }
                Ok(())
            })
            .await
    }

    pub(crate) fn database(&self) -> &Database {
        &self.database
    }

    /// Runs a script that is not the API's, such as a seed, in one transaction. Changes are published all the same.
    pub(crate) async fn run_trusted(&self, sql: String) -> ApiResult<()> {
        let (feed, unwatched) = (self.feed.clone(), self.unwatched);
        let watched = Arc::clone(&self.watched);
        self.database
            .call(move |connection| {
                if !watched.load(Ordering::Acquire) {
                    return in_transaction(connection, &sql, |connection| {
                        Ok(run_script(connection, &sql)?)
                    });
                }
                // A rollback brings the triggers back as well.
                in_transaction(connection, &sql, |connection| {
                    run_watched_script(connection, &sql, unwatched)
                })?;
                feed::publish(connection, &feed)?;
                Ok(())
            })
            .await
    }

    /// Brings all tables back to what the schema and the migrations make of an empty database.
    pub(crate) async fn reset(&self) -> ApiResult<()> {
        let (feed, scripts) = (self.feed.clone(), Arc::clone(&self.scripts));
        let watched = Arc::clone(&self.watched);
        self.database
            .call(move |connection| {
                reset::reset(connection, &scripts)?;
                if watched.load(Ordering::Acquire) {
                    feed::publish(connection, &feed)?;
                }
                Ok(())
            })
            .await
    }

    /// Runs statements of the API, then publishes what they changed.
    pub(crate) async fn statements<T: Send + 'static>(
        &self,
        caller: Disconnected,
        work: impl FnOnce(&mut Session<'_>) -> T + Send + 'static,
    ) -> ApiResult<T> {
        self.in_turn(caller, false, work).await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        caller: Disconnected,
        read_only: bool,
        work: impl FnOnce(&mut Session<'_>) -> T + Send + 'static,
    ) -> ApiResult<T> {
        let Self {
            authorizer,
            feed,
            limits,
            watched,
            ..
        } = self.clone();
        self.database
            .call(move |connection| {
                let result = work(&mut Session {
                    connection,
                    authorizer: &authorizer,
                    limits: &limits,
                    caller: &caller,
                    read_only,
                });
                authorizer.restore(connection)?;
                if watched.load(Ordering::Acquire) {
                    feed::publish(connection, &feed)?;
                }
                Ok(result)
            })
            .await
    }

    /// Runs statements that only read. When a long statement holds them up, they run on another connection, as far as
    /// SQLite lets them.
    pub(crate) async fn reads<T: Send + 'static>(
        &self,
        caller: Disconnected,
        work: impl FnOnce(&mut Session<'_>) -> T + Send + 'static,
    ) -> ApiResult<T> {
        // Whoever comes first takes it.
        let work = Arc::new(Mutex::new(Some(work)));
        let ours = Arc::clone(&work);
        let in_turn = self.in_turn(caller.clone(), true, move |session| {
            let work = ours.lock().take();
            work.map(|work| work(session))
        });
        tokio::pin!(in_turn);
        let gone = || ApiError::internal("A read ran twice.");
        tokio::select! {
            biased;
            done = &mut in_turn => return done?.ok_or_else(gone),
            () = tokio::time::sleep(PATIENCE) => {}
        }
        let limits = self.limits.clone();
        let aside = self.readers.with(|reader| async move {
            let Some(work) = work.lock().take() else {
                return (reader, Ok(None));
            };
            let authorizer = reader.authorizer.clone();
            let result = reader.database.run(move |connection| {
                work(&mut Session {
                    connection,
                    authorizer: &authorizer,
                    limits: &limits,
                    caller: &caller,
                    read_only: true,
                })
            });
            let result = result.await.map(Some);
            (reader, result)
        });
        match aside.await {
            Some(Ok(None)) | None => in_turn.await?.ok_or_else(gone),
            Some(Ok(Some(done))) => Ok(done),
            Some(Err(error)) => Err(error),
        }
    }

    /// Stops what runs and closes all connections; it blocks.
    pub(crate) fn close(&self) {
        self.readers.close();
        self.database.close_by(|| self.authorizer.close());
    }
}

/// How long a read waits for its turn before it takes another connection.
const PATIENCE: Duration = Duration::from_millis(50);

/// What every connection has.
fn prepare(
    connection: &mut Connection,
    authorizer: &Authorizer,
    limits: &Limits,
) -> Result<(), OpenError> {
    math::install(connection)?;
    // Tables that virtual tables keep their data in are theirs alone.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    authorizer.install(connection)?;
    Ok(bound(connection, limits)?)
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
    if limits.d1 {
        for (limit, most, _) in D1 {
            connection.set_limit(*limit, *most)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::store::scripts::Source;

    const SCHEMA: &str =
        "CREATE TABLE t (id TEXT PRIMARY KEY, email TEXT UNIQUE, a INTEGER, b REAL, note TEXT)";

    fn insert(number: usize) -> String {
        let rows: Vec<_> = (number * 100..(number + 1) * 100)
            .map(|n| format!("('id-{n}','user-{n}@example.com',{n},{n}.5,'some note')"))
            .collect();
        format!("INSERT INTO t VALUES {}", rows.join(","))
    }

    /// `cargo test --release -- --ignored --nocapture imports`: the time of ten thousands of rows each, and that of
    /// SQLite without change capture.
    #[tokio::test]
    #[ignore = "a measurement"]
    async fn imports() {
        let platform = PlatformTables {
            schema: &Schema {
                name: "none",
                steps: &[],
            },
            names: &[],
        };
        let project = ProjectDb::open(
            None,
            &scripts::read(&[Source::Text(SCHEMA.to_owned())]).unwrap(),
            &platform,
            &Limits::default(),
        )
        .unwrap();
        let plain = Connection::open_in_memory().unwrap();
        plain.execute_batch(SCHEMA).unwrap();
        for step in 0..10 {
            let statements: Vec<_> = (step * 100..(step + 1) * 100).map(insert).collect();
            let started = Instant::now();
            for sql in &statements {
                plain
                    .execute_batch(&format!("BEGIN IMMEDIATE; {sql}; COMMIT"))
                    .unwrap();
            }
            let bare = started.elapsed();
            let started = Instant::now();
            for sql in statements {
                project
                    .statements(Disconnected::default(), move |session| {
                        session.transaction(|session| session.run(&sql, &[]))
                    })
                    .await
                    .unwrap()
                    .unwrap();
            }
            println!("{step}: {:?}, plain {bare:?}", started.elapsed());
            if step == 4 {
                project.watch().await.unwrap();
                println!("with change capture");
            }
        }
    }
}

//! Connections that only read, for reads that would have to wait for somebody's long statement.

use std::sync::Arc;

use parking_lot::Mutex;

use crate::error::ApiResult;
use crate::store::authorizer::Authorizer;
use crate::store::database::Database;
use crate::store::schema::OpenError;

/// The most connections that are open at a time.
const MOST: usize = 8;

/// A connection and the rules on it.
pub(crate) struct Reader {
    pub(crate) database: Database,
    pub(crate) authorizer: Authorizer,
}

type Open = dyn Fn() -> Result<Reader, OpenError> + Send + Sync;

/// The readers of a database, opened when they are needed. A handle.
#[derive(Clone)]
pub(crate) struct Readers {
    open: Arc<Open>,
    pool: Arc<Mutex<Pool>>,
}

#[derive(Default)]
struct Pool {
    idle: Vec<Reader>,
    busy: Vec<(Database, Authorizer)>,
    closed: bool,
}

impl Readers {
    pub(crate) fn new(
        open: impl Fn() -> Result<Reader, OpenError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            open: Arc::new(open),
            pool: Arc::default(),
        }
    }

    /// Runs `work` with a reader; `None` when none is to be had.
    pub(crate) async fn with<T, F>(&self, work: impl FnOnce(Reader) -> F) -> Option<ApiResult<T>>
    where
        F: Future<Output = (Reader, ApiResult<T>)>,
    {
        let reader = self.take().await?;
        let (reader, result) = work(reader).await;
        let mut pool = self.pool.lock();
        pool.busy
            .retain(|(database, _)| !database.is_same(&reader.database));
        if pool.closed {
            drop(pool);
            reader.close();
        } else {
            pool.idle.push(reader);
        }
        Some(result)
    }

    async fn take(&self) -> Option<Reader> {
        let reader = {
            let mut pool = self.pool.lock();
            if pool.closed || pool.busy.len() >= MOST {
                return None;
            }
            pool.idle.pop()
        };
        let reader = match reader {
            Some(reader) => reader,
            None => {
                let open = Arc::clone(&self.open);
                let opened = tokio::task::spawn_blocking(move || open()).await.ok()?;
                opened
                    .inspect_err(|error| tracing::warn!(%error, "cannot open a reading connection"))
                    .ok()?
            }
        };
        let mut pool = self.pool.lock();
        pool.busy
            .push((reader.database.clone(), reader.authorizer.clone()));
        Some(reader)
    }

    /// Closes all of them, whatever they run.
    pub(crate) fn close(&self) {
        let (idle, busy) = {
            let mut pool = self.pool.lock();
            pool.closed = true;
            (
                std::mem::take(&mut pool.idle),
                std::mem::take(&mut pool.busy),
            )
        };
        for reader in idle {
            reader.close();
        }
        for (database, authorizer) in busy {
            authorizer.close();
            database.close();
        }
    }
}

impl Reader {
    fn close(&self) {
        self.authorizer.close();
        self.database.close();
    }
}

//! A SQLite database on a thread of its own.
//!
//! One thread owns the connection and runs the jobs it is sent, one after the other. That keeps SQLite off the async
//! workers, makes the order of commits the order of jobs, and needs no lock.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use parking_lot::Mutex;
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::error::{ApiError, ApiResult};
use crate::store::schema::OpenError;

/// The most memory SQLite may use in this process. A statement that needs more fails; it could take all there is within
/// the time allowed to it.
const HEAP_BYTES: i64 = 1 << 30;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// A handle; the thread ends with the last of them, or when it is closed.
#[derive(Clone)]
pub(crate) struct Database(Arc<Inner>);

struct Inner {
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Database {
    /// Opens `file`, or a database in memory, lets `prepare` work on it and starts its thread.
    ///
    /// With a file, a commit is on disk before the job that made it returns.
    pub(crate) fn open(
        file: Option<&Path>,
        prepare: impl FnOnce(&mut Connection) -> Result<(), OpenError>,
    ) -> Result<Self, OpenError> {
        let mut connection = match file {
            Some(file) => Connection::open(file),
            None => Connection::open_in_memory(),
        }?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA temp_store = MEMORY;",
        )?;
        connection.pragma_update(None, "hard_heap_limit", HEAP_BYTES)?;
        prepare(&mut connection)?;
        let (jobs, queue) = mpsc::channel::<Job>();
        let thread = std::thread::Builder::new()
            .name("aerostack-sqlite".to_owned())
            .spawn(move || {
                for job in queue {
                    // A job that panics drops its reply; the next one finds the connection in working order, since
                    // rusqlite rolls an unfinished transaction back while unwinding.
                    let _ = catch_unwind(AssertUnwindSafe(|| job(&mut connection)));
                }
            })?;
        Ok(Self(Arc::new(Inner {
            jobs: Mutex::new(Some(jobs)),
            thread: Mutex::new(Some(thread)),
        })))
    }

    /// Runs `work` on the database's thread. Dropping the future does not stop a job that was sent.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> T + Send + 'static,
    ) -> ApiResult<T> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            let _ = reply.send(work(connection));
        });
        let sent = match self.0.jobs.lock().as_ref() {
            Some(jobs) => jobs.send(job).is_ok(),
            None => false,
        };
        if !sent {
            return Err(ApiError::internal("The emulator is shutting down."));
        }
        answer
            .await
            .map_err(|_| ApiError::internal("A database job did not finish."))
    }

    /// Like [`Database::run`] for work that can fail.
    pub(crate) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> ApiResult<T> + Send + 'static,
    ) -> ApiResult<T> {
        self.run(work).await?
    }

    /// Finishes the jobs already sent and closes the file.
    pub(crate) fn close(&self) {
        drop(self.0.jobs.lock().take());
        let thread = self.0.thread.lock().take();
        if let Some(thread) = thread {
            let _ = thread.join();
        }
    }

    /// Tells how many handles are left.
    #[cfg(test)]
    pub(crate) fn watch(&self) -> std::sync::Weak<impl Sized + use<>> {
        Arc::downgrade(&self.0)
    }
}

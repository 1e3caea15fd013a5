//! A SQLite database on a thread of its own.
//!
//! One thread owns the connection and runs the jobs it is sent, one after the other. That keeps SQLite off the async
//! workers, makes the order of commits the order of jobs, and needs no lock.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use parking_lot::Mutex;
use rusqlite::{Connection, InterruptHandle};
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
    interrupt: InterruptHandle,
    /// Set when the jobs that are left are not to run.
    abandoned: Arc<AtomicBool>,
}

/// Where a database lives.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    File(PathBuf),
    /// In memory, for one connection.
    Memory,
    /// In memory under a name, for all connections of this process that know it.
    Shared(String),
}

impl Place {
    /// The file, or else a place in memory that more than one connection can open.
    pub(crate) fn shared(file: Option<PathBuf>) -> Self {
        match file {
            Some(file) => Self::File(file),
            None => Self::Shared(format!("file:/{}?vfs=memdb", uuid::Uuid::new_v4())),
        }
    }

    fn connect(&self) -> rusqlite::Result<Connection> {
        match self {
            Self::File(file) => Connection::open(file),
            Self::Memory => Connection::open_in_memory(),
            Self::Shared(name) => Connection::open(name),
        }
    }
}

/// How long the jobs that are left may take when a database is closed.
const LAST_JOBS: Duration = Duration::from_millis(300);
/// How long a connection waits for another one of the same database.
const LOCK_TIME: Duration = Duration::from_secs(30);

impl Database {
    /// Opens a database, lets `prepare` work on it and starts its thread.
    ///
    /// With a file, a commit is on disk before the job that made it returns.
    pub(crate) fn open(
        place: &Place,
        prepare: impl FnOnce(&mut Connection) -> Result<(), OpenError>,
    ) -> Result<Self, OpenError> {
        let mut connection = place.connect()?;
        connection.busy_timeout(LOCK_TIME)?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
             PRAGMA temp_store = MEMORY;",
        )?;
        connection.pragma_update(None, "hard_heap_limit", HEAP_BYTES)?;
        prepare(&mut connection)?;
        let interrupt = connection.get_interrupt_handle();
        let abandoned = Arc::new(AtomicBool::new(false));
        let ended = Arc::clone(&abandoned);
        let (jobs, queue) = mpsc::channel::<Job>();
        let thread = std::thread::Builder::new()
            .name("aerostack-sqlite".to_owned())
            .spawn(move || {
                for job in queue {
                    if ended.load(Ordering::Acquire) {
                        return;
                    }
                    // A job that panics drops its reply; the next one finds the connection in working order, since
                    // rusqlite rolls an unfinished transaction back while unwinding.
                    let _ = catch_unwind(AssertUnwindSafe(|| job(&mut connection)));
                }
            })?;
        Ok(Self(Arc::new(Inner {
            jobs: Mutex::new(Some(jobs)),
            thread: Mutex::new(Some(thread)),
            interrupt,
            abandoned,
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

    /// Closes the file once the jobs already sent are done, or after a short while, by stopping what runs.
    pub(crate) fn close(&self) {
        self.close_by(|| ());
    }

    /// The same with something else to stop what runs.
    pub(crate) fn close_by(&self, stop: impl Fn()) {
        drop(self.0.jobs.lock().take());
        let Some(thread) = self.0.thread.lock().take() else {
            return;
        };
        let patient_until = Instant::now() + LAST_JOBS;
        while !thread.is_finished() {
            if Instant::now() >= patient_until {
                self.0.abandoned.store(true, Ordering::Release);
                self.0.interrupt.interrupt();
                stop();
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        let _ = thread.join();
    }

    /// Whether two handles are of one database.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Tells how many handles are left.
    #[cfg(test)]
    pub(crate) fn watch(&self) -> std::sync::Weak<impl Sized + use<>> {
        Arc::downgrade(&self.0)
    }
}

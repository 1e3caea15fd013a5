//! The whole data of an emulator, to go back to or to keep in a file.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use parking_lot::Mutex;
use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, params};

use crate::error::{ApiError, ApiResult};
use crate::store::database::Database;
use crate::store::saved_blobs::SavedBlobs;
use crate::test_kit::seed::Data;

/// All data of an emulator at one moment: rows, users, files, jobs, cached values and the rest, made by
/// [`Emulator::snapshot`](crate::Emulator::snapshot).
///
/// Clones share it. Faults, the log of requests, the clock and open connections are no data and not in it.
#[derive(Clone)]
pub struct Snapshot(Arc<Saved>);

struct Saved {
    project: Mutex<Connection>,
    system: Mutex<Connection>,
    blobs: SavedBlobs,
    at: SystemTime,
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("at", &self.0.at)
            .finish_non_exhaustive()
    }
}

impl Snapshot {
    /// When it was taken, by the system's clock.
    #[must_use]
    pub fn at(&self) -> SystemTime {
        self.0.at
    }

    fn new(project: Connection, system: Connection, blobs: SavedBlobs) -> Self {
        Self(Arc::new(Saved {
            project: Mutex::new(project),
            system: Mutex::new(system),
            blobs,
            at: SystemTime::now(),
        }))
    }
}

impl Data {
    /// Copies everything. Writes wait meanwhile.
    pub(crate) async fn snapshot(&self) -> ApiResult<Snapshot> {
        let project = saved(self.project.database()).await?;
        let storage = self.storage.clone();
        let (system, blobs) = self
            .system
            .call(move |connection| {
                // Files are removed on this thread alone, so those of the rows are there.
                let blobs = storage.saved_blobs().map_err(|error| disk(&error))?;
                Ok((copy(connection)?, blobs))
            })
            .await?;
        Ok(Snapshot::new(project, system, blobs))
    }

    /// Puts everything back. Realtime subscribers hear nothing of it.
    pub(crate) async fn restore(&self, snapshot: &Snapshot) -> ApiResult<()> {
        let saved = snapshot.clone();
        self.project
            .database()
            .call(move |connection| fill(connection, &saved.0.project.lock()))
            .await?;
        // The tables may be others than before.
        self.project.run_trusted("SELECT 1".to_owned()).await?;
        let (saved, storage) = (snapshot.clone(), self.storage.clone());
        self.system
            .call(move |connection| {
                storage
                    .restore_blobs(&saved.0.blobs)
                    .map_err(|error| disk(&error))?;
                fill(connection, &saved.0.system.lock())?;
                Ok(storage.sweep(connection)?)
            })
            .await
    }
}

async fn saved(database: &Database) -> ApiResult<Connection> {
    database.call(|connection| copy(connection)).await
}

fn copy(from: &Connection) -> ApiResult<Connection> {
    let mut to = Connection::open_in_memory()?;
    fill(&mut to, from)?;
    Ok(to)
}

/// How often, and after which pause, a database is tried that a reader holds.
const ATTEMPTS: u32 = 200;
const PAUSE: std::time::Duration = std::time::Duration::from_millis(10);

fn fill(to: &mut Connection, from: &Connection) -> ApiResult<()> {
    let backup = Backup::new(from, to)?;
    for _ in 0..ATTEMPTS {
        // All pages in one step: whoever reads sees the old data or the new.
        match backup.step(-1)? {
            StepResult::Done => return Ok(()),
            StepResult::More => {}
            _ => std::thread::sleep(PAUSE),
        }
    }
    Err(ApiError::internal(
        "The database is in use; a long statement may be reading it.",
    ))
}

fn disk(error: &std::io::Error) -> ApiError {
    ApiError::internal(format!("The emulator cannot reach its files: {error}"))
}

/// The parts of a file are no longer than this: SQLite limits a value to a billion bytes.
const PART: usize = 16 << 20;

const FILE_SCHEMA: &str = "
    PRAGMA application_id = 1095062867;
    PRAGMA user_version = 1;
    CREATE TABLE part (name TEXT NOT NULL, number INTEGER NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (name, number));";

/// Marks a file of ours.
const APPLICATION: i64 = 1_095_062_867;

impl Snapshot {
    /// Writes everything to one file, over one that is there. It blocks.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, file: &Path) -> std::io::Result<()> {
        let draft = file.with_extension("draft");
        let _ = std::fs::remove_file(&draft);
        let written = self.write_parts(&draft).map_err(std::io::Error::other);
        written.and_then(|()| std::fs::rename(&draft, file))
    }

    fn write_parts(&self, file: &Path) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let mut to = Connection::open(file)?;
        to.execute_batch(FILE_SCHEMA)?;
        let transaction = to.transaction()?;
        let put = |name: &str, bytes: &[u8]| -> rusqlite::Result<()> {
            let mut insert = transaction.prepare_cached("INSERT INTO part VALUES (?1, ?2, ?3)")?;
            // A part at least, also of what is empty.
            let parts = bytes.len().div_ceil(PART).max(1);
            for number in 0..parts {
                let end = bytes.len().min((number + 1) * PART);
                insert.execute(params![
                    name,
                    i64::try_from(number).unwrap_or(i64::MAX),
                    &bytes[number * PART..end]
                ])?;
            }
            Ok(())
        };
        put("project", &self.0.project.lock().serialize("main")?)?;
        put("system", &self.0.system.lock().serialize("main")?)?;
        for digest in self.0.blobs.digests() {
            put(&format!("blob/{digest}"), &self.0.blobs.bytes(&digest)?)?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// Reads what [`Snapshot::write`] wrote. It blocks.
    ///
    /// # Errors
    /// When the file cannot be read or is none of these.
    pub fn read(file: &Path) -> std::io::Result<Self> {
        Self::read_parts(file).map_err(std::io::Error::other)
    }

    fn read_parts(file: &Path) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let from = Connection::open_with_flags(file, flags)?;
        let application: i64 = from.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let version: i64 = from.pragma_query_value(None, "user_version", |row| row.get(0))?;
        if (application, version) != (APPLICATION, 1) {
            return Err("it is not an export of this version of the emulator".into());
        }
        let get = |name: &str| -> rusqlite::Result<Vec<u8>> {
            let mut parts =
                from.prepare_cached("SELECT bytes FROM part WHERE name = ?1 ORDER BY number")?;
            let mut bytes = Vec::new();
            for part in parts.query_map([name], |row| row.get::<_, Vec<u8>>(0))? {
                bytes.extend(part?);
            }
            Ok(bytes)
        };
        let database =
            |name: &str| -> Result<Connection, Box<dyn std::error::Error + Send + Sync>> {
                let mut bytes = get(name)?;
                // A database in memory has no log beside it: the header must not ask for one.
                if let Some(versions) = bytes.get_mut(18..20) {
                    versions.fill(1);
                }
                let mut connection = Connection::open_in_memory()?;
                connection.deserialize_read_exact("main", &bytes[..], bytes.len(), false)?;
                Ok(connection)
            };
        let names: Vec<String> = from
            .prepare("SELECT DISTINCT name FROM part WHERE name LIKE 'blob/%'")?
            .query_map([], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let mut blobs = SavedBlobs::default();
        for name in names {
            let digest = name.trim_start_matches("blob/").to_owned();
            blobs.add(digest, get(&name)?);
        }
        Ok(Self::new(database("project")?, database("system")?, blobs))
    }
}

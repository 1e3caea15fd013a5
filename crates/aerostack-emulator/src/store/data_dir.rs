//! The folder an emulator keeps its data in, for itself alone.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;

/// A folder that no other emulator uses at the same time, or nothing for data in memory. A handle.
#[derive(Clone)]
pub(crate) struct DataDir {
    folder: Option<PathBuf>,
    lock: Arc<Mutex<Option<File>>>,
}

/// How often and how long to wait for an emulator that is just ending.
const ATTEMPTS: u32 = 25;
const PAUSE: Duration = Duration::from_millis(20);

impl DataDir {
    /// Makes the folder and takes it. The operating system gives it back when the process ends, however it ends.
    pub(crate) fn take(folder: Option<&Path>) -> io::Result<Self> {
        let Some(folder) = folder else {
            return Ok(Self {
                folder: None,
                lock: Arc::default(),
            });
        };
        make_private(folder)?;
        let file = File::create(folder.join("emulator.lock"))?;
        for attempt in 1.. {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if attempt < ATTEMPTS => std::thread::sleep(PAUSE),
                Err(TryLockError::WouldBlock) => {
                    return Err(io::Error::new(
                        io::ErrorKind::WouldBlock,
                        "another emulator is using it",
                    ));
                }
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Ok(Self {
            folder: Some(folder.to_owned()),
            lock: Arc::new(Mutex::new(Some(file))),
        })
    }

    /// A file or folder in it.
    pub(crate) fn path(&self, name: &str) -> Option<PathBuf> {
        self.folder.as_deref().map(|folder| folder.join(name))
    }

    /// Removes the data in it, and nothing else that may be there.
    pub(crate) fn clear(&self) -> io::Result<()> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let gone = |removed: io::Result<()>| match removed {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            removed => removed,
        };
        for database in ["project.sqlite", "system.sqlite"] {
            for end in ["", "-wal", "-shm", "-journal"] {
                gone(std::fs::remove_file(
                    folder.join(format!("{database}{end}")),
                ))?;
            }
        }
        gone(std::fs::remove_dir_all(folder.join("storage")))
    }

    pub(crate) fn release(&self) {
        drop(self.lock.lock().take());
    }
}

/// Makes a folder, and those above it that are missing, for the current user alone: databases hold password hashes and
/// the secret that signs tokens. A folder that exists keeps its permissions.
pub(crate) fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

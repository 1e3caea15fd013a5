//! Where the bytes of stored files live: a folder, or memory.
//!
//! A file is stored under the hash of its bytes, so no key ever becomes a path.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use futures_util::stream;
use parking_lot::Mutex;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio_util::io::ReaderStream;

use crate::store::data_dir::make_private;

/// Folders of copies begin with this.
pub(super) const PREFIX: &str = "snapshot-";

/// The bytes of a file as they arrived.
pub(crate) type Chunks = Arc<Vec<Bytes>>;

/// A handle on the store.
#[derive(Clone)]
pub(crate) enum Blobs {
    Memory(Arc<Mutex<HashMap<String, Chunks>>>),
    Folder(PathBuf),
}

/// Bytes on their way into the store.
pub(crate) struct Draft {
    hash: Sha256,
    size: u64,
    place: Place,
}

enum Place {
    Memory(Vec<Bytes>),
    File {
        file: tokio::fs::File,
        temporary: Temporary,
    },
}

/// A complete draft.
pub(crate) struct Blob {
    pub(crate) digest: String,
    pub(crate) size: u64,
    place: Finished,
}

enum Finished {
    Memory(Chunks),
    File(Temporary),
}

/// A file that is removed unless it was moved to its place.
struct Temporary(PathBuf);

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Bytes ready to be sent; they stay readable while a file is replaced or deleted.
pub(crate) enum Content {
    Memory(Chunks),
    File(std::fs::File),
}

impl Blobs {
    /// Opens the store and clears what an interrupted upload left behind.
    pub(crate) fn open(folder: Option<PathBuf>) -> io::Result<Self> {
        let Some(folder) = folder else {
            return Ok(Self::Memory(Arc::default()));
        };
        make_private(&folder)?;
        clear_left_over(&folder);
        for entry in std::fs::read_dir(&folder)? {
            let path = entry?.path();
            if path
                .extension()
                .is_some_and(|extension| extension == "part")
            {
                std::fs::remove_file(path)?;
            }
        }
        Ok(Self::Folder(folder))
    }

    pub(crate) async fn draft(&self) -> io::Result<Draft> {
        let place = match self {
            Self::Memory(_) => Place::Memory(Vec::new()),
            Self::Folder(folder) => {
                let temporary = Temporary(folder.join(format!("{}.part", uuid::Uuid::new_v4())));
                let file = tokio::fs::File::create_new(&temporary.0).await?;
                Place::File { file, temporary }
            }
        };
        Ok(Draft {
            hash: Sha256::new(),
            size: 0,
            place,
        })
    }

    /// Puts a finished draft in its place. Called where the databases' jobs run, so that nothing deletes it between
    /// here and the moment its row is written.
    pub(crate) fn keep(&self, blob: Blob) -> io::Result<()> {
        match (self, blob.place) {
            (Self::Memory(blobs), Finished::Memory(chunks)) => {
                blobs.lock().insert(blob.digest, chunks);
            }
            (Self::Folder(folder), Finished::File(temporary)) => {
                std::fs::rename(&temporary.0, folder.join(&blob.digest))?;
                sync_folder(folder)?;
            }
            _ => return Err(io::Error::other("a draft of another store")),
        }
        Ok(())
    }

    pub(crate) fn content(&self, digest: &str) -> io::Result<Content> {
        match self {
            Self::Memory(blobs) => {
                let chunks = blobs.lock().get(digest).cloned();
                chunks
                    .map(Content::Memory)
                    .ok_or_else(|| io::ErrorKind::NotFound.into())
            }
            Self::Folder(folder) => std::fs::File::open(folder.join(digest)).map(Content::File),
        }
    }

    /// The digests of all that is kept in a folder.
    pub(crate) fn digests(&self) -> Vec<String> {
        let Self::Folder(folder) = self else {
            return Vec::new();
        };
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect()
    }

    pub(crate) fn remove(&self, digest: &str) {
        match self {
            Self::Memory(blobs) => {
                blobs.lock().remove(digest);
            }
            Self::Folder(folder) => {
                let _ = std::fs::remove_file(folder.join(digest));
            }
        }
    }
}

impl Draft {
    pub(crate) async fn write(&mut self, chunk: Bytes) -> io::Result<()> {
        self.hash.update(&chunk);
        self.size += chunk.len() as u64;
        match &mut self.place {
            Place::Memory(chunks) => chunks.push(chunk),
            Place::File { file, .. } => file.write_all(&chunk).await?,
        }
        Ok(())
    }

    /// How many bytes it holds so far.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    pub(crate) async fn finish(self) -> io::Result<Blob> {
        let place = match self.place {
            Place::Memory(chunks) => Finished::Memory(Arc::new(chunks)),
            Place::File {
                mut file,
                temporary,
            } => {
                file.flush().await?;
                file.sync_all().await?;
                Finished::File(temporary)
            }
        };
        let digest = self
            .hash
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(Blob {
            digest,
            size: self.size,
            place,
        })
    }
}

impl Content {
    /// These bytes of it.
    pub(crate) fn part(self, range: std::ops::Range<u64>) -> io::Result<Body> {
        match self {
            Self::Memory(chunks) => {
                let mut place = 0;
                let mut parts = Vec::new();
                for chunk in chunks.iter() {
                    let length = chunk.len() as u64;
                    let start = range.start.clamp(place, place + length) - place;
                    let end = range.end.clamp(place, place + length) - place;
                    let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
                    parts.push(Ok::<_, io::Error>(chunk.slice(index(start)..index(end))));
                    place += length;
                }
                Ok(Body::from_stream(stream::iter(parts)))
            }
            Self::File(mut file) => {
                io::Seek::seek(&mut file, io::SeekFrom::Start(range.start))?;
                let part = tokio::fs::File::from_std(file).take(range.end - range.start);
                Ok(Body::from_stream(ReaderStream::with_capacity(
                    part,
                    64 << 10,
                )))
            }
        }
    }

    pub(crate) fn into_body(self) -> Body {
        match self {
            Self::Memory(chunks) => {
                let count = chunks.len();
                let chunks = (0..count).map(move |index| Ok::<_, io::Error>(chunks[index].clone()));
                Body::from_stream(stream::iter(chunks))
            }
            Self::File(file) => Body::from_stream(ReaderStream::with_capacity(
                tokio::fs::File::from_std(file),
                64 << 10,
            )),
        }
    }
}

/// Makes a rename survive a power cut, where the system lets a folder be synced.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        std::fs::File::open(folder)?.sync_all()
    } else {
        Ok(())
    }
}

/// Removes copies that an emulator left behind which was killed.
fn clear_left_over(storage: &Path) {
    let Some(parent) = storage.parent() else {
        return;
    };
    for name in names(parent) {
        if name.starts_with(PREFIX) {
            let _ = std::fs::remove_dir_all(parent.join(name));
        }
    }
}

pub(super) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

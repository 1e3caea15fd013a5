//! The bytes of files as they were at one moment.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;

use crate::store::blobs::{Blobs, Chunks, PREFIX, names};
use crate::store::data_dir::make_private;

/// Copies of all blobs: shared with the store where it is in memory, linked where it is a folder.
pub(crate) enum SavedBlobs {
    Memory(HashMap<String, Chunks>),
    Folder(Links),
}

/// A folder of links, removed when dropped.
pub(crate) struct Links(PathBuf);

impl Drop for Links {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

impl Default for SavedBlobs {
    fn default() -> Self {
        Self::Memory(HashMap::new())
    }
}

impl SavedBlobs {
    pub(crate) fn add(&mut self, digest: String, bytes: Vec<u8>) {
        if let Self::Memory(blobs) = self {
            blobs.insert(digest, Arc::new(vec![Bytes::from(bytes)]));
        }
    }

    pub(crate) fn digests(&self) -> Vec<String> {
        match self {
            Self::Memory(blobs) => blobs.keys().cloned().collect(),
            Self::Folder(links) => names(&links.0),
        }
    }

    pub(crate) fn bytes(&self, digest: &str) -> io::Result<Vec<u8>> {
        match self {
            Self::Memory(blobs) => match blobs.get(digest) {
                Some(chunks) => Ok(chunks.concat()),
                None => Err(io::ErrorKind::NotFound.into()),
            },
            Self::Folder(links) => std::fs::read(links.0.join(digest)),
        }
    }
}

impl Blobs {
    /// Copies of everything in the store.
    pub(crate) fn saved(&self) -> io::Result<SavedBlobs> {
        match self {
            Self::Memory(blobs) => Ok(SavedBlobs::Memory(blobs.lock().clone())),
            Self::Folder(folder) => {
                let id = uuid::Uuid::new_v4().simple();
                let links = Links(folder.with_file_name(format!("{PREFIX}{id}")));
                make_private(&links.0)?;
                for digest in self.digests() {
                    if !digest.ends_with(".part") {
                        link(&folder.join(&digest), &links.0.join(&digest))?;
                    }
                }
                Ok(SavedBlobs::Folder(links))
            }
        }
    }

    /// Puts copies back that are missing.
    pub(crate) fn restore(&self, saved: &SavedBlobs) -> io::Result<()> {
        for digest in saved.digests() {
            match (self, saved) {
                (Self::Memory(blobs), SavedBlobs::Memory(copies)) => {
                    if let Some(chunks) = copies.get(&digest) {
                        blobs.lock().insert(digest, Arc::clone(chunks));
                    }
                }
                (Self::Memory(blobs), SavedBlobs::Folder(_)) => {
                    let chunks = Arc::new(vec![Bytes::from(saved.bytes(&digest)?)]);
                    blobs.lock().insert(digest, chunks);
                }
                (Self::Folder(folder), SavedBlobs::Folder(links)) => {
                    let place = folder.join(&digest);
                    if !place.exists() {
                        link(&links.0.join(&digest), &place)?;
                    }
                }
                (Self::Folder(folder), SavedBlobs::Memory(_)) => {
                    std::fs::write(folder.join(&digest), saved.bytes(&digest)?)?;
                }
            }
        }
        Ok(())
    }
}

/// Blobs are never written again, so a second name is as good as a copy, where the file system has those.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::hard_link(from, to).or_else(|_| std::fs::copy(from, to).map(drop))
}

//! Where a download is written.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io,
    path::{Path, PathBuf},
};

use tokio::io::AsyncWriteExt;

use super::io_error;
use crate::Error;

/// A local path that is about to be written.
pub(super) struct Target {
    path: PathBuf,
    file: tokio::fs::File,
    kind: Kind,
}

enum Kind {
    /// A new file beside the one it will replace.
    Beside {
        unfinished: Unfinished,
        replaced: PathBuf,
        permissions: Option<Permissions>,
    },
    /// A device, a pipe or a descriptor: what is written is gone.
    Through,
}

/// Removes the file when it goes out of scope; after the rename there is none.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

/// What is found at a path.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    /// A file, or nothing yet; links are resolved.
    File(PathBuf, Option<Permissions>),
    /// Something to write into.
    Device,
}

/// Longest chain of links followed, as in Linux.
const LINKS: usize = 40;

/// Looks at a path the way a shell's redirection does: through links, into devices and pipes.
fn look(path: &Path) -> io::Result<Found> {
    let mut place = path.to_owned();
    for _ in 0..LINKS {
        if is_descriptor(&place) {
            return Ok(Found::Device);
        }
        let metadata = match fs::symlink_metadata(&place) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Ok(Found::File(place, None));
            }
            Err(error) => return Err(error),
        };
        if metadata.is_symlink() {
            let target = fs::read_link(&place)?;
            // A target that is absolute replaces the whole path.
            place = match place.parent() {
                Some(folder) => folder.join(target),
                None => target,
            };
        } else if metadata.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        } else if metadata.is_file() {
            return Ok(Found::File(place, Some(metadata.permissions())));
        } else {
            return Ok(Found::Device);
        }
    }
    Err(io::Error::other("too many levels of symbolic links"))
}

/// Whether a path leads to a descriptor that is open already, such as `/dev/stdout`. Replacing the file it names would
/// leave the descriptor with the old one.
fn is_descriptor(path: &Path) -> bool {
    let names = [
        "/dev/fd",
        "/dev/stdin",
        "/dev/stdout",
        "/dev/stderr",
        "/proc",
    ];
    names.iter().any(|name| path.starts_with(name))
}

/// A new file that nobody but its owner can read if it replaces one: until it is known whom the content is for.
fn create(path: &Path, replaces: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if replaces {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = replaces;
    options.open(path)
}

impl Target {
    /// Finds out what is at a path and prepares to write it. Nothing that is there is changed yet.
    pub(super) async fn open(path: PathBuf) -> Result<Self, Error> {
        let at = path.clone();
        let opened = on_a_thread(move || {
            let (file, kind) = match look(&at)? {
                Found::Device => {
                    let file = OpenOptions::new().append(true).open(&at)?;
                    (file, Kind::Through)
                }
                Found::File(replaced, permissions) => {
                    // A short name, so that it fits wherever the name of the file itself fits.
                    let name = format!(".{}.part", uuid::Uuid::new_v4().simple());
                    let unfinished = Unfinished(replaced.with_file_name(name));
                    let file = create(&unfinished.0, permissions.is_some())?;
                    let kind = Kind::Beside {
                        unfinished,
                        replaced,
                        permissions,
                    };
                    (file, kind)
                }
            };
            Ok((tokio::fs::File::from_std(file), kind))
        });
        match opened.await {
            Ok((file, kind)) => Ok(Self { path, file, kind }),
            Err(error) if error.kind() == io::ErrorKind::IsADirectory => {
                let what = format!("`{}` is a directory; name a file in it", path.display());
                Err(Error::invalid_input(what).with_source(error))
            }
            Err(error) => Err(io_error("creating the file", &path, error)),
        }
    }

    pub(super) async fn write(&mut self, chunk: &[u8]) -> Result<(), Error> {
        self.file
            .write_all(chunk)
            .await
            .map_err(|error| io_error("writing the file", &self.path, error))
    }

    /// Puts the whole file in place.
    pub(super) async fn finish(self) -> Result<(), Error> {
        let Self {
            path,
            mut file,
            kind,
        } = self;
        let failed = |error| io_error("writing the file", &path, error);
        file.flush().await.map_err(failed)?;
        let Kind::Beside {
            unfinished,
            replaced,
            permissions,
        } = kind
        else {
            return Ok(());
        };
        if let Some(permissions) = permissions {
            file.set_permissions(permissions).await.map_err(failed)?;
        }
        file.sync_all().await.map_err(failed)?;
        drop(file);
        tokio::fs::rename(&unfinished.0, &replaced)
            .await
            .map_err(|error| io_error("putting in place the file", &path, error))
    }
}

/// Runs what may wait for the disk, or for somebody to read from a pipe, on a thread of its own: a runtime that shuts down
/// would wait for one of its own threads. Whoever asked may be dropped meanwhile; what was made is then dropped there.
async fn on_a_thread<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    std::thread::Builder::new()
        .name("aerostack-file".to_owned())
        .spawn(move || drop(sender.send(work())))?;
    receiver.await.map_err(io::Error::other)?
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn links_are_followed_to_where_a_shell_would_write() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("file"), "old").unwrap();
        fs::create_dir(at("folder")).unwrap();
        symlink("file", at("link")).unwrap();
        symlink(at("link"), at("link-to-link")).unwrap();
        symlink("not-yet", at("dangling")).unwrap();
        symlink("folder", at("folder-link")).unwrap();
        symlink("circle", at("circle")).unwrap();
        symlink("/dev/null", at("null")).unwrap();
        for (name, expected) in [
            ("file", "file"),
            ("link", "file"),
            ("link-to-link", "file"),
            ("dangling", "not-yet"),
            ("new", "new"),
        ] {
            match look(&at(name)).unwrap() {
                Found::File(path, _) => assert_eq!(path, at(expected), "{name}"),
                Found::Device => panic!("{name} is a file"),
            }
        }
        for name in ["folder", "folder-link", "circle"] {
            look(&at(name)).unwrap_err();
        }
        for device in [at("null"), "/dev/stdout".into(), "/proc/self/fd/1".into()] {
            assert_eq!(look(&device).unwrap(), Found::Device);
        }
    }

    #[tokio::test]
    async fn a_file_is_never_more_readable_than_what_it_replaces() {
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        for kept in [0o600, 0o640, 0o400, 0o755] {
            let path = folder.path().join(format!("{kept:o}"));
            fs::write(&path, "old").unwrap();
            fs::set_permissions(&path, Permissions::from_mode(kept)).unwrap();
            let mut target = Target::open(path.clone()).await.unwrap();
            let Kind::Beside { unfinished, .. } = &target.kind else {
                panic!("a file is replaced");
            };
            assert_eq!(mode(&unfinished.0), 0o600);
            target.write(b"new").await.unwrap();
            assert_eq!(fs::read(&path).unwrap(), b"old");
            target.finish().await.unwrap();
            assert_eq!(
                (mode(&path), fs::read(&path).unwrap()),
                (kept, b"new".to_vec())
            );
        }
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 4);
    }
}

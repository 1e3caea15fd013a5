//! Files.

use std::{
    io,
    sync::{Arc, Mutex},
};

use aerostack::{ErrorKind, storage::UploadBody};
use aerostack_emulator::Fault;
use bytes::Bytes;
use futures_util::{StreamExt, TryStreamExt, stream};

use crate::support::start;

/// Bytes that are not text and not the same twice.
fn blob(len: usize) -> Bytes {
    (0..len).map(|n| (n * 31 % 251) as u8).collect()
}

#[tokio::test]
async fn bytes_files_and_streams_come_back_as_they_went() {
    let (_emulator, client) = start().await;
    let storage = client.storage();
    let content = blob(300_000);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("source.bin");
    std::fs::write(&path, &content).unwrap();
    let chunks = content
        .chunks(7_000)
        .map(|c| Ok(Bytes::copy_from_slice(c)))
        .collect::<Vec<_>>();

    for (key, body) in [
        ("bytes.bin", UploadBody::bytes(content.clone())),
        ("file.bin", UploadBody::file(&path)),
        (
            "stream.bin",
            UploadBody::stream(stream::iter(chunks.clone_ok())),
        ),
        (
            "sized.bin",
            UploadBody::stream_with_length(stream::iter(chunks.clone_ok()), content.len() as u64),
        ),
    ] {
        let stored = storage
            .upload(key, body)
            .content_type("application/x-test")
            .await
            .unwrap();
        assert!(stored.url.starts_with("http"), "{}", stored.url);
        assert_eq!(storage.download(key).await.unwrap(), content, "{key}");
        let meta = storage.metadata(key).await.unwrap().unwrap();
        assert_eq!(meta.size, Some(content.len() as u64));
        assert_eq!(meta.content_type.as_deref(), Some("application/x-test"));
    }

    let mut download = storage.download("bytes.bin").stream().await.unwrap();
    assert_eq!(download.content_length(), Some(300_000));
    assert_eq!(download.content_type(), Some("application/x-test"));
    let mut read = Vec::new();
    while let Some(chunk) = download.try_next().await.unwrap() {
        read.extend_from_slice(&chunk);
    }
    assert_eq!(read, content);

    let target = folder.path().join("target.bin");
    let length = storage
        .download("bytes.bin")
        .to_file(&target)
        .await
        .unwrap();
    assert_eq!(length, 300_000);
    assert_eq!(std::fs::read(&target).unwrap(), content);
}

trait CloneOk {
    fn clone_ok(&self) -> Vec<io::Result<Bytes>>;
}

impl CloneOk for Vec<io::Result<Bytes>> {
    fn clone_ok(&self) -> Vec<io::Result<Bytes>> {
        self.iter().flatten().cloned().map(Ok).collect()
    }
}

#[tokio::test]
async fn progress_is_told_up_to_the_last_byte() {
    let (_emulator, client) = start().await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&seen);
    client
        .storage()
        .upload("big.bin", blob(1_000_000))
        .on_progress(move |sent| log.lock().unwrap().push(sent))
        .await
        .unwrap();
    let seen = seen.lock().unwrap();
    assert!(seen.len() > 1);
    assert!(seen.is_sorted());
    assert_eq!(seen.last(), Some(&1_000_000));
}

#[tokio::test]
async fn files_are_listed_copied_moved_and_deleted() {
    let (_emulator, client) = start().await;
    let storage = client.storage();
    for n in 0..5 {
        storage
            .upload(format!("d/{n}.txt"), UploadBody::text(format!("file {n}")))
            .await
            .unwrap();
    }
    let keys: Vec<String> = storage
        .list()
        .prefix("d/")
        .limit(2)
        .items()
        .map_ok(|object| object.key)
        .try_collect()
        .await
        .unwrap();
    assert_eq!(
        keys,
        ["d/0.txt", "d/1.txt", "d/2.txt", "d/3.txt", "d/4.txt"]
    );

    let page = storage.list().prefix("/d/").await.unwrap();
    assert_eq!(
        page.items.len(),
        5,
        "a leading slash is dropped here as in keys"
    );

    assert!(
        storage
            .copy("d/0.txt", "copy.txt")
            .await
            .unwrap()
            .starts_with("http")
    );
    assert!(
        storage
            .move_to("d/1.txt", "moved.txt")
            .await
            .unwrap()
            .starts_with("http")
    );
    for (key, exists) in [
        ("d/0.txt", true),
        ("copy.txt", true),
        ("d/1.txt", false),
        ("moved.txt", true),
    ] {
        assert_eq!(storage.exists(key).await.unwrap(), exists, "{key}");
    }
    assert_eq!(storage.download("/moved.txt").await.unwrap(), "file 1");
    storage.delete("copy.txt").await.unwrap();
    storage.delete("copy.txt").await.unwrap();
    assert!(storage.metadata("copy.txt").await.unwrap().is_none());
    assert!(storage.url("moved.txt").await.unwrap().starts_with("http"));
}

#[tokio::test]
async fn a_missing_file_is_not_found() {
    let (_emulator, client) = start().await;
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("target");
    for error in [
        client.storage().download("none").await.unwrap_err(),
        client
            .storage()
            .download("none")
            .stream()
            .await
            .unwrap_err(),
        client
            .storage()
            .download("none")
            .to_file(&target)
            .await
            .unwrap_err(),
        client.storage().copy("none", "b").await.unwrap_err(),
        client.storage().move_to("none", "b").await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_broken_download_leaves_the_old_file_and_no_other() {
    let (emulator, client) = start().await;
    client.storage().upload("f", blob(100_000)).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("target");
    std::fs::write(&target, "old").unwrap();

    emulator.fault(Fault::truncate_body(50_000).on("storageGet").times(1));
    let error = client
        .storage()
        .download("f")
        .to_file(&target)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Truncated, "{error}");
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "old");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[tokio::test]
async fn a_source_that_fails_is_a_local_error_and_nothing_is_stored() {
    let (_emulator, client) = start().await;
    let failing = stream::iter([Ok(blob(10_000)), Err(io::Error::other("the disk is gone"))]);
    let error = client
        .storage()
        .upload("f", UploadBody::stream(failing.boxed()))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Io, "{error:?}");
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert!(source.contains("the disk is gone"), "{source}");
    assert!(!client.storage().exists("f").await.unwrap());

    for path in ["/nowhere/at/all", "."] {
        let error = client
            .storage()
            .upload("f", UploadBody::file(path))
            .await
            .unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Io | ErrorKind::InvalidInput),
            "{error}"
        );
        assert!(!error.may_have_been_sent());
    }
}

#[tokio::test]
async fn keys_that_cannot_be_are_refused_before_the_wire() {
    let (emulator, client) = start().await;
    for key in ["", "/", "//", "//a", "a/../b", "a\0b"] {
        for error in [
            client.storage().download(key).await.unwrap_err(),
            client.storage().upload(key, b"x").await.unwrap_err(),
            client.storage().copy("a", key).await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{key:?}");
        }
    }
    assert!(emulator.received().is_empty());
}

#[cfg(unix)]
mod as_a_unix_user_expects {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};

    use super::*;

    #[tokio::test]
    async fn a_download_goes_through_devices_pipes_and_links() {
        let (_emulator, client) = start().await;
        let storage = client.storage();
        storage.upload("a.bin", blob(200_000)).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);

        assert!(
            std::process::Command::new("mkfifo")
                .arg(at("pipe"))
                .status()
                .unwrap()
                .success()
        );
        let pipe = at("pipe");
        let reader = std::thread::spawn(move || std::fs::read(pipe).unwrap());
        let length = storage.download("a.bin").to_file(at("pipe")).await.unwrap();
        assert_eq!(
            (length, reader.join().unwrap()),
            (200_000, blob(200_000).to_vec())
        );
        assert!(std::fs::metadata(at("pipe")).unwrap().file_type().is_fifo());

        symlink("/dev/null", at("null")).unwrap();
        storage.download("a.bin").to_file(at("null")).await.unwrap();
        assert!(
            std::fs::metadata(at("null"))
                .unwrap()
                .file_type()
                .is_char_device()
        );

        std::fs::write(at("file"), "old").unwrap();
        std::fs::set_permissions(at("file"), std::fs::Permissions::from_mode(0o600)).unwrap();
        symlink("file", at("link")).unwrap();
        storage.download("a.bin").to_file(at("link")).await.unwrap();
        assert!(at("link").is_symlink());
        assert_eq!(std::fs::read(at("file")).unwrap(), blob(200_000));
        let mode = std::fs::metadata(at("file")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        let long = "n".repeat(255);
        storage.download("a.bin").to_file(at(&long)).await.unwrap();
        assert_eq!(std::fs::read(at(&long)).unwrap().len(), 200_000);
        assert_eq!(
            std::fs::read_dir(&folder).unwrap().count(),
            5,
            "no temporary file is left"
        );
    }

    #[tokio::test]
    async fn a_directory_is_refused_before_anything_is_sent() {
        let (emulator, client) = start().await;
        let folder = tempfile::tempdir().unwrap();
        for path in [
            folder.path().to_owned(),
            folder.path().join("no/such/folder"),
        ] {
            client
                .storage()
                .download("a.bin")
                .to_file(path)
                .await
                .unwrap_err();
        }
        assert!(emulator.received().is_empty());
    }

    #[tokio::test]
    async fn a_file_without_a_length_is_uploaded_whole() {
        let (_emulator, client) = start().await;
        let storage = client.storage();
        storage
            .upload("version", UploadBody::file("/proc/version"))
            .await
            .unwrap();
        let expected = std::fs::read("/proc/version").unwrap();
        assert_eq!(storage.download("version").await.unwrap(), expected);
    }
}

#[tokio::test]
async fn a_source_that_does_not_keep_its_length_is_not_stored() {
    let (_emulator, client) = start().await;
    let storage = client.storage();
    let pieces = |count: usize| stream::iter((0..count).map(|_| Ok(blob(10))));
    for (count, said) in [
        (3, "30 of 50 bytes"),
        (0, "0 of 50 bytes"),
        (6, "more than the 50 bytes"),
    ] {
        let body = UploadBody::stream_with_length(pieces(count), 50);
        let error = storage.upload("short.bin", body).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Io, "{error}");
        assert!(error.to_string().contains(said), "{error}");
        assert!(!storage.exists("short.bin").await.unwrap());
    }
    let body = UploadBody::stream_with_length(pieces(5), 50);
    storage.upload("exact.bin", body).await.unwrap();
    assert_eq!(storage.download("exact.bin").await.unwrap().len(), 50);
}

/// A log that is written to while it is uploaded.
#[tokio::test]
async fn a_file_that_grows_is_uploaded_as_it_was() {
    use std::io::Write;

    let (_emulator, client) = start().await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.log");
    std::fs::write(&path, blob(500_000)).unwrap();
    let mut log = std::fs::File::options().append(true).open(&path).unwrap();
    let log = Mutex::new(move || log.write_all(&blob(1_000)).unwrap());
    client
        .storage()
        .upload("app.log", UploadBody::file(&path))
        .on_progress(move |_| log.lock().unwrap()())
        .await
        .unwrap();
    assert_eq!(
        client.storage().download("app.log").await.unwrap(),
        blob(500_000)
    );
    assert!(std::fs::metadata(&path).unwrap().len() > 500_000);
}

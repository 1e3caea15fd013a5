//! Uploads a folder: several files at a time, each with a progress bar; what is there already is left alone.
//!
//! ```text
//! cargo run --example upload-dir                              # made-up files, into a local Aerostack
//! cargo run --example upload-dir -- photos/ --prefix 2026 --parallel 8 --remote
//! ```

#![allow(clippy::print_stdout, reason = "an example shows")]

use std::{
    collections::BTreeMap,
    error::Error,
    fs,
    io::Write,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use aerostack::{
    Client,
    storage::{StoredFile, UploadBody},
};
use aerostack_examples::{arguments, bar, open, option};
use futures_util::{StreamExt, stream};

/// The files in the works, by key: bytes sent and size.
type Board = Arc<Mutex<BTreeMap<String, (u64, u64)>>>;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let project = open("").await?;
    let made_up = tempfile::tempdir()?;
    let folder = match arguments().first() {
        Some(path) => PathBuf::from(path),
        None => {
            for size in [10_000_usize, 200_000, 3_000_000] {
                fs::write(made_up.path().join(format!("{size}.bin")), vec![7; size])?;
            }
            fs::create_dir(made_up.path().join("texts"))?;
            fs::write(made_up.path().join("texts/hello.txt"), "hello")?;
            made_up.path().to_owned()
        }
    };
    let prefix = option("--prefix").unwrap_or("backup".into());
    let parallel = option("--parallel").map_or(Ok(4), |count| count.parse())?;
    let mut files = Vec::new();
    walk(&folder, &mut files)?;
    for round in ["first", "second"] {
        let (uploaded, skipped) =
            upload_all(&project.client, &folder, &files, &prefix, parallel).await?;
        println!("{round} round: {uploaded} uploaded, {skipped} there already");
    }
    if let Some(emulator) = project.emulator {
        emulator.shutdown().await;
    }
    Ok(())
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), files)?;
        } else {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(())
}

async fn upload_all(
    client: &Client,
    folder: &Path,
    files: &[PathBuf],
    prefix: &str,
    parallel: usize,
) -> Result<(usize, usize), Box<dyn Error>> {
    let board = Board::default();
    let uploads = files.iter().map(|path| {
        let inside = path.strip_prefix(folder).unwrap_or(path);
        let key = format!("{prefix}/{}", inside.display()).replace('\\', "/");
        upload(client.clone(), path.clone(), key, Arc::clone(&board))
    });
    let all = stream::iter(uploads)
        .buffer_unordered(parallel)
        .collect::<Vec<_>>();
    let mut all = std::pin::pin!(all);
    let results = loop {
        match tokio::time::timeout(Duration::from_millis(100), &mut all).await {
            Ok(results) => break results,
            Err(_) => show(&board)?,
        }
    };
    let (mut uploaded, mut skipped) = (0, 0);
    for result in results {
        match result? {
            Some(file) => {
                uploaded += 1;
                println!("{}", file.url);
            }
            None => skipped += 1,
        }
    }
    Ok((uploaded, skipped))
}

/// Uploads a file, unless one of its size is there under its key.
async fn upload(
    client: Client,
    path: PathBuf,
    key: String,
    board: Board,
) -> Result<Option<StoredFile>, aerostack::Error> {
    let size = fs::metadata(&path).map_or(0, |file| file.len());
    if let Some(there) = client.storage().metadata(&key).await?
        && there.size == Some(size)
    {
        return Ok(None);
    }
    let (progress, name) = (Arc::clone(&board), key.clone());
    let note = move |sent| {
        let mut board = progress.lock().unwrap_or_else(PoisonError::into_inner);
        board.insert(name.clone(), (sent, size));
    };
    note(0);
    let stored = client
        .storage()
        .upload(&key, UploadBody::file(path))
        .on_progress(note)
        .await;
    board
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .remove(&key);
    stored.map(Some)
}

fn show(board: &Board) -> std::io::Result<()> {
    let board = board.lock().unwrap_or_else(PoisonError::into_inner);
    for (key, (sent, size)) in &*board {
        println!("{} {key}", bar(*sent, *size));
    }
    std::io::stdout().flush()
}

//! Imports a CSV file of any size: in chunks, with a progress bar, and resumable.
//!
//! ```text
//! cargo run --example import-csv                       # 100,000 rows, into a local Aerostack
//! cargo run --example import-csv -- --trouble          # the same over a connection that fails now and then
//! cargo run --example import-csv -- prices.csv --remote
//! ```
//!
//! Each chunk is one batch: the rows, and how far the import has come. Where the answer to a chunk is lost, nobody knows
//! whether it was stored; the import asks how far it is and goes on from there, so that no row is lost or stored twice.
//! For the same reason it can be stopped at any time and started again with the same file.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example shows"
)]

use std::{
    error::Error,
    io::Write,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::{Duration, Instant},
};

use aerostack::{
    Client,
    db::Json,
    observer::{AttemptEnded, Observer},
};
use aerostack_emulator::Fault;
use aerostack_examples::{arguments, bar, open_with, option};

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS products (id INTEGER PRIMARY KEY, name TEXT NOT NULL, cents INTEGER NOT NULL);
    CREATE TABLE IF NOT EXISTS imports (file TEXT PRIMARY KEY, rows INTEGER NOT NULL);
";

/// Rows of one chunk. They travel as one parameter, which `json_each` takes apart.
const CHUNK: usize = 500;

/// Chunks are tried this often before the import gives up.
const PATIENCE: u32 = 10;

static RETRIES: AtomicU64 = AtomicU64::new(0);

struct CountRetries;

impl Observer for CountRetries {
    fn attempt_ended(&self, attempt: &AttemptEnded<'_>) {
        RETRIES.fetch_add(u64::from(attempt.outcome.error_kind().is_some()), Relaxed);
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let project = open_with(
        SCHEMA,
        |emulator| emulator,
        |client| client.observer(CountRetries),
    )
    .await?;
    let folder = tempfile::tempdir()?;
    let file = match arguments().first() {
        Some(path) => PathBuf::from(path),
        None => generated(
            folder.path(),
            option("--rows").map_or(Ok(100_000), |rows| rows.parse())?,
        )?,
    };
    if let Some(emulator) = &project.emulator
        && std::env::args().any(|argument| argument == "--trouble")
    {
        // Some chunks are refused, and of some the answer is lost after they were stored.
        emulator.fault(Fault::status(503).on("dbBatch").times(3));
        emulator.fault(Fault::close().after_effect().on("dbBatch").times(3));
    }
    let began = Instant::now();
    let rows = import(&project.client, &file).await?;
    let stored: i64 = project
        .client
        .db()
        .query_one("SELECT count(*) FROM products")
        .await?;
    println!(
        "\n{rows} rows read, {stored} in the table, {} attempts failed, {:.1?}",
        RETRIES.load(Relaxed),
        began.elapsed()
    );
    if let Some(emulator) = project.emulator {
        emulator.shutdown().await;
    }
    Ok(())
}

/// Imports what is not imported yet, and returns the number of rows in the file.
async fn import(client: &Client, path: &Path) -> Result<usize, Box<dyn Error>> {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let size = std::fs::metadata(path)?.len();
    let mut reader = csv::Reader::from_path(path)?;
    let (mut read, mut done) = (0, progress(client, &name).await?);
    if done > 0 {
        println!("going on after row {done}");
    }
    let mut chunk = Vec::with_capacity(CHUNK);
    loop {
        let mut record = csv::StringRecord::new();
        let more = reader.read_record(&mut record)?;
        if more {
            read += 1;
            if read <= done {
                continue;
            }
            let (id, name, cents): (i64, String, i64) = record.deserialize(None)?;
            chunk.push((id, name, cents));
        }
        if chunk.len() == CHUNK || (!more && !chunk.is_empty()) {
            done = store(client, &name, done, &chunk).await?;
            chunk.clear();
            print!("\r{} {done} rows", bar(reader.position().byte(), size));
            std::io::stdout().flush()?;
        }
        if !more {
            return Ok(read);
        }
    }
}

/// Stores a chunk, and returns how far the import has come.
async fn store(
    client: &Client,
    file: &str,
    done: usize,
    rows: &[(i64, String, i64)],
) -> Result<usize, Box<dyn Error>> {
    let after = done + rows.len();
    for attempt in 1.. {
        let stored = client
            .db()
            .batch()
            .add((
                "INSERT INTO products (id, name, cents)
                 SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?)",
                (Json(rows),),
            ))
            .add((
                "INSERT INTO imports (file, rows) VALUES (?, ?)
                 ON CONFLICT (file) DO UPDATE SET rows = excluded.rows",
                (file, after),
            ))
            .await;
        match stored {
            Ok(_) => break,
            Err(error) if attempt < PATIENCE && error.is_retryable() => {
                eprintln!("\nrow {done}: {error}");
                tokio::time::sleep(Duration::from_millis(50) * attempt).await;
                if progress(client, file).await? == after {
                    eprintln!("row {done}: it was stored all the same");
                    break;
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(after)
}

async fn progress(client: &Client, file: &str) -> Result<usize, aerostack::Error> {
    let rows: Option<usize> = client
        .db()
        .query_one("SELECT rows FROM imports WHERE file = ?")
        .bind(file)
        .await?;
    Ok(rows.unwrap_or(0))
}

fn generated(folder: &Path, rows: usize) -> Result<PathBuf, Box<dyn Error>> {
    let path = folder.join("products.csv");
    let mut writer = csv::Writer::from_path(&path)?;
    writer.write_record(["id", "name", "cents"])?;
    for id in 1..=rows {
        writer.serialize((id, format!("Product \"{id}\", boxed"), id % 10_000))?;
    }
    writer.flush()?;
    Ok(path)
}

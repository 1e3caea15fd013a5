//! The platform goes away and comes back while calls are under way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aerostack::{Client, Error, ErrorKind};
use aerostack_emulator::Emulator;
use futures_util::future::join_all;
use serde::Deserialize;

use crate::stage::Stage;

const TASKS: usize = 200;
const ROUNDS: usize = 5;

#[derive(Deserialize)]
struct Mark {
    mark: String,
    times: u64,
}

/// What the callers know, held against what is there.
fn compare(known: &BTreeMap<String, Result<(), Error>>, there: &BTreeMap<String, u64>) {
    for (mark, result) in known {
        let times = there.get(mark).copied().unwrap_or(0);
        match result {
            Ok(()) => assert_eq!(times, 1, "{mark} was acknowledged"),
            Err(error) if error.may_have_been_sent() => {
                assert!(times <= 1, "{mark} is there {times} times: {error}");
            }
            Err(error) => assert_eq!(times, 0, "{mark} was never sent: {error}"),
        }
        if let Err(error) = result {
            assert!(
                matches!(
                    error.kind(),
                    ErrorKind::Connect
                        | ErrorKind::Interrupted
                        | ErrorKind::Truncated
                        | ErrorKind::Server
                ),
                "{mark}: {error:?}"
            );
        }
    }
    let expected: BTreeSet<_> = known.keys().collect();
    assert!(there.keys().all(|mark| expected.contains(mark)));
}

async fn marks(client: &Client) -> BTreeMap<String, u64> {
    let rows: Vec<Mark> = client
        .db()
        .query("SELECT mark, COUNT(*) AS times FROM marks GROUP BY mark")
        .await
        .unwrap();
    rows.into_iter().map(|row| (row.mark, row.times)).collect()
}

/// Every task inserts its marks one after the other and remembers what it was told.
async fn insert(
    client: Client,
    task: usize,
    done: Arc<AtomicUsize>,
) -> Vec<(String, Result<(), Error>)> {
    let mut known = Vec::new();
    for round in 0..ROUNDS {
        let mark = format!("{task}-{round}");
        let result = client
            .db()
            .execute("INSERT INTO marks (mark) VALUES (?)")
            .bind(mark.as_str())
            .await
            .map(drop);
        done.fetch_add(1, Ordering::SeqCst);
        known.push((mark, result));
    }
    known
}

async fn until(done: &AtomicUsize, count: usize) {
    while done.load(Ordering::SeqCst) < count {
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_restart_amid_200_calls_loses_and_doubles_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let platform = |port| {
        Emulator::builder()
            .port(port)
            .data_dir(folder.path())
            .schema("CREATE TABLE IF NOT EXISTS marks (mark TEXT)")
            .start()
    };
    let first = platform(0).await.unwrap();
    let port = first.port();
    let key = first.api_key().to_owned();
    let client = Client::builder()
        .base_url(first.url())
        .api_key(key.as_str())
        .build()
        .unwrap();
    let done = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| tokio::spawn(insert(client.clone(), task, Arc::clone(&done))))
        .collect();
    until(&done, TASKS / 2).await;
    first.shutdown().await;
    let second = platform(port).await.unwrap();
    assert_eq!(second.api_key(), key);
    let known: BTreeMap<_, _> = join_all(tasks)
        .await
        .into_iter()
        .flat_map(Result::unwrap)
        .collect();
    let there = marks(&client).await;
    assert_eq!(known.len(), TASKS * ROUNDS);
    assert!(known.values().any(Result::is_ok));
    compare(&known, &there);
}

/// The way to the platform breaks and mends; the platform itself stays.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_connections_cut_amid_200_calls_double_nothing() {
    let mut stage = Stage::new().await;
    let client = stage.client();
    let done = Arc::new(AtomicUsize::new(0));
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| tokio::spawn(insert(client.clone(), task, Arc::clone(&done))))
        .collect();
    for cut in 1..4 {
        until(&done, TASKS * cut / 2).await;
        stage.proxy.down().await.unwrap();
        stage.proxy.up().unwrap();
    }
    let known: BTreeMap<_, _> = join_all(tasks)
        .await
        .into_iter()
        .flat_map(Result::unwrap)
        .collect();
    assert!(known.values().any(Result::is_ok));
    compare(&known, &marks(&client).await);
}

//! Long statements: who has to wait for them, and what ends them.

use std::time::Duration;

use aerostack_emulator::{Emulator, EmulatorBuilder, Limits};
use serde_json::json;

use crate::common::Platform;

/// Runs until it is stopped.
const ENDLESS: &str =
    "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c";
const ENDLESS_WRITE: &str = "INSERT INTO t SELECT count(*) FROM
    (WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c)";

/// Far more than any of these tests needs, and far less than a statement may run here.
const PATIENCE: Duration = Duration::from_secs(60);

fn builder() -> EmulatorBuilder {
    let mut limits = Limits::default();
    limits.query_time = Duration::from_secs(3600);
    Emulator::builder()
        .limits(limits)
        .schema("CREATE TABLE t (a)")
}

/// Begins a call and leaves it running for a while.
async fn begin(platform: &Platform, sql: &str) -> tokio::task::JoinHandle<()> {
    let request = platform
        .request(reqwest::Method::POST, "/v1/db/query")
        .header("x-aerostack-key", platform.emulator.api_key())
        .json(&json!({ "sql": sql }));
    let running = tokio::spawn(async move {
        let _ = request.send().await;
    });
    while !platform.emulator.arrivals().contains_key("dbQuery") {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!running.is_finished());
    running
}

#[tokio::test]
async fn a_long_read_does_not_hold_up_other_reads() {
    let folder = tempfile::tempdir().unwrap();
    for builder in [builder(), builder().data_dir(folder.path())] {
        let platform = Platform::with(builder).await;
        platform.rows("INSERT INTO t VALUES (7)").await;
        let running = begin(&platform, ENDLESS).await;
        for sql in [
            "SELECT a FROM t",
            "WITH x AS (SELECT a FROM t) SELECT a FROM x",
        ] {
            let rows = tokio::time::timeout(PATIENCE, platform.rows(sql)).await;
            assert_eq!(rows.unwrap(), json!([{ "a": 7 }]), "{sql}");
        }
        assert!(!running.is_finished());
        platform.emulator.shutdown().await;
    }
}

#[tokio::test]
async fn a_long_write_to_a_data_folder_does_not_hold_up_reads() {
    let folder = tempfile::tempdir().unwrap();
    let platform = Platform::with(builder().data_dir(folder.path())).await;
    platform.rows("INSERT INTO t VALUES (7)").await;
    let running = begin(&platform, ENDLESS_WRITE).await;
    let rows = tokio::time::timeout(PATIENCE, platform.rows("SELECT a FROM t")).await;
    assert_eq!(rows.unwrap(), json!([{ "a": 7 }]));
    assert!(!running.is_finished());
    platform.emulator.shutdown().await;
}

#[tokio::test]
async fn a_caller_that_leaves_takes_its_statement_along() {
    for sql in [ENDLESS, ENDLESS_WRITE] {
        let platform = Platform::with(builder()).await;
        let running = begin(&platform, sql).await;
        running.abort();
        let written = platform.rows("INSERT INTO t VALUES (1) RETURNING a");
        let written = tokio::time::timeout(PATIENCE, written).await;
        assert_eq!(written.unwrap(), json!([{ "a": 1 }]));
        assert_eq!(
            platform.rows("SELECT a FROM t").await,
            json!([{ "a": 1 }]),
            "nothing is left of the other"
        );
    }
}

#[tokio::test]
async fn a_statement_whose_caller_left_too_early_still_takes_effect() {
    let platform = Platform::with(builder().latency(Duration::from_millis(200))).await;
    let request = platform
        .request(reqwest::Method::POST, "/v1/db/query")
        .header("x-aerostack-key", platform.emulator.api_key())
        .timeout(Duration::from_millis(50))
        .json(&json!({ "sql": "INSERT INTO t VALUES (1)" }));
    assert!(request.send().await.unwrap_err().is_timeout());
    while platform.emulator.effects().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(platform.rows("SELECT a FROM t").await, json!([{ "a": 1 }]));
}

#[tokio::test]
async fn shutting_down_stops_whatever_runs() {
    let folder = tempfile::tempdir().unwrap();
    for sql in [ENDLESS, ENDLESS_WRITE] {
        for builder in [builder(), builder().data_dir(folder.path())] {
            let platform = Platform::with(builder).await;
            let running: Vec<_> = [begin(&platform, sql).await, begin(&platform, sql).await].into();
            let stopped = tokio::time::timeout(PATIENCE, platform.emulator.shutdown());
            stopped.await.expect("it stops");
            drop(running);
        }
    }
}

/// Sends SIGINT, as Ctrl-C does.
#[cfg(unix)]
fn interrupt(id: u32) {
    let status = std::process::Command::new("kill")
        .args(["-INT", &id.to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

#[cfg(unix)]
#[test]
fn the_program_stops_when_asked_and_at_once_when_asked_twice() {
    // Calls that take a minute are waited for a while, statements are stopped.
    for (args, sql, signals, code) in [
        (["--port", "0", "--latency", "0"], ENDLESS, 1, 0),
        (["--port", "0", "--latency", "60000"], "SELECT 1", 2, 130),
    ] {
        let mut program = crate::program::Program::start(&args);
        let url = format!("{}/v1/db/query", program.url);
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let request = reqwest::Client::new()
                .post(url)
                .header("x-aerostack-key", "ac_secret_local")
                .json(&json!({ "sql": sql }));
            let _ = runtime.block_on(request.send());
        });
        std::thread::sleep(Duration::from_millis(300));
        for _ in 0..signals {
            interrupt(program.id());
            std::thread::sleep(Duration::from_millis(100));
        }
        assert_eq!(program.wait().code(), Some(code), "{args:?}");
    }
}

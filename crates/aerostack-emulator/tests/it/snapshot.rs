//! Snapshots: going back to them, in process and over HTTP, and keeping them in a file.

use aerostack_emulator::{Emulator, EmulatorBuilder, Snapshot};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{Platform, answer, assert_error};
use crate::program::{Program, command};

fn builder() -> EmulatorBuilder {
    Emulator::builder()
        .control(true)
        .schema("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, v TEXT)")
        .collection("articles")
}

/// Puts something into every service.
async fn fill(platform: &Platform, word: &str) {
    let seed = platform.emulator.seed();
    seed.file(
        &format!("{word}.txt"),
        "text/plain",
        word.as_bytes().to_vec(),
    )
    .await
    .unwrap();
    let email = format!("{word}@example.com");
    for (path, body) in [
        (
            "/v1/db/query",
            json!({ "sql": "INSERT INTO t (v) VALUES (?)", "params": [word] }),
        ),
        ("/v1/cache/set", json!({ "key": word, "value": word })),
        ("/v1/queue/enqueue", json!({ "type": word, "data": {} })),
        (
            "/v1/ai/search/ingest",
            json!({ "content": word, "type": word }),
        ),
        ("/v1/collections/articles/items", json!({ "word": word })),
        (
            "/v1/auth/signup",
            json!({ "email": email, "password": "Correct-Horse-9" }),
        ),
    ] {
        let (status, answer) = platform.post(path, body).await;
        assert!(status < 300, "{path}: {answer}");
    }
}

/// What every service holds, without ids and times.
async fn state(platform: &Platform) -> Value {
    let list = async |path: &str, field: &str, name: &str| {
        let answer = platform.ok(path, json!({})).await;
        let found = answer[field].as_array().unwrap().iter();
        let mut names: Vec<Value> = found
            .map(|entry| {
                if name.is_empty() {
                    entry.clone()
                } else {
                    entry[name].clone()
                }
            })
            .collect();
        names.sort_by_key(Value::to_string);
        json!(names)
    };
    let items = platform
        .request(Method::GET, "/v1/collections/articles/items")
        .header("x-aerostack-key", platform.emulator.api_key());
    let mut items = answer(items).await.1;
    for item in items.as_array_mut().unwrap() {
        item.as_object_mut().unwrap().remove("id");
    }
    json!({
        "rows": platform.rows("SELECT id, v FROM t ORDER BY id").await,
        "cache": list("/v1/cache/keys", "keys", "").await,
        "jobs": list("/v1/queue/jobs", "jobs", "type").await,
        "files": list("/v1/storage/list", "objects", "key").await,
        "search": platform.ok("/v1/ai/search/count", json!({})).await["count"],
        "items": items,
    })
}

async fn file(platform: &Platform, key: &str) -> (u16, String) {
    let request = platform
        .keyed("/v1/storage/get")
        .json(&json!({ "key": key }));
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.text().await.unwrap())
}

async fn signs_in(platform: &Platform, word: &str) -> bool {
    let email = format!("{word}@example.com");
    let body = json!({ "email": email, "password": "Correct-Horse-9" });
    platform.post("/v1/auth/signin", body).await.0 == 200
}

#[tokio::test]
async fn everything_is_as_it_was_in_memory_and_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    for builder in [builder(), builder().data_dir(folder.path())] {
        let platform = Platform::with(builder).await;
        fill(&platform, "before").await;
        let base = platform.emulator.snapshot().await.unwrap();
        let before = state(&platform).await;
        // Twice, as a test suite would.
        for _ in 0..2 {
            fill(&platform, "after").await;
            let gone = json!({ "key": "before.txt" });
            platform.ok("/v1/storage/delete", gone).await;
            let seed = platform.emulator.seed();
            seed.sql("CREATE TABLE IF NOT EXISTS late (a); DELETE FROM t")
                .await
                .unwrap();
            assert_ne!(state(&platform).await, before);
            platform.emulator.restore(&base).await.unwrap();
            assert_eq!(state(&platform).await, before);
            assert_eq!(
                file(&platform, "before.txt").await,
                (200, "before".to_owned())
            );
            assert_eq!(file(&platform, "after.txt").await.0, 404);
            assert!(signs_in(&platform, "before").await && !signs_in(&platform, "after").await);
            let (status, _) = platform.query("SELECT * FROM late", json!([])).await;
            assert_eq!(status, 400, "tables made later are gone");
        }
        // Ids go on where they were.
        let next = platform
            .rows("INSERT INTO t (v) VALUES ('x') RETURNING id")
            .await;
        assert_eq!(next, json!([{ "id": 2 }]));
        platform.emulator.shutdown().await;
    }
    let left = std::fs::read_dir(folder.path()).unwrap().flatten();
    let left = left.filter(|entry| entry.file_name().to_string_lossy().starts_with("snapshot-"));
    assert_eq!(left.count(), 0, "copies end with their snapshot");
}

#[tokio::test]
async fn changes_after_a_restore_reach_subscribers() {
    let platform = Platform::with(builder()).await;
    let base = platform.emulator.snapshot().await.unwrap();
    platform
        .emulator
        .seed()
        .sql("CREATE TABLE late (a)")
        .await
        .unwrap();
    platform.emulator.restore(&base).await.unwrap();
    platform
        .emulator
        .seed()
        .sql("CREATE TABLE late (a)")
        .await
        .unwrap();
    let (status, _) = platform
        .query("INSERT INTO late VALUES (1)", json!([]))
        .await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn snapshots_can_be_taken_and_restored_over_http() {
    let platform = Platform::with(builder()).await;
    let control = async |method, what: &str| {
        let request = platform.request(method, &format!("/__emulator/{what}"));
        answer(request.header("x-aerostack-key", platform.emulator.api_key())).await
    };
    fill(&platform, "before").await;
    let before = state(&platform).await;
    let (status, taken) = control(Method::POST, "snapshots").await;
    assert_eq!((status, &taken["id"]), (200, &json!(1)), "{taken}");
    fill(&platform, "after").await;
    assert_eq!(control(Method::POST, "snapshots/1/restore").await.0, 200);
    assert_eq!(state(&platform).await, before);
    let (_, list) = control(Method::GET, "snapshots").await;
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(control(Method::DELETE, "snapshots/1").await.0, 200);
    let gone = control(Method::POST, "snapshots/1/restore").await;
    assert_error(&gone, 404, "NOT_FOUND");
}

#[tokio::test]
async fn a_snapshot_can_be_kept_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.aerostack");
    let platform = Platform::with(builder()).await;
    fill(&platform, "kept").await;
    let before = state(&platform).await;
    platform
        .emulator
        .snapshot()
        .await
        .unwrap()
        .write(&file)
        .unwrap();

    let data = folder.path().join("data");
    for builder in [builder(), builder().data_dir(&data)] {
        let other = Platform::with(builder).await;
        fill(&other, "other").await;
        let kept = Snapshot::read(&file).unwrap();
        other.emulator.restore(&kept).await.unwrap();
        assert_eq!(state(&other).await, before);
        assert!(signs_in(&other, "kept").await);
        other.emulator.shutdown().await;
    }
    std::fs::write(&file, "no export").unwrap();
    assert!(Snapshot::read(&file).is_err());
    assert!(Snapshot::read(&folder.path().join("nowhere")).is_err());
}

#[tokio::test]
async fn the_program_exports_and_imports() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let schema = path("schema.sql");
    std::fs::write(&schema, "CREATE TABLE t (a); INSERT INTO t VALUES (7)").unwrap();
    let (first, second, file) = (path("first"), path("second"), path("state.aerostack"));
    let run = |args: &[&str]| {
        let output = command(args).output().unwrap();
        assert!(
            output.status.success(),
            "{args:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    run(&["export", &file, "--data-dir", &first, "--schema", &schema]);
    run(&["import", &file, "--data-dir", &second]);
    for args in [["--data-dir", &second], ["--import", &file]] {
        let program = Program::start(&[&["--port", "0"], &args[..]].concat());
        let request = reqwest::Client::new()
            .post(format!("{}/v1/db/query", program.url))
            .header("x-aerostack-key", "ac_secret_local")
            .json(&json!({ "sql": "SELECT a FROM t" }));
        assert_eq!(
            answer(request).await.1["results"],
            json!([{ "a": 7 }]),
            "{args:?}"
        );
    }
}

#[tokio::test]
#[ignore = "a measurement: cargo test --release -- --ignored --nocapture measured"]
async fn snapshot_and_restore_measured() {
    let platform = Platform::with(builder()).await;
    let rows = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000) \
                INSERT INTO t (v) SELECT 'row ' || i FROM n";
    platform.emulator.seed().sql(rows).await.unwrap();
    let started = std::time::Instant::now();
    let base = platform.emulator.snapshot().await.unwrap();
    let taken = started.elapsed();
    for _ in 0..5 {
        let started = std::time::Instant::now();
        platform.emulator.restore(&base).await.unwrap();
        println!(
            "10,000 rows: taken in {taken:?}, restored in {:?}",
            started.elapsed()
        );
    }
}

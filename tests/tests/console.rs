//! The emulator's web console in a real browser: each panel with real data, a fault switched on, a live frame seen, and
//! pages of other origins kept out. `browser/console.mjs` is the user.
//!
//! Where no Chromium is installed the test is skipped, unless `AEROSTACK_BROWSER_TESTS=required` is set.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use aerostack_contract::node::Node;
use aerostack_emulator::{Emulator, HandlerError};
use serde_json::{Value, json};

const REQUIRED: &str = "AEROSTACK_BROWSER_TESTS";

/// A browser that Playwright can drive.
fn chromium() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMIUM") {
        return Some(path.into());
    }
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    let folders: Vec<PathBuf> = std::env::split_paths(&std::env::var_os("PATH")?).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}

/// Past the capture of test output, so that a skipped test shows.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

async fn emulator() -> Emulator {
    let emulator = Emulator::builder()
        .control(true)
        .schema(
            "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer TEXT NOT NULL, total REAL NOT NULL);
             CREATE TABLE texts (text TEXT);
             CREATE VIEW large_orders AS SELECT * FROM orders WHERE total > 100;",
        )
        .collection("articles")
        .secret("MAIL_KEY", "planted-secret-value")
        .secret("EMPTY", "")
        .on_job("resize-image", |_| async { Ok(()) })
        .on_job("send-mail", |_| async { Err(HandlerError::from("no such template")) })
        .start()
        .await
        .unwrap();
    let hostile = "<img src=x onerror=\"globalThis.pwned=1\">";
    let seed = emulator.seed();
    seed.sql(format!(
        "INSERT INTO orders (customer, total) VALUES ('Ada', 41.5), ('Grace', 120), ('Linus', 9.99);
         INSERT INTO texts VALUES ('{hostile}'), (NULL), ('{}');",
        "long text ".repeat(60)
    ))
    .await
    .unwrap();
    seed.cache("user:1", &json!({ "name": "Ada", "html": hostile }))
        .await
        .unwrap();
    seed.cache("session:9", &json!("token")).await.unwrap();
    seed.file("images/logo.png", "image/png", PIXELS.to_vec())
        .await
        .unwrap();
    seed.file("logo.png", "image/png", PIXELS.to_vec())
        .await
        .unwrap();
    seed.file(
        "reports/2026.json",
        "application/json",
        br#"{"total": 3}"#.to_vec(),
    )
    .await
    .unwrap();
    let page = format!("<script>globalThis.pwned=1</script>{hostile}");
    seed.file("page.html", "text/html", page.into_bytes())
        .await
        .unwrap();
    seed.file("raw.bin", "application/octet-stream", vec![0, 1, 2, 255])
        .await
        .unwrap();
    emulator
}

/// A picture of 64 by 64 pixels in one color.
const PIXELS: &[u8] = include_bytes!("../browser/logo.png");

async fn post(emulator: &Emulator, path: &str, body: Value) -> Value {
    let response = reqwest::Client::new()
        .post(format!("{}{path}", emulator.url()))
        .header("x-aerostack-key", emulator.api_key())
        .json(&body)
        .send()
        .await
        .unwrap();
    assert!(
        response.status().is_success(),
        "{path}: {}",
        response.status()
    );
    response.json().await.unwrap()
}

async fn use_the_platform(emulator: &Emulator) {
    for (path, body) in [
        (
            "/v1/cache/set",
            json!({ "key": "limited", "value": 1, "ttl": 600 }),
        ),
        (
            "/v1/collections/articles/items",
            json!({ "title": "First article", "draft": false }),
        ),
        (
            "/v1/ai/search/ingest",
            json!({ "type": "policy", "content": "Refunds are paid within 14 days." }),
        ),
        (
            "/v1/ai/search/ingest",
            json!({ "type": "note", "content": "The office is closed on Monday." }),
        ),
        (
            "/v1/auth/signup",
            json!({ "email": "ada@example.com", "password": "Correct-Horse-9", "name": "Ada" }),
        ),
        (
            "/api/v1/public/projects/local/auth/otp/send",
            json!({ "email": "grace@example.com" }),
        ),
        (
            "/v1/queue/enqueue",
            json!({ "type": "resize-image", "data": { "key": "logo.png" } }),
        ),
        (
            "/v1/queue/enqueue",
            json!({ "type": "send-mail", "data": { "template": "welcome" } }),
        ),
        (
            "/v1/queue/enqueue",
            json!({ "type": "later", "data": {}, "delay": 3600 }),
        ),
    ] {
        post(emulator, path, body).await;
    }
    // The panel of jobs is to show one that has failed.
    for _ in 0..400 {
        let jobs = post(emulator, "/v1/queue/jobs", json!({ "status": "failed" })).await;
        if jobs["jobs"][0].is_object() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the job does not fail");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_console_works_in_a_browser() {
    let Some(chromium) = chromium() else {
        assert!(
            std::env::var_os(REQUIRED).is_none_or(|value| value != "required"),
            "no Chromium was found, and {REQUIRED} asks for one"
        );
        say(
            "skipped the_console_works_in_a_browser: no chromium is on the PATH (Debian: apt-get install chromium)",
        );
        return;
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let emulator = emulator().await;
    use_the_platform(&emulator).await;
    let node = Node::find().unwrap();
    let mut script = node.own_script("browser/console.mjs").unwrap();
    let shots = root.parent().unwrap().join("target").join("console");
    let mut child = script
        .env("EMULATOR_URL", emulator.url())
        .env("CONSOLE_URL", emulator.console_url())
        .env("API_KEY", emulator.api_key())
        .env("CHROMIUM", chromium)
        .env("SHOTS", shots)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    // The script ends when this is closed.
    let lifeline = child.stdin.take();
    let output = child.wait_with_output().await.unwrap();
    drop(lifeline);
    let said = [output.stdout, output.stderr].concat();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&said)
    );
}

//! The emulator as a program.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

/// The running program, killed when dropped.
struct Program {
    child: Child,
    url: String,
    banner: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aerostack-emulator"));
    for name in [
        "AEROSTACK_API_KEY",
        "AEROSTACK_PROJECT_ID",
        "AEROSTACK_PROJECT_SLUG",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Program {
    fn start(args: &[&str]) -> Self {
        let mut child = command(args).stderr(Stdio::null()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut banner = String::new();
        while !banner.contains("Ctrl-C") {
            assert_ne!(
                out.read_line(&mut banner).unwrap(),
                0,
                "it ended early: {banner}"
            );
        }
        let url = banner
            .split_whitespace()
            .find(|word| word.starts_with("http://"))
            .unwrap()
            .to_owned();
        Self { child, url, banner }
    }

    async fn post(&self, path: &str, body: Value) -> Value {
        let request = reqwest::Client::new().post(format!("{}{path}", self.url));
        let response = request
            .header("x-aerostack-key", "ac_secret_local")
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(response.status(), 200);
        response.json().await.unwrap()
    }
}

fn refused(args: &[&str]) -> String {
    let Output { status, stderr, .. } = command(args).output().unwrap();
    assert!(!status.success());
    String::from_utf8(stderr).unwrap()
}

#[tokio::test]
async fn it_greets_with_what_a_client_needs_and_serves() {
    let folder = tempfile::tempdir().unwrap();
    let schema = folder.path().join("schema.sql");
    std::fs::write(&schema, "CREATE TABLE t (a)").unwrap();
    let program = Program::start(&[
        "--port",
        "0",
        "--schema",
        schema.to_str().unwrap(),
        "--project-id",
        "prj_x",
    ]);
    for line in [
        format!("export AEROSTACK_BASE_URL={}", program.url),
        "export AEROSTACK_API_KEY=ac_secret_local".to_owned(),
        "export AEROSTACK_PROJECT_ID=prj_x".to_owned(),
        "export AEROSTACK_PROJECT_SLUG=local".to_owned(),
    ] {
        assert!(program.banner.contains(&line), "{}", program.banner);
    }
    let rows = program
        .post(
            "/v1/db/query",
            json!({ "sql": "INSERT INTO t VALUES (1) RETURNING a" }),
        )
        .await;
    assert_eq!(rows["results"], json!([{ "a": 1 }]));
    let about = reqwest::Client::new().get(format!("{}/__emulator/about", program.url));
    let about = about
        .header("x-aerostack-key", "ac_secret_local")
        .send()
        .await
        .unwrap();
    assert_eq!(about.status(), 200);
}

#[test]
fn it_does_not_open_itself_to_the_network_by_accident() {
    assert!(refused(&["--port", "0", "--listen", "0.0.0.0"]).contains("--allow-network"));
    assert!(
        refused(&["--port", "0", "--listen", "0.0.0.0", "--allow-network"]).contains("--api-key")
    );
    assert!(refused(&["--port", "0", "--schema", "/nowhere.sql"]).contains("/nowhere.sql"));
}

/// Writes one row, one cache entry and one file after the other until the program dies; returns how many of each were
/// acknowledged.
async fn write_until_it_dies(url: &str) -> usize {
    let http = reqwest::Client::new();
    let post = |path: &str| {
        http.post(format!("{url}{path}"))
            .header("x-aerostack-key", "ac_secret_local")
    };
    for n in 0.. {
        let row =
            post("/v1/db/query").json(&json!({ "sql": "INSERT INTO t VALUES (?)", "params": [n] }));
        let entry = post("/v1/cache/set").json(&json!({ "key": n.to_string(), "value": n }));
        let part = reqwest::multipart::Part::bytes(vec![7; 1000]).file_name("f");
        let file = reqwest::multipart::Form::new()
            .text("key", n.to_string())
            .part("file", part);
        for request in [row, entry, post("/v1/storage/upload").multipart(file)] {
            match request.send().await {
                Ok(response) => assert_eq!(response.status(), 200),
                Err(_) => return n,
            }
        }
    }
    0
}

async fn kill_and_look(folder: &Path, schema: &str) {
    let args = [
        "--port",
        "0",
        "--data-dir",
        folder.to_str().unwrap(),
        "--schema",
        schema,
    ];
    let mut program = Program::start(&args);
    let before = program
        .post(
            "/v1/db/query",
            json!({ "sql": "SELECT count(*) AS n FROM t" }),
        )
        .await;
    let before = before["results"][0]["n"].as_u64().unwrap();
    let url = program.url.clone();
    let writer = tokio::spawn(async move { write_until_it_dies(&url).await });
    while program
        .post(
            "/v1/db/query",
            json!({ "sql": "SELECT count(*) AS n FROM t" }),
        )
        .await["results"][0]["n"]
        .as_u64()
        .unwrap()
        < before + 20
    {}
    program.child.kill().unwrap();
    let acknowledged = writer.await.unwrap();
    drop(program);

    let program = Program::start(&args);
    let rows = program
        .post(
            "/v1/db/query",
            json!({ "sql": "SELECT count(*) AS n FROM t" }),
        )
        .await;
    assert!(rows["results"][0]["n"].as_u64().unwrap() >= before + acknowledged as u64);
    for n in 0..acknowledged {
        let entry = program
            .post("/v1/cache/get", json!({ "key": n.to_string() }))
            .await;
        assert_eq!(entry["value"], n);
        let file = reqwest::Client::new().post(format!("{}/v1/storage/get", program.url));
        let file = file
            .header("x-aerostack-key", "ac_secret_local")
            .json(&json!({ "key": n.to_string() }));
        assert_eq!(
            file.send().await.unwrap().bytes().await.unwrap().len(),
            1000
        );
    }
}

#[tokio::test]
async fn what_was_acknowledged_survives_being_killed() {
    let folder = tempfile::tempdir().unwrap();
    let schema = folder.path().join("schema.sql");
    std::fs::write(&schema, "CREATE TABLE t (a)").unwrap();
    for _ in 0..3 {
        kill_and_look(&folder.path().join("data"), schema.to_str().unwrap()).await;
    }
}

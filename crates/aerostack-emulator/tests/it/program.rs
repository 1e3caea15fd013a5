//! The emulator as a program.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Output, Stdio};

use serde_json::{Value, json};

/// The running program, killed when dropped.
pub(crate) struct Program {
    child: Child,
    pub(crate) url: String,
    pub(crate) banner: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aerostack-emulator"));
    for name in [
        "AEROSTACK_EMULATOR_API_KEY",
        "AEROSTACK_EMULATOR_PUBLIC_KEY",
        "AEROSTACK_EMULATOR_PROJECT_ID",
        "AEROSTACK_EMULATOR_PROJECT_SLUG",
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
    pub(crate) fn start(args: &[&str]) -> Self {
        Self::run(command(args))
    }

    pub(crate) fn run(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::null()).spawn().unwrap();
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

    /// Ends it with SIGKILL, where there is one.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    #[cfg(unix)]
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    #[cfg(unix)]
    pub(crate) fn wait(&mut self) -> std::process::ExitStatus {
        self.child.wait().unwrap()
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

pub(crate) fn refused(args: &[&str]) -> String {
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
    let help = command(&["--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    assert!(help.contains("needs --allow-network"), "{help}");
}

#[tokio::test]
async fn what_a_project_brings_along_comes_from_flags_files_and_the_environment() {
    let router = axum::Router::new().route("/", axum::routing::post(async || "\"done\""));
    let url = crate::common::serve(router).await;
    let folder = tempfile::tempdir().unwrap();
    let secrets = folder.path().join("secrets");
    std::fs::write(&secrets, "FROM_FILE=file\nBOTH=file\n").unwrap();
    let named = |name: &str| format!("{name}={url}");
    let mut command = command(&[
        "--port",
        "0",
        "--worker-url",
        &url,
        "--service",
        &named("svc"),
        "--function",
        &named("fn"),
        "--collection",
        "articles",
        "--secrets-file",
        secrets.to_str().unwrap(),
        "--gateway-api",
        "support-bot",
        "--gateway-consumer",
        "ask_test_1=100:50",
    ]);
    command.env("AEROSTACK_SECRET_BOTH", "environment");
    let program = Program::run(command);
    let svc = json!({ "serviceName": "svc", "data": {} });
    let answer = program.post("/v1/services/invoke", svc).await;
    assert_eq!(answer["result"], "done");
    assert_eq!(program.post("/v1/custom/fn", json!(1)).await, "done");
    let item = program
        .post("/v1/collections/articles/items", json!({ "a": 1 }))
        .await;
    assert_eq!(item["a"], 1);
    for (key, value) in [("FROM_FILE", "file"), ("BOTH", "environment")] {
        let secret = program.post("/v1/secrets/get", json!({ "key": key })).await;
        assert_eq!(secret["value"], value);
    }
    let http = reqwest::Client::new();
    let path = "/v1/ai/gateway/me/wallet?api_slug=support-bot";
    let wallet = http
        .get(format!("{}{path}", program.url))
        .bearer_auth("ask_test_1")
        .send()
        .await
        .unwrap();
    let wallet: Value = wallet.json().await.unwrap();
    assert_eq!(
        (
            &wallet["wallet"]["balance"],
            &wallet["wallet"]["hard_limit"]
        ),
        (&json!(100), &json!(50))
    );
    let enqueue = http
        .post(format!("{}/v1/queue/enqueue", program.url))
        .header("x-aerostack-key", "ac_secret_local")
        .json(&json!({ "type": "any", "data": {} }));
    let job: Value = enqueue.send().await.unwrap().json().await.unwrap();
    crate::common::eventually("the job is done", async || {
        let job = program
            .post("/v1/queue/job", json!({ "jobId": job["jobId"] }))
            .await;
        job["job"]["status"] == "completed"
    })
    .await;
}

#[test]
fn flags_that_mean_nothing_are_refused() {
    for (flag, value) in [
        ("--service", "svc"),
        ("--function", "=http://localhost"),
        ("--service", "svc=localhost"),
        ("--ai-model", "mine"),
        ("--ai-upstream", "localhost"),
        ("--secrets-file", "/nowhere"),
    ] {
        let said = refused(&["--port", "0", flag, value]);
        assert!(!said.contains("panicked"), "{said}");
    }
    let said = refused(&["--port", "0", "--gateway-consumer", "ask_planted=many"]);
    assert!(said.contains("KEY=TOKENS"), "{said}");
}

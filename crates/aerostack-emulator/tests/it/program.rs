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

    pub(crate) fn run(command: Command) -> Self {
        Self::run_with_log(command, Stdio::null())
    }

    /// Runs it with its log going elsewhere.
    pub(crate) fn run_with_log(mut command: Command, log: impl Into<Stdio>) -> Self {
        let mut child = command.stderr(log).spawn().unwrap();
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

#[tokio::test]
async fn exec_gives_a_command_what_clients_read_and_ends_with_its_status() {
    let script = "curl -sf -H \"x-aerostack-key: $AEROSTACK_API_KEY\" -H 'content-type: application/json' \
        -d '{\"sql\": \"SELECT 41 + 1 AS answer\"}' \"$AEROSTACK_BASE_URL/v1/db/query\"; exit 7";
    let output = command(&["exec", "--", "sh", "-c", script])
        .output()
        .unwrap();
    let (out, err) = (
        String::from_utf8(output.stdout).unwrap(),
        String::from_utf8(output.stderr).unwrap(),
    );
    assert_eq!(output.status.code(), Some(7), "{out}{err}");
    assert!(
        out.starts_with("{\"results\":[{\"answer\":42}]"),
        "the output is the command's alone: {out}"
    );
    assert_eq!(err, "", "nothing failed");
    let missing = command(&["exec", "--", "no-such-program"])
        .output()
        .unwrap();
    assert!(!missing.status.success());
    assert!(String::from_utf8_lossy(&missing.stderr).contains("no-such-program"));
}

#[tokio::test]
async fn a_config_file_sets_what_flags_set_and_flags_win() {
    let folder = tempfile::tempdir().unwrap();
    let (config, schema, port) = (
        folder.path().join("aerostack-emulator.toml"),
        folder.path().join("schema.sql"),
        folder.path().join("port"),
    );
    std::fs::write(&schema, "CREATE TABLE t (a)").unwrap();
    let text = format!(
        "port = 1\nproject-id = \"prj_file\"\nproject-slug = \"file\"\nschema = [{:?}]\nport-file = {:?}\n",
        schema, port
    );
    std::fs::write(&config, text).unwrap();
    let config = config.to_str().unwrap();
    let program = Program::start(&[
        "start",
        "--config",
        config,
        "--port",
        "0",
        "--project-slug",
        "flag",
    ]);
    assert!(
        program.banner.contains("flag (prj_file)"),
        "{}",
        program.banner
    );
    crate::common::eventually("the port is written", async || port.exists()).await;
    let written = std::fs::read_to_string(&port).unwrap();
    assert!(
        program.url.ends_with(&format!(":{}", written.trim())),
        "{written}"
    );
    let rows = program
        .post(
            "/v1/db/query",
            json!({ "sql": "SELECT count(*) AS n FROM t" }),
        )
        .await;
    assert_eq!(rows["results"], json!([{ "n": 0 }]));
    std::fs::write(folder.path().join("wrong.toml"), "prot = 1").unwrap();
    let wrong = folder.path().join("wrong.toml");
    assert!(refused(&["--config", wrong.to_str().unwrap()]).contains("\"prot\""));
}

/// What the program writes to its log until it is told to stop.
async fn log_of(args: &[&str], path: &str) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut command = command(&[&["--port", "0"], args].concat());
    command.env_remove("NO_COLOR");
    let program = Program::run_with_log(command, file.reopen().unwrap());
    let request = reqwest::Client::new()
        .post(format!("{}{path}", program.url))
        .header("x-aerostack-key", "ac_secret_local")
        .json(&json!({ "sql": "SELECT missing" }));
    request.send().await.unwrap();
    let read = || std::fs::read_to_string(file.path()).unwrap();
    if !args.contains(&"-qq") {
        crate::common::eventually("the call is logged", async || read().contains(path)).await;
    }
    read()
}

#[tokio::test]
async fn the_log_says_why_a_call_failed_in_the_form_and_amount_asked_for() {
    let usual = log_of(&[], "/v1/db/query").await;
    assert!(
        usual.contains("DB_QUERY_FAILED: no such column: missing"),
        "{usual}"
    );
    assert!(!usual.contains('\u{1b}'), "a file gets no colors: {usual}");
    let quiet = log_of(&["-q"], "/v1/db/query").await;
    assert!(quiet.contains("no such column"), "{quiet}");
    assert_eq!(log_of(&["-qq"], "/v1/db/query").await, "");
    let json = log_of(&["--log-format", "json"], "/v1/db/query").await;
    let line = json
        .lines()
        .find(|line| line.contains("/v1/db/query"))
        .unwrap();
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!(
        (&line["level"], &line["status"], &line["operation"]),
        (&json!("WARN"), &json!(400), &json!("dbQuery"))
    );
    let mut wrong = command(&["--port", "0"]);
    wrong.env("RUST_LOG", "info,=");
    let output = wrong.output().unwrap();
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("RUST_LOG"),
        "{output:?}"
    );
}

#[test]
fn localhost_is_an_address_to_listen_on() {
    let program = Program::start(&["--port", "0", "--listen", "localhost"]);
    assert!(
        program.url.starts_with("http://127.0.0.1:"),
        "{}",
        program.banner
    );
}

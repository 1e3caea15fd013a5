//! The platform under load: within this program, or a program of its own when `LOAD_EMULATOR` names it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use aerostack::Client;
use aerostack_contract::Process;
use aerostack_emulator::{Emulator, GatewayConsumer};
use axum::{Json, Router};
use serde_json::{Value, json};
use tokio::net::TcpListener;

const SCHEMA: &str = "CREATE TABLE marks (mark TEXT)";
const KEY: &str = "ac_secret_under_load";
pub(crate) const CONSUMER_KEY: &str = "ask_test_load";
pub(crate) const API: &str = "support-bot";

/// What happened on its side, by operation or by fault.
pub(crate) type Counts = BTreeMap<String, u64>;

enum Running {
    Within(#[expect(dead_code, reason = "runs until dropped")] Emulator),
    Apart(Child),
}

pub(crate) struct Platform {
    running: Running,
    pub(crate) url: String,
    http: reqwest::Client,
}

impl Drop for Platform {
    fn drop(&mut self) {
        if let Running::Apart(child) = &mut self.running {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Platform {
    pub(crate) async fn start() -> Self {
        let double = double().await;
        let (running, url) = match std::env::var_os("LOAD_EMULATOR") {
            None => {
                let emulator = Emulator::builder()
                    .api_key(KEY)
                    .schema(SCHEMA)
                    .control(true)
                    .collection("articles")
                    .secret("MAIL_API_KEY", "not-a-real-key")
                    .gateway_api(API)
                    .gateway_consumer(GatewayConsumer::new(CONSUMER_KEY, 1_000_000_000))
                    .service_url("renderer", &double)
                    .function_url("quote", &double)
                    .start()
                    .await
                    .unwrap();
                let url = emulator.url();
                (Running::Within(emulator), url)
            }
            Some(program) => {
                let mut command = Command::new(program);
                command.args(["--port", "0", "--api-key", KEY, "--collection", "articles"]);
                command.args(["--gateway-api", API, "--gateway-consumer"]);
                command.arg(format!("{CONSUMER_KEY}=1000000000"));
                command.args(["--service", &format!("renderer={double}")]);
                command.args(["--function", &format!("quote={double}")]);
                command.env("AEROSTACK_SECRET_MAIL_API_KEY", "not-a-real-key");
                command.env("RUST_LOG", "error").stdout(Stdio::piped());
                let (child, url) = announced(command.spawn().unwrap());
                (Running::Apart(child), url)
            }
        };
        let platform = Self {
            running,
            url,
            http: reqwest::Client::new(),
        };
        if platform.process().is_some() {
            platform.control("seed", &json!({ "sql": SCHEMA })).await;
        }
        platform
    }

    /// The program it is, if it is one of its own.
    pub(crate) fn process(&self) -> Option<Process> {
        match &self.running {
            Running::Within(_) => None,
            Running::Apart(child) => Some(Process::new(child.id())),
        }
    }

    pub(crate) fn client(&self) -> aerostack::ClientBuilder {
        Client::builder()
            .base_url(&self.url)
            .api_key(KEY)
            .project_slug("local")
    }

    /// Sets something with one of the controls.
    pub(crate) async fn control(&self, what: &str, body: &Value) {
        let request = self.http.post(format!("{}/__emulator/{what}", self.url));
        let answer = request.header("x-aerostack-key", KEY).json(body).send();
        let answer = answer.await.unwrap();
        assert_eq!(answer.status(), 200, "{what} {body}");
    }

    /// What one of the controls counts.
    pub(crate) async fn counts(&self, what: &str) -> Counts {
        let request = self.http.get(format!("{}/__emulator/{what}", self.url));
        let answer = request.header("x-aerostack-key", KEY).send().await.unwrap();
        answer.json().await.unwrap()
    }

    pub(crate) async fn clear_faults(&self) {
        let request = self.http.delete(format!("{}/__emulator/faults", self.url));
        request.header("x-aerostack-key", KEY).send().await.unwrap();
    }
}

/// The URL that the program announces. What it prints later is read and dropped.
fn announced(mut child: Child) -> (Child, String) {
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = lines
        .by_ref()
        .map_while(Result::ok)
        .find_map(|line| Some(line.split_once("running locally at ")?.1.trim().to_owned()))
        .expect("the program announces where it listens");
    std::thread::spawn(move || lines.for_each(drop));
    (child, url)
}

/// Stands in for the project's own services and functions.
async fn double() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let answer = async || Json(json!({ "pages": 2 }));
    let router = Router::new().fallback(answer);
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

//! An emulator on a real socket, with calls over HTTP and connections over TCP.

use aerostack_emulator::{Emulator, EmulatorBuilder};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::handshake::client::Request;

use crate::client::{Client, keyed};

pub(crate) struct Platform {
    pub(crate) emulator: Emulator,
    pub(crate) http: reqwest::Client,
}

impl Platform {
    pub(crate) async fn start(schema: &str) -> Self {
        Self::with(Emulator::builder().schema(schema)).await
    }

    pub(crate) async fn with(builder: EmulatorBuilder) -> Self {
        Self {
            emulator: builder.start().await.expect("the emulator starts"),
            http: reqwest::Client::new(),
        }
    }

    pub(crate) async fn dial(&self, request: Request) -> Result<Client<TcpStream>, Error> {
        let stream = TcpStream::connect(("127.0.0.1", self.emulator.port()))
            .await
            .expect("a listening emulator");
        Client::over(stream, request).await
    }

    pub(crate) async fn connect(&self) -> Client<TcpStream> {
        self.dial(keyed("")).await.expect("an open connection")
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.emulator.url()))
    }

    /// A POST with the secret key; returns the status and the answer.
    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let request = self
            .request(Method::POST, path)
            .header("X-Aerostack-Key", self.emulator.api_key())
            .json(&body);
        answer(request).await
    }

    /// Runs one statement that has to succeed and returns its rows.
    pub(crate) async fn sql(&self, sql: &str) -> Value {
        let (status, answer) = self
            .post("/v1/db/query", json!({ "sql": sql, "params": [] }))
            .await;
        assert_eq!(status, 200, "{sql}: {answer}");
        answer["results"].clone()
    }

    /// Runs statements as one batch; tells whether it took effect.
    pub(crate) async fn batch(&self, statements: &[&str]) -> bool {
        let queries: Vec<_> = statements
            .iter()
            .map(|sql| json!({ "sql": sql, "params": [] }))
            .collect();
        let (status, answer) = self
            .post("/v1/db/batch", json!({ "queries": queries }))
            .await;
        assert_eq!(status, 200, "{answer}");
        answer["success"].as_bool().unwrap()
    }
}

pub(crate) async fn answer(request: reqwest::RequestBuilder) -> (u16, Value) {
    let response = request.send().await.expect("an answer");
    let status = response.status().as_u16();
    let text = response.text().await.expect("a body");
    let body = serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status}: {text}"));
    (status, body)
}

//! What all test files share: an emulator and calls over a real socket.

use aerostack_emulator::{Emulator, EmulatorBuilder};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

/// A status and the JSON body that came with it.
pub(crate) type Answer = (u16, Value);

/// An emulator and a client that knows its URL and key.
pub(crate) struct Platform {
    pub(crate) emulator: Emulator,
    pub(crate) http: Client,
}

impl Platform {
    pub(crate) async fn start() -> Self {
        Self::with(Emulator::builder()).await
    }

    pub(crate) async fn with(builder: EmulatorBuilder) -> Self {
        let emulator = builder.start().await.expect("the emulator starts");
        Self {
            emulator,
            http: Client::new(),
        }
    }

    /// A request without credentials.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http
            .request(method, format!("{}{path}", self.emulator.url()))
    }

    /// A POST with the secret key.
    pub(crate) fn keyed(&self, path: &str) -> RequestBuilder {
        self.request(Method::POST, path)
            .header("X-Aerostack-Key", self.emulator.api_key())
    }

    /// POSTs JSON with the secret key and reads a JSON answer.
    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        answer(self.keyed(path).json(&body)).await
    }

    /// Like [`Platform::post`], for calls that have to succeed.
    pub(crate) async fn ok(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.post(path, body).await;
        assert_eq!(status, 200, "{path}: {answer}");
        answer
    }

    pub(crate) async fn query(&self, sql: &str, params: Value) -> Answer {
        self.post("/v1/db/query", json!({ "sql": sql, "params": params }))
            .await
    }

    /// The rows of a query that has to succeed.
    pub(crate) async fn rows(&self, sql: &str) -> Value {
        let (status, answer) = self.query(sql, json!([])).await;
        assert_eq!(status, 200, "{sql}: {answer}");
        answer["results"].clone()
    }
}

/// Sends a request and reads the JSON answer.
pub(crate) async fn answer(request: RequestBuilder) -> Answer {
    let response = request.send().await.expect("an answer");
    let status = response.status();
    let text = response.text().await.expect("a body");
    let body =
        serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status} is not JSON: {text}"));
    (status.as_u16(), body)
}

/// Checks an error answer's status and code, and that it has a message.
#[track_caller]
pub(crate) fn assert_error((status, body): &Answer, expected: u16, code: &str) {
    assert_eq!(
        (*status, body["code"].as_str()),
        (expected, Some(code)),
        "{body}"
    );
    assert!(StatusCode::from_u16(*status).is_ok_and(|status| !status.is_success()));
    assert!(
        body["message"]
            .as_str()
            .is_some_and(|message| !message.is_empty()),
        "{body}"
    );
}

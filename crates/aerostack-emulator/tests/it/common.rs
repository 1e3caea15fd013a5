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

/// Asks again until the answer is `wanted`: for what happens in the background, with a bound that only a failure
/// reaches.
pub(crate) async fn eventually<F, R>(what: &str, mut wanted: F)
where
    F: FnMut() -> R,
    R: Future<Output = bool>,
{
    for _ in 0..1000 {
        if wanted().await {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("never: {what}");
}

/// Serves routes of the test's own on a free port and gives its URL.
pub(crate) async fn serve(router: axum::Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

/// A URL where nobody listens.
pub(crate) async fn nowhere() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// Calls that miss a required field, add one, or have one of a wrong type or range are refused with 400.
pub(crate) async fn assert_refused(platform: &Platform, path: &str, bodies: &[Value]) {
    for body in bodies {
        let answer = platform.post(path, body.clone()).await;
        assert_eq!(answer.0, 400, "{path} {body}: {}", answer.1);
        assert_error(&answer, 400, "VALIDATION_ERROR");
    }
}

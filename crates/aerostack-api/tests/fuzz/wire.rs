//! Whole answers over a socket: what becomes of status, request id, body and hints.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aerostack_api::generated::types;
use aerostack_api::{
    AttemptReport, Backoff, CallError, CallOptions, HttpOptions, Observer, Origin, RetryDecision,
    Transport, TransportConfig, TransportError, requests,
};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;

use crate::corpus::corpus;
use crate::{errors, hints};

/// The longest wait that a server's hint may cause here.
const HINT_CAP: Duration = Duration::from_millis(1);

#[derive(Clone, Debug)]
struct Answer {
    status: u16,
    request_id: Option<String>,
    retry_after: Option<Vec<u8>>,
    reset: Option<Vec<u8>>,
    body: Vec<u8>,
}

impl Answer {
    /// What arrives of the body.
    fn body(&self) -> &[u8] {
        // These have none, whatever the head says.
        if matches!(self.status, 204 | 304) {
            return &[];
        }
        &self.body
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = format!(
            "HTTP/1.1 {} Whatever\r\ncontent-length: {}\r\n",
            self.status,
            self.body().len()
        )
        .into_bytes();
        let mut put = |name: &str, value: Option<&[u8]>| {
            if let Some(value) = value.filter(|value| hints::header(value).is_some()) {
                bytes.extend([name.as_bytes(), b": ", value, b"\r\n"].concat());
            }
        };
        put(
            "x-request-id",
            self.request_id.as_deref().map(str::as_bytes),
        );
        put("retry-after", self.retry_after.as_deref());
        put("x-ratelimit-reset", self.reset.as_deref());
        bytes.extend(b"\r\n");
        bytes.extend(self.body());
        bytes
    }
}

/// Answers every request of a connection with what is set.
async fn serve(listener: TcpListener, answer: Arc<Mutex<Vec<u8>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let answer = Arc::clone(&answer);
        tokio::spawn(async move { converse(stream, &answer).await });
    }
}

async fn converse(mut stream: TcpStream, answer: &Mutex<Vec<u8>>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut read = Vec::new();
    loop {
        while !complete(&read) {
            if stream.read_buf(&mut read).await? == 0 {
                return Ok(());
            }
        }
        read.clear();
        let bytes = answer.lock().unwrap().clone();
        stream.write_all(&bytes).await?;
    }
}

/// Whether a whole request was read.
fn complete(read: &[u8]) -> bool {
    let text = String::from_utf8_lossy(read);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}

/// Keeps the waits before repeats.
#[derive(Clone, Default)]
struct Waits(Arc<Mutex<Vec<Duration>>>);

impl Observer for Waits {
    fn attempt_ended(&self, attempt: &AttemptReport<'_>) {
        if let RetryDecision::Retry { after } = attempt.retry {
            self.0.lock().unwrap().push(after);
        }
    }
}

fn check(answer: &Answer, error: &CallError, waits: &[Duration]) -> Result<(), TestCaseError> {
    let shown = error.to_string();
    // A hint, and a random part of at most as much again.
    prop_assert!(waits.iter().all(|wait| *wait <= 2 * HINT_CAP), "{waits:?}");
    prop_assert!(error.attempts <= 2, "{shown}");
    match &answer.request_id {
        Some(id) => prop_assert_eq!(error.request_id.as_ref(), Some(id), "{}", shown),
        None => prop_assert!(
            error.request_id.as_ref().is_some_and(|id| !id.is_empty()),
            "{shown}"
        ),
    }
    match &error.error {
        TransportError::Status { status, body, .. } => {
            prop_assert_eq!(status.as_u16(), answer.status);
            prop_assert!(
                status.is_client_error() || status.is_server_error(),
                "{shown}"
            );
            prop_assert_eq!(&body.raw, answer.body());
        }
        TransportError::Redirect { status, .. } => {
            prop_assert!(status.is_redirection());
            prop_assert_eq!(status.as_u16(), answer.status);
        }
        TransportError::Decode { status, body, .. } => {
            prop_assert!(status.is_success());
            // Nothing at all is read as null.
            let nothing = answer.body().is_empty() && body == "null";
            prop_assert!(nothing || body == answer.body(), "{body:?}");
        }
        other => prop_assert!(false, "{other:?}"),
    }
    Ok(())
}

#[test]
fn fuzz_errors_keep_status_request_id_and_body_and_waits_are_clamped() {
    let runtime = Runtime::new().unwrap();
    let set: Arc<Mutex<Vec<u8>>> = Arc::default();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    runtime.spawn(serve(listener, Arc::clone(&set)));

    let waits = Waits::default();
    let mut config = TransportConfig::new(Origin::parse(&url, false).unwrap());
    config.api_key = Some("ac_secret_fuzz".into());
    config.observer = Some(Arc::new(waits.clone()));
    config.retry.max_attempts = 2;
    config.retry.hint_cap = HINT_CAP;
    config.retry.backoff = Backoff {
        base: Duration::from_micros(10),
        cap: HINT_CAP,
    };
    let transport = Transport::new(HttpOptions::new("fuzz/1.0"), config).unwrap();

    let (corpus, other) = (corpus!("wire", "errors"), corpus!("hints"));
    let hint = || prop::option::of(other.damaged(hints::PIECES));
    let status =
        prop_oneof![3 => Just(429_u16), 3 => 400_u16..600, 2 => 200_u16..300, 1 => 300_u16..400];
    let id = prop::option::of("[!-~]{1,40}");
    let cases = (status, id, hint(), hint(), corpus.damaged(errors::PIECES)).prop_map(
        |(status, request_id, retry_after, reset, body)| Answer {
            status,
            request_id,
            retry_after,
            reset,
            body,
        },
    );
    let whole = |seed: &[u8]| Answer {
        status: 429,
        request_id: Some("req-7".to_owned()),
        retry_after: Some(b"86400".to_vec()),
        reset: None,
        body: seed.to_vec(),
    };
    corpus.hold(&cases, 0.1, whole, |answer| {
        *set.lock().unwrap() = answer.bytes();
        waits.0.lock().unwrap().clear();
        let request = requests::CacheGet::new(types::CacheGetRequest::new("k"));
        let called = runtime.block_on(transport.send(&request, &CallOptions::default()));
        match called {
            Ok(_) => {
                prop_assert!((200..300).contains(&answer.status));
                Ok(true)
            }
            Err(error) => check(&answer, &error, &waits.0.lock().unwrap()).map(|()| false),
        }
    });
}

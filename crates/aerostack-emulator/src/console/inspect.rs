//! What no operation of the platform tells: calls in detail, users, messages, names of secrets and collections.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use serde::Serialize;
use serde_json::{Value, json};
use std::time::UNIX_EPOCH;

use crate::console::Console;
use crate::error::{ApiError, Reply};
use crate::http::operations;
use crate::services::auth::{Mail, MailKind};
use crate::test_kit::injection::FaultInfo;
use crate::test_kit::request_log::Received;

pub(super) fn routes(console: Console) -> Router {
    Router::new()
        .route("/__emulator/calls/{seq}", get(call))
        .route("/__emulator/faults/set", get(faults))
        .route("/__emulator/operations", get(operations))
        .route("/__emulator/users", get(users))
        .route("/__emulator/mails", get(mails))
        .route("/__emulator/secrets", get(secrets))
        .route("/__emulator/collections", get(collections))
        .with_state(console)
}

/// A call as a list shows it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CallSummary {
    pub(super) seq: u64,
    at_ms: u64,
    operation: Option<&'static str>,
    method: String,
    path: String,
    query: Option<String>,
    status: Option<u16>,
    fault: Option<&'static str>,
    duration_ms: Option<f64>,
    pub(super) done: bool,
    reason: Option<String>,
}

impl CallSummary {
    pub(super) fn of(received: &Received) -> Self {
        let since = received.at.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            seq: received.seq,
            at_ms: u64::try_from(since.as_millis()).unwrap_or(u64::MAX),
            operation: received.operation,
            method: received.method.clone(),
            path: received.path.clone(),
            query: received.query.clone(),
            status: received.status,
            fault: received.fault,
            duration_ms: received.duration.map(|took| took.as_secs_f64() * 1000.0),
            done: received.duration.is_some(),
            reason: received.reason.clone(),
        }
    }
}

/// A call with what was sent and answered.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CallReply {
    #[serde(flatten)]
    summary: CallSummary,
    request_headers: Vec<(String, String)>,
    request: BodyReply,
    response_headers: Vec<(String, String)>,
    response: BodyReply,
}

#[derive(Serialize)]
struct BodyReply {
    /// None when it is not UTF-8.
    text: Option<String>,
    kept: usize,
    bytes: u64,
}

impl BodyReply {
    fn of(body: Vec<u8>, bytes: u64) -> Self {
        Self {
            kept: body.len(),
            bytes,
            text: String::from_utf8(body).ok(),
        }
    }
}

/// Headers whose values are credentials.
const MASKED: [&str; 5] = [
    "authorization",
    "x-aerostack-key",
    "x-api-key",
    "cookie",
    "sec-websocket-protocol",
];

fn masked(headers: Vec<(String, String)>) -> Vec<(String, String)> {
    headers
        .into_iter()
        .map(|(name, value)| {
            let hide = MASKED.contains(&name.as_str());
            (name, if hide { "***".to_owned() } else { value })
        })
        .collect()
}

async fn call(State(console): State<Console>, Path(seq): Path<u64>) -> Reply<CallReply> {
    let found = console.kit.log.since(seq, Received::clone);
    let received = found
        .into_iter()
        .next()
        .filter(|received| received.seq == seq)
        .ok_or_else(|| ApiError::not_found(format!("Call {seq} is not in the log any more.")))?;
    Ok(axum::Json(CallReply {
        summary: CallSummary::of(&received),
        request_headers: masked(received.headers),
        request: BodyReply::of(received.body, received.body_bytes),
        response_headers: masked(received.response_headers),
        response: BodyReply::of(received.response_body, received.response_bytes),
    }))
}

async fn faults(State(console): State<Console>) -> axum::Json<Vec<FaultInfo>> {
    axum::Json(console.kit.faults.list())
}

async fn operations() -> axum::Json<Vec<&'static str>> {
    axum::Json(
        operations::ALL
            .iter()
            .map(|operation| operation.id)
            .collect(),
    )
}

async fn users(State(console): State<Console>) -> Reply<Vec<Value>> {
    let users = console.auth.overview().await?;
    Ok(axum::Json(users))
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct MailReply {
    kind: MailKind,
    to: String,
    secret: Option<String>,
    subject: Option<String>,
    body: Option<String>,
    at_ms: u64,
}

impl From<Mail> for MailReply {
    fn from(mail: Mail) -> Self {
        let since = mail.at.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            kind: mail.kind,
            to: mail.to,
            secret: mail.secret,
            subject: mail.subject,
            body: mail.body,
            at_ms: u64::try_from(since.as_millis()).unwrap_or(u64::MAX),
        }
    }
}

async fn mails(State(console): State<Console>) -> axum::Json<Vec<MailReply>> {
    let sent = console.auth.mailbox.all();
    axum::Json(sent.into_iter().map(MailReply::from).collect())
}

/// Names only: values do not leave the emulator this way.
async fn secrets(State(console): State<Console>) -> axum::Json<Vec<Value>> {
    let names = console.secrets.names();
    axum::Json(
        names
            .map(|(name, empty)| json!({ "name": name, "empty": empty }))
            .collect(),
    )
}

async fn collections(State(console): State<Console>) -> axum::Json<Vec<String>> {
    axum::Json(console.collections.names().iter().cloned().collect())
}

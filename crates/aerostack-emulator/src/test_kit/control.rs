//! The controls over HTTP, for tests that cannot link the emulator: everything under `/__emulator`.
//!
//! They take the secret key like any operation, or the session of the console, and leave no trace in the log of requests, the faults or the effects.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::{any, delete, get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use parking_lot::Mutex;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use crate::clock::Clock;
use crate::config::Project;
use crate::error::{ApiError, ApiResult, Reply};
use crate::http::extract::{Json, Query, or_default};
use crate::http::latency::Latency;
use crate::services::auth::{Auth, MailKind};
use crate::test_kit::fault::Fault;
use crate::test_kit::request_log::Received;
use crate::test_kit::seed::Data;
use crate::test_kit::snapshot::Snapshot;

/// What the controls reach. A handle.
#[derive(Clone)]
pub(crate) struct Control {
    pub(crate) project: Project,
    pub(crate) clock: Clock,
    pub(crate) latency: Latency,
    pub(crate) data: Data,
    pub(crate) auth: Auth,
    pub(crate) snapshots: Snapshots,
}

impl Control {
    /// The routes of the controls, for whoever the console lets in.
    pub(crate) fn router(self) -> Router {
        Router::new()
            .route("/__emulator/about", get(about))
            .route(
                "/__emulator/faults",
                get(struck).post(add_fault).delete(clear_faults),
            )
            .route("/__emulator/arrivals", get(arrivals))
            .route("/__emulator/received", get(received).delete(clear_received))
            .route("/__emulator/effects", get(effects))
            .route("/__emulator/clock", get(clock).post(move_clock))
            .route("/__emulator/latency", get(latency).post(set_latency))
            .route("/__emulator/seed", post(seed))
            .route("/__emulator/reset", post(reset))
            .route("/__emulator/mail", get(mail))
            .route("/__emulator/snapshots", get(snapshots).post(take_snapshot))
            .route("/__emulator/snapshots/{id}", delete(drop_snapshot))
            .route("/__emulator/snapshots/{id}/restore", post(restore_snapshot))
            .route("/__emulator/{*unknown}", any(unknown))
            .with_state(self)
    }
}

async fn unknown() -> ApiError {
    ApiError::not_found("There is no such control.")
}

fn done() -> axum::Json<Value> {
    axum::Json(json!({ "success": true }))
}

async fn about(State(control): State<Control>) -> axum::Json<Value> {
    axum::Json(json!({ "projectId": control.project.id, "projectSlug": control.project.slug }))
}

/// A fault as JSON: `{"fault": {"status": 503}, "on": "dbQuery", "times": 2}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct FaultRequest {
    fault: FaultKind,
    #[serde(default, deserialize_with = "or_default")]
    on: Option<String>,
    #[serde(default)]
    after: u64,
    #[serde(default, deserialize_with = "or_default")]
    times: Option<u64>,
    #[serde(default, deserialize_with = "or_default")]
    probability: Option<f64>,
    #[serde(default)]
    seed: u64,
    #[serde(default)]
    after_effect: bool,
    #[serde(default, deserialize_with = "or_default")]
    ending: Option<Ending>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum Ending {
    Close,
    Reset,
    Silence,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
enum FaultKind {
    Status(u16),
    /// What `Retry-After` says.
    RateLimited(String),
    Html(u16),
    Redirect(String),
    #[serde(rename_all = "camelCase")]
    Answer {
        status: u16,
        content_type: String,
        body: String,
    },
    ContentEncoding(String),
    DelayMs(u64),
    Close,
    Reset,
    Hang,
    CloseWithinHeaders,
    CloseAfterHeaders,
    TruncateBody(usize),
    WrongLength(i64),
    /// In base64.
    Garbage(String),
    SlowHeadersMs(u64),
    DripMs(u64),
}

impl FaultRequest {
    fn build(self) -> ApiResult<Fault> {
        let mut fault = match self.fault {
            FaultKind::Status(status) => Fault::status(status),
            FaultKind::RateLimited(retry_after) => Fault::rate_limited(retry_after),
            FaultKind::Html(status) => Fault::html(status),
            FaultKind::Redirect(url) => Fault::redirect(url),
            FaultKind::Answer {
                status,
                content_type,
                body,
            } => Fault::answer(status, &content_type, body),
            FaultKind::ContentEncoding(encoding) => Fault::content_encoding(encoding),
            FaultKind::DelayMs(ms) => Fault::delay(Duration::from_millis(ms)),
            FaultKind::Close => Fault::close(),
            FaultKind::Reset => Fault::reset(),
            FaultKind::Hang => Fault::hang(),
            FaultKind::CloseWithinHeaders => Fault::close_within_headers(),
            FaultKind::CloseAfterHeaders => Fault::close_after_headers(),
            FaultKind::TruncateBody(bytes) => Fault::truncate_body(bytes),
            FaultKind::WrongLength(by) => Fault::wrong_length(by),
            FaultKind::Garbage(text) => Fault::garbage(decode(&text)?),
            FaultKind::SlowHeadersMs(ms) => Fault::slow_headers(Duration::from_millis(ms)),
            FaultKind::DripMs(ms) => Fault::drip(Duration::from_millis(ms)),
        };
        fault = fault.after(self.after);
        if let Some(operation) = self.on {
            fault = fault.on(operation);
        }
        if let Some(times) = self.times {
            fault = fault.times(times);
        }
        if let Some(probability) = self.probability {
            fault = fault.probability(probability, self.seed);
        }
        if self.after_effect {
            fault = fault.after_effect();
        }
        fault = match self.ending {
            Some(Ending::Reset) => fault.by_reset(),
            Some(Ending::Silence) => fault.by_silence(),
            Some(Ending::Close) | None => fault,
        };
        if fault.is_aimed() {
            Ok(fault)
        } else {
            Err(ApiError::validation(format!("on: {}", fault.misses())))
        }
    }
}

async fn add_fault(
    State(control): State<Control>,
    Json(request): Json<FaultRequest>,
) -> Reply<Value> {
    control.data.kit.faults.add(request.build()?);
    Ok(done())
}

async fn clear_faults(State(control): State<Control>) -> axum::Json<Value> {
    control.data.kit.faults.clear();
    done()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ReceivedReply {
    operation: Option<&'static str>,
    method: String,
    path: String,
    query: Option<String>,
    headers: Vec<(String, String)>,
    /// In base64.
    body: String,
    body_bytes: u64,
    status: Option<u16>,
    fault: Option<&'static str>,
}

impl From<Received> for ReceivedReply {
    fn from(received: Received) -> Self {
        Self {
            operation: received.operation,
            method: received.method,
            path: received.path,
            query: received.query,
            headers: received.headers,
            body: STANDARD.encode(received.body),
            body_bytes: received.body_bytes,
            status: received.status,
            fault: received.fault,
        }
    }
}

async fn received(State(control): State<Control>) -> axum::Json<Vec<ReceivedReply>> {
    axum::Json(
        control
            .data
            .kit
            .log
            .all()
            .into_iter()
            .map(ReceivedReply::from)
            .collect(),
    )
}

async fn clear_received(State(control): State<Control>) -> axum::Json<Value> {
    control.data.kit.log.clear();
    done()
}

async fn struck(State(control): State<Control>) -> axum::Json<BTreeMap<&'static str, u64>> {
    axum::Json(control.data.kit.struck.all())
}

async fn arrivals(State(control): State<Control>) -> axum::Json<BTreeMap<&'static str, u64>> {
    axum::Json(control.data.kit.arrivals.all())
}

async fn effects(State(control): State<Control>) -> axum::Json<BTreeMap<&'static str, u64>> {
    axum::Json(control.data.kit.effects.all())
}

/// One of two ways to move the clock.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
enum ClockRequest {
    AdvanceMs(u64),
    /// Milliseconds since the Unix epoch; `null` is the system's time.
    SetMs(Option<u64>),
}

async fn clock(State(control): State<Control>) -> axum::Json<Value> {
    axum::Json(json!({ "nowMs": control.clock.now_ms() }))
}

async fn move_clock(
    State(control): State<Control>,
    Json(request): Json<ClockRequest>,
) -> Reply<Value> {
    match request {
        ClockRequest::AdvanceMs(ms) => control.clock.advance(Duration::from_millis(ms)),
        ClockRequest::SetMs(None) => control.clock.reset(),
        ClockRequest::SetMs(Some(ms)) => {
            let time = UNIX_EPOCH.checked_add(Duration::from_millis(ms));
            control
                .clock
                .set(time.ok_or_else(|| ApiError::validation("setMs is too late"))?);
        }
    }
    Ok(clock(State(control)).await)
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct LatencyBody {
    ms: u64,
}

async fn latency(State(control): State<Control>) -> axum::Json<LatencyBody> {
    let latency = control.latency.get();
    axum::Json(LatencyBody {
        ms: u64::try_from(latency.as_millis()).unwrap_or(u64::MAX),
    })
}

async fn set_latency(
    State(control): State<Control>,
    Json(request): Json<LatencyBody>,
) -> axum::Json<LatencyBody> {
    control.latency.set(Duration::from_millis(request.ms));
    axum::Json(request)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SeedRequest {
    #[serde(default)]
    sql: String,
    #[serde(default)]
    cache: BTreeMap<String, Box<RawValue>>,
    #[serde(default)]
    files: Vec<SeedFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct SeedFile {
    key: String,
    content_type: String,
    /// In base64.
    body: String,
}

async fn seed(State(control): State<Control>, Json(request): Json<SeedRequest>) -> Reply<Value> {
    if !request.sql.is_empty() {
        control.data.project.run_trusted(request.sql).await?;
    }
    for (key, value) in request.cache {
        control.data.cache.seed(&key, value).await?;
    }
    for file in request.files {
        let body = Bytes::from(decode(&file.body)?);
        control
            .data
            .storage
            .seed(&file.key, &file.content_type, body)
            .await?;
    }
    Ok(done())
}

async fn reset(State(control): State<Control>) -> Reply<Value> {
    control.data.reset().await?;
    control.auth.mailbox.clear();
    Ok(done())
}

/// The snapshots taken over HTTP, by number. They are kept until the emulator stops.
#[derive(Clone, Default)]
pub(crate) struct Snapshots(Arc<Mutex<BTreeMap<u64, Snapshot>>>);

/// The most snapshots that are kept.
const SNAPSHOTS_MAX: usize = 100;

fn snapshot_reply(id: u64, snapshot: &Snapshot) -> Value {
    let since = snapshot.at().duration_since(UNIX_EPOCH).unwrap_or_default();
    json!({ "id": id, "atMs": u64::try_from(since.as_millis()).unwrap_or(u64::MAX) })
}

async fn snapshots(State(control): State<Control>) -> axum::Json<Vec<Value>> {
    let taken = control.snapshots.0.lock();
    axum::Json(
        taken
            .iter()
            .map(|(id, it)| snapshot_reply(*id, it))
            .collect(),
    )
}

async fn take_snapshot(State(control): State<Control>) -> Reply<Value> {
    if control.snapshots.0.lock().len() >= SNAPSHOTS_MAX {
        return Err(ApiError::validation(format!(
            "there are {SNAPSHOTS_MAX} snapshots; delete one first"
        )));
    }
    let snapshot = control.data.snapshot().await?;
    let mut taken = control.snapshots.0.lock();
    let id = taken.last_key_value().map_or(1, |(last, _)| last + 1);
    let reply = snapshot_reply(id, &snapshot);
    taken.insert(id, snapshot);
    Ok(axum::Json(reply))
}

async fn restore_snapshot(State(control): State<Control>, Path(id): Path<u64>) -> Reply<Value> {
    let snapshot = control.snapshots.0.lock().get(&id).cloned();
    let snapshot = snapshot.ok_or_else(|| no_snapshot(id))?;
    control.data.restore(&snapshot).await?;
    Ok(done())
}

async fn drop_snapshot(State(control): State<Control>, Path(id): Path<u64>) -> Reply<Value> {
    let dropped = control.snapshots.0.lock().remove(&id);
    dropped.map(|_| done()).ok_or_else(|| no_snapshot(id))
}

fn no_snapshot(id: u64) -> ApiError {
    ApiError::not_found(format!("There is no snapshot {id}."))
}

#[derive(Deserialize)]
struct MailQuery {
    to: String,
}

async fn mail(State(control): State<Control>, Query(query): Query<MailQuery>) -> axum::Json<Value> {
    let last = |kinds: &[MailKind]| control.auth.mailbox.last(&query.to, kinds);
    axum::Json(json!({
        "otp": last(&[MailKind::Code]),
        "emailToken": last(&[MailKind::Verification, MailKind::Reset]),
    }))
}

fn decode(text: &str) -> ApiResult<Vec<u8>> {
    STANDARD
        .decode(text)
        .map_err(|_| ApiError::validation("the bytes are not base64"))
}

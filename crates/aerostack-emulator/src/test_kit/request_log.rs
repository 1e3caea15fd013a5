//! The log of requests: a layer that records what arrives and what is answered, for tests and the console to look at.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant, SystemTime};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use parking_lot::Mutex;
use tokio::sync::watch;

use crate::config::Limits;
use crate::error::Reason;
use crate::http::layers::BodyUnused;
use crate::http::paths::SentPath;
use crate::http::script::Script;
use crate::test_kit::TestKit;

/// One request as it arrived, and the response to it.
///
/// Credentials are there for a test to check, but `Debug` shows neither them nor the bodies.
#[derive(Clone)]
#[non_exhaustive]
pub struct Received {
    /// Its number since the emulator started, from 1.
    pub seq: u64,
    /// When it arrived, by the system's clock.
    pub at: SystemTime,
    /// The operation's id, such as `dbQuery`; `None` for a path that is no operation.
    pub operation: Option<&'static str>,
    /// The HTTP method.
    pub method: String,
    /// The path as sent, without the query.
    pub path: String,
    /// The query as sent, without the question mark.
    pub query: Option<String>,
    /// Header names in lower case with their values, in the order they arrived.
    pub headers: Vec<(String, String)>,
    /// The body as far as it has been read, up to [`Limits::recorded_body_bytes`](crate::Limits). Empty when the
    /// credential was rejected.
    pub body: Vec<u8>,
    /// How many body bytes arrived; more than `body.len()` when the log cut them off.
    pub body_bytes: u64,
    /// The status sent back; `None` while the request is being answered or when a fault withheld the response.
    pub status: Option<u16>,
    /// The name of the fault that was injected, if one was.
    pub fault: Option<&'static str>,
    /// How long the response took to begin; `None` while the request is being answered.
    pub duration: Option<Duration>,
    /// Why the emulator rejected the request: the code and the message of the error.
    pub reason: Option<String>,
    /// The headers of the response, like [`headers`](Self::headers).
    pub response_headers: Vec<(String, String)>,
    /// The body of the response as far as it was sent, up to
    /// [`Limits::recorded_body_bytes`](crate::Limits).
    pub response_body: Vec<u8>,
    /// How many bytes of the response's body were sent.
    pub response_bytes: u64,
}

impl Received {
    /// The first value of a header, by its name in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The body decoded as JSON.
    ///
    /// # Errors
    /// When the body is not JSON of that shape, or was cut off by the log.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Received")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("path", &self.path)
            .field("headers", &names)
            .field("body_bytes", &self.body_bytes)
            .field("status", &self.status)
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

/// Records a request and its response, and writes a line about both.
pub(crate) async fn log(State(kit): State<TestKit>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let line = format!("{} {}", parts.method, sent_path(&parts));
    let (entry, body) = kit.log.arrived(&parts, body);
    let mut request = Request::from_parts(parts, body);
    request.extensions_mut().insert(entry.clone());
    let response = next.run(request).await;
    if response.extensions().get::<BodyUnused>().is_some() {
        entry.forget_body();
    }
    let took = started.elapsed();
    let (operation, ms) = (entry.operation(), took.as_millis());
    if response.extensions().get::<Script>().is_some() {
        tracing::warn!(operation, ms, "{line}: no response, by a fault");
        entry.withheld(took);
        return response;
    }
    let status = response.status().as_u16();
    // Never a query, a header or a body: they may hold credentials.
    match response.extensions().get::<Reason>() {
        Some(reason) => tracing::warn!(operation, status, ms, "{line}: {reason}"),
        None => tracing::info!(operation, status, ms, "{line}"),
    }
    entry.answered(response, took)
}

/// The latest requests, oldest first.
pub(crate) struct RequestLog {
    kept: Arc<Mutex<Kept>>,
    /// Changes whenever a request arrives or is answered.
    changed: watch::Sender<()>,
}

struct Kept {
    /// The number of the next request.
    next: u64,
    requests: VecDeque<Arc<Mutex<Recorded>>>,
    /// What they take together.
    bytes: usize,
    most_requests: usize,
    most_bytes: usize,
    most_body_bytes: usize,
}

struct Recorded {
    request: Received,
    /// What it counts in [`Kept::bytes`]; nothing once it was dropped from there.
    bytes: usize,
    dropped: bool,
}

/// A request on its way through the server. A handle, among the extensions of the request.
#[derive(Clone)]
pub(crate) struct LogEntry {
    recorded: Arc<Mutex<Recorded>>,
    kept: Arc<Mutex<Kept>>,
    changed: watch::Sender<()>,
}

/// Which body of a call.
#[derive(Clone, Copy)]
enum Side {
    Request,
    Response,
}

impl RequestLog {
    pub(crate) fn new(limits: &Limits) -> Self {
        let kept = Kept {
            next: 1,
            requests: VecDeque::new(),
            bytes: 0,
            most_requests: limits.recorded_requests,
            most_bytes: limits.recorded_bytes,
            most_body_bytes: limits.recorded_body_bytes,
        };
        Self {
            kept: Arc::new(Mutex::new(kept)),
            changed: watch::Sender::new(()),
        }
    }

    /// Notes an arrival; the returned body copies what is read from it into the log.
    fn arrived(&self, parts: &Parts, body: Body) -> (LogEntry, Body) {
        let mut kept = self.kept.lock();
        let request = Received {
            seq: kept.next,
            at: SystemTime::now(),
            operation: None,
            method: parts.method.to_string(),
            path: sent_path(parts).to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: pairs(&parts.headers),
            body: Vec::new(),
            body_bytes: 0,
            status: None,
            fault: None,
            duration: None,
            reason: None,
            response_headers: Vec::new(),
            response_body: Vec::new(),
            response_bytes: 0,
        };
        kept.next += 1;
        let entry = LogEntry {
            recorded: Arc::new(Mutex::new(Recorded {
                bytes: size(&request),
                request,
                dropped: false,
            })),
            kept: Arc::clone(&self.kept),
            changed: self.changed.clone(),
        };
        kept.bytes += entry.recorded.lock().bytes;
        kept.requests.push_back(Arc::clone(&entry.recorded));
        kept.trim();
        drop(kept);
        self.changed.send_replace(());
        let body = entry.copying(body, Side::Request);
        (entry, body)
    }

    pub(crate) fn all(&self) -> Vec<Received> {
        let requests = self.kept.lock().requests.clone();
        requests
            .iter()
            .map(|recorded| recorded.lock().request.clone())
            .collect()
    }

    /// What `look` makes of every request from this number on, oldest first.
    pub(crate) fn since<T>(&self, seq: u64, mut look: impl FnMut(&Received) -> T) -> Vec<T> {
        let kept = self.kept.lock();
        let mut found = Vec::new();
        for recorded in kept.requests.iter().rev() {
            let recorded = recorded.lock();
            if recorded.request.seq < seq {
                break;
            }
            found.push(look(&recorded.request));
        }
        found.reverse();
        found
    }

    /// Changes whenever a request arrives or is answered.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changed.subscribe()
    }

    pub(crate) fn clear(&self) {
        let mut kept = self.kept.lock();
        while kept.drop_oldest() {}
    }
}

impl Kept {
    /// Drops the oldest requests until the rest is within the bounds.
    fn trim(&mut self) {
        while (self.bytes > self.most_bytes || self.requests.len() > self.most_requests)
            && self.drop_oldest()
        {}
    }

    fn drop_oldest(&mut self) -> bool {
        let Some(oldest) = self.requests.pop_front() else {
            return false;
        };
        let mut oldest = oldest.lock();
        oldest.dropped = true;
        self.bytes -= std::mem::take(&mut oldest.bytes);
        true
    }
}

/// The path as the client sent it.
fn sent_path(parts: &Parts) -> &str {
    match parts.extensions.get::<SentPath>() {
        Some(SentPath(path)) => path,
        None => parts.uri.path(),
    }
}

fn pairs(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect()
}

fn size_of_pairs(pairs: &[(String, String)]) -> usize {
    pairs
        .iter()
        .map(|(name, value)| name.len() + value.len() + size_of::<(String, String)>())
        .sum()
}

/// What a request takes in memory, about.
fn size(request: &Received) -> usize {
    let query = request.query.as_ref().map_or(0, String::len);
    size_of::<Recorded>() + request.path.len() + query + size_of_pairs(&request.headers)
}

// Locks are taken in one order: what is kept, then a request of it.
impl LogEntry {
    /// Says which operation the request is of.
    pub(crate) fn is_of(&self, operation: &'static str) {
        self.recorded.lock().request.operation = Some(operation);
    }

    fn operation(&self) -> Option<&'static str> {
        self.recorded.lock().request.operation
    }

    /// Notes the response; its body copies what is sent of it into the log.
    fn answered(&self, response: Response, took: Duration) -> Response {
        let headers = pairs(response.headers());
        let size = size_of_pairs(&headers);
        let mut kept = self.kept.lock();
        let mut recorded = self.recorded.lock();
        recorded.request.status = Some(response.status().as_u16());
        recorded.request.duration = Some(took);
        recorded.request.reason = response.extensions().get::<Reason>().map(Reason::to_string);
        if !recorded.dropped {
            recorded.request.response_headers = headers;
            recorded.bytes += size;
            kept.bytes += size;
        }
        drop((recorded, kept));
        self.changed.send_replace(());
        response.map(|body| self.copying(body, Side::Response))
    }

    fn withheld(&self, took: Duration) {
        self.recorded.lock().request.duration = Some(took);
        self.changed.send_replace(());
    }

    /// A body that leaves a copy of what passes.
    fn copying(&self, body: Body, side: Side) -> Body {
        if body.is_end_stream() {
            return body;
        }
        Body::new(CopyBody {
            inner: body,
            entry: self.clone(),
            side,
            room: self.kept.lock().most_body_bytes,
        })
    }

    pub(crate) fn struck(&self, fault: &'static str) {
        self.recorded.lock().request.fault = Some(fault);
    }

    /// Adds bytes of a body, of which the first `keep` stay.
    fn body(&self, side: Side, data: &[u8], keep: usize) {
        let mut kept = self.kept.lock();
        let mut recorded = self.recorded.lock();
        let keep = if recorded.dropped { 0 } else { keep };
        let request = &mut recorded.request;
        let (body, bytes) = match side {
            Side::Request => (&mut request.body, &mut request.body_bytes),
            Side::Response => (&mut request.response_body, &mut request.response_bytes),
        };
        body.extend_from_slice(&data[..keep]);
        *bytes += data.len() as u64;
        recorded.bytes += keep;
        kept.bytes += keep;
        drop(recorded);
        kept.trim();
    }

    fn forget_body(&self) {
        let mut kept = self.kept.lock();
        let mut recorded = self.recorded.lock();
        let body = std::mem::take(&mut recorded.request.body);
        if !recorded.dropped {
            recorded.bytes -= body.len();
            kept.bytes -= body.len();
        }
    }
}

/// A body that leaves a copy of what passes.
struct CopyBody {
    inner: Body,
    entry: LogEntry,
    side: Side,
    /// How much more of the body is kept.
    room: usize,
}

impl HttpBody for CopyBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        if let Some(Ok(frame)) = &frame
            && let Some(data) = frame.data_ref()
        {
            let keep = data.len().min(self.room);
            self.room -= keep;
            self.entry.body(self.side, data, keep);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

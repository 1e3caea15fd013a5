//! The log of requests: a layer that records what arrives, for tests to look at.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use parking_lot::Mutex;

use crate::config::Limits;
use crate::http::layers::BodyUnused;
use crate::http::script::Script;
use crate::test_kit::TestKit;

/// One request as it arrived, and the status it was answered with.
///
/// Credentials are there for a test to check, but `Debug` shows neither them nor the body.
#[derive(Clone)]
#[non_exhaustive]
pub struct Received {
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
    let line = format!("{} {}", parts.method, parts.uri.path());
    let (entry, body) = kit.log.arrived(&parts, body);
    let mut request = Request::from_parts(parts, body);
    request.extensions_mut().insert(entry.clone());
    let response = next.run(request).await;
    if response.extensions().get::<BodyUnused>().is_some() {
        entry.forget_body();
    }
    let withheld = response.extensions().get::<Script>().is_some();
    let status = (!withheld).then(|| response.status().as_u16());
    entry.answered(status);
    let ms = started.elapsed().as_millis();
    // Never a query, a header or a body: they may hold credentials.
    tracing::info!(operation = entry.operation(), status, ms, "{line}");
    response
}

/// The latest requests, oldest first.
pub(crate) struct RequestLog(Arc<Mutex<Kept>>);

struct Kept {
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
}

impl RequestLog {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self(Arc::new(Mutex::new(Kept {
            requests: VecDeque::new(),
            bytes: 0,
            most_requests: limits.recorded_requests,
            most_bytes: limits.recorded_bytes,
            most_body_bytes: limits.recorded_body_bytes,
        })))
    }

    /// Notes an arrival; the returned body copies what is read from it into the log.
    fn arrived(&self, parts: &Parts, body: Body) -> (LogEntry, Body) {
        let request = Received {
            operation: None,
            method: parts.method.to_string(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().map(str::to_owned),
            headers: parts
                .headers
                .iter()
                .map(|(name, value)| {
                    (
                        name.to_string(),
                        String::from_utf8_lossy(value.as_bytes()).into_owned(),
                    )
                })
                .collect(),
            body: Vec::new(),
            body_bytes: 0,
            status: None,
            fault: None,
        };
        let entry = LogEntry {
            recorded: Arc::new(Mutex::new(Recorded {
                bytes: size(&request),
                request,
                dropped: false,
            })),
            kept: Arc::clone(&self.0),
        };
        let room = {
            let mut kept = self.0.lock();
            kept.bytes += entry.recorded.lock().bytes;
            kept.requests.push_back(Arc::clone(&entry.recorded));
            kept.trim();
            kept.most_body_bytes
        };
        let copy = CopyBody {
            inner: body,
            entry: entry.clone(),
            room,
        };
        (entry, Body::new(copy))
    }

    pub(crate) fn all(&self) -> Vec<Received> {
        let requests = self.0.lock().requests.clone();
        requests
            .iter()
            .map(|recorded| recorded.lock().request.clone())
            .collect()
    }

    pub(crate) fn clear(&self) {
        let mut kept = self.0.lock();
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

/// What a request takes in memory, about.
fn size(request: &Received) -> usize {
    let headers: usize = request
        .headers
        .iter()
        .map(|(name, value)| name.len() + value.len() + size_of::<(String, String)>())
        .sum();
    let query = request.query.as_ref().map_or(0, String::len);
    size_of::<Recorded>() + request.path.len() + query + headers
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

    fn answered(&self, status: Option<u16>) {
        self.recorded.lock().request.status = status;
    }

    pub(crate) fn struck(&self, fault: &'static str) {
        self.recorded.lock().request.fault = Some(fault);
    }

    /// Adds bytes of the body, of which the first `keep` stay.
    fn body(&self, data: &[u8], keep: usize) {
        let mut kept = self.kept.lock();
        let mut recorded = self.recorded.lock();
        recorded.request.body_bytes += data.len() as u64;
        if keep == 0 || recorded.dropped {
            return;
        }
        recorded.request.body.extend_from_slice(&data[..keep]);
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

/// A request body that leaves a copy of what passes.
struct CopyBody {
    inner: Body,
    entry: LogEntry,
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
            self.entry.body(data, keep);
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

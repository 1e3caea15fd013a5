//! What arrived, for tests to look at.

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use axum::body::Body;
use axum::http::request::Parts;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};

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
    /// The body as far as it has been read, up to [`Limits::recorded_body_bytes`](crate::Limits).
    pub body: Vec<u8>,
    /// How many body bytes arrived; more than `body.len()` when the record cut them off.
    pub body_bytes: u64,
    /// The status sent back; `None` while the request is being answered or when a fault withheld the answer.
    pub status: Option<u16>,
    /// The name of the fault that struck, if one did.
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
    /// When the body is not JSON of that shape, or was cut off by the record.
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

type Shared = Arc<Mutex<Received>>;

/// The latest requests, oldest first.
pub(crate) struct Record {
    kept: Mutex<VecDeque<Shared>>,
    requests: usize,
    body_bytes: usize,
}

/// A request on its way through the server.
#[derive(Clone)]
pub(crate) struct Entry(Shared);

impl Record {
    pub(crate) fn new(requests: usize, body_bytes: usize) -> Self {
        Self {
            kept: Mutex::default(),
            requests,
            body_bytes,
        }
    }

    /// Notes an arrival; the returned body copies what is read from it into the record.
    pub(crate) fn arrived(
        &self,
        parts: &Parts,
        body: Body,
        operation: Option<&'static str>,
    ) -> (Entry, Body) {
        let received: Shared = Arc::new(Mutex::new(Received {
            operation,
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
        }));
        let mut kept = lock(&self.kept);
        if kept.len() >= self.requests {
            kept.pop_front();
        }
        kept.push_back(Arc::clone(&received));
        drop(kept);
        let copy = CopyBody {
            inner: body,
            received: Arc::clone(&received),
            room: self.body_bytes,
        };
        (Entry(received), Body::new(copy))
    }

    pub(crate) fn all(&self) -> Vec<Received> {
        lock(&self.kept)
            .iter()
            .map(|entry| lock(entry).clone())
            .collect()
    }

    pub(crate) fn clear(&self) {
        lock(&self.kept).clear();
    }
}

impl Entry {
    pub(crate) fn answered(&self, status: Option<u16>) {
        lock(&self.0).status = status;
    }

    pub(crate) fn struck(&self, fault: &'static str) {
        lock(&self.0).fault = Some(fault);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A request body that leaves a copy of what passes.
struct CopyBody {
    inner: Body,
    received: Shared,
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
            let kept = data.len().min(self.room);
            self.room -= kept;
            let mut received = lock(&self.received);
            received.body.extend_from_slice(&data[..kept]);
            received.body_bytes += data.len() as u64;
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

//! The body of a response, as it arrives.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use tokio::time::{Instant, Sleep, sleep};

use crate::{
    error::{TimeoutKind, TransportError},
    observer::{BodyReporter, Outcome},
};

type Inner = Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send + Sync>>;

/// The body of a response, as it arrives. It ends with an error if the response is truncated or if no data arrives within
/// the idle timeout; nothing follows an error. Only time spent waiting counts, not the reader's own work between two
/// chunks.
pub struct BodyStream {
    inner: Option<Inner>,
    idle: Duration,
    timer: Pin<Box<Sleep>>,
    waiting: bool,
    reporter: BodyReporter,
    deferred: bool,
}

impl BodyStream {
    pub(crate) fn new(response: reqwest::Response, idle: Duration, reporter: BodyReporter) -> Self {
        Self {
            inner: Some(Box::pin(response.bytes_stream())),
            idle,
            timer: Box::pin(sleep(idle)),
            waiting: false,
            reporter,
            deferred: false,
        }
    }

    /// Reports to an observer that the reader stopped before the end, and why.
    pub fn reporter(&self) -> BodyReporter {
        self.reporter.clone()
    }

    /// Leaves it to the reader to report the outcome: a body that ends need not be complete.
    pub fn defer_outcome(&mut self) -> BodyReporter {
        self.deferred = true;
        self.reporter.clone()
    }

    fn end(&self, outcome: Outcome<'_>) {
        if !self.deferred {
            self.reporter.end(outcome);
        }
    }
}

impl Stream for BodyStream {
    type Item = Result<Bytes, TransportError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(inner) = &mut this.inner else {
            return Poll::Ready(None);
        };
        let error = match inner.as_mut().poll_next(cx) {
            Poll::Ready(Some(Ok(bytes))) => {
                this.waiting = false;
                this.reporter.received(bytes.len());
                return Poll::Ready(Some(Ok(bytes)));
            }
            Poll::Ready(Some(Err(error))) => TransportError::Truncated(error.without_url()),
            Poll::Ready(None) => {
                this.inner = None;
                this.end(Outcome::Success);
                return Poll::Ready(None);
            }
            Poll::Pending => {
                if !this.waiting {
                    this.waiting = true;
                    this.timer.as_mut().reset(Instant::now() + this.idle);
                }
                ready!(this.timer.as_mut().poll(cx));
                TransportError::Timeout(TimeoutKind::Idle(this.idle))
            }
        };
        this.inner = None;
        this.end(Outcome::Failed(&error));
        Poll::Ready(Some(Err(error)))
    }
}

impl fmt::Debug for BodyStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BodyStream")
            .field("idle", &self.idle)
            .field("ended", &self.inner.is_none())
            .finish_non_exhaustive()
    }
}

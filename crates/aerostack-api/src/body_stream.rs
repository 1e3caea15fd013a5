//! A body handed over as it arrives.

use std::{
    fmt,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_core::Stream;
use progenitor_client::ByteStream;
use tokio::time::{Instant, Sleep, sleep};

use crate::{
    failure::{Budget, Failure},
    observe::{BodyWatch, Ending},
};

/// The bytes of an answer. Silence longer than the idle limit ends it with an error; so does an answer that breaks off.
/// Nothing follows an error. Only time spent waiting counts as silence, not the reader's own work between two chunks.
pub struct BodyStream {
    inner: Option<ByteStream>,
    idle: Duration,
    timer: Pin<Box<Sleep>>,
    waiting: bool,
    watch: BodyWatch,
    judged: bool,
}

impl BodyStream {
    pub(crate) fn new(stream: ByteStream, idle: Duration, watch: BodyWatch) -> Self {
        Self {
            inner: Some(stream),
            idle,
            timer: Box::pin(sleep(idle)),
            waiting: false,
            watch,
            judged: false,
        }
    }

    /// What tells an observer that the reader stopped before the end, and why.
    pub fn watch(&self) -> BodyWatch {
        self.watch.clone()
    }

    /// Leaves it to the reader to tell an observer how the answer ended: an end of the body need not be one of what is
    /// in it.
    pub fn judge(&mut self) -> BodyWatch {
        self.judged = true;
        self.watch.clone()
    }

    fn end(&self, ending: Ending<'_>) {
        if !self.judged {
            self.watch.end(ending);
        }
    }
}

impl Stream for BodyStream {
    type Item = Result<Bytes, Failure>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(inner) = &mut this.inner else {
            return Poll::Ready(None);
        };
        let failure = match inner.as_mut().poll_next(cx) {
            Poll::Ready(Some(Ok(bytes))) => {
                this.waiting = false;
                this.watch.received(bytes.len());
                return Poll::Ready(Some(Ok(bytes)));
            }
            Poll::Ready(Some(Err(error))) => Failure::Truncated(error.without_url()),
            Poll::Ready(None) => {
                this.inner = None;
                this.end(Ending::Success);
                return Poll::Ready(None);
            }
            Poll::Pending => {
                if !this.waiting {
                    this.waiting = true;
                    this.timer.as_mut().reset(Instant::now() + this.idle);
                }
                ready!(this.timer.as_mut().poll(cx));
                Failure::Timeout(Budget::Idle(this.idle))
            }
        };
        this.inner = None;
        this.end(Ending::Failed(&failure));
        Poll::Ready(Some(Err(failure)))
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

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
    transport::Transport,
};

/// The bytes of an answer. Silence longer than the idle limit ends it with an error; so does an answer that breaks off.
/// Nothing follows an error. Only time spent waiting counts as silence, not the reader's own work between two chunks.
pub struct BodyStream {
    inner: Option<ByteStream>,
    idle: Duration,
    timer: Pin<Box<Sleep>>,
    waiting: bool,
}

impl Transport {
    /// Watches over a streamed body.
    pub fn body(&self, stream: ByteStream) -> BodyStream {
        let idle = self.config().idle_timeout;
        BodyStream {
            inner: Some(stream),
            idle,
            timer: Box::pin(sleep(idle)),
            waiting: false,
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
                return Poll::Ready(Some(Ok(bytes)));
            }
            Poll::Ready(Some(Err(error))) => Failure::Truncated(error.without_url()),
            Poll::Ready(None) => {
                this.inner = None;
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

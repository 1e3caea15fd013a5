//! A request body that neither stands still nor goes on for ever.

use std::future::Future as _;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Body;
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use crate::config::Limits;

/// Ends with an error after too long a silence or too many bytes. Services have narrower limits of their own; this one
/// holds for what they merely read to its end.
pub(crate) struct Bounded {
    inner: Body,
    silence: Duration,
    timer: Pin<Box<Sleep>>,
    waiting: bool,
    left: u64,
}

impl Bounded {
    pub(crate) fn wrap(inner: Body, limits: &Limits) -> Body {
        let most = limits.upload_bytes.saturating_add(limits.json_bytes as u64);
        Body::new(Self {
            inner,
            silence: limits.body_silence,
            timer: Box::pin(tokio::time::sleep(limits.body_silence)),
            waiting: false,
            // A sender of somewhat too much gets to hear of it.
            left: most.saturating_mul(4),
        })
    }
}

fn failed(kind: io::ErrorKind, why: &str) -> axum::Error {
    axum::Error::new(io::Error::new(kind, why.to_owned()))
}

impl HttpBody for Bounded {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(cx) else {
            if !std::mem::replace(&mut this.waiting, true) {
                this.timer.as_mut().reset(Instant::now() + this.silence);
            }
            ready!(this.timer.as_mut().poll(cx));
            let silent = failed(io::ErrorKind::TimedOut, "the request body stands still");
            return Poll::Ready(Some(Err(silent)));
        };
        this.waiting = false;
        let data = match &frame {
            Some(Ok(frame)) => frame.data_ref().map_or(0, |data| data.len() as u64),
            _ => 0,
        };
        match this.left.checked_sub(data) {
            Some(left) => this.left = left,
            None => {
                let endless = failed(io::ErrorKind::FileTooLarge, "the request body is too long");
                return Poll::Ready(Some(Err(endless)));
            }
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

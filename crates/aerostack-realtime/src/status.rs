//! How the connection is doing.

use std::{
    future::poll_fn,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError, Weak},
    task::{Context, Poll},
    time::Duration,
};

use futures_core::Stream;
use tokio::sync::watch;

use crate::{
    error::Error,
    protocol::message::Item,
    queue::inbound::{Backpressure, Buffer},
    queue::task_waker::TaskWaker,
};

/// How the connection is doing.
///
/// The order is always the same. A client starts `Idle`; its first use makes it `Connecting { attempt: 1 }`, then
/// `Connected` once the upgrade is complete. A loss, or a connect that failed, is `Waiting` with its cause, then
/// `Connecting` with the next attempt. Refused credentials are asked for once more with force and tried at once; refused
/// again, the client is `Suspended` until they change. `Stopped` can follow any state, and the next use leads back to
/// `Connecting`. `Failed` and `Closed` are final.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Status {
    /// Not used yet.
    Idle,
    /// A connect is under way.
    Connecting {
        /// The attempt's number since the last stable connection, starting at 1.
        attempt: u32,
    },
    /// Connected.
    Connected,
    /// Waiting before the next attempt.
    Waiting {
        /// The attempt that follows, from 1.
        attempt: u32,
        /// How long the wait is in all.
        delay: Duration,
        /// What made it necessary.
        cause: Error,
    },
    /// The server refuses the credentials. [`set_token`](crate::Realtime::set_token) or
    /// [`refresh_token`](crate::Realtime::refresh_token) goes on.
    Suspended {
        /// The refusal.
        cause: Error,
    },
    /// The task that keeps the connection is gone: its runtime was shut down, or code it runs panicked. Every stream and
    /// every call that waited has failed with the cause. The next use of the client, on a living runtime, starts anew.
    Stopped {
        /// What happened, of the kind [`TaskStopped`](crate::ErrorKind::TaskStopped).
        cause: Error,
    },
    /// Given up. Final.
    Failed {
        /// Why.
        cause: Error,
    },
    /// Closed by this side. Final.
    Closed,
}

impl Status {
    /// Whether there is a connection.
    pub fn is_connected(&self) -> bool {
        matches!(self, Self::Connected)
    }

    /// Whether nothing will change any more.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Failed { .. } | Self::Closed)
    }

    /// What ended or prevented the connection.
    pub fn cause(&self) -> Option<&Error> {
        match self {
            Self::Waiting { cause, .. }
            | Self::Suspended { cause }
            | Self::Stopped { cause }
            | Self::Failed { cause } => Some(cause),
            _ => None,
        }
    }
}

/// The status as a value to look at and to wait on. Looking sees the newest; states in between may go unseen, which
/// [`Notices`] shows in full.
#[derive(Debug, Clone)]
pub struct StatusWatch {
    receiver: watch::Receiver<Status>,
}

impl StatusWatch {
    pub(crate) fn new(receiver: watch::Receiver<Status>) -> Self {
        Self { receiver }
    }

    /// The status now, which counts as seen.
    pub(crate) fn seen(&mut self) -> Status {
        self.receiver.borrow_and_update().clone()
    }

    /// The status now.
    pub fn current(&self) -> Status {
        self.receiver.borrow().clone()
    }

    /// Waits until the status is another than the one last seen through this value, and returns it; `None` once the
    /// client is gone.
    ///
    /// # Cancel safety
    /// Nothing is missed when the future is dropped.
    pub async fn changed(&mut self) -> Option<Status> {
        self.receiver.changed().await.ok()?;
        Some(self.receiver.borrow_and_update().clone())
    }

    /// Waits until the status is as asked, and returns it; `None` if it never will be.
    ///
    /// # Cancel safety
    /// Nothing is missed when the future is dropped.
    pub async fn wait_for(&mut self, wanted: impl FnMut(&Status) -> bool) -> Option<Status> {
        Some(self.receiver.wait_for(wanted).await.ok()?.clone())
    }
}

/// Something the client has to say that belongs to no subscription.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Notice {
    /// The status changed.
    Status(Status),
    /// The server sent an error that names no topic, or none that is subscribed to.
    ServerError(Error),
    /// A subscription was not confirmed in time and is asked for once more.
    SubscribeRetried {
        /// The topic as it was sent.
        topic: String,
    },
    /// A message that nobody waited for was not sent: it expired before there was a connection, or was only to be sent
    /// over one.
    MessageDropped(Error),
    /// A frame of a kind this version does not know arrived.
    UnknownFrame {
        /// Its `type`, if it has one.
        kind: Option<String>,
    },
    /// This many notices were dropped here because they were not read.
    Lagged(u64),
}

/// Every [`Notice`], in order. Holds up to 1,024; of more, the oldest go.
#[derive(Debug)]
pub struct Notices {
    buffer: Arc<Buffer<Notice>>,
}

impl Notices {
    /// The next notice; `None` once the client is gone.
    ///
    /// # Cancel safety
    /// Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<Notice> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl Stream for Notices {
    type Item = Notice;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Notice>> {
        self.buffer.poll_pop(cx).map(|entry| {
            Some(match entry? {
                Ok(Item::Message(notice)) => notice,
                Ok(Item::Lagged(count)) => Notice::Lagged(count),
                Ok(Item::Gap(_)) => Notice::Lagged(0),
                Err(error) => Notice::ServerError(error),
            })
        })
    }
}

impl Drop for Notices {
    fn drop(&mut self) {
        self.buffer.abandon();
    }
}

const NOTICES: usize = 1024;

/// Tells everyone who listens.
#[derive(Debug)]
pub(crate) struct Announcer {
    status: watch::Sender<Status>,
    listeners: Mutex<Vec<Weak<Buffer<Notice>>>>,
    ended: Mutex<bool>,
}

impl Announcer {
    pub(crate) fn new() -> Self {
        Self {
            status: watch::Sender::new(Status::Idle),
            listeners: Mutex::default(),
            ended: Mutex::new(false),
        }
    }

    pub(crate) fn watch(&self) -> StatusWatch {
        StatusWatch::new(self.status.subscribe())
    }

    pub(crate) fn current(&self) -> Status {
        self.status.borrow().clone()
    }

    pub(crate) fn notices(&self, task: &Arc<TaskWaker>) -> Notices {
        let buffer = Arc::new(Buffer::new(
            NOTICES,
            Backpressure::DropOldest,
            Arc::clone(task),
        ));
        let ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        if *ended {
            buffer.end();
        } else {
            self.listeners
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(Arc::downgrade(&buffer));
        }
        Notices { buffer }
    }

    pub(crate) fn status(&self, status: Status) {
        #[cfg(feature = "tracing")]
        match status.cause() {
            Some(cause) => {
                tracing::info!(target: "aerostack_realtime", ?status, error = %cause, "status");
            }
            None => tracing::info!(target: "aerostack_realtime", ?status, "status"),
        }
        self.notice(|| Notice::Status(status.clone()));
        self.status.send_replace(status);
    }

    pub(crate) fn notice(&self, notice: impl Fn() -> Notice) {
        self.listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .retain(|listener| {
                listener.upgrade().is_some_and(|buffer| {
                    buffer.push(notice());
                    true
                })
            });
    }

    /// Ends every stream of notices.
    pub(crate) fn end(&self) {
        *self.ended.lock().unwrap_or_else(PoisonError::into_inner) = true;
        let mut listeners = self
            .listeners
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        for buffer in listeners
            .drain(..)
            .filter_map(|listener| listener.upgrade())
        {
            buffer.end();
        }
    }
}

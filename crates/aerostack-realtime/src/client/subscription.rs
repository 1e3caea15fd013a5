//! Streams of messages.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use futures_core::Stream;
use tokio::sync::watch;

use crate::{
    counters::add,
    error::{Error, ErrorKind},
    protocol::{
        decode::Convert,
        message::Item,
        presence::{Member, PresenceEvent, SharedMembers, lock},
    },
    queue::{
        inbound::Buffer,
        subscriber::{Delivery, SubscriptionState},
    },
    shared::Shared,
};

/// What all streams of this crate have in common.
pub(crate) struct Consumer {
    pub(crate) id: u64,
    pub(crate) buffer: Arc<Buffer<Delivery>>,
    pub(crate) state: watch::Receiver<SubscriptionState>,
    pub(crate) shared: Arc<Shared>,
}

impl Consumer {
    /// Waits for the server's confirmation.
    pub(crate) async fn active(&mut self) -> Result<(), Error> {
        let state = self
            .state
            .wait_for(|state| !matches!(state, SubscriptionState::Pending))
            .await
            .map_err(|_| Error::closed())?;
        match &*state {
            SubscriptionState::Failed(error) => Err(error.clone()),
            SubscriptionState::Closed => Err(Error::closed()),
            _ => Ok(()),
        }
    }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        self.buffer.abandon();
        self.shared.queue.release_subscription(self.id);
    }
}

/// Messages of a channel, decoded as they are read.
///
/// A stream of `Result<Item<T>, Error>`. It yields messages in the order they arrived, one [`Item::Gap`] for every
/// interruption, [`Item::Lagged`] where messages were dropped because it was not read fast enough, and errors that
/// concern it. An error does not end it unless the client is at its end or its
/// [policy](crate::Backpressure::Fail) is to fail.
///
/// Dropping it ends the subscription; the last one of a channel to go takes it off the wire. It does not keep the
/// client alive: it ends when the last [`Realtime`](crate::Realtime) and [`Channel`](crate::Channel) are dropped.
///
/// # Cancel safety
/// Reading it with [`next`](Self::next), or as a `Stream`, loses nothing when the future is dropped.
#[must_use = "a subscription ends when it is dropped"]
pub struct Subscription<T> {
    consumer: Consumer,
    convert: Convert<T>,
    /// The name of the events it is of, if it is of one.
    event: Option<Arc<str>>,
}

impl<T> Subscription<T> {
    pub(crate) fn new(consumer: Consumer, convert: Convert<T>, event: Option<Arc<str>>) -> Self {
        Self {
            consumer,
            convert,
            event,
        }
    }

    /// The next item; `None` once the client is closed.
    ///
    /// # Cancel safety
    /// Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<Result<Item<T>, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// How the subscription is doing.
    pub fn state(&self) -> SubscriptionState {
        self.consumer.state.borrow().clone()
    }

    pub(crate) fn watch_state(&self) -> watch::Receiver<SubscriptionState> {
        self.consumer.state.clone()
    }

    /// Waits until the server has confirmed the subscription on the present connection.
    ///
    /// # Errors
    /// [`ErrorKind::SubscribeTimeout`] when it did not answer twice, [`ErrorKind::Server`] when it refused,
    /// [`ErrorKind::Unauthorized`] when it refuses the client, [`ErrorKind::Closed`] when the client is closed. While
    /// there is no connection this waits.
    ///
    /// # Cancel safety
    /// Nothing is lost when the future is dropped.
    pub async fn active(&mut self) -> Result<(), Error> {
        self.consumer.active().await
    }
}

impl<T> Stream for Subscription<T> {
    type Item = Result<Item<T>, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let convert = self.convert;
        self.consumer.buffer.poll_pop(cx).map(|entry| {
            let entry = entry?.and_then(|item| {
                item.try_map(|delivery| match delivery {
                    Delivery::Message(message) => convert(message, self.event.as_ref()),
                    Delivery::Presence(_) => Err(Error::new(
                        ErrorKind::Decode,
                        "a presence event reached a stream of messages",
                    )),
                })
            });
            if let Err(error) = &entry
                && error.kind() == ErrorKind::Decode
            {
                add(&self.consumer.shared.counters.decode_errors, 1);
            }
            Some(entry)
        })
    }
}

impl<T> fmt::Debug for Subscription<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

/// Who is on a channel, and who comes and goes.
///
/// A stream of `Result<Item<PresenceEvent>, Error>`, with a snapshot beside it that is always current, whether the
/// stream is read or not. When events were dropped for slowness, the stream goes on with a whole
/// [`Snapshot`](PresenceEvent::Snapshot).
///
/// The list starts, and starts anew after every interruption, with the server's own, which this crate takes in every form
/// its authors found. Whether the platform always sends one is not known. Without it, those who left during an
/// interruption stay in the list; the [`Gap`](crate::Item::Gap) says that this may be so.
///
/// Members are told apart by connection; [`users`](Self::users) and [`by_user`](Self::by_user) count people.
#[must_use = "a subscription ends when it is dropped"]
pub struct PresenceStream {
    consumer: Consumer,
    members: watch::Receiver<Option<SharedMembers>>,
}

impl PresenceStream {
    pub(crate) fn new(consumer: Consumer, members: watch::Receiver<Option<SharedMembers>>) -> Self {
        Self { consumer, members }
    }

    /// The next item; `None` once the client is closed.
    ///
    /// # Cancel safety
    /// Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<Result<Item<PresenceEvent>, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// Everyone present, as the server last said.
    pub fn members(&self) -> Vec<Member> {
        self.members
            .borrow()
            .as_ref()
            .map(|members| lock(members).snapshot())
            .unwrap_or_default()
    }

    /// One member for each user, whatever the number of their connections; members without a user count for themselves.
    pub fn users(&self) -> Vec<Member> {
        let mut seen = std::collections::HashSet::new();
        self.members()
            .into_iter()
            .filter(|member| {
                member
                    .user_id()
                    .is_none_or(|user| seen.insert(user.to_owned()))
            })
            .collect()
    }

    /// How the subscription is doing.
    pub fn state(&self) -> SubscriptionState {
        self.consumer.state.borrow().clone()
    }

    /// Waits until the server has confirmed the subscription; see [`Subscription::active`].
    ///
    /// # Errors
    /// As [`Subscription::active`].
    ///
    /// # Cancel safety
    /// Nothing is lost when the future is dropped.
    pub async fn active(&mut self) -> Result<(), Error> {
        self.consumer.active().await
    }
}

impl Stream for PresenceStream {
    type Item = Result<Item<PresenceEvent>, Error>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.consumer.buffer.poll_pop(cx).map(|entry| {
            Some(entry?.and_then(|item| {
                item.try_map(|delivery| match delivery {
                    Delivery::Presence(event) => Ok(event),
                    Delivery::Message(_) => Err(Error::new(
                        ErrorKind::Decode,
                        "a message reached a stream of presence events",
                    )),
                })
            }))
        })
    }
}

impl fmt::Debug for PresenceStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PresenceStream")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

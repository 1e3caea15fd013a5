//! Rows of one operation, without what else a subscription may say in between.

use std::{
    fmt,
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_core::Stream;
use serde::Serialize;

use crate::{
    client::{channel::Subscribe, subscription::Subscription},
    error::Error,
    protocol::message::{Gap, Item},
    queue::{inbound::Backpressure, subscriber::SubscriptionState},
};

/// A subscription to rows, about to be made. From [`Channel::inserts`](crate::Channel::inserts) and its neighbors.
#[must_use = "nothing is subscribed until `subscribe` or `attach` is awaited"]
pub struct SubscribeRows<T>(Subscribe<T>);

impl<T> SubscribeRows<T> {
    pub(crate) fn new(subscribe: Subscribe<T>) -> Self {
        Self(subscribe)
    }

    /// Only rows whose column has this value; see [`Subscribe::filter`].
    pub fn filter(mut self, column: &str, value: impl Serialize) -> Self {
        self.0.narrow(column, &value);
        self
    }

    /// How many rows may wait unread; see [`Subscribe::buffer`].
    pub fn buffer(self, rows: usize) -> Self {
        Self(self.0.buffer(rows))
    }

    /// What happens when they are more; see [`Subscribe::backpressure`].
    pub fn backpressure(self, policy: Backpressure) -> Self {
        Self(self.0.backpressure(policy))
    }

    /// Subscribes and waits until the server has confirmed it.
    ///
    /// # Errors
    /// As [`Subscribe::subscribe`].
    ///
    /// # Cancel safety
    /// Dropped, there is no subscription.
    pub async fn subscribe(self) -> Result<Rows<T>, Error> {
        Ok(Rows::new(self.0.subscribe().await?))
    }

    /// Subscribes without waiting for the server.
    ///
    /// # Errors
    /// As [`Subscribe::attach`].
    ///
    /// # Cancel safety
    /// Dropped, there is no subscription.
    pub async fn attach(self) -> Result<Rows<T>, Error> {
        Ok(Rows::new(self.0.attach().await?))
    }
}

impl<T> fmt::Debug for SubscribeRows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SubscribeRows").field(&self.0).finish()
    }
}

/// What may be missing from [`Rows`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Missed {
    /// The connection was lost: changes of this time may be missing. Several interruptions are one from the first to the
    /// last.
    pub gap: Option<Gap>,
    /// Rows that were dropped because the stream was not read fast enough.
    pub lagged: u64,
}

/// Rows of a table as they are inserted, updated or deleted.
///
/// A `Stream` of `Result<T, Error>`, for which [`next`](Self::next) needs no import. An error does not end it. Changes are
/// lost while there is no connection; whoever must know asks [`take_missed`](Self::take_missed) after each row, and then
/// reads the table again.
#[must_use = "a subscription ends when it is dropped"]
pub struct Rows<T> {
    subscription: Subscription<T>,
    missed: Option<Missed>,
}

impl<T> Rows<T> {
    fn new(subscription: Subscription<T>) -> Self {
        Self {
            subscription,
            missed: None,
        }
    }

    /// The next row; `None` once the client is closed.
    ///
    /// # Cancel safety
    /// Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// Waits until the server has confirmed the subscription on the present connection; see [`Subscription::active`].
    ///
    /// # Errors
    /// As [`Subscription::active`].
    ///
    /// # Cancel safety
    /// Nothing is lost when the future is dropped.
    pub async fn active(&mut self) -> Result<(), Error> {
        self.subscription.active().await
    }

    /// What may be missing before the row that was yielded last, since this was asked last.
    pub fn take_missed(&mut self) -> Option<Missed> {
        self.missed.take()
    }

    /// How the subscription is doing.
    pub fn state(&self) -> SubscriptionState {
        self.subscription.state()
    }
}

impl Missed {
    fn note(&mut self, gap: Gap) {
        match &mut self.gap {
            None => self.gap = Some(gap),
            Some(known) => {
                known.to = gap.to;
                known.recovery = gap.recovery;
                known.interruptions += gap.interruptions;
            }
        }
    }
}

impl<T> Stream for Rows<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let item = ready!(Pin::new(&mut self.subscription).poll_next(cx));
            match item {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(Item::Message(row))) => return Poll::Ready(Some(Ok(row))),
                Some(Ok(Item::Gap(gap))) => {
                    self.missed.get_or_insert_default().note(gap);
                }
                Some(Ok(Item::Lagged(count))) => {
                    self.missed.get_or_insert_default().lagged += count;
                }
            }
        }
    }
}

impl<T> fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("subscription", &self.subscription)
            .field("missed", &self.missed)
            .finish()
    }
}

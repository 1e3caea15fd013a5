//! Snapshot, then stream: for state the history does not keep.

use std::{
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll},
};

use futures_core::Stream;

use crate::{
    client::subscription::Subscription,
    error::Error,
    protocol::message::{Gap, Item, Recovery},
};

/// Why a snapshot is due.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResyncReason {
    /// The stream begins.
    Start,
    /// Messages are missing that could not be recovered.
    Gap(Gap),
    /// This many messages were dropped because the stream was not read fast enough.
    Lagged(u64),
}

/// A subscription whose consumer reads the whole anew whenever something is missing; see
/// [`Subscription::resync`].
#[must_use = "a subscription ends when it is dropped"]
pub struct Resync<T, F, Fut> {
    subscription: Subscription<T>,
    callback: F,
    running: Option<Pin<Box<Fut>>>,
    started: bool,
    held: Option<Result<Item<T>, Error>>,
}

impl<T> Subscription<T> {
    /// Runs a callback once now and once for every gap that was not recovered and every lag, before anything newer is
    /// yielded. What arrives while it runs waits in the stream's buffer, so that nothing falls between the snapshot it
    /// takes and the stream; the same change may be in both.
    ///
    /// ```no_run
    /// # async fn query_all() -> Vec<u32> { Vec::new() }
    /// # async fn run(orders: aerostack_realtime::Channel) -> Result<(), aerostack_realtime::Error> {
    /// let changes = orders.changes::<serde_json::Value>().subscribe().await?;
    /// let mut changes = changes.resync(|reason| async move {
    ///     println!("{reason:?}: reading the table");
    ///     let _rows = query_all().await;
    /// });
    /// while let Some(item) = changes.next().await {
    ///     // Changes since the snapshot.
    /// #   let _ = item?;
    /// }
    /// # Ok(()) }
    /// ```
    pub fn resync<F, Fut>(self, callback: F) -> Resync<T, F, Fut>
    where
        F: FnMut(ResyncReason) -> Fut,
        Fut: Future<Output = ()>,
    {
        Resync {
            subscription: self,
            callback,
            running: None,
            started: false,
            held: None,
        }
    }
}

impl<T, F, Fut> Resync<T, F, Fut>
where
    F: FnMut(ResyncReason) -> Fut,
    Fut: Future<Output = ()>,
{
    /// The next item, once no snapshot is due; `None` once the client is closed.
    ///
    /// # Cancel safety
    /// Nothing is lost when the future is dropped: a callback under way goes on with the next call.
    pub async fn next(&mut self) -> Option<Result<Item<T>, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl<T, F, Fut> Unpin for Resync<T, F, Fut> {}

impl<T, F, Fut> Stream for Resync<T, F, Fut>
where
    F: FnMut(ResyncReason) -> Fut,
    Fut: Future<Output = ()>,
{
    type Item = Result<Item<T>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if !this.started {
            this.started = true;
            this.running = Some(Box::pin((this.callback)(ResyncReason::Start)));
        }
        loop {
            if let Some(running) = &mut this.running {
                std::task::ready!(running.as_mut().poll(cx));
                this.running = None;
            }
            if let Some(held) = this.held.take() {
                return Poll::Ready(Some(held));
            }
            let Some(item) = std::task::ready!(Pin::new(&mut this.subscription).poll_next(cx))
            else {
                return Poll::Ready(None);
            };
            let reason = match &item {
                Ok(Item::Gap(gap)) if gap.recovery != Recovery::Complete => {
                    ResyncReason::Gap(gap.clone())
                }
                Ok(Item::Lagged(count)) => ResyncReason::Lagged(*count),
                _ => return Poll::Ready(Some(item)),
            };
            this.running = Some(Box::pin((this.callback)(reason)));
            this.held = Some(item);
        }
    }
}

impl<T, F, Fut> fmt::Debug for Resync<T, F, Fut> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resync")
            .field("subscription", &self.subscription)
            .field("running", &self.running.is_some())
            .finish_non_exhaustive()
    }
}

//! Handlers in place of streams.

use std::{fmt, future::poll_fn, pin::pin};

use futures_core::Stream;
use tokio::{
    runtime::Handle,
    sync::{oneshot, watch},
    task::AbortHandle,
};

use super::{Channel, Subscribe};
use crate::{
    error::{Error, ErrorKind},
    protocol::{
        decode,
        filter::Selector,
        message::{Item, Message, MessageKind, Operation},
    },
    queue::subscriber::SubscriptionState,
    transport::history::HistoryMessage,
};

impl Channel {
    /// Calls a handler with every message of one kind, as the official clients do: `INSERT`, `UPDATE` or `DELETE` for
    /// changes of a table's rows, `*` for everything, any other text for the events of this name.
    ///
    /// ```no_run
    /// # async fn run(realtime: aerostack_realtime::Realtime) -> Result<(), aerostack_realtime::Error> {
    /// let orders = realtime.channel("orders")?;
    /// orders.on("INSERT", |message| println!("{}", message.data()))?.active().await?;
    /// # Ok(()) }
    /// ```
    ///
    /// The handler runs on a task of its own, one message after the other, and goes on until the client is closed or
    /// [`Listener::stop`] is called; dropping the [`Listener`] changes nothing. It should be quick: hand longer work to a
    /// channel or a task. It is not told of interruptions and of messages that were dropped; where those matter, read
    /// [`changes`](Self::changes) or [`events`](Self::events), which also decode.
    ///
    /// # Errors
    /// [`Configuration`](ErrorKind::Configuration) outside of a tokio runtime.
    #[doc(alias = "listen")]
    #[doc(alias = "add_listener")]
    pub fn on<F>(&self, event: impl AsRef<str>, handler: F) -> Result<Listener, Error>
    where
        F: FnMut(Message) + Send + 'static,
    {
        let runtime = Handle::try_current().map_err(|source| {
            Error::new(
                ErrorKind::Configuration,
                "a handler needs a tokio runtime to run on",
            )
            .with_source(source)
        })?;
        let selector = match event.as_ref() {
            "*" => Selector::default(),
            "INSERT" => change(Operation::Insert),
            "UPDATE" => change(Operation::Update),
            "DELETE" => change(Operation::Delete),
            name => Selector {
                event: Some(name.into()),
                ..Selector::of(MessageKind::Event)
            },
        };
        let (sender, attached) = oneshot::channel();
        let subscribe = Subscribe::new(self, selector, decode::raw);
        let task = runtime.spawn(listen(subscribe, sender, handler));
        Ok(Listener {
            channel: self.clone(),
            attached,
            task: task.abort_handle(),
        })
    }

    /// The newest messages of the history.
    ///
    /// # Errors
    /// Those of [`History::collect`](crate::History::collect).
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    #[doc(hidden)]
    #[deprecated(note = "this is `history().collect(limit)` here")]
    pub async fn get_history(&self, limit: usize) -> Result<Vec<HistoryMessage>, Error> {
        self.history().collect(limit).await
    }
}

fn change(operation: Operation) -> Selector {
    Selector {
        operations: vec![operation],
        ..Selector::of(MessageKind::Change)
    }
}

type Attached = Result<watch::Receiver<SubscriptionState>, Error>;

async fn listen(
    subscribe: Subscribe<Message>,
    attached: oneshot::Sender<Attached>,
    mut handler: impl FnMut(Message),
) {
    // The channel goes with `subscribe`: a handler does not keep its client alive.
    let subscription = match subscribe.attach().await {
        Ok(subscription) => subscription,
        Err(error) => {
            let _ = attached.send(Err(error));
            return;
        }
    };
    let _ = attached.send(Ok(subscription.watch_state()));
    let mut subscription = pin!(subscription);
    while let Some(item) = poll_fn(|cx| subscription.as_mut().poll_next(cx)).await {
        if let Ok(Item::Message(message)) = item {
            handler(message);
        }
    }
}

/// A handler that was set with [`Channel::on`].
pub struct Listener {
    channel: Channel,
    attached: oneshot::Receiver<Attached>,
    task: AbortHandle,
}

impl Listener {
    /// Waits until the server has confirmed the subscription, so that no later message is missed.
    ///
    /// # Errors
    /// Those of [`Subscribe::subscribe`]. The handler stays set: it becomes active with the next connection.
    ///
    /// # Cancel safety
    /// The handler stays set when the future is dropped.
    pub async fn active(self) -> Result<(), Error> {
        let mut state = self.attached.await.map_err(|_| Error::closed())??;
        let realtime = self.channel.realtime.clone();
        let settled = async {
            let state = state
                .wait_for(|state| !matches!(state, SubscriptionState::Pending))
                .await
                .map_err(|_| Error::closed())?;
            match &*state {
                SubscriptionState::Failed(error) => Err(error.clone()),
                SubscriptionState::Closed => Err(Error::closed()),
                _ => Ok(()),
            }
        };
        tokio::select! {
            biased;
            settled = settled => settled,
            error = realtime.first_failure() => Err(error),
        }
    }

    /// Ends the handler. A message that it is being called with is its last.
    pub fn stop(self) {
        self.task.abort();
    }
}

impl fmt::Debug for Listener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listener")
            .field("channel", &self.channel)
            .field("ended", &self.task.is_finished())
            .finish_non_exhaustive()
    }
}

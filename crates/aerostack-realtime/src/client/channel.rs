//! A channel and the ways to listen to it.

mod listener;

use std::{
    fmt,
    marker::PhantomData,
    sync::{Arc, OnceLock, atomic::Ordering::Relaxed},
};

use serde::{Serialize, de::DeserializeOwned};
use tokio::sync::watch;

use crate::{
    client::{
        Realtime,
        history::History,
        publish::Publish,
        rows::SubscribeRows,
        subscription::{Consumer, PresenceStream, Subscription},
    },
    error::Error,
    protocol::{
        decode::{self, Change, ChatMessage, Convert, Event, Update},
        filter::{Filter, Selector},
        frame::outbound::{self, PublishFrames},
        message::{Message, MessageKind, Operation},
        presence::SharedMembers,
        topic::{Name, validate_event},
    },
    queue::{
        command::Command,
        inbound::{Backpressure, Buffer},
        subscriber::{Subscriber, SubscriptionState},
    },
};

pub use listener::Listener;

/// A channel: a table's changes, a path of events, a chat room.
///
/// Cheap to clone, and a handle of the client: it keeps the connection. Making one costs nothing on the wire; listening
/// does. Any number of streams on one channel share one subscription on the wire.
#[derive(Clone)]
pub struct Channel {
    realtime: Realtime,
    name: Name,
    /// Made at the first publishing that knows the whole topic.
    frames: OnceLock<Arc<PublishFrames>>,
}

impl Channel {
    pub(crate) fn new(realtime: Realtime, name: Name) -> Self {
        Self {
            realtime,
            name,
            frames: OnceLock::new(),
        }
    }

    /// The topic on the wire, as far as it is known: without a project id it is the short form.
    pub fn topic(&self) -> String {
        self.name.wire(self.realtime.project().as_deref())
    }

    fn frames(&self) -> Arc<PublishFrames> {
        if let Some(frames) = self.frames.get() {
            return Arc::clone(frames);
        }
        let project = self.realtime.project();
        let frames = Arc::new(PublishFrames::new(&self.name.wire(project.as_deref())));
        if project.is_some() {
            // Another thread may have been faster, with the same.
            let _ = self.frames.set(Arc::clone(&frames));
        }
        frames
    }

    /// Changes of a table's rows, decoded into `T`.
    ///
    /// The platform sends them within about 200 ms of the commit. It keeps none of them, so what happens during an
    /// interruption is told by a [`Gap`](crate::Item::Gap) and can only be read anew from the table.
    ///
    /// ```no_run
    /// # use serde::Deserialize;
    /// use aerostack_realtime::{Item, Operation, Realtime};
    ///
    /// #[derive(Deserialize)]
    /// struct Order { id: String, total: f64 }
    ///
    /// # async fn run(realtime: Realtime) -> Result<(), aerostack_realtime::Error> {
    /// let orders = realtime.channel("orders")?;
    /// let mut inserts = orders.changes::<Order>().on(Operation::Insert).subscribe().await?;
    /// while let Some(item) = inserts.next().await {
    ///     match item? {
    ///         Item::Message(change) => println!("{:?}", change.new.map(|order| order.total)),
    ///         Item::Gap(gap) => println!("missed changes since {:?}: query the table again", gap.from),
    ///         _ => {}
    ///     }
    /// }
    /// # Ok(()) }
    /// ```
    pub fn changes<T: DeserializeOwned>(&self) -> Subscribe<Change<T>> {
        Subscribe::new(
            self,
            Selector::of(MessageKind::Change),
            decode::change::<T, T>,
        )
    }

    /// Rows that are inserted into a table, decoded into `T`: the short form of [`changes`](Self::changes).
    ///
    /// ```no_run
    /// # #[derive(serde::Deserialize)] struct Order { id: i64 }
    /// # async fn run(realtime: aerostack_realtime::Realtime) -> Result<(), aerostack_realtime::Error> {
    /// let mut orders = realtime.channel("orders")?.inserts::<Order>().subscribe().await?;
    /// while let Some(order) = orders.next().await {
    ///     println!("order {}", order?.id);
    /// }
    /// # Ok(()) }
    /// ```
    ///
    /// What may be missing before a row is told by [`Rows::take_missed`](crate::Rows::take_missed).
    pub fn inserts<T: DeserializeOwned>(&self) -> SubscribeRows<T> {
        self.rows(Operation::Insert, decode::inserted::<T>)
    }

    /// Rows of a table that are updated, before and after; see [`inserts`](Self::inserts).
    pub fn updates<T: DeserializeOwned>(&self) -> SubscribeRows<Update<T>> {
        self.rows(Operation::Update, decode::updated::<T>)
    }

    /// Rows that are deleted from a table, as they were; see [`inserts`](Self::inserts). Where the platform sends no more
    /// than the key, only a type of just the key fits.
    pub fn deletes<T: DeserializeOwned>(&self) -> SubscribeRows<T> {
        self.rows(Operation::Delete, decode::deleted::<T>)
    }

    fn rows<T>(&self, operation: Operation, convert: Convert<T>) -> SubscribeRows<T> {
        let mut selector = Selector::of(MessageKind::Change);
        selector.operations.push(operation);
        SubscribeRows::new(Subscribe::new(self, selector, convert))
    }

    /// Events of one name, decoded into `T`. Names that begin with `presence:` are the protocol's own and are refused.
    pub fn events<T: DeserializeOwned>(&self, name: impl Into<String>) -> Subscribe<Event<T>> {
        let name = name.into();
        let mut subscribe =
            Subscribe::new(self, Selector::of(MessageKind::Event), decode::event::<T>);
        subscribe.error = validate_event(&name).err();
        subscribe.selector.event = Some(name.into());
        subscribe
    }

    /// Lines of a chat room.
    pub fn messages(&self) -> Subscribe<ChatMessage> {
        Subscribe::new(self, Selector::of(MessageKind::Chat), decode::chat)
    }

    /// Everything the channel carries, as it arrives.
    pub fn all(&self) -> Subscribe<Message> {
        Subscribe::new(self, Selector::default(), decode::raw)
    }

    /// Who is here, and who comes and goes.
    pub fn presence(&self) -> SubscribePresence {
        SubscribePresence {
            channel: self.clone(),
            capacity: self.realtime.limits().buffer,
        }
    }

    /// Publishes an event to everyone on the channel, which needs no subscription of one's own.
    ///
    /// Whether the platform sends one's own events back is not settled between its documents; expect either.
    pub fn publish(&self, event: impl AsRef<str>, data: impl Serialize) -> Publish {
        let (realtime, event) = (self.realtime.clone(), event.as_ref());
        match validate_event(event) {
            Ok(()) => Publish::event(realtime, &self.frames(), event, &data),
            Err(error) => Publish::refused(realtime, error),
        }
    }

    /// Publishes, or fails at once when the queue is full; see [`Publish::try_send`].
    ///
    /// # Errors
    /// As [`Publish::try_send`].
    pub fn try_publish(&self, event: impl AsRef<str>, data: impl Serialize) -> Result<(), Error> {
        self.publish(event, data).try_send()
    }

    /// Publishes and waits for the server's acknowledgement; see [`Publish::acked`].
    ///
    /// # Errors
    /// As [`PublishAcked`](crate::PublishAcked).
    ///
    /// # Cancel safety
    /// As [`Publish::sent`].
    pub async fn publish_acked(
        &self,
        event: impl AsRef<str>,
        data: impl Serialize,
    ) -> Result<(), Error> {
        self.publish(event, data).acked().await
    }

    /// Shows this connection to others on the channel, with a state, which must be a JSON object. Calling it again
    /// changes the state. It is shown again after every reconnect, until [`untrack`](Self::untrack).
    ///
    /// # Errors
    /// [`InvalidPayload`](crate::ErrorKind::InvalidPayload) when the state is no JSON object,
    /// [`Closed`](crate::ErrorKind::Closed) when the client is closed.
    ///
    /// # Cancel safety
    /// Dropped before it is done, the state may or may not be shown.
    pub async fn track(&self, state: impl Serialize) -> Result<(), Error> {
        let state = outbound::object(&state, "presence state")?;
        let name = self.name.clone();
        self.realtime
            .command(Command::Track {
                name,
                state: Some(state),
            })
            .await
    }

    /// Stops showing this connection.
    ///
    /// # Errors
    /// [`Closed`](crate::ErrorKind::Closed) when the client is closed.
    ///
    /// # Cancel safety
    /// Dropped before it is done, the connection may or may not be shown any longer.
    pub async fn untrack(&self) -> Result<(), Error> {
        let name = self.name.clone();
        self.realtime
            .command(Command::Track { name, state: None })
            .await
    }

    /// Messages the platform kept, newest first: events published with `persist`, and chat. Read over HTTP, so no
    /// connection is needed. How long they are kept depends on the project's plan.
    ///
    /// The history is asked for by whole topics. Without a project id, configured or
    /// [learnt](crate::Realtime::project_id), it is asked for the short form, and whether the platform completes that is
    /// not known.
    #[doc(alias = "get_history")]
    pub fn history(&self) -> History {
        self.realtime.history_of(self.topic())
    }

    fn attach(
        &self,
        selector: Selector,
        recover: bool,
        capacity: usize,
        policy: Backpressure,
        members: Option<watch::Sender<Option<SharedMembers>>>,
    ) -> (Consumer, Command) {
        let shared = self.realtime.shared();
        let id = shared.subscriptions.fetch_add(1, Relaxed);
        let buffer = Arc::new(Buffer::new(capacity, policy, Arc::clone(&shared.waker)));
        let state = watch::Sender::new(SubscriptionState::Pending);
        let consumer = Consumer {
            id,
            buffer: Arc::clone(&buffer),
            state: state.subscribe(),
            shared: Arc::clone(shared),
        };
        let command = Command::Subscribe {
            name: self.name.clone(),
            subscriber: Subscriber {
                id,
                buffer,
                selector,
                recover,
                state,
                members,
            },
        };
        (consumer, command)
    }
}

impl fmt::Debug for Channel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Channel").field(&self.topic()).finish()
    }
}

/// A subscription about to be made.
#[must_use = "nothing is subscribed until `subscribe` or `attach` is awaited"]
pub struct Subscribe<T> {
    channel: Channel,
    selector: Selector,
    recover: bool,
    capacity: usize,
    policy: Backpressure,
    convert: Convert<T>,
    error: Option<Error>,
}

impl<T> Subscribe<T> {
    /// Takes only rows whose column has this value.
    pub(crate) fn narrow(&mut self, column: &str, value: &impl Serialize) {
        let filter = self.selector.filter.get_or_insert_with(Filter::default);
        if let Err(error) = filter.add(column, value) {
            self.error.get_or_insert(error);
        }
    }

    fn new(channel: &Channel, selector: Selector, convert: Convert<T>) -> Self {
        Self {
            channel: channel.clone(),
            selector,
            recover: false,
            capacity: channel.realtime.limits().buffer,
            policy: Backpressure::default(),
            convert,
            error: None,
        }
    }

    /// How many messages may wait unread; 1,024 unless the client is set otherwise, and at least 1.
    pub fn buffer(mut self, messages: usize) -> Self {
        self.capacity = messages;
        self
    }

    /// What happens when they are more; [`Backpressure::DropOldest`] unless set.
    pub fn backpressure(mut self, policy: Backpressure) -> Self {
        self.policy = policy;
        self
    }

    /// After an interruption, fetches from the history what the platform kept of it and delivers it, oldest first and
    /// marked as recovered, before anything newer. Changes of tables are never kept.
    ///
    /// The gap item comes once the history has answered. Live messages wait for it, and if there are too many of them
    /// they no longer do and the gap stays [`Unavailable`](crate::Recovery::Unavailable); other streams wait for
    /// nothing.
    ///
    /// Live frames carry no id, so what was already delivered is recognized in the history by sender, name, content and
    /// time. The same thing said twice is recovered, unless it was said twice in one millisecond. Where live messages and
    /// their records bear different times, or none that can be read, the two cannot be told apart for certain, and the gap
    /// says [`Partial`](crate::Recovery::Partial). Where the platform keeps a message in another form than it sends it, a
    /// recovered message can repeat a live one; none is left out for it.
    pub fn recover(mut self) -> Self {
        self.recover = true;
        self
    }

    /// Subscribes and waits until the server has confirmed it.
    ///
    /// As long as there has never been a connection, the next attempt to make one that fails is the error here, unless
    /// the client is to [`wait_for_network`](crate::RealtimeBuilder::wait_for_network); [`attach`](Self::attach) does not
    /// wait at all. Once there was one, this waits for the next; the client's status says why.
    ///
    /// # Errors
    /// Why the first connection could not be made, such as [`Connect`](crate::ErrorKind::Connect);
    /// [`SubscribeTimeout`](crate::ErrorKind::SubscribeTimeout), [`Server`](crate::ErrorKind::Server) when the server
    /// refuses the topic, [`Unauthorized`](crate::ErrorKind::Unauthorized) when it refuses the client,
    /// [`Closed`](crate::ErrorKind::Closed).
    ///
    /// # Cancel safety
    /// Dropped, there is no subscription.
    pub async fn subscribe(self) -> Result<Subscription<T>, Error> {
        let realtime = self.channel.realtime.clone();
        let mut subscription = self.attach().await?;
        tokio::select! {
            biased;
            active = subscription.active() => active?,
            error = realtime.first_failure() => return Err(error),
        }
        Ok(subscription)
    }

    /// Subscribes without waiting for the server: the stream becomes live when there is a connection.
    ///
    /// # Errors
    /// [`Closed`](crate::ErrorKind::Closed), or [`InvalidName`](crate::ErrorKind::InvalidName).
    ///
    /// # Cancel safety
    /// Dropped, there is no subscription.
    pub async fn attach(self) -> Result<Subscription<T>, Error> {
        if let Some(error) = self.error {
            return Err(error);
        }
        let event = self.selector.event.clone();
        let (consumer, command) = self.channel.attach(
            self.selector,
            self.recover,
            self.capacity,
            self.policy,
            None,
        );
        self.channel.realtime.command(command).await?;
        Ok(Subscription::new(consumer, self.convert, event))
    }
}

impl<T: DeserializeOwned, Old> Subscribe<Change<T, Old>> {
    /// Decodes the row before a change into another type, for example one of just its key, which may be all that the
    /// platform sends of it.
    pub fn old<O: DeserializeOwned>(self) -> Subscribe<Change<T, O>> {
        Subscribe {
            channel: self.channel,
            selector: self.selector,
            recover: self.recover,
            capacity: self.capacity,
            policy: self.policy,
            convert: decode::change::<T, O>,
            error: self.error,
        }
    }
}

impl<T, Old> Subscribe<Change<T, Old>> {
    /// Only this operation; call it again to add another.
    pub fn on(mut self, operation: Operation) -> Self {
        self.selector.operations.push(operation);
        self
    }

    /// Only rows whose column has this value; call it again to narrow further. Applied by the server if it can, and in
    /// any case here.
    pub fn filter(mut self, column: &str, value: impl Serialize) -> Self {
        self.narrow(column, &value);
        self
    }
}

impl<T> fmt::Debug for Subscribe<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscribe")
            .field("channel", &self.channel)
            .field("selector", &self.selector)
            .field("recover", &self.recover)
            .field("capacity", &self.capacity)
            .field("policy", &self.policy)
            .field("yields", &PhantomData::<T>)
            .finish_non_exhaustive()
    }
}

/// A subscription to who is present, about to be made.
#[derive(Debug)]
#[must_use = "nothing is subscribed until `subscribe` or `attach` is awaited"]
pub struct SubscribePresence {
    channel: Channel,
    capacity: usize,
}

impl SubscribePresence {
    /// How many events may wait unread before they are replaced by a whole snapshot.
    pub fn buffer(mut self, events: usize) -> Self {
        self.capacity = events;
        self
    }

    /// Subscribes and waits until the server has confirmed it.
    ///
    /// # Errors
    /// As [`Subscribe::subscribe`].
    ///
    /// # Cancel safety
    /// Dropped, there is no subscription.
    pub async fn subscribe(self) -> Result<PresenceStream, Error> {
        let realtime = self.channel.realtime.clone();
        let mut stream = self.attach().await?;
        tokio::select! {
            biased;
            active = stream.active() => active?,
            error = realtime.first_failure() => return Err(error),
        }
        Ok(stream)
    }

    /// Subscribes without waiting for the server.
    ///
    /// # Errors
    /// As [`Subscribe::attach`].
    ///
    /// # Cancel safety
    /// Dropped, there is no subscription.
    pub async fn attach(self) -> Result<PresenceStream, Error> {
        let members = watch::Sender::new(None);
        let receiver = members.subscribe();
        let (consumer, command) = self.channel.attach(
            Selector::of(MessageKind::Presence),
            false,
            self.capacity,
            Backpressure::DropOldest,
            Some(members),
        );
        self.channel.realtime.command(command).await?;
        Ok(PresenceStream::new(consumer, receiver))
    }
}

//! Sending.

use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    time::Duration,
};

use aerostack_api::RawJson;
use tokio::{sync::oneshot, time::Instant};

use crate::{
    client::Realtime,
    error::Error,
    frame::outbound,
    outbound::{Outgoing, Waiter},
    topic::Name,
};

/// What is being sent.
enum Content {
    Event {
        name: Name,
        event: String,
        data: RawJson,
        persist: bool,
    },
    Chat {
        room: String,
        text: String,
        metadata: Option<RawJson>,
    },
}

/// A message on its way out. Await it, or one of its longer forms:
///
/// | | resolves when | knows |
/// | --- | --- | --- |
/// | `.await` | the queue has taken it | that it will be sent when there is a connection, unless it expires first |
/// | [`try_send`](Self::try_send) | at once | the same, or [`QueueFull`](crate::ErrorKind::QueueFull) |
/// | [`sent`](Self::sent) | it was written to the socket | that it left this machine |
/// | [`acked`](Publish::acked) | the server acknowledged it | that the server has it |
///
/// ```no_run
/// # async fn run(board: aerostack_realtime::Channel) -> Result<(), aerostack_realtime::Error> {
/// board.publish("pin-moved", &serde_json::json!({ "x": 4, "y": 9 })).await?;
/// board.publish("pin-dropped", &serde_json::json!({ "x": 4 })).persist().acked().await?;
/// # Ok(()) }
/// ```
#[must_use = "nothing is sent until this is awaited"]
pub struct Publish {
    realtime: Realtime,
    content: Result<Content, Error>,
    expires_in: Duration,
    only_connected: bool,
}

impl Publish {
    pub(crate) fn event(
        realtime: Realtime,
        name: Name,
        event: String,
        data: Result<RawJson, Error>,
    ) -> Self {
        let content = data.map(|data| Content::Event {
            name,
            event,
            data,
            persist: false,
        });
        Self::new(realtime, content)
    }

    pub(crate) fn refused(realtime: Realtime, error: Error) -> Self {
        Self::new(realtime, Err(error))
    }

    fn new(realtime: Realtime, content: Result<Content, Error>) -> Self {
        let expires_in = realtime.limits().expiry;
        Self {
            realtime,
            content,
            expires_in,
            only_connected: false,
        }
    }

    /// Has the platform keep the event, so that the history shows it and interruptions can be recovered from.
    pub fn persist(mut self) -> Self {
        if let Ok(Content::Event { persist, .. }) = &mut self.content {
            *persist = true;
        }
        self
    }

    /// How long the message may wait for a connection; 30 s unless the client is set otherwise.
    pub fn expires_in(mut self, wait: Duration) -> Self {
        self.expires_in = wait;
        self
    }

    /// Sends it over the present connection or not at all.
    pub fn only_if_connected(mut self) -> Self {
        self.only_connected = true;
        self
    }

    fn outgoing(self, waiter: Waiter) -> Result<(Realtime, Outgoing), Error> {
        let realtime = self.realtime;
        let (text, id) = match self.content? {
            Content::Event {
                name,
                event,
                data,
                persist,
            } => {
                let id = realtime.next_id();
                let topic = name.wire(realtime.project().as_deref());
                let text = outbound::publish(topic, event, data, persist, id.clone());
                (text, Some(id))
            }
            Content::Chat {
                room,
                text,
                metadata,
            } => (outbound::chat(room, text, metadata), None),
        };
        let now = Instant::now();
        let message = Outgoing {
            text,
            id,
            expires: now
                .checked_add(self.expires_in)
                .unwrap_or_else(|| now + Duration::from_secs(86_400 * 365)),
            only_connected: self.only_connected,
            waiter,
            counted: true,
        };
        Ok((realtime, message))
    }

    /// Puts the message into the queue, or fails at once.
    ///
    /// # Errors
    /// [`QueueFull`](crate::ErrorKind::QueueFull), [`NotConnected`](crate::ErrorKind::NotConnected),
    /// [`InvalidPayload`](crate::ErrorKind::InvalidPayload), [`InvalidName`](crate::ErrorKind::InvalidName) or
    /// [`Closed`](crate::ErrorKind::Closed). The message was not sent.
    pub fn try_send(self) -> Result<(), Error> {
        let (realtime, message) = self.outgoing(Waiter::Nobody)?;
        realtime.started()?.outbound.try_push(message)
    }

    /// Waits until the message was written to the socket.
    ///
    /// # Errors
    /// As [`try_send`](Self::try_send) but for a full queue, which is waited for;
    /// [`Expired`](crate::ErrorKind::Expired) when there was no connection in time, and
    /// [`Indeterminate`](crate::ErrorKind::Indeterminate) when it was lost while writing.
    ///
    /// # Cancel safety
    /// Dropped before the queue took the message, nothing is sent. Dropped later, it is sent all the same.
    pub async fn sent(self) -> Result<(), Error> {
        let (done, outcome) = oneshot::channel();
        let (realtime, message) = self.outgoing(Waiter::Sent(done))?;
        realtime.started()?.outbound.push(message).await?;
        outcome.await.unwrap_or_else(|_| Err(Error::closed()))
    }

    async fn accepted(self) -> Result<(), Error> {
        let (realtime, message) = self.outgoing(Waiter::Nobody)?;
        realtime.started()?.outbound.push(message).await
    }
}

impl Publish {
    /// Waits for the server's acknowledgement, 5 s from sending unless set otherwise.
    pub fn acked(self) -> PublishAcked {
        let timeout = self.realtime.limits().ack_timeout;
        PublishAcked {
            publish: self,
            timeout,
            resend: false,
        }
    }
}

/// Puts the message into the queue, waiting for room.
///
/// # Cancel safety
/// Dropped before the queue took the message, nothing is sent.
impl IntoFuture for Publish {
    type Output = Result<(), Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.accepted())
    }
}

impl fmt::Debug for Publish {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Publish")
            .field("expires_in", &self.expires_in)
            .field("only_connected", &self.only_connected)
            .finish_non_exhaustive()
    }
}

/// A message whose acknowledgement is waited for; see [`Publish::acked`].
///
/// Awaited, it is `Ok` only if the server acknowledged this very message. Otherwise:
/// [`AckTimeout`](crate::ErrorKind::AckTimeout), [`Indeterminate`](crate::ErrorKind::Indeterminate) when the connection
/// was lost in between (in both cases the message may have taken effect), [`Expired`](crate::ErrorKind::Expired) when it
/// was never sent, [`Server`](crate::ErrorKind::Server) when the server refused it.
///
/// # Cancel safety
/// As [`Publish::sent`].
#[derive(Debug)]
#[must_use = "nothing is sent until this is awaited"]
pub struct PublishAcked {
    publish: Publish,
    timeout: Duration,
    resend: bool,
}

impl PublishAcked {
    /// How long to wait, counted from sending.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// If the connection is lost before the acknowledgement, sends the message again under the same id. Against a server
    /// that does not recognise ids the effect may then happen twice.
    pub fn retry(mut self) -> Self {
        self.resend = true;
        self
    }
}

impl IntoFuture for PublishAcked {
    type Output = Result<(), Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let (done, outcome) = oneshot::channel();
            let waiter = Waiter::Acked {
                done,
                timeout: self.timeout,
                resend: self.resend,
            };
            let (realtime, message) = self.publish.outgoing(waiter)?;
            realtime.started()?.outbound.push(message).await?;
            outcome.await.unwrap_or_else(|_| Err(Error::closed()))
        })
    }
}

/// A line for a chat room; see [`Realtime::send_chat`]. Always kept by the platform; it has no acknowledgement.
#[derive(Debug)]
#[must_use = "nothing is sent until this is awaited"]
pub struct SendChat(Publish);

impl SendChat {
    pub(crate) fn new(realtime: Realtime, room: String, text: String) -> Self {
        Self(Publish::new(
            realtime,
            Ok(Content::Chat {
                room,
                text,
                metadata: None,
            }),
        ))
    }

    pub(crate) fn refused(realtime: Realtime, error: Error) -> Self {
        Self(Publish::refused(realtime, error))
    }

    /// Sends an object along with the text.
    pub fn metadata<T: serde::Serialize + ?Sized>(mut self, value: &T) -> Self {
        if let Ok(Content::Chat { metadata, .. }) = &mut self.0.content {
            match outbound::object(value, "chat metadata") {
                Ok(json) => *metadata = Some(json),
                Err(error) => self.0.content = Err(error),
            }
        }
        self
    }

    /// How long the message may wait for a connection.
    pub fn expires_in(self, wait: Duration) -> Self {
        Self(self.0.expires_in(wait))
    }

    /// Sends it over the present connection or not at all.
    pub fn only_if_connected(self) -> Self {
        Self(self.0.only_if_connected())
    }

    /// Puts the message into the queue, or fails at once.
    ///
    /// # Errors
    /// As [`Publish::try_send`].
    pub fn try_send(self) -> Result<(), Error> {
        self.0.try_send()
    }

    /// Waits until the message was written to the socket.
    ///
    /// # Errors
    /// As [`Publish::sent`].
    ///
    /// # Cancel safety
    /// As [`Publish::sent`].
    pub async fn sent(self) -> Result<(), Error> {
        self.0.sent().await
    }
}

impl IntoFuture for SendChat {
    type Output = Result<(), Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        self.0.into_future()
    }
}

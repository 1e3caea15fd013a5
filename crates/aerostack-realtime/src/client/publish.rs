//! Sending.

use std::{
    fmt,
    future::{Future, IntoFuture},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use aerostack_api::RawJson;
use tokio::{sync::oneshot, task::coop};
use uuid::Uuid;

use crate::{
    client::Realtime,
    error::Error,
    protocol::frame::outbound::{self, PublishFrames},
    queue::send_queue::{Completion, OutgoingMessage, PendingAck},
};

/// What is being sent.
enum Content {
    Event {
        /// The whole frame.
        text: Vec<u8>,
        id: Uuid,
        persist: bool,
    },
    Chat {
        room: String,
        text: String,
        metadata: Option<RawJson>,
    },
}

/// A message on its way out. Await it, or one of its longer forms. A program that ends after its last message awaits
/// [`sent`](Self::sent) or [`Realtime::drain`]: what the queue alone has taken ends with the program.
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
    /// Whether accepting it uses up one of the operations tokio lets a task do before others get their turn.
    costs_budget: bool,
}

/// Accepting a message is so little that only one in so many counts as an operation of the task; the connection's task
/// then finds more to write in one go.
const BUDGET_EVERY: u64 = 4;

/// How often a message is sent again at most, if every connection is lost before the acknowledgement.
const RESENDS: u8 = 3;

impl Publish {
    pub(crate) fn event<T: serde::Serialize + ?Sized>(
        realtime: Realtime,
        frames: &PublishFrames,
        event: &str,
        data: &T,
    ) -> Self {
        let (sequence, id) = realtime.shared().ids.next();
        let mut buffer = Uuid::encode_buffer();
        let id_text: &str = id.hyphenated().encode_lower(&mut buffer);
        let content = frames
            .write(event, data, id_text)
            .map(|text| Content::Event {
                text,
                id,
                persist: false,
            });
        Self {
            costs_budget: sequence.is_multiple_of(BUDGET_EVERY),
            ..Self::new(realtime, content)
        }
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
            costs_budget: true,
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

    fn outgoing(
        self,
        completion: impl FnOnce(Uuid) -> Completion,
    ) -> Result<(Realtime, OutgoingMessage), Error> {
        let (text, id) = match self.content? {
            Content::Event {
                mut text,
                id,
                persist,
            } => {
                if persist {
                    outbound::persist(&mut text);
                }
                (text, id)
            }
            Content::Chat {
                room,
                text,
                metadata,
            } => (
                outbound::chat(&room, &text, metadata.as_ref()).into_bytes(),
                Uuid::nil(),
            ),
        };
        let message = OutgoingMessage {
            text,
            expires_in: self.expires_in,
            expires: None,
            completion: completion(id),
            only_connected: self.only_connected,
            counted: true,
        };
        Ok((self.realtime, message))
    }

    /// Puts the message into the queue, or fails at once.
    ///
    /// # Errors
    /// [`QueueFull`](crate::ErrorKind::QueueFull), [`NotConnected`](crate::ErrorKind::NotConnected),
    /// [`InvalidPayload`](crate::ErrorKind::InvalidPayload), [`InvalidName`](crate::ErrorKind::InvalidName) or
    /// [`Closed`](crate::ErrorKind::Closed). The message was not sent.
    pub fn try_send(self) -> Result<(), Error> {
        let (realtime, message) = self.outgoing(|_| Completion::Nobody)?;
        realtime.started()?.queue.try_push(message)
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
        let (realtime, message) = self.outgoing(|_| Completion::Sent(done))?;
        realtime.started()?.queue.push(message).await?;
        outcome.await.unwrap_or_else(|_| Err(realtime.gone()))
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
    type IntoFuture = SendFuture;

    fn into_future(self) -> Self::IntoFuture {
        SendFuture(Stage::New(self))
    }
}

/// What awaiting a [`Publish`] or [`SendChat`] polls. Where there is room, it neither waits nor allocates.
#[must_use = "nothing is sent until this is awaited"]
pub struct SendFuture(Stage);

enum Stage {
    New(Publish),
    Waiting(Pin<Box<dyn Future<Output = Result<(), Error>> + Send>>),
    Over,
}

impl Future for SendFuture {
    type Output = Result<(), Error>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Stage::New(publish) = &self.0 {
            // A loop that publishes without end lets others run.
            if publish.costs_budget {
                ready!(coop::poll_proceed(cx)).made_progress();
            }
            if let Stage::New(publish) = std::mem::replace(&mut self.0, Stage::Over) {
                let (realtime, message) = publish.outgoing(|_| Completion::Nobody)?;
                let Some(message) = realtime.started()?.queue.push_now(message)? else {
                    return Poll::Ready(Ok(()));
                };
                self.0 = Stage::Waiting(Box::pin(async move {
                    realtime.started()?.queue.push_in_turn(message).await
                }));
            }
        }
        match &mut self.0 {
            Stage::Waiting(waiting) => waiting.as_mut().poll(cx),
            // Polled again after it was ready; there is nothing left to do.
            Stage::New(_) | Stage::Over => Poll::Pending,
        }
    }
}

impl fmt::Debug for SendFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendFuture").finish_non_exhaustive()
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
/// PendingAck, it is `Ok` only if the server acknowledged this very message. Otherwise:
/// [`AckTimeout`](crate::ErrorKind::AckTimeout), [`Indeterminate`](crate::ErrorKind::Indeterminate) when the connection
/// was lost in between, with the loss as its source and the close code, if there was one (in both cases the message may
/// have taken effect), [`Expired`](crate::ErrorKind::Expired) when it
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
    /// How long to wait, counted from the first sending.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// If the connection is lost before the acknowledgement, sends the message again under the same id: at most 3 times,
    /// within the one timeout that counts from the first sending, and not after a close code that blames what was sent
    /// (1002, 1003, 1007, 1008, 1009). Against a server that does not recognize ids the effect may happen twice.
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
            let (timeout, resend) = (self.timeout, self.resend);
            let (realtime, message) = self.publish.outgoing(|id| {
                Completion::Acked(Box::new(PendingAck {
                    id: id.hyphenated().to_string().into(),
                    done,
                    timeout,
                    deadline: None,
                    resends: if resend { RESENDS } else { 0 },
                }))
            })?;
            realtime.started()?.queue.push(message).await?;
            outcome.await.unwrap_or_else(|_| Err(realtime.gone()))
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
    pub fn metadata(mut self, value: impl serde::Serialize) -> Self {
        if let Ok(Content::Chat { metadata, .. }) = &mut self.0.content {
            match outbound::object(&value, "chat metadata") {
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

/// # Cancel safety
/// As [`Publish`].
impl IntoFuture for SendChat {
    type Output = Result<(), Error>;
    type IntoFuture = SendFuture;

    fn into_future(self) -> Self::IntoFuture {
        self.0.into_future()
    }
}

//! What a subscription yields.

use std::{borrow::Cow, fmt, ops::Range, sync::Arc, time::SystemTime};

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::{
    error::Error,
    frame::inbound::{Envelope, Kind, string},
};

/// What changed in a table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// A row was added.
    Insert,
    /// A row was changed.
    Update,
    /// A row was removed.
    Delete,
    /// Something this version does not know, as it arrived.
    Unknown(String),
}

impl Operation {
    pub(crate) fn parse(text: &str) -> Self {
        match text {
            "INSERT" => Self::Insert,
            "UPDATE" => Self::Update,
            "DELETE" => Self::Delete,
            other => Self::Unknown(other.to_owned()),
        }
    }

    /// The operation as it is on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Unknown(text) => text,
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What kind a [`Message`] is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum MessageKind {
    /// A row of a table changed.
    Change,
    /// Someone published an event.
    Event,
    /// Someone wrote into a chat room.
    Chat,
    /// Someone came, changed or left.
    Presence,
    /// A kind this version does not know.
    Other,
}

/// A message as it arrived. Payloads are JSON text until asked for, so that no digit is lost.
///
/// `Debug` shows its kind, topic and size but not its content.
#[derive(Clone)]
pub struct Message {
    frame: Arc<str>,
    topic: Arc<str>,
    kind: MessageKind,
    name: Option<Name>,
    data: Span,
    old: Span,
    user_id: Span,
    timestamp: Option<i64>,
    recovered: bool,
}

#[derive(Clone)]
enum Name {
    Operation(Operation),
    Presence(Box<str>),
    Event(Range<u32>),
}

type Span = Option<Range<u32>>;

impl Message {
    /// Keeps a frame that is for subscribers; `None` for all others.
    pub(crate) fn new(
        frame: &str,
        envelope: &Envelope<'_>,
        kind: Kind,
        topic: &Arc<str>,
    ) -> Option<Self> {
        let span = |raw: Option<&RawValue>| {
            let raw = raw?.get();
            let start = (raw.as_ptr() as usize).checked_sub(frame.as_ptr() as usize)?;
            Some(u32::try_from(start).ok()?..u32::try_from(start + raw.len()).ok()?)
        };
        let (kind, name) = match kind {
            Kind::Change => (
                MessageKind::Change,
                envelope
                    .operation()
                    .map(|operation| Name::Operation(Operation::parse(&operation))),
            ),
            Kind::Event => (
                MessageKind::Event,
                span(envelope.event_raw()).map(Name::Event),
            ),
            Kind::Chat => (
                MessageKind::Chat,
                span(envelope.event_raw()).map(Name::Event),
            ),
            Kind::Presence => (
                MessageKind::Presence,
                envelope.kind().1.map(|name| Name::Presence(name.into())),
            ),
            Kind::Other => (
                MessageKind::Other,
                span(envelope.event_raw()).map(Name::Event),
            ),
            _ => return None,
        };
        Some(Self {
            topic: Arc::clone(topic),
            kind,
            name,
            data: span(envelope.data),
            old: span(envelope.old),
            user_id: span(envelope.user_id),
            timestamp: envelope.timestamp(),
            recovered: false,
            frame: Arc::from(frame),
        })
    }

    pub(crate) fn mark_recovered(&mut self) {
        self.recovered = true;
    }

    fn slice(&self, span: &Span) -> Option<&str> {
        let span = span.as_ref()?;
        self.frame.get(span.start as usize..span.end as usize)
    }

    /// The kind of message.
    pub fn kind(&self) -> MessageKind {
        self.kind
    }

    /// The whole topic, project id included.
    pub fn topic(&self) -> &str {
        &self.topic
    }

    /// The event's name, for an event.
    pub fn event(&self) -> Option<Cow<'_, str>> {
        match &self.name {
            Some(Name::Event(span)) => self
                .frame
                .get(span.start as usize..span.end as usize)
                .and_then(string),
            _ => None,
        }
    }

    /// What happened to the row, for a change.
    pub fn operation(&self) -> Option<&Operation> {
        match &self.name {
            Some(Name::Operation(operation)) => Some(operation),
            _ => None,
        }
    }

    pub(crate) fn presence(&self) -> Option<&str> {
        match &self.name {
            Some(Name::Presence(name)) => Some(name),
            _ => None,
        }
    }

    /// Who caused it, as far as the platform says.
    pub fn user_id(&self) -> Option<Cow<'_, str>> {
        self.slice(&self.user_id).and_then(string)
    }

    /// When it happened, in Unix milliseconds of the server's clock, if the server said so in a readable way.
    pub fn timestamp(&self) -> Option<i64> {
        self.timestamp
    }

    /// The payload, as JSON text; `null` when there is none.
    pub fn data(&self) -> &str {
        self.slice(&self.data).unwrap_or("null")
    }

    /// The row before the change, as JSON text.
    pub fn old(&self) -> Option<&str> {
        self.slice(&self.old)
    }

    /// The whole frame, as JSON text, with fields this version does not know.
    pub fn raw(&self) -> &str {
        &self.frame
    }

    /// Whether it was fetched from the history after an interruption.
    pub fn is_recovered(&self) -> bool {
        self.recovered
    }

    /// Decodes the payload.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) when it does not fit; the error keeps the JSON.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Error> {
        decode("the payload", self.data())
    }
}

pub(crate) fn decode<T: DeserializeOwned>(what: &str, json: &str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|source| Error::decode(what, source, json))
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("kind", &self.kind)
            .field("topic", &self.topic)
            .field("bytes", &self.frame.len())
            .field("recovered", &self.recovered)
            .finish_non_exhaustive()
    }
}

/// What was missed while there was no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gap {
    /// When the connection was lost, by this machine's clock.
    pub from: SystemTime,
    /// When the subscription was live again; reading the history may have taken longer.
    pub to: SystemTime,
    /// Whether the history could fill it.
    pub recovery: Recovery,
    /// Messages fetched from the history; they follow this item.
    pub recovered: usize,
    /// Interruptions this item stands for. More than one if the connection was lost again while the history was read, or
    /// if nobody read the stream for very many of them.
    pub interruptions: u32,
}

/// How much of a gap the history could fill.
///
/// The history keeps persisted events and chat messages and nothing else, so `Complete` speaks of those alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Recovery {
    /// Everything the history kept of that time follows.
    Complete,
    /// Some of it follows; more was kept than the limit allows, or reading it failed on the way.
    Partial,
    /// Nothing was or could be fetched. Changes of tables are never kept.
    Unavailable,
}

/// One item of a subscription.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Item<T> {
    /// A message.
    Message(T),
    /// The connection was lost and is back; messages of that time may be missing.
    Gap(Gap),
    /// This many messages were dropped at this place because the stream was not read fast enough.
    Lagged(u64),
}

impl<T> Item<T> {
    /// The message, if this is one.
    pub fn message(self) -> Option<T> {
        match self {
            Self::Message(message) => Some(message),
            _ => None,
        }
    }

    pub(crate) fn try_map<U, E>(self, map: impl FnOnce(T) -> Result<U, E>) -> Result<Item<U>, E> {
        Ok(match self {
            Self::Message(message) => Item::Message(map(message)?),
            Self::Gap(gap) => Item::Gap(gap),
            Self::Lagged(count) => Item::Lagged(count),
        })
    }
}

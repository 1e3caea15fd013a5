//! What a subscription yields.

use std::{borrow::Cow, fmt, sync::Arc, time::SystemTime};

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::{
    error::Error,
    protocol::{
        frame::inbound::{Envelope, Kind, string},
        time::unix_millis,
    },
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
    /// A copy of its own, not a part of the connection's buffer: a message may be kept, and a message of a hundred bytes
    /// must not keep 64 KiB.
    frame: Arc<str>,
    topic: Topic,
    name: Name,
    data: Span,
    old: Span,
    user_id: Span,
    timestamp: Span,
    kind: MessageKind,
    recovered: bool,
}

#[derive(Clone)]
enum Topic {
    At(Span),
    /// Where the frame writes it with escapes.
    Unescaped(Box<str>),
}

#[derive(Clone)]
enum Name {
    None,
    Insert,
    Update,
    Delete,
    /// An event's name, as it is in the frame.
    Event(Span),
    Rare(Box<Rare>),
}

/// Names that are rarer, kept apart so that every message is smaller.
#[derive(Clone)]
enum Rare {
    Operation(Operation),
    Presence(Box<str>),
    /// An event's name, where the frame writes it with escapes.
    Unescaped(Box<str>),
}

/// Where a value is in the frame. None is at its start, where the frame itself is.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Span {
    start: u32,
    end: u32,
}

impl Span {
    const NONE: Self = Self { start: 0, end: 0 };

    /// Where a part of the frame is in it.
    fn of(frame: &str, part: &str) -> Self {
        let place = || {
            let start = (part.as_ptr() as usize).checked_sub(frame.as_ptr() as usize)?;
            Some(Self {
                start: u32::try_from(start).ok()?,
                end: u32::try_from(start + part.len()).ok()?,
            })
        };
        place().unwrap_or(Self::NONE)
    }

    fn of_value(frame: &str, value: Option<&RawValue>) -> Self {
        value.map_or(Self::NONE, |value| Self::of(frame, value.get()))
    }
}

impl Message {
    /// Keeps a frame that is for subscribers; `None` for all others.
    pub(crate) fn new(frame: &str, envelope: &Envelope<'_>, kind: Kind) -> Option<Self> {
        let event = || match envelope.event() {
            None => Name::None,
            Some(Cow::Borrowed(name)) => Name::Event(Span::of(frame, name)),
            Some(Cow::Owned(name)) => Name::Rare(Box::new(Rare::Unescaped(name.into()))),
        };
        let operation = || match envelope.operation().as_deref() {
            None => Name::None,
            Some("INSERT") => Name::Insert,
            Some("UPDATE") => Name::Update,
            Some("DELETE") => Name::Delete,
            Some(other) => Name::Rare(Box::new(Rare::Operation(Operation::Unknown(other.into())))),
        };
        let presence = || match envelope.kind().1 {
            None => Name::None,
            Some(name) => Name::Rare(Box::new(Rare::Presence(name.into()))),
        };
        let (kind, name) = match kind {
            Kind::Change => (MessageKind::Change, operation()),
            Kind::Event => (MessageKind::Event, event()),
            Kind::Chat => (MessageKind::Chat, event()),
            Kind::Presence => (MessageKind::Presence, presence()),
            Kind::Other => (MessageKind::Other, event()),
            _ => return None,
        };
        let topic = match envelope.topic() {
            None => Topic::At(Span::NONE),
            Some(Cow::Borrowed(topic)) => Topic::At(Span::of(frame, topic)),
            Some(Cow::Owned(topic)) => Topic::Unescaped(topic.into()),
        };
        Some(Self {
            topic,
            kind,
            name,
            data: Span::of_value(frame, envelope.data),
            old: Span::of_value(frame, envelope.old),
            user_id: Span::of_value(frame, envelope.user_id),
            timestamp: Span::of_value(frame, envelope.timestamp),
            recovered: false,
            frame: Arc::from(frame),
        })
    }

    pub(crate) fn mark_recovered(&mut self) {
        self.recovered = true;
    }

    fn slice(&self, span: Span) -> Option<&str> {
        (span != Span::NONE)
            .then(|| self.frame.get(span.start as usize..span.end as usize))
            .flatten()
    }

    /// The kind of message.
    pub fn kind(&self) -> MessageKind {
        self.kind
    }

    /// The whole topic, project id included.
    pub fn topic(&self) -> &str {
        match &self.topic {
            Topic::At(span) => self.slice(*span).unwrap_or_default(),
            Topic::Unescaped(topic) => topic,
        }
    }

    /// The event's name, for an event.
    pub fn event(&self) -> Option<Cow<'_, str>> {
        self.event_text().map(Cow::Borrowed)
    }

    pub(crate) fn event_text(&self) -> Option<&str> {
        match &self.name {
            Name::Event(span) => self.slice(*span),
            Name::Rare(rare) => match &**rare {
                Rare::Unescaped(name) => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// What happened to the row, for a change.
    pub fn operation(&self) -> Option<&Operation> {
        match &self.name {
            Name::Insert => Some(&Operation::Insert),
            Name::Update => Some(&Operation::Update),
            Name::Delete => Some(&Operation::Delete),
            Name::Rare(rare) => match &**rare {
                Rare::Operation(operation) => Some(operation),
                _ => None,
            },
            _ => None,
        }
    }

    pub(crate) fn presence(&self) -> Option<&str> {
        match &self.name {
            Name::Rare(rare) => match &**rare {
                Rare::Presence(name) => Some(name),
                _ => None,
            },
            _ => None,
        }
    }

    /// Who caused it, as far as the platform says.
    pub fn user_id(&self) -> Option<Cow<'_, str>> {
        self.slice(self.user_id).and_then(string)
    }

    /// When it happened, in Unix milliseconds of the server's clock, if the server said so in a readable way.
    pub fn timestamp(&self) -> Option<i64> {
        self.slice(self.timestamp).and_then(unix_millis)
    }

    /// The payload, as JSON text; `null` when there is none.
    pub fn data(&self) -> &str {
        self.slice(self.data).unwrap_or("null")
    }

    /// The row before the change, as JSON text.
    pub fn old(&self) -> Option<&str> {
        self.slice(self.old)
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
            .field("topic", &self.topic())
            .field("bytes", &self.frame.len())
            .field("recovered", &self.recovered)
            .finish_non_exhaustive()
    }
}

/// What was missed while there was no connection.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gap {
    /// From when on messages may be missing, by this machine's clock: never later than the first of them was sent. It is
    /// when the last heartbeat left that the server answered before the connection was lost, so up to a heartbeat's
    /// interval (30 s unless set) before the loss.
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
    /// Some of it follows, or it cannot be told whether all does: more was kept than the limit allows or than the server
    /// gives in a page, reading it failed on the way, or what was delivered before cannot be told apart for certain,
    /// since its times are missing or differ from those of the history.
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

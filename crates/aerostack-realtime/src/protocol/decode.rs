//! Messages decoded into the caller's types.

use std::sync::Arc;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{
    error::{Error, ErrorKind},
    protocol::message::{Message, Operation, decode},
};

/// A changed row.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Change<T> {
    /// What happened.
    pub operation: Operation,
    /// The row after an insert or update.
    pub new: Option<T>,
    /// The row before an update or delete, as far as the platform sends it.
    pub old: Option<T>,
    /// The message itself.
    pub message: Message,
}

impl<T> Change<T> {
    /// The row: the new one if there is one, else the old one.
    pub fn row(&self) -> Option<&T> {
        self.new.as_ref().or(self.old.as_ref())
    }
}

/// A published event.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Event<T> {
    /// Its name.
    pub name: Arc<str>,
    /// Its payload.
    pub data: T,
    /// The message itself.
    pub message: Message,
}

/// A line in a chat room.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ChatMessage {
    /// The text.
    pub text: String,
    /// The metadata sent along, as JSON text.
    pub metadata: Option<String>,
    /// The message itself.
    pub message: Message,
}

/// Makes of a message what a stream yields. It is told the name of the events the stream is of, if it is of one, which
/// all of them then share.
pub(crate) type Convert<T> = fn(Message, Option<&Arc<str>>) -> Result<T, Error>;

pub(crate) fn change<T: DeserializeOwned>(
    message: Message,
    _: Option<&Arc<str>>,
) -> Result<Change<T>, Error> {
    let operation = message
        .operation()
        .cloned()
        .unwrap_or_else(|| Operation::Unknown(String::new()));
    let row = |json: &str| decode::<T>("the row", json);
    let old = message
        .old()
        .filter(|old| *old != "null")
        .map(row)
        .transpose()?;
    let (new, old) = match (&operation, old) {
        // A deleted row's `data` may hold no more than its key; it stands in only where there is no `old`.
        (Operation::Delete, Some(old)) => (None, Some(old)),
        (Operation::Delete, None) => (None, Some(row(message.data())?)),
        (_, old) => (Some(row(message.data())?), old),
    };
    Ok(Change {
        operation,
        new,
        old,
        message,
    })
}

pub(crate) fn event<T: DeserializeOwned>(
    message: Message,
    name: Option<&Arc<str>>,
) -> Result<Event<T>, Error> {
    Ok(Event {
        name: match name {
            Some(name) => Arc::clone(name),
            None => message.event_text().unwrap_or_default().into(),
        },
        data: message.decode()?,
        message,
    })
}

pub(crate) fn chat(message: Message, _: Option<&Arc<str>>) -> Result<ChatMessage, Error> {
    #[derive(Deserialize)]
    struct Line<'l> {
        text: String,
        #[serde(borrow, default)]
        metadata: Option<&'l RawValue>,
    }
    let (text, metadata) = match serde_json::from_str::<Line<'_>>(message.data()) {
        Ok(line) => (line.text, line.metadata.map(|raw| raw.get().to_owned())),
        Err(source) => {
            return Err(
                Error::new(ErrorKind::Decode, "the chat message holds no text")
                    .with_source(aerostack_api::DecodeError::from(source))
                    .with_raw(message.data()),
            );
        }
    };
    Ok(ChatMessage {
        text,
        metadata,
        message,
    })
}

pub(crate) fn raw(message: Message, _: Option<&Arc<str>>) -> Result<Message, Error> {
    Ok(message)
}

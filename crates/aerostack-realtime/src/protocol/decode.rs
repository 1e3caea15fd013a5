//! Messages decoded into the caller's types.

use std::sync::Arc;

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{
    error::{Error, ErrorKind},
    protocol::message::{Message, Operation},
};

/// A changed row.
///
/// Rows are decoded as those of a query are: 0 and 1 read as `bool`, for one, since SQLite has no booleans.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Change<T, Old = T> {
    /// What happened.
    pub operation: Operation,
    /// The row after an insert or update.
    pub new: Option<T>,
    /// The row before an update or delete, as far as the platform sends it: perhaps its key alone.
    pub old: Option<Old>,
    /// Why the row before does not fit its type, if it does not; the change is told all the same. A type for just the
    /// columns that arrive, with [`old`](crate::Subscribe::old), always fits.
    pub old_error: Option<Error>,
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

pub(crate) fn change<T: DeserializeOwned, Old: DeserializeOwned>(
    message: Message,
    _: Option<&Arc<str>>,
) -> Result<Change<T, Old>, Error> {
    let operation = message
        .operation()
        .cloned()
        .unwrap_or_else(|| Operation::Unknown(String::new()));
    let deleted = operation == Operation::Delete;
    let new = (!deleted).then(|| row(message.data())).transpose()?;
    // A deleted row's `data` may hold no more than its key; it stands in only where there is no `old`.
    let old = message
        .old()
        .filter(|old| *old != "null")
        .or(deleted.then(|| message.data()));
    let (old, old_error) = match old.map(row).transpose() {
        Ok(old) => (old, None),
        Err(error) => (None, Some(error)),
    };
    Ok(Change {
        operation,
        new,
        old,
        old_error,
        message,
    })
}

/// Decodes a row as those of a query are decoded.
fn row<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    aerostack_api::decode::decode(json).map_err(|mismatch| {
        Error::new(ErrorKind::Decode, mismatch.describe("the row"))
            .with_source(mismatch)
            .with_raw(json)
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

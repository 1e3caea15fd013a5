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

/// A row before and after an update. From [`Channel::updates`](crate::Channel::updates).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Update<T> {
    /// The row before, as far as the platform sends it and it fits.
    pub old: Option<T>,
    /// The row after.
    pub new: T,
}

pub(crate) fn inserted<T: DeserializeOwned>(
    message: Message,
    _: Option<&Arc<str>>,
) -> Result<T, Error> {
    row(message.data())
}

pub(crate) fn updated<T: DeserializeOwned>(
    message: Message,
    _: Option<&Arc<str>>,
) -> Result<Update<T>, Error> {
    Ok(Update {
        old: message.old().and_then(|old| row(old).ok()),
        new: row(message.data())?,
    })
}

pub(crate) fn deleted<T: DeserializeOwned>(
    message: Message,
    _: Option<&Arc<str>>,
) -> Result<T, Error> {
    row(message
        .old()
        .filter(|old| *old != "null")
        .unwrap_or(message.data()))
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::protocol::frame::inbound::Envelope;

    #[derive(Debug, PartialEq, Deserialize)]
    struct Row {
        id: i64,
        active: bool,
        score: f64,
        note: Option<String>,
        blob: Vec<u8>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Key {
        id: i64,
    }

    fn message(operation: &str, data: &serde_json::Value, old: &serde_json::Value) -> Message {
        let frame = json!({
            "type": "db_change", "topic": "t", "operation": operation, "data": data, "old": old,
        })
        .to_string();
        let envelope = Envelope::parse(&frame).unwrap();
        Message::new(&frame, &envelope, envelope.kind().0).unwrap()
    }

    #[test]
    fn promise_61_a_row_of_sqlite_reads_from_a_change_as_from_a_query() {
        let data = json!({"id": i64::MAX, "active": 1, "score": 3, "note": null, "blob": [0, 255]});
        let expected = Row {
            id: i64::MAX,
            active: true,
            score: 3.0,
            note: None,
            blob: vec![0, 255],
        };
        let query: Row = aerostack_api::decode::decode(&data.to_string()).unwrap();
        assert_eq!(query, expected);
        let change = message("INSERT", &data, &json!(null));
        assert_eq!(inserted::<Row>(change.clone(), None).unwrap(), expected);
        let change = super::change::<Row, Row>(change, None).unwrap();
        assert_eq!(change.new, Some(expected));
    }

    #[test]
    fn promise_61_an_old_row_that_does_not_fit_costs_no_change() {
        let data = json!({"id": 2, "active": 0, "score": 1.5, "note": "n", "blob": []});
        for old in [
            json!({}),
            json!({"id": 2}),
            json!({"id": 2, "active": 7}),
            json!("x"),
        ] {
            let update = message("UPDATE", &data, &old);
            let change = change::<Row, Row>(update.clone(), None).unwrap();
            assert!(change.new.is_some() && change.old.is_none(), "{old}");
            assert_eq!(change.old_error.unwrap().kind(), ErrorKind::Decode);
            let update = updated::<Row>(update, None).unwrap();
            assert!(update.old.is_none());
        }
        // A deletion of which no more than the key is told is told.
        let delete = message("DELETE", &json!({"id": 2}), &json!(null));
        let change = change::<Row, Row>(delete.clone(), None).unwrap();
        assert_eq!(change.operation, Operation::Delete);
        assert!(change.row().is_none() && change.old_error.is_some());
        let change = super::change::<Row, Key>(delete.clone(), None).unwrap();
        assert_eq!(change.old, Some(Key { id: 2 }));
        assert_eq!(deleted::<Key>(delete, None).unwrap(), Key { id: 2 });
    }

    #[test]
    fn promise_41_a_new_row_that_does_not_fit_is_an_error_that_keeps_it() {
        let change = message("INSERT", &json!({"id": "private"}), &json!(null));
        let error = super::change::<Row, Row>(change, None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Decode);
        assert!(error.raw().unwrap().contains("private"));
        assert!(
            !format!("{error} {error:?}").contains("private"),
            "{error:?}"
        );
    }
}

//! What is sent.

use aerostack_api::RawJson;
use serde::Serialize;
use serde_json::{Map, Value};

use super::generated::ClientFrame;
use crate::error::{Error, ErrorKind};

fn encode(frame: &ClientFrame) -> String {
    // Strings and JSON that was checked before can always be written.
    serde_json::to_string(frame).unwrap_or_default()
}

pub(crate) fn subscribe(topic: &str, filter: Option<&Map<String, Value>>) -> String {
    encode(&ClientFrame::Subscribe {
        topic: topic.to_owned(),
        filter: filter.and_then(|filter| RawJson::encode(filter).ok()),
    })
}

pub(crate) fn unsubscribe(topic: &str) -> String {
    encode(&ClientFrame::Unsubscribe {
        topic: topic.to_owned(),
    })
}

pub(crate) fn publish(
    topic: String,
    event: String,
    data: RawJson,
    persist: bool,
    id: Box<str>,
) -> String {
    encode(&ClientFrame::Publish {
        topic,
        event,
        data,
        persist: persist.then_some(true),
        id: Some(id.into()),
    })
}

pub(crate) fn track(topic: &str, state: &RawJson) -> String {
    encode(&ClientFrame::Track {
        topic: topic.to_owned(),
        state: state.clone(),
    })
}

pub(crate) fn untrack(topic: &str) -> String {
    encode(&ClientFrame::Untrack {
        topic: topic.to_owned(),
    })
}

pub(crate) fn auth(token: &str) -> String {
    encode(&ClientFrame::Auth {
        token: token.to_owned(),
    })
}

pub(crate) fn chat(room_id: String, text: String, metadata: Option<RawJson>) -> String {
    encode(&ClientFrame::Chat {
        room_id,
        text,
        metadata,
    })
}

pub(crate) fn ping() -> String {
    encode(&ClientFrame::Ping)
}

/// A caller's payload as JSON.
pub(crate) fn payload<T: Serialize + ?Sized>(value: &T) -> Result<RawJson, Error> {
    RawJson::encode(value).map_err(|source| {
        Error::new(
            ErrorKind::InvalidPayload,
            "the payload cannot be written as JSON",
        )
        .with_source(source)
    })
}

/// A caller's payload that the platform takes only as a JSON object.
pub(crate) fn object<T: Serialize + ?Sized>(
    value: &T,
    what: &'static str,
) -> Result<RawJson, Error> {
    let json = payload(value)?;
    if json.text().starts_with('{') {
        Ok(json)
    } else {
        Err(Error::new(
            ErrorKind::InvalidPayload,
            format!("the {what} is not a JSON object"),
        ))
    }
}

//! What is sent.

use aerostack_api::RawJson;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::error::{Error, ErrorKind};

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum ClientFrame<'a> {
    Subscribe {
        topic: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        filter: Option<&'a Map<String, Value>>,
    },
    Unsubscribe {
        topic: &'a str,
    },
    Publish {
        topic: &'a str,
        event: &'a str,
        data: &'a RawJson,
        #[serde(skip_serializing_if = "Option::is_none")]
        persist: Option<bool>,
        id: &'a str,
    },
    Track {
        topic: &'a str,
        state: &'a RawJson,
    },
    Untrack {
        topic: &'a str,
    },
    Auth {
        token: &'a str,
    },
    Chat {
        #[serde(rename = "roomId")]
        room_id: &'a str,
        text: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        metadata: Option<&'a RawJson>,
    },
    Ping,
}

fn encode(frame: &ClientFrame<'_>) -> String {
    // Strings and JSON that was checked before can always be written.
    serde_json::to_string(frame).unwrap_or_default()
}

pub(crate) fn subscribe(topic: &str, filter: Option<&Map<String, Value>>) -> String {
    encode(&ClientFrame::Subscribe { topic, filter })
}

pub(crate) fn unsubscribe(topic: &str) -> String {
    encode(&ClientFrame::Unsubscribe { topic })
}

pub(crate) fn publish(
    topic: String,
    event: String,
    data: RawJson,
    persist: bool,
    id: Box<str>,
) -> String {
    encode(&ClientFrame::Publish {
        topic: &topic,
        event: &event,
        data: &data,
        persist: persist.then_some(true),
        id: &id,
    })
}

pub(crate) fn track(topic: &str, state: &RawJson) -> String {
    encode(&ClientFrame::Track { topic, state })
}

pub(crate) fn untrack(topic: &str) -> String {
    encode(&ClientFrame::Untrack { topic })
}

pub(crate) fn auth(token: &str) -> String {
    encode(&ClientFrame::Auth { token })
}

pub(crate) fn chat(room_id: String, text: String, metadata: Option<RawJson>) -> String {
    encode(&ClientFrame::Chat {
        room_id: &room_id,
        text: &text,
        metadata: metadata.as_ref(),
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

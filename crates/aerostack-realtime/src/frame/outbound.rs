//! What is sent.

use aerostack_api::RawJson;
use serde::Serialize;
use serde_json::{Map, Value};

use super::generated::ClientFrame;
use crate::error::{Error, ErrorKind};

/// A frame without JSON of the caller's.
type Plain<'f> = ClientFrame<'f, ()>;

/// Bytes of a published frame besides its topic, its name and its payload.
const FRAME: usize = 96;
/// Most payloads are shorter; a longer one costs the growth of a buffer.
const PAYLOAD: usize = 128;

fn encode<J: Serialize + ?Sized>(frame: &ClientFrame<'_, J>) -> String {
    // Strings and JSON that was checked before can always be written.
    serde_json::to_string(frame).unwrap_or_default()
}

pub(crate) fn subscribe(topic: &str, filter: Option<&Map<String, Value>>) -> String {
    encode(&ClientFrame::Subscribe { topic, filter })
}

pub(crate) fn unsubscribe(topic: &str) -> String {
    encode(&Plain::Unsubscribe { topic })
}

/// Writes the payload once, straight into the frame.
pub(crate) fn publish<T: Serialize + ?Sized>(
    topic: &str,
    event: &str,
    data: &T,
    id: &str,
) -> Result<Vec<u8>, Error> {
    let mut text = Vec::with_capacity(FRAME + PAYLOAD + topic.len() + event.len());
    let frame = ClientFrame::Publish {
        topic,
        event,
        data,
        persist: None,
        id: Some(id),
    };
    serde_json::to_writer(&mut text, &frame).map_err(unwritable)?;
    Ok(text)
}

/// Adds to a published frame that it is to be kept.
pub(crate) fn persist(frame: &mut Vec<u8>) {
    let open = frame.len().saturating_sub(1);
    frame.truncate(open);
    frame.extend_from_slice(br#","persist":true}"#);
}

pub(crate) fn track(topic: &str, state: &RawJson) -> String {
    encode(&ClientFrame::Track { topic, state })
}

pub(crate) fn untrack(topic: &str) -> String {
    encode(&Plain::Untrack { topic })
}

pub(crate) fn auth(token: &str) -> String {
    encode(&Plain::Auth { token })
}

pub(crate) fn chat(room_id: &str, text: &str, metadata: Option<&RawJson>) -> String {
    encode(&ClientFrame::Chat {
        room_id,
        text,
        metadata,
    })
}

pub(crate) fn ping() -> String {
    encode(&Plain::Ping)
}

fn unwritable(source: serde_json::Error) -> Error {
    Error::new(
        ErrorKind::InvalidPayload,
        "the payload cannot be written as JSON",
    )
    .with_source(source)
}

/// A caller's payload that the platform takes only as a JSON object.
pub(crate) fn object<T: Serialize + ?Sized>(
    value: &T,
    what: &'static str,
) -> Result<RawJson, Error> {
    let json = RawJson::encode(value).map_err(unwritable)?;
    if json.text().starts_with('{') {
        Ok(json)
    } else {
        Err(Error::new(
            ErrorKind::InvalidPayload,
            format!("the {what} is not a JSON object"),
        ))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_published_frame_can_be_marked_to_be_kept() {
        let data = json!({ "x": 4, "label": "a \"quoted\" harbour\u{7}" });
        let mut frame = publish("desk/north", "pin", &data, "id-1").unwrap();
        let plain: Value = serde_json::from_slice(&frame).unwrap();
        persist(&mut frame);
        let kept: Value = serde_json::from_slice(&frame).unwrap();
        let mut expected = json!({
            "type": "publish", "topic": "desk/north", "event": "pin", "data": data, "id": "id-1",
        });
        assert_eq!(plain, expected);
        expected["persist"] = json!(true);
        assert_eq!(kept, expected);
    }

    #[test]
    fn a_payload_that_is_no_json_is_refused() {
        let keys = std::collections::HashMap::from([((1, 2), 3)]);
        let error = publish("desk/north", "pin", &keys, "id-1").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidPayload);
    }
}

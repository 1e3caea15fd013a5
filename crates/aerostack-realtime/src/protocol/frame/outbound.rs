//! What is sent.

use aerostack_api::RawJson;
use serde::Serialize;
use serde_json::{Map, Value};

use super::generated::ClientFrame;
use crate::error::{Error, ErrorKind};

/// A frame without JSON of the caller's.
type Plain<'f> = ClientFrame<'f, ()>;

/// Most payloads are shorter; a longer one costs the growth of a buffer.
const PAYLOAD: usize = 128;
/// The id of a message as text.
const ID: usize = 36;

fn encode<J: Serialize + ?Sized>(frame: &ClientFrame<'_, J>) -> String {
    // Strings and JSON that was checked before can always be written.
    serde_json::to_string(frame).unwrap_or_default()
}

fn encode_text(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

pub(crate) fn subscribe(topic: &str, filter: Option<&Map<String, Value>>) -> String {
    encode(&ClientFrame::Subscribe { topic, filter })
}

pub(crate) fn unsubscribe(topic: &str) -> String {
    encode(&Plain::Unsubscribe { topic })
}

/// The frames that publish on one topic. What is the same in all of them is written once.
#[derive(Debug)]
pub(crate) struct PublishFrames {
    /// A frame without payload, event and id; they belong at these places, in this order.
    frame: Box<str>,
    holes: [usize; 3],
}

impl PublishFrames {
    pub(crate) fn new(topic: &str) -> Self {
        // No topic holds a control character.
        const HOLE: &str = "\u{1}";
        let frame = encode(&ClientFrame::Publish {
            topic,
            event: HOLE,
            data: HOLE,
            persist: None,
            id: Some(HOLE),
        });
        let written = encode_text(HOLE);
        let mut holes = [0; 3];
        let mut rest = String::with_capacity(frame.len());
        for (part, hole) in frame.split(&written).zip(0..) {
            rest.push_str(part);
            if let Some(place) = holes.get_mut(hole) {
                *place = rest.len();
            }
        }
        Self {
            frame: rest.into(),
            holes,
        }
    }

    /// Writes a frame, the payload straight into it. An id holds nothing that would have to be escaped.
    pub(crate) fn write<T: Serialize + ?Sized>(
        &self,
        event: &str,
        data: &T,
        id: &str,
    ) -> Result<Vec<u8>, Error> {
        let frame = self.frame.as_bytes();
        let [data_at, event_at, id_at] = self.holes;
        let part = |from: usize, to: usize| frame.get(from..to).unwrap_or_default();
        let mut text = Vec::with_capacity(frame.len() + event.len() + ID + PAYLOAD);
        text.extend_from_slice(part(0, data_at));
        serde_json::to_writer(&mut text, data).map_err(unwritable)?;
        text.extend_from_slice(part(data_at, event_at));
        serde_json::to_writer(&mut text, event).map_err(unwritable)?;
        text.extend_from_slice(part(event_at, id_at));
        text.push(b'"');
        text.extend_from_slice(id.as_bytes());
        text.push(b'"');
        text.extend_from_slice(part(id_at, frame.len()));
        Ok(text)
    }
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
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const NO_ID: &str = "00000000-0000-4000-8000-000000000000";

    proptest! {
        #[test]
        fn a_published_frame_is_the_one_the_schema_describes(
            topic in "[^\\p{Cc}]{1,20}",
            event in "\\PC{1,20}",
            data in "\\PC{0,200}",
            kept: bool,
        ) {
            let data = json!({ "text": data, "n": [1, null] });
            let mut frame = PublishFrames::new(&topic).write(&event, &data, NO_ID).unwrap();
            if kept {
                persist(&mut frame);
            }
            let described = encode(&ClientFrame::Publish {
                topic: &topic,
                event: &event,
                data: &data,
                persist: kept.then_some(true),
                id: Some(NO_ID),
            });
            let read: Value = serde_json::from_slice(&frame).unwrap();
            prop_assert_eq!(read, serde_json::from_str::<Value>(&described).unwrap());
            if !kept {
                prop_assert_eq!(frame, described.into_bytes());
            }
        }
    }

    #[test]
    fn a_payload_that_is_no_json_is_refused() {
        let keys = std::collections::HashMap::from([((1, 2), 3)]);
        let frames = PublishFrames::new("desk/north");
        let error = frames.write("pin", &keys, NO_ID).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidPayload);
    }
}

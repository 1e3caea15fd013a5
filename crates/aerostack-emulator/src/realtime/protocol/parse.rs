//! Frames from clients: what they may hold, and what is wrong with those that do not fit.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::realtime::protocol::filter::Filter;
use crate::realtime::protocol::frame::Refused;

/// A frame from a client. Its texts borrow from the message where they can.
#[derive(Debug)]
pub(crate) enum Inbound<'a> {
    Subscribe {
        topic: Cow<'a, str>,
        filter: Option<Filter>,
    },
    Unsubscribe {
        topic: Cow<'a, str>,
    },
    Publish {
        topic: Cow<'a, str>,
        event: Cow<'a, str>,
        data: &'a RawValue,
        persist: bool,
        id: Option<Cow<'a, str>>,
    },
    Track {
        topic: Cow<'a, str>,
        state: &'a RawValue,
    },
    Untrack {
        topic: Cow<'a, str>,
    },
    Auth {
        token: Cow<'a, str>,
    },
    Chat {
        room: Cow<'a, str>,
        text: Cow<'a, str>,
        metadata: Option<&'a RawValue>,
    },
    Ping,
}

/// All fields any frame has; which of them are needed depends on the type.
#[derive(Deserialize)]
#[serde(bound(deserialize = "'de: 'a"))]
struct Envelope<'a> {
    #[serde(borrow)]
    r#type: Cow<'a, str>,
    #[serde(default, deserialize_with = "text")]
    topic: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "text")]
    event: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "present")]
    data: Option<&'a RawValue>,
    #[serde(default)]
    persist: Option<bool>,
    #[serde(default, deserialize_with = "text")]
    id: Option<Cow<'a, str>>,
    #[serde(default)]
    filter: Option<&'a RawValue>,
    #[serde(default)]
    state: Option<&'a RawValue>,
    #[serde(default, deserialize_with = "text")]
    token: Option<Cow<'a, str>>,
    #[serde(rename = "roomId", default, deserialize_with = "text")]
    room: Option<Cow<'a, str>>,
    #[serde(default, deserialize_with = "text")]
    text: Option<Cow<'a, str>>,
    #[serde(default)]
    metadata: Option<&'a RawValue>,
}

/// Borrows inside an `Option`, which serde's derive does not.
fn text<'de: 'a, 'a, D: Deserializer<'de>>(from: D) -> Result<Option<Cow<'a, str>>, D::Error> {
    #[derive(Deserialize)]
    struct Text<'a>(#[serde(borrow)] Cow<'a, str>);
    Ok(Option::<Text<'a>>::deserialize(from)?.map(|text| text.0))
}

/// Tells `null` from absent.
fn present<'de: 'a, 'a, D: Deserializer<'de>>(from: D) -> Result<Option<&'a RawValue>, D::Error> {
    <&RawValue>::deserialize(from).map(Some)
}

/// Reads a client's frame.
///
/// # Errors
/// What to answer, when it is no JSON, no frame, of an unknown type, or lacks a field.
pub(crate) fn read(message: &str) -> Result<Inbound<'_>, Refused> {
    let envelope: Envelope<'_> = serde_json::from_str(message).map_err(|error| {
        let code = match error.classify() {
            serde_json::error::Category::Data => "INVALID_FRAME",
            _ => "INVALID_JSON",
        };
        Refused::new(code, format!("The frame cannot be read: {error}."))
    })?;
    // Serde takes a list for a struct.
    if message.trim_start().starts_with('[') {
        return Err(Refused::new("INVALID_FRAME", "A frame is an object."));
    }
    let Envelope {
        r#type,
        topic,
        event,
        data,
        persist,
        id,
        filter,
        state,
        token,
        room,
        text,
        metadata,
    } = envelope;
    // Borrowed texts: clones cost nothing.
    let (about, answering) = (topic.clone(), id.clone());
    let refused = |message: String| {
        let mut refused = Refused::new("INVALID_FRAME", message).answering(answering.as_deref());
        refused.topic = about.as_deref().map(str::to_owned);
        refused
    };
    let missing = |field: &str| refused(format!("A {type} frame needs the field {field}."));
    let object = |field: &str, value: &'_ RawValue| {
        if value.get().starts_with('{') {
            Ok(())
        } else {
            Err(refused(format!("{field} has to be an object.")))
        }
    };
    let topic = topic.ok_or_else(|| missing("topic"));
    Ok(match &*r#type {
        "subscribe" => Inbound::Subscribe {
            topic: topic?,
            filter: match filter {
                Some(filter) => {
                    object("filter", filter)?;
                    Some(Filter::read(filter).map_err(|error| refused(error.to_string()))?)
                }
                None => None,
            },
        },
        "unsubscribe" => Inbound::Unsubscribe { topic: topic? },
        "publish" => Inbound::Publish {
            topic: topic?,
            event: event
                .filter(|event| !event.is_empty())
                .ok_or_else(|| missing("event"))?,
            data: data.ok_or_else(|| missing("data"))?,
            persist: persist.unwrap_or_default(),
            id,
        },
        "track" => {
            let state = state.ok_or_else(|| missing("state"))?;
            object("state", state)?;
            Inbound::Track {
                topic: topic?,
                state,
            }
        }
        "untrack" => Inbound::Untrack { topic: topic? },
        "auth" => Inbound::Auth {
            token: token.ok_or_else(|| missing("token"))?,
        },
        "chat" => {
            if let Some(metadata) = metadata {
                object("metadata", metadata)?;
            }
            Inbound::Chat {
                room: room.ok_or_else(|| missing("roomId"))?,
                text: text.ok_or_else(|| missing("text"))?,
                metadata,
            }
        }
        "ping" => Inbound::Ping,
        other => {
            let mut error = refused(format!("There is no frame of type {other:?}."));
            error.code = "UNKNOWN_TYPE";
            return Err(error);
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_that_does_not_fit_is_refused_with_its_reason() {
        let cases = [
            ("", "INVALID_JSON", "EOF"),
            ("{", "INVALID_JSON", "EOF"),
            (r#"{"type":"ping"} x"#, "INVALID_JSON", "trailing"),
            ("[]", "INVALID_FRAME", "expected"),
            ("7", "INVALID_FRAME", "invalid type"),
            ("{}", "INVALID_FRAME", "missing field `type`"),
            (r#"{"type":7}"#, "INVALID_FRAME", "invalid type"),
            (r#"{"type":"dance"}"#, "UNKNOWN_TYPE", "dance"),
            (r#"{"type":"subscribe"}"#, "INVALID_FRAME", "topic"),
            (
                r#"{"type":"subscribe","topic":7}"#,
                "INVALID_FRAME",
                "string",
            ),
            (
                r#"{"type":"subscribe","topic":"a","filter":[]}"#,
                "INVALID_FRAME",
                "filter",
            ),
            (
                r#"{"type":"publish","topic":"a","data":1}"#,
                "INVALID_FRAME",
                "event",
            ),
            (
                r#"{"type":"publish","topic":"a","event":"","data":1}"#,
                "INVALID_FRAME",
                "event",
            ),
            (
                r#"{"type":"publish","topic":"a","event":"e"}"#,
                "INVALID_FRAME",
                "data",
            ),
            (
                r#"{"type":"publish","topic":"a","event":"e","data":1,"persist":"yes"}"#,
                "INVALID_FRAME",
                "boolean",
            ),
            (r#"{"type":"track","topic":"a"}"#, "INVALID_FRAME", "state"),
            (
                r#"{"type":"track","topic":"a","state":1}"#,
                "INVALID_FRAME",
                "state",
            ),
            (r#"{"type":"auth"}"#, "INVALID_FRAME", "token"),
            (r#"{"type":"chat","text":"x"}"#, "INVALID_FRAME", "roomId"),
            (r#"{"type":"chat","roomId":"x"}"#, "INVALID_FRAME", "text"),
        ];
        for (message, code, reason) in cases {
            let refused = read(message).unwrap_err();
            assert_eq!(refused.code, code, "{message}: {refused:?}");
            assert!(refused.message.contains(reason), "{message}: {refused:?}");
        }
    }

    #[test]
    fn a_refusal_says_what_it_is_about() {
        let refused = read(r#"{"type":"publish","topic":"a","id":"7"}"#).unwrap_err();
        assert_eq!(
            (refused.topic.as_deref(), refused.id.as_deref()),
            (Some("a"), Some("7"))
        );
    }

    #[test]
    fn absent_and_null_differ_where_null_is_a_value() {
        let frame =
            r#"{"type":"publish","topic":"a","event":"e","data":null,"id":null,"persist":null}"#;
        let Ok(Inbound::Publish {
            data, id, persist, ..
        }) = read(frame)
        else {
            panic!("a publish");
        };
        assert_eq!((data.get(), id, persist), ("null", None, false));
        assert!(matches!(
            read(r#"{"type":"subscribe","topic":"a","filter":null,"extra":1}"#),
            Ok(Inbound::Subscribe { filter: None, .. })
        ));
    }

    #[test]
    fn escapes_in_texts_are_read() {
        let Ok(Inbound::Chat { room, text, .. }) =
            read(r#"{"type":"chat","roomId":"a\u00e9","text":"\"x\""}"#)
        else {
            panic!("a chat");
        };
        assert_eq!((&*room, &*text), ("a\u{e9}", "\"x\""));
    }
}

//! The envelope against the description of the frames: what the description allows is understood.

use aerostack_test_support::{
    described::Described,
    model::{self, ServerFrame},
};
use proptest::{prelude::*, test_runner::TestCaseError};
use serde_json::{Value, value::RawValue};

use super::inbound::{Envelope, Kind};
use crate::protocol::message::{Message, MessageKind};

/// What a frame says, as the model made from the description reads it.
#[derive(Default)]
struct Said<'m> {
    topic: Option<&'m str>,
    event: Option<&'m str>,
    operation: Option<&'static str>,
    id: Option<&'m str>,
    code: Option<&'m str>,
    message: Option<&'m str>,
    user: Option<&'m str>,
}

/// What a frame is, and what it says. The name of an event may make it presence.
fn said(frame: &ServerFrame) -> (Kind, Said<'_>) {
    let nothing = Said::default();
    match frame {
        ServerFrame::Pong(_) => (Kind::Pong, nothing),
        ServerFrame::Subscribed(frame) => {
            let topic = Some(frame.topic.0.as_str());
            (Kind::Subscribed, Said { topic, ..nothing })
        }
        ServerFrame::Ack(frame) => {
            let topic = frame.topic.as_ref().map(|topic| topic.0.as_str());
            let id = frame.id.as_deref();
            (
                Kind::Ack,
                Said {
                    topic,
                    id,
                    ..nothing
                },
            )
        }
        ServerFrame::DbChange(frame) => {
            let topic = Some(frame.topic.0.as_str());
            let operation = Some(match frame.operation {
                model::Operation::Insert => "INSERT",
                model::Operation::Update => "UPDATE",
                model::Operation::Delete => "DELETE",
            });
            (
                Kind::Change,
                Said {
                    topic,
                    operation,
                    ..nothing
                },
            )
        }
        ServerFrame::Event(frame) => {
            let kind = if frame.event.starts_with("presence:") {
                Kind::Presence
            } else {
                Kind::Event
            };
            let topic = Some(frame.topic.0.as_str());
            let event = Some(frame.event.as_str());
            let user = frame.user_id.as_deref();
            (
                kind,
                Said {
                    topic,
                    event,
                    user,
                    ..nothing
                },
            )
        }
        ServerFrame::ChatMessage(frame) => {
            let topic = Some(frame.topic.0.as_str());
            let user = frame.user_id.as_deref();
            (
                Kind::Chat,
                Said {
                    topic,
                    user,
                    ..nothing
                },
            )
        }
        ServerFrame::PresenceChange(frame) => {
            let topic = Some(frame.topic.0.as_str());
            (Kind::Presence, Said { topic, ..nothing })
        }
        ServerFrame::PresenceSync(frame) => {
            let topic = Some(frame.topic.0.as_str());
            (Kind::Presence, Said { topic, ..nothing })
        }
        ServerFrame::Error(frame) => {
            let said = Said {
                topic: frame.topic.as_deref(),
                id: frame.id.as_deref(),
                code: frame.code.as_deref(),
                message: Some(&frame.message),
                ..nothing
            };
            (Kind::Error, said)
        }
    }
}

fn read(raw: Option<&RawValue>) -> Value {
    raw.map(|raw| serde_json::from_str(raw.get()).unwrap())
        .unwrap_or_default()
}

/// Every member of the frame that the envelope has a place for is there as it was sent.
fn compare(text: &str) -> Result<(), TestCaseError> {
    let frame: Value = serde_json::from_str(text).unwrap();
    let model: ServerFrame = serde_json::from_str(text)
        .map_err(|error| TestCaseError::fail(format!("the model: {error}: {text}")))?;
    let (kind, said) = said(&model);
    let envelope =
        Envelope::parse(text).map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;
    prop_assert_eq!(envelope.kind().0, kind);
    for (name, found, expected) in [
        ("topic", envelope.topic(), said.topic),
        ("event", envelope.event(), said.event),
        ("operation", envelope.operation(), said.operation),
        ("id", envelope.id(), said.id),
        ("code", envelope.code(), said.code),
        ("message", envelope.message(), said.message),
    ] {
        prop_assert_eq!(found.as_deref(), expected, "{}", name);
    }
    // Members that are null and members that are not there are the same to everyone who reads them.
    prop_assert_eq!(&read(envelope.data), &frame["data"]);
    prop_assert_eq!(&read(envelope.old), &frame["old"]);
    if let Some(at) = frame["timestamp"].as_i64() {
        let read = envelope
            .timestamp
            .and_then(|raw| crate::protocol::time::unix_millis(raw.get()));
        prop_assert_eq!(read, Some(at));
    }

    let kept = Message::new(text, &envelope, kind);
    let expected = match kind {
        Kind::Change => MessageKind::Change,
        Kind::Event => MessageKind::Event,
        Kind::Chat => MessageKind::Chat,
        Kind::Presence => MessageKind::Presence,
        _ => {
            prop_assert!(kept.is_none());
            return Ok(());
        }
    };
    let message = kept.ok_or_else(|| TestCaseError::fail(text.to_owned()))?;
    prop_assert_eq!(message.kind(), expected);
    prop_assert_eq!(message.raw(), text);
    prop_assert_eq!(message.topic(), said.topic.unwrap_or_default());
    if kind == Kind::Event {
        let event = message.event();
        prop_assert_eq!(event.as_deref(), said.event);
    }
    let data: Value = serde_json::from_str(message.data()).unwrap();
    prop_assert_eq!(&data, &frame["data"]);
    let user = message.user_id();
    prop_assert_eq!(user.as_deref(), said.user);
    let operation = message.operation().map(|found| found.as_str());
    prop_assert_eq!(operation, said.operation);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]
    #[test]
    fn promise_40_every_frame_the_description_allows_is_understood(
        (_, text) in Described::new().any_of("ServerFrame"),
    ) {
        compare(&text)?;
    }
}

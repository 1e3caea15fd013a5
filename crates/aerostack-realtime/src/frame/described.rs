//! The envelope against the description of the frames: what the description allows is understood.

use proptest::{prelude::*, test_runner::TestCaseError};
use serde_json::{Value, value::RawValue};

use super::inbound::{Envelope, Kind, millis};
use crate::message::{Message, MessageKind};

#[path = "../../tests/shared/described.rs"]
mod generator;

/// What a frame of a definition is; the name of an event may make it presence.
fn kind_of(definition: &str, frame: &Value) -> Kind {
    match definition {
        "Subscribed" => Kind::Subscribed,
        "Ack" => Kind::Ack,
        "Pong" => Kind::Pong,
        "DbChange" => Kind::Change,
        "Event" if frame["event"].as_str().unwrap().starts_with("presence:") => Kind::Presence,
        "Event" => Kind::Event,
        "ChatMessage" => Kind::Chat,
        "PresenceChange" | "PresenceSync" => Kind::Presence,
        "Error" => Kind::Error,
        other => panic!("the description has a new kind of frame, {other}"),
    }
}

fn read(raw: Option<&RawValue>) -> Value {
    raw.map(|raw| serde_json::from_str(raw.get()).unwrap())
        .unwrap_or_default()
}

/// Every member of the frame that the envelope has a place for is there as it was sent.
fn compare(definition: &str, text: &str) -> Result<(), TestCaseError> {
    let frame: Value = serde_json::from_str(text).unwrap();
    let envelope =
        Envelope::parse(text).map_err(|error| TestCaseError::fail(format!("{error}: {text}")))?;
    let kind = kind_of(definition, &frame);
    prop_assert_eq!(envelope.kind().0, kind);
    for (name, found) in [
        ("topic", envelope.topic()),
        ("event", envelope.event()),
        ("operation", envelope.operation()),
        ("id", envelope.id()),
        ("code", envelope.code()),
        ("message", envelope.message()),
    ] {
        prop_assert_eq!(found.as_deref(), frame[name].as_str(), "{}", name);
    }
    // Members that are null and members that are not there are the same to everyone who reads them.
    prop_assert_eq!(&read(envelope.data), &frame["data"]);
    prop_assert_eq!(&read(envelope.old), &frame["old"]);
    if let Some(at) = frame["timestamp"].as_i64() {
        let read = envelope.timestamp.and_then(|raw| millis(raw.get()));
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
    prop_assert_eq!(message.topic(), frame["topic"].as_str().unwrap_or_default());
    if kind == Kind::Event {
        let event = message.event();
        prop_assert_eq!(event.as_deref(), frame["event"].as_str());
    }
    let data: Value = serde_json::from_str(message.data()).unwrap();
    prop_assert_eq!(&data, &frame["data"]);
    let user = message.user_id();
    prop_assert_eq!(user.as_deref(), frame["userId"].as_str());
    if let Some(operation) = frame["operation"].as_str() {
        prop_assert_eq!(
            message.operation().map(|found| found.as_str()),
            Some(operation)
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]
    #[test]
    fn promise_40_every_frame_the_description_allows_is_understood(
        (definition, text) in generator::Described::new().any_of("ServerFrame"),
    ) {
        compare(&definition, &text)?;
    }
}

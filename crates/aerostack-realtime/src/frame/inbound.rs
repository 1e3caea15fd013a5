//! What arrives: one borrowed envelope for every frame, payloads kept as they are.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

/// A frame of the server. Nothing but being a JSON object is required: a field of an unexpected type must not cost the
/// frame, and an unknown frame must not cost the connection.
#[derive(Debug, Deserialize)]
pub(crate) struct Envelope<'f> {
    #[serde(borrow, rename = "type", default)]
    kind: Option<&'f RawValue>,
    #[serde(borrow, default)]
    topic: Option<&'f RawValue>,
    #[serde(borrow, default)]
    operation: Option<&'f RawValue>,
    #[serde(borrow, default)]
    event: Option<&'f RawValue>,
    #[serde(borrow, default)]
    pub(crate) data: Option<&'f RawValue>,
    #[serde(borrow, default)]
    pub(crate) old: Option<&'f RawValue>,
    #[serde(borrow, default, rename = "userId")]
    pub(crate) user_id: Option<&'f RawValue>,
    #[serde(borrow, default)]
    timestamp: Option<&'f RawValue>,
    #[serde(borrow, default)]
    id: Option<&'f RawValue>,
    #[serde(borrow, default)]
    code: Option<&'f RawValue>,
    #[serde(borrow, default)]
    message: Option<&'f RawValue>,
}

/// What a frame is, by its `type` and nothing else, so that an event named `INSERT` stays an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Subscribed,
    Unsubscribed,
    Ack,
    Pong,
    Error,
    Change,
    Event,
    Chat,
    Presence,
    Other,
}

impl<'f> Envelope<'f> {
    pub(crate) fn parse(text: &'f str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// The frame's kind, and for presence its name without `presence:`.
    pub(crate) fn kind(&self) -> (Kind, Option<Cow<'f, str>>) {
        let Some(kind) = self.kind.and_then(text) else {
            return (Kind::Other, None);
        };
        match &*kind {
            "event" => match self.event() {
                Some(event) if event.starts_with(PRESENCE) => (
                    Kind::Presence,
                    Some(Cow::Owned(event[PRESENCE.len()..].to_owned())),
                ),
                event => (Kind::Event, event),
            },
            "db_change" => (Kind::Change, None),
            "chat_message" => (Kind::Chat, None),
            "subscribed" => (Kind::Subscribed, None),
            "pong" => (Kind::Pong, None),
            "ack" => (Kind::Ack, None),
            "error" => (Kind::Error, None),
            "unsubscribed" => (Kind::Unsubscribed, None),
            other => match other.strip_prefix(PRESENCE) {
                Some(name) => (Kind::Presence, Some(Cow::Owned(name.to_owned()))),
                None => (Kind::Other, Some(kind)),
            },
        }
    }

    pub(crate) fn topic(&self) -> Option<Cow<'f, str>> {
        self.topic.and_then(text)
    }

    pub(crate) fn operation(&self) -> Option<Cow<'f, str>> {
        self.operation.and_then(text)
    }

    pub(crate) fn event(&self) -> Option<Cow<'f, str>> {
        self.event.and_then(text)
    }

    pub(crate) fn event_raw(&self) -> Option<&'f RawValue> {
        self.event
    }

    pub(crate) fn id(&self) -> Option<Cow<'f, str>> {
        self.id.and_then(text)
    }

    pub(crate) fn code(&self) -> Option<Cow<'f, str>> {
        self.code.and_then(text)
    }

    pub(crate) fn message(&self) -> Option<Cow<'f, str>> {
        self.message.and_then(text)
    }

    /// Unix milliseconds, from an integer, a float, or either as text.
    pub(crate) fn timestamp(&self) -> Option<i64> {
        let raw = self.timestamp?.get();
        let number = raw.trim_matches('"');
        number.parse().ok().or_else(|| {
            let float: f64 = number.parse().ok()?;
            // Beyond this a float names no millisecond any more.
            (float.abs() < 9.0e15).then_some(float as i64)
        })
    }
}

const PRESENCE: &str = "presence:";

/// The text of a JSON string, borrowed unless it holds escapes; `None` for any other value.
pub(crate) fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    string(raw.get())
}

/// As [`text`], from the JSON itself.
pub(crate) fn string(json: &str) -> Option<Cow<'_, str>> {
    let inner = json.strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        serde_json::from_str(json).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_type_alone_decides_what_a_frame_is() {
        for (frame, kind) in [
            (
                r#"{"type":"event","topic":"t","event":"INSERT"}"#,
                Kind::Event,
            ),
            (r#"{"type":"event","topic":"t","event":"*"}"#, Kind::Event),
            (
                r#"{"type":"event","topic":"t","event":"presence:join"}"#,
                Kind::Presence,
            ),
            (r#"{"type":"presence:join","topic":"t"}"#, Kind::Presence),
            (
                r#"{"type":"db_change","topic":"t","event":"chat"}"#,
                Kind::Change,
            ),
            (r#"{"type":"chat_message"}"#, Kind::Chat),
            (r#"{"type":"brand_new","topic":"t"}"#, Kind::Other),
            (r#"{"type":7}"#, Kind::Other),
            ("{}", Kind::Other),
        ] {
            assert_eq!(Envelope::parse(frame).unwrap().kind().0, kind, "{frame}");
        }
    }

    #[test]
    fn timestamps_come_in_every_form() {
        for (json, expected) in [
            ("1770000000123", Some(1_770_000_000_123)),
            ("\"1770000000123\"", Some(1_770_000_000_123)),
            ("1770000000123.9", Some(1_770_000_000_123)),
            ("\"2026-02-02T02:40:00Z\"", None),
            ("1e300", None),
            ("[]", None),
            ("null", None),
        ] {
            let frame = format!(r#"{{"type":"event","timestamp":{json}}}"#);
            assert_eq!(
                Envelope::parse(&frame).unwrap().timestamp(),
                expected,
                "{json}"
            );
        }
    }

    #[test]
    fn escapes_are_undone() {
        let envelope = Envelope::parse(r#"{"type":"event","topic":"a\/bé"}"#).unwrap();
        assert_eq!(envelope.topic().as_deref(), Some("a/bé"));
    }

    proptest! {
        #[test]
        fn promise_40_no_text_upsets_the_envelope(text in "\\PC{0,200}") {
            if let Ok(envelope) = Envelope::parse(&text) {
                let _ = (envelope.kind(), envelope.topic(), envelope.timestamp());
            }
        }

        #[test]
        fn promise_40_fields_of_any_type_do_not_cost_the_frame(
            value in prop_oneof![Just("1"), Just("null"), Just("[1]"), Just("{\"a\":1}"), Just("true"), Just("\"x\"")],
            field in prop_oneof![Just("topic"), Just("event"), Just("data"), Just("old"), Just("userId"), Just("timestamp"), Just("id"), Just("operation"), Just("code"), Just("message"), Just("new")],
        ) {
            let frame = format!(r#"{{"type":"event","{field}":{value}}}"#);
            let envelope = Envelope::parse(&frame).unwrap();
            prop_assert!(matches!(envelope.kind().0, Kind::Event));
        }
    }
}

//! What arrives: one borrowed envelope for every frame, payloads kept as they are.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, SeqAccess, Visitor},
};
use serde_json::value::RawValue;

/// A frame of the server. Nothing but being a JSON object is required: a field of an unexpected type must not cost the
/// frame, and an unknown frame must not cost the connection.
#[derive(Debug, Default)]
pub(crate) struct Envelope<'f> {
    kind: Text<'f>,
    topic: Text<'f>,
    operation: Text<'f>,
    event: Text<'f>,
    pub(crate) data: Option<&'f RawValue>,
    pub(crate) old: Option<&'f RawValue>,
    pub(crate) user_id: Option<&'f RawValue>,
    pub(crate) timestamp: Option<&'f RawValue>,
    id: Text<'f>,
    code: Text<'f>,
    message: Text<'f>,
}

/// The text of a JSON string, borrowed unless it holds escapes; `None` for any other value.
#[derive(Debug, Default)]
struct Text<'f>(Option<Cow<'f, str>>);

impl<'f> Text<'f> {
    /// The text once more, copied only where it is not the frame's own.
    fn get(&self) -> Option<Cow<'f, str>> {
        self.0.clone()
    }
}

impl<'de: 'f, 'f> Deserialize<'de> for Text<'f> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Lenient).map(Self)
    }
}

/// Takes a string for what it is and everything else for nothing.
struct Lenient;

impl<'de> Visitor<'de> for Lenient {
    type Value = Option<Cow<'de, str>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Some(Cow::Owned(text.to_owned())))
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// Fills an envelope in its place: it is large, and there is one for every frame.
struct Fill<'e, 'f>(&'e mut Envelope<'f>);

impl<'de: 'f, 'f> DeserializeSeed<'de> for Fill<'_, 'f> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de: 'f, 'f> Visitor<'de> for Fill<'_, 'f> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let envelope = self.0;
        while let Some(Text(key)) = map.next_key()? {
            match key.as_deref().unwrap_or_default() {
                "type" => envelope.kind = map.next_value()?,
                "topic" => envelope.topic = map.next_value()?,
                "operation" => envelope.operation = map.next_value()?,
                "event" => envelope.event = map.next_value()?,
                "data" => envelope.data = map.next_value()?,
                "old" => envelope.old = map.next_value()?,
                "userId" => envelope.user_id = map.next_value()?,
                "timestamp" => envelope.timestamp = map.next_value()?,
                "id" => envelope.id = map.next_value()?,
                "code" => envelope.code = map.next_value()?,
                "message" => envelope.message = map.next_value()?,
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
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
        let mut envelope = Self::default();
        let mut deserializer = serde_json::Deserializer::from_str(text);
        Fill(&mut envelope).deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(envelope)
    }

    /// The frame's kind, and for presence its name without `presence:`.
    pub(crate) fn kind(&self) -> (Kind, Option<Cow<'f, str>>) {
        let Some(kind) = self.kind.get() else {
            return (Kind::Other, None);
        };
        match &*kind {
            "event" => match self.event() {
                Some(event) => match event.strip_prefix(PRESENCE).filter(|it| is_presence(it)) {
                    Some(name) => (Kind::Presence, Some(Cow::Owned(name.to_owned()))),
                    None => (Kind::Event, Some(event)),
                },
                None => (Kind::Event, None),
            },
            "db_change" => (Kind::Change, None),
            "chat_message" => (Kind::Chat, None),
            "subscribed" => (Kind::Subscribed, None),
            "pong" => (Kind::Pong, None),
            "ack" => (Kind::Ack, None),
            "error" => (Kind::Error, None),
            "unsubscribed" => (Kind::Unsubscribed, None),
            other => match other.strip_prefix(PRESENCE).filter(|it| is_presence(it)) {
                Some(name) => (Kind::Presence, Some(Cow::Owned(name.to_owned()))),
                None => (Kind::Other, Some(kind)),
            },
        }
    }

    pub(crate) fn topic(&self) -> Option<Cow<'f, str>> {
        self.topic.get()
    }

    pub(crate) fn operation(&self) -> Option<Cow<'f, str>> {
        self.operation.get()
    }

    pub(crate) fn event(&self) -> Option<Cow<'f, str>> {
        self.event.get()
    }

    pub(crate) fn id(&self) -> Option<Cow<'f, str>> {
        self.id.get()
    }

    pub(crate) fn code(&self) -> Option<Cow<'f, str>> {
        self.code.get()
    }

    pub(crate) fn message(&self) -> Option<Cow<'f, str>> {
        self.message.get()
    }
}

/// How the names of the events begin that presence travels in.
pub(crate) const PRESENCE: &str = "presence:";

/// Whether the platform uses this name, after `presence:`, for its own purpose.
fn is_presence(name: &str) -> bool {
    matches!(name, "join" | "update" | "leave" | "sync" | "state")
}

/// As [`string`].
pub(crate) fn text(raw: &RawValue) -> Option<Cow<'_, str>> {
    string(raw.get())
}

/// The text of a JSON string, borrowed unless it holds escapes; `None` for any other value.
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
            (
                r#"{"type":"event","topic":"t","event":"presence:ready"}"#,
                Kind::Event,
            ),
            (r#"{"type":"presence:join","topic":"t"}"#, Kind::Presence),
            (r#"{"type":"presence:ready","topic":"t"}"#, Kind::Other),
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
    fn escapes_are_undone() {
        let envelope = Envelope::parse(r#"{"type":"event","topic":"a\/bé"}"#).unwrap();
        assert_eq!(envelope.topic().as_deref(), Some("a/bé"));
    }

    proptest! {
        #[test]
        fn promise_40_no_text_upsets_the_envelope(text in "\\PC{0,200}") {
            if let Ok(envelope) = Envelope::parse(&text) {
                let _ = (envelope.kind(), envelope.topic(), envelope.event());
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

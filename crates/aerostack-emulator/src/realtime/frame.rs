//! Frames on their way out: JSON objects with a `type`, in text messages.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use super::settings::PresenceEncoding;

/// The types of frames a server sends, to aim faults at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FrameKind {
    /// `subscribed`
    Subscribed,
    /// `ack`
    Ack,
    /// `pong`
    Pong,
    /// `db_change`
    DbChange,
    /// `event`, unless it carries presence
    Event,
    /// `chat_message`
    ChatMessage,
    /// Presence in either encoding
    Presence,
    /// `error`
    Error,
}

/// A frame on its way out. Clones share the text.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) kind: FrameKind,
    pub(super) text: Utf8Bytes,
}

impl Frame {
    fn new(kind: FrameKind, body: &impl Serialize) -> Self {
        // Maps with text keys and raw JSON have no way to fail.
        let text = serde_json::to_string(body).unwrap_or_default();
        Self {
            kind,
            text: text.into(),
        }
    }

    pub(super) fn subscribed(topic: &str) -> Self {
        #[derive(Serialize)]
        struct Subscribed<'a> {
            r#type: &'static str,
            topic: &'a str,
        }
        Self::new(
            FrameKind::Subscribed,
            &Subscribed {
                r#type: "subscribed",
                topic,
            },
        )
    }

    pub(super) fn pong() -> Self {
        Self {
            kind: FrameKind::Pong,
            text: Utf8Bytes::from_static(r#"{"type":"pong"}"#),
        }
    }

    pub(super) fn ack(id: Option<&str>, topic: &str) -> Self {
        #[derive(Serialize)]
        struct Ack<'a> {
            r#type: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            id: Option<&'a str>,
            topic: &'a str,
        }
        Self::new(
            FrameKind::Ack,
            &Ack {
                r#type: "ack",
                id,
                topic,
            },
        )
    }

    pub(super) fn db_change(change: &Change<'_>) -> Self {
        Self::new(FrameKind::DbChange, change)
    }

    pub(super) fn event(message: &Published<'_>) -> Self {
        #[derive(Serialize)]
        struct Event<'a> {
            r#type: &'static str,
            topic: &'a str,
            event: &'a str,
            data: &'a RawValue,
            #[serde(rename = "userId", skip_serializing_if = "Option::is_none")]
            user: Option<&'a str>,
            timestamp: i64,
        }
        let Published {
            topic,
            event,
            data,
            user,
            timestamp,
        } = *message;
        Self::new(
            FrameKind::Event,
            &Event {
                r#type: "event",
                topic,
                event,
                data,
                user,
                timestamp,
            },
        )
    }

    pub(super) fn chat_message(message: &Published<'_>) -> Self {
        #[derive(Serialize)]
        struct ChatMessage<'a> {
            r#type: &'static str,
            topic: &'a str,
            data: &'a RawValue,
            #[serde(rename = "userId", skip_serializing_if = "Option::is_none")]
            user: Option<&'a str>,
            timestamp: i64,
        }
        Self::new(
            FrameKind::ChatMessage,
            &ChatMessage {
                r#type: "chat_message",
                topic: message.topic,
                data: message.data,
                user: message.user,
                timestamp: message.timestamp,
            },
        )
    }

    pub(super) fn presence(
        encoding: PresenceEncoding,
        topic: &str,
        name: &str,
        data: &impl Serialize,
        timestamp: i64,
    ) -> Self {
        #[derive(Serialize)]
        struct Presence<'a, T> {
            r#type: &'a str,
            topic: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            event: Option<&'a str>,
            data: &'a T,
            timestamp: i64,
        }
        let (r#type, event) = match encoding {
            PresenceEncoding::Event => ("event", Some(name)),
            PresenceEncoding::Type => (name, None),
        };
        Self::new(
            FrameKind::Presence,
            &Presence {
                r#type,
                topic,
                event,
                data,
                timestamp,
            },
        )
    }

    pub(super) fn error(error: &Refused) -> Self {
        #[derive(Serialize)]
        struct Error<'a> {
            r#type: &'static str,
            code: &'static str,
            message: &'a str,
            #[serde(skip_serializing_if = "Option::is_none")]
            topic: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            id: Option<&'a str>,
        }
        Self::new(
            FrameKind::Error,
            &Error {
                r#type: "error",
                code: error.code,
                message: &error.message,
                topic: error.topic.as_deref(),
                id: error.id.as_deref(),
            },
        )
    }
}

/// A published event or chat message.
#[derive(Clone, Copy)]
pub(super) struct Published<'a> {
    pub(super) topic: &'a str,
    pub(super) event: &'a str,
    pub(super) data: &'a RawValue,
    pub(super) user: Option<&'a str>,
    pub(super) timestamp: i64,
}

/// A changed row.
#[derive(Serialize)]
#[serde(tag = "type", rename = "db_change")]
pub(super) struct Change<'a> {
    pub(super) topic: &'a str,
    pub(super) operation: &'static str,
    pub(super) data: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) old: Option<&'a RawValue>,
    pub(super) timestamp: i64,
}

/// Why a frame had no effect; answered as an `error` frame.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) topic: Option<String>,
    pub(super) id: Option<String>,
}

impl Refused {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            topic: None,
            id: None,
        }
    }

    pub(super) fn about(mut self, topic: impl Into<String>) -> Self {
        self.topic = Some(topic.into());
        self
    }

    pub(super) fn answering(mut self, id: Option<&str>) -> Self {
        self.id = id.map(str::to_owned);
        self
    }
}

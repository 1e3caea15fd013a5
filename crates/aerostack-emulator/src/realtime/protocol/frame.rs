//! Frames on their way out: JSON objects with a `type`, in text messages.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::realtime::settings::PresenceEncoding;

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
pub(crate) struct Frame {
    pub(crate) kind: FrameKind,
    pub(crate) text: Utf8Bytes,
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

    pub(crate) fn subscribed(topic: &str) -> Self {
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

    pub(crate) fn pong() -> Self {
        Self {
            kind: FrameKind::Pong,
            text: Utf8Bytes::from_static(r#"{"type":"pong"}"#),
        }
    }

    pub(crate) fn ack(id: Option<&str>, topic: &str) -> Self {
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

    pub(crate) fn db_change(change: &Change<'_>) -> Self {
        Self::new(FrameKind::DbChange, change)
    }

    pub(crate) fn event(message: &Published<'_>) -> Self {
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

    pub(crate) fn chat_message(message: &Published<'_>) -> Self {
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

    pub(crate) fn presence(
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

    pub(crate) fn error(error: &Refused) -> Self {
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
pub(crate) struct Published<'a> {
    pub(crate) topic: &'a str,
    pub(crate) event: &'a str,
    pub(crate) data: &'a RawValue,
    pub(crate) user: Option<&'a str>,
    pub(crate) timestamp: i64,
}

/// A changed row.
#[derive(Serialize)]
#[serde(tag = "type", rename = "db_change")]
pub(crate) struct Change<'a> {
    pub(crate) topic: &'a str,
    pub(crate) operation: &'static str,
    pub(crate) data: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) old: Option<&'a RawValue>,
    pub(crate) timestamp: i64,
}

/// Why a frame had no effect; answered as an `error` frame.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) code: &'static str,
    pub(crate) message: String,
    pub(crate) topic: Option<String>,
    pub(crate) id: Option<String>,
}

impl Refused {
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            topic: None,
            id: None,
        }
    }

    pub(crate) fn about(mut self, topic: impl Into<String>) -> Self {
        self.topic = Some(topic.into());
        self
    }

    pub(crate) fn answering(mut self, id: Option<&str>) -> Self {
        self.id = id.map(str::to_owned);
        self
    }
}

//! What a model wrote.

use std::{collections::BTreeMap, fmt};

use aerostack_api::{ErrorBody, RawJson, Response, open_enum};
use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};

use super::wire::{Unreadable, Wire};
use crate::{Error, ErrorKind, decode};

/// A completion. `Display` gives its text; `Debug` shows the text's length, not the text.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Completion {
    /// The text. Where the content is a number, an object or an array, as in JSON mode, its JSON text.
    pub text: String,
    /// The parts of the content, where it came in parts; their text is also in `text`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<ContentPart>,
    /// What the model thought before it wrote, where the platform passes that on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<String>,
    /// The calls the model wants made. The text is mostly empty then.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCall>,
    /// The model that wrote it, where the platform says so.
    pub model: Option<String>,
    /// The tokens it took, where the platform says so.
    pub usage: Option<Usage>,
    /// Why the model stopped, where the platform says so.
    pub finish_reason: Option<FinishReason>,
    /// The platform's id of the completion.
    pub id: Option<String>,
}

impl fmt::Display for Completion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Completion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Completion")
            .field("text", &format_args!("{} bytes", self.text.len()))
            .field("parts", &self.parts.len())
            .field("reasoning", &self.reasoning.as_ref().map(String::len))
            .field("tool_calls", &self.tool_calls)
            .field("model", &self.model)
            .field("usage", &self.usage)
            .field("finish_reason", &self.finish_reason)
            .field("id", &self.id)
            .finish()
    }
}

/// Tokens one completion took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Usage {
    /// Tokens of the conversation.
    pub prompt_tokens: Option<u64>,
    /// Tokens of the text written.
    pub completion_tokens: Option<u64>,
    /// Both together.
    pub total_tokens: Option<u64>,
}

open_enum! {
    /// Why a model stopped.
    pub enum FinishReason {
        /// It had said everything.
        Stop = "stop",
        /// The limit on tokens, asked for or the model's own, cut the text off.
        Length = "length",
        /// It wants tools called.
        ToolCalls = "tool_calls",
        /// What it would have written was withheld.
        ContentFilter = "content_filter",
    }
}

/// A call that a model wants made, with what it returns to be added to the conversation.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ToolCall {
    /// The id of the call, where the model gives one.
    pub id: Option<String>,
    /// The name of the tool.
    pub name: String,
    /// The arguments as the model wrote them: JSON text, unless it made a mistake.
    pub arguments: String,
}

impl ToolCall {
    /// Decodes the arguments.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] when they are not the JSON asked for.
    pub fn arguments_as<T: DeserializeOwned>(&self) -> Result<T, Error> {
        aerostack_api::decode::decode(&self.arguments).map_err(|mismatch| {
            let what = format!("the argument list of `{}`", self.name);
            Error::new(ErrorKind::Decode, mismatch.describe(&what))
        })
    }
}

/// Names the tool; what it is called with is the user's.
impl fmt::Debug for ToolCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ToolCall")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("arguments", &format_args!("{} bytes", self.arguments.len()))
            .finish()
    }
}

/// A part of what a model wrote, where it came in parts: text, an image, audio.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub struct ContentPart {
    #[serde(skip)]
    pub(super) kind: String,
    #[serde(skip)]
    pub(super) text: Option<String>,
    pub(super) raw: RawJson,
}

impl ContentPart {
    /// The `type` of the part, such as `text`.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The part's text, if it has one.
    pub fn text(&self) -> Option<&str> {
        self.text.as_deref()
    }

    /// The part as JSON text.
    pub fn as_json(&self) -> &str {
        self.raw.text()
    }

    /// Decodes the part.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] when it does not fit `T`.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Error> {
        decode::part("the part of the content", Some(&self.raw))
    }
}

impl Completion {
    /// Reads either shape; `choices` is preferred.
    pub(super) fn read<T>(response: &Response<T>, raw: &RawJson) -> Result<Self, Error> {
        let lacks = || {
            let what = "`choices[0].message.content` and `response`";
            decode::lacks(response, what)
        };
        let wire = Wire::read(raw.text()).map_err(|unreadable| match unreadable {
            Unreadable::NotAnObject(problem) => Error::answered(
                ErrorKind::Decode,
                response,
                format!("the answer is not a completion: {problem}"),
            ),
            Unreadable::Unknown(_) | Unreadable::Silent => lacks(),
        })?;
        if wire.refused {
            let body = ErrorBody::parse(Bytes::copy_from_slice(raw.text().as_bytes()));
            let what = format!(
                "the platform answered {} with an error",
                response.status.as_u16()
            );
            return Err(Error::in_success(response, &what, body));
        }
        let mut calls = BTreeMap::new();
        for call in wire.tool_calls {
            call.join(&mut calls);
        }
        let tool_calls: Vec<_> = calls.into_values().collect();
        // A model that was stopped before its first word, or that calls a tool, has said nothing, and that is an answer.
        let silent = wire.speaks
            && (wire.finish_reason.is_some() || wire.reasoning.is_some() || !tool_calls.is_empty());
        let text = wire.text.or_else(|| silent.then(String::new));
        let Some(text) = text.or_else(|| (!tool_calls.is_empty()).then(String::new)) else {
            return Err(lacks());
        };
        Ok(Self {
            text,
            parts: wire.parts,
            reasoning: wire.reasoning,
            tool_calls,
            model: wire.model,
            usage: wire.usage,
            finish_reason: wire.finish_reason,
            id: wire.id,
        })
    }
}

//! What a model wrote.

use std::fmt;

use aerostack_api::{Answer, Operation, RawJson, open_enum};
use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind, decode};

/// A completion. `Display` gives its text; `Debug` shows the text's length, not the text.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Completion {
    /// The text.
    pub text: String,
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
        /// What it would have written was withheld.
        ContentFilter = "content_filter",
    }
}

/// Both shapes of an answer: `choices` with usage in snake case, or `response` with usage in camel case.
#[derive(Deserialize)]
pub(super) struct Wire {
    pub(super) id: Option<String>,
    pub(super) model: Option<String>,
    pub(super) choices: Option<Vec<Choice>>,
    pub(super) response: Option<String>,
    pub(super) usage: Option<WireUsage>,
    pub(super) error: Option<RawJson>,
}

#[derive(Deserialize)]
pub(super) struct Choice {
    message: Option<Content>,
    pub(super) delta: Option<Content>,
    finish_reason: Option<String>,
}

impl Choice {
    /// Why the model stopped; an empty reason is none.
    pub(super) fn finish_reason(&self) -> Option<FinishReason> {
        let reason = self.finish_reason.as_deref()?;
        (!reason.is_empty()).then(|| FinishReason::from(reason))
    }
}

#[derive(Deserialize)]
pub(super) struct Content {
    pub(super) content: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct WireUsage {
    prompt_tokens: Option<i64>,
    completion_tokens: Option<i64>,
    total_tokens: Option<i64>,
    #[serde(rename = "promptTokens")]
    prompt: Option<i64>,
    #[serde(rename = "completionTokens")]
    completion: Option<i64>,
    #[serde(rename = "totalTokens")]
    total: Option<i64>,
}

impl From<WireUsage> for Usage {
    fn from(wire: WireUsage) -> Self {
        let count = |snake: Option<i64>, camel: Option<i64>| {
            snake.or(camel).and_then(|count| u64::try_from(count).ok())
        };
        Self {
            prompt_tokens: count(wire.prompt_tokens, wire.prompt),
            completion_tokens: count(wire.completion_tokens, wire.completion),
            total_tokens: count(wire.total_tokens, wire.total),
        }
    }
}

impl Completion {
    /// Reads either shape; `choices` is preferred.
    pub(super) fn read<T>(
        operation: &'static Operation,
        answer: &Answer<T>,
        raw: &RawJson,
    ) -> Result<Self, Error> {
        let wire: Wire = raw.decode().map_err(|error| {
            Error::answered(
                ErrorKind::Decode,
                operation.id,
                answer,
                format!(
                    "the answer is not a completion: {}",
                    decode::describe(&error)
                ),
            )
        })?;
        let choice = wire.choices.and_then(|choices| choices.into_iter().next());
        let (message, finish_reason) = match choice {
            Some(choice) => {
                let reason = choice.finish_reason();
                (choice.message, reason)
            }
            None => (None, None),
        };
        // A model that was stopped before its first word has said nothing, and that is an answer.
        let nothing = (message.is_some() && finish_reason.is_some()).then(String::new);
        let said = message.and_then(|message| message.content);
        let Some(text) = said.or(wire.response).or(nothing) else {
            let what = "`choices[0].message.content` and `response`";
            return Err(decode::lacks(operation, answer, what));
        };
        Ok(Self {
            text,
            model: wire.model,
            usage: wire.usage.map(Usage::from),
            finish_reason,
            id: wire.id,
        })
    }
}

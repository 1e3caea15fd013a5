//! Chats answered by an OpenAI-compatible endpoint.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use serde_json::Value;

use crate::error::{ApiError, ApiResult};
use crate::http::outbound::{self, Outbound};
use crate::services::ai::chat::{ChatRequest, TokenCount, event_stream};

/// An endpoint to ask.
pub(crate) struct Upstream {
    /// Its base; `/chat/completions` is added.
    pub(crate) url: String,
    pub(crate) key: Option<String>,
    /// The model to ask for, whatever the caller names.
    pub(crate) model: Option<String>,
}

/// Leaves the key out.
impl fmt::Debug for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upstream")
            .field("url", &self.url)
            .field("model", &self.model)
            .finish_non_exhaustive()
    }
}

impl Upstream {
    pub(super) async fn complete(
        &self,
        outbound: &Outbound,
        mut request: ChatRequest,
        used: impl FnOnce(TokenCount) + Send + 'static,
    ) -> ApiResult<Response> {
        if let Some(model) = &self.model {
            request.model = Some(model.clone());
        }
        request.drop_idle_options();
        let url = format!("{}/chat/completions", self.url.trim_end_matches('/'));
        let mut asked = outbound.client(&url).post(&url);
        if let Some(key) = &self.key {
            asked = asked.bearer_auth(key);
        }
        let response = asked.json(&request).send().await.map_err(|error| {
            failed(format!(
                "The AI endpoint failed: {}",
                outbound::chain(&error)
            ))
        })?;
        if !response.status().is_success() {
            return Err(refused(response).await);
        }
        let streams = response
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok())
            .is_some_and(|kind| kind.starts_with("text/event-stream"));
        if request.stream != streams {
            return Err(failed(format!(
                "The AI endpoint answered {}a stream of events.",
                if streams { "" } else { "something other than " }
            )));
        }
        if streams {
            let metered = Metered {
                inner: Box::pin(response.bytes_stream()),
                meter: Meter::new(request.words()),
                used: Some(used),
            };
            return Ok(event_stream(Body::from_stream(metered)));
        }
        let body = outbound::read(response)
            .await
            .map_err(|why| failed(format!("The AI endpoint failed: {why}")))?;
        let answer: Value = serde_json::from_slice(&body)
            .map_err(|error| failed(format!("The AI endpoint's answer is not JSON: {error}")))?;
        if !answer["choices"].is_array() {
            return Err(failed("The AI endpoint's answer has no choices."));
        }
        let mut meter = Meter::new(request.words());
        meter.frame(&answer);
        used(meter.tokens);
        Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
    }
}

fn failed(message: impl Into<String>) -> ApiError {
    ApiError::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "AI_REQUEST_FAILED",
        message,
    )
}

/// Refusals that are about the request come back as such; the rest is a failure of the platform.
async fn refused(response: reqwest::Response) -> ApiError {
    let status = response.status();
    let retry_after = response.headers().get(header::RETRY_AFTER).cloned();
    let body = outbound::read(response).await.unwrap_or_default();
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let said = [&body["error"]["message"], &body["message"], &body["error"]]
        .into_iter()
        .find_map(Value::as_str)
        .unwrap_or("it gave no reason");
    let message = format!("The AI endpoint answered {status}: {said}");
    match status.as_u16() {
        400 | 413 | 422 => ApiError::validation(message),
        429 => {
            let error = ApiError::new(
                StatusCode::TOO_MANY_REQUESTS,
                "RATE_LIMIT_EXCEEDED",
                message,
            );
            let wait = retry_after.unwrap_or(HeaderValue::from_static("1"));
            error.header(header::RETRY_AFTER, wait)
        }
        _ => failed(message),
    }
}

/// Counts what passes: the usage that the endpoint reports, or else the words of the answer.
struct Meter {
    tokens: TokenCount,
    reported: bool,
    line: Vec<u8>,
}

impl Meter {
    fn new(prompt_words: i64) -> Self {
        Self {
            tokens: TokenCount {
                prompt: prompt_words,
                completion: 0,
            },
            reported: false,
            line: Vec::new(),
        }
    }

    /// Looks at a piece of the stream, which may begin and end anywhere.
    fn bytes(&mut self, bytes: &[u8]) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                let data = line.strip_prefix(b"data:").unwrap_or_default();
                if let Ok(frame) = serde_json::from_slice(data) {
                    self.frame(&frame);
                }
            }
        }
    }

    fn frame(&mut self, frame: &Value) {
        let usage = &frame["usage"];
        if let (Some(prompt), Some(completion)) = (
            usage["prompt_tokens"].as_i64(),
            usage["completion_tokens"].as_i64(),
        ) {
            self.tokens = TokenCount { prompt, completion };
            self.reported = true;
        } else if !self.reported {
            let choice = &frame["choices"][0];
            let text = choice["delta"]["content"]
                .as_str()
                .or_else(|| choice["message"]["content"].as_str())
                .unwrap_or_default();
            let words = i64::try_from(text.split_whitespace().count()).unwrap_or(i64::MAX);
            self.tokens.completion = self.tokens.completion.saturating_add(words);
        }
    }
}

/// The endpoint's stream as it is, with a meter beside it.
struct Metered<F: FnOnce(TokenCount)> {
    inner: Pin<Box<dyn Stream<Item = reqwest::Result<Bytes>> + Send>>,
    meter: Meter,
    used: Option<F>,
}

impl<F: FnOnce(TokenCount)> Unpin for Metered<F> {}

impl<F: FnOnce(TokenCount)> Stream for Metered<F> {
    type Item = reqwest::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let polled = self.inner.poll_next_unpin(cx);
        if let Poll::Ready(Some(Ok(bytes))) = &polled {
            self.meter.bytes(bytes);
        }
        polled
    }
}

/// A caller who leaves in the middle has used what was sent so far.
impl<F: FnOnce(TokenCount)> Drop for Metered<F> {
    fn drop(&mut self) {
        if let Some(used) = self.used.take() {
            used(self.meter.tokens);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const STREAM: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"one two\"}}]}\r\n\r\n: comment\n\n\
        data: {\"choices\":[{\"delta\":{\"content\":\" three\"}}]}\n\ndata: [DONE]\n\n";
    const USAGE: &str =
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":9}}\n\n";

    fn count(text: &str, cut: usize) -> TokenCount {
        let mut meter = Meter::new(4);
        let (head, tail) = text.as_bytes().split_at(cut.min(text.len()));
        meter.bytes(head);
        meter.bytes(tail);
        meter.tokens
    }

    proptest! {
        #[test]
        fn what_was_used_does_not_depend_on_how_the_stream_is_cut(cut in 0_usize..300) {
            prop_assert_eq!(count(STREAM, cut), TokenCount { prompt: 4, completion: 3 });
            let reported = format!("{STREAM}{USAGE}");
            prop_assert_eq!(count(&reported, cut), TokenCount { prompt: 7, completion: 9 });
        }
    }
}

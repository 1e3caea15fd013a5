//! A chat: what may be asked, who answers, and how the answer is sent.

use std::convert::Infallible;

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures_util::stream;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::{ApiError, ApiResult};
use crate::http::extract::or_default;
use crate::services::ai::Ai;
use crate::services::ai::echo::{self, Echo};

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChatRequest {
    pub(super) messages: Vec<Message>,
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) model: Option<String>,
    #[serde(default)]
    pub(super) stream: bool,
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "Option::is_none"
    )]
    stream_options: Option<StreamOptions>,
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "Option::is_none"
    )]
    temperature: Option<f64>,
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "Option::is_none"
    )]
    pub(super) max_tokens: Option<i64>,
    #[serde(
        default,
        deserialize_with = "or_default",
        skip_serializing_if = "Option::is_none"
    )]
    top_p: Option<f64>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Message {
    pub(super) role: Role,
    pub(super) content: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Role {
    System,
    User,
    Assistant,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct StreamOptions {
    #[serde(default)]
    include_usage: bool,
}

/// What a chat used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct TokenCount {
    pub(crate) prompt: i64,
    pub(crate) completion: i64,
}

impl TokenCount {
    pub(crate) fn total(self) -> i64 {
        self.prompt.saturating_add(self.completion)
    }

    fn usage(self) -> Value {
        json!({
            "prompt_tokens": self.prompt,
            "completion_tokens": self.completion,
            "total_tokens": self.total(),
        })
    }
}

impl ChatRequest {
    fn check(&self) -> ApiResult<()> {
        let within =
            |value: Option<f64>, most: f64| value.is_none_or(|value| (0.0..=most).contains(&value));
        if self.messages.is_empty() {
            Err(ApiError::validation("messages must not be empty"))
        } else if !within(self.temperature, 2.0) {
            Err(ApiError::validation("temperature must be between 0 and 2"))
        } else if !within(self.top_p, 1.0) {
            Err(ApiError::validation("top_p must be between 0 and 1"))
        } else if self.max_tokens.is_some_and(|most| most < 1) {
            Err(ApiError::validation("max_tokens must be at least 1"))
        } else {
            Ok(())
        }
    }

    /// Endpoints refuse stream options where nothing is streamed.
    pub(super) fn drop_idle_options(&mut self) {
        if !self.stream {
            self.stream_options = None;
        }
    }

    fn wants_usage(&self) -> bool {
        self.stream_options
            .as_ref()
            .is_some_and(|options| options.include_usage)
    }

    /// The prompt's size in words, where nobody counts tokens.
    pub(super) fn words(&self) -> i64 {
        let words = self
            .messages
            .iter()
            .map(|message| message.content.split_whitespace().count())
            .sum::<usize>();
        i64::try_from(words).unwrap_or(i64::MAX)
    }
}

impl Ai {
    /// Answers a chat. `used` is called once with what it used: before the response leaves, or when a stream ends in
    /// any way.
    pub(crate) async fn complete(
        &self,
        request: ChatRequest,
        used: impl FnOnce(TokenCount) + Send + 'static,
    ) -> ApiResult<Response> {
        request.check()?;
        match &self.upstream {
            Some(upstream) => upstream.complete(&self.outbound, request, used).await,
            None => {
                let echo = Echo::of(&request);
                used(echo.tokens);
                Ok(echoed(self.clock.now_ms(), &request, &echo))
            }
        }
    }
}

fn echoed(now_ms: i64, request: &ChatRequest, echo: &Echo) -> Response {
    let id = format!("chatcmpl-{}", uuid::Uuid::new_v4().simple());
    let created = now_ms.div_euclid(1000);
    if !request.stream {
        let body = json!({
            "id": id,
            "object": "chat.completion",
            "created": created,
            "model": echo::MODEL,
            "choices": [{
                "index": 0,
                "message": { "role": "assistant", "content": echo.words.concat() },
                "finish_reason": echo.finish_reason,
            }],
            // The official server client reads the text from here.
            "response": echo.words.concat(),
            "usage": echo.tokens.usage(),
        });
        return axum::Json(body).into_response();
    }
    let chunk = |choices: Value| {
        json!({
            "id": id,
            "object": "chat.completion.chunk",
            "created": created,
            "model": echo::MODEL,
            "choices": choices,
        })
    };
    let delta = |delta: Value, finish: Option<&str>| {
        let mut choice = json!({ "index": 0, "delta": delta });
        if let Some(finish) = finish {
            choice["finish_reason"] = finish.into();
        }
        chunk(json!([choice]))
    };
    let mut frames = vec![delta(json!({ "role": "assistant", "content": "" }), None)];
    frames.extend(
        echo.words
            .iter()
            .map(|word| delta(json!({ "content": word }), None)),
    );
    frames.push(delta(json!({}), Some(echo.finish_reason)));
    if request.wants_usage() {
        let mut last = chunk(json!([]));
        last["usage"] = echo.tokens.usage();
        frames.push(last);
    }
    let frames = frames
        .into_iter()
        .map(|frame| frame.to_string())
        .chain(["[DONE]".to_owned()])
        .map(|data| Ok::<_, Infallible>(Bytes::from(format!("data: {data}\n\n"))));
    event_stream(Body::from_stream(stream::iter(frames)))
}

/// A response of server-sent events.
pub(super) fn event_stream(body: Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

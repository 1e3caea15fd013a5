//! The AI service: chats, answered by an OpenAI-compatible endpoint or by the echo, and lexical embeddings.

mod chat;
mod echo;
mod upstream;

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::embedding::{self, Language};
use crate::error::{ApiError, ApiResult, Reply};
use crate::http::extract::{Json, or_default};
use crate::http::operation::Routes;
use crate::http::operations::{AI_CHAT, AI_EMBED};
use crate::http::outbound::Outbound;

pub(crate) use chat::ChatRequest;
pub(crate) use upstream::Upstream;

#[derive(Clone)]
pub(crate) struct Ai {
    clock: Clock,
    /// The endpoint that answers chats; without one they are echoed.
    upstream: Option<Arc<Upstream>>,
    outbound: Outbound,
}

impl Ai {
    pub(crate) fn new(clock: Clock, upstream: Option<Upstream>, outbound: Outbound) -> Self {
        Self {
            clock,
            upstream: upstream.map(Arc::new),
            outbound,
        }
    }

    pub(crate) fn routes(self) -> Routes {
        Routes::new()
            .on(&AI_CHAT, chat)
            .on(&AI_EMBED, embed)
            .with_state(self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EmbedRequest {
    text: String,
    #[serde(default, deserialize_with = "or_default")]
    model: Option<String>,
}

#[derive(Serialize)]
struct EmbedReply {
    embedding: Vec<f32>,
    model: &'static str,
}

async fn chat(State(ai): State<Ai>, Json(request): Json<ChatRequest>) -> ApiResult<Response> {
    ai.complete(request, |_| ()).await
}

/// The model of the caller's choice is a wish for a language at most.
async fn embed(Json(request): Json<EmbedRequest>) -> Reply<EmbedReply> {
    if request.text.trim().is_empty() {
        return Err(ApiError::validation("text must not be empty"));
    }
    let language = match &request.model {
        Some(model) if model.contains("multilingual") => Language::Multilingual,
        _ => Language::English,
    };
    Ok(axum::Json(EmbedReply {
        embedding: embedding::embed(&request.text, language),
        model: language.model(),
    }))
}

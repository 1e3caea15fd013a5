//! The AI service: chats, answered by an OpenAI-compatible endpoint or by the echo, and lexical embeddings.

mod chat;
mod echo;
mod lexical;
mod upstream;

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use serde::{Deserialize, Serialize};

use crate::error::{ApiError, ApiResult, Reply};
use crate::http::extract::{Json, some};
use crate::platform::App;

pub(crate) use chat::{ChatRequest, Tokens, complete};
pub(crate) use lexical::{Language, cosine, embed as lexical_embedding};
pub(crate) use upstream::Upstream;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/v1/ai/chat", post(chat))
        .route("/v1/ai/embed", post(embed))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EmbedRequest {
    text: String,
    #[serde(default, deserialize_with = "some")]
    model: Option<String>,
}

#[derive(Serialize)]
struct EmbedReply {
    embedding: Vec<f32>,
    model: &'static str,
}

async fn chat(State(app): State<App>, Json(request): Json<ChatRequest>) -> ApiResult<Response> {
    complete(&app, request, |_| ()).await
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
        embedding: lexical_embedding(&request.text, language),
        model: language.model(),
    }))
}

//! Whether the emulator is up, for scripts and containers, and what a person finds who opens its address.

use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};

/// They need no key, and leave no trace in the log of requests.
pub(crate) fn router() -> Router {
    Router::new()
        .route("/health", get(health))
        .route("/", get(welcome))
}

async fn health() -> axum::Json<Value> {
    axum::Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

async fn welcome() -> &'static str {
    "This is a local Aerostack. Its console is at the link that it printed when it started.\n"
}

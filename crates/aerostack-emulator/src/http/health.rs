//! Whether the emulator is up, for scripts and containers, and what a person finds who opens its address.

use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};

use crate::platform::App;

/// Answers without a key, and leaves no trace in the log of requests.
pub(crate) const PATH: &str = "/health";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route(PATH, get(health))
        .route("/", get(welcome))
}

async fn health() -> axum::Json<Value> {
    axum::Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") }))
}

async fn welcome() -> &'static str {
    "This is a local Aerostack. Its console is at the link that it printed when it started.\n"
}

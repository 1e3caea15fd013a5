//! Operations of the platform as the console runs them: past faults, latency, credentials, rate limits and the log.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;

use crate::http::keys::{API_KEY_HEADER, Keys};
use crate::http::layers;
use crate::http::operation::Routes;

/// Every operation below `/__emulator/call`.
pub(super) fn routes(operations: Vec<Routes>, keys: Keys, json_bytes: usize) -> Router {
    let around = |handler: axum::routing::MethodRouter| {
        handler.route_layer(from_fn_with_state(json_bytes, layers::json_limit))
    };
    let operations = operations
        .into_iter()
        .map(|routes| routes.into_router(around))
        .fold(Router::new(), Router::merge)
        .layer(from_fn_with_state(keys, with_key));
    Router::new().nest("/__emulator/call", operations)
}

/// Handlers that look at credentials themselves find the one that opens everything.
async fn with_key(State(keys): State<Keys>, mut request: Request, next: Next) -> Response {
    if let Ok(key) = HeaderValue::from_str(&keys.secret) {
        let name = HeaderName::from_static(API_KEY_HEADER);
        request.headers_mut().insert(name, key);
    }
    next.run(request).await
}

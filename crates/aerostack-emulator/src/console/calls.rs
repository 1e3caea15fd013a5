//! Operations of the platform as the console runs them: past faults, latency, credentials, rate limits and the log.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;

use crate::http::keys::{API_KEY_HEADER, Keys};

/// Every operation below `/__emulator/call`; `operations` answers them.
pub(super) fn routes(operations: Router, keys: Keys) -> Router {
    let operations = operations.layer(from_fn_with_state(keys, with_key));
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

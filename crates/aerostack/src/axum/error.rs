//! Errors as responses.

use ::axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{Error, ErrorKind};

/// The status that a service answers with when a call of its own fails so.
///
/// What the service's user can do something about keeps its meaning; what only the service's author can mend is a 500.
///
/// | the error | status |
/// |---|---|
/// | no such thing, or no row for [`Query::one`](crate::db::Query::one) | 404 |
/// | a violated `UNIQUE` or foreign key constraint; a conflict | 409 |
/// | a violated `NOT NULL` or `CHECK` constraint | 422 |
/// | of an end user's own call ([`Auth`](crate::auth::Auth)): 400, 401, 403, 409, 422, 429 | the same |
/// | the platform refuses by rate, cannot be reached, or fails | 503 |
/// | a timeout | 504 |
/// | anything else | 500 |
pub fn status_of(error: &Error) -> StatusCode {
    let of_a_user = error
        .operation()
        .is_some_and(|operation| operation.starts_with("publicAuth"));
    if of_a_user
        && let Some(status @ (400 | 401 | 403 | 409 | 422 | 429)) = error.status()
        && let Ok(status) = StatusCode::from_u16(status)
    {
        return status;
    }
    if error.is_unique_violation() || error.is_foreign_key_violation() {
        return StatusCode::CONFLICT;
    }
    if error.is_not_null_violation() || error.is_check_violation() {
        return StatusCode::UNPROCESSABLE_ENTITY;
    }
    match error.kind() {
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::Timeout => StatusCode::GATEWAY_TIMEOUT,
        ErrorKind::RateLimited
        | ErrorKind::Connect
        | ErrorKind::Interrupted
        | ErrorKind::Truncated
        | ErrorKind::Server => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// The status of [`status_of`], with `{"error": CODE, "message": .., "requestId": ..}` as the body and, where the
/// platform said when to come back, `Retry-After`. Neither SQL nor the platform's words are in it; with the feature
/// `tracing` they are logged under the same request id.
impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = status_of(&self);
        #[cfg(feature = "tracing")]
        if status.is_server_error() {
            tracing::error!(error = %self, http.response.status_code = status.as_u16(), "a request failed");
        } else {
            tracing::info!(error = %self, http.response.status_code = status.as_u16(), "a request failed");
        }
        let (code, message) = match status {
            StatusCode::BAD_REQUEST => ("BAD_REQUEST", "the request is not valid"),
            StatusCode::UNAUTHORIZED => ("UNAUTHORIZED", "the credentials are not valid"),
            StatusCode::FORBIDDEN => ("FORBIDDEN", "this is not allowed"),
            StatusCode::NOT_FOUND => ("NOT_FOUND", "there is no such thing"),
            StatusCode::CONFLICT => ("CONFLICT", "this conflicts with what is there already"),
            StatusCode::UNPROCESSABLE_ENTITY => {
                ("UNPROCESSABLE", "a value is missing or not allowed")
            }
            StatusCode::TOO_MANY_REQUESTS => ("RATE_LIMITED", "too many requests; try again later"),
            StatusCode::SERVICE_UNAVAILABLE => {
                ("UNAVAILABLE", "the service is busy; try again later")
            }
            StatusCode::GATEWAY_TIMEOUT => ("TIMEOUT", "this took too long; try again later"),
            _ => ("INTERNAL", "something went wrong"),
        };
        let body = json!({ "error": code, "message": message, "requestId": self.request_id() });
        let mut response = (status, Json(body)).into_response();
        if let Some(wait) = self.retry_after() {
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            response
                .headers_mut()
                .insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

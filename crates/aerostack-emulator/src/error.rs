//! How a call fails: one error type for all services, answered as `{code, message, details?}`.

use std::fmt;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// A failed call: its status and the error body.
#[derive(Debug)]
pub(crate) struct ApiError {
    status: StatusCode,
    code: &'static str,
    message: String,
    // Boxed: every handler carries this type, and a map that keeps its order is large.
    extra: Box<Map<String, Value>>,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// Why a call failed, among the extensions of its response for whoever logs it.
#[derive(Clone, Debug)]
pub(crate) struct Reason {
    code: &'static str,
    message: String,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

pub(crate) type ApiResult<T> = Result<T, ApiError>;

/// What a JSON handler returns.
pub(crate) type Reply<T> = ApiResult<axum::Json<T>>;

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            extra: Box::default(),
            headers: Vec::new(),
        }
    }

    /// 400: the request does not fit the operation.
    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", message)
    }

    /// 400: the database refused or failed the statement.
    pub(crate) fn query_failed(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "DB_QUERY_FAILED", message)
    }

    /// 401: the API key is missing or unknown.
    pub(crate) fn invalid_key() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "AUTH_INVALID_KEY",
            "The API key is missing or not valid.",
        )
    }

    /// 401: the user token is missing, malformed, expired or revoked.
    pub(crate) fn invalid_token(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "AUTH_INVALID_TOKEN", message)
    }

    /// 403: known, but not allowed to do this.
    pub(crate) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, "FORBIDDEN", message)
    }

    /// 404.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
    }

    /// 413: the body is larger than `limit` bytes.
    pub(crate) fn too_large(limit: u64) -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "PAYLOAD_TOO_LARGE",
            format!("The request body is larger than the limit of {limit} bytes."),
        )
    }

    /// 500: the emulator itself failed.
    pub(crate) fn internal(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_ERROR", message)
    }

    /// Adds the `details` object.
    #[must_use]
    pub(crate) fn details(self, details: Value) -> Self {
        self.field("details", details)
    }

    /// Adds a field beside `code` and `message`.
    #[must_use]
    pub(crate) fn field(mut self, name: &str, value: Value) -> Self {
        self.extra.insert(name.to_owned(), value);
        self
    }

    #[must_use]
    pub(crate) fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn message(&self) -> &str {
        &self.message
    }
}

impl From<rusqlite::Error> for ApiError {
    /// A failure in the emulator's own tables: nothing the caller wrote caused it.
    fn from(error: rusqlite::Error) -> Self {
        Self::internal(format!("The emulator's database failed: {error}"))
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut body = *self.extra;
        body.insert("code".to_owned(), json!(self.code));
        body.insert("message".to_owned(), json!(&self.message));
        let mut response = (self.status, axum::Json(Value::Object(body))).into_response();
        response.extensions_mut().insert(Reason {
            code: self.code,
            message: self.message,
        });
        for (name, value) in self.headers {
            response.headers_mut().insert(name, value);
        }
        if self.status == StatusCode::UNAUTHORIZED {
            response
                .headers_mut()
                .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        }
        response
    }
}

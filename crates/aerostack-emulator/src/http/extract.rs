//! Reading requests: a JSON body that says what is wrong with it.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::error::{ApiError, ApiResult};
use crate::http::operations::Operation;
use crate::platform::App;

/// A JSON request body. Everything wrong with it is a 400 that names the place, or a 413.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<App> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &App) -> ApiResult<Self> {
        require_json(request.headers())?;
        parse(&read_json(request, app).await?).map(Json)
    }
}

/// Query parameters. What does not fit is a 400.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> ApiResult<Self> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(query)| Self(query))
            .map_err(|error| {
                ApiError::validation(format!("The query does not fit: {}", error.body_text()))
            })
    }
}

/// Reads the body of an operation, up to the limit for JSON.
pub(crate) async fn read_json(request: Request, app: &App) -> ApiResult<Bytes> {
    let limit = app.config.limits.json_bytes;
    let operation = request.extensions().get::<&'static Operation>().copied();
    match read_body(request.into_body(), limit).await {
        // Not every operation's document knows a 413.
        Err(error) if error.is_too_large() && !operation.is_none_or(Operation::declares_413) => {
            Err(ApiError::validation(format!(
                "The request body is larger than the limit of {limit} bytes."
            )))
        }
        read => read,
    }
}

/// Decodes JSON; the error names the field.
pub(crate) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> ApiResult<T> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path = error.path().to_string();
        let cause = error.into_inner();
        match path.as_str() {
            "." | "?" => ApiError::validation(format!("The request body does not fit: {cause}")),
            field => {
                ApiError::validation(format!("The request body does not fit at {field}: {cause}"))
                    .field("field", field.into())
            }
        }
    })?;
    reader
        .end()
        .map_err(|error| ApiError::validation(format!("The request body does not fit: {error}")))?;
    Ok(value)
}

/// Refuses a body that says it is something else than JSON.
pub(crate) fn require_json(headers: &axum::http::HeaderMap) -> ApiResult<()> {
    let Some(kind) = headers.get(header::CONTENT_TYPE) else {
        return Err(ApiError::validation(
            "Content-Type is missing; send application/json",
        ));
    };
    let kind = kind.to_str().unwrap_or_default();
    let essence = kind
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if essence == "application/json" || essence.ends_with("+json") {
        Ok(())
    } else {
        Err(ApiError::validation(format!(
            "Content-Type is {kind}; send application/json"
        )))
    }
}

/// Reads a whole body. One that is too large is read to its end and dropped, so that the sender gets to hear of it.
pub(crate) async fn read_body(body: Body, limit: usize) -> ApiResult<Bytes> {
    let mut stream = body.into_data_stream();
    let mut read = BytesMut::new();
    let mut over = false;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| ApiError::validation("The request body ended early."))?;
        over = over || read.len() + chunk.len() > limit;
        if over {
            read = BytesMut::new();
        } else {
            read.extend_from_slice(&chunk);
        }
    }
    if over {
        Err(ApiError::too_large(limit as u64))
    } else {
        Ok(read.freeze())
    }
}

/// Reads a body that nobody wants, so that its sender is ready for an answer.
pub(crate) async fn drain(body: Body) {
    let mut stream = body.into_data_stream();
    while let Some(Ok(_)) = stream.next().await {}
}

/// For an optional field that may be left out but not be `null`.
pub(crate) fn some<'de, T, D>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// A status for the log and the record when a handler panicked or was cancelled.
pub(crate) fn lost() -> ApiError {
    ApiError::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "INTERNAL_ERROR",
        "The emulator failed while answering.",
    )
}

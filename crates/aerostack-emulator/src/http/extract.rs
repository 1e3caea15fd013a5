//! Request extractors whose rejections name the offending field.

use std::error::Error as _;

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Path, RawQuery, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::error::{ApiError, ApiResult};

/// How large the body of a request may be. A property of the route, found among the request's extensions.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BodyLimit {
    pub(crate) bytes: usize,
    /// The status for a body that is larger.
    pub(crate) status: StatusCode,
}

impl Default for BodyLimit {
    fn default() -> Self {
        Self {
            bytes: 32 << 20,
            status: StatusCode::PAYLOAD_TOO_LARGE,
        }
    }
}

/// A JSON request body. Everything wrong with it is a 400 that names the place, or a 413.
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, _: &S) -> ApiResult<Self> {
        require_json(request.headers())?;
        parse(&read_json(request).await?).map(Json)
    }
}

/// Query parameters of a fixed form.
pub(crate) struct Query<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> ApiResult<Self> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|axum::extract::Query(query)| Self(query))
            .map_err(|error| {
                ApiError::validation(format!("The query does not fit: {}", error.body_text()))
            })
    }
}

/// The variable segments of the path, percent-decoded.
pub(crate) struct PathParams<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for PathParams<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(value)) => Ok(Self(value)),
            Err(error) => Err(ApiError::validation(format!(
                "The path does not fit: {}",
                error.body_text()
            ))),
        }
    }
}

/// The pairs of the query, decoded, in the order they came.
pub(crate) struct Pairs(pub(crate) Vec<(String, String)>);

impl Pairs {
    fn parse(query: &str) -> Self {
        Self(
            form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    /// The value of a pair that may be left out but not come twice.
    pub(crate) fn get(&self, name: &str) -> ApiResult<Option<&str>> {
        let mut values = self.0.iter().filter(|(known, _)| known == name);
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(ApiError::validation(format!(
                "The query holds {name} more than once."
            ))),
            (value, None) => Ok(value.map(|(_, value)| value.as_str())),
        }
    }

    /// The value of a required pair.
    pub(crate) fn require(&self, name: &str) -> ApiResult<&str> {
        self.get(name)?
            .ok_or_else(|| ApiError::validation(format!("The query lacks {name}.")))
    }

    /// The value of a pair that is an integer.
    pub(crate) fn integer(&self, name: &str) -> ApiResult<Option<i64>> {
        self.get(name)?
            .map(|text| {
                text.parse().map_err(|_| {
                    ApiError::validation(format!("{name} in the query must be an integer"))
                })
            })
            .transpose()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Pairs {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> ApiResult<Self> {
        match RawQuery::from_request_parts(parts, state).await {
            Ok(RawQuery(query)) => Ok(Self::parse(query.as_deref().unwrap_or_default())),
            Err(never) => match never {},
        }
    }
}

/// Reads the body of an operation, up to its limit.
pub(crate) async fn read_json(request: Request) -> ApiResult<Bytes> {
    let limit = request
        .extensions()
        .get::<BodyLimit>()
        .copied()
        .unwrap_or_default();
    read_body(request.into_body(), limit).await
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

/// Rejects a body that is declared as something other than JSON.
pub(crate) fn require_json(headers: &HeaderMap) -> ApiResult<()> {
    let Some(declared) = headers.get(header::CONTENT_TYPE) else {
        return Err(ApiError::validation(
            "Content-Type is missing; send application/json",
        ));
    };
    let essence = media_type(headers);
    if essence == "application/json" || essence.ends_with("+json") {
        Ok(())
    } else {
        Err(ApiError::validation(format!(
            "Content-Type is {}; send application/json",
            declared.to_str().unwrap_or_default()
        )))
    }
}

/// The media type of a body without its parameters, in lower case; empty when there is none.
pub(crate) fn media_type(headers: &HeaderMap) -> String {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase()
}

/// Reads a whole body. One that is too large is read to its end and dropped, so that the sender sees the response.
async fn read_body(body: Body, limit: BodyLimit) -> ApiResult<Bytes> {
    let mut stream = body.into_data_stream();
    let mut read = BytesMut::new();
    let mut over = false;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| broken_body(&error))?;
        over = over || read.len() + chunk.len() > limit.bytes;
        if over {
            read = BytesMut::new();
        } else {
            read.extend_from_slice(&chunk);
        }
    }
    if !over {
        return Ok(read.freeze());
    }
    let error = ApiError::too_large(limit.bytes as u64);
    if limit.status == StatusCode::PAYLOAD_TOO_LARGE {
        Err(error)
    } else {
        Err(ApiError::validation(error.message()))
    }
}

/// Says why a body could not be read: a disconnect, a timeout, or its size.
fn broken_body(error: &axum::Error) -> ApiError {
    let mut cause = error.source();
    while let Some(error) = cause {
        if error.is::<tower_http::timeout::TimeoutError>() {
            return ApiError::validation("Timed out waiting for the request body.");
        }
        cause = error.source();
    }
    ApiError::validation("The request body ended early.")
}

/// Reads a body that nobody wants, so that its sender is ready for a response.
pub(crate) async fn drain(body: Body) {
    let mut stream = body.into_data_stream();
    while let Some(Ok(_)) = stream.next().await {}
}

/// For a field with a default: `null` is the same as leaving it out. Official clients send it for what is not set.
pub(crate) fn or_default<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_come_decoded_and_in_order() {
        let expected = [("b", "1 2"), ("a", "ü&="), ("b", ""), ("c", "")];
        let found = Pairs::parse("b=1+2&a=%C3%BC%26%3D&b=&c");
        let found: Vec<_> = found
            .0
            .iter()
            .map(|(k, v)| (k.as_str(), v.as_str()))
            .collect();
        assert_eq!(found, expected);
        assert!(Pairs::parse("").0.is_empty());
    }

    #[test]
    fn a_pair_that_comes_twice_or_is_not_a_number_is_rejected() {
        let pairs = Pairs::parse("n=12&text=x&twice=1&twice=2");
        assert_eq!(pairs.integer("n").ok(), Some(Some(12)));
        assert_eq!(pairs.integer("missing").ok(), Some(None));
        assert!(pairs.integer("text").is_err());
        assert!(pairs.get("twice").is_err());
        assert!(pairs.require("missing").is_err());
    }
}

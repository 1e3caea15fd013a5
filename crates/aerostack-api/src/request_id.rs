//! Request ids.

use http::{HeaderName, HeaderValue};
use uuid::Uuid;

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A new id for a request.
pub(crate) fn new_request_id() -> HeaderValue {
    let mut buffer = Uuid::encode_buffer();
    let text = Uuid::new_v4().hyphenated().encode_lower(&mut buffer);
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
}

/// Maximum length of a server's request id; longer ones are ignored.
const REQUEST_ID_LIMIT: usize = 256;

/// The server's id of a request, or else the one that was sent.
pub(crate) fn request_id_of<'a>(
    server: Option<&'a HeaderValue>,
    sent: &'a HeaderValue,
) -> Option<&'a str> {
    server
        .and_then(|id| id.to_str().ok())
        .filter(|id| id.len() <= REQUEST_ID_LIMIT)
        .or_else(|| sent.to_str().ok())
}

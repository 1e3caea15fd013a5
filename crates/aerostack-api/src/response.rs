//! A successful response.

use http::{HeaderMap, HeaderValue, StatusCode};

use crate::{
    operation::Operation,
    request_id::{REQUEST_ID, request_id_of},
};

/// A successful response to one operation.
#[derive(Debug)]
#[non_exhaustive]
pub struct Response<T> {
    /// The operation.
    pub operation: &'static Operation,
    /// The decoded body.
    pub value: T,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// Attempts made.
    pub attempts: u32,
    /// The id sent as `X-Request-ID`.
    pub(crate) sent_id: HeaderValue,
}

impl<T> Response<T> {
    /// The server's id of the request, or else the one that was sent.
    pub fn request_id(&self) -> Option<&str> {
        request_id_of(self.headers.get(REQUEST_ID), &self.sent_id)
    }

    /// The same response with another body.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        let (value, head) = self.split();
        Response {
            operation: head.operation,
            value: change(value),
            status: head.status,
            headers: head.headers,
            attempts: head.attempts,
            sent_id: head.sent_id,
        }
    }

    /// The body, and the response without it.
    pub fn split(self) -> (T, Response<()>) {
        let head = Response {
            operation: self.operation,
            value: (),
            status: self.status,
            headers: self.headers,
            attempts: self.attempts,
            sent_id: self.sent_id,
        };
        (self.value, head)
    }
}

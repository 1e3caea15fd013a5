//! One attempt: send the request, read the response, record how far it got.

use std::{error::Error as StdError, future::Future, io, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode, header};
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

use crate::{
    backoff::{retry_after, server_hint},
    error::{RequestState, TimeoutKind, TransportError},
    error_body::{ERROR_BODY_LIMIT, ErrorBody},
    observer::CallGuard,
    options::ByteCounter,
    transport::Transport,
};

/// A successful response, before it is decoded.
#[derive(Debug)]
pub(crate) struct RawResponse<B> {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: B,
}

/// How the body of a successful response is read.
pub(crate) trait ReadBody {
    /// What comes of it.
    type Body: Send;

    fn read(
        response: reqwest::Response,
        limits: Limits,
        guard: &mut CallGuard,
    ) -> impl Future<Output = Result<Self::Body, TransportError>> + Send;
}

/// Limits on reading a body.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    end: Instant,
    timeout: Duration,
    bytes: u64,
}

/// As a whole, within the timeout of the attempt.
#[derive(Debug)]
pub(crate) struct Whole;

impl ReadBody for Whole {
    type Body = Bytes;

    async fn read(
        response: reqwest::Response,
        limits: Limits,
        guard: &mut CallGuard,
    ) -> Result<Bytes, TransportError> {
        let body = timeout_at(limits.end, whole(response, limits.bytes, guard))
            .await
            .map_err(|_| expired(limits.timeout))??;
        guard.record.state = RequestState::Body;
        Ok(body)
    }
}

/// By the caller, as it arrives.
#[derive(Debug)]
pub(crate) struct Streamed;

impl ReadBody for Streamed {
    type Body = reqwest::Response;

    async fn read(
        response: reqwest::Response,
        _: Limits,
        _: &mut CallGuard,
    ) -> Result<reqwest::Response, TransportError> {
        Ok(response)
    }
}

fn expired(timeout: Duration) -> TransportError {
    TransportError::Timeout(TimeoutKind::Attempt(timeout))
}

/// Sends a request and reads the response. The guard records how far it got, even if this future is dropped. `sent`
/// counts the bytes of a streamed request body.
pub(crate) async fn attempt<B: ReadBody>(
    transport: &Transport,
    http: &reqwest::Client,
    request: reqwest::Request,
    timeout: Duration,
    sent: Option<&ByteCounter>,
    guard: &mut CallGuard,
) -> Result<RawResponse<B::Body>, TransportError> {
    // The request may be on its way from here on; only a failed connection proves that it is not.
    guard.record.state = RequestState::Sent;
    let end = Instant::now() + timeout;
    // What is not asked for as JSON or events is a file, whose bytes are the caller's however they are encoded.
    let is_file = !request.headers().contains_key(header::ACCEPT);
    let sending = http.execute(request);
    let response = match sent {
        None => timeout_at(end, sending)
            .await
            .map_err(|_| expired(timeout))?,
        Some(counter) => while_moving(sending, || counter.bytes(), timeout).await?,
    };
    let mut response = response.map_err(|error| {
        let error = classify(error);
        if matches!(
            error,
            TransportError::Connect(_) | TransportError::Tls(_) | TransportError::Request(_)
        ) {
            guard.record.state = RequestState::NotSent;
        }
        error
    })?;

    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    guard.head(status, &headers);
    if status.is_redirection() {
        return Err(redirect(status, &headers));
    }
    // An upload has only an idle timeout up to here; its response is small and has the timeout of an attempt.
    let end = match sent {
        None => end,
        Some(_) => Instant::now() + timeout,
    };
    if !status.is_success() {
        // The status counts even if the body is truncated or too large to keep.
        let body = timeout_at(end, prefix(response, ERROR_BODY_LIMIT, guard))
            .await
            .unwrap_or_default();
        guard.record.state = RequestState::Body;
        let hint = match status {
            StatusCode::TOO_MANY_REQUESTS => server_hint,
            _ => retry_after,
        };
        return Err(TransportError::Status {
            status,
            body: Box::new(ErrorBody::parse(body)),
            retry_after: hint(&headers, transport.config().clock.now()),
        });
    }
    if let Some(encoding) = encoding(&headers).filter(|_| !is_file) {
        return Err(TransportError::ContentEncoding(encoding));
    }
    let limits = Limits {
        end,
        timeout,
        bytes: transport.config().answer_limit,
    };
    let body = B::read(response, limits, guard).await?;
    Ok(RawResponse {
        status,
        headers,
        body,
    })
}

/// Waits for a future as long as `measure` changes at least once per `limit`.
async fn while_moving<F: Future>(
    future: F,
    measure: impl Fn() -> u64,
    limit: Duration,
) -> Result<F::Output, TransportError> {
    let mut future = std::pin::pin!(future);
    let mut last = measure();
    loop {
        if let Ok(output) = timeout(limit, &mut future).await {
            return Ok(output);
        }
        let now = measure();
        if now == last {
            return Err(TransportError::Timeout(TimeoutKind::Idle(limit)));
        }
        last = now;
    }
}

async fn whole(
    mut response: reqwest::Response,
    limit: u64,
    guard: &mut CallGuard,
) -> Result<Bytes, TransportError> {
    let announced = response.content_length();
    if announced.is_some_and(|length| length > limit) {
        return Err(TransportError::TooLarge { limit });
    }
    let mut next = async || match response.chunk().await {
        Ok(chunk) => {
            guard.record.response_bytes += chunk.as_ref().map_or(0, Bytes::len) as u64;
            Ok(chunk)
        }
        Err(error) => Err(TransportError::Truncated(error.without_url())),
    };
    let Some(first) = next().await? else {
        return Ok(Bytes::new());
    };
    let Some(second) = next().await? else {
        return within(first.len(), limit).map(|()| first);
    };
    // Where the server says how much comes, the body has its final size from the start.
    let capacity = announced
        .and_then(|length| usize::try_from(length).ok())
        .unwrap_or(first.len() + second.len());
    let mut body = BytesMut::with_capacity(capacity);
    body.extend_from_slice(&first);
    body.extend_from_slice(&second);
    drop((first, second));
    within(body.len(), limit)?;
    while let Some(chunk) = next().await? {
        body.extend_from_slice(&chunk);
        within(body.len(), limit)?;
    }
    Ok(body.freeze())
}

fn within(length: usize, limit: u64) -> Result<(), TransportError> {
    if length as u64 > limit {
        return Err(TransportError::TooLarge { limit });
    }
    Ok(())
}

async fn prefix(mut response: reqwest::Response, limit: usize, guard: &mut CallGuard) -> Bytes {
    let mut body = BytesMut::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        guard.record.response_bytes += chunk.len() as u64;
        let room = limit - body.len();
        if chunk.len() >= room {
            body.extend_from_slice(&chunk[..room]);
            break;
        }
        body.extend_from_slice(&chunk);
    }
    body.freeze()
}

fn encoding(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_ENCODING)?;
    // Enough to tell what it is; a server may send anything.
    let text = value.as_bytes().escape_ascii().take(64);
    let text: String = text.map(char::from).collect();
    (!text.eq_ignore_ascii_case("identity")).then_some(text)
}

fn redirect(status: StatusCode, headers: &HeaderMap) -> TransportError {
    let location = headers
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| Url::parse(text).ok())
        .map(|url| url.origin().ascii_serialization());
    TransportError::Redirect { status, location }
}

/// Classifies an error of reqwest by what it means for the caller.
pub(crate) fn classify(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    if error.is_builder() {
        return TransportError::Request(chain(&error));
    }
    if error.is_connect() {
        return if is_tls(&error) {
            TransportError::Tls(error)
        } else {
            TransportError::Connect(error)
        };
    }
    if let Some(source) = upload_source(&error) {
        return TransportError::Source(source);
    }
    if is_unprocessed(&error) {
        return TransportError::Unprocessed(error);
    }
    TransportError::Interrupted(error)
}

/// Whether HTTP/2 says that the server did not process the request: it refused the stream, or went away and named an
/// earlier one as the last.
fn is_unprocessed(error: &(dyn StdError + 'static)) -> bool {
    if let Some(error) = error.downcast_ref::<h2::Error>() {
        let refused = error.is_reset() && error.reason() == Some(h2::Reason::REFUSED_STREAM);
        let left = error.is_go_away() && error.reason() == Some(h2::Reason::NO_ERROR);
        return error.is_remote() && (refused || left);
    }
    error.source().is_some_and(is_unprocessed)
}

/// TLS libraries report a failed handshake as an I/O error of invalid data; a refused or lost connection is another.
fn is_tls(error: &(dyn StdError + 'static)) -> bool {
    #[cfg(feature = "native-tls")]
    if error.is::<native_tls::Error>() {
        return true;
    }
    if let Some(io) = error.downcast_ref::<io::Error>() {
        if io.kind() == io::ErrorKind::InvalidData {
            return true;
        }
        // The source of an I/O error is that of the error within it, so the one within is looked at by itself.
        if io.get_ref().is_some_and(|inner| is_tls(inner)) {
            return true;
        }
    }
    error.source().is_some_and(is_tls)
}

/// The failure of an upload's source, which reqwest wraps on its way through the request body.
fn upload_source(error: &reqwest::Error) -> Option<Box<dyn StdError + Send + Sync>> {
    let mut source = error.source();
    while let Some(error) = source {
        if let Some(failed) = error.downcast_ref::<SourceFailed>() {
            return Some(failed.0.clone().into());
        }
        source = error.source();
    }
    None
}

/// An error of the source of an upload, as opposed to a network error.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct SourceFailed(pub String);

fn chain(error: &dyn StdError) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        text.push_str(": ");
        text.push_str(&error.to_string());
        source = error.source();
    }
    text
}

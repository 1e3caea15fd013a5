//! One attempt: send, read, and say how far it got.

use std::{error::Error as StdError, future::Future, io, sync::atomic::Ordering, time::Duration};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode, header};
use progenitor_client::{ClientHooks, OperationInfo};
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

use crate::{
    backoff::{retry_after, server_hint},
    error_body::{ERROR_BODY_LIMIT, ErrorBody},
    failure::{Budget, Failure, Reached},
    generated::Client,
    transport::{BodyMode, CallState, Inner},
};

/// The status of the stand-in that tells the generated client to give up; the real outcome is in the call's record.
const FAILED: StatusCode = StatusCode::NETWORK_AUTHENTICATION_REQUIRED;

impl ClientHooks<Inner> for Client {
    async fn pre<E>(
        &self,
        request: &mut reqwest::Request,
        _: &OperationInfo,
    ) -> Result<(), progenitor_client::Error<E>> {
        let headers = request.headers_mut();
        headers.remove("api-version");
        for (name, value) in &self.inner.0.headers {
            headers.insert(name.clone(), value.clone());
        }
        Ok(())
    }

    async fn exec(
        &self,
        request: reqwest::Request,
        info: &OperationInfo,
    ) -> reqwest::Result<reqwest::Response> {
        let call = &*self.inner.0;
        debug_assert_eq!(info.operation_id, call.operation.hook_id);
        match attempt(&self.client, request, call).await {
            Ok(response) => Ok(response),
            Err(failure) => {
                call.update(|outcome| outcome.failure = Some(failure));
                Ok(stand_in(FAILED, Bytes::new()))
            }
        }
    }
}

fn stand_in(status: StatusCode, body: Bytes) -> reqwest::Response {
    let mut response = http::Response::new(body);
    *response.status_mut() = status;
    response.into()
}

async fn attempt(
    http: &reqwest::Client,
    request: reqwest::Request,
    call: &CallState,
) -> Result<reqwest::Response, Failure> {
    if !call.operation.is_at(request.url().path()) {
        call.update(|outcome| outcome.reached = Some(Reached::NotSent));
        return Err(Failure::Request(
            "a name that stands in the path is empty, `.` or `..`".to_owned(),
        ));
    }
    // A request may be on its way from here on; only a failed connection proves that it is not.
    call.update(|outcome| outcome.reached = Some(Reached::Sent));
    let end = Instant::now() + call.timeout;
    let expired = || Failure::Timeout(Budget::Attempt(call.timeout));
    if call.is_observed() {
        let body = request.body().and_then(reqwest::Body::as_bytes);
        let length = body.map_or(0, |body| body.len() as u64);
        call.request_bytes.store(length, Ordering::Relaxed);
    }
    let sending = http.execute(request);
    let sent = match &call.sent {
        None => timeout_at(end, sending).await.map_err(|_| expired())?,
        Some(progress) => while_moving(sending, || progress.bytes(), call.timeout).await?,
    };
    let response = sent.map_err(|error| {
        let failure = classify(error);
        if matches!(
            failure,
            Failure::Connect(_) | Failure::Tls(_) | Failure::Request(_)
        ) {
            call.update(|outcome| outcome.reached = Some(Reached::NotSent));
        }
        failure
    })?;

    let status = response.status();
    let headers = response.headers().clone();
    call.update(|outcome| {
        outcome.reached = Some(Reached::Headers);
        outcome.status = Some(status);
        outcome.headers.clone_from(&headers);
        outcome.head = call.is_observed().then(Instant::now);
    });
    if status.is_redirection() {
        return Err(redirect(status, &headers));
    }
    if let Some(encoding) = encoding(&headers) {
        return Err(Failure::ContentEncoding(encoding));
    }
    // An upload has no limit of its own up to here; its answer is small and has the attempt's.
    let end = match call.sent {
        None => end,
        Some(_) => Instant::now() + call.timeout,
    };
    if !status.is_success() {
        // The status counts even when its body breaks off or is too long to keep.
        let body = timeout_at(end, prefix(response, ERROR_BODY_LIMIT, call))
            .await
            .unwrap_or_default();
        call.update(|outcome| outcome.reached = Some(Reached::Body));
        let hint = match status {
            StatusCode::TOO_MANY_REQUESTS => server_hint,
            _ => retry_after,
        };
        return Err(Failure::Status {
            status,
            body: Box::new(ErrorBody::parse(body)),
            retry_after: hint(&headers, call.transport.config().clock.now()),
        });
    }
    if call.mode == BodyMode::Stream {
        return Ok(response);
    }
    let body = timeout_at(end, whole(response, call))
        .await
        .map_err(|_| expired())??;
    call.update(|outcome| outcome.reached = Some(Reached::Body));
    // The document names one success status an operation; a platform that answers another 2xx has still succeeded.
    let declared = StatusCode::from_u16(call.operation.success()).unwrap_or(status);
    let body = if body.is_empty() {
        Bytes::from_static(b"null")
    } else {
        body
    };
    Ok(stand_in(declared, body))
}

/// Waits for a future as long as the measure keeps moving within each `limit`.
async fn while_moving<F: Future>(
    future: F,
    measure: impl Fn() -> u64,
    limit: Duration,
) -> Result<F::Output, Failure> {
    let mut future = std::pin::pin!(future);
    let mut last = measure();
    loop {
        if let Ok(output) = timeout(limit, &mut future).await {
            return Ok(output);
        }
        let now = measure();
        if now == last {
            return Err(Failure::Timeout(Budget::Idle(limit)));
        }
        last = now;
    }
}

async fn whole(mut response: reqwest::Response, call: &CallState) -> Result<Bytes, Failure> {
    let limit = call.transport.config().answer_limit;
    if response
        .content_length()
        .is_some_and(|length| length > limit)
    {
        return Err(Failure::TooLarge { limit });
    }
    let mut next = async || match response.chunk().await {
        Ok(chunk) => {
            call.received(chunk.as_ref().map_or(0, Bytes::len));
            Ok(chunk)
        }
        Err(error) => Err(Failure::Truncated(error.without_url())),
    };
    let Some(first) = next().await? else {
        return Ok(Bytes::new());
    };
    let Some(second) = next().await? else {
        return within(first.len(), limit).map(|()| first);
    };
    let mut body = BytesMut::from(first);
    body.extend_from_slice(&second);
    within(body.len(), limit)?;
    while let Some(chunk) = next().await? {
        body.extend_from_slice(&chunk);
        within(body.len(), limit)?;
    }
    Ok(body.freeze())
}

fn within(length: usize, limit: u64) -> Result<(), Failure> {
    if length as u64 > limit {
        return Err(Failure::TooLarge { limit });
    }
    Ok(())
}

async fn prefix(mut response: reqwest::Response, limit: usize, call: &CallState) -> Bytes {
    let mut body = BytesMut::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        call.received(chunk.len());
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

fn redirect(status: StatusCode, headers: &HeaderMap) -> Failure {
    let location = headers
        .get(header::LOCATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| Url::parse(text).ok())
        .map(|url| url.origin().ascii_serialization());
    Failure::Redirect { status, location }
}

/// Sorts what reqwest reports by what it means for the caller.
pub(crate) fn classify(error: reqwest::Error) -> Failure {
    let error = error.without_url();
    if error.is_builder() {
        return Failure::Request(chain(&error));
    }
    if error.is_connect() {
        return if is_tls(&error) {
            Failure::Tls(error)
        } else {
            Failure::Connect(error)
        };
    }
    if let Some(source) = upload_source(&error) {
        return Failure::Source(source);
    }
    Failure::Interrupted(error)
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

/// Marks an error that the source of an upload reported, so that it is not taken for a network failure.
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

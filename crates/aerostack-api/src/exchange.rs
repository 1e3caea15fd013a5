//! A call: attempts, the waits between them, and one response or one error.

use std::{future::Future, marker::PhantomData, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use serde::de::DeserializeOwned;
use tokio::time::{Instant, sleep};

use crate::{
    attempt::{RawResponse, ReadBody, Streamed, Whole, attempt},
    body_stream::BodyStream,
    decode::{TypeMismatch, decode_answer},
    effect::Effect,
    error::{CallError, RequestState, TimeoutKind, TransportError},
    observer::{CallGuard, Outcome, RetryDecision},
    operation::Operation,
    options::CallOptions,
    request::{Encoded, Request, Retryable, encode},
    request_id::request_id_of,
    response::Response,
    retry::may_retry,
    trace::Span,
    transport::Transport,
};

impl Transport {
    /// Sends a request and decodes the whole response.
    ///
    /// # Errors
    /// Why the last attempt failed.
    ///
    /// # Cancel safety
    /// Dropping the future abandons the attempt under way. Whether the server acts on it is unknown.
    pub async fn send<R>(
        &self,
        request: &R,
        options: &CallOptions,
    ) -> Result<Response<R::Response>, CallError>
    where
        R: Request,
        R::Response: DeserializeOwned,
    {
        self.send_as(request, options).await
    }

    /// Like [`send`](Self::send), leaving the decoding of the response to `decode`. An empty body is given as `null`.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    ///
    /// # Cancel safety
    /// As [`send`](Self::send).
    pub async fn send_with<T, R, D>(
        &self,
        request: &R,
        options: &CallOptions,
        decode: D,
    ) -> Result<Response<T>, CallError>
    where
        R: Request,
        D: FnOnce(&[u8]) -> Result<T, TypeMismatch> + Send,
    {
        let encoded = encode(&self.config().origin, request);
        let (call, response) = self
            .exchange::<Whole>(R::OPERATION, request, encoded, options)
            .await?;
        call.decode(response, decode)
    }

    /// Like [`send`](Self::send), decoding the response into another type.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    ///
    /// # Cancel safety
    /// As [`send`](Self::send).
    pub async fn send_as<T, R>(
        &self,
        request: &R,
        options: &CallOptions,
    ) -> Result<Response<T>, CallError>
    where
        T: DeserializeOwned,
        R: Request,
    {
        self.send_with(request, options, decode_answer).await
    }

    /// Sends a request and returns the body of the response as it arrives. Retries and timeouts cover the way to the
    /// head of the response; the body has an idle timeout.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    ///
    /// # Cancel safety
    /// As [`send`](Self::send); dropping the body abandons the rest of the response.
    pub async fn stream<R>(
        &self,
        request: &R,
        options: &CallOptions,
    ) -> Result<Response<BodyStream>, CallError>
    where
        R: Request<Response = Bytes>,
    {
        let encoded = encode(&self.config().origin, request);
        let (call, response) = self
            .exchange::<Streamed>(R::OPERATION, request, encoded, options)
            .await?;
        Ok(call.stream(response))
    }

    async fn exchange<B: ReadBody>(
        &self,
        operation: &'static Operation,
        request: &dyn Retryable,
        encoded: Result<Encoded<'_>, TransportError>,
        options: &CallOptions,
    ) -> Result<(Exchange<'_>, RawResponse<B::Body>), CallError> {
        let not_sent = |error| CallError {
            operation,
            error,
            attempts: 0,
            state: RequestState::NotSent,
            effect: Effect::None,
            request_id: None,
        };
        let encoded = encoded.map_err(not_sent)?;
        let http = self.http().map_err(not_sent)?;
        let request_id = options.request_id();
        let headers = self
            .headers(operation, options, &request_id)
            .map_err(not_sent)?;
        let attempts = HttpAttempts::<B> {
            transport: self,
            http,
            operation,
            request: encoded,
            options,
            body: PhantomData,
            request_id: request_id.clone(),
            headers: Some(headers),
        };
        self.run(operation, request, options, request_id, attempts)
            .await
    }

    /// Makes attempts until one succeeds, or none may follow.
    async fn run<A: Attempts>(
        &self,
        operation: &'static Operation,
        request: &dyn Retryable,
        options: &CallOptions,
        request_id: HeaderValue,
        mut sender: A,
    ) -> Result<(Exchange<'_>, RawResponse<A::Body>), CallError> {
        let config = self.config();
        let limit = options.timeout.unwrap_or(config.attempt_timeout);
        let deadline = options.deadline.or(config.deadline);
        let started = Instant::now();
        let left = || deadline.map(|total| total.saturating_sub(started.elapsed()));

        let span = Span::call(operation, request_id.to_str().unwrap_or_default());
        let quota = &self.0.quota;
        let guard = CallGuard::start(config.observer.as_ref(), quota, operation, &request_id);
        let mut call = Exchange {
            transport: self,
            operation,
            guard,
            attempt_span: span.clone(),
            span,
            attempts: 0,
            furthest: RequestState::NotSent,
            effect: Effect::None,
            spent: None,
            request_id,
        };
        loop {
            call.attempts += 1;
            let (timeout, by_deadline) = match left() {
                Some(left) if left < limit && options.sent.is_none() => (left, true),
                _ => (limit, false),
            };
            call.guard
                .attempt(sender.body_length(), options.sent.as_ref());
            call.attempt_span = call.span.attempt(operation, self, call.attempts);
            let attempt = sender.attempt(timeout, &mut call.guard);
            let result = call.attempt_span.scope(attempt).await;
            call.record();
            let error = match result {
                Ok(response) => return Ok((call, response)),
                Err(TransportError::Timeout(TimeoutKind::Attempt(_))) if by_deadline => {
                    TransportError::Timeout(TimeoutKind::Deadline(deadline.unwrap_or(timeout)))
                }
                Err(error) => error,
            };
            call.judge(&error);
            let (retry, cost) = self.decide(request, options, &error, &call, left());
            let RetryDecision::Retry { after } = retry else {
                return Err(call.fail(error, retry));
            };
            call.attempt_span.failed(&error);
            call.guard.failed(&error, retry);
            call.spent = cost;
            call.span.waiting(after, &error);
            sleep(after).await;
        }
    }

    /// Whether a failed attempt is retried, and what the retry costs.
    fn decide(
        &self,
        request: &dyn Retryable,
        options: &CallOptions,
        error: &TransportError,
        call: &Exchange<'_>,
        left: Option<Duration>,
    ) -> (RetryDecision, Option<u32>) {
        let policy = &self.config().retry;
        let state = call.guard.record.state;
        if !may_retry(
            error,
            state,
            || request.idempotency(),
            options.retry,
            policy,
        ) {
            return (RetryDecision::NotAllowed, None);
        }
        if call.attempts >= policy.max_attempts {
            return (RetryDecision::AttemptsUsed, None);
        }
        let wait = policy.wait(error, call.attempts - 1, &self.config().random);
        let after = match (wait, left) {
            (Some(after), Some(left)) if after < left => after,
            (Some(after), None) => after,
            _ => return (RetryDecision::NoTimeLeft, None),
        };
        match self.0.quota.withdraw(error) {
            Some(cost) => (RetryDecision::Retry { after }, Some(cost)),
            None => (RetryDecision::QuotaEmpty, None),
        }
    }
}

/// Makes the attempts of one call.
trait Attempts: Send {
    /// The body of a successful response.
    type Body;

    /// Bytes of the request body that each attempt sends.
    fn body_length(&self) -> u64;

    /// Makes one attempt.
    fn attempt(
        &mut self,
        timeout: Duration,
        guard: &mut CallGuard,
    ) -> impl Future<Output = Result<RawResponse<Self::Body>, TransportError>> + Send;
}

/// Attempts over HTTP.
struct HttpAttempts<'a, B> {
    transport: &'a Transport,
    /// Of the runtime that runs the call.
    http: reqwest::Client,
    operation: &'static Operation,
    request: Encoded<'a>,
    options: &'a CallOptions,
    body: PhantomData<fn() -> B>,
    request_id: HeaderValue,
    /// The headers of the first attempt, which were built early to find out whether they can be.
    headers: Option<HeaderMap>,
}

impl<B: ReadBody> Attempts for HttpAttempts<'_, B> {
    type Body = B::Body;

    fn body_length(&self) -> u64 {
        self.request.body_length()
    }

    async fn attempt(
        &mut self,
        timeout: Duration,
        guard: &mut CallGuard,
    ) -> Result<RawResponse<B::Body>, TransportError> {
        let Self {
            transport, options, ..
        } = *self;
        let headers = match self.headers.take() {
            Some(headers) => headers,
            None => transport.headers(self.operation, options, &self.request_id)?,
        };
        let request = self.request.http(&self.http, headers).await?;
        let sent = options.sent.as_ref();
        attempt::<B>(transport, &self.http, request, timeout, sent, guard).await
    }
}

/// A call under way.
struct Exchange<'t> {
    transport: &'t Transport,
    operation: &'static Operation,
    guard: CallGuard,
    span: Span,
    attempt_span: Span,
    attempts: u32,
    furthest: RequestState,
    /// What all attempts together did.
    effect: Effect,
    /// What the last retry cost.
    spent: Option<u32>,
    request_id: HeaderValue,
}

impl Exchange<'_> {
    /// Records the end of an attempt.
    fn record(&mut self) {
        let record = &self.guard.record;
        self.furthest = self.furthest.max(record.state);
        self.attempt_span.status(record.status);
        self.span.status(record.status);
        self.span.attempts(self.attempts);
    }

    /// Takes down what a failed attempt did.
    fn judge(&mut self, error: &TransportError) {
        let record = &self.guard.record;
        let effect = Effect::of(error, record.state, record.status);
        self.effect = self.effect.max(effect);
    }

    /// Ends the call with the decoded body.
    fn decode<T>(
        mut self,
        response: RawResponse<Bytes>,
        decode: impl FnOnce(&[u8]) -> Result<T, TypeMismatch>,
    ) -> Result<Response<T>, CallError> {
        let RawResponse {
            status,
            headers,
            body,
        } = response;
        // An empty body is no value, and so is JSON null.
        let json: &[u8] = if body.is_empty() { b"null" } else { &body };
        match decode(json) {
            Ok(value) => {
                self.transport.0.quota.deposit(self.spent);
                self.guard.end(Outcome::Success);
                Ok(self.response(status, headers, value))
            }
            Err(error) => {
                let error = TransportError::Decode {
                    source: Box::new(error),
                    status,
                    body,
                };
                self.judge(&error);
                Err(self.fail(error, RetryDecision::NotAllowed))
            }
        }
    }

    /// Leaves the body, and the end of the call, to the caller.
    fn stream(mut self, response: RawResponse<reqwest::Response>) -> Response<BodyStream> {
        let RawResponse {
            status,
            headers,
            body,
        } = response;
        self.transport.0.quota.deposit(self.spent);
        let idle = self.transport.config().idle_timeout;
        let guard = std::mem::replace(&mut self.guard, CallGuard::ended());
        let body = BodyStream::new(body, idle, guard.into_reporter());
        self.response(status, headers, body)
    }

    fn response<T>(self, status: StatusCode, headers: HeaderMap, value: T) -> Response<T> {
        Response {
            operation: self.operation,
            value,
            status,
            headers,
            attempts: self.attempts,
            sent_id: self.request_id,
        }
    }

    /// Ends the call with an error.
    fn fail(mut self, error: TransportError, retry: RetryDecision) -> CallError {
        self.attempt_span.failed(&error);
        self.guard.failed(&error, retry);
        self.span.call_failed(self.operation, self.attempts, &error);
        let server_id = self.guard.record.server_id.as_ref();
        CallError {
            operation: self.operation,
            error,
            attempts: self.attempts,
            state: self.furthest,
            effect: self.effect,
            request_id: request_id_of(server_id, &self.request_id).map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests;

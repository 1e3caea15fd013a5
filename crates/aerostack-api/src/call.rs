//! A call: attempts, waits between them, one answer or one error.

use std::{future::Future, sync::Arc, time::Duration};

use http::{HeaderMap, StatusCode};
use progenitor_client::{ByteStream, Error as GeneratedError, ResponseValue};
use tokio::time::{Instant, sleep};

use crate::{
    body_stream::BodyStream,
    failure::{Answer, Budget, CallError, Failure, Reached},
    generated::Client,
    observe::{CallWatch, Ending, Next},
    operation::Operation,
    options::CallOptions,
    retry::may_repeat,
    trace::Span,
    transport::{BodyMode, CallState, Outcome, Transport, request_id_of},
};

impl Transport {
    /// Makes a call and reads its whole answer.
    ///
    /// `send` makes one attempt on the generated client; it is run again when the attempt failed in a way that may be
    /// repeated.
    ///
    /// # Errors
    /// What ended the last attempt.
    ///
    /// # Cancel safety
    /// Dropping the future abandons the attempt under way. Whether the server acts on it cannot be known.
    pub async fn call<T, F, Fut>(
        &self,
        operation: &'static Operation,
        options: &CallOptions,
        send: F,
    ) -> Result<Answer<T>, CallError>
    where
        F: FnMut(Client) -> Fut,
        Fut: Future<Output = Result<ResponseValue<T>, GeneratedError<()>>>,
    {
        let (answer, mut watch) = self.run(operation, options, BodyMode::Whole, send).await?;
        watch.end(Ending::Success);
        Ok(answer)
    }

    /// Makes a call whose answer is handed over as it arrives. Only the way to the head of the answer is repeated and
    /// limited in time; the body has a limit on silence.
    ///
    /// # Errors
    /// What ended the last attempt.
    ///
    /// # Cancel safety
    /// As [`call`](Self::call); dropping the body abandons the rest of the answer.
    pub async fn call_streaming<F, Fut>(
        &self,
        operation: &'static Operation,
        options: &CallOptions,
        send: F,
    ) -> Result<Answer<BodyStream>, CallError>
    where
        F: FnMut(Client) -> Fut,
        Fut: Future<Output = Result<ResponseValue<ByteStream>, GeneratedError<()>>>,
    {
        let (answer, watch) = self.run(operation, options, BodyMode::Stream, send).await?;
        let idle = self.config().idle_timeout;
        Ok(answer.map(|body| BodyStream::new(body, idle, watch.into_body())))
    }

    async fn run<T, F, Fut>(
        &self,
        operation: &'static Operation,
        options: &CallOptions,
        mode: BodyMode,
        mut send: F,
    ) -> Result<(Answer<T>, CallWatch), CallError>
    where
        F: FnMut(Client) -> Fut,
        Fut: Future<Output = Result<ResponseValue<T>, GeneratedError<()>>>,
    {
        let config = self.config();
        let limit = options.timeout.unwrap_or(config.attempt_timeout);
        let deadline = options.deadline.or(config.deadline);
        let started = Instant::now();
        let left = || deadline.map(|total| total.saturating_sub(started.elapsed()));

        let headers = self
            .headers(operation, options)
            .map_err(|failure| CallError {
                operation,
                failure,
                attempts: 0,
                reached: Reached::NotSent,
                request_id: None,
            })?;
        let span = Span::call(operation, request_id_of(&headers, &headers).as_deref());
        let mut watch = CallWatch::start(self, operation, &headers);
        let mut attempts = 0;
        let mut furthest = Reached::NotSent;
        let mut spent = None;
        loop {
            attempts += 1;
            let (timeout, by_deadline) = match left() {
                Some(left) if left < limit && options.sent.is_none() => (left, true),
                _ => (limit, false),
            };
            let state = Arc::new(CallState {
                transport: self.clone(),
                operation,
                headers: headers.clone(),
                timeout,
                sent: options.sent.clone(),
                mode,
                outcome: Default::default(),
                request_bytes: Default::default(),
                response_bytes: Default::default(),
            });
            watch.attempt(&state);
            let attempt = span.attempt(operation, self, attempts);
            let result = attempt.scope(send(self.client(&state))).await;
            let outcome = state.take();
            watch.answered(&outcome);
            attempt.status(outcome.status);
            span.status(outcome.status);
            span.attempts(attempts);
            let reached = outcome.reached.unwrap_or(Reached::NotSent);
            furthest = furthest.max(reached);
            let request_id = || request_id_of(&outcome.headers, &headers);
            let failure = match result {
                Ok(value) => {
                    self.0.budget.deposit(spent);
                    return Ok((answer(value, outcome, &headers, attempts), watch));
                }
                Err(error) => match outcome.failure {
                    Some(Failure::Timeout(Budget::Attempt(_))) if by_deadline => {
                        Failure::Timeout(Budget::Deadline(deadline.unwrap_or(timeout)))
                    }
                    Some(failure) => failure,
                    None => from_generated(error, outcome.status),
                },
            };
            attempt.failed(&failure);
            let (next, cost) = self.next(operation, options, &failure, reached, attempts, left());
            watch.failed(&failure, next);
            let Next::Repeat { after } = next else {
                span.failed(&failure);
                return Err(CallError {
                    operation,
                    failure,
                    attempts,
                    reached: furthest,
                    request_id: request_id(),
                });
            };
            spent = cost;
            span.waiting(after, &failure);
            sleep(after).await;
        }
    }

    /// What follows a failed attempt, and what it cost.
    fn next(
        &self,
        operation: &'static Operation,
        options: &CallOptions,
        failure: &Failure,
        reached: Reached,
        attempts: u32,
        left: Option<Duration>,
    ) -> (Next, Option<u32>) {
        let policy = &self.config().retry;
        let mode = options.retry;
        if !may_repeat(failure, reached, operation.idempotency, mode, policy) {
            return (Next::Unrepeatable, None);
        }
        if attempts >= policy.max_attempts {
            return (Next::AttemptsUsed, None);
        }
        let after = self.wait(failure, attempts - 1);
        if left.is_some_and(|left| after >= left) {
            return (Next::NoTimeLeft, None);
        }
        match self.0.budget.withdraw(failure) {
            Some(cost) => (Next::Repeat { after }, Some(cost)),
            None => (Next::BudgetEmpty, None),
        }
    }

    /// The wait after a failed attempt: the server's hint, clamped, or the backoff, whichever is longer.
    fn wait(&self, failure: &Failure, n: u32) -> Duration {
        let config = self.config();
        let backoff = config.retry.backoff.delay(n, &config.random);
        match failure {
            Failure::Status {
                retry_after: Some(hint),
                ..
            } => backoff.max((*hint).min(config.retry.hint_cap)),
            _ => backoff,
        }
    }
}

fn answer<T>(
    value: ResponseValue<T>,
    outcome: Outcome,
    sent: &HeaderMap,
    attempts: u32,
) -> Answer<T> {
    let status = outcome.status.unwrap_or(value.status());
    Answer {
        request_id: request_id_of(&outcome.headers, sent),
        value: value.into_inner(),
        status,
        headers: outcome.headers,
        attempts,
    }
}

/// What the generated code itself reports; all that concerns the wire was recorded by the attempt.
fn from_generated(error: GeneratedError<()>, status: Option<StatusCode>) -> Failure {
    match error {
        GeneratedError::InvalidResponsePayload(body, source) => Failure::Decode {
            source: source.into(),
            status: status.unwrap_or(StatusCode::OK),
            body,
        },
        GeneratedError::CommunicationError(error)
        | GeneratedError::ResponseBodyError(error)
        | GeneratedError::InvalidUpgrade(error) => crate::attempt::classify(error),
        GeneratedError::InvalidRequest(message) => Failure::Request(message),
        // Nothing here but an upload whose source could not be opened makes a custom error.
        GeneratedError::Custom(message) => Failure::Source(message.into()),
        GeneratedError::ErrorResponse(response) => undeclared(response.status()),
        GeneratedError::UnexpectedResponse(response) => undeclared(response.status()),
    }
}

fn undeclared(status: StatusCode) -> Failure {
    Failure::Status {
        status,
        body: Default::default(),
        retry_after: None,
    }
}

#[cfg(test)]
mod tests;

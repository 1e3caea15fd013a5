//! Reports of calls and attempts. Without an observer, nothing here allocates, locks or reads a clock.

use std::{
    error::Error as StdError,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use http::{HeaderMap, HeaderValue, StatusCode};
use tokio::time::Instant;

use crate::{
    error::{RequestState, TransportError},
    operation::Operation,
    options::ByteCounter,
    request_id::REQUEST_ID,
    retry::{QuotaBucket, RetryQuota},
};

/// Receives reports of calls. Its methods run within the call, on its task; a panic is caught and has no effect.
pub trait Observer: Send + Sync {
    /// A call starts. Exactly one [`call_ended`](Self::call_ended) follows.
    fn call_started(&self, call: &CallInfo<'_>) {
        let _ = call;
    }

    /// An attempt ended.
    fn attempt_ended(&self, attempt: &AttemptReport<'_>) {
        let _ = attempt;
    }

    /// A call ended: it succeeded, failed, or was dropped.
    fn call_ended(&self, call: &CallReport<'_>) {
        let _ = call;
    }
}

/// A call.
#[derive(Debug, Clone, Copy)]
pub struct CallInfo<'a> {
    /// The operation.
    pub operation: &'static Operation,
    /// The id sent as `X-Request-ID`.
    pub request_id: &'a str,
}

/// How a call or an attempt ended.
#[derive(Debug, Clone, Copy)]
pub enum Outcome<'a> {
    /// The response was read to its end.
    Success,
    /// The transport failed.
    Failed(&'a TransportError),
    /// The response arrived, but its reader cannot use it.
    Unusable(&'a (dyn StdError + 'static)),
    /// The call was dropped.
    Cancelled,
}

/// Whether another attempt follows, and why not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryDecision {
    /// The attempt did not fail, or the call was dropped.
    NotNeeded,
    /// Another attempt follows.
    Retry {
        /// The wait before it.
        after: Duration,
    },
    /// A retry might do harm or would not help.
    NotAllowed,
    /// The maximum number of attempts is reached.
    AttemptsUsed,
    /// The deadline is before the next attempt, or the server asks for a longer wait than the policy allows.
    NoTimeLeft,
    /// The retry quota is empty.
    QuotaEmpty,
}

/// Bytes and times of a call or an attempt.
#[derive(Debug, Clone, Copy, Default)]
pub struct Traffic {
    /// Status of the (last) response.
    pub status: Option<StatusCode>,
    /// Time from start to end, a streamed body included.
    pub latency: Duration,
    /// Time from the start to the head of the (last) response.
    pub to_head: Option<Duration>,
    /// Bytes of request bodies; of an upload, the bytes of the file that were sent.
    pub request_bytes: u64,
    /// Bytes of response bodies that arrived.
    pub response_bytes: u64,
}

/// A report of an attempt.
#[derive(Debug, Clone, Copy)]
pub struct AttemptReport<'a> {
    /// The call.
    pub call: CallInfo<'a>,
    /// Number of the attempt, starting at 1.
    pub attempt: u32,
    /// How it ended.
    pub outcome: Outcome<'a>,
    /// Its bytes and times.
    pub traffic: Traffic,
    /// Whether another attempt follows.
    pub retry: RetryDecision,
    /// The retry quota, after that decision.
    pub quota: RetryQuota,
}

/// A report of a call.
#[derive(Debug, Clone, Copy)]
pub struct CallReport<'a> {
    /// The call.
    pub call: CallInfo<'a>,
    /// Attempts started.
    pub attempts: u32,
    /// How it ended.
    pub outcome: Outcome<'a>,
    /// Bytes and times of all attempts.
    pub traffic: Traffic,
    /// The retry quota.
    pub quota: RetryQuota,
}

/// What the attempt under way has done so far. It outlives the attempt, so that a dropped one is reported as well.
#[derive(Debug, Default)]
pub(crate) struct AttemptRecord {
    pub(crate) state: RequestState,
    pub(crate) status: Option<StatusCode>,
    /// The server's id of the request.
    pub(crate) server_id: Option<HeaderValue>,
    pub(crate) request_bytes: u64,
    pub(crate) response_bytes: u64,
    /// When the head of the response arrived, if there is an observer.
    head: Option<Instant>,
}

/// Accompanies one call and reports it to the observer, if there is one. Dropped early, it reports a cancelled call.
pub(crate) struct CallGuard {
    pub(crate) record: AttemptRecord,
    observed: Option<Observed>,
}

struct Observed {
    observer: Arc<dyn Observer>,
    quota: Arc<QuotaBucket>,
    operation: &'static Operation,
    request_id: HeaderValue,
    started: Instant,
    attempts: u32,
    running: Option<Running>,
    total: Traffic,
}

/// The attempt under way.
struct Running {
    started: Instant,
    /// The counter of an upload and its value when the attempt started.
    sent: Option<(ByteCounter, u64)>,
}

impl CallGuard {
    pub(crate) fn start(
        observer: Option<&Arc<dyn Observer>>,
        quota: &Arc<QuotaBucket>,
        operation: &'static Operation,
        request_id: &HeaderValue,
    ) -> Self {
        let observed = observer.map(|observer| Observed {
            observer: Arc::clone(observer),
            quota: Arc::clone(quota),
            operation,
            request_id: request_id.clone(),
            started: Instant::now(),
            attempts: 0,
            running: None,
            total: Traffic::default(),
        });
        if let Some(observed) = &observed {
            observed.report(|observer| observer.call_started(&observed.info()));
        }
        Self {
            record: AttemptRecord::default(),
            observed,
        }
    }

    /// A guard with nothing left to report.
    pub(crate) fn ended() -> Self {
        Self {
            record: AttemptRecord::default(),
            observed: None,
        }
    }

    /// Starts an attempt.
    pub(crate) fn attempt(&mut self, request_bytes: u64, sent: Option<&ByteCounter>) {
        self.record = AttemptRecord {
            request_bytes,
            ..AttemptRecord::default()
        };
        if let Some(observed) = &mut self.observed {
            observed.attempts += 1;
            observed.running = Some(Running {
                started: Instant::now(),
                sent: sent.map(|sent| (sent.clone(), sent.bytes())),
            });
        }
    }

    /// Records the head of a response.
    pub(crate) fn head(&mut self, status: StatusCode, headers: &HeaderMap) {
        self.record.state = RequestState::Headers;
        self.record.status = Some(status);
        self.record.server_id = headers.get(&REQUEST_ID).cloned();
        if self.observed.is_some() {
            self.record.head = Some(Instant::now());
        }
    }

    /// Ends the attempt, and the call unless another attempt follows.
    pub(crate) fn failed(&mut self, error: &TransportError, retry: RetryDecision) {
        if let Some(observed) = &mut self.observed {
            observed.end_attempt(&self.record, Outcome::Failed(error), retry);
        }
        if !matches!(retry, RetryDecision::Retry { .. }) {
            self.end(Outcome::Failed(error));
        }
    }

    /// Ends the call and the attempt under way. Only the first end counts.
    pub(crate) fn end(&mut self, outcome: Outcome<'_>) {
        if let Some(mut observed) = self.observed.take() {
            let retry = match outcome {
                Outcome::Failed(_) | Outcome::Unusable(_) => RetryDecision::NotAllowed,
                Outcome::Success | Outcome::Cancelled => RetryDecision::NotNeeded,
            };
            observed.end_attempt(&self.record, outcome, retry);
            observed.end(outcome);
        }
    }

    /// Hands the report over to a body that is still to be read.
    pub(crate) fn into_reporter(self) -> BodyReporter {
        BodyReporter(self.observed.is_some().then(|| Arc::new(Mutex::new(self))))
    }
}

impl Drop for CallGuard {
    fn drop(&mut self) {
        self.end(Outcome::Cancelled);
    }
}

impl Observed {
    fn info(&self) -> CallInfo<'_> {
        CallInfo {
            operation: self.operation,
            request_id: self.request_id.to_str().unwrap_or_default(),
        }
    }

    /// Calls the observer, whose panics must not reach the call.
    fn report(&self, report: impl FnOnce(&dyn Observer)) {
        let _ = catch_unwind(AssertUnwindSafe(|| report(&*self.observer)));
    }

    fn end_attempt(&mut self, record: &AttemptRecord, outcome: Outcome<'_>, retry: RetryDecision) {
        let Some(running) = self.running.take() else {
            return;
        };
        let traffic = Traffic {
            status: record.status,
            latency: running.started.elapsed(),
            to_head: record
                .head
                .map(|head| head.saturating_duration_since(running.started)),
            request_bytes: match &running.sent {
                Some((sent, before)) => sent.bytes().saturating_sub(*before),
                None => record.request_bytes,
            },
            response_bytes: record.response_bytes,
        };
        self.total.status = record.status.or(self.total.status);
        self.total.to_head = record
            .head
            .map(|head| head.saturating_duration_since(self.started))
            .or(self.total.to_head);
        self.total.request_bytes += traffic.request_bytes;
        self.total.response_bytes += traffic.response_bytes;
        let report = AttemptReport {
            call: self.info(),
            attempt: self.attempts,
            outcome,
            traffic,
            retry,
            quota: self.quota.state(),
        };
        self.report(|observer| observer.attempt_ended(&report));
    }

    fn end(&self, outcome: Outcome<'_>) {
        let report = CallReport {
            call: self.info(),
            attempts: self.attempts,
            outcome,
            traffic: Traffic {
                latency: self.started.elapsed(),
                ..self.total
            },
            quota: self.quota.state(),
        };
        self.report(|observer| observer.call_ended(&report));
    }
}

/// Reports how a streamed response ended. Clones share one report.
#[derive(Clone)]
pub struct BodyReporter(Option<Arc<Mutex<CallGuard>>>);

impl BodyReporter {
    /// The reader has all it needs, even if the body goes on.
    pub fn done(&self) {
        self.end(Outcome::Success);
    }

    /// The reader cannot use what arrived.
    pub fn unusable(&self, error: &(dyn StdError + 'static)) {
        self.end(Outcome::Unusable(error));
    }

    pub(crate) fn end(&self, outcome: Outcome<'_>) {
        if let Some(guard) = &self.0 {
            guard
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .end(outcome);
        }
    }

    pub(crate) fn received(&self, bytes: usize) {
        if let Some(guard) = &self.0 {
            let mut guard = guard.lock().unwrap_or_else(PoisonError::into_inner);
            guard.record.response_bytes += bytes as u64;
        }
    }
}

impl fmt::Debug for BodyReporter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyReporter")
    }
}

#[cfg(test)]
mod tests;

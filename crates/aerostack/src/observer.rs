//! Metrics: an [`Observer`] is told of every call and every attempt.

#[cfg(feature = "metrics")]
mod metrics;

use std::{fmt, sync::Arc, time::Duration};

use aerostack_api::{AttemptReport, CallInfo, CallReport, RetryDecision, RetryQuota};

use crate::{Error, ErrorKind};

#[cfg(feature = "metrics")]
pub use metrics::Metrics;

/// Is told what the client's calls do. Set with [`ClientBuilder::observer`](crate::ClientBuilder::observer).
///
/// ```
/// use std::sync::{Arc, atomic::{AtomicU64, Ordering::Relaxed}};
///
/// use aerostack::{Client, observer::{AttemptEnded, CallEnded, Observer}};
///
/// #[derive(Default)]
/// struct Metrics {
///     calls: AtomicU64,
///     failed: AtomicU64,
///     repeats: AtomicU64,
///     milliseconds: AtomicU64,
///     received: AtomicU64,
/// }
///
/// impl Observer for Metrics {
///     fn attempt_ended(&self, attempt: &AttemptEnded<'_>) {
///         self.repeats.fetch_add(u64::from(attempt.retry.is_repeat()), Relaxed);
///     }
///
///     fn call_ended(&self, call: &CallEnded<'_>) {
///         self.calls.fetch_add(1, Relaxed);
///         self.failed.fetch_add(u64::from(call.outcome.error_kind().is_some()), Relaxed);
///         self.milliseconds.fetch_add(call.latency.as_millis() as u64, Relaxed);
///         self.received.fetch_add(call.response_bytes, Relaxed);
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = aerostack_emulator::Emulator::builder().start().await?;
/// # emulator.fault(aerostack_emulator::Fault::status(503).on("cacheGet").times(1));
/// let metrics = Arc::new(Metrics::default());
/// let client = Client::builder()
/// #   .base_url(emulator.url()).api_key(emulator.api_key())
///     .observer(Arc::clone(&metrics))
///     .build()?;
///
/// client.cache().set("greeting", "hello").await?;
/// assert!(client.cache().has("greeting").await?);
///
/// let text = format!(
///     "aerostack_calls_total {}\naerostack_failed_calls_total {}\naerostack_repeats_total {}\n",
///     metrics.calls.load(Relaxed), metrics.failed.load(Relaxed), metrics.repeats.load(Relaxed),
/// );
/// assert_eq!(text, "aerostack_calls_total 2\naerostack_failed_calls_total 0\naerostack_repeats_total 1\n");
/// # Ok(())
/// # }
/// ```
///
/// # What is told
/// Each call that the client tries: one [`call_started`](Self::call_started), one
/// [`attempt_ended`](Self::attempt_ended) for each attempt, one [`call_ended`](Self::call_ended), whatever happens: an
/// answer, an error, a dropped future. A call that streams, such as a download or a chat, ends when its body does or
/// the stream is dropped. Calls that are split over a limit of the platform are told part by part, and lists page by
/// page. A call that is refused before anything is tried, for a bad argument or a missing credential, is not told.
///
/// An answer that arrived whole is a success here even when it does not fit the types the program asked for. What flows
/// over realtime channels is not told; its client has a status of its own.
///
/// No event holds a secret, a name or a value of the program's: the labels are those of the API document, so that there
/// are few of them.
///
/// # How it is told
/// On the task of the call, between its steps, sometimes while a future is dropped. The call waits for the method to
/// return, so count and go on: no blocking, no I/O; hand what takes longer to a channel with `try_send`. A panic of an
/// observer is caught and changes nothing. A client without an observer does nothing for it.
pub trait Observer: Send + Sync + 'static {
    /// A call begins.
    fn call_started(&self, call: &CallStarted<'_>) {
        let _ = call;
    }

    /// An attempt is over.
    fn attempt_ended(&self, attempt: &AttemptEnded<'_>) {
        let _ = attempt;
    }

    /// A call is over.
    fn call_ended(&self, call: &CallEnded<'_>) {
        let _ = call;
    }
}

impl<O: Observer + ?Sized> Observer for Arc<O> {
    fn call_started(&self, call: &CallStarted<'_>) {
        (**self).call_started(call);
    }

    fn attempt_ended(&self, attempt: &AttemptEnded<'_>) {
        (**self).attempt_ended(attempt);
    }

    fn call_ended(&self, call: &CallEnded<'_>) {
        (**self).call_ended(call);
    }
}

/// A call begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallStarted<'a> {
    /// The document's name of the operation, such as `cacheGet`.
    pub operation: &'static str,
    /// The service, as the document names it, such as `Cache`.
    pub service: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The id sent as `X-Request-ID`, the same for all attempts.
    pub request_id: &'a str,
}

/// An attempt is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AttemptEnded<'a> {
    /// The call it belongs to.
    pub call: CallStarted<'a>,
    /// Its number, from 1.
    pub attempt: u32,
    /// How it ended.
    pub outcome: Outcome,
    /// The HTTP status, when an answer began.
    pub status: Option<u16>,
    /// From its beginning to its end, a streamed body included.
    pub latency: Duration,
    /// From its beginning to the head of the answer, when there was one.
    pub time_to_head: Option<Duration>,
    /// Bytes of the request's body; of an upload, the bytes of the file that have gone out.
    pub request_bytes: u64,
    /// Bytes of the answer's body that arrived.
    pub response_bytes: u64,
    /// Whether another attempt follows, and why not.
    pub retry: Retry,
    /// What is left for repeats.
    pub retry_budget: RetryBudget,
}

/// A call is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallEnded<'a> {
    /// The call.
    pub call: CallStarted<'a>,
    /// How it ended.
    pub outcome: Outcome,
    /// Attempts begun.
    pub attempts: u32,
    /// The HTTP status of the last answer that began.
    pub status: Option<u16>,
    /// From beginning to end: all attempts, the waits between them, a streamed body.
    pub latency: Duration,
    /// From the beginning of the call to the head of the last answer.
    pub time_to_head: Option<Duration>,
    /// Bytes of request bodies, in all attempts.
    pub request_bytes: u64,
    /// Bytes of answers' bodies, in all attempts.
    pub response_bytes: u64,
    /// What is left for repeats.
    pub retry_budget: RetryBudget,
}

/// How a call or an attempt ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Outcome {
    /// With an answer.
    Success,
    /// With an error of this kind.
    Failure(ErrorKind),
    /// The future or the stream was dropped.
    Cancelled,
}

impl Outcome {
    /// The kind of the error, where it is one.
    pub fn error_kind(self) -> Option<ErrorKind> {
        match self {
            Self::Failure(kind) => Some(kind),
            Self::Success | Self::Cancelled => None,
        }
    }
}

/// What follows an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Retry {
    /// Nothing: it succeeded, or nobody waits for it any longer.
    NotNeeded,
    /// Another attempt.
    Repeat {
        /// The wait before it.
        after: Duration,
    },
    /// Nothing: repeating the call might do it twice, or would not help, or was ruled out.
    NotAllowed,
    /// Nothing: as many attempts were made as [`max_attempts`](crate::ClientBuilder::max_attempts) allows.
    AttemptsUsed,
    /// Nothing: the [`deadline`](crate::ClientBuilder::deadline) comes before the next attempt would begin, or the platform
    /// asks for a wait of more than 30 seconds.
    NoTimeLeft,
    /// Nothing: too many calls of this client were repeated lately.
    BudgetEmpty,
}

impl Retry {
    /// Whether another attempt follows.
    pub fn is_repeat(self) -> bool {
        matches!(self, Self::Repeat { .. })
    }
}

/// What all calls of a client have left for repeats. Repeats spend it and successes bring it back, so that a platform in
/// trouble does not meet a multiple of its usual load.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryBudget {
    /// Tokens left. A repeat takes 5, after a timeout 10.
    pub left: u32,
    /// Tokens when nothing fails.
    pub capacity: u32,
}

/// Translates what the wire tells.
pub(crate) struct Adapter<O>(pub(crate) O);

impl<O: Observer> aerostack_api::Observer for Adapter<O> {
    fn call_started(&self, call: &CallInfo<'_>) {
        self.0.call_started(&started(call));
    }

    fn attempt_ended(&self, attempt: &AttemptReport<'_>) {
        let traffic = &attempt.traffic;
        self.0.attempt_ended(&AttemptEnded {
            call: started(&attempt.call),
            attempt: attempt.attempt,
            outcome: outcome(attempt.outcome),
            status: traffic.status.map(|status| status.as_u16()),
            latency: traffic.latency,
            time_to_head: traffic.to_head,
            request_bytes: traffic.request_bytes,
            response_bytes: traffic.response_bytes,
            retry: retry(attempt.retry),
            retry_budget: budget(attempt.quota),
        });
    }

    fn call_ended(&self, call: &CallReport<'_>) {
        let traffic = &call.traffic;
        self.0.call_ended(&CallEnded {
            call: started(&call.call),
            outcome: outcome(call.outcome),
            attempts: call.attempts,
            status: traffic.status.map(|status| status.as_u16()),
            latency: traffic.latency,
            time_to_head: traffic.to_head,
            request_bytes: traffic.request_bytes,
            response_bytes: traffic.response_bytes,
            retry_budget: budget(call.quota),
        });
    }
}

impl<O> fmt::Debug for Adapter<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Adapter")
    }
}

fn started<'a>(call: &CallInfo<'a>) -> CallStarted<'a> {
    CallStarted {
        operation: call.operation.id,
        service: call.operation.tag,
        method: call.operation.method,
        request_id: call.request_id,
    }
}

fn outcome(ending: aerostack_api::Outcome<'_>) -> Outcome {
    match ending {
        aerostack_api::Outcome::Success => Outcome::Success,
        aerostack_api::Outcome::Failed(failure) => Outcome::Failure(ErrorKind::of(failure)),
        aerostack_api::Outcome::Unusable(error) => Outcome::Failure(
            error
                .downcast_ref::<Error>()
                .map_or(ErrorKind::Protocol, Error::kind),
        ),
        aerostack_api::Outcome::Cancelled => Outcome::Cancelled,
    }
}

fn retry(decision: RetryDecision) -> Retry {
    match decision {
        RetryDecision::NotNeeded => Retry::NotNeeded,
        RetryDecision::Retry { after } => Retry::Repeat { after },
        RetryDecision::NotAllowed => Retry::NotAllowed,
        RetryDecision::AttemptsUsed => Retry::AttemptsUsed,
        RetryDecision::NoTimeLeft => Retry::NoTimeLeft,
        RetryDecision::QuotaEmpty => Retry::BudgetEmpty,
    }
}

fn budget(quota: RetryQuota) -> RetryBudget {
    RetryBudget {
        left: quota.left,
        capacity: quota.capacity,
    }
}

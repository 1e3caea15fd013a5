//! Whether a failed attempt may be retried.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use http::StatusCode;

use crate::{
    backoff::Backoff,
    clock::Random,
    error::{RequestState, TimeoutKind, TransportError},
    operation::Idempotency,
};

/// When and how often calls are retried.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// Attempts per call, the first included. At least 1.
    pub max_attempts: u32,
    /// Waits between attempts.
    pub backoff: Backoff,
    /// The longest wait that a server may ask for. A call that would have to wait longer fails at once.
    pub hint_cap: Duration,
    /// Also retry calls that leave the same state when sent twice (`replace`) after they may have been sent.
    pub replace: bool,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 3,
            backoff: Backoff {
                base: Duration::from_millis(200),
                cap: Duration::from_secs(10),
            },
            hint_cap: Duration::from_secs(30),
            replace: false,
        }
    }
}

impl RetryPolicy {
    /// The wait after the `n`th failed attempt, counted from 0; `None` when the server asks for more than the cap.
    ///
    /// A server turns many clients away at the same moment, so a random part is added to what it asks for: else they would
    /// all come back at the same moment.
    pub(crate) fn wait(&self, error: &TransportError, n: u32, random: &Random) -> Option<Duration> {
        let hint = match error {
            TransportError::Status { retry_after, .. } => *retry_after,
            _ => None,
        };
        match hint {
            Some(hint) if hint > self.hint_cap => None,
            hint => hint
                .unwrap_or_default()
                .checked_add(self.backoff.delay(n, random)),
        }
    }
}

/// Whether one call is retried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RetryMode {
    /// As the policy and the document say.
    #[default]
    Policy,
    /// One attempt.
    Never,
    /// The caller asserts that sending the request twice is harmless.
    Always,
}

/// Whether a failed attempt may be retried.
pub(crate) fn may_retry(
    error: &TransportError,
    state: RequestState,
    idempotency: impl FnOnce() -> Idempotency,
    mode: RetryMode,
    policy: &RetryPolicy,
) -> bool {
    if mode == RetryMode::Never {
        return false;
    }
    let harmless = || {
        mode == RetryMode::Always
            || match idempotency() {
                Idempotency::Read => true,
                Idempotency::Replace => policy.replace,
                Idempotency::No => false,
            }
    };
    match error {
        TransportError::Connect(_) | TransportError::Unprocessed(_) => true,
        TransportError::Status { status, .. } if is_unprocessed(*status) => true,
        TransportError::Status { status, .. } => harmless() && is_transient(*status),
        TransportError::Timeout(TimeoutKind::Deadline(_)) => false,
        TransportError::Timeout(_) => harmless() || state == RequestState::NotSent,
        TransportError::Interrupted(_) | TransportError::Truncated(_) => harmless(),
        _ => false,
    }
}

/// Refusals that say nothing of the request itself: it came to the wrong place (421), too early (425) or too often (429).
fn is_unprocessed(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::MISDIRECTED_REQUEST | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS
    )
}

fn is_transient(status: StatusCode) -> bool {
    status == StatusCode::REQUEST_TIMEOUT
        || (status.is_server_error()
            && status != StatusCode::NOT_IMPLEMENTED
            && status != StatusCode::HTTP_VERSION_NOT_SUPPORTED)
}

/// Tokens shared by all calls of a client: retries spend them, successes bring them back, so that a platform in trouble
/// is not met with a multiple of its usual load.
#[derive(Debug)]
pub(crate) struct QuotaBucket(AtomicU32);

const CAPACITY: u32 = 500;
const RETRY_COST: u32 = 5;
const TIMEOUT_COST: u32 = 10;

/// What is left for retries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryQuota {
    /// Tokens left; a retry takes 5, after a timeout 10.
    pub left: u32,
    /// Tokens when nothing fails.
    pub capacity: u32,
}

impl Default for QuotaBucket {
    fn default() -> Self {
        Self(AtomicU32::new(CAPACITY))
    }
}

impl QuotaBucket {
    pub(crate) fn state(&self) -> RetryQuota {
        RetryQuota {
            left: self.0.load(Ordering::Relaxed),
            capacity: CAPACITY,
        }
    }

    /// Takes the price of a retry after this error; `None` when there is not enough left.
    pub(crate) fn withdraw(&self, error: &TransportError) -> Option<u32> {
        let cost = match error {
            TransportError::Timeout(_) => TIMEOUT_COST,
            _ => RETRY_COST,
        };
        self.0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(cost)
            })
            .ok()
            .map(|_| cost)
    }

    /// A call succeeded: what its last repeat cost comes back, or 1 for a first attempt.
    pub(crate) fn deposit(&self, spent: Option<u32>) {
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                (left < CAPACITY).then(|| CAPACITY.min(left.saturating_add(spent.unwrap_or(1))))
            });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error_body::ErrorBody;

    fn status(code: u16) -> TransportError {
        TransportError::Status {
            status: StatusCode::from_u16(code).unwrap(),
            body: Box::new(ErrorBody::default()),
            retry_after: None,
        }
    }

    #[test]
    fn what_may_be_retried_follows_what_happened_and_what_the_document_says() {
        use Idempotency::{No, Read, Replace};
        use RetryMode::{Always, Never, Policy};
        let attempt = || TransportError::Timeout(TimeoutKind::Attempt(Duration::from_secs(1)));
        let deadline = || TransportError::Timeout(TimeoutKind::Deadline(Duration::from_secs(1)));
        for (error, idempotency, mode, replace, expected) in [
            (status(429), No, Policy, false, true),
            (status(429), No, Never, false, false),
            (status(421), No, Policy, false, true),
            (status(425), No, Policy, false, true),
            (status(503), Read, Policy, false, true),
            (status(503), Replace, Policy, false, false),
            (status(503), Replace, Policy, true, true),
            (status(503), No, Policy, true, false),
            (status(503), No, Always, false, true),
            (status(502), Read, Never, false, false),
            (status(408), Read, Policy, false, true),
            (status(501), Read, Policy, false, false),
            (status(400), Read, Always, true, false),
            (status(404), Read, Always, true, false),
            (attempt(), Read, Policy, false, true),
            (attempt(), No, Policy, false, false),
            (deadline(), Read, Always, true, false),
            (
                TransportError::TooLarge { limit: 1 },
                Read,
                Always,
                true,
                false,
            ),
        ] {
            let policy = RetryPolicy {
                replace,
                ..RetryPolicy::default()
            };
            assert_eq!(
                may_retry(&error, RequestState::Sent, || idempotency, mode, &policy),
                expected,
                "{error:?} {idempotency:?} {mode:?} replace={replace}"
            );
        }
    }

    #[test]
    fn the_quota_runs_dry_and_recovers_with_successes() {
        let quota = QuotaBucket::default();
        let error = status(503);
        let mut retries = 0;
        while quota.withdraw(&error).is_some() {
            retries += 1;
        }
        assert_eq!(retries, 100);
        for _ in 0..RETRY_COST {
            assert!(quota.withdraw(&error).is_none());
            quota.deposit(None);
        }
        assert!(quota.withdraw(&error).is_some());
    }
}

//! Whether a failed attempt may be repeated.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use http::StatusCode;

use crate::{
    backoff::Backoff,
    failure::{Budget, Failure, Reached},
    operation::Idempotency,
};

/// When and how often calls are repeated.
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// Attempts per call, the first included. At least 1.
    pub max_attempts: u32,
    /// Waits between attempts.
    pub backoff: Backoff,
    /// The longest wait a server's hint may cause.
    pub hint_cap: Duration,
    /// Also repeat calls that leave the same state when repeated (`replace`) after they may have been sent.
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

/// What one call asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RetryMode {
    /// What the policy and the document say.
    #[default]
    Policy,
    /// One attempt.
    Never,
    /// The caller vouches that repeating does no harm.
    Always,
}

/// Whether an attempt that ended so may be repeated.
pub(crate) fn may_repeat(
    failure: &Failure,
    reached: Reached,
    idempotency: Idempotency,
    mode: RetryMode,
    policy: &RetryPolicy,
) -> bool {
    if mode == RetryMode::Never {
        return false;
    }
    let harmless = mode == RetryMode::Always
        || match idempotency {
            Idempotency::Read => true,
            Idempotency::Replace => policy.replace,
            Idempotency::No => false,
        };
    match failure {
        Failure::Connect(_) => true,
        Failure::Status { status, .. } if *status == StatusCode::TOO_MANY_REQUESTS => true,
        Failure::Status { status, .. } => harmless && is_transient(*status),
        Failure::Timeout(Budget::Deadline(_)) => false,
        Failure::Timeout(_) => harmless || reached == Reached::NotSent,
        Failure::Interrupted(_) | Failure::Truncated(_) => harmless,
        _ => false,
    }
}

fn is_transient(status: StatusCode) -> bool {
    status == StatusCode::REQUEST_TIMEOUT
        || (status.is_server_error()
            && status != StatusCode::NOT_IMPLEMENTED
            && status != StatusCode::HTTP_VERSION_NOT_SUPPORTED)
}

/// Tokens shared by all calls of a client: repeats spend them, successes bring them back, so that a platform in trouble
/// is not met with a multiple of its usual load.
#[derive(Debug)]
pub(crate) struct RetryBudget(AtomicU32);

const BUDGET_CAPACITY: u32 = 500;
const REPEAT_COST: u32 = 5;
const TIMEOUT_COST: u32 = 10;

/// What is left for repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BudgetState {
    /// Tokens left; a repeat takes 5, after a timeout 10.
    pub left: u32,
    /// Tokens when nothing fails.
    pub capacity: u32,
}

impl Default for RetryBudget {
    fn default() -> Self {
        Self(AtomicU32::new(BUDGET_CAPACITY))
    }
}

impl RetryBudget {
    pub(crate) fn state(&self) -> BudgetState {
        BudgetState {
            left: self.0.load(Ordering::Relaxed),
            capacity: BUDGET_CAPACITY,
        }
    }

    /// Takes the price of a repeat after this failure; `None` when there is not enough left.
    pub(crate) fn withdraw(&self, failure: &Failure) -> Option<u32> {
        let cost = match failure {
            Failure::Timeout(_) => TIMEOUT_COST,
            _ => REPEAT_COST,
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
                (left < BUDGET_CAPACITY)
                    .then(|| BUDGET_CAPACITY.min(left.saturating_add(spent.unwrap_or(1))))
            });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error_body::ErrorBody;

    fn status(code: u16) -> Failure {
        Failure::Status {
            status: StatusCode::from_u16(code).unwrap(),
            body: Box::new(ErrorBody::default()),
            retry_after: None,
        }
    }

    #[test]
    fn what_may_be_repeated_follows_what_happened_and_what_the_document_says() {
        use Idempotency::{No, Read, Replace};
        use RetryMode::{Always, Never, Policy};
        let attempt = || Failure::Timeout(Budget::Attempt(Duration::from_secs(1)));
        let deadline = || Failure::Timeout(Budget::Deadline(Duration::from_secs(1)));
        for (failure, idempotency, mode, replace, expected) in [
            (status(429), No, Policy, false, true),
            (status(429), No, Never, false, false),
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
            (Failure::TooLarge { limit: 1 }, Read, Always, true, false),
        ] {
            let policy = RetryPolicy {
                replace,
                ..RetryPolicy::default()
            };
            assert_eq!(
                may_repeat(&failure, Reached::Sent, idempotency, mode, &policy),
                expected,
                "{failure:?} {idempotency:?} {mode:?} replace={replace}"
            );
        }
    }

    #[test]
    fn the_budget_runs_dry_and_recovers_with_successes() {
        let budget = RetryBudget::default();
        let failure = status(503);
        let mut repeats = 0;
        while budget.withdraw(&failure).is_some() {
            repeats += 1;
        }
        assert_eq!(repeats, 100);
        for _ in 0..REPEAT_COST {
            assert!(budget.withdraw(&failure).is_none());
            budget.deposit(None);
        }
        assert!(budget.withdraw(&failure).is_some());
    }
}

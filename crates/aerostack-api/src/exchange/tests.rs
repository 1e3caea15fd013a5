//! The retry loop, on paused time.

use std::{
    collections::VecDeque,
    sync::atomic::{AtomicU32, Ordering},
};

use futures_util::future::join_all;

use super::*;
use crate::operation::Idempotency;
use crate::{
    clock::Random,
    error_body::ErrorBody,
    generated::operations::{CACHE_GET, CACHE_INCREMENT, CACHE_SET},
    http::HttpOptions,
    origin::Origin,
    transport::TransportConfig,
};

const SECOND: Duration = Duration::from_secs(1);

fn transport(adjust: impl FnOnce(&mut TransportConfig)) -> Transport {
    let origin = Origin::parse("http://127.0.0.1:9", false).unwrap();
    let mut config = TransportConfig::new(origin);
    config.api_key = Some("sk_test".into());
    config.random = Random::seeded(1);
    adjust(&mut config);
    Transport::new(HttpOptions::new("test"), config).unwrap()
}

struct Fixed(Idempotency);

impl Retryable for Fixed {
    fn idempotency(&self) -> Idempotency {
        self.0
    }
}

/// An attempt: how long it takes and how it fails, if it does.
type Attempt = (Duration, Option<TransportError>);

struct Script(VecDeque<Attempt>);

impl Attempts for Script {
    type Body = ();

    fn body_length(&self) -> u64 {
        0
    }

    async fn attempt(
        &mut self,
        _: Duration,
        guard: &mut CallGuard,
    ) -> Result<RawResponse<()>, TransportError> {
        let (takes, error) = self.0.pop_front().expect("more attempts than expected");
        sleep(takes).await;
        guard.record.state = RequestState::Body;
        match error {
            Some(error) => Err(error),
            None => Ok(RawResponse {
                status: StatusCode::OK,
                headers: HeaderMap::new(),
                body: (),
            }),
        }
    }
}

fn status(code: u16, retry_after: Option<Duration>) -> Option<TransportError> {
    Some(TransportError::Status {
        status: StatusCode::from_u16(code).unwrap(),
        body: Box::new(ErrorBody::default()),
        retry_after,
    })
}

/// Makes a call from a script; returns its result (the number of attempts) and its duration.
async fn play(
    transport: &Transport,
    operation: &'static Operation,
    options: &CallOptions,
    script: impl IntoIterator<Item = Attempt>,
) -> (Result<u32, CallError>, Duration) {
    let script = Script(script.into_iter().collect());
    let started = Instant::now();
    let result = transport
        .run(
            operation,
            &Fixed(operation.idempotency),
            options,
            options.request_id(),
            script,
        )
        .await
        .map(|(call, _)| {
            transport.0.quota.deposit(call.spent);
            call.attempts
        });
    (result, started.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_hint_is_waited_for_exactly_and_above_its_cap_not_at_all() {
    let transport = transport(|config| config.retry.backoff.base = Duration::ZERO);
    let options = CallOptions::default();
    for (operation, code) in [
        (&CACHE_GET, 429),
        (&CACHE_GET, 503),
        (&CACHE_SET, 429),
        (&CACHE_INCREMENT, 429),
    ] {
        for (hint, waits) in [(0, 0), (1, 1), (7, 7), (30, 30)] {
            let script = [
                (Duration::ZERO, status(code, Some(SECOND * hint))),
                (Duration::ZERO, None),
            ];
            let (result, took) = play(&transport, operation, &options, script).await;
            assert_eq!(result.unwrap(), 2, "{} {code} {hint}", operation.id);
            // Timers count whole milliseconds.
            let slack = Duration::from_millis(1);
            assert!(
                took >= SECOND * waits && took <= SECOND * waits + slack,
                "{} {code} {hint}: {took:?}",
                operation.id
            );
        }
        for hint in [31, 86_400] {
            let script = [(Duration::ZERO, status(code, Some(SECOND * hint)))];
            let (result, took) = play(&transport, operation, &options, script).await;
            assert_eq!(result.unwrap_err().attempts, 1);
            assert_eq!(took, Duration::ZERO);
        }
    }
}

/// A server that turns many away at the same moment does not have all of them back at the same moment.
#[tokio::test(start_paused = true)]
async fn callers_that_get_the_same_hint_come_back_apart() {
    let transport = transport(|_| ());
    let calls = (0..20).map(|_| async {
        let script = [
            (Duration::ZERO, status(429, Some(SECOND))),
            (Duration::ZERO, None),
        ];
        play(&transport, &CACHE_GET, &CallOptions::default(), script)
            .await
            .1
    });
    let mut took = join_all(calls).await;
    took.sort_unstable();
    assert!(took.iter().all(|took| *took >= SECOND));
    let ceiling = transport.config().retry.backoff.base;
    assert!(took[19] - took[0] > ceiling / 2, "{took:?}");
    assert!(took[19] <= SECOND + ceiling + Duration::from_millis(1));
}

/// What is known of a call is what is known of all its attempts.
#[tokio::test(start_paused = true)]
async fn a_refusal_does_not_undo_what_an_earlier_attempt_may_have_done() {
    let transport = transport(|config| config.retry.max_attempts = 2);
    let always = CallOptions {
        retry: crate::retry::RetryMode::Always,
        ..CallOptions::default()
    };
    for (first, second, effect) in [
        (429, 429, Effect::None),
        (503, 429, Effect::Unknown),
        (429, 503, Effect::Unknown),
        (429, 400, Effect::None),
        (408, 404, Effect::Unknown),
    ] {
        let script = [first, second].map(|code| (Duration::ZERO, status(code, None)));
        let (result, _) = play(&transport, &CACHE_INCREMENT, &always, script).await;
        assert_eq!(result.unwrap_err().effect, effect, "{first}, then {second}");
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_hint_waits_grow_up_to_their_cap() {
    let transport = transport(|config| {
        config.retry.max_attempts = 12;
        config.deadline = None;
    });
    let script = (0..12).map(|_| (Duration::ZERO, status(503, None)));
    let (result, took) = play(&transport, &CACHE_GET, &CallOptions::default(), script).await;
    assert_eq!(result.unwrap_err().attempts, 12);
    let ceilings: Duration = (0..11)
        .map(|n| transport.config().retry.backoff.ceiling(n))
        .sum();
    assert!(
        took > Duration::ZERO && took < ceilings,
        "{took:?} of {ceilings:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_would_outlast_the_deadline_is_not_begun() {
    let transport = transport(|_| {});
    for (spent, hint, deadline, attempts) in [
        (0, 25, 20, 1),
        (0, 20, 20, 1),
        (0, 10, 20, 2),
        (15, 10, 20, 1),
    ] {
        let options = CallOptions {
            deadline: Some(SECOND * deadline),
            ..CallOptions::default()
        };
        let script = [
            (SECOND * spent, status(429, Some(SECOND * hint))),
            (Duration::ZERO, None),
        ];
        let (result, took) = play(&transport, &CACHE_GET, &options, script).await;
        let made = match &result {
            Ok(attempts) => *attempts,
            Err(error) => {
                assert!(
                    matches!(error.error, TransportError::Status { .. }),
                    "{error}"
                );
                error.attempts
            }
        };
        assert_eq!(made, attempts, "{spent} {hint} {deadline}");
        assert!(took < SECOND * deadline);
    }
}

#[tokio::test(start_paused = true)]
async fn a_storm_costs_what_the_budget_allows_and_successes_pay_it_back() {
    let transport = transport(|_| {});
    let options = CallOptions::default();
    for (error, repeats) in [
        (|| status(503, None), 100_u32),
        (
            || Some(TransportError::Timeout(TimeoutKind::Attempt(SECOND))),
            50,
        ),
    ] as [(fn() -> Option<TransportError>, u32); 2]
    {
        let attempts = AtomicU32::new(0);
        let calls = (0..1_000).map(|_| async {
            let script = (0..3).map(|_| (Duration::ZERO, error()));
            let (result, _) = play(&transport, &CACHE_GET, &options, script).await;
            attempts.fetch_add(result.unwrap_err().attempts, Ordering::Relaxed);
        });
        join_all(calls).await;
        assert_eq!(attempts.into_inner(), 1_000 + repeats);

        for _ in 0..500 {
            let script = [(Duration::ZERO, None)];
            assert_eq!(
                play(&transport, &CACHE_GET, &options, script)
                    .await
                    .0
                    .unwrap(),
                1
            );
        }
    }
}

/// The worst that a call may have done counts, not what its last attempt did.
#[tokio::test(start_paused = true)]
async fn an_earlier_attempt_that_was_sent_is_not_forgotten() {
    let transport = transport(|_| {});
    let script = [
        (Duration::ZERO, status(503, None)),
        (
            Duration::ZERO,
            Some(TransportError::Request("cannot be built".to_owned())),
        ),
    ];
    let (result, _) = play(&transport, &CACHE_GET, &CallOptions::default(), script).await;
    let error = result.unwrap_err();
    assert!(matches!(error.error, TransportError::Request(_)));
    assert_eq!((error.attempts, error.state), (2, RequestState::Body));
}

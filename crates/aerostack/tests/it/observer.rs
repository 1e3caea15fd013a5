//! What an observer is told of calls, whatever becomes of them.

use std::{
    future::IntoFuture,
    sync::{Arc, Mutex},
    time::Duration,
};

use aerostack::{
    Client, ErrorKind,
    observer::{AttemptEnded, CallEnded, CallStarted, Observer, Outcome, Retry, RetryBudget},
    storage::UploadBody,
};
use aerostack_emulator::{Emulator, Fault};
use futures_util::TryStreamExt;

use crate::support::{builder, start};

/// One thing that was told, without what borrows.
#[derive(Debug, Clone, PartialEq)]
enum Told {
    Started(&'static str, &'static str, &'static str, String),
    Attempt {
        number: u32,
        outcome: Outcome,
        status: Option<u16>,
        sent: u64,
        received: u64,
        retry: Retry,
        has_head: bool,
        budget: RetryBudget,
    },
    Ended {
        outcome: Outcome,
        attempts: u32,
        status: Option<u16>,
        sent: u64,
        received: u64,
    },
}

/// Keeps what it is told.
#[derive(Default)]
struct Ledger(Mutex<Vec<Told>>);

impl Ledger {
    fn take(&self) -> Vec<Told> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }

    fn attempts(&self) -> Vec<(Outcome, Retry)> {
        self.take()
            .into_iter()
            .filter_map(|told| match told {
                Told::Attempt { outcome, retry, .. } => Some((outcome, retry)),
                _ => None,
            })
            .collect()
    }

    /// The end of the one call that was made.
    fn end(&self) -> (Outcome, u64, u64) {
        let told = self.take();
        let ends: Vec<_> = told
            .iter()
            .filter_map(|told| match told {
                Told::Ended {
                    outcome,
                    sent,
                    received,
                    ..
                } => Some((*outcome, *sent, *received)),
                _ => None,
            })
            .collect();
        assert_eq!(ends.len(), 1, "{told:?}");
        assert!(matches!(told.last(), Some(Told::Ended { .. })), "{told:?}");
        ends[0]
    }
}

impl Observer for Ledger {
    fn call_started(&self, call: &CallStarted<'_>) {
        self.0.lock().unwrap().push(Told::Started(
            call.operation,
            call.service,
            call.method,
            call.request_id.to_owned(),
        ));
    }

    fn attempt_ended(&self, attempt: &AttemptEnded<'_>) {
        assert!(attempt.time_to_head <= Some(attempt.latency));
        self.0.lock().unwrap().push(Told::Attempt {
            number: attempt.attempt,
            outcome: attempt.outcome,
            status: attempt.status,
            sent: attempt.request_bytes,
            received: attempt.response_bytes,
            retry: attempt.retry,
            has_head: attempt.time_to_head.is_some(),
            budget: attempt.retry_budget,
        });
    }

    fn call_ended(&self, call: &CallEnded<'_>) {
        assert!(call.time_to_head <= Some(call.latency));
        self.0.lock().unwrap().push(Told::Ended {
            outcome: call.outcome,
            attempts: call.attempts,
            status: call.status,
            sent: call.request_bytes,
            received: call.response_bytes,
        });
    }
}

async fn observed() -> (Emulator, Client, Arc<Ledger>) {
    let (emulator, _) = start().await;
    let ledger = Arc::new(Ledger::default());
    let client = builder(&emulator)
        .observer(Arc::clone(&ledger))
        .build()
        .unwrap();
    (emulator, client, ledger)
}

#[tokio::test]
async fn a_call_is_told_with_its_labels_and_its_bytes() {
    let (emulator, client, ledger) = observed().await;
    emulator.fault(Fault::answer(200, "application/json", r#"{"success":true}"#).on("cacheSet"));
    client
        .cache()
        .set("k", "a value")
        .request_id("id-7")
        .await
        .unwrap();
    let sent = emulator.received()[0].body_bytes;
    assert!(sent > 0);
    let told = ledger.take();
    let Told::Attempt { budget, .. } = told[1] else {
        panic!("{told:?}")
    };
    assert_eq!(budget.left, budget.capacity);
    assert_eq!(
        told,
        [
            Told::Started("cacheSet", "Cache", "POST", "id-7".to_owned()),
            Told::Attempt {
                number: 1,
                outcome: Outcome::Success,
                status: Some(200),
                sent,
                received: 16,
                retry: Retry::NotNeeded,
                has_head: true,
                budget,
            },
            Told::Ended {
                outcome: Outcome::Success,
                attempts: 1,
                status: Some(200),
                sent,
                received: 16,
            },
        ]
    );
}

#[tokio::test]
async fn a_repeat_is_told_with_what_is_left_for_others() {
    let (emulator, client, ledger) = observed().await;
    emulator.fault(Fault::status(503).on("cacheGet").times(1));
    client.cache().has("k").await.unwrap();
    let told = ledger.take();
    let Told::Attempt {
        number: 1,
        outcome: Outcome::Failure(ErrorKind::Server),
        status: Some(503),
        retry: Retry::Repeat { .. },
        sent,
        budget: after_repeat,
        ..
    } = told[1]
    else {
        panic!("{told:?}")
    };
    assert_eq!(after_repeat.left, after_repeat.capacity - 5);
    let Told::Attempt {
        number: 2, budget, ..
    } = told[2]
    else {
        panic!("{told:?}")
    };
    assert_eq!(budget.left, budget.capacity, "a success brings it back");
    let Told::Ended {
        outcome: Outcome::Success,
        attempts: 2,
        sent: total,
        ..
    } = told[3]
    else {
        panic!("{told:?}")
    };
    assert_eq!(total, 2 * sent);
}

#[tokio::test]
async fn why_an_attempt_is_the_last_is_told() {
    let (emulator, client, ledger) = observed().await;
    let server = Outcome::Failure(ErrorKind::Server);
    let cache = client.cache();

    emulator.fault(Fault::status(503).times(1));
    cache.increment("n").await.unwrap_err();
    assert_eq!(ledger.attempts(), [(server, Retry::NotAllowed)]);

    emulator.fault(Fault::status(503).times(3));
    cache.has("k").await.unwrap_err();
    assert_eq!(
        ledger.attempts().last(),
        Some(&(server, Retry::AttemptsUsed))
    );

    emulator.fault(Fault::rate_limited("20").times(1));
    let limited = Outcome::Failure(ErrorKind::RateLimited);
    cache
        .has("k")
        .deadline(Duration::from_secs(5))
        .await
        .unwrap_err();
    assert_eq!(ledger.attempts(), [(limited, Retry::NoTimeLeft)]);

    emulator.fault(Fault::rate_limited("0"));
    let calls = (0..60).map(|_| cache.has("k").into_future());
    let ended = futures_util::future::join_all(calls).await;
    assert!(ended.iter().all(Result::is_err));
    let attempts = ledger.attempts();
    let of = |retry: fn(Retry) -> bool| {
        let of = attempts.iter().filter(|(_, why)| retry(*why));
        of.count()
    };
    assert!(of(Retry::is_repeat) <= 100, "the budget is for 100");
    assert!(of(|retry| retry == Retry::BudgetEmpty) > 0);
}

/// However a call fails, it is told that it began once and that it ended once, as the caller saw it end.
#[tokio::test]
async fn every_way_to_fail_is_told_as_the_caller_sees_it() {
    let (emulator, _, ledger) = observed().await;
    let client = builder(&emulator)
        .observer(Arc::clone(&ledger))
        .timeout(Duration::from_millis(300))
        .max_attempts(1)
        .build()
        .unwrap();
    for fault in [
        Fault::close,
        Fault::reset,
        Fault::hang,
        Fault::close_within_headers,
        Fault::close_after_headers,
        || Fault::truncate_body(3),
        || Fault::wrong_length(9),
        || Fault::garbage(*b"garbage"),
        || Fault::answer(200, "application/json", "[[]]"),
        || Fault::html(502),
        || Fault::status(401),
        || Fault::content_encoding("gzip"),
        || Fault::redirect("https://elsewhere.invalid/"),
    ] {
        emulator.fault(fault().times(1));
        let error = client.cache().has("k").await.unwrap_err();
        let told = ledger.take();
        assert!(matches!(told[0], Told::Started(..)), "{told:?}");
        let kind = Outcome::Failure(error.kind());
        let Told::Attempt {
            outcome,
            status,
            has_head,
            ..
        } = told[1]
        else {
            panic!("{told:?}")
        };
        assert_eq!(outcome, kind, "{error:?}");
        assert_eq!(has_head, status.is_some(), "{told:?}");
        assert!(
            matches!(told[2], Told::Ended { outcome, .. } if outcome == kind),
            "{told:?}"
        );
        assert_eq!(told.len(), 3);
    }
}

#[tokio::test]
async fn a_dropped_call_is_told_as_cancelled() {
    let (emulator, client, ledger) = observed().await;
    emulator.fault(Fault::hang().on("cacheGet"));
    let call = tokio::spawn(client.cache().has("k").into_future());
    while emulator.received().is_empty() {
        tokio::task::yield_now().await;
    }
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    let told = ledger.take();
    assert!(
        matches!(
            told[1..],
            [
                Told::Attempt {
                    outcome: Outcome::Cancelled,
                    retry: Retry::NotNeeded,
                    status: None,
                    sent: 1..,
                    ..
                },
                Told::Ended {
                    outcome: Outcome::Cancelled,
                    attempts: 1,
                    ..
                }
            ]
        ),
        "{told:?}"
    );

    // Dropped while it waits to be repeated.
    emulator.clear_faults();
    emulator.fault(Fault::rate_limited("20").on("cacheGet"));
    let call = tokio::spawn(client.cache().get::<u8>("k").into_future());
    while ledger.0.lock().unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    let told = ledger.take();
    assert!(
        matches!(
            told[1..],
            [
                Told::Attempt {
                    outcome: Outcome::Failure(ErrorKind::RateLimited),
                    ..
                },
                Told::Ended {
                    outcome: Outcome::Cancelled,
                    status: Some(429),
                    ..
                }
            ]
        ),
        "{told:?}"
    );
}

#[tokio::test]
async fn a_stream_ends_with_its_body_or_when_it_is_dropped() {
    let (emulator, client, ledger) = observed().await;
    let file = vec![7u8; 300_000];
    let stored = client.storage().upload("f", file.clone()).await;
    stored.unwrap();
    let (outcome, sent, _) = ledger.end();
    assert_eq!((outcome, sent), (Outcome::Success, 300_000));

    let chunks = [
        Ok(file[..70_000].to_vec().into()),
        Err(std::io::ErrorKind::Other.into()),
    ];
    let broken = UploadBody::stream(futures_util::stream::iter(chunks));
    client.storage().upload("g", broken).await.unwrap_err();
    let (outcome, sent, _) = ledger.end();
    assert_eq!(outcome, Outcome::Failure(ErrorKind::Io));
    assert_eq!(sent, 70_000);

    client.storage().download("f").await.unwrap();
    assert_eq!(ledger.end(), (Outcome::Success, 11, 300_000));

    let mut stream = client.storage().download("f").stream().await.unwrap();
    let first = stream.try_next().await.unwrap().unwrap().len() as u64;
    assert!(
        !ledger
            .0
            .lock()
            .unwrap()
            .iter()
            .any(|told| matches!(told, Told::Ended { .. }))
    );
    drop(stream);
    let (outcome, _, received) = ledger.end();
    assert_eq!((outcome, received), (Outcome::Cancelled, first));

    emulator.fault(Fault::truncate_body(1000).on("storageGet").times(1));
    client.storage().download("f").await.unwrap_err();
    let (outcome, _, received) = ledger.end();
    assert_eq!(
        (outcome, received),
        (Outcome::Failure(ErrorKind::Truncated), 1000)
    );
}

#[tokio::test]
async fn a_chat_is_told_by_what_its_reader_makes_of_it() {
    let (emulator, client, ledger) = observed().await;
    let piece = r#"data: {"choices":[{"delta":{"content":"a"}}]}"#;
    let events = |body: &str| {
        Fault::answer(200, "text/event-stream", body)
            .on("aiChat")
            .times(1)
    };
    for (body, outcome) in [
        (format!("{piece}\n\ndata: [DONE]\n\n"), Outcome::Success),
        (
            format!("{piece}\n\n"),
            Outcome::Failure(ErrorKind::Truncated),
        ),
        (
            format!("{piece}\n\ndata: 7\n\n"),
            Outcome::Failure(ErrorKind::Decode),
        ),
        (
            format!("{piece}\n\ndata: {{\"error\":{{\"code\":\"RATE_LIMIT_EXCEEDED\"}}}}\n\n"),
            Outcome::Failure(ErrorKind::RateLimited),
        ),
    ] {
        emulator.fault(events(&body));
        let stream = client.ai().complete("hi").stream().await.unwrap();
        let read: Result<Vec<_>, _> = stream.try_collect().await;
        assert_eq!(read.is_ok(), outcome == Outcome::Success);
        let (told, _, received) = ledger.end();
        assert_eq!(told, outcome, "{body}");
        assert_eq!(received, body.len() as u64);
    }
    emulator.fault(events(&format!("{piece}\n\ndata: [DONE]\n\n")));
    let mut stream = client.ai().complete("hi").stream().await.unwrap();
    stream.try_next().await.unwrap();
    drop(stream);
    assert_eq!(ledger.end().0, Outcome::Cancelled);
}

#[tokio::test]
async fn what_is_refused_before_it_is_tried_is_not_told() {
    let (_emulator, client, ledger) = observed().await;
    client.cache().has("").await.unwrap_err();
    client
        .cache()
        .has("k")
        .header("host", "x")
        .await
        .unwrap_err();
    let keyless = Client::builder()
        .observer(Arc::clone(&ledger))
        .build()
        .unwrap();
    let error = keyless.cache().has("k").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MissingCredential);
    assert_eq!(ledger.take(), []);
}

struct Broken;

#[expect(clippy::panic, reason = "that is what is tested")]
impl Observer for Broken {
    fn call_started(&self, _: &CallStarted<'_>) {
        panic!("started")
    }

    fn attempt_ended(&self, _: &AttemptEnded<'_>) {
        panic!("attempt")
    }

    fn call_ended(&self, _: &CallEnded<'_>) {
        panic!("ended")
    }
}

#[tokio::test]
async fn an_observer_that_panics_harms_no_call() {
    let (emulator, _) = start().await;
    let client = builder(&emulator).observer(Broken).build().unwrap();
    client.cache().set("k", &1).await.unwrap();
    emulator.fault(Fault::status(503).on("cacheGet").times(1));
    assert_eq!(client.cache().get::<u8>("k").await.unwrap(), Some(1));
    let stored = client.storage().upload("f", b"text").await;
    stored.unwrap();
    drop(client.storage().download("f").stream().await.unwrap());
    assert_eq!(client.storage().download("f").await.unwrap(), "text");
}

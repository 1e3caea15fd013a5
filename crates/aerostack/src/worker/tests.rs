use std::{
    io,
    sync::atomic::{AtomicU32, Ordering},
};

use serde_json::json;
use tokio::sync::Notify;

use super::*;

#[derive(Deserialize)]
struct Mail {
    to: String,
    urgent: bool,
}

fn body(id: &str, kind: &str, data: Value) -> Vec<u8> {
    json!({"id": id, "type": kind, "data": data, "attempt": 1})
        .to_string()
        .into_bytes()
}

fn counted() -> (Worker, Arc<AtomicU32>) {
    let runs = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&runs);
    let worker = Worker::new().job("mail", move |job: JobDelivery<Mail>| {
        let runs = count.fetch_add(1, Ordering::Relaxed);
        async move {
            match job.data.to.as_str() {
                "panic" => panic!("a handler may"),
                "error" => Err(io::Error::other("no route").into()),
                "never" => Err(JobError::discard("no address")),
                "second" if runs == 0 => Err(JobError::retry("busy")),
                _ => {
                    assert!(job.data.urgent);
                    Ok::<(), JobError>(())
                }
            }
        }
    });
    (worker, runs)
}

#[tokio::test]
async fn what_becomes_of_a_job_is_the_status_of_the_answer() {
    let (worker, runs) = counted();
    let mail = |to: &str| json!({"to": to, "urgent": 1});
    for (id, kind, data, status, message) in [
        ("a", "mail", mail("ines"), 200, "done"),
        ("a", "mail", mail("ines"), 200, "done before"),
        ("b", "mail", mail("never"), 200, "no address"),
        ("b", "mail", mail("never"), 200, "done before"),
        ("c", "mail", mail("error"), 503, "no route"),
        ("d", "mail", mail("panic"), 503, "the handler panicked"),
        ("e", "mail", json!({"to": 1}), 422, "data.to"),
        ("f", "fax", mail("ines"), 404, "\"fax\""),
    ] {
        let outcome = worker.deliver(&body(id, kind, data)).await;
        assert_eq!(outcome.status(), status, "{outcome:?}");
        assert!(outcome.message().contains(message), "{outcome:?}");
    }
    assert_eq!(runs.load(Ordering::Relaxed), 4);
    for not_a_delivery in [&b"{}"[..], b"", b"null", b"{\"id\":1}"] {
        assert_eq!(worker.deliver(not_a_delivery).await.status(), 422);
    }
}

#[tokio::test]
async fn a_failed_attempt_is_tried_again_and_then_done_once() {
    let (worker, runs) = counted();
    let delivery = body("a", "mail", json!({"to": "second", "urgent": true}));
    assert_eq!(
        worker.deliver(&delivery).await,
        Acknowledgement::Retry("busy".into())
    );
    assert_eq!(worker.deliver(&delivery).await, Acknowledgement::Done);
    assert_eq!(worker.deliver(&delivery).await, Acknowledgement::Duplicate);
    assert_eq!(runs.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn deliveries_of_one_job_at_the_same_time_become_one_run() {
    let (begun, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (begin, wait) = (Arc::clone(&begun), Arc::clone(&go));
    let runs = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&runs);
    let worker = Worker::new().job("slow", move |_: JobDelivery| {
        count.fetch_add(1, Ordering::Relaxed);
        let (begin, wait) = (Arc::clone(&begin), Arc::clone(&wait));
        async move {
            begin.notify_one();
            wait.notified().await;
            Ok::<(), JobError>(())
        }
    });
    let delivery = body("a", "slow", json!(null));
    // The platform gives up on the first delivery and makes a second one while the first still runs.
    let first = tokio::time::timeout(std::time::Duration::ZERO, worker.deliver(&delivery));
    assert!(first.await.is_err());
    begun.notified().await;
    let second = worker.deliver(&delivery);
    let (outcome, ()) = tokio::join!(second, async { go.notify_one() });
    assert_eq!(outcome, Acknowledgement::Duplicate);
    assert_eq!(runs.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn the_oldest_ids_are_forgotten_first() {
    let (worker, runs) = counted();
    let worker = worker.remember(2);
    let mail = json!({"to": "ines", "urgent": true});
    for id in ["a", "b", "c", "b", "c", "a"] {
        worker.deliver(&body(id, "mail", mail.clone())).await;
    }
    assert_eq!(runs.load(Ordering::Relaxed), 4);
}

#[tokio::test]
async fn a_token_is_demanded_where_there_is_one() {
    let (worker, _) = counted();
    let worker = worker.token("s3cret");
    let delivery = body("a", "mail", json!({"to": "ines", "urgent": true}));
    for (given, status) in [
        (None, 401),
        (Some("Bearer s3cres"), 401),
        (Some("Bearer s3cret2"), 401),
        (Some("Basic s3cret"), 401),
        (Some("bearer s3cret"), 200),
    ] {
        assert_eq!(
            worker.deliver_with(given, &delivery).await.status(),
            status,
            "{given:?}"
        );
    }
    assert!(!format!("{worker:?}").contains("s3cret"));
}

//! Jobs.

use std::time::Duration;

use aerostack::{ErrorKind, queue::JobState};
use aerostack_emulator::{Emulator, Fault};
use serde_json::{Value, json};

use crate::support::start;

/// Lets the next calls of an operation be answered so.
fn answer(emulator: &Emulator, operation: &'static str, body: &Value) {
    let fault = Fault::answer(200, "application/json", body.to_string());
    emulator.fault(fault.on(operation).times(1));
}

fn record(state: &str) -> Value {
    json!({"exists": true, "job": {"id": "j1", "type": "mail", "status": state, "data": {"user": 7}}})
}

#[tokio::test]
async fn a_job_is_sent_with_what_was_set_and_nothing_else() {
    let (emulator, client) = start().await;
    for _ in 0..2 {
        answer(
            &emulator,
            "queueEnqueue",
            &json!({"jobId": "j1", "success": true}),
        );
    }
    let queue = client.queue();
    let id = queue
        .send("mail", &json!({"user": u64::MAX}))
        .delay(Duration::from_millis(1500))
        .max_retries(3)
        .await
        .unwrap();
    assert_eq!(id, "j1");
    queue.send("mail", &json!({})).await.unwrap();
    let sent: Vec<Value> = emulator
        .received()
        .iter()
        .map(|r| r.json().unwrap())
        .collect();
    assert_eq!(
        sent,
        [
            json!({"type": "mail", "data": {"user": u64::MAX}, "delay": 2, "maxRetries": 3}),
            json!({"type": "mail", "data": {}}),
        ]
    );
}

#[tokio::test]
async fn what_is_no_job_is_not_sent() {
    let (emulator, client) = start().await;
    let queue = client.queue();
    for error in [
        queue.send("", &json!({})).await.unwrap_err(),
        queue.send("a\nb", &json!({})).await.unwrap_err(),
        queue.send("mail", &json!([1])).await.unwrap_err(),
        queue.send("mail", "text").await.unwrap_err(),
        queue.send("mail", &()).await.unwrap_err(),
        queue
            .send("mail", &json!({}))
            .delay(Duration::MAX)
            .await
            .unwrap_err(),
        queue.job("").await.unwrap_err(),
        queue.cancel("").await.unwrap_err(),
        queue.wait("").await.unwrap_err(),
        queue.list().limit(0).await.unwrap_err(),
        queue.list().limit(201).await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    assert!(emulator.received().is_empty());
}

#[tokio::test]
async fn a_job_is_read_whatever_the_platform_leaves_out() {
    let (emulator, client) = start().await;
    answer(
        &emulator,
        "queueGetJob",
        &json!({"exists": false, "job": null}),
    );
    assert!(client.queue().job("j1").await.unwrap().is_none());

    answer(
        &emulator,
        "queueGetJob",
        &json!({"job": {"id": "j1", "status": "resting"}}),
    );
    let job = client.queue().job("j1").await.unwrap().unwrap();
    assert_eq!(job.state, JobState::Other("resting".into()));
    assert!(!job.state.is_final());
    assert_eq!(job.data::<Option<Value>>().unwrap(), None);
    assert_eq!(job.data::<Value>().unwrap(), Value::Null);
    assert_eq!(job.data::<u8>().unwrap_err().kind(), ErrorKind::Decode);

    answer(&emulator, "queueGetJob", &record("failed"));
    let job = client.queue().job("j1").await.unwrap().unwrap();
    assert_eq!(job.data::<Value>().unwrap(), json!({"user": 7}));
    let error = job.data::<Vec<u8>>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(!format!("{job:?}").contains('7'));
}

#[tokio::test]
async fn a_cancellation_says_what_the_platform_says() {
    let (emulator, client) = start().await;
    for (body, accepted) in [
        (json!({"success": true, "note": "too late"}), true),
        (json!({"success": false, "note": "too late"}), false),
    ] {
        answer(&emulator, "queueCancelJob", &body);
        let cancellation = client.queue().cancel("j1").await.unwrap();
        assert_eq!(cancellation.accepted, accepted);
        assert_eq!(cancellation.note.as_deref(), Some("too late"));
    }
}

#[tokio::test]
async fn waiting_ends_with_every_final_state_and_with_no_other() {
    let (emulator, client) = start().await;
    for state in ["completed", "failed", "cancelled"] {
        for earlier in ["queued", "processing", "resting"] {
            answer(&emulator, "queueGetJob", &record(earlier));
        }
        answer(&emulator, "queueGetJob", &record(state));
        emulator.clear_received();
        let job = client.queue().wait("j1").await.unwrap();
        assert_eq!(job.state, JobState::from(state));
        assert_eq!(emulator.received().len(), 4);
    }
}

#[tokio::test]
async fn waiting_is_bounded_and_leaves_the_job_alone() {
    let (emulator, client) = start().await;
    let body = record("processing").to_string();
    emulator.fault(Fault::answer(200, "application/json", body).on("queueGetJob"));
    let wait = client.queue().wait("j1").within(Duration::from_millis(200));
    let error = wait.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(error.to_string().contains("still processing"), "{error}");
    let received = emulator.received();
    assert!(received.len() >= 2, "it looked once only");
    assert!(received.iter().all(|r| r.operation == Some("queueGetJob")));
}

#[tokio::test]
async fn waiting_for_a_job_without_a_record_is_not_found() {
    let (emulator, client) = start().await;
    answer(&emulator, "queueGetJob", &json!({"exists": false}));
    let error = client.queue().wait("j1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

//! Jobs.

use std::{collections::BTreeSet, time::Duration};

use aerostack::{ErrorKind, queue::JobState};
use aerostack_emulator::{Emulator, Fault};
use futures_util::TryStreamExt;
use serde_json::{Value, json};

use crate::support::{start, start_with};

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

#[tokio::test]
async fn a_worker_does_jobs_at_their_time_and_waiting_sees_the_end() {
    let platform = Emulator::builder().on_job("mail", |job| async move {
        match job.data["to"].as_str() {
            Some(_) => Ok(()),
            None => Err("there is nobody to write to".into()),
        }
    });
    let (emulator, client) = start_with(platform).await;
    let queue = client.queue();
    let id = queue.send("mail", &json!({"to": "ines"})).await.unwrap();
    let job = queue.wait(&id).await.unwrap();
    assert_eq!((job.state, job.attempts), (JobState::Completed, Some(1)));
    assert!(job.completed_at.is_some());

    let id = queue.send("mail", &json!({})).await.unwrap();
    let job = queue.wait(&id).await.unwrap();
    assert_eq!(job.state, JobState::Failed);
    assert_eq!(job.error.as_deref(), Some("there is nobody to write to"));

    let later = queue
        .send("mail", &json!({"to": "omar"}))
        .delay(Duration::from_secs(60));
    let later = later.await.unwrap();
    let job = queue.job(&later).await.unwrap().unwrap();
    assert_eq!(job.state, JobState::Queued);
    assert_eq!(job.data::<Value>().unwrap(), json!({"to": "omar"}));
    emulator.clock().advance(Duration::from_secs(61));
    let job = queue.wait(&later).await.unwrap();
    assert_eq!(job.state, JobState::Completed);

    emulator.clock().advance(Duration::from_secs(8 * 24 * 3600));
    assert!(
        queue.job(&later).await.unwrap().is_none(),
        "records are kept for a week"
    );
}

#[tokio::test]
async fn jobs_are_listed_by_page_state_and_type_and_cancelled() {
    let (_emulator, client) = start().await;
    let queue = client.queue();
    let mut ids = Vec::new();
    for number in 0..5 {
        ids.push(queue.send("idle", &json!({"n": number})).await.unwrap());
    }
    queue.send("other", &json!({})).await.unwrap();
    let page = queue.list().limit(4).await.unwrap();
    assert_eq!(page.items.len(), 4);
    let rest = queue
        .list()
        .limit(4)
        .cursor(page.next.unwrap())
        .await
        .unwrap();
    assert_eq!((rest.items.len(), rest.next), (2, None));

    assert!(queue.cancel(&ids[0]).await.unwrap().accepted);
    let job = queue.wait(&ids[0]).await.unwrap();
    assert_eq!(job.state, JobState::Cancelled);
    let idle = || queue.list().job_type("idle").limit(2);
    let listed = |list: aerostack::queue::ListJobs| async move {
        let jobs: Vec<_> = list.items().try_collect().await.unwrap();
        jobs.into_iter().map(|job| job.id).collect::<BTreeSet<_>>()
    };
    let all: BTreeSet<_> = ids.iter().cloned().collect();
    assert_eq!(listed(idle()).await, all);
    assert_eq!(
        listed(idle().status(JobState::Cancelled)).await,
        [ids[0].clone()].into()
    );
    assert_eq!(listed(idle().status(JobState::Queued)).await.len(), 4);
}

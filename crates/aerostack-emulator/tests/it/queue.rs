//! The queue service.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aerostack_emulator::Emulator;
use axum::http::StatusCode;
use axum::routing::post;
use serde_json::{Value, json};

use crate::common::{Platform, assert_refused, eventually, nowhere, serve};

async fn enqueue(platform: &Platform, body: Value) -> String {
    let (status, answer) = platform.post("/v1/queue/enqueue", body).await;
    assert_eq!(
        (status, answer["success"].as_bool()),
        (201, Some(true)),
        "{answer}"
    );
    answer["jobId"].as_str().unwrap().to_owned()
}

async fn job(platform: &Platform, id: &str) -> Value {
    let answer = platform.ok("/v1/queue/job", json!({ "jobId": id })).await;
    assert_eq!(answer["exists"], !answer["job"].is_null());
    answer["job"].clone()
}

async fn until(platform: &Platform, id: &str, status: &str) -> Value {
    eventually(status, || async {
        job(platform, id).await["status"] == status
    })
    .await;
    job(platform, id).await
}

async fn advance(platform: &Platform, seconds: u64) {
    platform
        .emulator
        .clock()
        .advance(Duration::from_secs(seconds));
}

#[tokio::test]
async fn a_job_without_a_worker_stays_queued_as_it_was_sent() {
    let platform = Platform::start().await;
    let data = json!({ "userId": u64::MAX, "nested": [{ "a": null }] });
    let id = enqueue(&platform, json!({ "type": "mail", "data": data })).await;
    let job = job(&platform, &id).await;
    assert_eq!(job["id"], *id);
    assert_eq!(job["type"], "mail");
    assert_eq!(job["data"], data);
    assert_eq!(job["status"], "queued");
    assert_eq!(job["projectId"], platform.emulator.project_id());
    assert_eq!(job["attempts"], 0);
    assert!(job["createdAt"].as_str().unwrap().ends_with('Z'));
    let missing = platform
        .ok("/v1/queue/job", json!({ "jobId": "job_none" }))
        .await;
    assert_eq!(missing, json!({ "job": null, "exists": false }));
}

#[tokio::test]
async fn a_worker_completes_jobs_enqueued_before_and_after_it_came() {
    let platform = Platform::start().await;
    let before = enqueue(&platform, json!({ "type": "add", "data": { "n": 1 } })).await;
    let other = enqueue(&platform, json!({ "type": "other", "data": null })).await;
    let sum = Arc::new(AtomicUsize::new(0));
    let total = Arc::clone(&sum);
    platform.emulator.on_job("add", move |job| {
        let total = Arc::clone(&total);
        async move {
            assert_eq!((job.kind.as_str(), job.attempt), ("add", 1));
            let n = job.data["n"].as_u64().ok_or("n is missing")?;
            total.fetch_add(usize::try_from(n)?, Ordering::SeqCst);
            Ok(())
        }
    });
    let after = enqueue(&platform, json!({ "type": "add", "data": { "n": 10 } })).await;
    for id in [before, after] {
        let job = until(&platform, &id, "completed").await;
        assert_eq!(job["attempts"], 1);
        assert!(job["completedAt"].is_string());
        assert_eq!(job.get("error"), None);
    }
    assert_eq!(sum.load(Ordering::SeqCst), 11);
    assert_eq!(job(&platform, &other).await["status"], "queued");
}

#[tokio::test]
async fn a_delayed_job_runs_when_the_clock_says_so() {
    let platform = Platform::with(Emulator::builder().on_job("later", |_| async { Ok(()) })).await;
    let later = enqueue(
        &platform,
        json!({ "type": "later", "data": {}, "delay": 60 }),
    )
    .await;
    let now = enqueue(
        &platform,
        json!({ "type": "later", "data": {}, "delay": 0 }),
    )
    .await;
    until(&platform, &now, "completed").await;
    assert_eq!(job(&platform, &later).await["status"], "queued");
    advance(&platform, 61).await;
    until(&platform, &later, "completed").await;
}

#[tokio::test]
async fn a_failing_job_is_retried_with_growing_pauses_and_then_fails() {
    let platform = Platform::with(
        Emulator::builder()
            .on_job("flaky", |job| async move {
                if job.attempt < 3 {
                    return Err(format!("attempt {} failed", job.attempt).into());
                }
                Ok(())
            })
            .on_job("broken", |_| async {
                Err("no route to the mail server".into())
            })
            .on_job("panics", |_| async { panic!("a bug in the worker") }),
    )
    .await;
    let once = enqueue(&platform, json!({ "type": "broken", "data": {} })).await;
    let failed = until(&platform, &once, "failed").await;
    assert_eq!(failed["attempts"], 1);
    assert_eq!(failed["error"], "no route to the mail server");
    assert!(failed["completedAt"].is_string());

    let flaky = enqueue(
        &platform,
        json!({ "type": "flaky", "data": {}, "maxRetries": 5 }),
    )
    .await;
    for (attempt, pause) in [(1, 1), (2, 2)] {
        eventually("the attempt", || async {
            let job = job(&platform, &flaky).await;
            job["attempts"] == attempt && job["status"] == "queued"
        })
        .await;
        let waiting = job(&platform, &flaky).await;
        assert_eq!(waiting["error"], format!("attempt {attempt} failed"));
        assert_eq!(waiting.get("completedAt"), None);
        advance(&platform, pause).await;
    }
    let done = until(&platform, &flaky, "completed").await;
    assert_eq!(
        (done["attempts"].as_i64(), done.get("error")),
        (Some(3), None)
    );

    let panics = enqueue(&platform, json!({ "type": "panics", "data": {} })).await;
    assert_eq!(
        until(&platform, &panics, "failed").await["error"],
        "the worker panicked"
    );
    let exhausted = enqueue(
        &platform,
        json!({ "type": "broken", "data": {}, "maxRetries": 1 }),
    )
    .await;
    eventually("the first attempt", || async {
        job(&platform, &exhausted).await["attempts"] == 1
    })
    .await;
    advance(&platform, 1).await;
    assert_eq!(until(&platform, &exhausted, "failed").await["attempts"], 2);
}

#[tokio::test]
async fn a_cancelled_job_never_runs_and_an_ended_one_stays_what_it_is() {
    let platform = Platform::with(Emulator::builder().on_job("fine", |_| async { Ok(()) })).await;
    let cancel = |id: &str| platform.ok("/v1/queue/cancel", json!({ "jobId": id }));
    let waiting = enqueue(
        &platform,
        json!({ "type": "fine", "data": {}, "delay": 60 }),
    )
    .await;
    for _ in 0..2 {
        assert_eq!(cancel(&waiting).await["success"], true);
    }
    let done = enqueue(&platform, json!({ "type": "fine", "data": {} })).await;
    until(&platform, &done, "completed").await;
    let answer = cancel(&done).await;
    assert_eq!(answer["success"], false);
    assert!(answer["note"].as_str().unwrap().contains("completed"));
    assert_eq!(cancel("job_none").await["success"], false);

    advance(&platform, 61).await;
    let sentinel = enqueue(&platform, json!({ "type": "fine", "data": {} })).await;
    until(&platform, &sentinel, "completed").await;
    let cancelled = job(&platform, &waiting).await;
    assert_eq!(
        (&cancelled["status"], &cancelled["attempts"]),
        (&json!("cancelled"), &json!(0))
    );
    assert_eq!(job(&platform, &done).await["status"], "completed");
}

#[tokio::test]
async fn cancelling_a_running_job_lets_it_finish_but_not_be_retried() {
    let gate = Arc::new(tokio::sync::Semaphore::new(0));
    let opened = Arc::clone(&gate);
    let platform = Platform::with(Emulator::builder().on_job("slow", move |job| {
        let gate = Arc::clone(&gate);
        async move {
            gate.acquire().await?.forget();
            if job.data["fails"] == true {
                return Err("failed".into());
            }
            Ok(())
        }
    }))
    .await;
    for (fails, end) in [(false, "completed"), (true, "cancelled")] {
        let body = json!({ "type": "slow", "data": { "fails": fails }, "maxRetries": 9 });
        let id = enqueue(&platform, body).await;
        until(&platform, &id, "processing").await;
        let answer = platform
            .ok("/v1/queue/cancel", json!({ "jobId": id }))
            .await;
        assert_eq!(answer["success"], true, "{answer}");
        assert_eq!(job(&platform, &id).await["status"], "processing");
        opened.add_permits(1);
        assert_eq!(until(&platform, &id, end).await["attempts"], 1);
    }
}

#[tokio::test]
async fn a_worker_behind_a_url_gets_the_job_and_its_status_decides() {
    let url = serve(axum::Router::new().route(
        "/work",
        post(|axum::Json(job): axum::Json<Value>| async move {
            let fits = job["type"] == "mail" && job["id"].is_string() && job["attempt"] == 1;
            match job["data"]["fails"].as_bool() {
                Some(false) if fits => StatusCode::NO_CONTENT,
                _ => StatusCode::IM_A_TEAPOT,
            }
        }),
    ))
    .await;
    let platform = Platform::with(
        Emulator::builder()
            .worker_url(format!("{url}/work"))
            .on_job("local", |_| async { Ok(()) }),
    )
    .await;
    for (kind, fails, status) in [
        ("mail", false, "completed"),
        ("mail", true, "failed"),
        ("local", true, "completed"),
    ] {
        let id = enqueue(
            &platform,
            json!({ "type": kind, "data": { "fails": fails } }),
        )
        .await;
        let job = until(&platform, &id, status).await;
        if status == "failed" {
            assert!(job["error"].as_str().unwrap().contains("418"), "{job}");
        }
    }

    let deserted = Platform::with(Emulator::builder().worker_url(nowhere().await)).await;
    let id = enqueue(&deserted, json!({ "type": "mail", "data": {} })).await;
    let error = until(&deserted, &id, "failed").await["error"].clone();
    assert!(
        error.as_str().unwrap().contains("did not answer"),
        "{error}"
    );
}

#[tokio::test]
async fn jobs_are_listed_newest_first_by_state_and_type_page_by_page() {
    let platform = Platform::start().await;
    let mut ids = Vec::new();
    for n in 0..7 {
        let kind = if n % 2 == 0 { "even" } else { "odd" };
        ids.push(enqueue(&platform, json!({ "type": kind, "data": { "n": n } })).await);
    }
    platform
        .ok("/v1/queue/cancel", json!({ "jobId": ids[0] }))
        .await;
    ids.reverse();

    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let mut body = json!({ "limit": 3 });
        if let Some(cursor) = cursor {
            body["cursor"] = cursor;
        }
        let page = platform.ok("/v1/queue/jobs", body).await;
        let jobs = page["jobs"].as_array().unwrap().clone();
        seen.extend(
            jobs.iter()
                .map(|job| job["id"].as_str().unwrap().to_owned()),
        );
        assert_eq!(page["list_complete"], page.get("cursor").is_none());
        if page["list_complete"] == true {
            break;
        }
        assert_eq!(jobs.len(), 3);
        cursor = page.get("cursor").cloned();
        // What arrives meanwhile does not shift the pages.
        enqueue(&platform, json!({ "type": "new", "data": {} })).await;
    }
    assert_eq!(seen, ids);

    for (filter, count) in [
        (json!({ "type": "odd" }), 3),
        (json!({ "type": "even", "status": "queued" }), 3),
        (json!({ "status": "cancelled" }), 1),
        (json!({ "status": "failed" }), 0),
        (json!({ "type": "nothing" }), 0),
    ] {
        let page = platform.ok("/v1/queue/jobs", filter.clone()).await;
        assert_eq!(page["jobs"].as_array().unwrap().len(), count, "{filter}");
    }
}

#[tokio::test]
async fn a_record_is_gone_after_seven_days() {
    let platform = Platform::start().await;
    let id = enqueue(&platform, json!({ "type": "t", "data": {} })).await;
    let delayed = enqueue(
        &platform,
        json!({ "type": "t", "data": {}, "delay": 86_400 }),
    )
    .await;
    advance(&platform, 7 * 86_400 - 60).await;
    assert_eq!(job(&platform, &id).await["status"], "queued");
    advance(&platform, 61).await;
    assert!(job(&platform, &id).await.is_null());
    assert_eq!(job(&platform, &delayed).await["status"], "queued");
    let left = platform.ok("/v1/queue/jobs", json!({})).await;
    assert_eq!(left["jobs"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_job_survives_a_restart_and_one_that_was_running_runs_again() {
    let folder = tempfile::tempdir().unwrap();
    let begun = Arc::new(tokio::sync::Notify::new());
    let begins = Arc::clone(&begun);
    let builder = || Emulator::builder().data_dir(folder.path());
    let first = Platform::with(builder().on_job("long", move |_| {
        let begins = Arc::clone(&begins);
        async move {
            begins.notify_one();
            std::future::pending().await
        }
    }))
    .await;
    let id = enqueue(&first, json!({ "type": "long", "data": { "n": 1 } })).await;
    begun.notified().await;
    first.emulator.shutdown().await;

    let second = Platform::with(builder().on_job("long", |_| async { Ok(()) })).await;
    let done = until(&second, &id, "completed").await;
    assert_eq!(done["attempts"], 2);
    assert_eq!(done["data"], json!({ "n": 1 }));
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let platform = Platform::start().await;
    let bodies = [
        json!({ "data": {} }),
        json!({ "type": "t" }),
        json!({ "type": "", "data": {} }),
        json!({ "type": "t", "data": [] }),
        json!({ "type": "t", "data": "text" }),
        json!({ "type": "t", "data": {}, "delay": -1 }),
        json!({ "type": "t", "data": {}, "maxRetries": -1 }),
        json!({ "type": "t", "data": {}, "max_retries": 1 }),
    ];
    assert_refused(&platform, "/v1/queue/enqueue", &bodies).await;
    let bodies = [json!({}), json!({ "jobId": 1 })];
    assert_refused(&platform, "/v1/queue/job", &bodies).await;
    assert_refused(&platform, "/v1/queue/cancel", &bodies).await;
    let bodies = [
        json!({ "status": "lost" }),
        json!({ "limit": 201 }),
        json!({ "limit": 0 }),
        json!({ "cursor": "" }),
        json!({ "cursor": "?" }),
        json!({ "cursor": "YWJj" }),
    ];
    assert_refused(&platform, "/v1/queue/jobs", &bodies).await;
    assert_eq!(platform.emulator.effects().get("queueEnqueue"), None);
}

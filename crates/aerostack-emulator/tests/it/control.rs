//! The controls over HTTP.

use aerostack_emulator::Emulator;
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{Answer, Platform, answer, assert_error};

async fn start() -> Platform {
    Platform::with(
        Emulator::builder()
            .control(true)
            .schema("CREATE TABLE t (a)"),
    )
    .await
}

async fn control(platform: &Platform, method: Method, what: &str, body: Option<Value>) -> Answer {
    let request = platform.request(method, &format!("/__emulator/{what}"));
    let request = request.header("x-aerostack-key", platform.emulator.api_key());
    answer(match body {
        Some(body) => request.json(&body),
        None => request,
    })
    .await
}

#[tokio::test]
async fn the_controls_are_there_only_when_asked_for_and_for_the_key() {
    let without = Platform::start().await;
    assert_eq!(control(&without, Method::GET, "about", None).await.0, 404);
    let platform = start().await;
    let about = control(&platform, Method::GET, "about", None).await;
    assert_eq!(
        about,
        (
            200,
            json!({ "projectId": "proj_local", "projectSlug": "local" })
        )
    );
    let keyless = answer(platform.request(Method::GET, "/__emulator/about")).await;
    assert_error(&keyless, 401, "AUTH_INVALID_KEY");
}

#[tokio::test]
async fn what_is_seeded_is_there() {
    let platform = start().await;
    let seed = json!({
        "sql": "INSERT INTO t VALUES (1)", "cache": { "k": [1, null] },
        "files": [{ "key": "f", "contentType": "text/plain", "body": "aGk=" }],
    });
    assert_eq!(
        control(&platform, Method::POST, "seed", Some(seed)).await.0,
        200
    );
    assert_eq!(platform.rows("SELECT a FROM t").await, json!([{ "a": 1 }]));
    assert_eq!(
        platform.ok("/v1/cache/get", json!({ "key": "k" })).await["value"],
        json!([1, null])
    );
    let file = platform
        .keyed("/v1/storage/get")
        .json(&json!({ "key": "f" }))
        .send()
        .await
        .unwrap();
    assert_eq!(file.text().await.unwrap(), "hi");
    let wrong = control(
        &platform,
        Method::POST,
        "seed",
        Some(json!({ "sql": "INSERT INTO nowhere VALUES (1)" })),
    )
    .await;
    assert_error(&wrong, 400, "DB_QUERY_FAILED");
}

#[tokio::test]
async fn every_fault_has_a_form_in_json() {
    let platform = start().await;
    let kinds = [
        json!({ "status": 503 }),
        json!({ "rateLimited": "1" }),
        json!({ "html": 502 }),
        json!({ "redirect": "http://127.0.0.1:1/" }),
        json!({ "answer": { "status": 200, "contentType": "text/plain", "body": "x" } }),
        json!({ "contentEncoding": "gzip" }),
        json!({ "delayMs": 1 }),
        json!("close"),
        json!("reset"),
        json!("hang"),
        json!("closeWithinHeaders"),
        json!("closeAfterHeaders"),
        json!({ "truncateBody": 1 }),
        json!({ "wrongLength": -1 }),
        json!({ "garbage": "AAA=" }),
        json!({ "slowHeadersMs": 1 }),
        json!({ "dripMs": 1 }),
    ];
    for kind in kinds {
        let fault = json!({ "fault": kind, "on": "cacheGet", "after": 0, "times": 1, "probability": 1.0, "seed": 1, "afterEffect": true, "ending": "close" });
        let (status, answer) = control(&platform, Method::POST, "faults", Some(fault)).await;
        assert_eq!(status, 200, "{kind}: {answer}");
    }
    for wrong in [
        json!({ "fault": "explode" }),
        json!({ "fault": "close", "on": "dbQuerry" }),
        json!({ "fault": "close", "tims": 1 }),
    ] {
        assert_error(
            &control(&platform, Method::POST, "faults", Some(wrong)).await,
            400,
            "VALIDATION_ERROR",
        );
    }
    control(&platform, Method::DELETE, "faults", None).await;
    assert_eq!(
        platform
            .post("/v1/cache/get", json!({ "key": "k" }))
            .await
            .0,
        200
    );
    control(
        &platform,
        Method::POST,
        "faults",
        Some(json!({ "fault": { "status": 418 }, "times": 1 })),
    )
    .await;
    assert_eq!(
        platform
            .post("/v1/cache/get", json!({ "key": "k" }))
            .await
            .0,
        418
    );
}

#[tokio::test]
async fn record_effects_clock_and_mail_can_be_read() {
    let platform = start().await;
    platform
        .ok(
            "/v1/cache/set",
            json!({ "key": "k", "value": 1, "ttl": 10 }),
        )
        .await;
    let (_, received) = control(&platform, Method::GET, "received", None).await;
    assert_eq!(
        received.as_array().unwrap().len(),
        1,
        "the controls leave no trace: {received}"
    );
    assert_eq!(
        (&received[0]["operation"], &received[0]["status"]),
        (&json!("cacheSet"), &json!(200))
    );
    control(&platform, Method::DELETE, "received", None).await;
    assert_eq!(
        control(&platform, Method::GET, "received", None).await.1,
        json!([])
    );
    assert_eq!(
        control(&platform, Method::GET, "effects", None).await.1,
        json!({ "cacheSet": 1 })
    );
    assert_eq!(
        control(&platform, Method::GET, "arrivals", None).await.1,
        json!({ "cacheSet": 1 })
    );
    assert_eq!(
        control(&platform, Method::GET, "faults", None).await.1,
        json!({})
    );

    let before = control(&platform, Method::GET, "clock", None).await.1["nowMs"]
        .as_i64()
        .unwrap();
    let after = control(
        &platform,
        Method::POST,
        "clock",
        Some(json!({ "advanceMs": 11_000 })),
    )
    .await
    .1;
    assert!(after["nowMs"].as_i64().unwrap() >= before + 11_000);
    assert_eq!(
        platform.ok("/v1/cache/get", json!({ "key": "k" })).await["exists"],
        false
    );

    let path = "/api/v1/public/projects/local/auth/otp/send";
    answer(
        platform
            .request(Method::POST, path)
            .json(&json!({ "email": "a@b.c" })),
    )
    .await;
    let mail = control(&platform, Method::GET, "mail?to=a@b.c", None)
        .await
        .1;
    assert_eq!(
        (mail["otp"].as_str(), &mail["emailToken"]),
        (platform.emulator.last_otp("a@b.c").as_deref(), &json!(null))
    );
}

#[tokio::test]
async fn a_reset_leaves_the_tables_and_nothing_in_them() {
    let folder = tempfile::tempdir().unwrap();
    let platform = Platform::with(
        Emulator::builder()
            .control(true)
            .data_dir(folder.path())
            .schema(
                "CREATE TABLE t (a); CREATE TABLE parent (id INTEGER PRIMARY KEY);
                 CREATE TABLE \"a child\" (parent REFERENCES parent (id));",
            )
            .collection("articles"),
    )
    .await;
    let fill = async || {
        platform
            .rows("INSERT INTO parent VALUES (1) RETURNING id")
            .await;
        platform
            .rows("INSERT INTO \"a child\" VALUES (1) RETURNING parent")
            .await;
        let user = json!({ "email": "a@example.com", "password": "Correct-Horse-9" });
        for (path, body, status) in [
            ("/v1/cache/set", json!({ "key": "k", "value": 1 }), 200),
            ("/v1/queue/enqueue", json!({ "type": "t", "data": {} }), 201),
            (
                "/v1/ai/search/ingest",
                json!({ "content": "c", "type": "t" }),
                200,
            ),
            ("/v1/collections/articles/items", json!({ "a": 1 }), 200),
            ("/v1/auth/signup", user, 201),
        ] {
            let answer = platform.post(path, body).await;
            assert_eq!(answer.0, status, "{path}: {}", answer.1);
        }
        let file =
            json!({ "files": [{ "key": "f", "contentType": "text/plain", "body": "aGk=" }] });
        control(&platform, Method::POST, "seed", Some(file)).await;
    };
    let stored = || {
        std::fs::read_dir(folder.path().join("storage"))
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().file_type().unwrap().is_file())
            .count()
    };
    // The second round fails if anything of the first is left.
    for _ in 0..2 {
        fill().await;
        assert_eq!(stored(), 1);
        let fault = json!({ "fault": { "status": 503 }, "on": "dbQuery" });
        control(&platform, Method::POST, "faults", Some(fault)).await;
        assert_eq!(control(&platform, Method::POST, "reset", None).await.0, 200);
        assert!(platform.emulator.effects().is_empty());
        assert!(platform.emulator.received().is_empty());
        assert_eq!(platform.rows("SELECT * FROM \"a child\"").await, json!([]));
        for (path, body, field, empty) in [
            ("/v1/cache/keys", json!({}), "keys", json!([])),
            ("/v1/queue/jobs", json!({}), "jobs", json!([])),
            ("/v1/ai/search/count", json!({}), "count", json!(0)),
            ("/v1/storage/list", json!({}), "objects", json!([])),
        ] {
            assert_eq!(platform.ok(path, body).await[field], empty, "{path}");
        }
        assert_eq!(stored(), 0);
    }
}

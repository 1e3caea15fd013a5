//! The server around the services: keys, unknown paths, bodies that do not fit, the record.

use crate::common::{Platform, answer, assert_error};
use aerostack_emulator::{Emulator, Fault, Limits};
use reqwest::Method;
use serde_json::json;

#[tokio::test]
async fn an_operation_wants_the_secret_key() {
    let platform = Platform::start().await;
    let call = |key: Option<&str>| {
        let request = platform
            .request(Method::POST, "/v1/cache/get")
            .json(&json!({ "key": "a" }));
        match key {
            Some(key) => request.header("X-Aerostack-Key", key),
            None => request,
        }
    };
    assert_error(&answer(call(None)).await, 401, "AUTH_INVALID_KEY");
    assert_error(&answer(call(Some("wrong"))).await, 401, "AUTH_INVALID_KEY");
    assert_error(
        &answer(call(Some(platform.emulator.public_key()))).await,
        403,
        "FORBIDDEN",
    );
    assert_eq!(answer(call(Some(platform.emulator.api_key()))).await.0, 200);
}

#[tokio::test]
async fn requests_that_are_no_operation_say_so() {
    let platform = Platform::start().await;
    let unknown = answer(platform.keyed("/v1/nothing").json(&json!({}))).await;
    assert_error(&unknown, 404, "NOT_FOUND");
    let response = platform
        .request(Method::GET, "/v1/db/query")
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["allow"], "POST");
    assert_eq!(response.status(), 405);
}

#[tokio::test]
async fn a_body_that_does_not_fit_is_refused_with_the_reason() {
    let mut limits = Limits::default();
    limits.json_bytes = 1000;
    let platform = Platform::with(Emulator::builder().limits(limits)).await;
    let long = format!(r#"{{"key":"{}"}}"#, "k".repeat(1000));
    let cases = [
        ("{", "application/json", 400, "EOF"),
        ("", "application/json", 400, "EOF"),
        ("[]", "application/json", 400, "invalid"),
        ("{}", "application/json", 400, "missing field `key`"),
        (r#"{"key":1}"#, "application/json", 400, "expected a string"),
        (
            r#"{"key":"a","tll":1}"#,
            "application/json",
            400,
            "unknown field `tll`",
        ),
        (r#"{"key":"a"} x"#, "application/json", 400, "trailing"),
        (
            r#"{"key":"a"}"#,
            "text/plain",
            400,
            "Content-Type is text/plain",
        ),
        (r#"{"key":""}"#, "application/json", 400, "empty"),
        (&long, "application/json", 400, "1000 bytes"),
        (r#"{"key":"a"}"#, "application/json; charset=utf-8", 200, ""),
    ];
    for (body, kind, status, message) in cases {
        let request = platform.keyed("/v1/cache/get").header("content-type", kind);
        let (given, answer) = answer(request.body(body.to_owned())).await;
        assert_eq!(given, status, "{body}: {answer}");
        assert!(
            answer["message"]
                .as_str()
                .unwrap_or_default()
                .contains(message),
            "{body}: {answer}"
        );
    }
}

#[tokio::test]
async fn a_body_that_is_too_large_is_a_413_where_the_document_knows_one() {
    let mut limits = Limits::default();
    limits.json_bytes = 1000;
    let platform = Platform::with(Emulator::builder().limits(limits)).await;
    let long = "x".repeat(1000);
    let stored = platform
        .post("/v1/cache/set", json!({ "key": "k", "value": long }))
        .await;
    assert_error(&stored, 413, "PAYLOAD_TOO_LARGE");
    let read = platform.post("/v1/cache/get", json!({ "key": long })).await;
    assert_error(&read, 400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn the_record_shows_what_arrived_and_debug_hides_credentials() {
    let platform = Platform::start().await;
    let request = platform
        .keyed("/v1/cache/get")
        .header("X-Request-ID", "r-1");
    let response = request
        .json(&json!({ "key": "planted-value" }))
        .send()
        .await
        .unwrap();
    assert_eq!(response.headers()["x-request-id"], "r-1");
    let received = platform.emulator.received();
    assert_eq!(received.len(), 1);
    assert_eq!(received[0].operation, Some("cacheGet"));
    assert_eq!(
        (received[0].method.as_str(), received[0].path.as_str()),
        ("POST", "/v1/cache/get")
    );
    assert_eq!(received[0].status, Some(200));
    assert_eq!(
        received[0].header("x-aerostack-key"),
        Some(platform.emulator.api_key())
    );
    assert_eq!(
        received[0].json::<serde_json::Value>().unwrap(),
        json!({ "key": "planted-value" })
    );
    let debug = format!("{received:?}");
    assert!(
        !debug.contains(platform.emulator.api_key()) && !debug.contains("planted-value"),
        "{debug}"
    );
    platform.emulator.clear_received();
    assert!(platform.emulator.received().is_empty());
}

#[tokio::test]
async fn arrivals_struck_and_effects_are_counted_even_when_the_answer_is_lost() {
    let platform = Platform::start().await;
    platform
        .emulator
        .fault(Fault::close().on("cacheSet").times(1).after_effect());
    platform
        .emulator
        .fault(Fault::close().on("cacheSet").times(1));
    let set = || {
        platform
            .keyed("/v1/cache/set")
            .json(&json!({ "key": "a", "value": 1 }))
    };
    assert!(set().send().await.is_err());
    assert_eq!(platform.emulator.effects().get("cacheSet"), Some(&1));
    assert!(set().send().await.is_err());
    assert_eq!(platform.emulator.effects().get("cacheSet"), Some(&1));
    assert_eq!(set().send().await.unwrap().status(), 200);
    assert_eq!(platform.emulator.effects().get("cacheSet"), Some(&2));
    let refused = platform.post("/v1/cache/set", json!({ "key": "" })).await;
    assert_eq!(refused.0, 400);
    assert_eq!(platform.emulator.effects().get("cacheSet"), Some(&2));
    platform
        .emulator
        .fault(Fault::rate_limited("1").on("cacheSet").times(1));
    assert_eq!(set().send().await.unwrap().status(), 429);
    assert_eq!(platform.emulator.arrivals(), [("cacheSet", 5)].into());
    assert_eq!(
        platform.emulator.struck(),
        [("close", 2), ("rate limited", 1)].into()
    );
}

#[tokio::test]
async fn a_stopped_emulator_comes_back_on_its_port_with_its_data() {
    let folder = tempfile::tempdir().unwrap();
    let builder = || {
        Emulator::builder()
            .data_dir(folder.path())
            .schema("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)")
    };
    let platform = Platform::with(builder()).await;
    let port = platform.emulator.port();
    platform
        .query("INSERT INTO notes (text) VALUES (?)", json!(["kept"]))
        .await;
    platform
        .ok("/v1/cache/set", json!({ "key": "a", "value": { "n": 1 } }))
        .await;
    platform.emulator.shutdown().await;

    let platform = Platform::with(builder().port(port)).await;
    assert_eq!(platform.emulator.port(), port);
    assert_eq!(
        platform.rows("SELECT text FROM notes").await,
        json!([{ "text": "kept" }])
    );
    let got = platform.ok("/v1/cache/get", json!({ "key": "a" })).await;
    assert_eq!(got, json!({ "value": { "n": 1 }, "exists": true }));
}

#[tokio::test]
async fn a_taken_port_and_a_bad_schema_are_start_errors() {
    let first = Emulator::builder().start().await.unwrap();
    let taken = Emulator::builder()
        .port(first.port())
        .start()
        .await
        .unwrap_err();
    assert!(
        taken.to_string().contains(&first.port().to_string()),
        "{taken}"
    );
    let schema = Emulator::builder()
        .schema("CREATE TABEL x")
        .start()
        .await
        .unwrap_err();
    assert!(schema.to_string().contains("near \"TABEL\""), "{schema}");
}

#[tokio::test]
async fn a_data_folder_belongs_to_one_emulator_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let builder = || Emulator::builder().data_dir(folder.path());
    let first = builder().start().await.unwrap();
    let second = builder().start().await.unwrap_err();
    assert!(
        std::error::Error::source(&second)
            .unwrap()
            .to_string()
            .contains("another emulator"),
        "{second}"
    );
    drop(first);
    builder().start().await.unwrap().shutdown().await;
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    assert!(
        Emulator::builder().data_dir(&file).start().await.is_err(),
        "a file is no folder"
    );
}

#[tokio::test]
async fn a_dropped_emulator_gives_its_port_back() {
    let emulator = Emulator::builder().start().await.unwrap();
    let (port, url) = (emulator.port(), emulator.url());
    let http = reqwest::Client::new();
    assert_eq!(http.get(&url).send().await.unwrap().status(), 200);
    drop(emulator);
    let mut patience = 400;
    while let Err(error) = Emulator::builder().port(port).start().await {
        patience -= 1;
        assert!(patience > 0, "{error}");
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

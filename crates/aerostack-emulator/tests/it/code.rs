//! Services and functions of the project, and its secrets.

use aerostack_emulator::{Emulator, FunctionReply};
use axum::extract::RawQuery;
use axum::http::{HeaderMap, Method as Verb, StatusCode};
use axum::response::IntoResponse;
use axum::routing::{any, post};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{Answer, Platform, answer, assert_error, assert_refused, nowhere, serve};

const FIVE: [Method; 5] = [
    Method::GET,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
];

async fn invoke(platform: &Platform, name: &str, data: Value) -> Answer {
    let body = json!({ "serviceName": name, "data": data });
    platform.post("/v1/services/invoke", body).await
}

#[tokio::test]
async fn a_service_in_process_gives_its_result_or_its_error() {
    let platform = Platform::with(
        Emulator::builder()
            .service("double", |data| async move {
                Ok(json!(data["n"].as_i64().ok_or("n is missing")? * 2))
            })
            .service("panics", |_| async { panic!("a bug in the service") }),
    )
    .await;
    let done = invoke(&platform, "double", json!({ "n": 21 })).await;
    assert_eq!(done, (200, json!({ "success": true, "result": 42 })));
    let failed = invoke(&platform, "double", json!({})).await;
    let expected = json!({ "success": false, "result": { "error": "n is missing" } });
    assert_eq!(failed, (200, expected));
    assert_error(
        &invoke(&platform, "panics", json!({})).await,
        500,
        "SERVICE_INVOKE_FAILED",
    );
    assert_error(
        &invoke(&platform, "none", json!({})).await,
        404,
        "SERVICE_NOT_FOUND",
    );
    let bodies = [
        json!({ "data": {} }),
        json!({ "serviceName": "double" }),
        json!({ "serviceName": "double", "data": [1] }),
        json!({ "serviceName": "double", "data": {}, "timeout": 1 }),
    ];
    assert_refused(&platform, "/v1/services/invoke", &bodies).await;
}

#[tokio::test]
async fn a_service_behind_a_url_gets_the_data_and_its_answer_is_the_result() {
    let url = serve(
        axum::Router::new()
            .route(
                "/echo",
                post(async |body: String| ([("content-type", "application/json")], body)),
            )
            .route("/empty", post(async || StatusCode::NO_CONTENT))
            .route("/text", post(async || "not JSON"))
            .route("/teapot", post(async || StatusCode::IM_A_TEAPOT)),
    )
    .await;
    let mut builder = Emulator::builder().service_url("gone", nowhere().await);
    for name in ["echo", "empty", "text", "teapot"] {
        builder = builder.service_url(name, format!("{url}/{name}"));
    }
    let platform = Platform::with(builder).await;
    let data = json!({ "n": [1, { "big": u64::MAX }] });
    for (name, success, result) in [
        ("echo", true, data.clone()),
        ("empty", true, json!(null)),
        (
            "teapot",
            false,
            json!({ "error": "the service answered 418 I'm a teapot" }),
        ),
    ] {
        let answer = invoke(&platform, name, data.clone()).await;
        assert_eq!(
            answer,
            (200, json!({ "success": success, "result": result })),
            "{name}"
        );
    }
    for name in ["text", "gone"] {
        let answer = invoke(&platform, name, data.clone()).await;
        assert_error(&answer, 500, "SERVICE_INVOKE_FAILED");
    }
}

/// Calls a function with a query, a header and, where the method takes one, a body.
async fn call(platform: &Platform, method: &Method, slug: &str, token: Option<&str>) -> Answer {
    let mut request = platform
        .request(
            method.clone(),
            &format!("/v1/custom/{slug}?a=1&b=x%20y&a=2"),
        )
        .header("X-Aerostack-Key", platform.emulator.api_key())
        .header("x-aerostack-function", slug);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    if !matches!(*method, Method::GET | Method::DELETE) {
        request = request.json(&json!({ "n": 1 }));
    }
    answer(request).await
}

async fn token(platform: &Platform) -> String {
    let user = json!({ "email": "a@example.com", "password": "Correct-Horse-9" });
    let path = "/api/v1/public/projects/local/auth/register";
    let (status, answer) = answer(platform.request(Method::POST, path).json(&user)).await;
    assert_eq!(status, 201, "{answer}");
    answer["accessToken"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_function_in_process_sees_the_whole_call() {
    let platform = Platform::with(Emulator::builder().function("look", |call| async move {
        assert_eq!(call.header("x-aerostack-key"), None);
        Ok(FunctionReply::from(json!({
            "slug": call.slug,
            "method": call.method,
            "b": call.query("b"),
            "pairs": call.query.len(),
            "body": call.body,
            "function": call.header("x-aerostack-function"),
            "user": call.user_id.is_some() && call.user_token.is_some(),
        })))
    }))
    .await;
    let token = token(&platform).await;
    for method in FIVE {
        let body = match method {
            Method::GET | Method::DELETE => json!(null),
            _ => json!({ "n": 1 }),
        };
        for signed_in in [true, false] {
            let expected = json!({
                "slug": "look", "method": method.as_str(), "b": "x y", "pairs": 3, "body": body,
                "function": "look", "user": signed_in,
            });
            let token = signed_in.then_some(token.as_str());
            assert_eq!(
                call(&platform, &method, "look", token).await,
                (200, expected)
            );
        }
        let answer = call(&platform, &method, "look", Some("not.a.token")).await;
        assert_error(&answer, 401, "AUTH_INVALID_TOKEN");
        let answer = call(&platform, &method, "none", None).await;
        assert_error(&answer, 404, "NOT_FOUND");
    }
    let empty = platform.keyed("/v1/custom/look");
    assert_eq!(answer(empty).await.1["body"], json!(null));
    let spoilt = platform
        .keyed("/v1/custom/look")
        .header("content-type", "application/json")
        .body("{");
    assert_error(&answer(spoilt).await, 400, "VALIDATION_ERROR");
}

#[tokio::test]
async fn a_function_chooses_its_status_and_its_failure_is_a_500() {
    let platform = Platform::with(Emulator::builder().function("choose", |call| async move {
        match call.body.as_u64() {
            Some(status) => Ok(FunctionReply::status(
                u16::try_from(status)?,
                json!({ "code": "X", "message": "m" }),
            )),
            None if call.body == "panic" => panic!("a bug in the function"),
            None => Err("the body is no status".into()),
        }
    }))
    .await;
    for (body, status) in [
        (json!(200), 200),
        (json!(409), 409),
        (json!(503), 503),
        (json!(99), 500),
        (json!(101), 500),
        (json!("panic"), 500),
        (json!("other"), 500),
    ] {
        let answer = platform.post("/v1/custom/choose", body.clone()).await;
        assert_eq!(answer.0, status, "{body}: {}", answer.1);
    }
}

#[tokio::test]
async fn a_function_behind_a_url_gets_the_call_without_the_key() {
    let seen = async |verb: Verb, RawQuery(query): RawQuery, headers: HeaderMap, body: String| {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let seen = json!({
            "method": verb.as_str(), "query": query, "body": body,
            "key": header("x-aerostack-key"), "signed_in": header("authorization").is_some(),
            "function": header("x-aerostack-function"),
        });
        (StatusCode::ACCEPTED, axum::Json(seen)).into_response()
    };
    let router = axum::Router::new()
        .route("/fn", any(seen))
        .route("/text", any(async || "not JSON"))
        .route("/empty", any(async || StatusCode::OK));
    let url = serve(router).await;
    let platform = Platform::with(
        Emulator::builder()
            .function_url("far", format!("{url}/fn?own=1"))
            .function_url("text", format!("{url}/text"))
            .function_url("empty", format!("{url}/empty"))
            .function_url("gone", nowhere().await),
    )
    .await;
    let token = token(&platform).await;
    for method in FIVE {
        let body = match method {
            Method::GET | Method::DELETE => "",
            _ => "{\"n\":1}",
        };
        let expected = json!({
            "method": method.as_str(), "query": "own=1&a=1&b=x%20y&a=2", "body": body, "key": null,
            "signed_in": true, "function": "far",
        });
        assert_eq!(
            call(&platform, &method, "far", Some(&token)).await,
            (202, expected)
        );
        assert_eq!(
            call(&platform, &method, "empty", None).await,
            (200, json!(null))
        );
        for slug in ["text", "gone"] {
            let answer = call(&platform, &method, slug, None).await;
            assert_error(&answer, 500, "INTERNAL_ERROR");
        }
    }
}

#[tokio::test]
async fn a_secret_comes_from_code_before_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secrets.env");
    std::fs::write(&file, "MAIL_KEY=from the file\nOTHER=x\n").unwrap();
    let platform = Platform::with(
        Emulator::builder()
            .secret("MAIL_KEY", "planted-value")
            .secrets_file(&file),
    )
    .await;
    let get = |key: &str| platform.ok("/v1/secrets/get", json!({ "key": key }));
    assert_eq!(
        get("MAIL_KEY").await,
        json!({ "value": "planted-value", "exists": true })
    );
    assert_eq!(get("OTHER").await["value"], "x");
    assert_eq!(get("NONE").await, json!({ "value": null, "exists": false }));
    assert!(
        !format!("{:?} {:?}", platform.emulator, platform.emulator.received()).contains("planted")
    );
    let bodies = [
        json!({}),
        json!({ "key": "" }),
        json!({ "key": 1 }),
        json!({ "name": "x" }),
    ];
    assert_refused(&platform, "/v1/secrets/get", &bodies).await;
}

#[tokio::test]
async fn a_setting_that_cannot_work_is_refused_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("secrets.json");
    std::fs::write(&file, "{ \"A\": planted }").unwrap();
    let cases = [
        (
            Emulator::builder().service_url("s", "localhost:1"),
            "service",
        ),
        (Emulator::builder().function_url("f", "nowhere"), "function"),
        (Emulator::builder().worker_url("file:///x"), "worker"),
        (
            Emulator::builder().secrets_file(folder.path().join("none")),
            "secrets file",
        ),
        (Emulator::builder().secrets_file(&file), "secrets file"),
        (
            Emulator::builder().gateway_api("a").gateway_api("a"),
            "gateway",
        ),
    ];
    for (builder, word) in cases {
        let message = builder.start().await.unwrap_err().to_string();
        assert!(message.contains(word), "{message}");
        assert!(!message.contains("planted"), "{message}");
    }
}

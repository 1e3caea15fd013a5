//! The gateway.

use std::time::Duration;

use aerostack_emulator::{Emulator, GatewayApi, GatewayConsumer};
use axum::body::Body;
use axum::response::IntoResponse;
use axum::routing::post;
use futures_util::{StreamExt, stream};
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{Answer, Platform, answer, assert_error, assert_refused, eventually, serve};

const KEY: &str = "ask_test_1";
const CHAT: &str = "/v1/ai/gateway/support-bot/chat/completions";

fn builder() -> aerostack_emulator::EmulatorBuilder {
    Emulator::builder()
        .gateway_api(GatewayApi::new("support-bot").id("api_44c2"))
        .gateway_consumer(
            GatewayConsumer::new(KEY, 1000)
                .id("con_81d0")
                .plan("metered")
                .soft_limit(10),
        )
}

/// A chat that uses 10 tokens: one of the prompt and seven of the echo's opening, with the word repeated.
fn chat_body() -> Value {
    json!({ "messages": [{ "role": "user", "content": "one two" }] })
}

const USED: i64 = 2 + 8;

async fn chat(platform: &Platform, bearer: &str) -> Answer {
    let request = platform.request(Method::POST, CHAT).bearer_auth(bearer);
    answer(request.json(&chat_body())).await
}

async fn ask(platform: &Platform, path: &str, bearer: &str) -> Answer {
    answer(platform.request(Method::GET, path).bearer_auth(bearer)).await
}

async fn wallet(platform: &Platform, bearer: &str) -> Value {
    let path = "/v1/ai/gateway/me/wallet?api_slug=support-bot";
    let (status, body) = ask(platform, path, bearer).await;
    assert_eq!(status, 200, "{body}");
    body["wallet"].clone()
}

async fn usage(platform: &Platform, query: &str) -> Value {
    let path = format!("/api/gateway/me/usage?api_slug=support-bot{query}");
    let (status, body) = ask(platform, &path, KEY).await;
    assert_eq!(status, 200, "{body}");
    body
}

async fn token(platform: &Platform) -> String {
    let user = json!({ "email": "a@example.com", "password": "Correct-Horse-9" });
    let path = "/api/v1/public/projects/local/auth/register";
    let (_, answer) = answer(platform.request(Method::POST, path).json(&user)).await;
    answer["accessToken"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_chat_is_answered_and_paid_from_the_wallet() {
    let platform = Platform::with(builder()).await;
    let (status, body) = chat(&platform, KEY).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(body["usage"]["total_tokens"], USED);
    let expected = json!({
        "balance": 1000 - USED, "total_consumed": USED, "total_purchased": 1000,
        "plan_type": "metered", "hard_limit": null, "soft_limit": 10,
    });
    assert_eq!(wallet(&platform, KEY).await, expected);

    let mut streamed = chat_body();
    streamed["stream"] = true.into();
    let request = platform.request(Method::POST, CHAT).bearer_auth(KEY);
    let response = request.json(&streamed).send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert!(response.text().await.unwrap().ends_with("data: [DONE]\n\n"));
    assert_eq!(wallet(&platform, KEY).await["total_consumed"], 2 * USED);
    let expected = json!({ "total_tokens": 2 * USED, "total_requests": 2, "days": 30 });
    assert_eq!(usage(&platform, "").await, expected);
}

#[tokio::test]
async fn a_signed_in_user_has_a_wallet_of_their_own() {
    let api = GatewayApi::new("support-bot").user_balance(50);
    let platform = Platform::with(Emulator::builder().gateway_api(api)).await;
    let token = token(&platform).await;
    assert_eq!(wallet(&platform, &token).await["balance"], 50);
    assert_eq!(chat(&platform, &token).await.0, 200);
    assert_eq!(wallet(&platform, &token).await["balance"], 50 - USED);
}

#[tokio::test]
async fn usage_counts_the_last_days_by_the_clock() {
    let platform = Platform::with(builder()).await;
    chat(&platform, KEY).await;
    platform
        .emulator
        .clock()
        .advance(Duration::from_secs(36 * 3600));
    chat(&platform, KEY).await;
    for (query, requests, days) in [("&days=1", 1, 1), ("&days=2", 2, 2), ("", 2, 30)] {
        let expected =
            json!({ "total_tokens": requests * USED, "total_requests": requests, "days": days });
        assert_eq!(usage(&platform, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn a_hard_limit_refuses_once_the_wallet_is_empty() {
    let limited = |key: &str, balance, limit| GatewayConsumer::new(key, balance).hard_limit(limit);
    let platform = Platform::with(
        Emulator::builder()
            .gateway_api("support-bot")
            .gateway_consumer(limited("empty", 0, 100))
            .gateway_consumer(limited("limited", 100, 5))
            .gateway_consumer(limited("roomy", 100, 100))
            .gateway_consumer(GatewayConsumer::new("unlimited", 0)),
    )
    .await;
    for (key, calls) in [
        ("empty", 0),
        ("limited", 1),
        ("roomy", 10),
        ("unlimited", 12),
    ] {
        for call in 0..12 {
            let answer = chat(&platform, key).await;
            if call < calls {
                assert_eq!(answer.0, 200, "{key} {call}: {}", answer.1);
            } else {
                assert_error(&answer, 403, "FORBIDDEN");
            }
        }
        assert_eq!(
            wallet(&platform, key).await["total_consumed"],
            calls * USED,
            "{key}"
        );
    }
}

#[tokio::test]
async fn a_bill_takes_units_from_the_wallet_but_is_no_request() {
    let folder = tempfile::tempdir().unwrap();
    let platform = Platform::with(builder().data_dir(folder.path())).await;
    let bill =
        json!({ "consumerId": "con_81d0", "apiId": "api_44c2", "units": 12, "metric": "pages" });
    let billed = platform.ok("/v1/gateway/billing/log", bill.clone()).await;
    assert_eq!(billed, json!({ "success": true, "loggedUnits": 12 }));
    assert_eq!(wallet(&platform, KEY).await["balance"], 988);
    assert_eq!(usage(&platform, "").await["total_requests"], 0);

    let mut bodies = Vec::new();
    for (field, value) in [
        ("units", json!(-1)),
        ("units", json!(1.5)),
        ("consumerId", json!("con_none")),
        ("apiId", json!("api_none")),
        ("metric", json!(1)),
        ("other", json!(1)),
    ] {
        let mut body = bill.clone();
        body[field] = value;
        bodies.push(body);
    }
    assert_refused(&platform, "/v1/gateway/billing/log", &bodies).await;
    assert_eq!(wallet(&platform, KEY).await["balance"], 988);

    platform.emulator.shutdown().await;
    let again = Platform::with(builder().data_dir(folder.path())).await;
    assert_eq!(wallet(&again, KEY).await["balance"], 988);
}

#[tokio::test]
async fn credentials_and_names_that_do_not_fit_are_refused() {
    let platform = Platform::with(
        builder()
            .gateway_api(GatewayApi::new("for-users").users_only())
            .gateway_api(GatewayApi::new("for-consumers").consumers_only()),
    )
    .await;
    let user = token(&platform).await;
    let secret = platform.emulator.api_key().to_owned();
    let cases = [
        ("support-bot", "", 401, "AUTH_INVALID_KEY"),
        ("support-bot", "ask_test_2", 401, "AUTH_INVALID_KEY"),
        ("support-bot", &secret, 401, "AUTH_INVALID_KEY"),
        ("support-bot", "not.a.token", 401, "AUTH_INVALID_TOKEN"),
        ("none", "ask_test_2", 401, "AUTH_INVALID_KEY"),
        ("none", KEY, 404, "NOT_FOUND"),
        ("for-users", KEY, 403, "FORBIDDEN"),
        ("for-consumers", &user, 403, "FORBIDDEN"),
    ];
    for (slug, bearer, status, code) in cases {
        let mut request = platform
            .request(
                Method::POST,
                &format!("/v1/ai/gateway/{slug}/chat/completions"),
            )
            .json(&chat_body());
        if !bearer.is_empty() {
            request = request.bearer_auth(bearer);
        }
        let answer = answer(request).await;
        assert_eq!(answer.0, status, "{slug} {bearer}: {}", answer.1);
        assert_error(&answer, status, code);
        // Questions about the account know no 403.
        let (status, code) = if status == 403 {
            (401, "AUTH_INVALID_KEY")
        } else {
            (status, code)
        };
        for path in ["/v1/ai/gateway/me/wallet", "/api/gateway/me/usage"] {
            let answer = ask(&platform, &format!("{path}?api_slug={slug}"), bearer).await;
            assert_eq!(answer.0, status, "{path} {slug} {bearer}: {}", answer.1);
            assert_error(&answer, status, code);
        }
    }
    for path in [
        "/v1/ai/gateway/me/wallet",
        "/api/gateway/me/usage",
        "/api/gateway/me/usage?api_slug=support-bot&days=0",
        "/api/gateway/me/usage?api_slug=support-bot&days=x",
        "/api/gateway/me/usage?api_slug=support-bot&api_slug=for-users",
    ] {
        assert_error(&ask(&platform, path, KEY).await, 400, "VALIDATION_ERROR");
    }
    let request = platform.request(Method::POST, CHAT).bearer_auth(KEY);
    let answer = answer(request.json(&json!({ "messages": [] }))).await;
    assert_error(&answer, 400, "VALIDATION_ERROR");
    assert_eq!(wallet(&platform, KEY).await["total_consumed"], 0);
}

#[tokio::test]
async fn what_an_endpoint_reports_is_what_is_paid() {
    const STREAM: &str = "data: {\"choices\":[{\"delta\":{\"content\":\"one two three\"}}]}\n\n\
        data: {\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":23}}\n\ndata: [DONE]\n\n";
    let upstream = post(|axum::Json(body): axum::Json<Value>| async move {
        if body["stream"] == true {
            return ([("content-type", "text/event-stream")], STREAM).into_response();
        }
        axum::Json(
            json!({ "choices": [], "usage": { "prompt_tokens": 40, "completion_tokens": 2 } }),
        )
        .into_response()
    });
    let url = serve(axum::Router::new().route("/chat/completions", upstream)).await;
    let platform = Platform::with(builder().ai_upstream(url, None)).await;
    assert_eq!(chat(&platform, KEY).await.0, 200);
    assert_eq!(wallet(&platform, KEY).await["total_consumed"], 42);
    let mut body = chat_body();
    body["stream"] = true.into();
    let request = platform.request(Method::POST, CHAT).bearer_auth(KEY);
    request
        .json(&body)
        .send()
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    eventually("the stream is paid", || async {
        wallet(&platform, KEY).await["total_consumed"] == 42 + 123
    })
    .await;
}

#[tokio::test]
async fn a_stream_passes_as_it_comes_and_a_caller_who_leaves_pays_for_what_came() {
    // The endpoint sends one frame and then nothing, for as long as anybody listens.
    let upstream = post(async || {
        let first = "data: {\"choices\":[{\"delta\":{\"content\":\"one two three\"}}]}\n\n";
        let first = stream::iter([Ok::<_, std::convert::Infallible>(first)]);
        let body = Body::from_stream(first.chain(stream::pending()));
        ([("content-type", "text/event-stream")], body)
    });
    let url = serve(axum::Router::new().route("/chat/completions", upstream)).await;
    let platform = Platform::with(builder().ai_upstream(url, None)).await;
    let mut body = chat_body();
    body["stream"] = true.into();
    let request = platform.request(Method::POST, CHAT).bearer_auth(KEY);
    let mut response = request.json(&body).send().await.unwrap();
    let frame = response.chunk().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&frame).contains("one two three"));
    assert_eq!(wallet(&platform, KEY).await["total_consumed"], 0);
    drop(response);
    eventually("what came is paid", || async {
        wallet(&platform, KEY).await["total_consumed"] == 2 + 3
    })
    .await;
}

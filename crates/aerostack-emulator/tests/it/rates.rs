//! Rate limits, for those who switch them on.

use std::time::Duration;

use aerostack_emulator::Emulator;
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{Platform, answer, assert_error};

async fn start() -> Platform {
    Platform::with(Emulator::builder().rate_limits(true)).await
}

async fn public(platform: &Platform, call: &str, body: Value) -> (u16, Value) {
    let path = format!("/api/v1/public/projects/local/auth/{call}");
    answer(platform.request(Method::POST, &path).json(&body)).await
}

#[tokio::test]
async fn answers_count_down_and_the_window_starts_anew() {
    let platform = start().await;
    let flush = || platform.keyed("/v1/cache/flush").json(&json!({})).send();
    for left in (0..5).rev() {
        let response = flush().await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["x-ratelimit-limit"], "5");
        assert_eq!(
            response.headers()["x-ratelimit-remaining"],
            left.to_string().as_str()
        );
    }
    let response = flush().await.unwrap();
    assert_eq!(response.status(), 429);
    let number = |name: &str| {
        response.headers()[name]
            .to_str()
            .unwrap()
            .parse::<i64>()
            .unwrap()
    };
    assert!((1..=60).contains(&number("retry-after")));
    assert!(number("x-ratelimit-reset") > 1_700_000_000);
    assert_eq!(
        response.json::<Value>().await.unwrap()["code"],
        "RATE_LIMIT_EXCEEDED"
    );
    assert_eq!(
        platform
            .post("/v1/cache/get", json!({ "key": "k" }))
            .await
            .0,
        200,
        "another operation"
    );
    platform.emulator.clock().advance(Duration::from_secs(61));
    assert_eq!(flush().await.unwrap().status(), 200);
}

#[tokio::test]
async fn a_thousand_calls_a_minute_is_the_limit_of_a_key() {
    let platform = start().await;
    for _ in 0..1000 {
        assert_eq!(
            platform
                .keyed("/v1/cache/keys")
                .json(&json!({}))
                .send()
                .await
                .unwrap()
                .status(),
            200
        );
    }
    assert_error(
        &platform.post("/v1/cache/keys", json!({})).await,
        429,
        "RATE_LIMIT_EXCEEDED",
    );
}

#[tokio::test]
async fn one_account_is_guarded_more_closely_than_one_client() {
    let email = |name: &str| json!({ "email": format!("{name}@example.com") });
    for (call, allowed) in [
        ("otp/send", 3),
        ("resend-verification", 3),
        ("reset-password-request", 3),
    ] {
        let platform = start().await;
        for _ in 0..allowed {
            assert_eq!(public(&platform, call, email("a")).await.0, 200, "{call}");
        }
        assert_error(
            &public(&platform, call, email("a")).await,
            429,
            "RATE_LIMIT_EXCEEDED",
        );
        assert_eq!(public(&platform, call, email("b")).await.0, 200, "{call}");
    }
    let platform = start().await;
    let login = |name: &str| {
        public(
            &platform,
            "login",
            json!({ "email": format!("{name}@example.com"), "password": "x" }),
        )
    };
    for _ in 0..5 {
        assert_eq!(login("a").await.0, 401);
    }
    assert_eq!(login("a").await.0, 429);
    for _ in 0..4 {
        assert_eq!(login("b").await.0, 401);
    }
    assert_eq!(
        login("b").await.0,
        429,
        "ten logins a minute from one client"
    );
}

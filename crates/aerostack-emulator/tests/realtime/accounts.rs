//! Connections of the emulator's own users.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;
use tokio_tungstenite::tungstenite::handshake::client::Request;

use crate::client::{request, status};
use crate::platform::{Platform, answer};

const AUTH: &str = "/api/v1/public/projects/local/auth";

impl Platform {
    /// A new user's id and access token.
    async fn user(&self, email: &str) -> (String, String) {
        let body = json!({ "email": email, "password": "Correct-Horse-7" });
        let (status, answer) = answer(
            self.request(Method::POST, &format!("{AUTH}/register"))
                .json(&body),
        )
        .await;
        assert!((200..300).contains(&status), "{answer}");
        let text = |value: &serde_json::Value| value.as_str().expect("text").to_owned();
        (text(&answer["user"]["id"]), text(&answer["token"]))
    }
}

fn upgrade(token: &str) -> Request {
    request(
        "?userId=pretended",
        &[&format!("aerostack-token.{token}"), "aerostack-v1"],
    )
}

#[tokio::test]
async fn a_users_token_opens_a_connection_in_the_users_name() {
    let platform = Platform::start("").await;
    let (id, token) = platform.user("ada@example.com").await;
    let mut client = platform.dial(upgrade(&token)).await.unwrap();
    client.subscribe("a/b").await;
    client
        .send(json!({ "type": "publish", "topic": "a/b", "event": "e", "data": 1 }))
        .await;
    assert_eq!(client.frame().await["userId"], json!(id));
    let history = platform
        .request(
            Method::GET,
            "/api/v1/public/realtime/history?room=a/b/proj_local",
        )
        .bearer_auth(&token);
    assert_eq!(answer(history).await.0, 200);
    assert_eq!(status(platform.dial(upgrade("forged")).await), 401);
}

#[tokio::test]
async fn a_token_that_expires_by_the_clock_ends_the_connection() {
    let platform = Platform::start("").await;
    let (_, token) = platform.user("ada@example.com").await;
    let mut client = platform.dial(upgrade(&token)).await.unwrap();
    platform
        .emulator
        .clock()
        .advance(Duration::from_secs(24 * 60 * 60));
    assert_eq!(client.closed().await, Some(4401));
    assert_eq!(status(platform.dial(upgrade(&token)).await), 401);
}

#[tokio::test]
async fn an_auth_frame_changes_the_user() {
    let platform = Platform::start("").await;
    let (_, first) = platform.user("ada@example.com").await;
    let (second_id, second) = platform.user("bob@example.com").await;
    let mut client = platform.dial(upgrade(&first)).await.unwrap();
    client
        .send(json!({ "type": "auth", "token": second }))
        .await;
    assert!(client.pending().await.is_empty());
    let open = platform.emulator.realtime().connections();
    assert_eq!(open[0].user_id.as_deref(), Some(&*second_id));
    client
        .send(json!({ "type": "auth", "token": "forged" }))
        .await;
    assert_eq!(client.frame().await["code"], "AUTH_INVALID_TOKEN");
    assert_eq!(client.closed().await, Some(4401));
}

#[tokio::test]
async fn shutting_down_cuts_every_connection() {
    let platform = Platform::start("").await;
    let (mut a, mut b) = (platform.connect().await, platform.connect().await);
    let hub = platform.emulator.realtime().clone();
    platform.emulator.shutdown().await;
    assert_eq!((a.closed().await, b.closed().await), (None, None));
    assert!(hub.connections().is_empty());
}

//! Settings of a client.

use std::time::Duration;

use aerostack::{Client, ErrorKind};

use crate::support::{builder, start};

#[test]
fn settings_that_cannot_work_are_named() {
    let valid = || Client::builder().base_url("http://127.0.0.1:9");
    for (builder, named) in [
        (Client::builder().base_url("not a url"), vec!["base URL"]),
        (
            Client::builder().base_url("http://example.com"),
            vec!["http", "example.com"],
        ),
        (Client::builder().base_url("ftp://example.com"), vec!["ftp"]),
        (valid().api_key(""), vec!["api_key"]),
        (valid().api_key("key\nwith a break"), vec!["API key"]),
        (valid().api_key("ask_live_1"), vec!["consumer"]),
        (valid().project_id("  "), vec!["project_id"]),
        (valid().max_attempts(0), vec!["max_attempts"]),
        (valid().timeout(Duration::ZERO), vec!["timeout"]),
        (
            valid()
                .timeout(Duration::from_secs(9))
                .deadline(Duration::from_secs(3)),
            vec!["timeout", "deadline"],
        ),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        let text = error.to_string();
        for name in named {
            assert!(text.contains(name), "{text}");
        }
        assert!(!text.contains("with a break"), "{text}");
    }
    assert!(
        Client::builder()
            .base_url("http://example.com")
            .allow_insecure_http()
            .build()
            .is_ok()
    );
}

#[test]
fn neither_client_nor_builder_shows_the_key() {
    let builder = Client::builder()
        .base_url("http://127.0.0.1:9")
        .api_key("sk_planted_secret");
    assert!(!format!("{builder:?}").contains("planted"));
    let client = builder.build().unwrap();
    let call = client.db().query::<()>("SELECT 1");
    assert!(!format!("{client:?} {:?} {call:?}", client.cache()).contains("planted"));
}

#[tokio::test]
async fn a_call_carries_what_was_configured_and_asked_for() {
    let (emulator, _) = start().await;
    let client = builder(&emulator)
        .base_url(format!("{}/v1/", emulator.url()))
        .user_agent("shop/2.1")
        .build()
        .unwrap();
    client
        .cache()
        .has("k")
        .header("X-Team", "blue")
        .request_id("trace-7")
        .await
        .unwrap();
    let received = emulator.received();
    let call = &received[0];
    assert_eq!(call.path, "/v1/cache/get");
    assert_eq!(call.header("x-team"), Some("blue"));
    assert_eq!(call.header("x-request-id"), Some("trace-7"));
    assert_eq!(call.header("x-project-id"), Some(emulator.project_id()));
    assert!(
        call.header("user-agent")
            .unwrap()
            .starts_with("shop/2.1 aerostack-rust/")
    );
    assert!(call.header("x-sdk-version").is_some());
    for absent in ["api-version", "accept-encoding", "authorization"] {
        assert_eq!(call.header(absent), None, "{absent}");
    }
}

#[tokio::test]
async fn calls_are_futures_that_can_be_spawned_and_handles_outlive_their_client() {
    fn handle<T: Clone + Send + Sync + 'static>(handle: T) -> T {
        handle
    }
    let (_emulator, client) = start().await;
    let cache = handle(client.cache());
    handle(client.db());
    handle(client.auth());
    handle(client.server_auth());
    handle(client.storage());
    drop(client);
    let tasks: Vec<_> = (0..20)
        .map(|n| tokio::spawn(cache.set(format!("k{n}"), &n).into_future()))
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(cache.keys("k").await.unwrap().names.len(), 20);
}

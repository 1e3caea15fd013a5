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
        (valid().api_key("key\nwith a break"), vec!["api_key"]),
        (valid().api_key("\"quoted with a break\""), vec!["api_key"]),
        (valid().api_key("key\u{200b}"), vec!["api_key"]),
        (valid().proxy("no url with a break"), vec!["proxy"]),
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
    assert_eq!(call.header("accept-encoding"), Some("identity"));
    for absent in ["api-version", "authorization"] {
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

/// What a process with this environment makes of it.
fn in_environment(variables: &[(&str, &str)]) -> String {
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    for name in ["API_KEY", "PROJECT_ID", "PROJECT_SLUG", "BASE_URL"] {
        child.env_remove(format!("AEROSTACK_{name}"));
    }
    let output = child
        .args([
            "--ignored",
            "--exact",
            "config::prints_what_the_environment_gives",
            "--nocapture",
        ])
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[ignore = "run by the tests of the environment, each in a process of its own"]
fn prints_what_the_environment_gives() {
    println!("alone: {:?}", Client::from_env());
    let explicit = Client::builder().project_id("explicit").env().build();
    println!("beside: {explicit:?}");
}

#[test]
fn the_environment_fills_what_is_not_set() {
    let text = in_environment(&[
        ("AEROSTACK_API_KEY", "sk_planted_secret"),
        ("AEROSTACK_PROJECT_ID", "proj_env"),
        ("AEROSTACK_PROJECT_SLUG", "slug-env"),
        ("AEROSTACK_BASE_URL", "http://127.0.0.1:8787/v1"),
    ]);
    let line = |start: &str| text.lines().find(|line| line.starts_with(start)).unwrap();
    for shown in [
        "http://127.0.0.1:8787,",
        "proj_env",
        "slug-env",
        "[redacted]",
    ] {
        assert!(line("alone").contains(shown), "{shown} in {text}");
    }
    assert!(line("beside").contains("\"explicit\"") && line("beside").contains("slug-env"));
    assert!(!text.contains("planted"), "{text}");
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
#[test]
fn https_without_tls_is_refused_when_the_client_is_built() {
    let error = Client::builder().build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(error.to_string().contains("native-tls"), "{error}");
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[test]
fn an_empty_environment_is_the_production_platform_and_a_bad_one_is_named() {
    let text = in_environment(&[("AEROSTACK_API_KEY", "")]);
    assert!(text.contains("https://api.aerostack.dev,"), "{text}");
    assert!(text.contains("api_key: None"), "{text}");
    let text = in_environment(&[("AEROSTACK_BASE_URL", "http://example.com")]);
    assert!(
        text.contains("Err(") && text.contains("example.com"),
        "{text}"
    );
}

#[cfg(feature = "reqwest")]
#[tokio::test]
async fn what_the_sdk_relies_on_is_set_after_the_callers_own_settings() {
    use aerostack_emulator::Fault;

    let (emulator, _) = start().await;
    let client = builder(&emulator)
        .configure_http(|http| {
            http.timeout(Duration::from_millis(20))
                .redirect(reqwest::redirect::Policy::limited(5))
                .default_headers(
                    [(
                        http::header::FROM,
                        http::HeaderValue::from_static("ops@example.com"),
                    )]
                    .into_iter()
                    .collect(),
                )
        })
        .build()
        .unwrap();
    emulator.fault(
        Fault::delay(Duration::from_millis(60))
            .on("cacheGet")
            .times(1),
    );
    client.cache().has("k").await.unwrap();
    assert_eq!(
        emulator.received()[0].header("from"),
        Some("ops@example.com")
    );

    emulator.fault(
        Fault::redirect(format!("{}/v1/cache/get", emulator.url()))
            .on("cacheGet")
            .times(1),
    );
    let error = client.cache().has("k").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Protocol);
}

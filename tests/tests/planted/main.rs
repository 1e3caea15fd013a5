//! Secrets that were planted in every call are nowhere to be seen. A process of its own, since loggers are global.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod debug;
mod fields;
mod log;
mod proxy;
#[rustfmt::skip]
mod types;
mod wiped;

use std::collections::BTreeSet;

use aerostack::{Client, ErrorKind};
use aerostack_contract::cases::CASES;
use aerostack_emulator::Fault;
use serde_json::json;

use crate::log::Log;
use aerostack_contract::world::{EMAIL, PASSWORD, World};

/// What the cases of the contract send as secrets, and what the platform keeps as one.
const OF_CASES: [&str; 6] = [
    "Porto-Lisboa-2026",
    "493817",
    "ev_9f2c41d07a6b",
    "pr_51c0e8aa2f93",
    "rt_4f1d9a0c7be24c1e",
    "not-a-real-key",
];

/// Ways for every call to fail, on the way out and on the way back.
const FAULTS: [fn() -> Fault; 7] = [
    || Fault::status(401),
    || Fault::status(503),
    || Fault::html(502),
    Fault::close,
    || Fault::truncate_body(5),
    || Fault::answer(200, "application/json", r#"["Planted-in-an-answer"]"#),
    || Fault::redirect("https://elsewhere.invalid/?key=Planted-in-a-redirect"),
];

#[test]
fn what_is_planted_is_in_no_log_and_no_error() {
    let log = Log::install();
    let world = World::new();
    let mut planted: BTreeSet<String> = OF_CASES.iter().map(|it| (*it).to_owned()).collect();
    planted.extend(["Planted-in-an-answer", "Planted-in-a-redirect", PASSWORD].map(str::to_owned));
    let keys = &world.sdk.planted;
    planted.extend([&keys.api_key, &keys.user_token, &keys.consumer_key].map(Clone::clone));

    let mut said = String::new();
    world.ours(async {
        log.listen();
        for case in CASES {
            if let Err(refusal) = (case.call)(&world.sdk).await {
                said += &format!("{} {}\n", refusal.shown, refusal.debugged);
            }
        }
        planted.insert(realtime(&world).await);
        for secret in a_user_comes_and_goes(&world).await {
            planted.insert(secret);
        }
    });
    for fault in FAULTS {
        world.theirs(|emulator| emulator.fault(fault()));
        world.ours(async {
            for case in CASES {
                if let Err(refusal) = (case.call)(&world.sdk).await {
                    said += &format!("{} {}\n", refusal.shown, refusal.debugged);
                }
            }
        });
        world.theirs(|emulator| emulator.clear_faults());
    }

    world.ends_without_leftovers();

    let logged = log.text();
    for heard in [
        "aerostack.call",
        "aerostack.attempt",
        "hyper",
        "tungstenite",
        "reqwest",
    ] {
        assert!(logged.contains(heard), "{heard} said nothing");
    }
    assert!(said.lines().count() > 3 * CASES.len(), "too few errors");
    assert!(planted.len() > 14, "{}", planted.len());
    for secret in &planted {
        for (place, text) in [("a log", &logged), ("an error", &said)] {
            if let Some(at) = text.find(secret.as_str()) {
                let from = text[..at].rfind('\n').map_or(0, |line| line + 1);
                let line = text[from..].lines().next().unwrap_or_default();
                panic!("in {place}: {line}");
            }
        }
    }
}

/// A life with a password, codes and tokens that work; says what was secret about it.
async fn a_user_comes_and_goes(world: &World) -> Vec<String> {
    let auth = world.sdk.client.auth();
    let mut secrets = Vec::new();
    auth.send_otp(EMAIL).await.unwrap();
    let code = world.emulator.last_otp(EMAIL).unwrap();
    let session = auth.verify_otp(EMAIL).code(code.as_str()).await.unwrap();
    auth.request_password_reset(EMAIL).await.unwrap();
    let mailed = world.emulator.last_email_token(EMAIL).unwrap();
    auth.reset_password(mailed.as_str(), "Another-Horse-7")
        .await
        .unwrap();
    let again = auth.login(EMAIL, "Another-Horse-7").await.unwrap();
    let tokens = auth.manage(again.clone());
    tokens.refresh().await.unwrap();
    let last = tokens.session();
    tokens.with(|token| auth.current_user(token)).await.unwrap();
    let wrong = auth.login(EMAIL, "Planted-and-wrong").await.unwrap_err();
    assert_eq!(wrong.kind(), ErrorKind::Unauthorized);
    auth.logout(last.access_token.expose()).await.unwrap();
    for session in [&session, &again, &last] {
        secrets.push(session.access_token.expose().to_owned());
        let refresh = session.refresh_token.as_ref();
        secrets.extend(refresh.map(|token| token.expose().to_owned()));
    }
    secrets.extend([code, mailed]);
    secrets.extend(["Another-Horse-7", "Planted-and-wrong"].map(str::to_owned));
    secrets
}

/// A connection with a user's token, which it says.
async fn realtime(world: &World) -> String {
    let session = world.sdk.client.auth().login(EMAIL, PASSWORD).await;
    let token = session.unwrap().access_token.expose().to_owned();
    let realtime = world.realtime();
    realtime.set_token(token.as_str()).unwrap();
    let lobby = realtime.channel("lobby").unwrap();
    let subscription = lobby.events::<u8>("ping").subscribe().await.unwrap();
    lobby.publish_acked("ping", &1).await.unwrap();
    lobby.track(&json!({"name": "Inês"})).await.unwrap();
    lobby.history().next().await.unwrap();
    drop(subscription);
    realtime.close().await;
    token
}

/// A panic says what `Debug` says, so `unwrap` on anything of ours is safe to do.
#[test]
fn settings_and_clients_do_not_show_what_they_hold() {
    let builder = Client::builder()
        .base_url("http://127.0.0.1:1")
        .api_key("Planted-key");
    let shown = format!("{builder:?} {builder:#?}");
    let client = builder.build().unwrap();
    let shown = format!("{shown} {client:?} {client:#?}");
    assert!(!shown.contains("Planted"), "{shown}");
    assert!(shown.contains("[redacted]"), "{shown}");
    let error = Client::builder()
        .api_key("Planted\nkey")
        .build()
        .unwrap_err();
    assert!(!format!("{error} {error:?}").contains("Planted"));
    let error = Client::builder()
        .base_url("http://user:Planted@example.com")
        .build()
        .unwrap_err();
    assert!(!format!("{error} {error:?}").contains("Planted"), "{error}");
}

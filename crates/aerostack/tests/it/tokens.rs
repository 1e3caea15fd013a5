//! A session that is kept alive.

use std::time::Duration;

use aerostack::{Client, ErrorKind, Secret, auth::TokenManager};
use aerostack_emulator::{Emulator, Fault};

use crate::support::start;

async fn managed() -> (Emulator, Client, TokenManager) {
    let (emulator, client) = start().await;
    let auth = client.auth();
    auth.register("ines@example.com", "Correct-Horse-9")
        .await
        .unwrap();
    let session = auth
        .login("ines@example.com", "Correct-Horse-9")
        .await
        .unwrap();
    emulator.clear_received();
    let tokens = auth.manage(session);
    (emulator, client, tokens)
}

fn refreshes(emulator: &Emulator) -> usize {
    emulator
        .received()
        .iter()
        .filter(|call| call.operation == Some("publicAuthRefresh"))
        .count()
}

/// The platform no longer takes the access token; the refresh token still lives.
fn expire(emulator: &Emulator) {
    emulator.clock().advance(Duration::from_secs(60 * 60 * 24));
}

#[tokio::test]
async fn a_good_token_is_handed_out_as_it_is() {
    let (emulator, _client, tokens) = managed().await;
    let token = tokens.token().await.unwrap();
    assert_eq!(token.expose(), tokens.session().access_token.expose());
    assert!(emulator.received().is_empty());
}

#[tokio::test]
async fn many_callers_with_an_expired_token_cause_one_refresh() {
    let (emulator, client, tokens) = managed().await;
    expire(&emulator);
    let calls: Vec<_> = (0..50)
        .map(|_| {
            let (auth, tokens) = (client.auth(), tokens.clone());
            tokio::spawn(async move { tokens.with(|token| auth.current_user(token)).await })
        })
        .collect();
    for call in calls {
        assert_eq!(
            call.await.unwrap().unwrap().email.as_deref(),
            Some("ines@example.com")
        );
    }
    assert_eq!(refreshes(&emulator), 1);
}

#[tokio::test]
async fn a_refresh_whose_callers_are_gone_is_not_lost() {
    let (emulator, client, tokens) = managed().await;
    emulator.fault(
        Fault::delay(Duration::from_millis(100))
            .on("publicAuthRefresh")
            .times(1),
    );
    let old = tokens.session().refresh_token.unwrap();
    {
        let waiting = tokens.clone();
        let caller = tokio::spawn(async move { waiting.refresh().await });
        while refreshes(&emulator) == 0 {
            tokio::task::yield_now().await;
        }
        caller.abort();
        assert!(caller.await.unwrap_err().is_cancelled());
    }
    let new = tokens.refresh().await.unwrap();
    assert_ne!(
        tokens.session().refresh_token.unwrap().expose(),
        old.expose()
    );
    assert_eq!(refreshes(&emulator), 1);
    assert!(client.auth().verify_token(&new).await.unwrap().is_some());
}

/// What the platform, or what stands before it, may answer to a refresh without meaning the token.
fn troubles() -> [(Fault, ErrorKind); 6] {
    [
        (Fault::status(503), ErrorKind::Server),
        (Fault::html(502), ErrorKind::Server),
        (Fault::html(403), ErrorKind::Forbidden),
        (Fault::rate_limited("0"), ErrorKind::RateLimited),
        (Fault::close(), ErrorKind::Interrupted),
        (Fault::reset(), ErrorKind::Interrupted),
    ]
}

#[tokio::test]
async fn a_session_outlives_a_platform_in_trouble() {
    let (emulator, client, tokens) = managed().await;
    for (trouble, kind) in troubles() {
        emulator.fault(trouble.on("publicAuthRefresh").times(3));
        let before = tokens.session().refresh_token.unwrap();
        let error = tokens.refresh().await.unwrap_err();
        assert_eq!(error.kind(), kind);
        let kept = tokens.session().refresh_token.unwrap();
        assert_eq!(kept.expose(), before.expose());
        tokens.token().await.unwrap();
        emulator.clear_faults();
        let new = tokens.refresh().await.unwrap();
        assert!(client.auth().verify_token(&new).await.unwrap().is_some());
    }
}

/// The answer with the new tokens was lost. What became of the old one is asked, once, and its end is heard.
#[tokio::test]
async fn a_refresh_token_that_was_used_up_unheard_is_asked_about_once() {
    let (emulator, _client, tokens) = managed().await;
    emulator.fault(
        Fault::close()
            .after_effect()
            .on("publicAuthRefresh")
            .times(1),
    );
    let error = tokens.refresh().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    for _ in 0..3 {
        let error = tokens.refresh().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unauthorized);
    }
    assert_eq!(refreshes(&emulator), 2);
    tokens.token().await.unwrap();
}

#[tokio::test]
async fn everyone_who_waited_hears_why_the_refresh_failed() {
    let (emulator, _client, tokens) = managed().await;
    emulator.fault(Fault::status(500).on("publicAuthRefresh").times(1));
    let (a, b) = tokio::join!(tokens.refresh(), tokens.refresh());
    for error in [a.unwrap_err(), b.unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::Server);
        assert_eq!(error.status(), Some(500));
        assert!(error.request_id().is_some());
    }
    assert_eq!(refreshes(&emulator), 1);
}

#[tokio::test]
async fn a_call_is_made_again_once_and_not_for_ever() {
    let (emulator, client, tokens) = managed().await;
    let calls = std::sync::atomic::AtomicU32::new(0);
    let refused = async || {
        tokens
            .with(|_: Secret| async {
                calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                client.auth().current_user("wrong").await
            })
            .await
            .unwrap_err()
    };
    assert_eq!(refused().await.kind(), ErrorKind::Unauthorized);
    assert_eq!(calls.load(std::sync::atomic::Ordering::Relaxed), 2);
    for _ in 0..5 {
        assert_eq!(refused().await.kind(), ErrorKind::Unauthorized);
    }
    assert_eq!(calls.into_inner(), 7, "a new token is not the cure");
    assert_eq!(refreshes(&emulator), 1);
}

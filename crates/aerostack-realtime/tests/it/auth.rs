//! Promises 30 to 34: credentials and refusals.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use aerostack_emulator::realtime::{Refusal, SubprotocolReply};
use aerostack_realtime::{ErrorKind, Notice, Status, Token, TokenRequest};

use crate::common::world;

#[tokio::test(start_paused = true)]
async fn promise_30_credentials_travel_beside_the_url() {
    let world = world();
    let client = world
        .builder()
        .token("aaa.bbb.ccc")
        .user_id("usr 2")
        .build()
        .unwrap();
    client.connect().await.unwrap();
    let transcript = format!("{:?}", world.hub.transcript());
    assert!(
        transcript.contains("projectId=proj_local&userId=usr+2"),
        "{transcript}"
    );
    assert!(!transcript.contains("aaa.bbb.ccc"));
    assert_eq!(world.tokens(), [("upgrade", "aaa.bbb.ccc".to_owned())]);
}

#[test]
fn promise_31_illegal_credentials_are_refused_before_anything_is_sent() {
    let world = world();
    for text in [
        "",
        "has space",
        "a,b",
        "a=b",
        "a/b",
        "\"quoted\"",
        "line\r\nbreak",
    ] {
        let key = world.builder().api_key(text).build().map(drop).unwrap_err();
        let token = world.builder().token(text).build().map(drop).unwrap_err();
        let later = world.client().set_token(text).unwrap_err();
        for error in [key, token, later] {
            assert_eq!(error.kind(), ErrorKind::InvalidCredential, "{text:?}");
        }
    }
    assert!(world.dials().is_empty());
}

#[tokio::test(start_paused = true)]
async fn promise_31_an_illegal_token_of_a_provider_suspends_without_a_dial() {
    let world = world();
    let client = world
        .builder()
        .token_provider(|_| async { Ok::<_, std::io::Error>(Some(Token::new("a b"))) })
        .build()
        .unwrap();
    let error = client.connect().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidCredential);
    assert!(world.dials().is_empty());
}

#[tokio::test(start_paused = true)]
async fn promise_32_a_refused_token_is_renewed_once_and_then_waited_for() {
    for status in [401, 403] {
        let world = world();
        world.hub.refuse(Refusal::status(status));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&asked);
        let client = world
            .builder()
            .token_provider(move |request| {
                record.lock().unwrap().push(request);
                async { Ok::<_, std::io::Error>(Some(Token::new("t.t.t"))) }
            })
            .build()
            .unwrap();
        let error = client.connect().await.unwrap_err();
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Unauthorized, Some(status))
        );
        tokio::time::sleep(Duration::from_secs(3_600)).await;
        assert_eq!(world.upgrades(), (0, 2));
        assert_eq!(
            *asked.lock().unwrap(),
            [TokenRequest::Current, TokenRequest::Forced]
        );
        let dials = world.dials();
        assert!(dials[1] - dials[0] < Duration::from_millis(1));
        assert!(matches!(
            client.status().current(),
            Status::Suspended { .. }
        ));
        let subscribe = client
            .path("a")
            .unwrap()
            .all()
            .subscribe()
            .await
            .unwrap_err();
        assert_eq!(subscribe.kind(), ErrorKind::Unauthorized);

        world.hub.clear_faults();
        client.refresh_token();
        client
            .status()
            .wait_for(Status::is_connected)
            .await
            .unwrap();
        assert_eq!(world.upgrades(), (1, 2));
    }
}

#[tokio::test(start_paused = true)]
async fn promise_32_a_fixed_token_has_nothing_to_renew() {
    let world = world();
    world.hub.refuse(Refusal::status(401));
    let client = world.builder().token("old.t.t").build().unwrap();
    client.connect().await.unwrap_err();
    assert_eq!(world.upgrades(), (0, 1));
    world.hub.clear_faults();
    client.set_token("new.t.t").unwrap();
    client
        .status()
        .wait_for(Status::is_connected)
        .await
        .unwrap();
    assert_eq!(world.tokens().last().unwrap().1, "new.t.t");
}

#[tokio::test(start_paused = true)]
async fn promise_32_a_token_that_expires_on_a_live_connection_is_renewed_once() {
    let world = world();
    let count = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&count);
    let client = world
        .builder()
        .token_provider(move |request| {
            if request == TokenRequest::Forced {
                counter.fetch_add(1, Ordering::Relaxed);
            }
            let token = format!("t{}.t.t", counter.load(Ordering::Relaxed));
            async { Ok::<_, std::io::Error>(Some(Token::new(token))) }
        })
        .build()
        .unwrap();
    let mut events = client
        .path("a")
        .unwrap()
        .events::<u32>("e")
        .subscribe()
        .await
        .unwrap();
    world.hub.expire_token("t0.t.t");
    tokio::time::sleep(Duration::from_secs(1)).await;
    events.active().await.unwrap();
    assert_eq!(count.load(Ordering::Relaxed), 1);
    assert_eq!(world.tokens().last().unwrap().1, "t1.t.t");

    // The renewed one is refused before the connection was stable: that is the end of trying.
    world.hub.expire_token("t1.t.t");
    let status = client
        .status()
        .wait_for(|status| !status.is_connected())
        .await
        .unwrap();
    assert!(matches!(status, Status::Suspended { .. }), "{status:?}");
    assert_eq!(status.cause().unwrap().close_code(), Some(4401));
}

#[tokio::test(start_paused = true)]
async fn promise_33_a_live_change_is_one_auth_frame_and_changes_offline_are_none() {
    let world = world();
    let client = world.builder().token("t0.t.t").build().unwrap();
    client.connect().await.unwrap();
    client.set_token("t1.t.t").unwrap();
    world.settle().await;
    client.set_token("t1.t.t").unwrap();
    world.settle().await;
    world.hub.drop_all();
    client
        .status()
        .wait_for(|status| !status.is_connected())
        .await
        .unwrap();
    for n in 2..50 {
        client.set_token(format!("t{n}.t.t")).unwrap();
    }
    client
        .status()
        .wait_for(Status::is_connected)
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(
        world.tokens(),
        [
            ("upgrade", "t0.t.t"),
            ("auth", "t1.t.t"),
            ("upgrade", "t49.t.t")
        ]
        .map(|(how, token)| (how, token.to_owned()))
    );
}

#[tokio::test(start_paused = true)]
async fn promise_33_a_provider_is_asked_again_when_told_of_a_change() {
    let world = world();
    let current = Arc::new(Mutex::new("t0.t.t".to_owned()));
    let source = Arc::clone(&current);
    let client = world
        .builder()
        .token_provider(move |_| {
            let token = Token::new(source.lock().unwrap().clone());
            async { Ok::<_, std::io::Error>(Some(token)) }
        })
        .build()
        .unwrap();
    client.connect().await.unwrap();
    assert_eq!(
        client.set_token("x.y.z").unwrap_err().kind(),
        ErrorKind::Configuration
    );
    client.refresh_token();
    world.settle().await;
    *current.lock().unwrap() = "t1.t.t".to_owned();
    client.refresh_token();
    world.settle().await;
    assert_eq!(
        world.tokens(),
        [("upgrade", "t0.t.t"), ("auth", "t1.t.t")].map(|(how, token)| (how, token.to_owned()))
    );
}

#[tokio::test(start_paused = true)]
async fn promise_34_the_server_says_when_to_come_back() {
    for status in [429, 503] {
        for (header, wait) in [
            ("Retry-After", 40),
            ("Retry-After", 7),
            ("X-RateLimit-Reset", 25),
        ] {
            let world = world();
            let epoch = 1_770_000_000;
            let value = if header == "Retry-After" {
                wait
            } else {
                epoch + wait
            };
            world.hub.refuse(
                Refusal::status(status)
                    .header(header, value.to_string())
                    .header("Date", "Mon, 02 Feb 2026 02:40:00 GMT")
                    .times(1),
            );
            let client = world
                .builder()
                .clock(move || std::time::UNIX_EPOCH + Duration::from_secs(epoch))
                .build()
                .unwrap();
            client.connect().await.unwrap();
            let dials = world.dials();
            let waited = (dials[1] - dials[0]).as_secs_f64();
            let wait = wait as f64;
            assert!(
                (wait..=wait * 1.1).contains(&waited),
                "{status} {header} {wait}: {waited}"
            );
        }
    }
}

#[tokio::test(start_paused = true)]
async fn any_offered_subprotocol_is_taken_and_none_at_all_is_an_error() {
    for (reply, works) in [
        (SubprotocolReply::V1, true),
        (SubprotocolReply::First, true),
        (SubprotocolReply::None, false),
    ] {
        let world = world();
        world
            .hub
            .configure(|switches| switches.subprotocol_reply = reply);
        let client = world.builder().max_attempts(1).build().unwrap();
        let mut notices = client.notices();
        assert_eq!(client.connect().await.is_ok(), works, "{reply:?}");
        if !works {
            let cause = loop {
                if let Some(Notice::Status(Status::Waiting { cause, .. })) = notices.next().await {
                    break cause;
                }
            };
            assert_eq!(cause.kind(), ErrorKind::Handshake);
        }
    }
}

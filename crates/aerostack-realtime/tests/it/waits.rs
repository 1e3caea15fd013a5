//! Promises 53 and 54: every wait ends, whatever refuses, falls silent, panics or goes away.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::SeqCst},
    },
    time::Duration,
};

use aerostack_emulator::realtime::{FrameKind, Hub, RawFrame, Refusal};
use aerostack_realtime::{
    Error, ErrorKind, Io, Realtime, RealtimeBuilder, Status, SubscriptionState, Token,
};
use serde_json::Value;
use tokio::time::{Instant, timeout};

use crate::common::{KEY, PROJECT, message, next, ready, world};

#[tokio::test(start_paused = true)]
async fn promise_53_a_channel_that_was_refused_is_asked_for_again() {
    for keep_the_first in [false, true] {
        for silent in [false, true] {
            let world = world();
            if silent {
                world.hub.withhold(FrameKind::Subscribed, true);
            } else {
                world.hub.reject_topic("chat/lobby");
            }
            let client = world.client();
            let channel = client.path("chat/lobby").unwrap();
            let first = channel.all().attach().await.unwrap();
            let mut second = channel.all().attach().await.unwrap();
            second.active().await.unwrap_err();
            drop(second);
            let _kept = keep_the_first.then_some(first);
            world.hub.clear_faults();
            world.hub.withhold(FrameKind::Subscribed, false);
            let again = timeout(Duration::from_secs(5), channel.all().subscribe()).await;
            let mut again = again.expect("an answer in time").unwrap();
            world.hub.publish(&channel.topic(), "e", &1);
            message(next(&mut again).await);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn promise_53_what_was_refused_is_asked_for_again_with_a_new_token() {
    let world = world();
    world.hub.reject_topic("secret/room");
    let client = world.client();
    client.connect().await.unwrap();
    let channel = client.path("secret/room").unwrap();
    let mut stream = channel.all().attach().await.unwrap();
    stream.active().await.unwrap_err();
    world.hub.clear_faults();
    client.set_token("a.b.c").unwrap();
    world.settle().await;
    assert_eq!(stream.state(), SubscriptionState::Active);
}

#[tokio::test(start_paused = true)]
async fn promise_53_an_error_of_a_live_topic_changes_its_state_until_it_goes_on() {
    let world = world();
    let client = world.client();
    let channel = client.path("a").unwrap();
    let mut stream = channel.events::<u32>("e").subscribe().await.unwrap();
    let topic = channel.topic();
    let ended = format!(r#"{{"type":"error","topic":"{topic}","code":"SUBSCRIPTION_ENDED"}}"#);
    world.hub.send_raw(&RawFrame::text(ended.clone()));
    next(&mut stream).await.unwrap_err();
    assert!(matches!(stream.state(), SubscriptionState::Failed(_)));
    // Whoever subscribes next asks; the first stream is told what it may have missed.
    let second = channel.events::<u32>("e").subscribe().await.unwrap();
    assert_eq!(world.topics("subscribe").len(), 2);
    assert_eq!(stream.state(), SubscriptionState::Active);
    assert!(matches!(
        ready(&mut stream).await[..],
        [Ok(aerostack_realtime::Item::Gap(_))]
    ));
    drop(second);
    // An error that was about something else: the messages go on, and with them the subscription.
    world.hub.send_raw(&RawFrame::text(ended));
    next(&mut stream).await.unwrap_err();
    world.hub.publish(&topic, "e", &7);
    assert_eq!(message(next(&mut stream).await).data, 7);
    assert_eq!(stream.state(), SubscriptionState::Active);
}

#[tokio::test(start_paused = true)]
async fn promise_53_the_first_connection_that_cannot_be_made_is_told() {
    let world = world();
    world.hub.refuse(Refusal::status(500));
    let since = Instant::now();
    let client = world.builder().wait_for_network(false).build().unwrap();
    let channel = client.path("a").unwrap();
    let errors = [
        client.connect().await.unwrap_err(),
        channel.all().subscribe().await.map(drop).unwrap_err(),
        channel.presence().subscribe().await.map(drop).unwrap_err(),
    ];
    for error in errors {
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Handshake, Some(500))
        );
    }
    assert!(since.elapsed() < Duration::from_secs(60));
    // The client has not given up.
    world.hub.clear_faults();
    let mut waits = channel.all().attach().await.unwrap();
    waits.active().await.unwrap();
    // Once there was a connection, later ones are waited for.
    world.hub.refuse(Refusal::status(500).times(3));
    world.hub.drop_all();
    world.settle().await;
    drop(channel.all().subscribe().await.unwrap());
}

#[tokio::test(start_paused = true)]
async fn promise_53_who_asks_to_wait_for_the_network_waits() {
    let world = world();
    world.hub.refuse(Refusal::status(500).times(5));
    let client = world.client();
    drop(client.path("a").unwrap().all().subscribe().await.unwrap());
    assert_eq!(world.dials().len(), 6);
}

#[tokio::test(start_paused = true)]
async fn promise_53_whoever_knows_that_the_network_is_back_need_not_wait() {
    // In a wait that a server asked for.
    let world = world();
    world
        .hub
        .refuse(Refusal::status(429).header("Retry-After", "300").times(1));
    let client = world.client();
    let connecting = client.clone();
    let connected = tokio::spawn(async move { connecting.connect().await });
    let mut status = client.status();
    status
        .wait_for(|it| matches!(it, Status::Waiting { .. }))
        .await
        .unwrap();
    let since = Instant::now();
    client.reconnect_now();
    connected.await.unwrap().unwrap();
    assert!(since.elapsed() < Duration::from_secs(1));

    // On a connection that died unnoticed.
    world.hub.mute(true);
    client.reconnect_now();
    let lost = status.wait_for(|it| !it.is_connected()).await.unwrap();
    assert_eq!(lost.cause().unwrap().kind(), ErrorKind::Unresponsive);
    assert!(
        since.elapsed() <= Duration::from_secs(6),
        "{:?}",
        since.elapsed()
    );

    // And where refused credentials suspended a client for good.
    let world = crate::common::world();
    world.hub.refuse(Refusal::status(403).times(1));
    let client = world.client();
    client.connect().await.unwrap_err();
    client.reconnect_now();
    let mut status = client.status();
    status.wait_for(Status::is_connected).await.unwrap();
}

/// A client of a hub that every runtime reaches.
fn settings(hub: &Hub) -> RealtimeBuilder {
    let hub = hub.clone();
    Realtime::builder()
        .base_url("http://localhost:1")
        .api_key(KEY)
        .project_id(PROJECT)
        .connector(move |_, _| {
            let hub = hub.clone();
            async move {
                let (ours, theirs) = tokio::io::duplex(256 << 10);
                tokio::spawn(async move { hub.serve(theirs).await });
                Ok(Box::new(ours) as Box<dyn Io>)
            }
        })
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

/// Everything that waits, of a client whose task goes.
async fn all_that_waits(client: &Realtime) -> Vec<tokio::task::JoinHandle<ErrorKind>> {
    let channel = client.path("a").unwrap();
    let mut stream = channel.all().attach().await.unwrap();
    let waits = channel.clone();
    let kind = |result: Result<(), Error>| result.unwrap_err().kind();
    vec![
        tokio::spawn({
            let channel = waits.clone();
            async move {
                kind(
                    channel
                        .publish("e", &1)
                        .acked()
                        .timeout(Duration::MAX / 4)
                        .await,
                )
            }
        }),
        tokio::spawn(async move {
            let error = loop {
                match stream.next().await {
                    Some(Err(error)) => break error,
                    Some(Ok(_)) => {}
                    None => panic!("the stream ends without a word"),
                }
            };
            assert!(stream.next().await.is_none());
            assert_eq!(stream.state(), SubscriptionState::Closed);
            error.kind()
        }),
    ]
}

#[test]
fn promise_54_a_client_outlives_the_runtime_it_was_first_used_on() {
    let hub = Hub::builder().build();
    hub.withhold(FrameKind::Ack, true);
    // Made before there is any runtime, as one in a `static` is.
    let client = settings(&hub).build().unwrap();
    let (first, second) = (runtime(), runtime());
    first.block_on(async { client.connect().await.unwrap() });
    let waiting = second.block_on(async {
        let waiting = all_that_waits(&client).await;
        while hub.connections().iter().all(|it| it.topics.is_empty())
            || client.counters().frames_out < 2
        {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        waiting
    });
    drop(first);
    second.block_on(async {
        let mut status = client.status();
        let limit = Duration::from_secs(20);
        let stopped = timeout(
            limit,
            status.wait_for(|it| matches!(it, Status::Stopped { .. })),
        );
        let stopped = stopped.await.expect("the status says so").unwrap();
        assert_eq!(stopped.cause().unwrap().kind(), ErrorKind::TaskStopped);
        for wait in waiting {
            let kind = timeout(limit, wait)
                .await
                .expect("an end to the wait")
                .unwrap();
            assert_eq!(kind, ErrorKind::TaskStopped);
        }
        // The next use starts anew.
        hub.clear_faults();
        hub.withhold(FrameKind::Ack, false);
        let channel = client.path("a").unwrap();
        let mut events = timeout(limit, channel.events::<u32>("e").subscribe())
            .await
            .expect("a subscription")
            .unwrap();
        channel.publish("e", &5).acked().await.unwrap();
        assert_eq!(message(next(&mut events).await).data, 5);
        client.close().await;
        assert!(matches!(client.status().current(), Status::Closed));
    });
}

#[test]
fn promise_54_a_closed_client_stays_closed_after_its_runtime() {
    let hub = Hub::builder().build();
    let client = settings(&hub).build().unwrap();
    let first = runtime();
    first.block_on(async { client.connect().await.unwrap() });
    drop(first);
    runtime().block_on(async {
        client.close().await;
        assert!(matches!(client.status().current(), Status::Closed));
        let error = client.connect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Closed);
    });
}

#[tokio::test(start_paused = true)]
async fn promise_54_a_panic_in_code_of_the_application_ends_no_wait_unheard() {
    let planned = Arc::new(AtomicBool::new(false));
    for place in ["provider", "provider's future", "connector", "clock"] {
        let world = world();
        let panics = Arc::clone(&planned);
        panics.store(true, SeqCst);
        let builder = match place {
            "provider" => world.builder().token_provider({
                let panics = Arc::clone(&panics);
                move |_| {
                    assert!(!panics.load(SeqCst), "as planned");
                    async { Ok::<_, std::io::Error>(Some(Token::new("a.b.c"))) }
                }
            }),
            "provider's future" => world.builder().token_provider({
                let panics = Arc::clone(&panics);
                move |_| {
                    let panics = Arc::clone(&panics);
                    async move {
                        assert!(!panics.load(SeqCst), "as planned");
                        Ok::<_, std::io::Error>(Some(Token::new("a.b.c")))
                    }
                }
            }),
            "connector" => {
                let (panics, hub) = (Arc::clone(&panics), world.hub.clone());
                world.builder().connector(move |_, _| {
                    assert!(!panics.load(SeqCst), "as planned");
                    let hub = hub.clone();
                    async move {
                        let (ours, theirs) = tokio::io::duplex(256 << 10);
                        tokio::spawn(async move { hub.serve(theirs).await });
                        Ok(Box::new(ours) as Box<dyn Io>)
                    }
                })
            }
            _ => world.builder().clock({
                let panics = Arc::clone(&panics);
                move || {
                    assert!(!panics.load(SeqCst), "as planned");
                    std::time::SystemTime::now()
                }
            }),
        };
        let client = builder.build().unwrap();
        let mut status = client.status();
        let channel = client.path("a").unwrap();
        let mut stream = channel.events::<Value>("e").attach().await.unwrap();
        if place != "clock" {
            let failed = status
                .wait_for(|it| matches!(it, Status::Waiting { .. }))
                .await;
            let failed = failed.unwrap();
            let kind = failed.cause().unwrap().kind();
            assert!(
                matches!(kind, ErrorKind::TokenProvider | ErrorKind::Connect),
                "{place}"
            );
        }
        panics.store(place == "clock", SeqCst);
        timeout(Duration::from_secs(60), stream.active())
            .await
            .expect("an end to the wait")
            .unwrap_or_else(|error| panic!("{place}: {error}"));
    }
}

//! Promises 2, 46, 47 and 52: many topics, many clients, and what is counted of it all.

use std::time::Duration;

use aerostack_emulator::realtime::{Direction, Event};
use aerostack_realtime::{ErrorKind, Item, Realtime};
use serde_json::json;
use tokio::time::Instant;

use crate::common::{PROJECT, message, next, world};

#[tokio::test(start_paused = true)]
async fn promise_02_a_thousand_topics_are_subscribed_within_a_quarter_of_a_second() {
    let world = world();
    let client = world.client();
    let mut streams = Vec::new();
    for n in 0..1_000 {
        let channel = client.path(&format!("room/{n}")).unwrap();
        streams.push(channel.all().attach().await.unwrap());
    }
    for stream in &mut streams {
        stream.active().await.unwrap();
    }
    world.hub.clear_transcript();
    world.hub.drop_all();
    client
        .status()
        .wait_for(|status| !status.is_connected())
        .await
        .unwrap();
    for stream in &mut streams {
        stream.active().await.unwrap();
    }
    let transcript = world.hub.transcript();
    let opened = transcript
        .iter()
        .find(|entry| matches!(entry.event, Event::Opened { .. }))
        .unwrap()
        .at;
    let last = transcript
        .iter()
        .filter(|entry| entry.direction == Direction::In)
        .rfind(|entry| entry.frame_type().as_deref() == Some("subscribe"))
        .unwrap()
        .at;
    assert!(
        last - opened <= Duration::from_millis(250),
        "{:?}",
        last - opened
    );
}

#[tokio::test(start_paused = true)]
async fn promise_46_what_happened_can_be_counted() {
    let world = world();
    let client = world.client();
    let channel = client.path("a").unwrap();
    let mut events = channel.events::<u32>("e").subscribe().await.unwrap();
    for n in 0..10 {
        channel.publish("e", &n).await.unwrap();
        message(next(&mut events).await);
    }
    world.hub.drop_all();
    client
        .status()
        .wait_for(|status| !status.is_connected())
        .await
        .unwrap();
    events.active().await.unwrap();
    tokio::time::sleep(Duration::from_secs(31)).await;
    world
        .hub
        .publish(&format!("a/{PROJECT}"), "e", &json!("not a number"));
    next(&mut events).await.unwrap();
    assert_eq!(
        next(&mut events).await.unwrap_err().kind(),
        ErrorKind::Decode
    );
    let counters = client.counters();
    let sent = world
        .hub
        .count(|entry| entry.direction == Direction::In && entry.text().is_some());
    assert_eq!(counters.frames_out, sent as u64);
    assert!(counters.bytes_in > counters.frames_in && counters.bytes_out > counters.frames_out);
    assert_eq!(
        (
            counters.dials,
            counters.connections,
            counters.reconnects,
            counters.resubscribes
        ),
        (2, 2, 1, 1)
    );
    assert_eq!(
        (counters.queued, counters.decode_errors, counters.dropped),
        (0, 1, 0)
    );
    assert!(counters.round_trip.is_some());
}

#[test]
fn promise_47_every_failure_to_build_has_a_kind() {
    let world = world();
    for (builder, kind) in [
        (
            world.builder().base_url("not a url"),
            ErrorKind::Configuration,
        ),
        (
            world.builder().base_url("ftp://h.test"),
            ErrorKind::Configuration,
        ),
        (
            world.builder().base_url("http://h.test"),
            ErrorKind::Configuration,
        ),
        (world.builder().project_id("a/b"), ErrorKind::Configuration),
        (world.builder().api_key("a b"), ErrorKind::InvalidCredential),
    ] {
        assert_eq!(builder.build().unwrap_err().kind(), kind);
    }
    let client = world.client();
    assert_eq!(
        client.channel("").unwrap_err().kind(),
        ErrorKind::InvalidName
    );
    assert_eq!(
        client.table("a/b").unwrap_err().kind(),
        ErrorKind::InvalidName
    );
}

#[tokio::test(start_paused = true)]
async fn promise_52_a_thousand_clients_come_back_spread_out_and_soon() {
    const CLIENTS: u64 = 1_000;
    let world = world();
    world
        .hub
        .configure(|switches| switches.transcript_entries = 0);
    let clients: Vec<Realtime> = (0..CLIENTS)
        .map(|n| world.builder().jitter_seed(n).build().unwrap())
        .collect();
    let mut streams = Vec::new();
    for client in &clients {
        streams.push(
            client
                .path("a")
                .unwrap()
                .events::<u32>("e")
                .subscribe()
                .await
                .unwrap(),
        );
    }
    let since = Instant::now();
    world.hub.deploy();
    for stream in &mut streams {
        assert!(matches!(stream.next().await, Some(Ok(Item::Gap(_)))));
        stream.active().await.unwrap();
    }
    assert!(since.elapsed() <= Duration::from_secs(35));
    let mut dials = world.dials().split_off(CLIENTS as usize);
    dials.sort();
    assert_eq!(dials.len(), CLIENTS as usize);
    let window = Duration::from_millis(100);
    let most = (0..dials.len())
        .map(|first| {
            dials[first..]
                .iter()
                .take_while(|dial| **dial - dials[first] < window)
                .count()
        })
        .max()
        .unwrap();
    assert!(most <= 150, "{most} of {CLIENTS} within {window:?}");
}

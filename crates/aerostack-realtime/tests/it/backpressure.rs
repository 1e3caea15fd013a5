//! Promises 19 to 22: consumers that are slow, stuck or gone.

use std::time::Duration;

use aerostack_realtime::{Backpressure, ErrorKind, Event, Item, Subscription};

use crate::{
    cases::cases,
    common::{PROJECT, World, message, next, ready, world},
};

fn flood(world: &World, path: &str, count: u32) {
    for n in 0..count {
        world.hub.publish(&format!("{path}/{PROJECT}"), "e", &n);
    }
}

fn split(items: Vec<Result<Item<Event<u32>>, aerostack_realtime::Error>>) -> (Vec<u32>, Vec<u64>) {
    let (mut data, mut lags) = (Vec::new(), Vec::new());
    for item in items {
        match item.unwrap() {
            Item::Message(event) => data.push(event.data),
            Item::Lagged(count) => lags.push(count),
            other => panic!("{other:?}"),
        }
    }
    (data, lags)
}

async fn subscribe(
    world: &World,
    policy: Backpressure,
) -> (aerostack_realtime::Realtime, Subscription<Event<u32>>) {
    let client = world.client();
    let channel = client.path("a").unwrap();
    let events = channel
        .events("e")
        .buffer(10)
        .backpressure(policy)
        .subscribe()
        .await
        .unwrap();
    (client, events)
}

#[tokio::test(start_paused = true)]
async fn promise_19_and_20_drops_are_bounded_counted_and_told_in_their_place() {
    for (policy, kept, lag_first) in [
        (Backpressure::DropOldest, 99_990..100_000, true),
        (Backpressure::DropNewest, 0..10, false),
    ] {
        let world = world();
        let (client, mut events) = subscribe(&world, policy).await;
        flood(&world, "a", 100_000);
        world.hub.drained().await;
        world.settle().await;
        let items = ready(&mut events).await;
        let lagged = |item: &Result<Item<_>, _>| matches!(item, Ok(Item::Lagged(_)));
        assert_eq!(lagged(&items[0]), lag_first);
        assert_eq!(lagged(items.last().unwrap()), !lag_first);
        let (data, lags) = split(items);
        assert_eq!(data, kept.collect::<Vec<_>>());
        assert_eq!(lags, [99_990]);
        assert_eq!(client.counters().dropped, 99_990);
    }
}

#[tokio::test(start_paused = true)]
async fn promise_19_block_loses_nothing() {
    let world = world();
    let (client, mut events) = subscribe(&world, Backpressure::Block).await;
    flood(&world, "a", 50_000);
    let mut seen = Vec::new();
    while seen.len() < 50_000 {
        seen.push(message(next(&mut events).await).data);
    }
    assert_eq!(seen, (0..50_000).collect::<Vec<_>>());
    assert_eq!(client.counters().dropped, 0);
}

#[tokio::test(start_paused = true)]
async fn promise_19_block_keeps_what_it_took_in_when_the_connection_is_lost() {
    let world = world();
    let (client, mut events) = subscribe(&world, Backpressure::Block).await;
    for round in 0..3 {
        flood(&world, "a", 30);
        world.settle().await;
        let taken = client.counters().frames_in;
        world.hub.drop_all();
        let mut status = client.status();
        // A blocked reader learns of the loss when it has to write.
        let lost = status.wait_for(|status| !status.is_connected());
        tokio::time::timeout(Duration::from_secs(3_600), lost)
            .await
            .unwrap();
        events.active().await.unwrap();
        let mut seen = Vec::new();
        while let Some(event) = next(&mut events).await.unwrap().message() {
            seen.push(event.data);
        }
        let length = u32::try_from(seen.len()).unwrap();
        assert_eq!(seen, (0..length).collect::<Vec<_>>());
        assert!(
            length >= 11,
            "round {round}: {length} of the frames up to {taken}"
        );
    }
    assert_eq!(client.counters().dropped, 0);
}

#[tokio::test(start_paused = true)]
async fn promise_19_a_blocked_reader_does_not_take_the_server_for_dead() {
    let world = world();
    let (client, mut events) = subscribe(&world, Backpressure::Block).await;
    flood(&world, "a", 100);
    tokio::time::sleep(Duration::from_secs(300)).await;
    assert!(client.status().current().is_connected());
    assert_eq!(world.dials().len(), 1);
    for n in 0..100 {
        assert_eq!(message(next(&mut events).await).data, n);
    }
}

#[tokio::test(start_paused = true)]
async fn promise_19_fail_ends_the_stream_with_what_it_held() {
    let world = world();
    let (_client, mut events) = subscribe(&world, Backpressure::Fail).await;
    flood(&world, "a", 100);
    world.hub.drained().await;
    world.settle().await;
    for n in 0..10 {
        assert_eq!(message(next(&mut events).await).data, n);
    }
    assert_eq!(
        next(&mut events).await.unwrap_err().kind(),
        ErrorKind::SlowConsumer
    );
    assert!(events.next().await.is_none());
}

#[tokio::test(start_paused = true)]
async fn promise_20_a_slow_reader_sees_at_most_one_lag_item_for_each_time_it_reads() {
    let world = world();
    world
        .hub
        .configure(|switches| switches.transcript_entries = 0);
    let (client, mut events) = subscribe(&world, Backpressure::DropOldest).await;
    let (mut total, mut lags, mut last) = (0_u64, 0, None);
    // Ten of a thousand are kept.
    let rounds = cases(20, "dropped messages", 99_000, 1_000_000).div_ceil(990);
    for round in 0..rounds {
        flood(&world, "a", 1_000);
        world.hub.drained().await;
        world.settle().await;
        let (data, missed) = split(ready(&mut events).await);
        assert_eq!(missed.len(), 1, "round {round}");
        lags += missed[0];
        total += data.len() as u64;
        last = data.last().copied();
    }
    assert_eq!((total + lags, last), (u64::from(rounds) * 1_000, Some(999)));
    assert_eq!(client.counters().dropped, lags);
    println!("promise 20: {lags} dropped, told by {rounds} lag items in {rounds} reads");
}

#[tokio::test(start_paused = true)]
async fn promise_21_a_stuck_stream_holds_up_neither_others_nor_the_heartbeat() {
    let world = world();
    let client = world.client();
    let stuck = client
        .path("a")
        .unwrap()
        .all()
        .buffer(1)
        .subscribe()
        .await
        .unwrap();
    let mut other = client
        .path("b")
        .unwrap()
        .events::<u32>("e")
        .subscribe()
        .await
        .unwrap();
    for n in 0..100 {
        flood(&world, "a", 100);
        world.hub.publish(&format!("b/{PROJECT}"), "e", &n);
        let since = tokio::time::Instant::now();
        assert_eq!(message(next(&mut other).await).data, n);
        assert!(since.elapsed() <= Duration::from_millis(50));
        tokio::time::sleep(Duration::from_secs(3)).await;
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(world.sent("ping").len(), 10);
    assert_eq!(world.dials().len(), 1);
    drop(stuck);
}

#[tokio::test(start_paused = true)]
async fn promise_22_a_consumer_that_panics_takes_nobody_with_it() {
    let world = world();
    let client = world.client();
    let channel = client.path("a").unwrap();
    let mut doomed = channel.events::<u32>("e").subscribe().await.unwrap();
    let mut other = channel.events::<u32>("e").subscribe().await.unwrap();
    let task = tokio::spawn(async move {
        let event = message(next(&mut doomed).await);
        panic!("on {}", event.data);
    });
    flood(&world, "a", 100);
    assert!(task.await.is_err());
    for n in 0..100 {
        assert_eq!(message(next(&mut other).await).data, n);
    }
    assert!(client.status().current().is_connected());
}

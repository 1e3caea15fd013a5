//! Promises 14 and 15: gaps and order.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use aerostack_realtime::{Backpressure, Gap, Item, Recovery, ResyncReason};
use futures_util::StreamExt;
use tokio::time::Instant;

use crate::common::{PROJECT, message, next, ready, world};

#[tokio::test(start_paused = true)]
async fn promise_14_every_interruption_is_one_gap_item_between_what_came_before_and_after() {
    let world = world();
    let client = world.client();
    let mut streams = Vec::new();
    for name in ["a", "b"] {
        let channel = client.path(name).unwrap();
        streams.push((name, channel.events::<u32>("e").subscribe().await.unwrap()));
        // A second stream of the channel gets its own.
        streams.push((name, channel.events::<u32>("e").subscribe().await.unwrap()));
    }
    for round in 0..20 {
        for name in ["a", "b"] {
            world.hub.publish(&format!("{name}/{PROJECT}"), "e", &round);
        }
        world.settle().await;
        world.hub.drop_all();
        // Several failed dials are one interruption.
        world
            .hub
            .refuse(aerostack_emulator::realtime::Refusal::status(500).times(3));
        client
            .status()
            .wait_for(|status| !status.is_connected())
            .await
            .unwrap();
        for (_, stream) in &mut streams {
            stream.active().await.unwrap();
        }
        tokio::time::sleep(Duration::from_secs(11)).await;
    }
    for (_, mut stream) in streams {
        for round in 0..20 {
            assert_eq!(message(next(&mut stream).await).data, round);
            match next(&mut stream).await.unwrap() {
                Item::Gap(Gap {
                    from,
                    to,
                    recovery,
                    recovered,
                    interruptions,
                    ..
                }) => {
                    assert!(from <= to);
                    assert_eq!(
                        (recovery, recovered, interruptions),
                        (Recovery::Unavailable, 0, 1)
                    );
                }
                other => panic!("{other:?}"),
            }
        }
        assert!(ready(&mut stream).await.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn promise_14_a_new_subscription_has_no_gap() {
    let world = world();
    let client = world.client();
    client.connect().await.unwrap();
    world.hub.drop_all();
    let mut late = client
        .path("a")
        .unwrap()
        .events::<u32>("e")
        .attach()
        .await
        .unwrap();
    late.active().await.unwrap();
    assert!(ready(&mut late).await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn promise_14_gaps_nobody_reads_do_not_pile_up() {
    let world = world();
    let client = world.client();
    let mut stream = client
        .path("a")
        .unwrap()
        .events::<u32>("e")
        .subscribe()
        .await
        .unwrap();
    for _ in 0..500 {
        world.hub.drop_all();
        client
            .status()
            .wait_for(|status| !status.is_connected())
            .await
            .unwrap();
        stream.active().await.unwrap();
    }
    let gaps: Vec<u32> = ready(&mut stream)
        .await
        .into_iter()
        .map(|item| match item.unwrap() {
            Item::Gap(gap) => gap.interruptions,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!(gaps.len() <= 64);
    assert_eq!(gaps.iter().sum::<u32>(), 500);
}

#[tokio::test(start_paused = true)]
async fn promise_15_messages_of_a_topic_keep_their_order_across_reconnects() {
    const MESSAGES: u32 = 50_000;
    let world = world();
    let client = world.client();
    let mut merged = futures_util::stream::SelectAll::new();
    for n in 0..8 {
        let stream = client
            .path(&format!("t{n}"))
            .unwrap()
            .events::<u32>("e")
            .backpressure(Backpressure::Block)
            .subscribe()
            .await
            .unwrap();
        merged.push(stream.map(move |item| (n, item)));
    }
    let publisher = tokio::spawn({
        let world = world.clone();
        async move {
            for n in 0..MESSAGES {
                world.hub.publish(&format!("t{}/{PROJECT}", n % 8), "e", &n);
                if n % 5_000 == 4_999 {
                    world.hub.drained().await;
                    world.settle().await;
                    world.hub.drop_all();
                    world
                        .hub
                        .wait_until(|hub| hub.subscribers(&format!("t7/{PROJECT}")) == 1)
                        .await;
                }
            }
        }
    });
    let mut last: HashMap<i32, u32> = HashMap::new();
    let (mut count, mut gaps) = (0, 0);
    while count < MESSAGES {
        let (topic, item) = next(&mut merged).await;
        match item.unwrap() {
            Item::Message(event) => {
                assert_eq!(event.data % 8, topic as u32);
                let before = last.insert(topic, event.data);
                assert!(before.is_none_or(|before| before < event.data));
                count += 1;
            }
            Item::Gap(_) => gaps += 1,
            other => panic!("{other:?}"),
        }
    }
    publisher.await.unwrap();
    assert!(gaps >= 8 * 9, "{gaps}");
}

#[tokio::test(start_paused = true)]
async fn promise_18_a_resync_runs_at_the_start_and_for_every_gap_before_anything_newer() {
    let world = world();
    let client = world.client();
    let stream = client
        .path("a")
        .unwrap()
        .events::<u32>("e")
        .subscribe()
        .await
        .unwrap();
    let log = Arc::new(Mutex::new(Vec::new()));
    let reasons = Arc::clone(&log);
    let mut stream = stream.resync(move |reason| {
        let log = Arc::clone(&reasons);
        async move {
            log.lock().unwrap().push(match reason {
                ResyncReason::Start => "start".to_owned(),
                ResyncReason::Gap(_) => "gap".to_owned(),
                other => format!("{other:?}"),
            });
            tokio::time::sleep(Duration::from_secs(3)).await;
            log.lock().unwrap().push("done".to_owned());
        }
    });
    for round in 0..3 {
        // Live while the snapshot is taken.
        world.hub.publish(&format!("a/{PROJECT}"), "e", &round);
        if round > 0 {
            assert!(matches!(next(&mut stream).await, Ok(Item::Gap(_))));
        }
        assert_eq!(message(next(&mut stream).await).data, round);
        log.lock().unwrap().push(round.to_string());
        world.hub.drop_all();
        client
            .status()
            .wait_for(|status| !status.is_connected())
            .await
            .unwrap();
        world
            .hub
            .wait_until(|hub| hub.subscribers(&format!("a/{PROJECT}")) == 1)
            .await;
    }
    let expected = ["start", "done", "0", "gap", "done", "1", "gap", "done", "2"];
    assert_eq!(*log.lock().unwrap(), expected);
}

/// Time as this machine's clock shows it, going with tokio's.
fn virtual_clock() -> impl Fn() -> SystemTime + Clone + Send + Sync + 'static {
    let (start, epoch) = (Instant::now(), SystemTime::UNIX_EPOCH);
    move || epoch + Duration::from_secs(1_000_000) + start.elapsed()
}

#[tokio::test(start_paused = true)]
async fn promise_56_a_gap_begins_no_later_than_the_first_message_lost() {
    for how in ["drop", "close", "mute", "sleep"] {
        for lost_after in [0, 7, 29, 31] {
            let world = world();
            let now = virtual_clock();
            let client = world.builder().clock(now.clone()).build().unwrap();
            let channel = client.path("a").unwrap();
            let mut events = channel.events::<u32>("e").subscribe().await.unwrap();
            let subscribed_at = now();
            tokio::time::sleep(Duration::from_secs(lost_after)).await;
            if how == "mute" {
                world.hub.mute(true);
            }
            if how == "sleep" {
                // The way is dead from here on, and the machine does not run for an hour.
                world.hub.mute(true);
                tokio::time::advance(Duration::from_secs(3_600)).await;
            }
            // A message of now is never seen.
            let first_lost = now();
            tokio::time::sleep(Duration::from_millis(500)).await;
            match how {
                "drop" => world.hub.drop_all(),
                "close" => world.hub.close_all(1001),
                _ => {
                    let mut status = client.status();
                    let lost = status.wait_for(|status| !status.is_connected());
                    lost.await.unwrap();
                    world.hub.mute(false);
                }
            }
            let Ok(Item::Gap(gap)) = next(&mut events).await else {
                panic!("no gap after {how}");
            };
            assert!(gap.from <= first_lost, "{how} {lost_after}: {gap:?}");
            assert!(gap.from <= gap.to);
            // And not much earlier: a heartbeat's interval, or when the subscription was asked for.
            let earliest = subscribed_at.max(first_lost - Duration::from_secs(3_700));
            assert!(
                gap.from + Duration::from_secs(45) >= earliest,
                "{how}: {gap:?}"
            );
        }
    }
}

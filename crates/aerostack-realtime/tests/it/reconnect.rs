//! Promises 1, 7 to 12 and 45: losing the connection and getting it back.

use std::{collections::HashSet, time::Duration};

use aerostack_emulator::realtime::Refusal;
use aerostack_realtime::{ErrorKind, Notice, Status};
use serde_json::json;

use crate::common::{World, message, next, ready, world};

type Lose = fn(&World);

/// Ways to lose a connection.
const LOSSES: [(&str, Lose); 5] = [
    ("drop", |world| world.hub.drop_all()),
    ("going away", |world| world.hub.close_all(1001)),
    ("normal close", |world| world.hub.close_all(1000)),
    ("deploy", |world| world.hub.deploy()),
    ("mute", |world| world.hub.mute(true)),
];

#[tokio::test(start_paused = true)]
async fn promise_01_every_live_subscription_is_on_the_wire_again_before_any_queued_publish() {
    for (what, lose) in LOSSES {
        let world = world();
        let client = world.client();
        let mut live = Vec::new();
        let mut released = Vec::new();
        for n in 0..1_000 {
            let channel = client.path(&format!("room/{n}")).unwrap();
            let subscription = channel.all().subscribe().await.unwrap();
            if n % 10 == 0 {
                released.push(subscription);
            } else {
                live.push((channel.topic(), subscription));
            }
        }
        world.hub.clear_transcript();
        let mut status = client.status();
        status.current();
        lose(&world);
        status
            .wait_for(|status| !status.is_connected())
            .await
            .unwrap();
        world.hub.mute(false);
        drop(released);
        client
            .path("other")
            .unwrap()
            .publish("queued", &1)
            .await
            .unwrap();
        for (_, subscription) in &mut live {
            subscription.active().await.unwrap();
        }
        world.settle().await;

        let subscribed = world.topics("subscribe");
        assert_eq!(subscribed.len(), 900, "{what}");
        let expected: HashSet<String> = live.iter().map(|(topic, _)| topic.clone()).collect();
        assert_eq!(subscribed.into_iter().collect::<HashSet<_>>(), expected);
        let order: Vec<_> = world
            .hub
            .transcript()
            .iter()
            .filter_map(|e| {
                (e.direction == aerostack_emulator::realtime::Direction::In)
                    .then(|| e.frame_type())
                    .flatten()
            })
            .filter(|kind| kind == "subscribe" || kind == "publish")
            .collect();
        assert_eq!(order.last().map(String::as_str), Some("publish"), "{what}");
        assert_eq!(order.iter().filter(|kind| *kind == "publish").count(), 1);
        assert!(world.topics("unsubscribe").is_empty(), "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn promise_08_a_server_that_accepts_and_closes_is_not_hammered() {
    let mut spans = Vec::new();
    for seed in 0..100 {
        let world = world();
        world.hub.accept_then_close(usize::MAX, Some(1011));
        let client = world.builder().jitter_seed(seed).build().unwrap();
        drop(client.path("a").unwrap().all().attach().await.unwrap());
        while world.dials().len() < 11 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        let dials = world.dials();
        spans.push(dials[10] - dials[1]);
    }
    spans.sort();
    assert!(spans[50] >= Duration::from_secs(30), "{:?}", spans[50]);
}

#[tokio::test(start_paused = true)]
async fn promise_08_a_stable_connection_starts_the_count_anew() {
    let world = world();
    let client = world.client();
    let mut events = client.path("a").unwrap().all().subscribe().await.unwrap();
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_secs(10)).await;
        let lost = tokio::time::Instant::now();
        world.hub.drop_all();
        next(&mut events).await.unwrap();
        assert!(lost.elapsed() < Duration::from_secs(1));
    }
}

#[tokio::test(start_paused = true)]
async fn promise_09_a_limit_of_k_attempts_is_exactly_k_dials() {
    for limit in [0, 1, 2, 5] {
        let world = world();
        world.hub.refuse(Refusal::status(500));
        let client = world.builder().max_attempts(limit).build().unwrap();
        let error = client.connect().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AttemptsExhausted);
        assert!(client.status().current().is_final());
        tokio::time::sleep(Duration::from_secs(600)).await;
        assert_eq!(world.dials().len(), limit as usize);
        let late = client
            .path("a")
            .unwrap()
            .all()
            .subscribe()
            .await
            .unwrap_err();
        assert_eq!(late.kind(), ErrorKind::AttemptsExhausted);
    }
}

#[tokio::test(start_paused = true)]
async fn promise_09_attempts_are_unlimited_by_default() {
    let world = world();
    world.hub.refuse(Refusal::status(500).times(200));
    let client = world.client();
    client.connect().await.unwrap();
    assert_eq!(world.dials().len(), 201);
}

#[tokio::test(start_paused = true)]
async fn promise_10_a_silent_server_is_noticed_within_interval_and_deadline() {
    let world = world();
    let client = world.client();
    client.connect().await.unwrap();
    let mut status = client.status();
    world.hub.mute(true);
    let since = tokio::time::Instant::now();
    let lost = status
        .wait_for(|status| !status.is_connected())
        .await
        .unwrap();
    assert_eq!(lost.cause().unwrap().kind(), ErrorKind::Unresponsive);
    assert!(since.elapsed() <= Duration::from_secs(40));
    assert!(since.elapsed() >= Duration::from_secs(10));
}

#[tokio::test(start_paused = true)]
async fn promise_10_any_frame_counts_as_life() {
    let world = world();
    let client = world.client();
    let mut events = client.path("a").unwrap().all().subscribe().await.unwrap();
    world
        .hub
        .withhold(aerostack_emulator::realtime::FrameKind::Pong, true);
    for n in 0..60 {
        tokio::time::sleep(Duration::from_secs(5)).await;
        world.hub.publish("a/b", "nobody", &n);
        world.hub.publish("room/a", "nobody", &n);
        world
            .hub
            .publish(&format!("a/{}", crate::common::PROJECT), "tick", &n);
        message(next(&mut events).await);
    }
    assert_eq!(world.dials().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn promise_10_a_deadline_longer_than_the_interval_still_ends() {
    let world = world();
    let client = world
        .builder()
        .heartbeat(Duration::from_secs(5), Duration::from_secs(12))
        .build()
        .unwrap();
    client.connect().await.unwrap();
    world.hub.mute(true);
    let since = tokio::time::Instant::now();
    client
        .status()
        .wait_for(|status| !status.is_connected())
        .await
        .unwrap();
    assert!(since.elapsed() <= Duration::from_secs(17));
}

#[tokio::test(start_paused = true)]
async fn promise_11_a_connect_takes_no_longer_than_its_limit() {
    let world = world();
    world.hub.refuse(Refusal::silence());
    let client = world.client();
    let mut notices = client.notices();
    drop(client.path("a").unwrap().all().attach().await.unwrap());
    let since = tokio::time::Instant::now();
    loop {
        if let Notice::Status(Status::Waiting { cause, .. }) = notices.next().await.unwrap() {
            assert_eq!(cause.kind(), ErrorKind::ConnectTimeout);
            break;
        }
    }
    assert_eq!(since.elapsed().as_secs(), 10);
}

#[tokio::test(start_paused = true)]
async fn promise_12_close_is_final_even_against_a_mute_server() {
    for by_close in [true, false] {
        for muted in [false, true] {
            let tasks = || {
                tokio::runtime::Handle::current()
                    .metrics()
                    .num_alive_tasks()
            };
            let before = tasks();
            let world = world();
            let client = world.client();
            let channel = client.path("a").unwrap();
            let mut events = channel.events::<i64>("e").subscribe().await.unwrap();
            let mut notices = client.notices();
            world.hub.mute(muted);
            let since = tokio::time::Instant::now();
            if by_close {
                client.close().await;
                assert!(since.elapsed() <= Duration::from_secs(1));
            } else {
                drop(channel);
                drop(client);
            }
            // A stream whose client was dropped says so; one whose client was closed ends.
            let told: Vec<_> = ready(&mut events)
                .await
                .into_iter()
                .map(|item| item.unwrap_err().kind())
                .collect();
            let expected: &[_] = if by_close { &[] } else { &[ErrorKind::Closed] };
            assert_eq!(told, expected);
            assert!(events.next().await.is_none());
            while notices.next().await.is_some() {}
            assert!(since.elapsed() <= Duration::from_secs(1));
            world.hub.clear_transcript();
            tokio::time::sleep(Duration::from_secs(60)).await;
            assert_eq!(world.dials().len(), 1);
            assert!(world.sent("ping").is_empty());
            world.hub.mute(false);
            drop(world);
            tokio::time::sleep(Duration::from_secs(1)).await;
            assert_eq!(tasks(), before, "close {by_close}, mute {muted}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn promise_12_a_closed_client_refuses_work_in_every_state() {
    for connected in [false, true] {
        let world = world();
        let client = world.client();
        if connected {
            client.connect().await.unwrap();
        }
        client.close().await;
        client.close().await;
        let channel = client.path("a").unwrap();
        for error in [
            channel.all().subscribe().await.map(drop).unwrap_err(),
            channel.publish("e", &1).await.unwrap_err(),
            channel.try_publish("e", &1).unwrap_err(),
            channel.publish_acked("e", &1).await.unwrap_err(),
            channel.track(&json!({})).await.unwrap_err(),
            client.connect().await.unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Closed);
        }
        assert_eq!(world.dials().len(), usize::from(connected));
    }
}

#[tokio::test(start_paused = true)]
async fn promise_45_the_states_of_an_outage_come_in_a_fixed_order() {
    let world = world();
    world.hub.refuse(Refusal::status(503).times(1));
    let client = world.client();
    let mut notices = client.notices();
    client.connect().await.unwrap();
    tokio::time::sleep(Duration::from_secs(11)).await;
    world.hub.close_all(1012);
    world.settle().await;
    client
        .status()
        .wait_for(Status::is_connected)
        .await
        .unwrap();
    client.close().await;
    let mut seen = Vec::new();
    while let Some(notice) = notices.next().await {
        if let Notice::Status(status) = notice {
            seen.push(match status {
                Status::Connecting { attempt } => format!("connecting {attempt}"),
                Status::Connected => "connected".to_owned(),
                Status::Waiting {
                    attempt,
                    delay,
                    cause,
                } => {
                    assert!(delay < Duration::from_secs(2));
                    format!(
                        "waiting for {attempt} after {:?} {:?}",
                        cause.kind(),
                        cause.close_code()
                    )
                }
                Status::Closed => "closed".to_owned(),
                other => format!("{other:?}"),
            });
        }
    }
    assert_eq!(
        seen,
        [
            "connecting 1",
            "waiting for 2 after Handshake None",
            "connecting 2",
            "connected",
            "waiting for 1 after Disconnected Some(1012)",
            "connecting 1",
            "connected",
            "closed",
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn close_codes_decide_how_soon_the_client_comes_back() {
    for (code, at_cap, kind) in [
        (1011, false, ErrorKind::Disconnected),
        (1013, true, ErrorKind::Disconnected),
        (1008, true, ErrorKind::Protocol),
        (1009, true, ErrorKind::Protocol),
        (4429, true, ErrorKind::RateLimited),
        (4000, false, ErrorKind::Disconnected),
    ] {
        let mut longest = Duration::ZERO;
        for seed in 0..20 {
            let world = world();
            let client = world.builder().jitter_seed(seed).build().unwrap();
            client.connect().await.unwrap();
            world.hub.close_all(code);
            let status = client
                .status()
                .wait_for(|status| !status.is_connected())
                .await
                .unwrap();
            let Status::Waiting { delay, cause, .. } = status else {
                panic!("{status:?}")
            };
            assert_eq!((cause.kind(), cause.close_code()), (kind, Some(code)));
            longest = longest.max(delay);
        }
        assert_eq!(
            longest > Duration::from_secs(1),
            at_cap,
            "{code}: {longest:?}"
        );
    }
}

/// A line that carries so many bytes a second each way, and says when it carried any.
fn slow_line(world: &crate::common::World, bytes: usize) -> aerostack_realtime::RealtimeBuilder {
    let hub = world.hub.clone();
    world.builder().connector(move |_, _| {
        let hub = hub.clone();
        async move {
            let (ours, line) = tokio::io::duplex(8 << 10);
            let (theirs, far) = tokio::io::duplex(8 << 10);
            tokio::spawn(async move { hub.serve(theirs).await });
            let (near_read, near_write) = tokio::io::split(line);
            let (far_read, far_write) = tokio::io::split(far);
            tokio::spawn(carry(far_read, near_write, bytes));
            tokio::spawn(carry(near_read, far_write, bytes));
            Ok(Box::new(ours) as Box<dyn aerostack_realtime::Io>)
        }
    })
}

async fn carry(
    mut from: impl tokio::io::AsyncRead + Unpin,
    mut to: impl tokio::io::AsyncWrite + Unpin,
    bytes: usize,
) {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let mut part = vec![0; bytes / 100];
    while let Ok(read @ 1..) = from.read(&mut part).await {
        tokio::time::sleep(Duration::from_millis(10)).await;
        if to.write_all(&part[..read]).await.is_err() {
            return;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn promise_60_a_long_message_on_a_slow_line_is_no_silence() {
    let world = world();
    let client = slow_line(&world, 100_000)
        .heartbeat(Duration::from_secs(3), Duration::from_secs(1))
        .build()
        .unwrap();
    let channel = client.path("a").unwrap();
    let mut events = channel.events::<String>("e").subscribe().await.unwrap();
    let long = "x".repeat(900_000);
    // In, which takes 9 s of the line.
    world.hub.publish(&channel.topic(), "e", &long);
    assert_eq!(message(next(&mut events).await).data.len(), long.len());
    // And out.
    channel
        .publish("other", &long)
        .acked()
        .timeout(Duration::from_secs(60))
        .await
        .unwrap();
    assert_eq!(client.counters().connections, 1);
    // While no byte at all is silence still.
    world.hub.mute(true);
    let since = tokio::time::Instant::now();
    let mut status = client.status();
    status
        .wait_for(|status| !status.is_connected())
        .await
        .unwrap();
    assert!(since.elapsed() <= Duration::from_secs(3 + 1 + 1));
}

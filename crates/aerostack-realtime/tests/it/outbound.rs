//! Promises 23 to 27: what is sent, and what callers learn about it.

use std::time::Duration;

use aerostack_emulator::realtime::{Acks, FrameKind, Refusal};
use aerostack_realtime::{Backpressure, ErrorKind, Status};
use serde_json::{Value, json};
use tokio::time::{Instant, timeout};

use crate::{
    cases::cases,
    common::{World, message, next, ready, world},
};

/// A client without a connection, and none to be had.
fn offline(world: &World) {
    world.hub.refuse(Refusal::status(500));
}

#[tokio::test(start_paused = true)]
async fn promise_23_a_full_queue_says_so_at_once_and_publish_waits() {
    let world = world();
    offline(&world);
    let client = world.builder().outgoing_queue(3, 10_000).build().unwrap();
    let channel = client.path("a").unwrap();
    for n in 0..3 {
        channel.try_publish("e", &n).unwrap();
    }
    assert_eq!(
        channel.try_publish("e", &3).unwrap_err().kind(),
        ErrorKind::QueueFull
    );
    assert!(
        timeout(Duration::from_secs(5), channel.publish("dropped", &3))
            .await
            .is_err()
    );
    let waiting = tokio::spawn(channel.publish("waited", &4).into_future());
    world.hub.clear_faults();
    waiting.await.unwrap().unwrap();
    world.settle().await;
    let events: Vec<_> = world
        .sent("publish")
        .into_iter()
        .map(|(_, frame)| frame["event"].clone())
        .collect();
    assert_eq!(events, ["e", "e", "e", "waited"]);
}

#[tokio::test(start_paused = true)]
async fn promise_23_bytes_are_bounded_as_well() {
    let world = world();
    offline(&world);
    let client = world
        .builder()
        .outgoing_queue(1_000, 2_000)
        .build()
        .unwrap();
    let channel = client.path("a").unwrap();
    let payload = "x".repeat(600);
    channel.try_publish("e", &payload).unwrap();
    channel.try_publish("e", &payload).unwrap();
    assert_eq!(
        channel.try_publish("e", &payload).unwrap_err().kind(),
        ErrorKind::QueueFull
    );
    assert_eq!(
        channel
            .try_publish("e", &"x".repeat(3_000))
            .unwrap_err()
            .kind(),
        ErrorKind::InvalidPayload
    );
    assert_eq!(client.counters().queued, 2);
}

#[tokio::test(start_paused = true)]
async fn promise_24_messages_expire_offline_and_their_callers_learn_it() {
    let world = world();
    offline(&world);
    let client = world.client();
    let channel = client.path("a").unwrap();
    let since = Instant::now();
    channel.publish("nobody waits", &1).await.unwrap();
    let (usual, short, long) = tokio::join!(
        async { (channel.publish("usual", &1).sent().await, since.elapsed()) },
        async {
            (
                channel
                    .publish("short", &1)
                    .expires_in(Duration::from_secs(2))
                    .acked()
                    .await,
                since.elapsed(),
            )
        },
        async {
            tokio::time::sleep(Duration::from_secs(40)).await;
            world.hub.clear_faults();
            channel
                .publish("long", &1)
                .expires_in(Duration::from_secs(90))
                .sent()
                .await
        },
    );
    assert_eq!(
        (usual.0.unwrap_err().kind(), usual.1.as_secs()),
        (ErrorKind::Expired, 30)
    );
    assert_eq!(
        (short.0.unwrap_err().kind(), short.1.as_secs()),
        (ErrorKind::Expired, 2)
    );
    long.unwrap();
    let sent: Vec<_> = world
        .sent("publish")
        .into_iter()
        .map(|(_, frame)| frame["event"].clone())
        .collect();
    assert_eq!(sent, ["long"]);
    assert_eq!(client.counters().expired, 3);
}

#[tokio::test(start_paused = true)]
async fn promise_24_only_if_connected_sends_nothing_later() {
    let world = world();
    let client = world.client();
    let channel = client.path("a").unwrap();
    let before = channel
        .publish("e", &1)
        .only_if_connected()
        .await
        .unwrap_err();
    assert_eq!(before.kind(), ErrorKind::NotConnected);
    client.connect().await.unwrap();
    channel
        .publish("e", &2)
        .only_if_connected()
        .sent()
        .await
        .unwrap();
    world.hub.drop_all();
    client
        .status()
        .wait_for(|status| !status.is_connected())
        .await
        .unwrap();
    let after = channel
        .publish("e", &3)
        .only_if_connected()
        .sent()
        .await
        .unwrap_err();
    assert_eq!(after.kind(), ErrorKind::NotConnected);
    client
        .status()
        .wait_for(Status::is_connected)
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(world.sent("publish").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn promise_25_publishing_from_the_loop_that_reads_never_deadlocks() {
    let rounds = cases(
        25,
        "rounds of echo with every queue at one",
        10_000,
        100_000,
    );
    for policy in [Backpressure::Block, Backpressure::DropOldest] {
        let world = world();
        world
            .hub
            .configure(|switches| switches.transcript_entries = 0);
        let client = world.builder().outgoing_queue(1, 10_000).build().unwrap();
        let channel = client.path("a").unwrap();
        let mut events = channel
            .events::<u32>("e")
            .buffer(1)
            .backpressure(policy)
            .subscribe()
            .await
            .unwrap();
        channel.publish("e", &0).await.unwrap();
        for round in 0..rounds {
            let event = message(next(&mut events).await);
            assert_eq!(event.data, round);
            channel.publish("e", &(round + 1)).await.unwrap();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn promise_25_a_flood_of_echoes_with_every_queue_at_one_goes_through() {
    const FLOOD: u32 = 5_000;
    let world = world();
    let client = world.builder().outgoing_queue(1, 10_000).build().unwrap();
    let channel = client.path("a").unwrap();
    let mut events = channel
        .events::<u32>("e")
        .buffer(1)
        .backpressure(Backpressure::Block)
        .subscribe()
        .await
        .unwrap();
    for n in 0..FLOOD {
        world.hub.publish("a/b", "e", &n);
        world
            .hub
            .publish(&format!("a/{}", crate::common::PROJECT), "e", &n);
    }
    for n in 0..FLOOD {
        assert_eq!(message(next(&mut events).await).data, n);
        channel.publish("answer", &n).await.unwrap();
    }
    world.settle().await;
    assert_eq!(world.sent("publish").len(), FLOOD as usize);
}

#[tokio::test(start_paused = true)]
async fn promise_26_acked_means_acknowledged() {
    for (acks, outcome) in [
        (Acks::WithId, None),
        (Acks::WithoutId, None),
        (Acks::Off, Some((ErrorKind::AckTimeout, 5))),
    ] {
        let world = world();
        world.hub.configure(|switches| switches.acks = acks);
        let client = world.client();
        let channel = client.path("a").unwrap();
        client.connect().await.unwrap();
        let since = Instant::now();
        let result = channel.publish_acked("e", &1).await;
        let told = result
            .err()
            .map(|error| (error.kind(), since.elapsed().as_secs()));
        assert_eq!(told, outcome, "{acks:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn promise_26_a_lost_connection_is_indeterminate_at_once() {
    let world = world();
    let client = world.client();
    let channel = client.path("a").unwrap();
    client.connect().await.unwrap();
    world.hub.withhold(FrameKind::Ack, true);
    let acked = tokio::spawn(channel.publish("e", &1).acked().into_future());
    world.settle().await;
    world.hub.drop_all();
    let since = Instant::now();
    assert_eq!(
        acked.await.unwrap().unwrap_err().kind(),
        ErrorKind::Indeterminate
    );
    assert!(since.elapsed() < Duration::from_millis(100));
    client
        .status()
        .wait_for(Status::is_connected)
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(world.sent("publish").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn promise_26_an_error_for_a_message_is_its_callers() {
    let world = world();
    world.hub.reject_topic("secret/room");
    let client = world.client();
    let error = client
        .path("secret/room")
        .unwrap()
        .publish_acked("e", &1)
        .await
        .unwrap_err();
    assert!(error.kind() == ErrorKind::Server, "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn promise_27_sent_again_under_the_same_id_the_effect_happens_once() {
    let world = world();
    world.hub.configure(|switches| switches.dedupe = true);
    let client = world.client();
    let channel = client.path("a").unwrap();
    client.connect().await.unwrap();
    world.hub.withhold(FrameKind::Ack, true);
    let acked = tokio::spawn(channel.publish("e", &1).acked().retry().into_future());
    world.settle().await;
    world.hub.withhold(FrameKind::Ack, false);
    world.hub.drop_all();
    acked.await.unwrap().unwrap();
    let ids: Vec<Value> = world
        .sent("publish")
        .into_iter()
        .map(|(_, frame)| frame["id"].clone())
        .collect();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids[0], ids[1]);
}

#[tokio::test(start_paused = true)]
async fn drain_sends_everything_and_then_closes() {
    let world = world();
    let client = world.client();
    let channel = client.path("a").unwrap();
    let mut events = channel.events::<u32>("e").subscribe().await.unwrap();
    world.hub.configure(|switches| switches.echo = false);
    for n in 0..1_000 {
        channel.try_publish("e", &n).unwrap();
    }
    client.drain(Duration::from_secs(5)).await.unwrap();
    assert_eq!(world.sent("publish").len(), 1_000);
    assert!(ready(&mut events).await.is_empty());
    assert!(client.status().current().is_final());
    assert_eq!(
        channel.try_publish("e", &1).unwrap_err().kind(),
        ErrorKind::Closed
    );
}

#[tokio::test(start_paused = true)]
async fn drain_gives_up_when_its_time_is_over() {
    let world = world();
    offline(&world);
    let client = world.client();
    let sent = tokio::spawn(client.path("a").unwrap().publish("e", &1).sent());
    world.settle().await;
    let error = client.drain(Duration::from_secs(3)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Expired);
    assert_eq!(sent.await.unwrap().unwrap_err().kind(), ErrorKind::Closed);
}

#[tokio::test(start_paused = true)]
async fn chat_goes_to_the_room_and_comes_back_as_a_line() {
    let world = world();
    let client = world.builder().user_id("usr_2").build().unwrap();
    let mut lines = client
        .chat_room("lobby")
        .unwrap()
        .messages()
        .subscribe()
        .await
        .unwrap();
    client
        .send_chat("lobby", "good morning")
        .metadata(&json!({"lang": "en"}))
        .await
        .unwrap();
    let line = message(next(&mut lines).await);
    assert_eq!(line.text, "good morning");
    assert_eq!(line.message.user_id().as_deref(), Some("usr_2"));
    let (_, frame) = world.sent("chat").pop().unwrap();
    assert_eq!(
        frame,
        json!({"type": "chat", "roomId": "lobby", "text": "good morning", "metadata": {"lang": "en"}})
    );
    let refused = client
        .send_chat("lobby", "x")
        .metadata(&[1])
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidPayload);
}

#[tokio::test(start_paused = true)]
async fn promise_57_what_a_program_asks_in_order_is_on_the_wire_in_order() {
    let world = world();
    let client = world.client();
    let channel = client.path("a").unwrap();
    let stream = channel.all().subscribe().await.unwrap();
    channel.track(&json!({})).await.unwrap();
    world.settle().await;
    world.hub.clear_transcript();
    channel.publish("bye", &1).await.unwrap();
    channel.untrack().await.unwrap();
    channel.publish("gone", &1).await.unwrap();
    drop(stream);
    channel.publish("after", &1).await.unwrap();
    world.settle().await;
    let sent: Vec<_> = world
        .hub
        .transcript()
        .iter()
        .filter(|entry| entry.direction == aerostack_emulator::realtime::Direction::In)
        .filter_map(|entry| entry.json::<Value>())
        .map(|frame| match frame["event"].as_str() {
            Some(event) => event.to_owned(),
            None => frame["type"].as_str().unwrap().to_owned(),
        })
        .collect();
    assert_eq!(sent, ["bye", "untrack", "gone", "unsubscribe", "after"]);
}

#[tokio::test(start_paused = true)]
async fn promise_62_one_timeout_covers_every_resend() {
    let world = world();
    world.hub.withhold(FrameKind::Ack, true);
    let client = world
        .builder()
        .backoff(Duration::from_millis(100), Duration::from_millis(300))
        .build()
        .unwrap();
    let channel = client.path("a").unwrap();
    client.connect().await.unwrap();
    let since = Instant::now();
    let acked = channel
        .publish("e", &1)
        .acked()
        .timeout(Duration::from_secs(5))
        .retry();
    let losses = tokio::spawn({
        let world = world.clone();
        async move {
            loop {
                tokio::time::sleep(Duration::from_secs(1)).await;
                world.hub.drop_all();
            }
        }
    });
    let error = acked.await.unwrap_err();
    losses.abort();
    let kind = error.kind();
    assert!(
        matches!(kind, ErrorKind::AckTimeout | ErrorKind::Indeterminate),
        "{error:?}"
    );
    assert!(since.elapsed() <= Duration::from_secs(5));
    // Once, and 3 times again.
    assert_eq!(world.sent("publish").len(), 4);
}

#[tokio::test(start_paused = true)]
async fn promise_62_nothing_is_sent_again_after_a_close_that_blames_what_was_sent() {
    for code in [1002, 1003, 1007, 1008, 1009] {
        for retry in [true, false] {
            let world = world();
            world.hub.withhold(FrameKind::Ack, true);
            let client = world.client();
            let channel = client.path("a").unwrap();
            client.connect().await.unwrap();
            let acked = channel.publish("e", &1).acked();
            let acked = if retry { acked.retry() } else { acked };
            let acked = tokio::spawn(acked.into_future());
            world.settle().await;
            world.hub.close_all(code);
            let error = acked.await.unwrap().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Indeterminate);
            assert_eq!(error.close_code(), Some(code));
            let source = std::error::Error::source(&error).unwrap();
            let loss = source.downcast_ref::<aerostack_realtime::Error>().unwrap();
            assert_eq!(loss.close_code(), Some(code));
            client.connect().await.unwrap();
            world.settle().await;
            assert_eq!(world.sent("publish").len(), 1, "{code}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn promise_26_an_acknowledgement_without_an_id_is_for_the_oldest_message_of_all() {
    let world = world();
    world
        .hub
        .configure(|switches| switches.acks = Acks::WithoutId);
    let client = world.builder().max_attempts(1).build().unwrap();
    let channel = client.path("a").unwrap();
    client.connect().await.unwrap();
    // The server takes this one, and says so while the next is waited for.
    world.hub.delay_kind(FrameKind::Ack, Duration::from_secs(1));
    channel.publish("plain", &1).await.unwrap();
    let acked = tokio::spawn(
        channel
            .publish("waited", &"x".repeat(2 << 20))
            .acked()
            .into_future(),
    );
    let error = acked.await.unwrap().unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::Indeterminate | ErrorKind::AckTimeout
        ),
        "{error:?}"
    );

    // And where all are taken, the right one counts.
    let world = crate::common::world();
    world
        .hub
        .configure(|switches| switches.acks = Acks::WithoutId);
    let client = world.client();
    let channel = client.path("a").unwrap();
    for n in 0..20 {
        channel.publish("plain", &n).await.unwrap();
        channel.publish("waited", &n).acked().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_that_nobody_waits_for_is_told_when_it_is_given_up() {
    let world = world();
    offline(&world);
    let client = world.client();
    let mut notices = client.notices();
    client.path("a").unwrap().publish("e", &1).await.unwrap();
    let error = loop {
        if let aerostack_realtime::Notice::MessageDropped(error) = next(&mut notices).await {
            break error;
        }
    };
    assert_eq!(error.kind(), ErrorKind::Expired);
}

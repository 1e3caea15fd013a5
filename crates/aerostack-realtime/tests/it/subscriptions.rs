//! Promises 3 to 6 and 44: what is subscribed, and who gets what.

use std::{collections::BTreeSet, time::Duration};

use aerostack_emulator::realtime::FrameKind;
use aerostack_realtime::{ErrorKind, Message, Notice, Subscription, SubscriptionState};
use proptest::prelude::*;

use crate::{
    cases::cases,
    common::{PROJECT, message, next, ready, world},
};

#[derive(Debug, Clone)]
enum Step {
    Subscribe(u8),
    Release(u8),
    Drop,
    Close,
    Wait(u16),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => (0u8..6).prop_map(Step::Subscribe),
        3 => (0u8..6).prop_map(Step::Release),
        1 => Just(Step::Drop),
        1 => Just(Step::Close),
        2 => (0u16..3_000).prop_map(Step::Wait),
    ];
    proptest::collection::vec(step, 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases(3, "random histories of subscriptions and losses", 512, 10_000)))]
    #[test]
    fn promise_03_the_wire_converges_to_what_is_wanted(steps in steps(), seed: u64) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let world = world();
            let client = world.builder().jitter_seed(seed).build().unwrap();
            let mut held: Vec<(u8, Subscription<Message>)> = Vec::new();
            for step in steps {
                match step {
                    Step::Subscribe(topic) => {
                        let channel = client.path(&format!("t/{topic}")).unwrap();
                        held.push((topic, channel.all().attach().await.unwrap()));
                    }
                    Step::Release(topic) => {
                        if let Some(at) = held.iter().position(|(held, _)| *held == topic) {
                            drop(held.remove(at));
                        }
                    }
                    Step::Drop => world.hub.drop_all(),
                    Step::Close => world.hub.close_all(1001),
                    Step::Wait(ms) => tokio::time::sleep(Duration::from_millis(ms.into())).await,
                }
            }
            client.connect().await.unwrap();
            tokio::time::sleep(Duration::from_secs(120)).await;
            let wanted: BTreeSet<String> = held.iter().map(|(topic, _)| format!("t/{topic}/{PROJECT}")).collect();
            let connections = world.hub.connections();
            prop_assert_eq!(connections.len(), 1);
            let wire: BTreeSet<String> = connections[0].topics.iter().cloned().collect();
            prop_assert_eq!(wire, wanted);
            for (_, subscription) in &held {
                prop_assert_eq!(subscription.state(), SubscriptionState::Active);
            }
            Ok(())
        })?;
    }
}

#[tokio::test(start_paused = true)]
async fn promise_04_a_subscription_is_active_only_once_the_server_says_so() {
    let world = world();
    world
        .hub
        .delay_kind(FrameKind::Subscribed, Duration::from_secs(7));
    let client = world.client();
    let mut subscription = client.path("a").unwrap().all().attach().await.unwrap();
    client.connect().await.unwrap();
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(subscription.state(), SubscriptionState::Pending);
    subscription.active().await.unwrap();
    assert_eq!(subscription.state(), SubscriptionState::Active);
}

#[tokio::test(start_paused = true)]
async fn promise_04_silence_is_one_retry_and_then_an_error() {
    let world = world();
    world.hub.withhold(FrameKind::Subscribed, true);
    let client = world.client();
    client.connect().await.unwrap();
    let mut notices = client.notices();
    let mut subscription = client.path("a").unwrap().all().attach().await.unwrap();
    let since = tokio::time::Instant::now();
    let topic = loop {
        if let Notice::SubscribeRetried { topic } = notices.next().await.unwrap() {
            break topic;
        }
    };
    assert_eq!(
        (since.elapsed().as_secs(), topic),
        (10, format!("a/{PROJECT}"))
    );
    let error = next(&mut subscription).await.unwrap_err();
    assert_eq!(
        (error.kind(), since.elapsed().as_secs()),
        (ErrorKind::SubscribeTimeout, 20)
    );
    assert!(matches!(subscription.state(), SubscriptionState::Failed(_)));
    assert_eq!(world.topics("subscribe").len(), 2);

    // The next connection asks again.
    world.hub.withhold(FrameKind::Subscribed, false);
    world.hub.drop_all();
    world.settle().await;
    subscription.active().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn promise_05_streams_of_one_channel_share_one_subscription() {
    let world = world();
    let client = world.client();
    let channel = client.channel("orders").unwrap();
    let first = channel.all().subscribe().await.unwrap();
    let mut second = client
        .topic(&format!("table/orders/{PROJECT}"))
        .unwrap()
        .all()
        .subscribe()
        .await
        .unwrap();
    assert_eq!(world.topics("subscribe").len(), 1);
    drop(first);
    world.settle().await;
    assert!(world.topics("unsubscribe").is_empty());
    world.hub.publish("orders", "still", &1);
    assert_eq!(
        message(next(&mut second).await).event().as_deref(),
        Some("still")
    );
    drop(second);
    world.settle().await;
    assert_eq!(
        world.topics("unsubscribe"),
        [format!("table/orders/{PROJECT}")]
    );
    // It can be had again.
    let mut again = channel.all().subscribe().await.unwrap();
    world.hub.publish("orders", "again", &1);
    message(next(&mut again).await);
}

#[tokio::test(start_paused = true)]
async fn promise_59_two_spellings_are_one_subscription_without_a_project_id_as_well() {
    for whole_first in [true, false] {
        let world = world();
        let client = world.bare().api_key(crate::common::KEY).build().unwrap();
        let names = ["orders".to_owned(), format!("table/orders/{PROJECT}")];
        let mut streams = Vec::new();
        for at in if whole_first { [1, 0] } else { [0, 1] } {
            let channel = match at {
                0 => client.channel(&names[0]).unwrap(),
                _ => client.topic(&names[1]).unwrap(),
            };
            streams.push(channel.all().attach().await.unwrap());
        }
        for stream in &mut streams {
            stream.active().await.unwrap();
        }
        drop(streams.remove(0));
        world.settle().await;
        assert!(world.topics("unsubscribe").is_empty());
        world.hub.publish(&names[1], "still", &1);
        message(next(&mut streams[0]).await);
        // After a loss, once; and both names are one from then on.
        world.hub.drop_all();
        client
            .status()
            .wait_for(|status| !status.is_connected())
            .await
            .unwrap();
        streams[0].active().await.unwrap();
        let again = client
            .topic(&names[1])
            .unwrap()
            .all()
            .subscribe()
            .await
            .unwrap();
        let connection = world.hub.connections()[0].id;
        let asked = world
            .sent("subscribe")
            .into_iter()
            .filter(|(on, _)| *on == connection);
        assert_eq!(asked.count(), 1);
        drop(again);
    }
}

#[tokio::test(start_paused = true)]
async fn promise_06_no_message_goes_to_a_channel_whose_name_begins_alike() {
    for names in [
        ["chat/room-1", "chat/room-10"],
        ["chat/room-10", "chat/room-1"],
    ] {
        for delayed in [false, true] {
            let world = world();
            if delayed {
                world.hub.reorder_next(FrameKind::Subscribed);
            }
            // Without a project id the short names go out, which is where a prefix could mislead.
            let client = world.bare().api_key(crate::common::KEY).build().unwrap();
            let mut streams = Vec::new();
            for name in names {
                let channel = client.path(name).unwrap();
                streams.push(
                    channel
                        .events::<u32>("e")
                        .buffer(100_000)
                        .attach()
                        .await
                        .unwrap(),
                );
            }
            for stream in &mut streams {
                stream.active().await.unwrap();
            }
            for n in 0..25_000 {
                for name in names {
                    world.hub.publish(name, "e", &n);
                }
                if n % 500 == 0 {
                    world.settle().await;
                }
            }
            for (name, stream) in names.iter().zip(&mut streams) {
                let items = ready(stream).await;
                assert_eq!(items.len(), 25_000);
                let topic = format!("{name}/{PROJECT}");
                assert!(
                    items
                        .into_iter()
                        .all(|item| message(item).message.topic() == topic)
                );
            }
            assert_eq!(client.project_id().as_deref(), Some(PROJECT));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn promise_44_an_error_reaches_the_subscription_it_names_or_the_notices() {
    let world = world();
    world.hub.reject_topic("secret/room");
    let client = world.client();
    let error = client
        .path("secret/room")
        .unwrap()
        .all()
        .subscribe()
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.code().is_some()),
        (ErrorKind::Server, true)
    );

    let mut events = client
        .path("a")
        .unwrap()
        .events::<u32>("e")
        .subscribe()
        .await
        .unwrap();
    let mut notices = client.notices();
    for n in 0..500 {
        let topic = if n % 2 == 0 {
            format!("a/{PROJECT}")
        } else {
            "nobody/here".to_owned()
        };
        let frame = format!(r#"{{"type":"error","topic":"{topic}","code":"E{n}","message":"no"}}"#);
        world
            .hub
            .send_raw(&aerostack_emulator::realtime::RawFrame::text(frame));
    }
    world
        .hub
        .send_raw(&aerostack_emulator::realtime::RawFrame::text(
            r#"{"type":"error"}"#,
        ));
    let mine: Vec<_> = ready(&mut events)
        .await
        .into_iter()
        .map(|item| item.unwrap_err().code().unwrap().to_owned())
        .collect();
    assert_eq!(
        mine,
        (0..500)
            .step_by(2)
            .map(|n| format!("E{n}"))
            .collect::<Vec<_>>()
    );
    let others = ready(&mut notices).await;
    assert_eq!(
        others
            .iter()
            .filter(|notice| matches!(notice, Notice::ServerError(_)))
            .count(),
        251
    );
    assert_eq!(client.counters().server_errors, 502);
}

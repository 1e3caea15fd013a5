//! Promises 35, 36 and 38: who is here.

use std::time::Duration;

use aerostack_emulator::realtime::PresenceEncoding;
use aerostack_realtime::{ErrorKind, Item, PresenceEvent, PresenceStream, Realtime, UserEvent};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::{PROJECT, World, message, next, ready, world};

async fn watch(world: &World) -> (Realtime, PresenceStream) {
    let client = world.client();
    let stream = client
        .path("desk/north")
        .unwrap()
        .presence()
        .subscribe()
        .await
        .unwrap();
    (client, stream)
}

/// States by connection.
type List = Vec<(String, Value)>;

/// The members as the hub has them and as the client has them.
fn both(world: &World, stream: &PresenceStream) -> (List, List) {
    let mut theirs: Vec<_> = world
        .hub
        .members(&format!("desk/north/{PROJECT}"))
        .into_iter()
        .map(|member| serde_json::to_value(&member).unwrap())
        .map(|member| {
            (
                member["connectionId"].as_str().unwrap().to_owned(),
                member["state"].clone(),
            )
        })
        .collect();
    let mut ours: Vec<_> = stream
        .members()
        .into_iter()
        .map(|member| {
            (
                member.connection_id().unwrap().to_owned(),
                member.decode().unwrap(),
            )
        })
        .collect();
    theirs.sort_by(|left, right| left.0.cmp(&right.0));
    ours.sort_by(|left, right| left.0.cmp(&right.0));
    (theirs, ours)
}

#[tokio::test(start_paused = true)]
async fn presence_is_a_snapshot_and_then_what_changes() {
    let world = world();
    let (_watching, mut stream) = watch(&world).await;
    assert_eq!(
        message(next(&mut stream).await),
        PresenceEvent::Snapshot(Vec::new())
    );
    let other = world.builder().user_id("ines").build().unwrap();
    other.connect().await.unwrap();
    let desk = other.path("desk/north").unwrap();
    desk.track(&json!({"idle": false})).await.unwrap();
    desk.track(&json!({"idle": true})).await.unwrap();
    desk.untrack().await.unwrap();
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(match message(next(&mut stream).await) {
            PresenceEvent::Joined(member) => ("joined", member),
            PresenceEvent::Updated(member) => ("updated", member),
            PresenceEvent::Left(member) => ("left", member),
            other => panic!("{other:?}"),
        });
    }
    let what: Vec<_> = seen
        .iter()
        .map(|(what, member)| (*what, member.user_id(), member.state()))
        .collect();
    assert_eq!(
        what[..2],
        [
            ("joined", Some("ines"), r#"{"idle":false}"#),
            ("updated", Some("ines"), r#"{"idle":true}"#)
        ]
    );
    assert_eq!(what[2].0, "left");
    let refused = desk.track(&"not an object").await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::InvalidPayload);
}

#[tokio::test(start_paused = true)]
async fn promise_35_tracked_state_is_shown_again_after_every_reconnect_until_untracked() {
    let world = world();
    let client = world.client();
    let desk = client.path("desk/north").unwrap();
    let mut events = desk.events::<u32>("e").subscribe().await.unwrap();
    desk.track(&json!({"n": 1})).await.unwrap();
    world.settle().await;
    for _ in 0..5 {
        world.hub.clear_transcript();
        world.hub.drop_all();
        client
            .status()
            .wait_for(|status| !status.is_connected())
            .await
            .unwrap();
        events.active().await.unwrap();
        world.settle().await;
        let order: Vec<_> = world
            .hub
            .transcript()
            .iter()
            .filter_map(|entry| entry.frame_type())
            .filter(|kind| kind == "subscribe" || kind == "track")
            .collect();
        assert_eq!(order, ["subscribe", "track"]);
        assert_eq!(world.hub.members(&desk.topic()).len(), 1);
    }
    desk.untrack().await.unwrap();
    world.settle().await;
    world.hub.clear_transcript();
    world.hub.drop_all();
    client
        .status()
        .wait_for(|status| !status.is_connected())
        .await
        .unwrap();
    events.active().await.unwrap();
    world.settle().await;
    assert!(world.sent("track").is_empty());
}

#[tokio::test(start_paused = true)]
async fn promise_38_an_unchanged_list_is_no_news_after_a_reconnect() {
    let world = world();
    let (_watching, mut stream) = watch(&world).await;
    let other = world.client();
    other
        .path("desk/north")
        .unwrap()
        .track(&json!({"n": 1}))
        .await
        .unwrap();
    world.settle().await;
    assert_eq!(ready(&mut stream).await.len(), 2);
    let watcher = world.hub.connections()[0].id;
    world.hub.drop_connection(watcher);
    tokio::time::sleep(Duration::from_secs(30)).await;
    stream.active().await.unwrap();
    let items = ready(&mut stream).await;
    assert!(matches!(items.as_slice(), [Ok(Item::Gap(_))]), "{items:?}");
    assert_eq!(stream.members().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_was_too_slow_goes_on_with_a_whole_snapshot() {
    let world = world();
    let client = world.client();
    let mut stream = client
        .path("desk/north")
        .unwrap()
        .presence()
        .buffer(2)
        .subscribe()
        .await
        .unwrap();
    let other = world.client();
    other.connect().await.unwrap();
    let desk = other.path("desk/north").unwrap();
    for n in 0..50 {
        desk.track(&json!({"n": n})).await.unwrap();
    }
    world.settle().await;
    let items = ready(&mut stream).await;
    let last = items
        .iter()
        .rposition(|item| matches!(item, Ok(Item::Message(PresenceEvent::Snapshot(_)))))
        .unwrap();
    assert!(matches!(items[last - 1], Ok(Item::Lagged(_))));
    assert_eq!(stream.members()[0].state(), r#"{"n":49}"#);
}

#[tokio::test(start_paused = true)]
async fn promise_37_a_user_with_three_connections_comes_once_and_leaves_with_the_last() {
    for (window, flickers) in [(0, true), (10, false)] {
        let world = world();
        let (_watching, stream) = watch(&world).await;
        let mut users = stream.by_user(Duration::from_secs(window));
        let mut connections = Vec::new();
        for _ in 0..3 {
            let client = world.builder().user_id("ines").build().unwrap();
            let desk = client.path("desk/north").unwrap();
            desk.track(&json!({})).await.unwrap();
            connections.push(desk);
        }
        drop(connections.split_off(1));
        tokio::time::sleep(Duration::from_secs(1)).await;
        let events = |items: Vec<Result<Item<UserEvent>, _>>| {
            items.into_iter().map(message).collect::<Vec<_>>()
        };
        assert_eq!(
            events(ready(&mut users).await),
            [UserEvent::Joined("ines".into())]
        );

        // Gone and back.
        let desk = connections.pop().unwrap();
        desk.untrack().await.unwrap();
        tokio::time::sleep(Duration::from_secs(2)).await;
        let gone = events(ready(&mut users).await);
        desk.track(&json!({})).await.unwrap();
        tokio::time::sleep(Duration::from_secs(60)).await;
        let back = events(ready(&mut users).await);
        assert_eq!(
            (gone.len(), back.len()),
            if flickers { (1, 1) } else { (0, 0) }
        );

        desk.untrack().await.unwrap();
        let left = message(next(&mut users).await);
        assert_eq!(left, UserEvent::Left("ines".into()));
        assert_eq!(users.users().count(), 0);
    }
}

#[derive(Debug, Clone)]
enum Step {
    Track(usize, u8),
    Untrack(usize),
    Drop(usize),
    DropAll,
    Wait,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn promise_36_members_equal_the_servers_after_anything(
        typed: bool,
        steps in proptest::collection::vec(prop_oneof![
            4 => (0usize..4, 0u8..3).prop_map(|(who, state)| Step::Track(who, state)),
            2 => (0usize..4).prop_map(Step::Untrack),
            1 => (0usize..5).prop_map(Step::Drop),
            1 => Just(Step::DropAll),
            1 => Just(Step::Wait),
        ], 1..30),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let world = world();
            let encoding = if typed { PresenceEncoding::Type } else { PresenceEncoding::Event };
            world.hub.configure(|switches| switches.presence_encoding = encoding);
            let (_watching, mut stream) = watch(&world).await;
            let clients: Vec<_> = (0..4).map(|n| world.builder().user_id(format!("u{}", n / 2)).jitter_seed(n).build().unwrap()).collect();
            let desks: Vec<_> = clients.iter().map(|client| client.path("desk/north").unwrap()).collect();
            for step in steps {
                match step {
                    Step::Track(who, state) => desks[who].track(&json!({"n": state})).await.unwrap(),
                    Step::Untrack(who) => desks[who].untrack().await.unwrap(),
                    Step::Drop(who) => if let Some(connection) = world.hub.connections().get(who) {
                        world.hub.drop_connection(connection.id);
                    },
                    Step::DropAll => world.hub.drop_all(),
                    Step::Wait => tokio::time::sleep(Duration::from_secs(2)).await,
                }
            }
            tokio::time::sleep(Duration::from_secs(120)).await;
            let (theirs, ours) = both(&world, &stream);
            prop_assert_eq!(&ours, &theirs);

            // What the stream told gives the same list.
            let mut replayed = std::collections::BTreeMap::new();
            for item in ready(&mut stream).await {
                let Item::Message(event) = item.unwrap() else { continue };
                let key = |member: &aerostack_realtime::Member| member.connection_id().unwrap().to_owned();
                match event {
                    PresenceEvent::Snapshot(members) => replayed = members.into_iter().map(|m| (key(&m), m)).collect(),
                    PresenceEvent::Joined(m) | PresenceEvent::Updated(m) => { replayed.insert(key(&m), m); }
                    PresenceEvent::Left(m) => { replayed.remove(&key(&m)); }
                    other => panic!("{other:?}"),
                }
            }
            let replayed: Vec<(String, Value)> = replayed.into_iter().map(|(key, m)| (key, m.decode().unwrap())).collect();
            prop_assert_eq!(replayed, theirs);
            Ok(())
        })?;
    }
}

#[tokio::test(start_paused = true)]
async fn promise_63_names_of_the_protocol_cannot_be_published_or_listened_to() {
    let world = world();
    let client = world.client();
    let channel = client.path("a").unwrap();
    for name in ["presence:join", "presence:ready"] {
        let published = channel.publish(name, &1).await.unwrap_err();
        assert_eq!(published.kind(), aerostack_realtime::ErrorKind::InvalidName);
        let listened = channel
            .events::<u32>(name)
            .attach()
            .await
            .map(drop)
            .unwrap_err();
        assert_eq!(listened.kind(), aerostack_realtime::ErrorKind::InvalidName);
    }
    // One that arrives and is none of presence's own is an event like any other.
    let mut all = channel.all().subscribe().await.unwrap();
    world.hub.publish(&channel.topic(), "presence:ready", &1);
    loop {
        let event = message(next(&mut all).await);
        if event.kind() != aerostack_realtime::MessageKind::Presence {
            assert_eq!(event.event().as_deref(), Some("presence:ready"));
            break;
        }
    }
}

//! What must hold whatever the platform does where nobody knows: under each form of presence, acknowledgement and echo.

use std::{collections::BTreeMap, fmt, future::Future, time::Duration};

use aerostack_emulator::realtime::{Acks, PresenceEncoding};
use aerostack_realtime::{Error, ErrorKind, Item, Realtime, Status};
use serde_json::{Value, json};

use crate::common::{PROJECT, World, message, next, ready, world};

/// One way the platform may be.
#[derive(Clone, Copy)]
struct Way {
    presence: PresenceEncoding,
    acks: Acks,
    echo: bool,
}

impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "presence {:?}, acks {:?}, echo {}",
            self.presence, self.acks, self.echo
        )
    }
}

fn ways() -> Vec<Way> {
    let mut ways = Vec::new();
    for presence in [PresenceEncoding::Event, PresenceEncoding::Type] {
        for acks in [Acks::WithId, Acks::WithoutId, Acks::Off] {
            for echo in [true, false] {
                ways.push(Way {
                    presence,
                    acks,
                    echo,
                });
            }
        }
    }
    ways
}

/// Runs a story in a world of its own for every way.
async fn under_each<F: Future<Output = ()>>(story: impl Fn(World, Way) -> F) {
    for way in ways() {
        let world = world();
        world.hub.configure(|switches| {
            switches.presence_encoding = way.presence;
            switches.acks = way.acks;
            switches.echo = way.echo;
        });
        story(world, way).await;
    }
}

/// Two clients of the world, both connected.
async fn pair(world: &World) -> (Realtime, Realtime) {
    let one = world.builder().user_id("ada").build().unwrap();
    let other = world
        .builder()
        .user_id("ines")
        .jitter_seed(8)
        .build()
        .unwrap();
    one.connect().await.unwrap();
    other.connect().await.unwrap();
    (one, other)
}

async fn lose(world: &World, clients: &[&Realtime]) {
    world.hub.drop_all();
    for client in clients {
        let mut status = client.status();
        status
            .wait_for(|status| !status.is_connected())
            .await
            .unwrap();
    }
    for client in clients {
        client
            .status()
            .wait_for(Status::is_connected)
            .await
            .unwrap();
    }
    world.settle().await;
}

/// Messages by their payload, gaps as `null`.
fn shown(items: Vec<Result<Item<aerostack_realtime::Event<Value>>, Error>>) -> Vec<Value> {
    items
        .into_iter()
        .map(|item| match item.unwrap() {
            Item::Message(event) => event.data,
            Item::Gap(_) => Value::Null,
            other => panic!("{other:?}"),
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn promise_01_and_14_subscriptions_come_back_with_one_gap_under_each_way() {
    under_each(|world, _| async move {
        let (client, _) = pair(&world).await;
        let mut streams = Vec::new();
        for name in ["a", "b"] {
            let channel = client.path(name).unwrap();
            streams.push((
                name,
                channel.events::<Value>("e").subscribe().await.unwrap(),
            ));
        }
        for round in 0..3 {
            for (name, stream) in &mut streams {
                world.hub.publish(&format!("{name}/{PROJECT}"), "e", &round);
                assert_eq!(shown(ready(stream).await), [json!(round)]);
            }
            lose(&world, &[&client]).await;
            for (_, stream) in &mut streams {
                stream.active().await.unwrap();
                assert_eq!(shown(ready(stream).await), [Value::Null]);
            }
            let topics = world
                .hub
                .connections()
                .into_iter()
                .map(|connection| connection.topics);
            assert_eq!(topics.flatten().count(), 2);
        }
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn promise_15_published_events_reach_others_in_order_under_each_way() {
    under_each(|world, way| async move {
        let (one, other) = pair(&world).await;
        let mut mine = one
            .path("a")
            .unwrap()
            .events("e")
            .subscribe()
            .await
            .unwrap();
        let mut theirs = other
            .path("a")
            .unwrap()
            .events("e")
            .subscribe()
            .await
            .unwrap();
        let channel = one.path("a").unwrap();
        for n in 0..20 {
            channel.publish("e", &n).await.unwrap();
        }
        channel.publish("e", &20).sent().await.unwrap();
        world.settle().await;
        let all: Vec<Value> = (0..=20).map(|n| json!(n)).collect();
        assert_eq!(shown(ready(&mut theirs).await), all);
        let own = if way.echo { all } else { Vec::new() };
        assert_eq!(shown(ready(&mut mine).await), own);
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn promise_26_acked_is_never_said_of_what_was_not_under_each_way() {
    under_each(|world, way| async move {
        let (one, other) = pair(&world).await;
        let mut theirs = other
            .path("a")
            .unwrap()
            .events::<Value>("e")
            .subscribe()
            .await
            .unwrap();
        let channel = one.path("a").unwrap();
        let sending = (0..5).map(|n| channel.publish("e", &n).acked().into_future());
        let results = futures_util::future::join_all(sending).await;
        for result in results {
            let kind = result.err().map(|error| error.kind());
            let expected = (way.acks == Acks::Off).then_some(ErrorKind::AckTimeout);
            assert_eq!(kind, expected, "{way}");
        }
        assert_eq!(ready(&mut theirs).await.len(), 5);

        // On a connection that is lost nothing is known, whatever the form of acknowledgement.
        world
            .hub
            .withhold(aerostack_emulator::realtime::FrameKind::Ack, true);
        let unknown = tokio::spawn(channel.publish("e", &5).acked().into_future());
        world.settle().await;
        lose(&world, &[&one]).await;
        assert_eq!(
            unknown.await.unwrap().unwrap_err().kind(),
            ErrorKind::Indeterminate,
            "{way}"
        );
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn promise_35_and_36_members_equal_the_servers_under_each_way() {
    under_each(|world, way| async move {
        let (one, other) = pair(&world).await;
        let desks = [one.path("desk").unwrap(), other.path("desk").unwrap()];
        let mut stream = desks[0].presence().subscribe().await.unwrap();
        let equal = |stream: &aerostack_realtime::PresenceStream| {
            let ours: BTreeMap<String, Value> = stream
                .members()
                .into_iter()
                .map(|member| {
                    (
                        member.connection_id().unwrap().to_owned(),
                        member.decode().unwrap(),
                    )
                })
                .collect();
            let theirs: BTreeMap<String, Value> = world
                .hub
                .members(&desks[0].topic())
                .into_iter()
                .map(|member| serde_json::to_value(member).unwrap())
                .map(|member| {
                    (
                        member["connectionId"].as_str().unwrap().to_owned(),
                        member["state"].clone(),
                    )
                })
                .collect();
            assert_eq!(ours, theirs, "{way}");
            ours.len()
        };
        for n in 0..2 {
            for desk in &desks {
                desk.track(&json!({ "n": n })).await.unwrap();
            }
            world.settle().await;
            assert_eq!(equal(&stream), 2);
        }
        lose(&world, &[&one, &other]).await;
        tokio::time::sleep(Duration::from_secs(60)).await;
        stream.active().await.unwrap();
        assert_eq!(equal(&stream), 2, "tracked again");
        desks[1].untrack().await.unwrap();
        world.settle().await;
        assert_eq!(equal(&stream), 1);
        assert!(!ready(&mut stream).await.is_empty());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn promise_01_and_24_what_waits_offline_is_sent_once_after_the_subscriptions_under_each_way()
{
    under_each(|world, way| async move {
        let (one, other) = pair(&world).await;
        let mut mine = one
            .path("a")
            .unwrap()
            .events("e")
            .subscribe()
            .await
            .unwrap();
        let mut theirs = other
            .path("a")
            .unwrap()
            .events("e")
            .subscribe()
            .await
            .unwrap();
        let first = world.hub.connections()[0].id;
        world.hub.drop_connection(first);
        let mut status = one.status();
        status
            .wait_for(|status| !status.is_connected())
            .await
            .unwrap();
        let channel = one.path("a").unwrap();
        for n in 0..3 {
            channel.publish("e", &n).await.unwrap();
        }
        tokio::time::sleep(Duration::from_secs(5)).await;
        let sent: Vec<Value> = (0..3).map(|n| json!(n)).collect();
        assert_eq!(shown(ready(&mut theirs).await), sent, "{way}");
        let mut own = vec![Value::Null];
        own.extend(sent.into_iter().filter(|_| way.echo));
        assert_eq!(shown(ready(&mut mine).await), own, "{way}");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn chat_reaches_the_room_under_each_way() {
    under_each(|world, way| async move {
        let (one, other) = pair(&world).await;
        let mut mine = one
            .chat_room("lobby")
            .unwrap()
            .messages()
            .subscribe()
            .await
            .unwrap();
        let mut theirs = other
            .chat_room("lobby")
            .unwrap()
            .messages()
            .subscribe()
            .await
            .unwrap();
        one.send_chat("lobby", "good morning").await.unwrap();
        let line = message(next(&mut theirs).await);
        assert_eq!(
            (line.text.as_str(), line.message.user_id().as_deref()),
            ("good morning", Some("ada"))
        );
        assert_eq!(ready(&mut mine).await.len(), usize::from(way.echo), "{way}");
        assert!(ready(&mut theirs).await.is_empty(), "{way}");
    })
    .await;
}

//! Every frame on the wire, both ways, is as `openapi/realtime.schema.json` says.

use std::time::Duration;

use aerostack_emulator::realtime::{Direction, Operation, PresenceEncoding, RawFrame};
use aerostack_realtime::ErrorKind;
use jsonschema::Validator;
use proptest::{collection::vec, prelude::*};
use serde_json::{Value, json};

use crate::{
    common::{PROJECT, ready, world},
    described::Described,
};

fn validator(definition: &str) -> Validator {
    let text = include_str!("../../../../openapi/realtime.schema.json");
    let mut schema: Value = serde_json::from_str(text).unwrap();
    let root = schema.as_object_mut().unwrap();
    root.remove("oneOf");
    root.insert("$ref".into(), json!(format!("#/definitions/{definition}")));
    jsonschema::validator_for(&schema).unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_frames_of_a_tour_fit_their_description() {
    let (client_frame, server_frame) = (validator("ClientFrame"), validator("ServerFrame"));
    for encoding in [PresenceEncoding::Event, PresenceEncoding::Type] {
        let world = world();
        world
            .hub
            .configure(|switches| switches.presence_encoding = encoding);
        world.hub.reject_topic("secret/room");
        let client = world
            .builder()
            .token("a.b.c")
            .user_id("usr_1")
            .build()
            .unwrap();
        let desk = client.path("desk/north").unwrap();
        let watched = desk.presence().subscribe().await.unwrap();
        let other = world.client();
        other.connect().await.unwrap();
        let theirs = other.path("desk/north").unwrap();
        theirs.track(&json!({"n": 1})).await.unwrap();
        theirs.track(&json!({"n": 2})).await.unwrap();
        let late = client
            .chat_room("lobby")
            .unwrap()
            .messages()
            .subscribe()
            .await
            .unwrap();
        theirs.untrack().await.unwrap();
        let orders = client.channel("orders").unwrap();
        let changes = orders
            .changes::<Value>()
            .filter("status", "due")
            .subscribe()
            .await
            .unwrap();
        for operation in [Operation::Insert, Operation::Update, Operation::Delete] {
            let old = serde_json::value::to_raw_value(&json!({"id": 1})).unwrap();
            let old = (operation != Operation::Insert).then_some(&*old);
            world
                .hub
                .change("orders", operation, &json!({"id": 1, "status": "due"}), old);
        }
        desk.publish("pin", &json!([1, null, "x"]))
            .persist()
            .acked()
            .await
            .unwrap();
        client
            .send_chat("lobby", "hello")
            .metadata(&json!({"lang": "en"}))
            .await
            .unwrap();
        client.set_token("d.e.f").unwrap();
        client
            .path("secret/room")
            .unwrap()
            .all()
            .subscribe()
            .await
            .unwrap_err();
        world
            .hub
            .publish(&format!("desk/north/{PROJECT}"), "server", &Value::Null);
        drop(changes);
        tokio::time::sleep(Duration::from_secs(31)).await;
        drop((watched, late));

        let mut kinds = std::collections::BTreeSet::new();
        for entry in world.hub.transcript() {
            let Some(frame) = entry.json::<Value>() else {
                continue;
            };
            let validator = match entry.direction {
                Direction::In => &client_frame,
                Direction::Out => &server_frame,
            };
            if let Err(error) = validator.validate(&frame) {
                panic!("{frame}: {error}");
            }
            kinds.insert(frame["type"].as_str().unwrap().to_owned());
        }
        for kind in [
            "subscribe",
            "unsubscribe",
            "publish",
            "track",
            "untrack",
            "auth",
            "chat",
            "ping",
            "subscribed",
            "ack",
            "pong",
            "db_change",
            "event",
            "chat_message",
            "error",
        ] {
            assert!(kinds.contains(kind), "{kind} in {kinds:?}");
        }
    }
}

#[test]
fn what_does_not_fit_is_told_apart() {
    let (client_frame, server_frame) = (validator("ClientFrame"), validator("ServerFrame"));
    for frame in [
        json!({"type": "subscribe"}),
        json!({"type": "subscribe", "topic": ""}),
        json!({"type": "publish", "topic": "a", "event": "e"}),
        json!({"type": "track", "topic": "a", "state": 1}),
        json!({"type": "ping", "more": 1}),
        json!({"type": "subscribed", "topic": "a"}),
    ] {
        assert!(!client_frame.is_valid(&frame), "{frame}");
    }
    for frame in [
        json!({"type": "db_change", "topic": "a", "operation": "insert", "data": {}}),
        json!({"type": "event", "topic": "a", "data": 1}),
        json!({"type": "presence:join", "topic": "a", "data": 1}),
        json!({"type": "ping"}),
    ] {
        assert!(!server_frame.is_valid(&frame), "{frame}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(64) })]
    #[test]
    fn promise_40_every_described_frame_reaches_whom_it_is_for(
        frames in vec(
            Described::new().choose("Topic", &["a/proj_local", "table/orders/proj_local"]).any_of("ServerFrame"),
            1..60,
        ),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
        runtime.block_on(async {
            let validator = validator("ServerFrame");
            let world = world();
            let client = world.client();
            let mut streams = [
                ("a/proj_local", client.path("a").unwrap().all().buffer(100).subscribe().await.unwrap()),
                ("table/orders/proj_local", client.channel("orders").unwrap().all().buffer(100).subscribe().await.unwrap()),
            ];
            for (_, stream) in &mut streams {
                ready(stream).await;
            }
            for (_, text) in &frames {
                prop_assert!(validator.is_valid(&serde_json::from_str(text).unwrap()), "{}", text);
                world.hub.send_raw(&RawFrame::text(text.as_str()));
            }
            for (topic, stream) in &mut streams {
                let of_topic = |text: &str| serde_json::from_str::<Value>(text).unwrap()["topic"] == *topic;
                let expected: Vec<&str> = frames
                    .iter()
                    .filter(|(definition, text)| match definition.as_str() {
                        "Subscribed" | "Ack" | "Pong" => false,
                        _ => of_topic(text),
                    })
                    .map(|(definition, text)| if definition == "Error" { "an error" } else { text.as_str() })
                    .collect();
                let found: Vec<String> = ready(stream)
                    .await
                    .into_iter()
                    .map(|item| match item {
                        Ok(item) => item.message().unwrap().raw().to_owned(),
                        Err(error) => {
                            assert_eq!(error.kind(), ErrorKind::Server);
                            "an error".to_owned()
                        }
                    })
                    .collect();
                prop_assert_eq!(found, expected);
            }
            let counters = client.counters();
            let errors = frames.iter().filter(|(definition, _)| definition == "Error").count();
            prop_assert_eq!(
                (counters.unknown_frames, counters.malformed_frames, counters.unrouted, counters.server_errors),
                (0, 0, 0, errors as u64)
            );
            prop_assert_eq!(world.dials().len(), 1);
            Ok(())
        })?;
    }
}

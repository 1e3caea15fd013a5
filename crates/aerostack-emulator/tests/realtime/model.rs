//! The hub against a model, over random frames of several clients.

use std::collections::{BTreeMap, BTreeSet};

use aerostack_emulator::realtime::{Hub, PresenceEncoding};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};

use crate::client::{Client, connect_as, hub};

const TOPICS: [&str; 2] = ["desk/north", "desk/northern"];
const CLIENTS: usize = 3;

#[derive(Clone, Debug)]
enum Step {
    Send(usize, &'static str, usize, u8),
    Drop(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let kind = prop_oneof![
        3 => Just("subscribe"),
        1 => Just("unsubscribe"),
        4 => Just("track"),
        2 => Just("untrack"),
    ];
    prop_oneof![
        9 => (0..CLIENTS, kind, 0..TOPICS.len(), 0..3_u8)
            .prop_map(|(client, kind, topic, state)| Step::Send(client, kind, topic, state)),
        1 => (0..CLIENTS).prop_map(Step::Drop),
    ]
}

/// What a client knows of the presence on each topic it is subscribed to, from frames alone.
type Known = BTreeMap<String, BTreeMap<String, Value>>;

fn learn(known: &mut Known, frame: &Value) {
    let event = frame["event"].as_str().or(frame["type"].as_str()).unwrap();
    let Some(event) = event.strip_prefix("presence:") else {
        return;
    };
    let topic = frame["topic"].as_str().unwrap().to_owned();
    let members = known.entry(topic).or_default();
    let id = |member: &Value| member["connectionId"].as_str().unwrap().to_owned();
    let data = &frame["data"];
    match event {
        "join" => assert!(members.insert(id(data), data.clone()).is_none(), "{frame}"),
        "update" => assert!(members.insert(id(data), data.clone()).is_some(), "{frame}"),
        "leave" => assert!(members.remove(&id(data)).is_some(), "{frame}"),
        "sync" => {
            let list = data["members"].as_array().unwrap();
            *members = list
                .iter()
                .map(|member| (id(member), member.clone()))
                .collect();
        }
        other => panic!("{other}"),
    }
}

fn present(hub: &Hub, topic: &str) -> BTreeMap<String, Value> {
    hub.members(topic)
        .iter()
        .map(|member| {
            (
                member.connection_id.clone(),
                serde_json::to_value(member).unwrap(),
            )
        })
        .collect()
}

struct Player {
    client: Client,
    known: Known,
    subscribed: BTreeSet<String>,
}

impl Player {
    async fn join(hub: &Hub, index: usize) -> Self {
        Self {
            client: connect_as(hub, &format!("u{}", index / 2)).await,
            known: Known::new(),
            subscribed: BTreeSet::new(),
        }
    }
}

async fn play(encoding: PresenceEncoding, steps: &[Step]) {
    let hub = hub();
    hub.configure(|switches| switches.presence_encoding = encoding);
    let mut players = Vec::new();
    for index in 0..CLIENTS {
        players.push(Player::join(&hub, index).await);
    }
    for step in steps {
        match *step {
            Step::Send(index, kind, topic, state) => {
                let player = &mut players[index];
                let topic = TOPICS[topic];
                let full = format!("{topic}/proj_local");
                player
                    .client
                    .send(json!({ "type": kind, "topic": topic, "state": { "n": state } }))
                    .await;
                player
                    .client
                    .pending()
                    .await
                    .iter()
                    .for_each(|frame| learn(&mut player.known, frame));
                match kind {
                    "subscribe" => drop(player.subscribed.insert(full)),
                    "unsubscribe" => {
                        player.subscribed.remove(&full);
                        player.known.remove(&full);
                    }
                    _ => {}
                }
            }
            Step::Drop(index) => {
                let count = hub.connections().len();
                players[index] = Player::join(&hub, index).await;
                hub.wait_until(|hub| hub.connections().len() == count).await;
            }
        }
        for player in &mut players {
            player
                .client
                .pending()
                .await
                .iter()
                .for_each(|frame| learn(&mut player.known, frame));
            for topic in &player.subscribed {
                assert_eq!(
                    player.known[topic],
                    present(&hub, topic),
                    "{topic} after {step:?}"
                );
            }
        }
        for topic in TOPICS {
            let full = format!("{topic}/proj_local");
            let expected = players
                .iter()
                .filter(|player| player.subscribed.contains(&full))
                .count();
            assert_eq!(hub.subscribers(topic), expected, "{topic} after {step:?}");
        }
    }
}

fn paused() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap()
}

fn runner(cases: u32) -> TestRunner {
    TestRunner::new(Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    })
}

#[test]
fn presence_frames_add_up_to_the_members() {
    for encoding in [PresenceEncoding::Event, PresenceEncoding::Type] {
        runner(100)
            .run(&prop::collection::vec(step(), 1..40), |steps| {
                paused().block_on(play(encoding, &steps));
                Ok(())
            })
            .unwrap();
    }
}

/// Frames that are valid, nearly valid, or nothing of the kind.
fn message() -> impl Strategy<Value = String> {
    let types = prop_oneof![
        "(subscribe|unsubscribe|publish|track|untrack|chat|ping)",
        "[a-z]{0,6}"
    ];
    let topic = prop_oneof!["[a-z/]{0,8}", "\\PC{0,4}", Just("a/b".to_owned())];
    let value = prop_oneof![
        Just(Value::Null),
        any::<f64>().prop_map(|number| json!(number)),
        Just(json!({ "a": [{}] })),
        Just(json!("text")),
        Just(json!(true)),
    ];
    let fields = prop::collection::btree_map(
        "(topic|event|data|persist|id|filter|state|roomId|text|metadata|more)",
        value,
        0..6,
    );
    let frame = (types, topic, fields).prop_map(|(r#type, topic, mut fields)| {
        fields.entry("topic".to_owned()).or_insert(json!(topic));
        fields.insert("type".to_owned(), json!(r#type));
        json!(fields).to_string()
    });
    let cut = (frame.clone(), any::<prop::sample::Index>()).prop_map(|(frame, at)| {
        let at = at.index(frame.len());
        frame.chars().take(at).collect()
    });
    prop_oneof![6 => frame, 1 => cut, 1 => "\\PC{0,12}"]
}

#[test]
fn no_frame_ends_a_connection() {
    runner(300)
        .run(&prop::collection::vec(message(), 1..30), |messages| {
            paused().block_on(async {
                let hub = hub();
                let mut client = connect_as(&hub, "ada").await;
                for message in &messages {
                    client.send_text(message).await;
                    for frame in client.pending().await {
                        assert!(frame["type"].is_string(), "{message}: {frame}");
                    }
                }
                assert_eq!(hub.connections().len(), 1);
            });
            Ok(())
        })
        .unwrap();
}

//! Presence: join, update, leave, and the list for newcomers.

use aerostack_emulator::realtime::{Hub, PresenceEncoding};
use serde_json::{Value, json};

use crate::client::{Client, connect_as, hub};

/// The name and the data of a presence frame, in either encoding.
fn presence(frame: &Value) -> (String, Value) {
    let name = if frame["type"] == "event" {
        &frame["event"]
    } else {
        &frame["type"]
    };
    assert_eq!(frame["topic"], "desk/north/proj_local");
    (name.as_str().unwrap().to_owned(), frame["data"].clone())
}

async fn seen(client: &mut Client) -> Vec<(String, Value)> {
    client.pending().await.iter().map(presence).collect()
}

async fn at_the_desk(hub: &Hub, user: &str) -> Client {
    let mut client = connect_as(hub, user).await;
    client.subscribe("desk/north").await;
    client
}

#[tokio::test(start_paused = true)]
async fn subscribers_hear_of_everybody_who_comes_changes_and_goes() {
    for encoding in [PresenceEncoding::Event, PresenceEncoding::Type] {
        let hub = hub();
        hub.configure(|switches| switches.presence_encoding = encoding);
        let mut ada = at_the_desk(&hub, "ada").await;
        let mut bob = at_the_desk(&hub, "bob").await;
        let id = hub.connections()[1].presence_id.clone();
        let member = |state: Value| json!({ "connectionId": id, "userId": "bob", "state": state });
        let steps = [
            (
                json!({ "type": "track", "topic": "desk/north", "state": { "idle": false } }),
                "presence:join",
                member(json!({ "idle": false })),
            ),
            (
                json!({ "type": "track", "topic": "desk/north", "state": { "idle": true } }),
                "presence:update",
                member(json!({ "idle": true })),
            ),
            (
                json!({ "type": "untrack", "topic": "desk/north" }),
                "presence:leave",
                member(json!({ "idle": true })),
            ),
        ];
        for (frame, name, data) in steps {
            bob.send(frame).await;
            assert_eq!(
                seen(&mut bob).await,
                [(name.to_owned(), data.clone())],
                "{encoding:?}"
            );
            assert_eq!(
                seen(&mut ada).await,
                [(name.to_owned(), data)],
                "{encoding:?}"
            );
        }
        assert!(hub.members("desk/north").is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn presence_ends_with_the_subscription_and_with_the_connection() {
    let hub = hub();
    let mut ada = at_the_desk(&hub, "ada").await;
    for ending in ["unsubscribe", "close", "cut"] {
        let mut bob = at_the_desk(&hub, "bob").await;
        bob.send(json!({ "type": "track", "topic": "desk/north", "state": {} }))
            .await;
        bob.pending().await;
        match ending {
            "unsubscribe" => {
                bob.send(json!({ "type": "unsubscribe", "topic": "desk/north" }))
                    .await
            }
            "close" => hub.close_connection(hub.connections()[1].id, 1000),
            _ => drop(bob),
        }
        hub.wait_until(|hub| hub.members("desk/north").is_empty())
            .await;
        let names: Vec<_> = seen(&mut ada)
            .await
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        assert_eq!(names, ["presence:join", "presence:leave"], "{ending}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_newcomer_gets_the_list_even_when_it_is_empty() {
    let hub = hub();
    let mut ada = connect_as(&hub, "ada").await;
    ada.send(json!({ "type": "subscribe", "topic": "desk/north" }))
        .await;
    let frames = ada.pending().await;
    assert_eq!(
        presence(&frames[1]),
        ("presence:sync".to_owned(), json!({ "members": [] }))
    );
    ada.send(json!({ "type": "track", "topic": "desk/north", "state": { "n": 1 } }))
        .await;
    ada.pending().await;
    let mut bob = connect_as(&hub, "bob").await;
    bob.send(json!({ "type": "subscribe", "topic": "desk/north" }))
        .await;
    let frames = bob.pending().await;
    assert_eq!(frames[0]["type"], "subscribed");
    let (name, data) = presence(&frames[1]);
    let members = serde_json::to_value(hub.members("desk/north")).unwrap();
    assert_eq!(
        (name.as_str(), &data["members"]),
        ("presence:sync", &members)
    );
    assert_eq!(members[0]["state"], json!({ "n": 1 }));
}

#[tokio::test(start_paused = true)]
async fn a_table_has_no_list_until_somebody_is_present_there() {
    let hub = hub();
    let mut ada = connect_as(&hub, "ada").await;
    let subscribe = json!({ "type": "subscribe", "topic": "orders" });
    ada.send(subscribe.clone()).await;
    assert_eq!(ada.pending().await.len(), 1);
    ada.send(json!({ "type": "track", "topic": "orders", "state": {} }))
        .await;
    ada.send(json!({ "type": "untrack", "topic": "orders" }))
        .await;
    ada.pending().await;
    ada.send(subscribe).await;
    assert_eq!(ada.pending().await.len(), 2);
}

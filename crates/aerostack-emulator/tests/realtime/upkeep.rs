//! What a hub keeps, and what it lets go of.

use serde_json::json;

use crate::client::{connect, connect_as, hub};

#[tokio::test(start_paused = true)]
async fn connections_that_ended_leave_nothing_behind() {
    let hub = hub();
    let tasks = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let before = tasks();
    for n in 0..300 {
        let mut client = connect_as(&hub, "ada").await;
        client.subscribe("orders").await;
        client
            .send(json!({ "type": "track", "topic": "desk/north", "state": {} }))
            .await;
        client.pending().await;
        match n % 3 {
            0 => drop(client),
            1 => {
                hub.drop_all();
                client.closed().await;
            }
            _ => {
                hub.deploy();
                client.closed().await;
            }
        }
        hub.wait_until(|hub| hub.connections().is_empty()).await;
    }
    // The transport's own tasks end a few turns after the connection.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(tasks(), before);
    assert_eq!(
        (hub.subscribers("orders"), hub.members("desk/north").len()),
        (0, 0)
    );
}

#[tokio::test(start_paused = true)]
async fn the_transcript_keeps_the_latest_entries_in_order() {
    let hub = hub();
    hub.configure(|switches| switches.transcript_entries = 10);
    let mut client = connect(&hub).await;
    client.subscribe("a/b").await;
    let seen = hub.transcript().len() as u64 + hub.discarded();
    for n in 0..50 {
        hub.publish("a/b", "e", &n);
    }
    hub.drained().await;
    let kept: Vec<i64> = hub
        .transcript()
        .iter()
        .filter_map(|entry| entry.json::<serde_json::Value>()?["data"].as_i64())
        .collect();
    assert_eq!(kept, (40..50).collect::<Vec<_>>());
    assert_eq!(hub.discarded(), seen + 40);
    let times: Vec<_> = hub.transcript().iter().map(|entry| entry.at).collect();
    assert!(times.is_sorted(), "{times:?}");
    hub.clear_transcript();
    assert_eq!((hub.transcript().len(), hub.discarded()), (0, 0));
}

#[tokio::test(start_paused = true)]
async fn a_connection_subscribes_as_many_topics_as_it_may() {
    let hub = hub();
    hub.configure(|switches| switches.max_subscriptions = Some(2));
    let mut client = connect(&hub).await;
    client.subscribe("a/b").await;
    client.subscribe("c/d").await;
    client.subscribe("a/b").await;
    client
        .send(json!({ "type": "subscribe", "topic": "e/f" }))
        .await;
    let error = client.frame().await;
    assert_eq!(
        (&error["code"], &error["topic"]),
        (&json!("LIMIT_EXCEEDED"), &json!("e/f/proj_local"))
    );
    client
        .send(json!({ "type": "unsubscribe", "topic": "a/b" }))
        .await;
    client.subscribe("e/f").await;
}

//! Realtime through the client.

use aerostack::realtime::{Item, Operation};
use futures_util::TryStreamExt;
use serde::Deserialize;

use crate::support::start;

#[derive(Debug, PartialEq, Deserialize)]
struct User {
    id: i64,
    email: String,
}

#[tokio::test]
async fn a_row_written_over_http_arrives_over_the_socket() {
    let (_emulator, client) = start().await;
    let realtime = client.realtime().unwrap();
    let mut changes = realtime
        .channel("users")
        .unwrap()
        .changes::<User>()
        .on(Operation::Insert)
        .subscribe()
        .await
        .unwrap();
    client
        .db()
        .execute("INSERT INTO users (id, email) VALUES (9007199254740993, 'ines@example.com')")
        .await
        .unwrap();
    let Some(Item::Message(change)) = changes.try_next().await.unwrap() else {
        panic!("no change came");
    };
    assert_eq!(
        change.new,
        Some(User {
            id: 9_007_199_254_740_993,
            email: "ines@example.com".into()
        })
    );
    client.realtime().unwrap().close().await;
    assert!(
        changes.try_next().await.unwrap().is_none(),
        "one connection for all"
    );
}

#[tokio::test]
async fn what_was_persisted_is_in_the_history() {
    let (_emulator, client) = start().await;
    let channel = client.realtime().unwrap().path("desk/north").unwrap();
    channel
        .publish("pin-moved", &serde_json::json!({"x": 4}))
        .persist()
        .acked()
        .await
        .unwrap();
    let messages = channel.history().collect(50).await.unwrap();
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].event.as_deref(), Some("pin-moved"));
}

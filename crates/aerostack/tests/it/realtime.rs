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

#[tokio::test]
async fn handlers_get_the_messages_of_their_kind_until_they_are_stopped() {
    let (_emulator, client) = start().await;
    let channel = client.realtime().unwrap().channel("users").unwrap();
    let (sender, mut heard) = tokio::sync::mpsc::unbounded_channel();
    let mut listeners = Vec::new();
    for event in ["INSERT", "DELETE", "note", "*"] {
        let sender = sender.clone();
        let listener = channel.on(event, move |message| {
            let what = match message.operation() {
                Some(operation) => operation.to_string(),
                None => message.event().unwrap_or_default().into_owned(),
            };
            let _ = sender.send(format!("{event}: {what}"));
        });
        listeners.push(listener.unwrap());
    }
    let last = listeners.pop().unwrap();
    for listener in listeners {
        listener.active().await.unwrap();
    }
    let all = channel.on("*", |_| {}).unwrap();
    all.active().await.unwrap();
    let db = client.db();
    db.execute("INSERT INTO users (email) VALUES ('a')")
        .await
        .unwrap();
    db.execute("UPDATE users SET email = 'b'").await.unwrap();
    db.execute("DELETE FROM users").await.unwrap();
    channel.publish("note", &1).acked().await.unwrap();
    channel.publish("other", &1).acked().await.unwrap();

    let mut got = std::collections::BTreeSet::new();
    while got.len() < 8 {
        let next = tokio::time::timeout(std::time::Duration::from_secs(20), heard.recv()).await;
        got.insert(next.unwrap().unwrap());
    }
    let expected = [
        "*: DELETE",
        "*: INSERT",
        "*: UPDATE",
        "*: note",
        "*: other",
        "DELETE: DELETE",
        "INSERT: INSERT",
        "note: note",
    ];
    assert_eq!(got, expected.map(str::to_owned).into());

    last.stop();
    drop(sender);
    client.realtime().unwrap().close().await;
    while heard.recv().await.is_some() {}
}

#[test]
fn a_handler_outside_of_a_runtime_is_a_typed_error() {
    let client = aerostack::realtime::Realtime::builder()
        .project_id("p")
        .build()
        .unwrap();
    let error = client.channel("a").unwrap().on("*", |_| {}).unwrap_err();
    assert_eq!(error.kind(), aerostack::realtime::ErrorKind::Configuration);
}

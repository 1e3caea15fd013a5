//! Collections.

use aerostack::ErrorKind;
use aerostack_emulator::{Emulator, Fault};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::support::{start, start_with};

#[derive(Debug, Deserialize, PartialEq)]
struct Note {
    id: String,
    title: String,
}

fn answer(emulator: &Emulator, operation: &'static str, status: u16, body: &str) {
    emulator.fault(
        Fault::answer(status, "application/json", body)
            .on(operation)
            .times(1),
    );
}

#[tokio::test]
async fn names_ids_and_queries_travel_encoded() {
    let (emulator, client) = start().await;
    answer(&emulator, "collectionsListItems", 200, "[]");
    answer(
        &emulator,
        "collectionsDeleteItem",
        200,
        r#"{"success":true}"#,
    );
    let notes = client.collection("field notes");
    let found: Vec<Note> = notes
        .list()
        .query("tag", "a&b")
        .query("limit", "2")
        .await
        .unwrap();
    assert!(found.is_empty());
    notes.delete("a/b?c#d").await.unwrap();
    let received = emulator.received();
    assert_eq!(received[0].path, "/v1/collections/field%20notes/items");
    assert_eq!(received[0].query.as_deref(), Some("limit=2&tag=a%26b"));
    assert_eq!(received[1].path, "/v1/collections/items/a%2Fb%3Fc%23d");
}

#[tokio::test]
async fn only_the_platforms_own_404_is_no_item() {
    let (emulator, client) = start().await;
    let notes = client.collection("notes");
    answer(
        &emulator,
        "collectionsGetItem",
        404,
        r#"{"code":"NOT_FOUND","message":"none"}"#,
    );
    assert_eq!(notes.get::<Note>("n1").await.unwrap(), None);
    emulator.fault(Fault::html(404).on("collectionsGetItem").times(1));
    let error = notes.get::<Note>("n1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn an_item_that_does_not_fit_is_named() {
    let (emulator, client) = start().await;
    let body = r#"[{"id":"n1","title":"a"},{"id":"n2","title":7}]"#;
    answer(&emulator, "collectionsListItems", 200, body);
    let error = client.collection("notes").list::<Note>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("item[1].title"), "{error}");
}

#[tokio::test]
async fn what_is_no_item_is_not_sent() {
    let (emulator, client) = start().await;
    let notes = client.collection("notes");
    for error in [
        notes.create::<Value>(&[1]).await.unwrap_err(),
        notes.create::<Value>("text").await.unwrap_err(),
        notes.update("n1", &1).await.unwrap_err(),
        notes.update("..", &json!({})).await.unwrap_err(),
        notes.get::<Value>("").await.unwrap_err(),
        notes.delete(".").await.unwrap_err(),
        client.collection("").list::<Value>().await.unwrap_err(),
        client
            .collection("..")
            .create::<Value>(&json!({}))
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    assert!(emulator.received().is_empty());
}

#[tokio::test]
async fn an_item_is_created_read_changed_listed_and_deleted() {
    let platform = Emulator::builder().collection("notes");
    let (_emulator, client) = start_with(platform).await;
    let notes = client.collection("notes");
    let note: Note = notes
        .create(&json!({"title": "Tides", "tag": "sea"}))
        .await
        .unwrap();
    assert_eq!(note.title, "Tides");
    let other: Note = notes
        .create(&json!({"title": "Trains", "tag": "land"}))
        .await
        .unwrap();
    assert_eq!(notes.get(&note.id).await.unwrap(), Some(note));
    let sea: Vec<Note> = notes.list().query("tag", "sea").await.unwrap();
    assert_eq!(sea.len(), 1);
    let changed = json!({"title": "Timetables", "tag": "land"});
    notes.update(&other.id, &changed).await.unwrap();
    let read: Note = notes.get(&other.id).await.unwrap().unwrap();
    assert_eq!(read.title, "Timetables");
    notes.delete(&other.id).await.unwrap();
    assert_eq!(notes.get::<Note>(&other.id).await.unwrap(), None);
    assert_eq!(notes.list::<Note>().await.unwrap().len(), 1);

    for error in [
        notes.delete(&other.id).await.unwrap_err(),
        notes.update(&other.id, &changed).await.unwrap_err(),
        client
            .collection("no-such")
            .list::<Note>()
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }
}

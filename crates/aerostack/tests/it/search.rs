//! Texts found by meaning.

use aerostack::{ErrorKind, search::EmbeddingModel};
use aerostack_emulator::{Emulator, Fault};
use serde_json::{Value, json};

use crate::support::start;

fn answer(emulator: &Emulator, operation: &'static str, body: &Value) {
    let fault = Fault::answer(200, "application/json", body.to_string());
    emulator.fault(fault.on(operation).times(1));
}

#[tokio::test]
async fn requests_hold_what_was_set_and_nothing_else() {
    let (emulator, client) = start().await;
    let search = client.search();
    let ok = json!({"success": true});
    for operation in [
        "searchIngest",
        "searchIngest",
        "searchUpdate",
        "searchConfigure",
    ] {
        answer(&emulator, operation, &ok);
    }
    for _ in 0..2 {
        answer(&emulator, "searchQuery", &json!({"results": []}));
    }
    let lang = json!({"lang": "en"});
    search.ingest("faq", "text").await.unwrap();
    search
        .ingest("faq", "text")
        .id("e1")
        .metadata(&lang)
        .await
        .unwrap();
    search
        .update("e1", "new")
        .entry_type("faq")
        .metadata(&lang)
        .await
        .unwrap();
    search
        .configure(EmbeddingModel::Multilingual)
        .await
        .unwrap();
    assert!(search.query("what").await.unwrap().is_empty());
    search
        .query("what")
        .top_k(3)
        .types(["faq"])
        .filter(&lang)
        .await
        .unwrap();
    let sent: Vec<Value> = emulator
        .received()
        .iter()
        .map(|r| r.json().unwrap())
        .collect();
    assert_eq!(
        sent,
        [
            json!({"type": "faq", "content": "text"}),
            json!({"type": "faq", "content": "text", "id": "e1", "metadata": lang}),
            json!({"id": "e1", "content": "new", "type": "faq", "metadata": lang}),
            json!({"embeddingModel": "multilingual"}),
            json!({"text": "what"}),
            json!({"text": "what", "topK": 3, "types": ["faq"], "filter": lang}),
        ]
    );
}

#[tokio::test]
async fn what_the_platform_would_refuse_is_not_sent() {
    let (emulator, client) = start().await;
    let search = client.search();
    for error in [
        search.ingest("", "text").await.unwrap_err(),
        search.ingest("faq", "").await.unwrap_err(),
        search.ingest("faq", "text").id("").await.unwrap_err(),
        search
            .ingest("faq", "text")
            .metadata(&[1])
            .await
            .unwrap_err(),
        search.update("", "text").await.unwrap_err(),
        search.query("").await.unwrap_err(),
        search.query("what").top_k(0).await.unwrap_err(),
        search.query("what").filter("lang").await.unwrap_err(),
        search.get("").await.unwrap_err(),
        search.delete("").await.unwrap_err(),
        search.delete_by_type("").await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    assert!(emulator.received().is_empty());
}

#[tokio::test]
async fn metadata_decode_into_the_callers_type() {
    let (emulator, client) = start().await;
    let results = json!({"results": [
        {"id": "e1", "content": "text", "score": 0.9, "type": "faq", "metadata": {"lang": "en"}},
        {"id": "e2", "content": "text"},
    ]});
    answer(&emulator, "searchQuery", &results);
    let hits = client.search().query("what").await.unwrap();
    assert_eq!(hits[0].metadata::<Value>().unwrap(), json!({"lang": "en"}));
    assert_eq!(
        hits[0].metadata::<u8>().unwrap_err().kind(),
        ErrorKind::Decode
    );
    assert_eq!(hits[1].metadata::<Option<Value>>().unwrap(), None);
    assert_eq!((hits[0].score, hits[1].score), (Some(0.9), None));
    assert_eq!(hits[0].hit_type.as_deref(), Some("faq"));
}

#[tokio::test]
async fn entries_are_found_narrowed_replaced_and_removed() {
    let (_emulator, client) = start().await;
    let search = client.search();
    for (id, entry_type, text, lang) in [
        (
            "f1",
            "faq",
            "Parcels posted before noon leave the same day.",
            "en",
        ),
        ("f2", "faq", "The harbour is closed on Sundays.", "en"),
        ("p1", "product", "A harbour map on canvas.", "pt"),
    ] {
        let ingest = search.ingest(entry_type, text).id(id);
        ingest.metadata(&json!({"lang": lang})).await.unwrap();
    }
    let harbour = || search.query("When is the harbour closed?");
    let ids =
        |hits: Vec<aerostack::search::Hit>| hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>();
    let hits = harbour().await.unwrap();
    assert_eq!(hits[0].id, "f2");
    assert!(
        hits.windows(2).all(|pair| pair[0].score >= pair[1].score),
        "best first"
    );
    assert_eq!(ids(harbour().top_k(1).await.unwrap()), ["f2"]);
    assert_eq!(ids(harbour().types(["product"]).await.unwrap()), ["p1"]);
    assert_eq!(
        ids(harbour().filter(&json!({"lang": "pt"})).await.unwrap()),
        ["p1"]
    );

    let entry = search.get("f2").await.unwrap().unwrap();
    assert_eq!(
        (entry.hit_type.as_deref(), entry.score),
        (Some("faq"), None)
    );
    assert_eq!(entry.metadata::<Value>().unwrap(), json!({"lang": "en"}));
    search
        .update("f2", "Tickets are sold aboard.")
        .entry_type("faq")
        .await
        .unwrap();
    let entry = search.get("f2").await.unwrap().unwrap();
    assert_eq!(entry.content, "Tickets are sold aboard.");
    assert_ne!(harbour().await.unwrap()[0].id, "f2");

    assert_eq!(search.count().await.unwrap(), 3);
    assert_eq!(search.count().of_type("faq").await.unwrap(), 2);
    let types = search.list_types().await.unwrap();
    let mut types: Vec<_> = types
        .into_iter()
        .map(|entry| (entry.name, entry.count))
        .collect();
    types.sort();
    assert_eq!(types, [("faq".to_owned(), 2), ("product".to_owned(), 1)]);

    search.delete("f1").await.unwrap();
    assert!(search.get("f1").await.unwrap().is_none());
    search.delete_by_type("faq").await.unwrap();
    assert_eq!(search.count().await.unwrap(), 1);
    search
        .ingest("faq", "An entry without an id.")
        .await
        .unwrap();
    assert_eq!(search.count().await.unwrap(), 2);
}

//! The search service.

use aerostack_emulator::Emulator;
use serde_json::{Value, json};

use crate::common::{Platform, answer, assert_refused};

async fn ingest(platform: &Platform, entry: Value) {
    let done = platform.ok("/v1/ai/search/ingest", entry).await;
    assert_eq!(done, json!({ "success": true }));
}

async fn found(platform: &Platform, query: Value) -> Vec<String> {
    let answer = platform.ok("/v1/ai/search/query", query).await;
    let results = answer["results"].as_array().unwrap();
    let scores: Vec<_> = results
        .iter()
        .map(|result| result["score"].as_f64().unwrap())
        .collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    assert!(scores.iter().all(|score| (0.0..=1.0).contains(score)));
    results
        .iter()
        .map(|result| result["id"].as_str().unwrap().to_owned())
        .collect()
}

async fn count(platform: &Platform, body: Value) -> i64 {
    platform.ok("/v1/ai/search/count", body).await["count"]
        .as_i64()
        .unwrap()
}

async fn shop(platform: &Platform) {
    for entry in [
        json!({ "id": "ship", "type": "faq", "content": "Parcels posted before noon leave the same day.",
                "metadata": { "lang": "en", "rank": 1 } }),
        json!({ "id": "track", "type": "faq", "content": "You get a tracking number by mail.",
                "metadata": { "lang": "en", "rank": 2.5 } }),
        json!({ "id": "lamp", "type": "product", "content": "A reading lamp with a brass arm.",
                "metadata": { "lang": "en", "rank": 1.0 } }),
        json!({ "id": "bare", "type": "product", "content": "A parcel of brown paper." }),
    ] {
        ingest(platform, entry).await;
    }
}

#[tokio::test]
async fn a_query_finds_the_closest_first_within_types_and_filter() {
    let platform = Platform::start().await;
    shop(&platform).await;
    let text = "When do parcels leave?";
    let all = found(&platform, json!({ "text": text })).await;
    assert_eq!((all[0].as_str(), all.len()), ("ship", 4));
    for (query, expected) in [
        (json!({ "topK": 1 }), vec!["ship"]),
        (json!({ "types": ["product"], "topK": 1 }), vec!["bare"]),
        (json!({ "types": [] }), vec![]),
        (json!({ "types": ["nothing"] }), vec![]),
        (
            json!({ "filter": { "rank": 1, "lang": "en" }, "topK": 1 }),
            vec!["ship"],
        ),
        (
            json!({ "filter": { "rank": 1 }, "types": ["product"] }),
            vec!["lamp"],
        ),
        (json!({ "filter": { "rank": 2.5 } }), vec!["track"]),
        (json!({ "filter": { "rank": "1" } }), vec![]),
        (json!({ "filter": { "missing": null } }), vec![]),
        (json!({ "filter": null, "topK": 1 }), vec!["ship"]),
    ] {
        let mut query = query;
        query["text"] = text.into();
        assert_eq!(found(&platform, query.clone()).await, expected, "{query}");
    }
}

#[tokio::test]
async fn an_entry_is_read_replaced_and_deleted_by_its_id() {
    let platform = Platform::start().await;
    shop(&platform).await;
    let get = |id: &str| platform.ok("/v1/ai/search/get", json!({ "id": id }));
    let entry = json!({
        "id": "ship", "type": "faq", "content": "Parcels posted before noon leave the same day.",
        "metadata": { "lang": "en", "rank": 1 },
    });
    assert_eq!(
        get("ship").await,
        json!({ "result": entry, "exists": true })
    );
    assert_eq!(
        get("none").await,
        json!({ "result": null, "exists": false })
    );

    let update = |body: Value| platform.ok("/v1/ai/search/update", body);
    let body =
        json!({ "id": "ship", "content": "Letters wait until Monday.", "metadata": { "n": 1 } });
    assert_eq!(update(body).await["success"], true);
    let replaced = get("ship").await["result"].clone();
    assert_eq!(replaced["type"], "faq");
    assert_eq!(replaced["metadata"], json!({ "n": 1 }));
    assert_eq!(
        found(&platform, json!({ "text": "letters", "topK": 1 })).await,
        ["ship"]
    );
    let body = json!({ "id": "ship", "content": "Letters wait.", "type": "news" });
    assert_eq!(update(body).await["success"], true);
    let replaced = get("ship").await["result"].clone();
    assert_eq!(
        (&replaced["type"], &replaced["metadata"]),
        (&json!("news"), &json!(null))
    );
    assert_eq!(
        update(json!({ "id": "none", "content": "x" })).await["success"],
        false
    );

    // The same id again replaces; no id makes a new entry each time.
    ingest(
        &platform,
        json!({ "id": "ship", "type": "faq", "content": "x" }),
    )
    .await;
    assert_eq!(count(&platform, json!({})).await, 4);
    for _ in 0..2 {
        ingest(&platform, json!({ "type": "faq", "content": "x" })).await;
    }
    assert_eq!(count(&platform, json!({})).await, 6);
    for _ in 0..2 {
        let deleted = platform
            .ok("/v1/ai/search/delete", json!({ "id": "ship" }))
            .await;
        assert_eq!(deleted, json!({ "success": true }));
    }
    assert_eq!(get("ship").await["exists"], false);
}

#[tokio::test]
async fn types_are_counted_listed_and_deleted_as_a_whole() {
    let platform = Platform::start().await;
    shop(&platform).await;
    let types = async || {
        let request = platform.request(reqwest::Method::GET, "/v1/ai/search/listTypes");
        let (status, body) =
            answer(request.header("X-Aerostack-Key", platform.emulator.api_key())).await;
        assert_eq!(status, 200);
        body["types"].clone()
    };
    let both = json!([{ "type": "faq", "count": 2 }, { "type": "product", "count": 2 }]);
    assert_eq!(types().await, both);
    assert_eq!(count(&platform, json!({ "type": "faq" })).await, 2);
    let deleted = platform
        .ok("/v1/ai/search/deleteByType", json!({ "type": "faq" }))
        .await;
    assert_eq!(deleted, json!({ "success": true }));
    assert_eq!(types().await, json!([{ "type": "product", "count": 2 }]));
    assert_eq!(count(&platform, json!({ "type": "faq" })).await, 0);
}

#[tokio::test]
async fn another_language_embeds_all_entries_anew() {
    let folder = tempfile::tempdir().unwrap();
    let platform = Platform::with(Emulator::builder().data_dir(folder.path())).await;
    for (id, content) in [
        ("harbour", "港は日曜日に閉まっています"),
        ("bill", "請求書を支払う"),
    ] {
        ingest(
            &platform,
            json!({ "id": id, "type": "t", "content": content }),
        )
        .await;
    }
    let query = json!({ "text": "港は日曜日に閉まる", "topK": 1 });
    let score = |answer: &Value| answer["results"][0]["score"].as_f64().unwrap();
    // Without spaces between words, English finds next to nothing.
    let before = score(&platform.ok("/v1/ai/search/query", query.clone()).await);
    let done = platform
        .ok(
            "/v1/ai/search/configure",
            json!({ "embeddingModel": "multilingual" }),
        )
        .await;
    assert_eq!(done, json!({ "success": true }));
    let answer = platform.ok("/v1/ai/search/query", query.clone()).await;
    assert_eq!(answer["results"][0]["id"], "harbour");
    assert!(score(&answer) > before + 0.1, "{before} {answer}");

    platform.emulator.shutdown().await;
    let again = Platform::with(Emulator::builder().data_dir(folder.path())).await;
    assert_eq!(again.ok("/v1/ai/search/query", query).await, answer);
}

#[tokio::test]
async fn what_does_not_fit_is_refused() {
    let platform = Platform::start().await;
    let cases = [
        (
            "ingest",
            vec![
                json!({ "type": "t" }),
                json!({ "content": "c" }),
                json!({ "content": "", "type": "t" }),
                json!({ "content": "c", "type": " " }),
                json!({ "content": "c", "type": "t", "id": "" }),
                json!({ "content": "c", "type": "t", "metadata": [] }),
                json!({ "content": "c", "type": "t", "embedding": [] }),
            ],
        ),
        (
            "query",
            vec![
                json!({}),
                json!({ "text": "" }),
                json!({ "text": "t", "topK": 0 }),
                json!({ "text": "t", "topK": 101 }),
                json!({ "text": "t", "types": "t" }),
                json!({ "text": "t", "filter": "t" }),
            ],
        ),
        ("get", vec![json!({}), json!({ "id": "" })]),
        (
            "update",
            vec![
                json!({ "id": "a" }),
                json!({ "id": "a", "content": "c", "type": "" }),
            ],
        ),
        ("delete", vec![json!({}), json!({ "id": 1 })]),
        ("deleteByType", vec![json!({}), json!({ "type": "" })]),
        (
            "count",
            vec![json!({ "type": 1 }), json!({ "types": ["t"] })],
        ),
        (
            "configure",
            vec![json!({}), json!({ "embeddingModel": "german" })],
        ),
    ];
    for (call, bodies) in cases {
        assert_refused(&platform, &format!("/v1/ai/search/{call}"), &bodies).await;
    }
}

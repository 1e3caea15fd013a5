//! The collections service.

use aerostack_emulator::Emulator;
use reqwest::Method;
use serde_json::{Value, json};

use crate::common::{Answer, Platform, answer, assert_error};

async fn articles() -> Platform {
    Platform::with(
        Emulator::builder()
            .collection("articles")
            .collection("items"),
    )
    .await
}

async fn call(platform: &Platform, method: Method, path: &str, body: Option<&str>) -> Answer {
    let mut request = platform
        .request(method, path)
        .header("X-Aerostack-Key", platform.emulator.api_key());
    if let Some(body) = body {
        request = request
            .header("content-type", "application/json")
            .body(body.to_owned());
    }
    answer(request).await
}

async fn create(platform: &Platform, fields: &Value) -> String {
    let body = fields.to_string();
    let (status, item) = call(
        platform,
        Method::POST,
        "/v1/collections/articles/items",
        Some(&body),
    )
    .await;
    assert_eq!(status, 200, "{item}");
    item["id"].as_str().unwrap().to_owned()
}

async fn list(platform: &Platform, query: &str) -> Vec<String> {
    let path = format!("/v1/collections/articles/items{query}");
    let (status, items) = call(platform, Method::GET, &path, None).await;
    assert_eq!(status, 200, "{items}");
    let items = items.as_array().unwrap();
    items
        .iter()
        .map(|item| item["title"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn an_item_is_created_read_replaced_and_deleted() {
    let platform = articles().await;
    let id = create(
        &platform,
        &json!({ "title": "Tides", "tags": ["sea"], "draft": true }),
    )
    .await;
    let path = format!("/v1/collections/items/{id}");
    let get = || call(&platform, Method::GET, &path, None);
    let item = json!({ "id": id, "title": "Tides", "tags": ["sea"], "draft": true });
    assert_eq!(get().await, (200, item));

    // What was read can be sent back; fields that are left out are gone.
    let body = json!({ "id": id, "title": "Tides explained" });
    let updated = call(&platform, Method::PUT, &path, Some(&body.to_string())).await;
    assert_eq!(updated, (200, json!({ "success": true })));
    assert_eq!(get().await, (200, body));

    let deleted = call(&platform, Method::DELETE, &path, None).await;
    assert_eq!(deleted, (200, json!({ "success": true })));
    for (method, body) in [
        (Method::GET, None),
        (Method::PUT, Some("{}")),
        (Method::DELETE, None),
    ] {
        let answer = call(&platform, method, &path, body).await;
        assert_error(&answer, 404, "NOT_FOUND");
    }
}

#[tokio::test]
async fn numbers_keep_every_digit() {
    let platform = articles().await;
    let body = r#"{"title":"n","big":123456789012345678901234567890,"exact":1.10}"#;
    let request = platform
        .keyed("/v1/collections/articles/items")
        .header("content-type", "application/json")
        .body(body);
    let created = request.send().await.unwrap().text().await.unwrap();
    let items = platform
        .request(Method::GET, "/v1/collections/articles/items")
        .header("X-Aerostack-Key", platform.emulator.api_key());
    let listed = items.send().await.unwrap().text().await.unwrap();
    for text in [&created, &listed] {
        assert!(text.contains("123456789012345678901234567890"), "{text}");
        assert!(text.contains("1.10"), "{text}");
    }
}

#[tokio::test]
async fn a_list_filters_by_equality_and_keeps_the_order_of_creation() {
    let platform = articles().await;
    for item in [
        json!({ "title": "c", "status": "published", "n": 10, "ok": true }),
        json!({ "title": "a", "status": "draft", "n": "10", "ok": null }),
        json!({ "title": "b", "status": "published", "n": 2 }),
    ] {
        create(&platform, &item).await;
    }
    for (query, expected) in [
        ("", vec!["c", "a", "b"]),
        ("?status=published", vec!["c", "b"]),
        ("?status=published&n=2", vec!["b"]),
        ("?n=10", vec!["c", "a"]),
        ("?n=10&ok=true", vec!["c"]),
        ("?ok=null", vec!["a"]),
        ("?status=published&limit=1", vec!["c"]),
        ("?limit=2", vec!["c", "a"]),
        ("?limit=99", vec!["c", "a", "b"]),
        ("?missing=1", vec![]),
        ("?status=Published", vec![]),
        ("?title=%63", vec!["c"]),
    ] {
        assert_eq!(list(&platform, query).await, expected, "{query}");
    }
}

#[tokio::test]
async fn items_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let builder = || {
        Emulator::builder()
            .collection("articles")
            .data_dir(folder.path())
    };
    let first = Platform::with(builder()).await;
    create(&first, &json!({ "title": "kept" })).await;
    first.emulator.shutdown().await;
    let second = Platform::with(builder()).await;
    assert_eq!(list(&second, "").await, ["kept"]);
}

#[tokio::test]
async fn what_is_unknown_or_does_not_fit_is_refused() {
    let platform = articles().await;
    let id = create(&platform, &json!({ "title": "x" })).await;
    let item = format!("/v1/collections/items/{id}");
    let articles = "/v1/collections/articles/items";
    let cases = [
        (
            Method::GET,
            "/v1/collections/nothing/items",
            None,
            404,
            "NOT_FOUND",
        ),
        (
            Method::POST,
            "/v1/collections/nothing/items",
            Some("{}"),
            404,
            "NOT_FOUND",
        ),
        (
            Method::GET,
            "/v1/collections/items/item_none",
            None,
            404,
            "NOT_FOUND",
        ),
        (Method::POST, articles, Some("[]"), 400, "VALIDATION_ERROR"),
        (
            Method::POST,
            articles,
            Some("null"),
            400,
            "VALIDATION_ERROR",
        ),
        (
            Method::POST,
            articles,
            Some("{\"a\":"),
            400,
            "VALIDATION_ERROR",
        ),
        (
            Method::POST,
            articles,
            Some("{\"id\":\"mine\"}"),
            400,
            "VALIDATION_ERROR",
        ),
        (Method::POST, articles, None, 400, "VALIDATION_ERROR"),
        (
            Method::PUT,
            &item,
            Some("{\"id\":\"other\"}"),
            400,
            "VALIDATION_ERROR",
        ),
        (
            Method::GET,
            "/v1/collections/articles/items?limit=0",
            None,
            400,
            "VALIDATION_ERROR",
        ),
        (
            Method::GET,
            "/v1/collections/articles/items?limit=x",
            None,
            400,
            "VALIDATION_ERROR",
        ),
        (
            Method::GET,
            "/v1/collections/%FF/items",
            None,
            400,
            "VALIDATION_ERROR",
        ),
    ];
    for (method, path, body, status, code) in cases {
        let answer = call(&platform, method.clone(), path, body).await;
        assert_eq!(answer.0, status, "{method} {path} {body:?}: {}", answer.1);
        assert_error(&answer, status, code);
    }
    // The name that looks like the path of an item is a collection like any other.
    let answer = call(
        &platform,
        Method::POST,
        "/v1/collections/items/items",
        Some("{}"),
    )
    .await;
    assert_eq!(answer.0, 200, "{}", answer.1);
}

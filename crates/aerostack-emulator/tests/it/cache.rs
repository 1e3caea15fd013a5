//! The cache service.

use std::time::Duration;

use serde_json::{Value, json};

use crate::common::{Platform, assert_error};

async fn get(platform: &Platform, key: &str) -> Value {
    platform.ok("/v1/cache/get", json!({ "key": key })).await
}

async fn set(platform: &Platform, key: &str, value: Value) {
    platform
        .ok("/v1/cache/set", json!({ "key": key, "value": value }))
        .await;
}

#[tokio::test]
async fn any_json_comes_back_as_it_was_set() {
    let platform = Platform::start().await;
    let values = [
        json!(null),
        json!(true),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(0.1),
        json!("text \u{0} \u{1F980}"),
        json!([1, [2, { "three": null }]]),
        json!({ "a": { "b": [] }, "": 0 }),
    ];
    for value in values {
        set(&platform, "k", value.clone()).await;
        assert_eq!(
            get(&platform, "k").await,
            json!({ "value": value, "exists": true })
        );
    }
    assert_eq!(
        get(&platform, "missing").await,
        json!({ "value": null, "exists": false })
    );
}

#[tokio::test]
async fn an_entry_is_gone_when_its_time_is_over() {
    let platform = Platform::start().await;
    platform
        .ok(
            "/v1/cache/set",
            json!({ "key": "short", "value": 1, "ttl": 60 }),
        )
        .await;
    set(&platform, "long", json!(1)).await;
    platform.emulator.clock().advance(Duration::from_secs(59));
    assert_eq!(get(&platform, "short").await["exists"], true);
    platform.emulator.clock().advance(Duration::from_secs(2));
    assert_eq!(get(&platform, "short").await["exists"], false);
    assert_eq!(get(&platform, "long").await["exists"], true);
    assert_eq!(
        platform.ok("/v1/cache/keys", json!({})).await["keys"],
        json!(["long"])
    );

    let expire =
        |key: &str, ttl| platform.ok("/v1/cache/expire", json!({ "key": key, "ttl": ttl }));
    assert_eq!(expire("short", 9).await["success"], false);
    assert_eq!(expire("long", 9).await["success"], true);
    platform.emulator.clock().advance(Duration::from_secs(10));
    assert_eq!(get(&platform, "long").await["exists"], false);
    let deleted = platform
        .ok("/v1/cache/deleteMany", json!({ "keys": ["long", "short"] }))
        .await;
    assert_eq!(
        deleted,
        json!({ "success": true, "count": 2, "deleted": 0 })
    );
}

#[tokio::test]
async fn setting_again_replaces_value_and_expiry() {
    let platform = Platform::start().await;
    platform
        .ok("/v1/cache/set", json!({ "key": "k", "value": 1, "ttl": 5 }))
        .await;
    set(&platform, "k", json!(2)).await;
    platform.emulator.clock().advance(Duration::from_secs(6));
    assert_eq!(
        get(&platform, "k").await,
        json!({ "value": 2, "exists": true })
    );
}

#[tokio::test]
async fn delete_removes_and_a_missing_key_is_no_error() {
    let platform = Platform::start().await;
    set(&platform, "k", json!(1)).await;
    for _ in 0..2 {
        assert_eq!(
            platform.ok("/v1/cache/delete", json!({ "key": "k" })).await,
            json!({ "success": true })
        );
        assert_eq!(get(&platform, "k").await["exists"], false);
    }
}

#[tokio::test]
async fn many_at_once_keep_the_order_and_say_what_is_missing() {
    let platform = Platform::start().await;
    let entries = json!([{ "key": "a", "value": 1 }, { "key": "b", "value": null, "ttl": 60 }]);
    let set = platform
        .ok("/v1/cache/setMany", json!({ "entries": entries }))
        .await;
    assert_eq!(set, json!({ "success": true, "count": 2 }));
    let got = platform
        .ok("/v1/cache/getMany", json!({ "keys": ["b", "x", "a"] }))
        .await;
    let expected = json!([
        { "key": "b", "value": null, "exists": true },
        { "key": "x", "value": null, "exists": false },
        { "key": "a", "value": 1, "exists": true },
    ]);
    assert_eq!(got["results"], expected);
    let deleted = platform
        .ok("/v1/cache/deleteMany", json!({ "keys": ["a", "x"] }))
        .await;
    assert_eq!(
        deleted,
        json!({ "success": true, "count": 2, "deleted": 1 })
    );
}

#[tokio::test]
async fn a_list_is_walked_page_by_page_without_loss() {
    let platform = Platform::start().await;
    let entries: Vec<_> = (0..25)
        .map(|n| json!({ "key": format!("user:{n:02}"), "value": n, "ttl": 3600 }))
        .collect();
    platform
        .ok("/v1/cache/setMany", json!({ "entries": entries }))
        .await;
    set(&platform, "user", json!(0)).await;
    set(&platform, "users", json!(0)).await;
    let (mut seen, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let mut request = json!({ "prefix": "user:", "limit": 10 });
        if let Some(cursor) = &cursor {
            request["cursor"] = json!(cursor);
        }
        let page = platform.ok("/v1/cache/list", request).await;
        for entry in page["keys"].as_array().unwrap() {
            assert!(entry["expiration"].is_i64(), "{entry}");
            seen.push(entry["key"].as_str().unwrap().to_owned());
        }
        cursor = page["cursor"].as_str().map(str::to_owned);
        assert_eq!(page["list_complete"], cursor.is_none());
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(
        seen,
        (0..25).map(|n| format!("user:{n:02}")).collect::<Vec<_>>()
    );
    let all = platform.ok("/v1/cache/list", json!({})).await;
    assert_eq!(all["keys"].as_array().unwrap().len(), 27);
    assert_eq!(all["keys"][0], json!({ "key": "user", "expiration": null }));
}

#[tokio::test]
async fn keys_and_flush_stop_at_ten_thousand() {
    let platform = Platform::start().await;
    for block in 0..101 {
        let entries: Vec<_> = (0..100)
            .map(|n| json!({ "key": format!("{block:03}{n:02}"), "value": 0 }))
            .collect();
        platform
            .ok("/v1/cache/setMany", json!({ "entries": entries }))
            .await;
    }
    let keys = platform.ok("/v1/cache/keys", json!({})).await;
    assert_eq!(
        (
            keys["keys"].as_array().unwrap().len(),
            keys["truncated"].as_bool()
        ),
        (10_000, Some(true))
    );
    let some = platform
        .ok("/v1/cache/keys", json!({ "prefix": "000" }))
        .await;
    assert_eq!(
        (
            some["keys"].as_array().unwrap().len(),
            some["truncated"].as_bool()
        ),
        (100, Some(false))
    );
    for (prefix, deleted) in [("000", 100), ("", 10_000), ("", 0)] {
        let flushed = platform
            .ok("/v1/cache/flush", json!({ "prefix": prefix }))
            .await;
        assert_eq!(flushed, json!({ "success": true, "deleted": deleted }));
    }
}

#[tokio::test]
async fn increment_counts_from_where_the_key_stands() {
    let platform = Platform::start().await;
    let steps = [
        (json!({ "key": "n" }), 1),
        (json!({ "key": "n" }), 2),
        (json!({ "key": "n", "amount": -5 }), -3),
        (
            json!({ "key": "m", "initialValue": 10, "amount": 5, "ttl": 60 }),
            15,
        ),
        (json!({ "key": "m", "initialValue": 10 }), 16),
    ];
    for (request, value) in steps {
        assert_eq!(
            platform.ok("/v1/cache/increment", request.clone()).await["value"],
            value,
            "{request}"
        );
    }
    platform.emulator.clock().advance(Duration::from_secs(61));
    assert_eq!(get(&platform, "m").await["exists"], false);
    assert_eq!(get(&platform, "n").await["value"], -3);

    for (key, value) in [
        ("text", json!("1")),
        ("real", json!(1.5)),
        ("null", json!(null)),
        ("max", json!(i64::MAX)),
    ] {
        set(&platform, key, value).await;
        let answer = platform
            .post("/v1/cache/increment", json!({ "key": key }))
            .await;
        assert_error(&answer, 400, "VALIDATION_ERROR");
    }
}

#[tokio::test]
async fn requests_over_the_limits_are_refused() {
    let platform = Platform::start().await;
    let keys =
        |count: usize| json!({ "keys": (0..count).map(|n| n.to_string()).collect::<Vec<_>>() });
    let entries =
        |count: usize| json!({ "entries": vec![json!({ "key": "k", "value": 0 }); count] });
    let cases = [
        ("/v1/cache/getMany", keys(100), 200),
        ("/v1/cache/getMany", keys(101), 400),
        ("/v1/cache/setMany", entries(100), 200),
        ("/v1/cache/setMany", entries(101), 400),
        ("/v1/cache/deleteMany", keys(500), 200),
        ("/v1/cache/deleteMany", keys(501), 400),
        ("/v1/cache/list", json!({ "limit": 1000 }), 200),
        ("/v1/cache/list", json!({ "limit": 1001 }), 400),
        ("/v1/cache/list", json!({ "limit": 0 }), 400),
        ("/v1/cache/list", json!({ "cursor": "?" }), 400),
        (
            "/v1/cache/set",
            json!({ "key": "k", "value": 0, "ttl": 0 }),
            400,
        ),
        ("/v1/cache/set", json!({ "key": "k" }), 400),
        ("/v1/cache/set", json!({ "key": "", "value": 0 }), 400),
        (
            "/v1/cache/set",
            json!({ "key": "a\u{0}b", "value": 0 }),
            400,
        ),
        ("/v1/cache/expire", json!({ "key": "k", "ttl": -1 }), 400),
        ("/v1/cache/deleteMany", json!({ "keys": ["a", ""] }), 400),
    ];
    for (path, request, expected) in cases {
        let (status, answer) = platform.post(path, request).await;
        assert_eq!(status, expected, "{path}: {answer}");
    }
}

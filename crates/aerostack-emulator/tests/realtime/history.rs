//! Kept messages: over HTTP, through SQL, and across a restart.

use std::time::Duration;

use aerostack_emulator::Emulator;
use aerostack_emulator::realtime::{HistoryForm, Switches};
use reqwest::Method;
use serde_json::{Value, json};

use crate::platform::{Platform, answer};

const HISTORY: &str = "/api/v1/public/realtime/history";

impl Platform {
    async fn history(&self, query: &str) -> (u16, Value) {
        let request = self
            .request(Method::GET, &format!("{HISTORY}?{query}"))
            .header("X-Aerostack-Key", self.emulator.public_key());
        answer(request).await
    }
}

fn field(page: &Value, name: &str) -> Vec<Value> {
    let messages = page["messages"].as_array().unwrap();
    messages
        .iter()
        .map(|message| message[name].clone())
        .collect()
}

#[tokio::test]
async fn persisted_events_and_chat_are_kept_newest_first() {
    let platform = Platform::start("").await;
    let mut client = platform
        .dial(crate::client::keyed("?userId=ada"))
        .await
        .unwrap();
    let topic = client.subscribe("chat/lobby").await;
    for (n, persist) in [(1, true), (2, false), (3, true)] {
        client
            .send(json!({ "type": "publish", "topic": "chat/lobby", "event": "note", "data": { "n": n }, "persist": persist }))
            .await;
    }
    client
        .send(json!({ "type": "chat", "roomId": "lobby", "text": "hi" }))
        .await;
    let live = client.pending().await;
    let (status, page) = platform.history(&format!("room={topic}")).await;
    assert_eq!(status, 200, "{page}");
    assert_eq!(
        field(&page, "data"),
        [
            json!({ "text": "hi" }),
            json!({ "n": 3 }),
            json!({ "n": 1 })
        ]
    );
    assert_eq!(field(&page, "event"), ["message", "note", "note"]);
    assert_eq!(field(&page, "user_id"), ["ada", "ada", "ada"]);
    assert_eq!(field(&page, "room_id"), [&*topic, &*topic, &*topic]);
    // What was kept carries the time it was delivered with.
    assert_eq!(
        field(&page, "created_at")[0],
        live.last().unwrap()["timestamp"]
    );
    let rows = platform
        .sql("SELECT room_id, event, data FROM realtime_messages ORDER BY created_at, rowid")
        .await;
    assert_eq!(
        rows[0],
        json!({ "room_id": topic, "event": "note", "data": "{\"n\":1}" })
    );
    assert_eq!(rows.as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn pages_are_cut_by_limit_and_before() {
    let platform = Platform::start("").await;
    let rows: Vec<_> = (1..=150)
        .map(|n| {
            format!(
                "('m{n}', 'a/b/proj_local', NULL, 'e', '{n}', {})",
                1000 + n / 2
            )
        })
        .collect();
    let seed = format!("INSERT INTO realtime_messages VALUES {}", rows.join(", "));
    platform.emulator.seed().sql(seed).await.unwrap();
    let cases: [(&str, usize, i64, i64); 6] = [
        ("", 50, 150, 101),
        ("&limit=3", 3, 150, 148),
        ("&limit=1000", 100, 150, 51),
        ("&before=1070", 50, 139, 90),
        ("&limit=2&before=1002", 2, 3, 2),
        ("&before=1001", 1, 1, 1),
    ];
    for (query, count, first, last) in cases {
        let (status, page) = platform
            .history(&format!("room=a/b/proj_local{query}"))
            .await;
        let data = field(&page, "data");
        assert_eq!((status, data.len()), (200, count), "{query}");
        assert_eq!(
            (&data[0], &data[count - 1]),
            (&json!(first), &json!(last)),
            "{query}"
        );
    }
    assert_eq!(
        platform.history("room=a/c/proj_local").await,
        (200, json!({ "messages": [] }))
    );
}

#[tokio::test]
async fn history_wants_a_credential_and_a_room() {
    let platform = Platform::start("").await;
    let room = format!("{HISTORY}?room=a/b/proj_local");
    let get = |path: &str| platform.request(Method::GET, path);
    let (key, secret) = ("X-Aerostack-Key", platform.emulator.api_key());
    let cases = [
        (get(&room), 401, "AUTH_INVALID_TOKEN"),
        (get(&room).header(key, "wrong"), 401, "AUTH_INVALID_KEY"),
        (get(&room).bearer_auth("wrong"), 401, "AUTH_INVALID_TOKEN"),
        (get(HISTORY).header(key, secret), 400, "VALIDATION_ERROR"),
        (
            get(&format!("{room}&limit=x")).header(key, secret),
            400,
            "VALIDATION_ERROR",
        ),
        (
            get(&format!("{room}&limit=0")).header(key, secret),
            400,
            "VALIDATION_ERROR",
        ),
        (
            get(&format!("{room}&before=x")).header(key, secret),
            400,
            "VALIDATION_ERROR",
        ),
    ];
    for (request, status, code) in cases {
        let shown = format!("{request:?}");
        let (got, body) = answer(request).await;
        assert_eq!(
            (got, &body["code"]),
            (status, &json!(code)),
            "{shown}: {body}"
        );
    }
    assert_eq!(answer(get(&room).header(key, secret)).await.0, 200);
}

#[tokio::test]
async fn retention_hides_and_removes_what_is_old() {
    let mut switches = Switches::default();
    switches.history_retention = Some(Duration::from_secs(3600));
    let platform = Platform::with(Emulator::builder().realtime(switches)).await;
    let mut client = platform.connect().await;
    let publish =
        json!({ "type": "publish", "topic": "a/b", "event": "e", "data": 1, "persist": true });
    client.send(publish.clone()).await;
    client.pending().await;
    let count = || async { field(&platform.history("room=a/b/proj_local").await.1, "id").len() };
    assert_eq!(count().await, 1);
    platform.emulator.clock().advance(Duration::from_secs(3601));
    assert_eq!(count().await, 0);
    client.send(publish).await;
    client.pending().await;
    assert_eq!(count().await, 1);
    assert_eq!(
        platform
            .sql("SELECT count(*) AS n FROM realtime_messages")
            .await,
        json!([{ "n": 1 }])
    );
}

#[tokio::test]
async fn the_form_of_a_page_follows_its_switch() {
    let platform = Platform::start("").await;
    let seed = "INSERT INTO realtime_messages VALUES ('m', 'table/r/proj_local', NULL, 'e', '{\"n\":1}', 5), ('x', 'table/r/proj_local', NULL, 'e', 'no json', 4)";
    platform.emulator.seed().sql(seed).await.unwrap();
    let cases = [
        (
            HistoryForm::Messages,
            "messages",
            json!({ "n": 1 }),
            json!("no json"),
        ),
        (
            HistoryForm::Data,
            "data",
            json!({ "n": 1 }),
            json!("no json"),
        ),
        (
            HistoryForm::TextData,
            "messages",
            json!("{\"n\":1}"),
            json!("\"no json\""),
        ),
    ];
    for (form, list, first, second) in cases {
        platform
            .emulator
            .realtime()
            .configure(|switches| switches.history_form = form);
        let (_, page) = platform.history("room=r").await;
        assert_eq!(
            (&page[list][0]["data"], &page[list][1]["data"]),
            (&first, &second),
            "{form:?}"
        );
        assert_eq!(page.as_object().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn history_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let start = || Platform::with(Emulator::builder().data_dir(folder.path()));
    let platform = start().await;
    let mut client = platform.connect().await;
    client.send(json!({ "type": "publish", "topic": "a/b", "event": "e", "data": [1], "persist": true })).await;
    client.pending().await;
    platform.emulator.shutdown().await;
    assert_eq!(client.closed().await, None);
    let platform = start().await;
    assert_eq!(
        field(&platform.history("room=a/b/proj_local").await.1, "data"),
        [json!([1])]
    );
}

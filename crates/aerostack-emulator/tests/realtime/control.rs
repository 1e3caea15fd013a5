//! The controls over HTTP, for clients of the program.

use aerostack_emulator::Emulator;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{keyed, status};
use crate::platform::{Platform, answer};

impl Platform {
    async fn control(&self, method: Method, what: &str, body: Value) -> (u16, Value) {
        let request = self
            .request(method, &format!("/__emulator/realtime/{what}"))
            .header("X-Aerostack-Key", self.emulator.api_key());
        answer(request.json(&body)).await
    }
}

#[tokio::test]
async fn every_fault_and_switch_can_be_set_over_http() {
    let platform = Platform::with(Emulator::builder().control(true)).await;
    let faults = [
        json!("dropAll"),
        json!("resetAll"),
        json!("deploy"),
        json!({ "closeAll": 1011 }),
        json!({ "dropConnection": 1 }),
        json!({ "closeConnection": { "id": 1, "code": 1000 } }),
        json!({ "refuse": { "times": 2 } }),
        json!({ "acceptThenClose": { "times": 1, "code": 1011 } }),
        json!({ "mute": true }),
        json!({ "stallReads": true }),
        json!({ "delayMs": 5 }),
        json!({ "delayKind": { "kind": "pong", "ms": 5 } }),
        json!({ "withhold": { "kind": "db_change", "on": true } }),
        json!({ "duplicateNext": null }),
        json!({ "reorderNext": "event" }),
        json!({ "rejectTopic": "orders" }),
        json!({ "expireToken": "t" }),
        json!({ "sendText": "{" }),
    ];
    for fault in faults {
        let (status, answer) = platform
            .control(Method::POST, "faults", fault.clone())
            .await;
        assert_eq!(status, 200, "{fault}: {answer}");
    }
    platform
        .control(Method::DELETE, "faults", Value::Null)
        .await;
    platform.connect().await.subscribe("orders").await;

    let refuse =
        json!({ "refuse": { "status": 503, "headers": { "Retry-After": "1" }, "times": 1 } });
    platform.control(Method::POST, "faults", refuse).await;
    assert_eq!(status(platform.dial(keyed("")).await), 503);
    for wrong in [
        json!({ "mute": 1 }),
        json!({ "delayKind": { "kind": "x", "ms": 1 } }),
        json!({}),
    ] {
        assert_eq!(platform.control(Method::POST, "faults", wrong).await.0, 400);
    }

    let switches = json!({ "echo": false, "acks": "without_id", "changeIntervalMs": 200 });
    assert_eq!(
        platform.control(Method::POST, "switches", switches).await.0,
        200
    );
    let now = platform.emulator.realtime().switches();
    assert!(
        !now.echo && now.change_interval.is_some() && !now.dedupe,
        "{now:?}"
    );
    assert_eq!(
        platform
            .control(Method::POST, "switches", json!({ "ehco": true }))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn the_wire_can_be_read_and_written_over_http() {
    let platform = Platform::with(Emulator::builder().control(true)).await;
    let mut client = platform.connect().await;
    client.subscribe("a/b").await;
    let (_, open) = platform
        .control(Method::GET, "connections", Value::Null)
        .await;
    assert_eq!(open[0]["topics"], json!(["a/b/proj_local"]));
    let publish = json!({ "topic": "a/b", "event": "e", "data": [1] });
    let (_, published) = platform.control(Method::POST, "publish", publish).await;
    assert_eq!(published, json!({ "subscribers": 1 }));
    assert_eq!(client.frame().await["data"], json!([1]));
    let (_, transcript) = platform
        .control(Method::GET, "transcript", Value::Null)
        .await;
    let lines: Vec<_> = transcript["entries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["direction"].clone(), entry["event"].clone()))
        .collect();
    assert_eq!(lines[0], (json!("in"), json!("opened")));
    assert_eq!(lines[1], (json!("in"), json!("text")));
    assert_eq!(lines.last(), Some(&(json!("out"), json!("text"))));
    platform
        .control(Method::DELETE, "transcript", Value::Null)
        .await;
    assert!(platform.emulator.realtime().transcript().is_empty());
}

#[tokio::test]
async fn without_the_controls_there_is_nothing_there() {
    let platform = Platform::start("").await;
    assert_eq!(
        platform
            .control(Method::GET, "transcript", Value::Null)
            .await
            .0,
        404
    );
}

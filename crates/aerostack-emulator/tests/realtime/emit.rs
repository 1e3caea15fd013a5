//! `socket.emit`: events from a server, without a WebSocket.

use aerostack_emulator::realtime::EmitRoom;
use reqwest::Method;
use serde_json::{Value, json};

use crate::platform::{Platform, answer};

impl Platform {
    async fn rpc(&self, body: Value) -> (u16, Value) {
        let request = self.request(Method::POST, "/internal/hooks/rpc");
        answer(request.bearer_auth(self.emulator.api_key()).json(&body)).await
    }

    async fn emit(&self, args: Value) -> (u16, Value) {
        self.rpc(json!({ "method": "socket.emit", "args": args, "projectId": "proj_local" }))
            .await
    }
}

#[tokio::test]
async fn an_emit_reaches_the_channels_subscribers() {
    let platform = Platform::start("").await;
    let mut client = platform.connect().await;
    let topic = client.subscribe("orders/eu").await;
    let done = platform
        .emit(json!(["shipped", { "orderId": 9007199254740993_i64 }, "orders/eu"]))
        .await;
    assert_eq!(done, (200, json!({ "success": true })));
    let event = client.frame().await;
    assert_eq!(
        event,
        json!({
            "type": "event", "topic": topic, "event": "shipped",
            "data": { "orderId": 9007199254740993_i64 }, "timestamp": event["timestamp"]
        })
    );
}

#[tokio::test]
async fn where_a_bare_room_is_follows_its_switch() {
    let platform = Platform::start("").await;
    let mut client = platform.connect().await;
    for topic in ["chat/general", "general"] {
        client.subscribe(topic).await;
    }
    let cases = [
        (EmitRoom::Chat, Some("chat/general/proj_local")),
        (EmitRoom::TableRule, Some("table/general/proj_local")),
        (EmitRoom::AsIs, None),
    ];
    for (rule, topic) in cases {
        platform
            .emulator
            .realtime()
            .configure(|switches| switches.emit_room = rule);
        platform.emit(json!(["e", null, "general"])).await;
        let topics: Vec<_> = client
            .pending()
            .await
            .into_iter()
            .map(|frame| frame["topic"].clone())
            .collect();
        assert_eq!(topics, topic.into_iter().collect::<Vec<_>>(), "{rule:?}");
    }
}

#[tokio::test]
async fn without_a_room_every_topic_gets_it() {
    let platform = Platform::start("").await;
    let mut client = platform.connect().await;
    for topic in ["b/b", "a/a"] {
        client.subscribe(topic).await;
    }
    for args in [json!(["e", 1]), json!(["e", 1, null])] {
        platform.emit(args).await;
        let topics: Vec<_> = client
            .pending()
            .await
            .into_iter()
            .map(|frame| frame["topic"].clone())
            .collect();
        assert_eq!(topics, ["a/a/proj_local", "b/b/proj_local"]);
    }
}

#[tokio::test]
async fn an_emit_that_does_not_fit_is_refused() {
    let platform = Platform::start("").await;
    let emit = |args: Value| json!({ "method": "socket.emit", "args": args });
    let cases = [
        (emit(json!([])), 400, "VALIDATION_ERROR"),
        (emit(json!(["e"])), 400, "VALIDATION_ERROR"),
        (emit(json!(["", 1])), 400, "VALIDATION_ERROR"),
        (emit(json!([7, 1])), 400, "VALIDATION_ERROR"),
        (emit(json!(["e", 1, 7])), 400, "VALIDATION_ERROR"),
        (emit(json!(["e", 1, "a//b"])), 400, "VALIDATION_ERROR"),
        (json!({ "method": "socket.emit" }), 400, "VALIDATION_ERROR"),
        (
            json!({ "method": "socket.explode", "args": [] }),
            404,
            "NOT_FOUND",
        ),
        (
            json!({ "method": "socket.emit", "args": ["e", 1], "projectId": "other" }),
            403,
            "FORBIDDEN",
        ),
    ];
    for (body, status, code) in cases {
        let (got, answer) = platform.rpc(body.clone()).await;
        assert_eq!(
            (got, &answer["code"]),
            (status, &json!(code)),
            "{body}: {answer}"
        );
    }
}

#[tokio::test]
async fn only_the_secret_key_emits() {
    let platform = Platform::start("").await;
    let body = json!({ "method": "socket.emit", "args": ["e", 1] });
    let cases = [
        (Some(platform.emulator.api_key()), 200),
        (Some(platform.emulator.public_key()), 403),
        (Some("wrong"), 401),
        (None, 401),
    ];
    for (key, status) in cases {
        let mut request = platform
            .request(Method::POST, "/internal/hooks/rpc")
            .json(&body);
        if let Some(key) = key {
            request = request.bearer_auth(key);
        }
        assert_eq!(answer(request).await.0, status, "{key:?}");
    }
}

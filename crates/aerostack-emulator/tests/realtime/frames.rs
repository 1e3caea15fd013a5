//! The frames of the protocol, one by one.

use std::time::Duration;

use aerostack_emulator::realtime::{Acks, Operation, ServerFilter};
use serde_json::value::RawValue;
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::Message;

use crate::client::{PROJECT, connect, connect_as, dial, hub, request};

#[tokio::test(start_paused = true)]
async fn a_ping_is_answered_with_a_pong() {
    let mut client = connect(&hub()).await;
    client.send(json!({ "type": "ping" })).await;
    assert_eq!(client.frame().await, json!({ "type": "pong" }));
}

#[tokio::test(start_paused = true)]
async fn subscribed_carries_the_full_topic_and_repeats() {
    let hub = hub();
    let mut client = connect(&hub).await;
    for topic in ["orders", "table/orders", "table/orders/proj_local"] {
        assert_eq!(client.subscribe(topic).await, "table/orders/proj_local");
    }
    assert_eq!(
        client.subscribe("chat/general").await,
        "chat/general/proj_local"
    );
    assert_eq!(hub.subscribers("orders"), 1);
    assert_eq!(
        hub.connections()[0].topics,
        ["chat/general/proj_local", "table/orders/proj_local"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_bad_frame_is_answered_with_an_error_and_the_connection_goes_on() {
    let mut client = connect(&hub()).await;
    let cases = [
        ("{", "INVALID_JSON", Value::Null),
        ("[1]", "INVALID_FRAME", Value::Null),
        (r#"{"type":"dance"}"#, "UNKNOWN_TYPE", Value::Null),
        (
            r#"{"type":"subscribe","topic":""}"#,
            "INVALID_TOPIC",
            json!(""),
        ),
        (
            r#"{"type":"subscribe","topic":"a//b"}"#,
            "INVALID_TOPIC",
            json!("a//b"),
        ),
        (
            r#"{"type":"track","topic":"a/b","state":[]}"#,
            "INVALID_FRAME",
            json!("a/b"),
        ),
        (
            r#"{"type":"chat","roomId":"","text":"x"}"#,
            "INVALID_TOPIC",
            json!(""),
        ),
    ];
    for (text, code, topic) in cases {
        client.send_text(text).await;
        let error = client.frame().await;
        assert_eq!(
            (&error["type"], &error["code"]),
            (&json!("error"), &json!(code)),
            "{text}"
        );
        assert_eq!(error["topic"], topic, "{text}: {error}");
        assert!(
            error["message"]
                .as_str()
                .is_some_and(|message| !message.is_empty())
        );
    }
    client.send_message(Message::binary(vec![1, 2])).await;
    assert_eq!(client.frame().await["code"], "INVALID_FRAME");
    assert_eq!(client.pending().await, [] as [Value; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_publish_reaches_every_subscriber_with_user_and_time() {
    let hub = hub();
    let (mut ada, mut bob, mut eve) = (
        connect_as(&hub, "ada").await,
        connect_as(&hub, "bob").await,
        connect_as(&hub, "eve").await,
    );
    ada.subscribe("desk/north").await;
    bob.subscribe("desk/north").await;
    eve.subscribe("desk/south").await;
    ada.send(json!({
        "type": "publish", "topic": "desk/north", "event": "moved", "data": { "x": 4 }, "id": "m-1"
    }))
    .await;
    let mut seen = ada.pending().await;
    assert_eq!(
        seen.pop().unwrap(),
        json!({ "type": "ack", "id": "m-1", "topic": "desk/north/proj_local" })
    );
    let event = seen.pop().unwrap();
    assert!(
        event["timestamp"]
            .as_i64()
            .is_some_and(|ms| ms > 1_600_000_000_000)
    );
    assert_eq!(
        event,
        json!({
            "type": "event", "topic": "desk/north/proj_local", "event": "moved", "data": { "x": 4 },
            "userId": "ada", "timestamp": event["timestamp"]
        })
    );
    assert_eq!(bob.pending().await, [event]);
    assert_eq!(eve.pending().await, [] as [Value; 0]);
}

#[tokio::test(start_paused = true)]
async fn data_passes_byte_for_byte() {
    let hub = hub();
    let mut client = connect(&hub).await;
    client.subscribe("a/b").await;
    for data in [
        "18446744073709551615",
        "9007199254740993",
        "1e400",
        "\"\\u0000\"",
        "null",
        "[]",
        "{\"a\":{\"a\":0.10}}",
    ] {
        let frame = format!(r#"{{"type":"publish","topic":"a/b","event":"e","data":{data}}}"#);
        client.send_text(&frame).await;
        let text = client.text().await;
        assert!(text.contains(&format!(r#""data":{data},"#)), "{text}");
        assert_eq!(client.frame().await["type"], "ack");
    }
}

#[tokio::test(start_paused = true)]
async fn acks_echo_and_repeats_follow_their_switches() {
    let hub = hub();
    let topic = "a/b/proj_local";
    let (id, none) = (
        json!({ "type": "ack", "id": "7", "topic": topic }),
        json!({ "type": "ack", "topic": topic }),
    );
    for (acks, ack) in [
        (Acks::WithId, Some(id)),
        (Acks::WithoutId, Some(none)),
        (Acks::Off, None),
    ] {
        for echo in [true, false] {
            hub.configure(|switches| (switches.acks, switches.echo) = (acks, echo));
            let mut client = connect(&hub).await;
            client.subscribe("a/b").await;
            client
                .send(json!({ "type": "publish", "topic": "a/b", "event": "e", "data": 1, "id": "7" }))
                .await;
            let mut frames = client.pending().await;
            if let Some(ack) = &ack {
                assert_eq!(frames.pop().as_ref(), Some(ack));
            }
            assert_eq!(
                frames.len(),
                usize::from(echo),
                "{acks:?} {echo}: {frames:?}"
            );
        }
    }
    hub.configure(|switches| {
        (switches.acks, switches.echo, switches.dedupe) = (Acks::WithId, true, true)
    });
    let mut client = connect(&hub).await;
    client.subscribe("a/b").await;
    let publish = json!({ "type": "publish", "topic": "a/b", "event": "e", "data": 1, "id": "8" });
    client.send(publish.clone()).await;
    client.send(publish).await;
    let kinds: Vec<_> = client
        .pending()
        .await
        .iter()
        .map(|frame| frame["type"].clone())
        .collect();
    assert_eq!(kinds, ["event", "ack", "ack"]);
}

#[tokio::test(start_paused = true)]
async fn chat_reaches_the_room() {
    let hub = hub();
    let mut client = connect_as(&hub, "ada").await;
    client.subscribe("chat/lobby").await;
    client
        .send(json!({ "type": "chat", "roomId": "lobby", "text": "good morning", "metadata": { "lang": "en" } }))
        .await;
    let message = client.frame().await;
    assert_eq!(
        message,
        json!({
            "type": "chat_message", "topic": "chat/lobby/proj_local", "userId": "ada",
            "data": { "text": "good morning", "metadata": { "lang": "en" } }, "timestamp": message["timestamp"]
        })
    );
}

#[tokio::test(start_paused = true)]
async fn after_unsubscribe_nothing_comes() {
    let hub = hub();
    let mut client = connect(&hub).await;
    client.subscribe("a/b").await;
    client
        .send(json!({ "type": "unsubscribe", "topic": "a/b" }))
        .await;
    client.pending().await;
    assert_eq!(hub.publish("a/b", "e", &1), 0);
    assert_eq!(client.pending().await, [] as [Value; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_change_by_hand_has_the_form_of_the_databases() {
    let hub = hub();
    let mut client = connect(&hub).await;
    client.subscribe("orders").await;
    let old = RawValue::from_string(r#"{"id":1,"state":"due"}"#.into()).unwrap();
    let row = json!({ "id": 1, "state": "paid" });
    assert_eq!(hub.change("orders", Operation::Insert, &row, None), 1);
    assert_eq!(hub.change("orders", Operation::Update, &row, Some(&old)), 1);
    assert_eq!(hub.change("invoices", Operation::Insert, &row, None), 0);
    let (insert, update) = (client.frame().await, client.frame().await);
    let topic = format!("table/orders/{PROJECT}");
    assert_eq!(
        insert,
        json!({ "type": "db_change", "topic": topic, "operation": "INSERT", "data": row, "timestamp": insert["timestamp"] })
    );
    assert_eq!(
        update,
        json!({
            "type": "db_change", "topic": topic, "operation": "UPDATE", "data": row,
            "old": { "id": 1, "state": "due" }, "timestamp": update["timestamp"]
        })
    );
}

#[tokio::test(start_paused = true)]
async fn filters_count_only_when_switched_on() {
    for (mode, expected) in [(ServerFilter::Off, 2), (ServerFilter::Equality, 1)] {
        let hub = hub();
        hub.configure(|switches| switches.server_filter = mode);
        let mut client = connect(&hub).await;
        client
            .send(json!({ "type": "subscribe", "topic": "orders", "filter": { "state": "due" } }))
            .await;
        client.pending().await;
        hub.change(
            "orders",
            Operation::Insert,
            &json!({ "state": "due" }),
            None,
        );
        hub.change(
            "orders",
            Operation::Insert,
            &json!({ "state": "paid" }),
            None,
        );
        assert_eq!(client.pending().await.len(), expected, "{mode:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn changes_can_come_at_the_platforms_interval() {
    let hub = hub();
    hub.configure(|switches| switches.change_interval = Some(Duration::from_millis(200)));
    let mut client = connect(&hub).await;
    client.subscribe("orders").await;
    tokio::time::sleep(Duration::from_millis(330)).await;
    hub.change("orders", Operation::Insert, &json!({ "id": 1 }), None);
    hub.change("orders", Operation::Insert, &json!({ "id": 2 }), None);
    hub.publish("orders", "overtakes", &json!(null));
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(client.frame().await["data"]["id"].clone());
    }
    assert_eq!(ids, [Value::Null, json!(1), json!(2)]);
    let sent: Vec<_> = hub
        .transcript()
        .into_iter()
        .filter(|entry| entry.frame_type().as_deref() == Some("db_change"))
        .map(|entry| entry.at.as_millis())
        .collect();
    assert!(sent.iter().all(|at| (400..=402).contains(at)), "{sent:?}");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_runs_out_closes_the_connection_unless_it_is_renewed() {
    let hub = hub();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_secs();
    let token = |seconds: u64| {
        use base64::Engine;
        let claims = json!({ "sub": "usr_2", "exp": now + seconds }).to_string();
        format!(
            "h.{}.s",
            base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(claims)
        )
    };
    let upgrade = |token: &str| request("", &[&format!("aerostack-token.{token}"), "aerostack-v1"]);
    let mut lapsing = dial(&hub, upgrade(&token(60))).await.unwrap();
    let mut renewed = dial(&hub, upgrade(&token(60))).await.unwrap();
    tokio::time::sleep(Duration::from_secs(30)).await;
    renewed
        .send(json!({ "type": "auth", "token": token(120) }))
        .await;
    tokio::time::sleep(Duration::from_secs(40)).await;
    assert_eq!(lapsing.closed().await, Some(4401));
    assert_eq!(renewed.pending().await, [] as [Value; 0]);
    renewed
        .send(json!({ "type": "auth", "token": token(1) }))
        .await;
    assert_eq!(renewed.frame().await["code"], "AUTH_INVALID_TOKEN");
    assert_eq!(renewed.closed().await, Some(4401));
}

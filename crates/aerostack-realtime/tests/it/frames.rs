//! Promises 40 to 43: frames of every shape.

use std::time::Duration;

use aerostack_emulator::realtime::{FrameKind, Operation as Op, RawFrame, ServerFilter};
use aerostack_realtime::{ErrorKind, MessageKind, Operation};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::common::{PROJECT, message, next, ready, world};

#[derive(Debug, PartialEq, Deserialize)]
struct Order {
    id: u64,
    status: String,
}

fn order(id: u64, status: &str) -> Value {
    json!({"id": id, "status": status})
}

fn raw(value: &Value) -> Box<serde_json::value::RawValue> {
    serde_json::value::to_raw_value(value).unwrap()
}

#[tokio::test(start_paused = true)]
async fn changes_arrive_with_the_row_before_and_after() {
    let world = world();
    let client = world.client();
    let mut changes = client
        .channel("orders")
        .unwrap()
        .changes::<Order>()
        .subscribe()
        .await
        .unwrap();
    world
        .hub
        .change("orders", Op::Insert, &order(1, "due"), None);
    world.hub.change(
        "orders",
        Op::Update,
        &order(1, "paid"),
        Some(&raw(&order(1, "due"))),
    );
    world.hub.change(
        "orders",
        Op::Delete,
        &json!({"id": 1}),
        Some(&raw(&order(1, "paid"))),
    );
    let due = || Order {
        id: 1,
        status: "due".into(),
    };
    let paid = || Order {
        id: 1,
        status: "paid".into(),
    };
    for (operation, new, old) in [
        (Operation::Insert, Some(due()), None),
        (Operation::Update, Some(paid()), Some(due())),
        (Operation::Delete, None, Some(paid())),
    ] {
        let change = message(next(&mut changes).await);
        assert_eq!(
            (change.operation, change.new, change.old),
            (operation, new, old)
        );
        assert!(change.message.timestamp().is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn on_names_the_operations_wanted() {
    let world = world();
    let client = world.client();
    let orders = client.channel("orders").unwrap();
    let mut some = orders
        .changes::<Value>()
        .on(Operation::Insert)
        .on(Operation::Delete)
        .subscribe()
        .await
        .unwrap();
    for operation in [Op::Insert, Op::Update, Op::Delete] {
        world
            .hub
            .change("orders", operation, &order(1, "due"), None);
    }
    let seen: Vec<_> = ready(&mut some)
        .await
        .into_iter()
        .map(|item| message(item).operation)
        .collect();
    assert_eq!(seen, [Operation::Insert, Operation::Delete]);
}

#[tokio::test(start_paused = true)]
async fn promise_40_strange_frames_end_nothing() {
    let world = world();
    let client = world.client();
    let mut events = client
        .path("a")
        .unwrap()
        .events::<Value>("e")
        .subscribe()
        .await
        .unwrap();
    let topic = format!("a/{PROJECT}");
    let strange = [
        "",
        "null",
        "7",
        "[]",
        "{}",
        "{",
        "\u{0}",
        r#"{"type":null}"#,
        r#"{"type":"new_kind"}"#,
        r#"{"type":"event"}"#,
        r#"{"type":"event","topic":7}"#,
        r#"{"type":"subscribed"}"#,
        r#"{"type":"ack","id":{}}"#,
        r#"{"type":"event","topic":"x","topic":"y"}"#,
    ];
    for frame in strange {
        world.hub.send_raw(&RawFrame::text(frame));
    }
    world.hub.send_raw(&RawFrame::binary([1, 2, 3]));
    let all_types = [
        json!(null),
        json!(1),
        json!("x"),
        json!([1]),
        json!({"a": 1}),
        json!(true),
        json!(1.5),
    ];
    for data in &all_types {
        let frame = json!({"type": "event", "topic": topic, "event": "e", "data": data, "later": {"field": 1}});
        world.hub.send_raw(&RawFrame::text(frame.to_string()));
    }
    world.hub.send_raw(&RawFrame::text(format!(
        r#"{{"type":"event","topic":"{topic}","event":"e"}}"#
    )));
    for data in all_types.iter().chain([&json!(null)]) {
        assert_eq!(&message(next(&mut events).await).data, data);
    }
    let counters = client.counters();
    assert!(
        counters.malformed_frames >= 6 && counters.unknown_frames >= 3,
        "{counters:?}"
    );
    assert_eq!(world.dials().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn promise_40_duplicated_and_reordered_frames_are_delivered_as_they_come() {
    let world = world();
    let client = world.client();
    let mut events = client
        .path("a")
        .unwrap()
        .events::<u32>("e")
        .subscribe()
        .await
        .unwrap();
    world.hub.duplicate_next(FrameKind::Event);
    for n in 0..2 {
        world.hub.publish(&format!("a/{PROJECT}"), "e", &n);
    }
    world.hub.drained().await;
    world.hub.reorder_next(FrameKind::Event);
    for n in 2..4 {
        world.hub.publish(&format!("a/{PROJECT}"), "e", &n);
    }
    let seen: Vec<_> = ready(&mut events)
        .await
        .into_iter()
        .map(|item| message(item).data)
        .collect();
    assert_eq!(seen, [0, 0, 1, 3, 2]);
}

#[tokio::test(start_paused = true)]
async fn what_websocket_forbids_ends_the_connection_and_not_the_stream() {
    for frame in [
        RawFrame::text([0xff, 0xfe]),
        RawFrame::undefined_opcode(),
        RawFrame::reserved_bit(),
        RawFrame::text("x".repeat(200_000)),
    ] {
        let world = world();
        let client = world.builder().max_message_size(100_000).build().unwrap();
        let mut events = client
            .path("a")
            .unwrap()
            .events::<u32>("e")
            .subscribe()
            .await
            .unwrap();
        world.hub.send_raw(&frame);
        let status = client
            .status()
            .wait_for(|status| !status.is_connected())
            .await
            .unwrap();
        assert_eq!(
            status.cause().unwrap().kind(),
            ErrorKind::Protocol,
            "{frame:?}"
        );
        events.active().await.unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn promise_41_a_row_that_does_not_fit_is_one_error_with_the_row() {
    let world = world();
    let client = world.client();
    let mut changes = client
        .channel("orders")
        .unwrap()
        .changes::<Order>()
        .subscribe()
        .await
        .unwrap();
    world.hub.change(
        "orders",
        Op::Insert,
        &json!({"id": "seven", "status": "due"}),
        None,
    );
    world
        .hub
        .change("orders", Op::Insert, &order(8, "due"), None);
    let error = next(&mut changes).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert_eq!(error.raw(), Some(r#"{"id":"seven","status":"due"}"#));
    assert_eq!(message(next(&mut changes).await).new.unwrap().id, 8);
    assert_eq!(client.counters().decode_errors, 1);
}

#[tokio::test(start_paused = true)]
async fn promise_42_integers_of_64_bits_survive_both_ways() {
    let world = world();
    let client = world.client();
    let channel = client.path("a").unwrap();
    let mut events = channel.events::<Vec<u64>>("e").subscribe().await.unwrap();
    let numbers = vec![9_007_199_254_740_993, u64::MAX];
    channel.publish("e", &numbers).await.unwrap();
    assert_eq!(message(next(&mut events).await).data, numbers);
}

#[tokio::test(start_paused = true)]
async fn promise_43_kinds_are_kept_apart_by_the_frames_type() {
    let world = world();
    let client = world.client();
    let orders = client.channel("orders").unwrap();
    let mut changes = orders.changes::<Value>().subscribe().await.unwrap();
    let mut inserts = orders.events::<Value>("INSERT").subscribe().await.unwrap();
    let mut all = orders.all().subscribe().await.unwrap();
    ready(&mut all).await;
    for name in ["INSERT", "*"] {
        world
            .hub
            .publish(&format!("table/orders/{PROJECT}"), name, &json!({"id": 1}));
    }
    world
        .hub
        .change("orders", Op::Insert, &order(1, "due"), None);
    assert_eq!(ready(&mut changes).await.len(), 1);
    assert_eq!(ready(&mut inserts).await.len(), 1);
    let kinds: Vec<_> = ready(&mut all)
        .await
        .into_iter()
        .map(|item| message(item).kind())
        .collect();
    assert_eq!(
        kinds,
        [MessageKind::Event, MessageKind::Event, MessageKind::Change]
    );
}

#[tokio::test(start_paused = true)]
async fn promise_43_filters_give_the_same_rows_whoever_applies_them() {
    for filtering in [ServerFilter::Off, ServerFilter::Equality] {
        let world = world();
        world
            .hub
            .configure(|switches| switches.server_filter = filtering);
        let client = world.client();
        let orders = client.channel("orders").unwrap();
        let mut due = orders
            .changes::<Order>()
            .filter("status", "due")
            .subscribe()
            .await
            .unwrap();
        assert_eq!(
            world.sent("subscribe")[0].1["filter"],
            json!({"status": "due"})
        );
        let rows = [(1, "due"), (2, "paid"), (3, "due")];
        for (id, status) in rows {
            world
                .hub
                .change("orders", Op::Insert, &order(id, status), None);
        }
        let ids = |items: Vec<_>| {
            items
                .into_iter()
                .map(|item| {
                    message::<aerostack_realtime::Change<Order>>(item)
                        .new
                        .unwrap()
                        .id
                })
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(ready(&mut due).await), [1, 3], "{filtering:?}");

        // Another filter on the same channel: neither may starve the other.
        let mut paid = orders
            .changes::<Order>()
            .filter("status", "paid")
            .subscribe()
            .await
            .unwrap();
        world.settle().await;
        for (id, status) in rows {
            world
                .hub
                .change("orders", Op::Insert, &order(id, status), None);
        }
        assert_eq!(ids(ready(&mut due).await), [1, 3], "{filtering:?}");
        assert_eq!(ids(ready(&mut paid).await), [2], "{filtering:?}");
        world.hub.drop_all();
        client
            .status()
            .wait_for(|status| !status.is_connected())
            .await
            .unwrap();
        paid.active().await.unwrap();
        assert_eq!(
            world.sent("subscribe").last().unwrap().1.get("filter"),
            None
        );
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

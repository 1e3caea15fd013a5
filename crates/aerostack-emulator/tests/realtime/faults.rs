//! Faults, as a client meets them.

use std::io::ErrorKind;
use std::time::Duration;

use aerostack_emulator::realtime::{Direction, Event, FrameKind, RawFrame, Refusal};
use serde_json::{Value, json};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::client::{connect, dial, hub, keyed, request, status};
use crate::platform::Platform;

const SOON: Duration = Duration::from_secs(5);

#[tokio::test(start_paused = true)]
async fn a_drop_has_no_close_frame_and_a_close_has_its_code() {
    let hub = hub();
    let (mut a, mut b) = (connect(&hub).await, connect(&hub).await);
    hub.drop_all();
    assert_eq!((a.closed().await, b.closed().await), (None, None));
    for code in [1000, 1001, 1011, 4403] {
        let mut client = connect(&hub).await;
        hub.close_all(code);
        assert_eq!(client.closed().await, Some(code));
    }
    let mut client = connect(&hub).await;
    hub.deploy();
    assert_eq!(client.closed().await, Some(1012));
    hub.wait_until(|hub| hub.connections().is_empty()).await;
}

#[tokio::test(start_paused = true)]
async fn one_connection_of_several_can_be_cut() {
    let hub = hub();
    let (mut a, mut b) = (connect(&hub).await, connect(&hub).await);
    let ids: Vec<_> = hub
        .connections()
        .iter()
        .map(|connection| connection.id)
        .collect();
    hub.drop_connection(ids[0]);
    assert_eq!(a.closed().await, None);
    assert_eq!(b.pending().await, [] as [Value; 0]);
    hub.close_connection(ids[1], 1001);
    assert_eq!(b.closed().await, Some(1001));
}

#[tokio::test(start_paused = true)]
async fn an_upgrade_can_stay_unanswered() {
    let hub = hub();
    hub.refuse(Refusal::silence().times(1));
    assert!(timeout(SOON, dial(&hub, keyed(""))).await.is_err());
    connect(&hub).await;
}

#[tokio::test(start_paused = true)]
async fn connections_can_be_closed_right_after_they_open() {
    let hub = hub();
    hub.accept_then_close(2, Some(1011));
    assert_eq!(connect(&hub).await.closed().await, Some(1011));
    assert_eq!(connect(&hub).await.closed().await, Some(1011));
    hub.accept_then_close(1, None);
    assert_eq!(connect(&hub).await.closed().await, None);
    assert_eq!(connect(&hub).await.pending().await, [] as [Value; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_mute_hub_reads_and_answers_nothing() {
    let hub = hub();
    let mut client = connect(&hub).await;
    client.subscribe("a/b").await;
    hub.clear_transcript();
    hub.mute(true);
    client
        .send(json!({ "type": "subscribe", "topic": "c/d" }))
        .await;
    client.send_message(Message::Ping("x".into())).await;
    hub.publish("a/b", "lost", &1);
    assert!(timeout(SOON, async { client.next().await }).await.is_err());
    let transcript = hub.transcript();
    assert!(
        transcript
            .iter()
            .all(|entry| entry.direction == Direction::In),
        "{transcript:?}"
    );
    assert_eq!(transcript.len(), 2, "{transcript:?}");
    hub.mute(false);
    hub.publish("a/b", "heard", &1);
    assert_eq!(client.frame().await["event"], "heard");
    assert_eq!(hub.subscribers("c/d"), 0);
}

#[tokio::test(start_paused = true)]
async fn stalled_reads_go_on_where_they_stopped() {
    let hub = hub();
    let mut client = connect(&hub).await;
    hub.stall_reads(true);
    client.send(json!({ "type": "ping" })).await;
    hub.publish("a/b", "e", &1);
    assert!(timeout(SOON, async { client.next().await }).await.is_err());
    hub.stall_reads(false);
    assert_eq!(client.frame().await["type"], "pong");
}

#[tokio::test(start_paused = true)]
async fn frames_can_come_late_twice_swapped_or_never() {
    let hub = hub();
    let mut client = connect(&hub).await;
    client.subscribe("a/b").await;
    let started = tokio::time::Instant::now();
    hub.delay(Duration::from_millis(700));
    hub.publish("a/b", "one", &1);
    hub.delay(Duration::ZERO);
    hub.publish("a/b", "two", &1);
    assert_eq!(client.frame().await["event"], "one");
    assert_eq!(started.elapsed().as_millis() / 10, 70);
    assert_eq!(client.frame().await["event"], "two");

    hub.delay_kind(FrameKind::Subscribed, Duration::from_secs(3));
    client
        .send(json!({ "type": "subscribe", "topic": "orders" }))
        .await;
    assert_eq!(client.pending().await, [] as [Value; 0]);
    assert_eq!(client.frame().await["type"], "subscribed");
    hub.clear_faults();

    hub.duplicate_next(FrameKind::Event);
    hub.publish("a/b", "three", &1);
    let events = |frames: Vec<Value>| -> Vec<String> {
        frames
            .iter()
            .map(|frame| frame["event"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(events(client.pending().await), ["three", "three"]);

    hub.reorder_next(FrameKind::Event);
    hub.publish("a/b", "four", &1);
    hub.publish("a/b", "five", &1);
    assert_eq!(events(client.pending().await), ["five", "four"]);

    hub.withhold(FrameKind::Event, true);
    hub.publish("a/b", "six", &1);
    assert_eq!(client.pending().await, [] as [Value; 0]);
    hub.withhold(FrameKind::Event, false);
    hub.publish("a/b", "seven", &1);
    assert_eq!(events(client.pending().await), ["seven"]);
}

#[tokio::test(start_paused = true)]
async fn a_rejected_topic_is_an_error_that_names_it() {
    let hub = hub();
    hub.reject_topic("orders");
    let mut client = connect(&hub).await;
    client
        .send(json!({ "type": "subscribe", "topic": "orders" }))
        .await;
    let error = client.frame().await;
    assert_eq!(
        (&error["code"], &error["topic"]),
        (&json!("FORBIDDEN"), &json!("table/orders/proj_local"))
    );
    assert_eq!(
        client.subscribe("invoices").await,
        "table/invoices/proj_local"
    );
    let publish =
        json!({ "type": "publish", "topic": "orders", "event": "e", "data": 1, "id": "9" });
    client.send(publish).await;
    assert_eq!(client.frame().await["id"], "9");
}

#[tokio::test(start_paused = true)]
async fn an_expired_token_closes_its_connections_and_is_refused() {
    let hub = hub();
    let upgrade = || request("", &["aerostack-token.abc", "aerostack-v1"]);
    let mut client = dial(&hub, upgrade()).await.unwrap();
    let mut other = connect(&hub).await;
    hub.expire_token("abc");
    assert_eq!(client.closed().await, Some(4401));
    assert_eq!(status(dial(&hub, upgrade()).await), 401);
    assert_eq!(other.pending().await, [] as [Value; 0]);
}

#[tokio::test(start_paused = true)]
async fn raw_frames_arrive_as_they_are() {
    let hub = hub();
    let broken = [
        RawFrame::text(vec![0xff, 0xfe]),
        RawFrame::undefined_opcode(),
        RawFrame::reserved_bit(),
    ];
    for frame in broken {
        let mut client = connect(&hub).await;
        hub.send_raw(&frame);
        let got = client.next().await;
        assert!(matches!(got, Some(Err(_))), "{frame:?}: {got:?}");
        drop(client);
        hub.wait_until(|hub| hub.connections().is_empty()).await;
    }
    let mut client = connect(&hub).await;
    hub.send_raw(&RawFrame::text("{"));
    assert_eq!(client.text().await, "{");
    hub.send_raw(&RawFrame::fragments(["{\"type\":", "\"pong\"", "}"]));
    assert_eq!(client.frame().await, json!({ "type": "pong" }));
    hub.send_raw(&RawFrame::binary([1, 2, 3]));
    assert!(matches!(client.next().await, Some(Ok(Message::Binary(_)))));
    hub.send_raw(&RawFrame::ping("x"));
    assert!(matches!(client.next().await, Some(Ok(Message::Ping(_)))));
    client.pending().await;
    assert_eq!(hub.count(|entry| entry.event == Event::Pong), 1);
}

#[tokio::test(start_paused = true)]
async fn what_breaks_the_protocol_is_closed_with_the_right_code() {
    let hub = hub();
    hub.configure(|switches| switches.max_frame_bytes = 1000);
    let mut client = connect(&hub).await;
    client.send_text(&"x".repeat(1001)).await;
    assert_eq!(client.closed().await, Some(1009));
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_does_not_read_is_closed_before_memory_runs_out() {
    let hub = hub();
    hub.configure(|switches| switches.max_backlog_bytes = 1 << 20);
    let mut client = connect(&hub).await;
    client.subscribe("a/b").await;
    let chunk = "x".repeat(10_000);
    let mut sent = 0;
    while hub.publish("a/b", "e", &chunk) == 1 {
        sent += 1;
        tokio::task::yield_now().await;
        assert!(sent < 1000, "no limit");
    }
    assert!(sent > 100, "{sent}");
    assert_eq!(client.closed().await, Some(4429));
}

#[tokio::test]
async fn a_reset_reaches_a_socket_as_a_reset() {
    let platform = Platform::start("").await;
    let mut client = platform.connect().await;
    client.subscribe("a/b").await;
    platform.emulator.realtime().reset_all();
    match client.next().await {
        Some(Err(Error::Io(error))) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
        other => panic!("no reset but {other:?}"),
    }
}

//! Against the local platform over real sockets: the database, the history, a restart. Order and counts only; the clock
//! is the machine's.

use std::{collections::HashSet, time::Duration};

use aerostack_emulator::Emulator;
use aerostack_realtime::{ErrorKind, Item, Operation, Realtime, RealtimeBuilder, Recovery};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::timeout;

use crate::common::{message, next};

/// A test that waits longer than this waits for ever.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug, PartialEq, Deserialize)]
struct Order {
    id: i64,
    total: f64,
}

async fn platform() -> Emulator {
    Emulator::builder()
        .schema("CREATE TABLE orders (id INTEGER PRIMARY KEY, total REAL)")
        .start()
        .await
        .unwrap()
}

fn builder(emulator: &Emulator) -> RealtimeBuilder {
    Realtime::builder()
        .base_url(emulator.url())
        .api_key(emulator.api_key())
        .project_id(emulator.realtime().project_id())
        .backoff(Duration::from_millis(50), Duration::from_millis(200))
}

#[tokio::test]
async fn writes_to_the_database_arrive_as_rows() {
    let emulator = platform().await;
    let client = builder(&emulator).build().unwrap();
    let mut changes = client
        .channel("orders")
        .unwrap()
        .changes::<Order>()
        .subscribe()
        .await
        .unwrap();
    let seed = emulator.seed();
    for sql in [
        "INSERT INTO orders (id, total) VALUES (9007199254740993, 41.5)",
        "UPDATE orders SET total = 42.0",
        "DELETE FROM orders",
    ] {
        seed.sql(sql).await.unwrap();
    }
    let row = |total| {
        Some(Order {
            id: 9_007_199_254_740_993,
            total,
        })
    };
    for (operation, new, old) in [
        (Operation::Insert, row(41.5), None),
        (Operation::Update, row(42.0), row(41.5)),
        (Operation::Delete, None, row(42.0)),
    ] {
        let change = message(timeout(PATIENCE, next(&mut changes)).await.unwrap());
        assert_eq!(
            (change.operation, change.new, change.old),
            (operation, new, old)
        );
    }
    client.close().await;
    emulator.shutdown().await;
}

#[tokio::test]
async fn promise_16_what_was_persisted_during_an_outage_comes_after_the_gap_once_and_in_order() {
    let emulator = platform().await;
    let listening = builder(&emulator).build().unwrap();
    let publishing = builder(&emulator).build().unwrap();
    let mut events = listening
        .path("board/7")
        .unwrap()
        .events::<u32>("pin")
        .recover()
        .subscribe()
        .await
        .unwrap();
    let board = publishing.path("board/7").unwrap();
    for n in 0..10 {
        board.publish("pin", &n).persist().acked().await.unwrap();
    }
    for n in 0..10 {
        assert_eq!(
            message(timeout(PATIENCE, next(&mut events)).await.unwrap()).data,
            n
        );
    }
    let hub = emulator.realtime();
    for round in 0..3 {
        let connection = hub
            .connections()
            .into_iter()
            .find(|connection| !connection.topics.is_empty())
            .unwrap();
        hub.refuse(aerostack_emulator::realtime::Refusal::status(500).times(2));
        hub.drop_connection(connection.id);
        let first = 10 + round * 120;
        for n in first..first + 120 {
            board.publish("pin", &n).persist().acked().await.unwrap();
        }
        let gap = match timeout(PATIENCE, next(&mut events)).await.unwrap().unwrap() {
            Item::Gap(gap) => gap,
            other => panic!("{other:?}"),
        };
        assert_eq!(gap.recovery, Recovery::Complete);
        let mut recovered = 0;
        for n in first..first + 120 {
            let event = message(timeout(PATIENCE, next(&mut events)).await.unwrap());
            assert_eq!((event.data, &*event.name), (n, "pin"));
            recovered += usize::from(event.message.is_recovered());
        }
        assert_eq!(recovered, gap.recovered);
    }
    listening.close().await;
    publishing.close().await;
    emulator.shutdown().await;
}

#[tokio::test]
async fn promise_17_a_table_has_no_history_to_recover_from() {
    let emulator = platform().await;
    let client = builder(&emulator).build().unwrap();
    let mut changes = client
        .channel("orders")
        .unwrap()
        .changes::<Value>()
        .recover()
        .subscribe()
        .await
        .unwrap();
    emulator.realtime().drop_all();
    match timeout(PATIENCE, next(&mut changes))
        .await
        .unwrap()
        .unwrap()
    {
        Item::Gap(gap) => assert_eq!(gap.recovery, Recovery::Unavailable),
        other => panic!("{other:?}"),
    }
    client.close().await;
    emulator.shutdown().await;
}

#[tokio::test]
async fn promise_17_recovery_asks_for_pages_of_50_and_only_where_there_is_a_history() {
    let emulator = platform().await;
    let client = builder(&emulator).build().unwrap();
    let mut streams = Vec::new();
    for n in 0..20 {
        let channel = client.path(&format!("board/{n}")).unwrap();
        streams.push(
            channel
                .events::<u32>("pin")
                .recover()
                .subscribe()
                .await
                .unwrap(),
        );
    }
    let orders = client.channel("orders").unwrap();
    let table = orders
        .changes::<Value>()
        .recover()
        .subscribe()
        .await
        .unwrap();
    emulator.realtime().drop_all();
    for stream in &mut streams {
        match timeout(PATIENCE, next(stream)).await.unwrap().unwrap() {
            Item::Gap(gap) => assert_eq!(gap.recovery, Recovery::Complete),
            other => panic!("{other:?}"),
        }
    }
    drop(table);
    let asked: Vec<String> = emulator
        .received()
        .iter()
        .filter(|request| request.operation == Some("realtimeHistory"))
        .filter_map(|request| request.query.clone())
        .collect();
    assert_eq!(asked.len(), 20, "{asked:#?}");
    assert!(
        asked.iter().all(|request| request.contains("limit=50")),
        "{asked:#?}"
    );
    assert!(
        !asked.iter().any(|request| request.contains("table")),
        "{asked:#?}"
    );
    client.close().await;
    emulator.shutdown().await;
}

#[tokio::test]
async fn promise_39_history_is_read_page_by_page_and_its_refusals_are_errors() {
    let emulator = platform().await;
    let client = builder(&emulator).build().unwrap();
    let board = client.path("board/7").unwrap();
    client.connect().await.unwrap();
    for n in 0..230 {
        board
            .publish("pin", &json!({"n": n}))
            .persist()
            .acked()
            .await
            .unwrap();
    }
    let mut history = board.history().page_size(20);
    let (mut ids, mut numbers) = (HashSet::new(), Vec::new());
    while let Some(kept) = history.next().await.unwrap() {
        assert!(ids.insert(kept.id.clone()));
        numbers.push(kept.decode::<Value>().unwrap()["n"].as_u64().unwrap());
    }
    assert_eq!(numbers, (0..230).rev().collect::<Vec<_>>());
    client.close().await;

    let stranger = builder(&emulator).api_key("nobody").build().unwrap();
    let error = stranger
        .path("board/7")
        .unwrap()
        .history()
        .next()
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Unauthorized, Some(401))
    );
    emulator.shutdown().await;
}

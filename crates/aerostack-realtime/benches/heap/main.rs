//! Memory by exact count: the sizes among realtime's promises.
//!
//! Heap is that of the client's thread, where the client alone runs; the server's is on another.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark may"
)]

use std::time::Duration;

use aerostack_realtime::{Backpressure, Item, Message, Realtime, Subscription};
use aerostack_test_support::bench::{
    self as support, DESK, client, comparisons_only, event_frame, long, raw, runtime,
    server::{Play, Server},
    table::{Promise, Row, heading},
};
use allocation_counter::measure;
use tokio::runtime::Runtime;

fn main() {
    if !support::asked_for() {
        return;
    }
    heading("Memory");
    heap();
    heartbeat();
    if !comparisons_only() {
        cycles();
        flood();
    }
    println!();
}

fn kib(bytes: f64) -> String {
    format!("{:.1} KiB", bytes / 1024.0)
}

/// A connected client with idle subscriptions, and the heap that is in use for it.
fn idle(topics: usize) -> (f64, Runtime, Realtime, Vec<Subscription<Message>>) {
    let server = Server::start(Play::Confirm, topics);
    let names: Vec<String> = (0..topics).map(|at| format!("desk/room-{at}")).collect();
    let runtime = runtime();
    let mut kept = None;
    let used = measure(|| {
        kept = Some(runtime.block_on(async {
            let realtime = client(server.port).build().unwrap();
            realtime.connect().await.unwrap();
            let mut streams = Vec::with_capacity(topics);
            for name in &names {
                streams.push(realtime.path(name).unwrap().all().attach().await.unwrap());
            }
            for stream in &mut streams {
                stream.active().await.unwrap();
            }
            (realtime, streams)
        }));
    });
    let (realtime, streams) = kept.unwrap();
    (used.bytes_current as f64, runtime, realtime, streams)
}

fn heap() {
    let server = Server::start(Play::Confirm, 0);
    let runtime = runtime();
    let mut socket = None;
    let bare = measure(|| socket = Some(runtime.block_on(raw(server.port)))).bytes_current as f64;
    let alone = idle(0).0;
    Row::new(Promise(51), "heap of an idle client")
        .measured(kib(alone))
        .beside(format!(
            "a bare tokio-tungstenite connection: {}",
            kib(bare)
        ))
        .ratio(format!("{:.1} times as much", alone / bare))
        .target("400 KiB", alone < 400.0 * 1024.0)
        .print();
    for topics in [1_000, 10_000] {
        let used = idle(topics).0;
        let each = (used - alone) / topics as f64;
        Row::new(Promise(51), format!("heap with {topics} subscriptions"))
            .measured(kib(used))
            .beside(format!("an idle client: {}", kib(alone)))
            .ratio(format!("{each:.0} B more for each"))
            .target("2 KiB for each", each < 2048.0)
            .print();
    }
}

fn heartbeat() {
    let server = Server::start(Play::Confirm, 0);
    let runtime = runtime();
    let every = Duration::from_millis(5);
    let realtime = runtime.block_on(async {
        let settings = client(server.port).heartbeat(every, Duration::from_secs(10));
        let realtime = settings.build().unwrap();
        realtime.connect().await.unwrap();
        tokio::time::sleep(every * 10).await;
        realtime
    });
    let before = realtime.counters().frames_out;
    let wait = || runtime.block_on(async { tokio::time::sleep(every * 200).await });
    let allocated = measure(wait).count_total as f64;
    let beats = (realtime.counters().frames_out - before) as f64;
    let each = allocated / beats;
    Row::new(Promise(51), "allocations for a heartbeat and its answer")
        .measured(format!("{each:.2}"))
        .beside(format!("{beats} heartbeats"))
        .target("none beyond the frames' 2", each <= 2.05)
        .print();
}

/// Losing the connection over and over.
fn cycles() {
    const TOPICS: usize = 10;
    let count = if long() { 10_000 } else { 1_000 };
    let server = Server::start(Play::Confirm, TOPICS);
    let runtime = runtime();
    let short = Duration::from_millis(1);
    let settings = client(server.port).backoff(short, short);
    let mut kept = None;
    let first = measure(|| {
        kept = Some(runtime.block_on(async {
            let realtime = settings.build().unwrap();
            let mut streams = Vec::new();
            for at in 0..TOPICS {
                let channel = realtime.path(&format!("desk/room-{at}")).unwrap();
                streams.push(channel.all().attach().await.unwrap());
            }
            for stream in &mut streams {
                stream.active().await.unwrap();
            }
            (realtime, streams)
        }));
    })
    .bytes_current;
    let (realtime, mut streams) = kept.unwrap();
    server.subscribed();
    let before = (first + lose(&server, &runtime, &mut streams, 100)) as f64;
    let grown = lose(&server, &runtime, &mut streams, count) as f64;
    Row::new(
        Promise(13),
        format!("heap after {count} lost connections, {TOPICS} subscriptions"),
    )
    .measured(kib(before + grown))
    .beside(format!("after the first 100: {}", kib(before)))
    .ratio(format!("{:+.2} %", grown / before * 100.0))
    .target("within 5 %", grown.abs() <= before * 0.05)
    .print();
    drop(realtime);
}

/// Loses the connection so many times; gives by how much the heap grew. What the server's side allocated may be freed by
/// whoever calls it, so that is left out.
fn lose(
    server: &Server,
    runtime: &Runtime,
    streams: &mut [Subscription<Message>],
    times: usize,
) -> i64 {
    let mut grown = 0;
    for _ in 0..times {
        server.drop_connections();
        let back = measure(|| {
            runtime.block_on(async {
                for stream in &mut *streams {
                    let item = stream.next().await.unwrap().unwrap();
                    assert!(matches!(item, Item::Gap(_)), "{item:?}");
                }
            });
        });
        grown += back.bytes_current;
        server.subscribed();
    }
    grown
}

/// A flood with a consumer that never reads.
fn flood() {
    let seconds = if long() { 60 } else { 5 };
    let server = Server::start(Play::Steady(event_frame(), 100_000), 1);
    let runtime = runtime();
    let mut counters = None;
    let used = measure(|| {
        runtime.block_on(async {
            let realtime = client(server.port).build().unwrap();
            let channel = realtime.topic(DESK).unwrap();
            let stream = channel.all().backpressure(Backpressure::DropOldest);
            let mut stream = stream.subscribe().await.unwrap();
            tokio::time::sleep(Duration::from_secs(seconds)).await;
            counters = Some(realtime.counters());
            let first = stream.next().await.unwrap().unwrap();
            assert!(matches!(first, Item::Lagged(_)), "{first:?}");
            realtime.close().await;
        });
    });
    let counters = counters.unwrap();
    Row::new(
        Promise(19),
        format!("peak heap, {seconds} s at 100,000 messages a second nobody reads"),
    )
    .measured(kib(used.bytes_max as f64))
    .beside(format!(
        "{} messages, {} of them dropped",
        counters.frames_in, counters.dropped
    ))
    .target("16 MiB", used.bytes_max < 16 << 20)
    .print();
}

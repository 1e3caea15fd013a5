//! Memory by exact count, and waits that must be short: `cargo xtask bench realtime` runs this after the speed.
//!
//! Heap is that of the client's thread, where the client alone runs; the server's is on another.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark may"
)]

#[path = "../support/mod.rs"]
mod support;

use std::time::{Duration, Instant};

use aerostack_realtime::{Backpressure, ErrorKind, Item, Message, Realtime, Subscription};
use allocation_counter::measure;
use futures_util::StreamExt;
use support::{
    DESK, client, event_frame, raw, runtime,
    server::{Play, Server},
    table::{head, heading, millis, row, verdict},
};
use tokio::runtime::Runtime;

fn main() {
    if !support::asked_for() {
        return;
    }
    heading("Memory and waits");
    head(&["what", "measured", "beside it", "target"]);
    heap();
    heartbeat();
    flood();
    close();
    indeterminate();
    println!();
}

fn kib(bytes: f64) -> String {
    format!("{:.1} KiB", bytes / 1024.0)
}

fn report(promise: u8, what: &str, measured: String, beside: String, target: String) {
    row(&[
        format!("{what} (promise {promise})"),
        measured,
        beside,
        target,
    ]);
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
    report(
        51,
        "heap of an idle client",
        kib(alone),
        format!("a bare tokio-tungstenite connection: {}", kib(bare)),
        verdict("400 KiB", alone < 400.0 * 1024.0),
    );
    for topics in [1_000, 10_000] {
        let used = idle(topics).0;
        let each = (used - alone) / topics as f64;
        report(
            51,
            &format!("heap with {topics} subscriptions"),
            kib(used),
            format!("{each:.0} B for each"),
            verdict("2 KiB for each", each < 2048.0),
        );
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
    report(
        51,
        "allocations for each heartbeat and its answer",
        format!("{:.2}", allocated / beats),
        format!("{beats} heartbeats"),
        "none beyond the frames".to_owned(),
    );
}

/// A flood with a consumer that never reads.
fn flood() {
    const SECONDS: u64 = 5;
    let server = Server::start(Play::Steady(event_frame(), 100_000), 1);
    let runtime = runtime();
    let mut counters = None;
    let used = measure(|| {
        runtime.block_on(async {
            let realtime = client(server.port).build().unwrap();
            let stream = realtime.topic(DESK).unwrap().all();
            let mut stream = stream
                .backpressure(Backpressure::DropOldest)
                .subscribe()
                .await
                .unwrap();
            tokio::time::sleep(Duration::from_secs(SECONDS)).await;
            counters = Some(realtime.counters());
            let first = stream.next().await.unwrap().unwrap();
            assert!(matches!(first, Item::Lagged(_)), "{first:?}");
            realtime.close().await;
        });
    });
    let counters = counters.unwrap();
    report(
        19,
        "peak heap under a flood nobody reads",
        kib(used.bytes_max as f64),
        format!(
            "{} messages in {SECONDS} s, {} of them dropped",
            counters.frames_in, counters.dropped
        ),
        verdict("16 MiB", used.bytes_max < 16 << 20),
    );
}

fn close() {
    let server = Server::start(Play::Mute, 0);
    let took = runtime().block_on(async {
        let realtime = client(server.port).build().unwrap();
        realtime.connect().await.unwrap();
        let start = Instant::now();
        realtime.close().await;
        start.elapsed()
    });
    report(
        12,
        "close against a mute server",
        millis(took),
        String::new(),
        verdict("1 s", took < Duration::from_secs(1)),
    );
}

fn indeterminate() {
    let server = Server::start(Play::Confirm, 0);
    let took = runtime().block_on(async {
        let realtime = client(server.port).build().unwrap();
        realtime.connect().await.unwrap();
        let channel = realtime.topic(DESK).unwrap();
        let publishing = tokio::spawn(async move { channel.publish_acked("pin", &1).await });
        tokio::time::sleep(Duration::from_millis(50)).await;
        let start = Instant::now();
        server.drop_connections();
        let error = publishing.await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Indeterminate);
        let took = start.elapsed();
        realtime.close().await;
        took
    });
    report(
        26,
        "from the loss to `Indeterminate`",
        millis(took),
        String::new(),
        verdict("100 ms", took < Duration::from_millis(100)),
    );
}

//! The client against the bare library doing the same work, in the same run: the rates among realtime's promises.
//!
//! Runs alternate, and each ratio is the median of ratios of neighbors, because a shared machine's speed drifts.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark may"
)]

use std::{
    collections::HashMap,
    hint::black_box,
    time::{Duration, Instant},
};

use aerostack_realtime::{Backpressure, Change, Event, Item};
use aerostack_test_support::bench::{
    self as support, DESK, ORDERS, Order, PROJECT, Pin, change_frame, client, event_frame, raw,
    runtime,
    server::{Play, Server},
    table::{NO_PROMISE, Promise, Row, heading, micros, millions, millis, percentile, spread},
    worked,
};
use futures_util::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;

/// Pairs of runs, and how long each counts.
const PAIRS: usize = 7;
const RUN: Duration = Duration::from_millis(600);
const WARM_UP: usize = 20_000;

/// Counts how often the expression is evaluated in a second of this thread's work, after a warm-up.
macro_rules! rate {
    ($one:expr) => {{
        for _ in 0..WARM_UP {
            $one;
        }
        let (start, before, mut count) = (Instant::now(), worked(), 0_u64);
        while start.elapsed() < RUN {
            for _ in 0..1_000 {
                $one;
            }
            count += 1_000;
        }
        count as f64 / (worked() - before).as_secs_f64()
    }};
}
fn main() {
    if !support::asked_for() {
        return;
    }
    heading("Speed");
    inbound(
        Promise(48),
        "typed `event` stream, 189 B",
        500_000.0,
        &event_frame(),
        event,
        baseline::<Pin>(DESK),
    );
    inbound(
        Promise(49),
        "typed `db_change` stream, 395 B",
        300_000.0,
        &change_frame(),
        change,
        baseline::<Order>(ORDERS),
    );
    outbound();
    echo();
    resubscribe(1_000);
    resubscribe(10_000);
    println!();
}

/// Messages for each second of work, in one run against a server that floods.
type Run = Box<dyn Fn(u16) -> f64>;

fn inbound(
    promise: Promise,
    what: &str,
    least: f64,
    frame: &str,
    ours: fn(u16) -> f64,
    theirs: Run,
) {
    let server = Server::start(Play::Flood(frame.to_owned()), 1);
    let (mut client, mut base) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        base.push(theirs(server.port));
        client.push(ours(server.port));
    }
    compare(promise, what, client, base, (0.8, least));
}

fn compare(
    promise: Promise,
    what: &str,
    client: Vec<f64>,
    base: Vec<f64>,
    (share, least): (f64, f64),
) {
    let ratio = spread(
        client
            .iter()
            .zip(&base)
            .map(|(ours, theirs)| ours / theirs)
            .collect(),
    );
    let rate = spread(client).median;
    Row::new(promise, what)
        .measured(millions(rate))
        .beside(format!(
            "same work on tokio-tungstenite: {}",
            millions(spread(base).median)
        ))
        .ratio(format!(
            "**{:.0} %** ({:.0} to {:.0})",
            ratio.median * 100.0,
            ratio.low * 100.0,
            ratio.high * 100.0
        ))
        .target(
            &format!("{:.0} %, and {}", share * 100.0, millions(least)),
            ratio.median >= share && rate >= least,
        )
        .print();
}

fn event(port: u16) -> f64 {
    runtime().block_on(async {
        let client = client(port).build().unwrap();
        let channel = client.topic(DESK).unwrap();
        let stream = channel
            .events::<Pin>("pin-moved")
            .backpressure(Backpressure::Block);
        let mut stream = stream.subscribe().await.unwrap();
        let rate = rate!(match stream.next().await.unwrap().unwrap() {
            Item::Message(event) => check_event(&event),
            other => panic!("{other:?}"),
        });
        client.close().await;
        rate
    })
}

fn check_event(event: &Event<Pin>) {
    let Pin { x, y, label } = &event.data;
    black_box((&event.name, x, y, label));
}

fn change(port: u16) -> f64 {
    runtime().block_on(async {
        let client = client(port).build().unwrap();
        let channel = client.topic(ORDERS).unwrap();
        let stream = channel.changes::<Order>().backpressure(Backpressure::Block);
        let mut stream = stream.subscribe().await.unwrap();
        let rate = rate!(match stream.next().await.unwrap().unwrap() {
            Item::Message(change) => check_change(&change),
            other => panic!("{other:?}"),
        });
        client.close().await;
        rate
    })
}

fn check_change(change: &Change<Order>) {
    for row in [&change.new, &change.old].into_iter().flatten() {
        black_box((&row.id, &row.status, row.total, &row.customer));
    }
}

/// The least a program needs that is to route frames to typed consumers: an envelope that borrows, a lookup of the
/// topic, a copy of the payload, a bounded channel to the consumer's task, and the decoding there.
fn baseline<T: DeserializeOwned + 'static>(topic: &'static str) -> Run {
    #[derive(Deserialize)]
    struct Envelope<'f> {
        r#type: &'f str,
        topic: &'f str,
        #[serde(borrow)]
        event: Option<&'f str>,
        #[serde(borrow)]
        operation: Option<&'f str>,
        #[serde(borrow)]
        data: &'f RawValue,
        #[serde(borrow)]
        old: Option<&'f RawValue>,
        #[serde(borrow, rename = "userId")]
        user_id: Option<&'f str>,
        timestamp: i64,
    }

    Box::new(move |port| {
        runtime().block_on(async {
            let mut socket = raw(port).await;
            let subscribe = format!(r#"{{"type":"subscribe","topic":"{topic}"}}"#);
            socket.send(Message::text(subscribe)).await.unwrap();
            let mut routes = HashMap::new();
            let (sender, mut consumer) =
                mpsc::channel::<(Box<str>, Box<str>, Option<Box<str>>, i64)>(1024);
            routes.insert(topic.to_owned(), sender);
            let reader = tokio::spawn(async move {
                while let Some(Ok(message)) = socket.next().await {
                    let Message::Text(text) = message else {
                        continue;
                    };
                    // The confirmation is no such envelope.
                    let Ok(envelope) = serde_json::from_str::<Envelope<'_>>(&text) else {
                        continue;
                    };
                    black_box((envelope.r#type, envelope.user_id));
                    let Some(route) = routes.get(envelope.topic) else {
                        continue;
                    };
                    let name = envelope
                        .event
                        .or(envelope.operation)
                        .unwrap_or_default()
                        .into();
                    let old = envelope.old.map(|old| old.get().into());
                    let copy = (name, envelope.data.get().into(), old, envelope.timestamp);
                    if route.send(copy).await.is_err() {
                        return;
                    }
                }
            });
            let rate = rate!({
                let (name, data, old, timestamp) = consumer.recv().await.unwrap();
                let data: T = serde_json::from_str(&data).unwrap();
                let old: Option<T> = old.map(|old| serde_json::from_str(&old).unwrap());
                black_box((name, data, old, timestamp));
            });
            reader.abort();
            rate
        })
    })
}

/// What is published in all outgoing measurements.
#[derive(Serialize)]
struct Move {
    x: i64,
    y: i64,
    label: &'static str,
}

const MOVE: Move = Move {
    x: 4,
    y: 9,
    label: "the harbour, seen from the old customs",
};
const SENT: usize = 150_000;

fn outbound() {
    let server = Server::start(Play::Sink, 0);
    let (mut client, mut base) = (Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        base.push(batched(server.port));
        client.push(published(server.port));
    }
    compare(
        Promise(50),
        "publish, 189 B",
        client,
        base,
        (0.9, 500_000.0),
    );
}

fn published(port: u16) -> f64 {
    runtime().block_on(async {
        let client = client(port).build().unwrap();
        client.connect().await.unwrap();
        let channel = client.topic(DESK).unwrap();
        channel.publish("pin-moved", &MOVE).sent().await.unwrap();
        let start = worked();
        for _ in 1..SENT {
            channel.publish("pin-moved", &MOVE).await.unwrap();
        }
        channel.publish("pin-moved", &MOVE).sent().await.unwrap();
        let rate = SENT as f64 / (worked() - start).as_secs_f64();
        client.close().await;
        rate
    })
}

/// The same frames, made with an id each, 256 to a flush.
fn batched(port: u16) -> f64 {
    runtime().block_on(async {
        let mut socket = raw(port).await;
        let start = worked();
        for count in 1..=SENT {
            socket
                .feed(Message::text(publish_frame(count)))
                .await
                .unwrap();
            if count % 256 == 0 {
                socket.flush().await.unwrap();
            }
        }
        socket.flush().await.unwrap();
        SENT as f64 / (worked() - start).as_secs_f64()
    })
}

fn publish_frame(count: usize) -> String {
    #[derive(Serialize)]
    struct Publish<'p> {
        r#type: &'static str,
        topic: &'p str,
        event: &'p str,
        data: Move,
        id: String,
    }
    let frame = Publish {
        r#type: "publish",
        topic: DESK,
        event: "pin-moved",
        data: MOVE,
        id: format!("00000000-0000-4000-8000-{count:012x}"),
    };
    serde_json::to_string(&frame).unwrap()
}

const ROUNDS: usize = 2_000;

fn echo() {
    let server = Server::start(Play::Echo(event_frame()), 1);
    let (mut client, mut base) = (Vec::new(), Vec::new());
    for _ in 0..3 {
        base.extend(raw_echo(server.port));
        client.extend(client_echo(server.port));
    }
    for (promise, name, share) in [(Promise(50), "p50", 0.5), (NO_PROMISE, "p99", 0.99)] {
        let (ours, theirs) = (percentile(&mut client, share), percentile(&mut base, share));
        let added = (ours.as_secs_f64() - theirs.as_secs_f64()) * 1e6;
        let row = Row::new(promise, format!("echo of an isolated publish, {name}"))
            .measured(micros(ours))
            .beside(format!("tokio-tungstenite: {}", micros(theirs)))
            .ratio(format!("{added:+.1} us"));
        match name {
            "p50" => row.target("50 us more", added < 50.0),
            _ => row,
        }
        .print();
    }
}

fn client_echo(port: u16) -> Vec<Duration> {
    runtime().block_on(async {
        let client = client(port).build().unwrap();
        let channel = client.topic(DESK).unwrap();
        let mut stream = channel
            .events::<Pin>("pin-moved")
            .subscribe()
            .await
            .unwrap();
        let mut times = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let start = Instant::now();
            channel.publish("pin-moved", &MOVE).await.unwrap();
            black_box(stream.next().await.unwrap().unwrap());
            times.push(start.elapsed());
        }
        client.close().await;
        times
    })
}

fn raw_echo(port: u16) -> Vec<Duration> {
    runtime().block_on(async {
        let mut socket = raw(port).await;
        let subscribe = format!(r#"{{"type":"subscribe","topic":"{DESK}"}}"#);
        socket.send(Message::text(subscribe)).await.unwrap();
        black_box(socket.next().await.unwrap().unwrap());
        let mut times = Vec::with_capacity(ROUNDS);
        for count in 0..ROUNDS {
            let start = Instant::now();
            socket
                .send(Message::text(publish_frame(count)))
                .await
                .unwrap();
            black_box(socket.next().await.unwrap().unwrap());
            times.push(start.elapsed());
        }
        times
    })
}

/// From the end of the upgrade to the last `subscribe`, as the server sees it.
fn resubscribe(topics: usize) {
    let server = Server::start(Play::Confirm, topics);
    let names: Vec<String> = (0..topics).map(|at| format!("desk/room-{at}")).collect();
    let mut client: Vec<f64> = Vec::new();
    runtime().block_on(async {
        let short = Duration::from_millis(1);
        let realtime = support::client(server.port)
            .backoff(short, short)
            .build()
            .unwrap();
        let mut streams = Vec::new();
        for name in &names {
            streams.push(realtime.path(name).unwrap().all().attach().await.unwrap());
        }
        for stream in &mut streams {
            stream.active().await.unwrap();
        }
        server.subscribed();
        for _ in 0..PAIRS {
            let connections = realtime.counters().connections;
            server.drop_connections();
            while realtime.counters().connections == connections {
                tokio::time::sleep(short).await;
            }
            for stream in &mut streams {
                stream.active().await.unwrap();
            }
            client.push(server.subscribed().took.as_secs_f64());
        }
        realtime.close().await;
    });
    let frames: Vec<Message> = names
        .iter()
        .map(|name| format!(r#"{{"type":"subscribe","topic":"{name}/{PROJECT}"}}"#).into())
        .collect();
    let base = (0..PAIRS).map(|_| {
        runtime().block_on(async {
            let mut socket = raw(server.port).await;
            for frame in &frames {
                socket.feed(frame.clone()).await.unwrap();
            }
            socket.flush().await.unwrap();
            server.subscribed().took.as_secs_f64()
        })
    });
    let (ours, theirs) = (spread(client), spread(base.collect()));
    let (promise, limit) = match topics {
        1_000 => (Promise(2), Some(0.25)),
        _ => (NO_PROMISE, None),
    };
    let row = Row::new(
        promise,
        format!("{topics} subscriptions on the wire again, from the upgrade to the last"),
    )
    .measured(millis(Duration::from_secs_f64(ours.median)))
    .beside(format!(
        "frames made before, one write: {}",
        millis(Duration::from_secs_f64(theirs.median))
    ))
    .ratio(format!("{:.1} times as long", ours.median / theirs.median));
    match limit {
        Some(limit) => row.target(&format!("{:.0} ms", limit * 1e3), ours.median < limit),
        None => row,
    }
    .print();
}

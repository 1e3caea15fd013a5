//! The figures among realtime's promises, each beside a baseline that does the same work in the same run.
//!
//! `cargo xtask bench promises`, or `cargo bench -p aerostack-realtime --bench promises`. The baseline is plain
//! tokio-tungstenite with an envelope, a lookup of the topic and the same typed decode. Ratios travel between machines,
//! messages per second do not.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a program for the terminal"
)]

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::{Duration, Instant},
};

use aerostack_realtime::{Backpressure, Item, Realtime};
use futures_util::{SinkExt, StreamExt};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json, value::RawValue};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::{
    WebSocketStream, accept_async, client_async,
    tungstenite::{Message, protocol::WebSocketConfig},
};

/// Messages of one run, and runs; the best counts, since everything else on the machine only slows.
const MESSAGES: u64 = 400_000;
const RUNS: usize = 3;
const TOPIC: &str = "desk/north/proj_7f";
const TABLE: &str = "table/orders/proj_7f";

fn main() {
    // `cargo test --benches` asks only whether it builds and runs.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    println!("{}", machine());
    let event = json!({"type": "event", "topic": TOPIC, "event": "pin-moved", "data": {"x": 4, "y": 9, "label": "north-east corner"}, "userId": "usr_2", "timestamp": 1_770_000_010_001_u64, "seq": "0123456789"}).to_string();
    let row = json!({"id": "inv_000001", "status": "paid", "total": 41.5, "customer": "Ines Andrade", "note": "left at the door"});
    let change = json!({"type": "db_change", "topic": TABLE, "operation": "UPDATE", "data": row, "old": row, "timestamp": 1_770_000_005_123_u64}).to_string();
    read::<Pin>("48 events", TOPIC, &event);
    read::<Row>("49 changes", TABLE, &change);
    publish();
    latency();
    resubscribe();
    memory();
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[allow(dead_code, reason = "decoded to be decoded")]
struct Pin {
    x: i32,
    y: i32,
    label: String,
}

#[derive(Debug, Clone, Deserialize)]
#[allow(dead_code, reason = "decoded to be decoded")]
struct Row {
    id: String,
    status: String,
    total: f64,
    customer: String,
    note: String,
}

/// A server that answers subscriptions, counts what else it gets, and sends a frame as often as `flood` says.
struct Server {
    port: u16,
    received: Arc<AtomicU64>,
}

impl Server {
    fn start(frame: String, flood: u64) -> Self {
        let received = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&received);
        let (port, started) = std::sync::mpsc::channel();
        thread::spawn(move || {
            runtime().block_on(async {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                port.send(listener.local_addr().unwrap().port()).unwrap();
                while let Ok((stream, _)) = listener.accept().await {
                    stream.set_nodelay(true).unwrap();
                    tokio::spawn(serve(stream, frame.clone(), flood, Arc::clone(&counter)));
                }
            });
        });
        Self {
            port: started.recv().unwrap(),
            received,
        }
    }

    fn client(&self) -> Realtime {
        Realtime::builder()
            .base_url(format!("http://127.0.0.1:{}", self.port))
            .project_id("proj_7f")
            .backoff(Duration::from_millis(10), Duration::from_millis(10))
            .build()
            .unwrap()
    }

    async fn raw(&self) -> WebSocketStream<TcpStream> {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let url = format!("ws://127.0.0.1:{}/api/realtime", self.port);
        client_async(url, stream).await.unwrap().0
    }
}

async fn serve(stream: TcpStream, frame: String, flood: u64, received: Arc<AtomicU64>) {
    let mut socket = accept_async(stream).await.unwrap();
    while let Some(Ok(message)) = socket.next().await {
        let Message::Text(text) = message else {
            continue;
        };
        if text.contains(r#""type":"subscribe""#) {
            let asked: Value = serde_json::from_str(&text).unwrap();
            let answer = json!({"type": "subscribed", "topic": asked["topic"]}).to_string();
            if socket.feed(Message::text(answer)).await.is_err() {
                return;
            }
            for n in 0..flood {
                if socket.feed(Message::text(frame.clone())).await.is_err() {
                    return;
                }
                if n % 256 == 255 && socket.flush().await.is_err() {
                    return;
                }
            }
            if socket.flush().await.is_err() {
                return;
            }
        } else if text.contains(r#""echo""#) {
            let published: Value = serde_json::from_str(&text).unwrap();
            let echo = json!({"type": "event", "topic": published["topic"], "event": "echo", "data": published["data"]});
            let _ = socket.send(Message::text(echo.to_string())).await;
        } else {
            received.fetch_add(1, Relaxed);
        }
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

#[derive(Deserialize)]
#[allow(dead_code, reason = "read to be read")]
struct Envelope<'f> {
    r#type: &'f str,
    topic: &'f str,
    #[serde(borrow)]
    data: &'f RawValue,
    #[serde(borrow, default)]
    old: Option<&'f RawValue>,
}

/// Frames to a typed stream.
fn read<T: DeserializeOwned + 'static>(what: &str, topic: &'static str, frame: &str) {
    let server = Server::start(frame.to_owned(), MESSAGES);
    let baseline = best(|| {
        runtime().block_on(async {
            let mut socket = server.raw().await;
            let ask = json!({"type": "subscribe", "topic": topic}).to_string();
            let topics = HashMap::from([(topic.to_owned(), ())]);
            let since = Instant::now();
            socket.send(Message::text(ask)).await.unwrap();
            let mut count = 0;
            while count < MESSAGES {
                let Some(Ok(Message::Text(text))) = socket.next().await else {
                    panic!()
                };
                if text.contains(r#""type":"subscribed""#) {
                    continue;
                }
                let envelope: Envelope<'_> = serde_json::from_str(&text).unwrap();
                topics.get(envelope.topic).unwrap();
                let old = envelope
                    .old
                    .map(|old| serde_json::from_str::<T>(old.get()).unwrap());
                std::hint::black_box((
                    serde_json::from_str::<T>(envelope.data.get()).unwrap(),
                    old,
                ));
                count += 1;
            }
            since.elapsed()
        })
    });
    let ours = best(|| {
        runtime().block_on(async {
            let client = server.client();
            client.connect().await.unwrap();
            let channel = client.topic(topic).unwrap();
            let since = Instant::now();
            if topic == TABLE {
                let mut stream = channel
                    .changes::<T>()
                    .backpressure(Backpressure::Block)
                    .attach()
                    .await
                    .unwrap();
                for _ in 0..MESSAGES {
                    let Some(Ok(Item::Message(change))) = stream.next().await else {
                        panic!()
                    };
                    std::hint::black_box(change);
                }
            } else {
                let mut stream = channel
                    .events::<T>("pin-moved")
                    .backpressure(Backpressure::Block)
                    .attach()
                    .await
                    .unwrap();
                for _ in 0..MESSAGES {
                    let Some(Ok(Item::Message(event))) = stream.next().await else {
                        panic!()
                    };
                    std::hint::black_box(event);
                }
            }
            since.elapsed()
        })
    });
    report(&format!("{what}, {} B", frame.len()), baseline, ours);
}

/// Fire-and-forget publishing.
fn publish() {
    #[derive(Serialize)]
    struct Publish<'p> {
        r#type: &'p str,
        topic: &'p str,
        event: &'p str,
        data: &'p Pin,
        id: String,
    }
    let server = Server::start(String::new(), 0);
    let pin = Pin {
        x: 4,
        y: 9,
        label: "north-east corner".to_owned(),
    };
    let arrived = |from: u64| {
        while server.received.load(Relaxed) < from + MESSAGES {
            thread::yield_now();
        }
    };
    let baseline = best(|| {
        runtime().block_on(async {
            let mut socket = server.raw().await;
            let from = server.received.load(Relaxed);
            let since = Instant::now();
            for n in 0..MESSAGES {
                let frame = Publish {
                    r#type: "publish",
                    topic: TOPIC,
                    event: "pin-moved",
                    data: &pin,
                    id: format!("00000000-0000-4000-8000-{n:012x}"),
                };
                socket
                    .feed(Message::text(serde_json::to_string(&frame).unwrap()))
                    .await
                    .unwrap();
                if n % 256 == 255 {
                    socket.flush().await.unwrap();
                }
            }
            socket.flush().await.unwrap();
            arrived(from);
            since.elapsed()
        })
    });
    let ours = best(|| {
        runtime().block_on(async {
            let client = server.client();
            client.connect().await.unwrap();
            let channel = client.topic(TOPIC).unwrap();
            let from = server.received.load(Relaxed);
            let since = Instant::now();
            for _ in 0..MESSAGES - 1 {
                channel.publish("pin-moved", &pin).await.unwrap();
            }
            channel.publish("pin-moved", &pin).sent().await.unwrap();
            arrived(from);
            since.elapsed()
        })
    });
    report("50 publish", baseline, ours);
}

/// There and back, one at a time.
fn latency() {
    const ROUNDS: usize = 20_000;
    let server = Server::start(String::new(), 0);
    let mut raw = runtime().block_on(async {
        let mut socket = server.raw().await;
        let frame =
            json!({"type": "publish", "topic": TOPIC, "event": "echo", "data": 1}).to_string();
        let mut times = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let since = Instant::now();
            socket.send(Message::text(frame.clone())).await.unwrap();
            socket.next().await.unwrap().unwrap();
            times.push(since.elapsed());
        }
        times
    });
    let mut ours = runtime().block_on(async {
        let client = server.client();
        let channel = client.topic(TOPIC).unwrap();
        let mut echoes = channel.events::<u32>("echo").subscribe().await.unwrap();
        let mut times = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let since = Instant::now();
            channel.publish("echo", &1).await.unwrap();
            echoes.next().await.unwrap().unwrap();
            times.push(since.elapsed());
        }
        times
    });
    raw.sort();
    ours.sort();
    for (name, at) in [("p50", ROUNDS / 2), ("p99", ROUNDS * 99 / 100)] {
        println!(
            "{:<28} raw {:>10.1?}   client {:>10.1?}",
            format!("50 echo {name}"),
            raw[at],
            ours[at]
        );
    }
}

/// From a lost connection to everything confirmed again.
fn resubscribe() {
    for topics in [1_000, 10_000] {
        let server = Server::start(String::new(), 0);
        let time = runtime().block_on(async {
            let client = server.client();
            let mut streams = Vec::new();
            for n in 0..topics {
                let channel = client.path(&format!("room/{n}")).unwrap();
                streams.push(channel.all().attach().await.unwrap());
            }
            let since = Instant::now();
            for stream in &mut streams {
                stream.active().await.unwrap();
            }
            since.elapsed()
        });
        println!("{:<28} {time:.1?}", format!("02 subscribe {topics} topics"));
    }
}

/// Resident memory, which is an upper bound of the heap.
fn memory() {
    let server = Server::start(String::new(), 0);
    runtime().block_on(async {
        const CLIENTS: usize = 50;
        let before = resident();
        let clients: Vec<_> = (0..CLIENTS).map(|_| server.client()).collect();
        for client in &clients {
            client.connect().await.unwrap();
        }
        let each = resident().saturating_sub(before) / CLIENTS;
        println!(
            "{:<28} {} KiB, the server's side included",
            "51 idle client",
            each / 1024
        );
        let mut last = resident();
        let mut streams = Vec::new();
        for topics in [1_000, 9_000] {
            for n in 0..topics {
                let channel = clients[0].path(&format!("idle/{topics}/{n}")).unwrap();
                streams.push(channel.all().subscribe().await.unwrap());
            }
            let now = resident();
            println!(
                "{:<28} {} B",
                format!("51 of {topics} subscriptions, each"),
                now.saturating_sub(last) / topics
            );
            last = now;
        }
    });
}

fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: usize = pages
        .split_whitespace()
        .nth(1)
        .and_then(|pages| pages.parse().ok())
        .unwrap_or_default();
    pages * 4096
}

fn best(mut run: impl FnMut() -> Duration) -> Duration {
    (0..RUNS).map(|_| run()).min().unwrap()
}

fn report(what: &str, baseline: Duration, ours: Duration) {
    let rate = |time: Duration| MESSAGES as f64 / time.as_secs_f64();
    println!(
        "{what:<28} baseline {:>9.0}/s   client {:>9.0}/s   ratio {:.2}",
        rate(baseline),
        rate(ours),
        rate(ours) / rate(baseline)
    );
}

fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown processor", |(_, model)| model);
    let cores = thread::available_parallelism().map_or(0, usize::from);
    let read_buffer = WebSocketConfig::default().read_buffer_size;
    format!("{model}, {cores} cores; baseline: tokio-tungstenite, read buffer {read_buffer} B")
}

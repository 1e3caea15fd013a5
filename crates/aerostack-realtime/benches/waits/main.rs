//! Waits that must be short, or just as long as the server asks: the times among realtime's promises.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a benchmark may"
)]

mod crowd;

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use aerostack_realtime::{ErrorKind, Event, Item, Realtime, Subscription};
use aerostack_test_support::bench::{
    self as support, DESK, client, event_frame, long, runtime,
    server::{Arrival, Play, Server, Traffic, clock},
    table::{Promise, Row, heading, millis, percentile},
};
use futures_util::StreamExt;

/// Where probes travel.
const OTHER: &str = "desk/south/proj_7f";

/// The payload of a heartbeat has this length, and nothing else that is measured here does.
const PING: usize = r#"{"type":"ping"}"#.len();

fn main() {
    if !support::asked_for() {
        return;
    }
    heading("Waits");
    close();
    stuck();
    indeterminate();
    flooded();
    crowd::retry_after();
    crowd::restart(Duration::ZERO);
    crowd::restart(Duration::from_secs(2));
    println!();
}

fn seconds() -> Duration {
    Duration::from_secs(if long() { 30 } else { 5 })
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
    Row::new(Promise(12), "close against a server that does not answer")
        .measured(millis(took))
        .target("1 s", took < Duration::from_secs(1))
        .print();
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
    Row::new(Promise(26), "from the loss to `Indeterminate`")
        .measured(millis(took))
        .target("100 ms", took < Duration::from_millis(100))
        .print();
}

/// How late what one stream gets is, and how far heartbeats are apart, while another stream is flooded.
struct Delays {
    probes: Vec<Duration>,
    beats: Vec<Duration>,
}

fn stuck() {
    let (mut free, mut stuck) = (delays(false), delays(true));
    let (worst, usual) = (
        percentile(&mut stuck.probes, 1.0),
        percentile(&mut free.probes, 1.0),
    );
    Row::new(
        Promise(21),
        "latest message of a stream beside a stuck one, 100,000 messages a second",
    )
    .measured(millis(worst))
    .beside(format!("the other one read: {}", millis(usual)))
    .ratio(format!(
        "p50 {} and {}",
        millis(percentile(&mut stuck.probes, 0.5)),
        millis(percentile(&mut free.probes, 0.5))
    ))
    .target("50 ms", worst < Duration::from_millis(50))
    .print();
    let (ours, theirs) = (
        percentile(&mut stuck.beats, 0.5),
        percentile(&mut free.beats, 0.5),
    );
    let late = ours.saturating_sub(theirs);
    Row::new(Promise(21), "heartbeats every 100 ms meanwhile, p50 apart")
        .measured(millis(ours))
        .beside(format!("the other one read: {}", millis(theirs)))
        // Timers go by the millisecond.
        .target("none later", late < Duration::from_millis(1))
        .print();
}

fn delays(stuck: bool) -> Delays {
    let traffic = Traffic {
        flood: Some((event_frame(), 100_000)),
        probe: Some(OTHER.to_owned()),
    };
    let server = Server::start(Play::Traffic(traffic), 2);
    let probes = runtime().block_on(async {
        let settings = client(server.port);
        let realtime = settings
            .heartbeat(Duration::from_millis(100), Duration::from_secs(10))
            .build()
            .unwrap();
        let flooded = realtime.topic(DESK).unwrap().all().attach().await.unwrap();
        let mut other = probes(&realtime).await;
        let mut kept = None;
        if stuck {
            kept = Some(flooded);
        } else {
            tokio::spawn(flooded.for_each(|_| async {}));
        }
        let until = clock() + seconds();
        let mut late = Vec::new();
        while clock() < until {
            let Item::Message(probe) = other.next().await.unwrap().unwrap() else {
                continue;
            };
            late.push(clock().saturating_sub(Duration::from_nanos(probe.data)));
        }
        drop(kept);
        realtime.close().await;
        late
    });
    let beats: Vec<Duration> = of_heartbeats(server.arrivals());
    Delays {
        probes,
        beats: beats.windows(2).map(|pair| pair[1] - pair[0]).collect(),
    }
}

fn of_heartbeats(arrivals: Vec<Arrival>) -> Vec<Duration> {
    arrivals
        .into_iter()
        .filter(|arrival| arrival.bytes == PING)
        .map(|arrival| arrival.at)
        .collect()
}

async fn probes(realtime: &Realtime) -> Subscription<Event<u64>> {
    let channel = realtime.topic(OTHER).unwrap();
    channel.events("probe").attach().await.unwrap()
}

/// From the call of `publish` to the server, while it sends without end.
fn flooded() {
    const RATE: usize = 200_000;
    let ((mut quiet, _), (mut flooded, taken)) = (latencies(0), latencies(RATE));
    let (ours, theirs) = (percentile(&mut flooded, 0.99), percentile(&mut quiet, 0.99));
    Row::new(
        Promise(29),
        format!("publish to wire, p99, {RATE} messages a second coming in"),
    )
    .measured(millis(ours))
    .beside(format!("nothing coming in: {}", millis(theirs)))
    .ratio(format!(
        "p50 {} and {}; {taken:.0} a second read",
        millis(percentile(&mut flooded, 0.5)),
        millis(percentile(&mut quiet, 0.5))
    ))
    .target("10 ms", ours < Duration::from_millis(10))
    .print();
}

/// How long each message took to get to the server, and how many messages a second came in meanwhile.
fn latencies(rate: usize) -> (Vec<Duration>, f64) {
    let traffic = Traffic {
        flood: (rate > 0).then(|| (event_frame(), rate)),
        probe: None,
    };
    let server = Server::start(Play::Traffic(traffic), 1);
    let sent = Arc::new(Mutex::new(Vec::new()));
    let taken = runtime().block_on(async {
        let realtime = client(server.port).build().unwrap();
        let channel = realtime.topic(DESK).unwrap();
        let stream = channel.events::<support::Pin>("pin-moved");
        let stream = stream.subscribe().await.unwrap();
        let reading = tokio::spawn(stream.for_each(|item| async move {
            std::hint::black_box(item.is_ok());
        }));
        let (start, before) = (Instant::now(), realtime.counters().frames_in);
        let mut tick = tokio::time::interval(Duration::from_millis(1));
        while start.elapsed() < seconds() {
            tick.tick().await;
            sent.lock().unwrap().push(clock());
            channel.publish("pin-moved", &1).await.unwrap();
        }
        let taken = realtime.counters().frames_in - before;
        channel.publish("pin-moved", &1).sent().await.unwrap();
        let rate = taken as f64 / start.elapsed().as_secs_f64();
        tokio::time::sleep(Duration::from_millis(100)).await;
        realtime.close().await;
        reading.await.unwrap();
        rate
    });
    let arrivals = server.arrivals();
    let sent = sent.lock().unwrap();
    assert!(
        arrivals.len() > sent.len(),
        "{} of {}",
        arrivals.len(),
        sent.len()
    );
    let took = sent.iter().zip(&arrivals);
    (
        took.map(|(sent, arrival)| arrival.at.saturating_sub(*sent))
            .collect(),
        taken,
    )
}

//! What it costs to be observed, and not to be.

#![allow(clippy::unwrap_used, reason = "a test may")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use aerostack_api::{
    CallOptions, CallReport, Observe, Observer, Origin, RetryMode, Transport, TransportConfig,
    http_client, operations::CACHE_GET,
};
use progenitor_client::ResponseValue;

fn transport(observer: Option<Observer>) -> Transport {
    let mut config = TransportConfig::new(Origin::parse("http://127.0.0.1:9", false).unwrap());
    config.api_key = Some("sk_test".into());
    config.observer = observer;
    Transport::new(http_client("test", &[], None).unwrap(), config).unwrap()
}

#[derive(Default)]
struct Latencies(AtomicU64);

struct Told(Arc<Latencies>);

impl Observe for Told {
    fn call_ended(&self, call: &CallReport<'_>) {
        let latency = u64::try_from(call.traffic.latency.as_millis()).unwrap();
        self.0.0.fetch_add(latency, Ordering::Relaxed);
    }
}

/// One call that needs no socket.
async fn call(transport: &Transport, takes: Duration) {
    let options = CallOptions {
        retry: RetryMode::Never,
        ..CallOptions::default()
    };
    let answer = transport.call(&CACHE_GET, &options, |_| async move {
        tokio::time::sleep(takes).await;
        Ok(ResponseValue::new(
            (),
            http::StatusCode::OK,
            http::HeaderMap::new(),
        ))
    });
    answer.await.unwrap();
}

/// As the calls themselves allocate the same, what is left is the observation.
fn allocations(observer: Option<Observer>) -> u64 {
    let transport = transport(observer);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    let made = || runtime.block_on(call(&transport, Duration::ZERO));
    made();
    allocation_counter::measure(made).count_total
}

#[test]
fn neither_observing_a_call_nor_leaving_it_alone_allocates() {
    let alone = allocations(None);
    assert!(alone > 0, "nothing was counted");
    let observer = Observer::new(Told(Arc::default()));
    assert_eq!(allocations(Some(observer)), alone);
}

#[tokio::test(start_paused = true)]
async fn latency_is_that_of_the_clock_the_limits_go_by() {
    let latencies = Arc::new(Latencies::default());
    let transport = transport(Some(Observer::new(Told(Arc::clone(&latencies)))));
    call(&transport, Duration::from_millis(1234)).await;
    assert_eq!(latencies.0.load(Ordering::Relaxed), 1234);
}

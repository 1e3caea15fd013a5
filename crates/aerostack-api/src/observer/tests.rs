//! The cost of observing calls.

use std::sync::atomic::{AtomicU64, Ordering};

use super::*;

/// A call that takes this long and needs no socket.
async fn call(observer: Option<&Arc<dyn Observer>>, takes: Duration) {
    let id = HeaderValue::from_static("req_1");
    let quota = QUOTA.with(Arc::clone);
    let operation = &crate::operations::CACHE_GET;
    let mut guard = CallGuard::start(observer, &quota, operation, &id);
    guard.attempt(7, None);
    tokio::time::sleep(takes).await;
    guard.head(StatusCode::OK, &HeaderMap::new());
    guard.record.response_bytes += 9;
    guard.end(Outcome::Success);
}

thread_local! {
    static QUOTA: Arc<QuotaBucket> = Arc::default();
}

#[derive(Default)]
struct Latencies(AtomicU64);

impl Observer for Latencies {
    fn call_ended(&self, call: &CallReport<'_>) {
        let latency = u64::try_from(call.traffic.latency.as_millis()).unwrap();
        self.0.fetch_add(latency, Ordering::Relaxed);
    }
}

fn allocations(observer: Option<&Arc<dyn Observer>>) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    let made = || runtime.block_on(call(observer, Duration::ZERO));
    made();
    allocation_counter::measure(made).count_total
}

#[test]
fn an_observed_call_allocates_no_more_than_another() {
    let observer: Arc<dyn Observer> = Arc::new(Latencies::default());
    assert_eq!(allocations(Some(&observer)), allocations(None));
}

#[tokio::test(start_paused = true)]
async fn latency_is_measured_on_the_clock_of_the_timeouts() {
    let latencies = Arc::new(Latencies::default());
    let observer: Arc<dyn Observer> = latencies.clone();
    call(Some(&observer), Duration::from_millis(1234)).await;
    assert_eq!(latencies.0.load(Ordering::Relaxed), 1234);
}

//! The feature `metrics`.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use aerostack::{ErrorKind, observer::Metrics};
use aerostack_emulator::{Emulator, Fault};
use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder,
    SharedString, Unit,
};

use crate::support::builder;

/// What was recorded, by the metric's name with its labels.
#[derive(Clone, Default)]
struct Recorded(Arc<Mutex<BTreeMap<String, f64>>>);

struct Cell(Recorded, String);

impl Cell {
    fn change(&self, change: impl FnOnce(f64) -> f64) {
        let mut values = self.0.0.lock().unwrap();
        let value = values.entry(self.1.clone()).or_default();
        *value = change(*value);
    }
}

impl CounterFn for Cell {
    fn increment(&self, value: u64) {
        self.change(|old| old + value as f64);
    }

    fn absolute(&self, value: u64) {
        self.change(|_| value as f64);
    }
}

impl GaugeFn for Cell {
    fn increment(&self, value: f64) {
        self.change(|old| old + value);
    }

    fn decrement(&self, value: f64) {
        self.change(|old| old - value);
    }

    fn set(&self, value: f64) {
        self.change(|_| value);
    }
}

/// Counts the values.
impl HistogramFn for Cell {
    fn record(&self, _: f64) {
        self.change(|old| old + 1.0);
    }
}

impl Recorded {
    fn cell(&self, key: &Key) -> Arc<Cell> {
        let labels: Vec<String> = key
            .labels()
            .map(|label| format!(" {}={}", label.key(), label.value()))
            .collect();
        Arc::new(Cell(
            self.clone(),
            format!("{}{}", key.name(), labels.concat()),
        ))
    }
}

impl Recorder for Recorded {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.cell(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.cell(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.cell(key))
    }
}

#[tokio::test]
async fn calls_are_recorded_with_labels_of_few_values() {
    let recorder = Recorded::default();
    // The test's runtime has one thread, so that this recorder is that of every task.
    let _installed = metrics::set_default_local_recorder(&recorder);

    let emulator = Emulator::builder().start().await.unwrap();
    let client = builder(&emulator).observer(Metrics::new()).build().unwrap();
    client
        .cache()
        .set("a private key", &"a private value")
        .await
        .unwrap();
    emulator.fault(Fault::status(503).on("cacheGet").times(1));
    assert!(client.cache().has("a private key").await.unwrap());
    let error = client.db().execute("SELEC 1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadRequest);

    let values = recorder.0.lock().unwrap();
    let seen: Vec<String> = values
        .iter()
        .map(|(key, value)| format!("{key} {value}"))
        .collect();
    let text = seen.join("\n");
    for line in [
        "aerostack_calls_total operation=cacheSet service=Cache outcome=success 1",
        "aerostack_calls_total operation=dbQuery service=Database outcome=BadRequest 1",
        "aerostack_call_duration_seconds operation=cacheGet service=Cache outcome=success 1",
        "aerostack_calls_in_flight service=Cache 0",
        "aerostack_attempts_total operation=cacheGet outcome=Server status=503 1",
        "aerostack_attempts_total operation=cacheGet outcome=success status=200 1",
        "aerostack_retries_total operation=cacheGet 1",
    ] {
        assert!(text.contains(line), "{line:?} is not in:\n{text}");
    }
    assert!(!text.contains("private"), "{text}");
}

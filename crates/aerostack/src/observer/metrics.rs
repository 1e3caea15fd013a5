//! An observer for the crate [`metrics`](https://docs.rs/metrics).

use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};

use super::{AttemptEnded, CallEnded, CallStarted, Observer, Outcome};

/// Records calls with the crate [`metrics`](https://docs.rs/metrics), and so with whatever exporter the program has
/// installed: Prometheus, StatsD, OpenTelemetry. With the feature `metrics`.
///
/// ```
/// # fn run() -> Result<(), aerostack::Error> {
/// use aerostack::{Client, observer::Metrics};
///
/// let client = Client::builder().env().observer(Metrics::new()).build()?;
/// # Ok(())
/// # }
/// ```
///
/// | metric | kind | labels |
/// |---|---|---|
/// | `aerostack_calls_total` | counter | `operation`, `service`, `outcome` |
/// | `aerostack_call_duration_seconds` | histogram, all attempts and waits included | `operation`, `service`, `outcome` |
/// | `aerostack_calls_in_flight` | gauge | `service` |
/// | `aerostack_attempts_total` | counter | `operation`, `outcome`, `status` |
/// | `aerostack_retries_total` | counter | `operation` |
/// | `aerostack_request_bytes_total`, `aerostack_response_bytes_total` | counter | `operation` |
/// | `aerostack_retry_budget_tokens` | gauge | |
///
/// `outcome` is `success`, `cancelled` or the name of an [`ErrorKind`](crate::ErrorKind); `status` is the HTTP status or
/// empty. The labels take few values: there is nothing of the program's data in them.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Metrics;

const CALLS: &str = "aerostack_calls_total";
const DURATION: &str = "aerostack_call_duration_seconds";
const IN_FLIGHT: &str = "aerostack_calls_in_flight";
const ATTEMPTS: &str = "aerostack_attempts_total";
const RETRIES: &str = "aerostack_retries_total";
const SENT: &str = "aerostack_request_bytes_total";
const RECEIVED: &str = "aerostack_response_bytes_total";
const BUDGET: &str = "aerostack_retry_budget_tokens";

impl Metrics {
    /// Describes the metrics to the recorder that is installed, and records to it from then on. Install the recorder
    /// first.
    pub fn new() -> Self {
        describe_counter!(CALLS, Unit::Count, "Calls that ended");
        describe_histogram!(
            DURATION,
            Unit::Seconds,
            "Time of calls with all their attempts"
        );
        describe_gauge!(IN_FLIGHT, Unit::Count, "Calls under way");
        describe_counter!(ATTEMPTS, Unit::Count, "Attempts that ended");
        describe_counter!(
            RETRIES,
            Unit::Count,
            "Attempts that are followed by another"
        );
        describe_counter!(SENT, Unit::Bytes, "Bytes of request bodies");
        describe_counter!(RECEIVED, Unit::Bytes, "Bytes of response bodies");
        describe_gauge!(BUDGET, Unit::Count, "Tokens left for retries");
        Self
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Observer for Metrics {
    fn call_started(&self, call: &CallStarted<'_>) {
        gauge!(IN_FLIGHT, "service" => call.service).increment(1);
    }

    fn attempt_ended(&self, attempt: &AttemptEnded<'_>) {
        let operation = attempt.call.operation;
        let status = attempt
            .status
            .map_or(String::new(), |status| status.to_string());
        counter!(
            ATTEMPTS,
            "operation" => operation, "outcome" => name(attempt.outcome), "status" => status
        )
        .increment(1);
        if attempt.retry.is_repeat() {
            counter!(RETRIES, "operation" => operation).increment(1);
        }
    }

    fn call_ended(&self, call: &CallEnded<'_>) {
        let CallStarted {
            operation, service, ..
        } = call.call;
        let outcome = name(call.outcome);
        gauge!(IN_FLIGHT, "service" => service).decrement(1);
        counter!(
            CALLS,
            "operation" => operation, "service" => service, "outcome" => outcome.clone()
        )
        .increment(1);
        histogram!(
            DURATION,
            "operation" => operation, "service" => service, "outcome" => outcome
        )
        .record(call.latency);
        counter!(SENT, "operation" => operation).increment(call.request_bytes);
        counter!(RECEIVED, "operation" => operation).increment(call.response_bytes);
        gauge!(BUDGET).set(call.retry_budget.left);
    }
}

fn name(outcome: Outcome) -> metrics::SharedString {
    match outcome {
        Outcome::Success => "success".into(),
        Outcome::Cancelled => "cancelled".into(),
        Outcome::Failure(kind) => format!("{kind:?}").into(),
    }
}

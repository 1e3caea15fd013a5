//! The faults that are set, and the layer that injects them into calls.

use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::http::response::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http_body_util::BodyExt;
use parking_lot::Mutex;
use serde::Serialize;

use crate::http::extract::drain;
use crate::http::operation::Operation;
use crate::http::origins::{self, SharedWith};
use crate::http::script::{Ending, Script, Step};
use crate::test_kit::TestKit;
use crate::test_kit::fault::{Fault, Kind, SocketFault};
use crate::test_kit::request_log::LogEntry;

/// Counts the call and lets the next fault have its way with it.
pub(crate) async fn inject(
    State(kit): State<TestKit>,
    Extension(operation): Extension<&'static Operation>,
    request: Request,
    next: Next,
) -> Response {
    let entry = request.extensions().get::<LogEntry>().cloned();
    let origin = request.extensions().get::<SharedWith>().cloned();
    if let Some(entry) = &entry {
        entry.is_of(operation.id);
    }
    kit.arrivals.add(operation.id);
    let Some(fault) = kit.faults.next(operation.id) else {
        return next.run(request).await;
    };
    kit.struck.add(fault.name());
    if let Some(entry) = &entry {
        entry.struck(fault.name());
    }
    let response = if fault.needs_answer() {
        Some(next.run(request).await)
    } else {
        // What the client sends is read even if nobody answers it: the log shows it, and the fault is the only thing
        // wrong with the connection.
        drain(request.into_body()).await;
        None
    };
    apply(&fault, response, origin).await
}

/// Counts calls that took effect: their handler succeeded, whether or not the response reaches the client.
pub(crate) async fn count_effects(
    State(kit): State<TestKit>,
    Extension(operation): Extension<&'static Operation>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    if response.status().is_success() {
        kit.effects.add(operation.id);
    }
    response
}

/// What the fault makes of the real response, which is there when the fault needs one. Pages of `origin` may read it.
async fn apply(fault: &Fault, response: Option<Response>, origin: Option<SharedWith>) -> Response {
    match &fault.kind {
        Kind::Answer {
            status,
            headers,
            body,
        } => {
            let mut response = Response::new(Body::from(body.clone()));
            *response.status_mut() =
                StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            for (name, value) in headers {
                if let (Ok(name), Ok(value)) =
                    (HeaderName::try_from(name), HeaderValue::from_str(value))
                {
                    response.headers_mut().append(name, value);
                }
            }
            response
        }
        Kind::Header { name, value } => {
            let mut response = response.unwrap_or_default();
            if let Ok(value) = HeaderValue::from_str(value) {
                response.headers_mut().insert(*name, value);
            }
            response
        }
        Kind::Delay(by) => {
            tokio::time::sleep(*by).await;
            response.unwrap_or_default()
        }
        Kind::Socket(fault) => {
            let (mut head, body) = response.unwrap_or_default().into_parts();
            if let Some(SharedWith(origin)) = &origin {
                origins::share(&mut head.headers, origin);
            }
            let body = body
                .collect()
                .await
                .map(http_body_util::Collected::to_bytes)
                .unwrap_or_default();
            let mut taken_over = Response::new(Body::empty());
            taken_over
                .extensions_mut()
                .insert(script(fault, &head, body));
            taken_over
        }
    }
}

/// What the socket sends in place of the response.
fn script(fault: &SocketFault, head: &Parts, body: Bytes) -> Script {
    let length = i64::try_from(body.len()).unwrap_or(i64::MAX);
    let whole = head_bytes(head, length);
    let (steps, ending) = match fault {
        SocketFault::Nothing(ending) => (vec![], *ending),
        SocketFault::Bytes(bytes) => (vec![Step::Send(bytes.clone().into())], Ending::Close),
        SocketFault::PartOfHead(ending) => {
            (vec![Step::Send(whole.slice(..whole.len() / 2))], *ending)
        }
        SocketFault::PartOfBody(bytes, ending) => {
            let part = body.slice(..body.len().min(*bytes));
            (vec![Step::Send(whole), Step::Send(part)], *ending)
        }
        SocketFault::WrongLength(by) => {
            let head = head_bytes(head, length.saturating_add(*by).max(0));
            (vec![Step::Send(head), Step::Send(body)], Ending::Close)
        }
        SocketFault::SlowHead(pause) => (
            vec![Step::SendSlowly(whole, *pause), Step::Send(body)],
            Ending::Close,
        ),
        SocketFault::Drip(pause) => (
            vec![Step::Send(whole), Step::SendSlowly(body, *pause)],
            Ending::Close,
        ),
    };
    Script { steps, ending }
}

fn head_bytes(head: &Parts, content_length: i64) -> Bytes {
    let mut out = format!("HTTP/1.1 {}\r\n", head.status).into_bytes();
    let mut headers: HeaderMap = head.headers.clone();
    for name in ["content-length", "transfer-encoding", "connection"] {
        headers.remove(name);
    }
    for (name, value) in &headers {
        out.extend_from_slice(name.as_str().as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(
        format!("content-length: {content_length}\r\nconnection: close\r\n\r\n").as_bytes(),
    );
    out.into()
}

/// The faults that are set, in that order.
#[derive(Default)]
pub(crate) struct Faults(Mutex<Vec<Armed>>);

/// A fault that is set, for people to look at.
#[derive(Serialize)]
pub(crate) struct FaultInfo {
    name: &'static str,
    on: Option<String>,
    struck: u64,
    /// None for a fault that is injected until it is taken away.
    left: Option<u64>,
}

struct Armed {
    fault: Fault,
    /// Calls of the fault's operation so far.
    calls: u64,
    injected: u64,
    random: fastrand::Rng,
}

impl Faults {
    pub(crate) fn add(&self, fault: Fault) {
        let seed = fault.probability.map_or(0, |(_, seed)| seed);
        let armed = Armed {
            fault,
            calls: 0,
            injected: 0,
            random: fastrand::Rng::with_seed(seed),
        };
        self.0.lock().push(armed);
    }

    pub(crate) fn clear(&self) {
        self.0.lock().clear();
    }

    /// The faults that are set, in the order they are tried.
    pub(crate) fn list(&self) -> Vec<FaultInfo> {
        self.0.lock().iter().map(Armed::info).collect()
    }

    /// The fault for this call, if any applies.
    fn next(&self, operation: &str) -> Option<Fault> {
        let mut set = self.0.lock();
        set.iter_mut()
            .find_map(|armed| armed.applies_to(operation).then(|| armed.fault.clone()))
    }
}

impl Armed {
    fn info(&self) -> FaultInfo {
        let fault = &self.fault;
        FaultInfo {
            name: fault.name(),
            on: fault.operation.clone(),
            struck: self.injected,
            left: (fault.times < u64::MAX).then(|| fault.times.saturating_sub(self.injected)),
        }
    }

    fn applies_to(&mut self, operation: &str) -> bool {
        if self
            .fault
            .operation
            .as_deref()
            .is_some_and(|wanted| wanted != operation)
        {
            return false;
        }
        self.calls += 1;
        if self.calls <= self.fault.skip || self.injected >= self.fault.times {
            return false;
        }
        if self
            .fault
            .probability
            .is_some_and(|(probability, _)| self.random.f64() >= probability)
        {
            return false;
        }
        self.injected += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn injected(fault: Fault, calls: &[&str]) -> Vec<bool> {
        let faults = Faults::default();
        faults.add(fault);
        calls
            .iter()
            .map(|call| faults.next(call).is_some())
            .collect()
    }

    #[test]
    fn a_fault_applies_to_the_calls_it_names() {
        let calls = ["dbQuery", "cacheGet", "dbQuery", "dbQuery", "dbQuery"];
        let cases = [
            (Fault::close(), [true, true, true, true, true]),
            (Fault::close().times(2), [true, true, false, false, false]),
            (
                Fault::close().on("dbQuery").times(2),
                [true, false, true, false, false],
            ),
            (
                Fault::close().on("dbQuery").after(1).times(2),
                [false, false, true, true, false],
            ),
            (Fault::close().probability(0.0, 1), [false; 5]),
            (Fault::close().probability(1.0, 1), [true; 5]),
        ];
        for (fault, expected) in cases {
            let text = format!("{fault:?}");
            assert_eq!(injected(fault, &calls), expected, "{text}");
        }
    }

    #[test]
    fn the_same_seed_picks_the_same_calls() {
        let calls = ["dbQuery"; 200];
        let run = |seed| injected(Fault::close().probability(0.3, seed), &calls);
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
        let hits = run(7).into_iter().filter(|hit| *hit).count();
        assert!((30..=90).contains(&hits), "{hits} of 200");
    }
}

//! The local platform against the document, which Prism checks as a proxy.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod refusals;
mod stage;

use aerostack_contract::Exchange;
use serde_json::Value;

use crate::refusals::REFUSALS;
use crate::stage::Stage;

/// Services the local platform does not have yet.
const UNBUILT: &[&str] = &[
    "Queue",
    "AI",
    "Gateway",
    "Services",
    "Collections",
    "Functions",
    "Secrets",
    "Realtime",
];

fn none(faults: Vec<String>) {
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// What Prism said; whether the credentials are right is another matter.
fn objection(exchange: &Exchange) -> Option<String> {
    exchange
        .problem
        .clone()
        .or_else(|| exchange.violations.clone())
}

#[tokio::test]
#[ignore = "needs Node 20: cargo xtask test"]
async fn every_operation_refuses_what_it_declares_to_refuse() {
    let stage = Stage::new().await.unwrap();
    let mut faults = Vec::new();
    for operation in stage.built(UNBUILT) {
        for refusal in REFUSALS {
            if !operation.responses.contains_key(&refusal.status) || !(refusal.applies)(operation) {
                continue;
            }
            let (exchange, answer) = (refusal.ask)(&stage, operation).await;
            let told = |what: &str| {
                format!(
                    "{} with {}: {what}: {} {answer}",
                    operation.id, refusal.name, exchange.status
                )
            };
            let body: Value = serde_json::from_str(&answer).unwrap_or_default();
            if let Some(objection) = objection(&exchange) {
                faults.push(told(&objection));
            } else if exchange.status != refusal.status {
                faults.push(told(&format!("not {}", refusal.status)));
            } else if !body["code"].is_string() || !body["message"].is_string() {
                faults.push(told("no code and message"));
            }
        }
    }
    none(faults);
}

#[tokio::test]
#[ignore = "needs Node 20: cargo xtask test"]
async fn every_example_gets_a_declared_answer() {
    let stage = Stage::new().await.unwrap();
    let mut faults = Vec::new();
    for operation in stage.built(UNBUILT) {
        let way = if operation.is_json() {
            &stage.checked
        } else {
            &stage.direct
        };
        let (exchange, answer) = stage.send(way, operation, |request| request).await;
        let declared = operation.responses.contains_key(&exchange.status) && exchange.status < 500;
        if let Some(fault) = exchange.fault() {
            faults.push(format!("{fault}\n  answer: {answer}"));
        } else if !declared {
            faults.push(format!("{}: {} {answer}", operation.id, exchange.status));
        }
    }
    none(faults);
}

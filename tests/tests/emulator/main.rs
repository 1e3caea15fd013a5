//! The local platform against the document, which Prism checks as a proxy.
//!
//! Everything is played once, in one run that the tests share; each test then states one thing about it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod flows;
mod refusals;
mod run;
mod stage;

use std::collections::BTreeSet;

use aerostack_contract::cases::has_handle;
use serde_json::Value;

use crate::run::RUN;

fn none(faults: Vec<String>) {
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

#[test]
#[ignore = "needs Node 20: cargo xtask test"]
fn every_scenario_plays_to_its_end() {
    let stopped = RUN
        .flows
        .iter()
        .filter_map(|(name, stop)| Some(format!("{name}: {}", stop.as_ref()?)));
    none(stopped.collect());
}

#[test]
#[ignore = "needs Node 20: cargo xtask test"]
fn prism_objects_to_nothing() {
    none(
        RUN.exchanges()
            .filter(|exchange| exchange.objection().is_some())
            .filter_map(|it| it.fault())
            .collect(),
    );
}

#[test]
#[ignore = "needs Node 20: cargo xtask test"]
fn every_answer_has_a_declared_status_and_type() {
    let undeclared = RUN.exchanges().filter_map(|exchange| {
        let told = format!(
            "{} {} -> {} {:?}",
            exchange.method, exchange.path, exchange.status, exchange.answered_as
        );
        let Some(operation) = RUN.operation(exchange) else {
            return Some(told);
        };
        let response = operation.responses.get(&exchange.status);
        let as_declared =
            response.is_some_and(|response| match (&exchange.answered_as, exchange.status) {
                // A download has the type of the file.
                (Some(_), 200) if !operation.is_json() => true,
                (Some(media_type), _) => response.content.contains_key(media_type),
                (None, _) => response.content.is_empty(),
            });
        (!as_declared || exchange.status >= 500).then_some(told)
    });
    none(undeclared.collect());
}

#[test]
#[ignore = "needs Node 20: cargo xtask test"]
fn every_operation_succeeds_in_a_scenario() {
    let of = |exchanges: &'static [aerostack_contract::Exchange]| -> BTreeSet<&str> {
        let succeeded = exchanges.iter().filter(|exchange| exchange.status < 300);
        succeeded
            .filter_map(|exchange| exchange.operation.as_deref())
            .collect()
    };
    let (checked, direct) = (of(&RUN.checked), of(&RUN.direct));
    let handled = RUN
        .document
        .operations()
        .iter()
        .filter(|operation| has_handle(&operation.id));
    let missing = handled.filter(|operation| {
        let succeeded = if operation.is_json() {
            &checked
        } else {
            &direct
        };
        !succeeded.contains(operation.id.as_str())
    });
    none(missing.map(|operation| operation.id.clone()).collect());
}

#[test]
#[ignore = "needs Node 20: cargo xtask test"]
fn every_operation_refuses_what_it_declares_to_refuse() {
    let faults = RUN
        .refusals
        .iter()
        .filter_map(|(refusal, operation, asked)| {
            let body: Value = serde_json::from_str(&asked.answer).unwrap_or_default();
            let typed = body["code"].is_string() && body["message"].is_string();
            let status = asked.exchange.status;
            (status != refusal.status || !typed).then(|| {
                let expected = refusal.status;
                format!(
                    "{} with {}: {status} instead of {expected}: {}",
                    operation.id, refusal.name, asked.answer
                )
            })
        });
    none(faults.collect());
}

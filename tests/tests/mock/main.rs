//! The SDK against Prism, which plays the platform from the document.
//!
//! All calls are made once, in one run that the tests share; each test then states one thing about it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod examples;
mod run;

use std::collections::BTreeSet;

use aerostack_contract::cases::{CASES, has_handle};
use aerostack_contract::{Exchange, Got};
use serde_json::Value;

use crate::run::{Made, RUN};

fn none(faults: Vec<String>) {
    assert!(
        faults.is_empty(),
        "{} faults:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// The platform has two names for some errors; the handles give the one.
fn canonical(code: impl AsRef<str>) -> String {
    aerostack::ErrorCode::from(code.as_ref()).to_string()
}

/// A value as a reader sees it: null is as good as absent, and 1 is 1.0.
fn read(value: &Value) -> Value {
    match value {
        Value::Object(object) => object
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.clone(), read(value)))
            .collect(),
        Value::Array(items) => items.iter().map(read).collect(),
        Value::Number(number) => number.as_f64().into(),
        other => other.clone(),
    }
}

/// Everything that went over the wire, with the call it belongs to.
fn exchanges() -> impl Iterator<Item = (&'static Made, &'static Exchange)> {
    let made = RUN.declared.iter().chain(&RUN.dynamic);
    made.flat_map(|made| made.exchanges.iter().map(move |exchange| (made, exchange)))
}

#[test]
#[ignore = "needs Node 20: cargo xtask test"]
fn every_operation_and_every_declared_status_is_exercised() {
    let handled = RUN
        .document
        .operations()
        .iter()
        .filter(|operation| has_handle(&operation.id));
    let missing = handled.filter_map(|operation| {
        let exercised = RUN.exercised(&operation.id);
        let missing: BTreeSet<_> = operation
            .responses
            .keys()
            .filter(|status| !exercised.contains(status))
            .collect();
        (!missing.is_empty()).then(|| format!("{}: {missing:?}", operation.id))
    });
    none(missing.collect());
}

#[test]
#[ignore = "needs Node 20: cargo xtask test"]
fn no_case_is_for_an_operation_that_is_gone() {
    let known: BTreeSet<_> = RUN
        .document
        .operations()
        .iter()
        .map(|operation| operation.id.as_str())
        .collect();
    let gone = CASES.iter().filter(|case| !known.contains(case.operation));
    none(gone.map(|case| case.operation.to_owned()).collect());
}

#[test]
#[ignore = "needs Node 20: cargo xtask test"]
fn no_request_breaks_the_document() {
    none(
        exchanges()
            .filter_map(|(_, exchange)| exchange.fault())
            .collect(),
    );
}

#[test]
#[ignore = "needs Node 20: cargo xtask test"]
fn a_call_is_one_request_to_its_own_operation() {
    let strays = RUN.declared.iter().chain(&RUN.dynamic).filter_map(|made| {
        let reached: Vec<_> = made
            .exchanges
            .iter()
            .map(|exchange| exchange.operation.as_deref())
            .collect();
        (reached != [Some(made.operation.id.as_str())])
            .then(|| format!("{} reached {reached:?}", made.name()))
    });
    none(strays.collect());
}

#[test]
#[ignore = "needs Node 20: cargo xtask test"]
fn credentials_go_only_where_the_security_names_them() {
    let wrong =
        exchanges().filter(|(made, exchange)| !made.operation.admits(&exchange.credentials));
    none(
        wrong
            .map(|(made, exchange)| format!("{} carried {:?}", made.name(), exchange.credentials))
            .collect(),
    );
}

#[test]
#[ignore = "needs Node 20: cargo xtask test"]
fn queries_hold_only_declared_parameters() {
    let undeclared = exchanges().filter_map(|(made, exchange)| {
        let declared = |name: &String| {
            made.operation.parameters.iter().any(|parameter| {
                parameter.location == "query" && (parameter.open || parameter.name == *name)
            })
        };
        let undeclared: Vec<_> = exchange
            .query
            .iter()
            .filter(|name| !declared(name))
            .collect();
        (!undeclared.is_empty()).then(|| format!("{}: {undeclared:?}", made.name()))
    });
    none(undeclared.collect());
}

#[test]
#[ignore = "needs Node 20: cargo xtask test"]
fn every_request_can_be_traced() {
    let untraced = exchanges().filter(|(_, exchange)| {
        !["user-agent", "x-request-id", "x-sdk-version"]
            .iter()
            .all(|name| exchange.headers.contains(*name))
    });
    none(
        untraced
            .map(|(made, exchange)| format!("{}: {:?}", made.name(), exchange.headers))
            .collect(),
    );
}

#[test]
#[ignore = "needs Node 20: cargo xtask test"]
fn every_success_decodes_and_shows_what_the_example_says() {
    let faults = RUN
        .declared
        .iter()
        .filter(|made| made.status < 300)
        .filter_map(|made| match &made.outcome {
            Err(refusal) => Some(format!("{}: {refusal}", made.name())),
            Ok(Got::Shown(shown)) => {
                let absent: Vec<_> = made
                    .case
                    .shows
                    .iter()
                    .filter(|part| !shown.contains(**part))
                    .collect();
                (!absent.is_empty())
                    .then(|| format!("{}: {absent:?} is not in {shown}", made.name()))
            }
            Ok(Got::Json(value)) => {
                let example = made.example();
                (read(value) != read(&example))
                    .then(|| format!("{}: {value} instead of {example}", made.name()))
            }
        });
    none(faults.collect());
}

#[test]
#[ignore = "needs Node 20: cargo xtask test"]
fn every_declared_error_arrives_with_its_status_code_and_message() {
    let faults = RUN
        .declared
        .iter()
        .filter(|made| made.status >= 300)
        .filter_map(|made| {
            let example = made.operation.json_example(made.status)?;
            let expected = |key: &str| example[key].as_str().map(str::to_owned);
            let wanted = (
                Some(made.status),
                expected("code").map(canonical),
                expected("message"),
            );
            match &made.outcome {
                Ok(got) if made.case.absent.contains(&made.status) && got.to_string() == "None" => {
                    None
                }
                Ok(got) => Some(format!("{}: succeeded with {got}", made.name())),
                Err(_) if made.case.absent.contains(&made.status) => {
                    Some(format!("{}: is an error", made.name()))
                }
                Err(refusal) => {
                    let got = (
                        refusal.status,
                        refusal.code.clone().map(canonical),
                        refusal.message.clone(),
                    );
                    (got != wanted)
                        .then(|| format!("{}: {got:?} instead of {wanted:?}", made.name()))
                }
            }
        });
    none(faults.collect());
}

#[test]
#[ignore = "needs Node 20: cargo xtask test"]
fn made_up_answers_decode() {
    let faults = RUN.dynamic.iter().filter_map(|made| {
        made.outcome
            .as_ref()
            .err()
            .map(|refusal| format!("{}: {refusal}", made.name()))
    });
    none(faults.collect());
}

//! What the local platform refuses, asked of every operation that declares the refusal.

use aerostack_contract::{Credential, Exchange, Operation};

use crate::stage::Stage;

/// One way to be refused.
pub(crate) struct Refusal {
    pub(crate) name: &'static str,
    /// The status it must be refused with.
    pub(crate) status: u16,
    /// Whether an operation can be refused like this. One that does not declare the status is never asked.
    pub(crate) applies: fn(&Operation) -> bool,
    /// Asks.
    pub(crate) ask: Ask,
}

type Ask =
    for<'a> fn(&'a Stage, &'a Operation) -> futures_util::future::BoxFuture<'a, (Exchange, String)>;

const JSON: &str = "application/json";

fn keyed(operation: &Operation) -> bool {
    operation
        .security
        .first()
        .is_some_and(|first| first.contains(&Credential::ApiKey))
}

fn bearer(operation: &Operation) -> bool {
    operation
        .security
        .first()
        .is_some_and(|first| !first.is_empty() && !first.contains(&Credential::ApiKey))
}

fn closed(operation: &Operation) -> bool {
    operation
        .body
        .as_ref()
        .is_some_and(|body| body.closed && body.media_type == JSON)
}

fn sends_json(operation: &Operation) -> bool {
    operation
        .body
        .as_ref()
        .is_some_and(|body| body.media_type == JSON)
}

/// The header takes the place of the one that the example set.
fn with(
    request: reqwest::RequestBuilder,
    name: &'static str,
    value: &str,
) -> reqwest::RequestBuilder {
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert(name, value.parse().unwrap());
    request.headers(headers)
}

/// The way that leaves the operation's bodies as they are.
fn way<'a>(stage: &'a Stage, operation: &Operation) -> &'a aerostack_contract::Recorder {
    if operation.is_json() {
        &stage.lenient
    } else {
        &stage.direct
    }
}

/// Everything that every operation can be asked.
pub(crate) const REFUSALS: &[Refusal] = &[
    Refusal {
        name: "an unknown key",
        status: 401,
        applies: keyed,
        ask: |stage, operation| {
            Box::pin(stage.send(way(stage, operation), operation, |request| {
                with(request, "x-aerostack-key", "ac_secret_wrong")
            }))
        },
    },
    Refusal {
        name: "an unknown bearer",
        status: 401,
        applies: bearer,
        ask: |stage, operation| {
            Box::pin(stage.send(way(stage, operation), operation, |request| {
                with(request, "authorization", "Bearer wrong")
            }))
        },
    },
    Refusal {
        name: "the public key",
        status: 403,
        applies: keyed,
        ask: |stage, operation| {
            let key = stage.emulator.public_key();
            Box::pin(
                stage.send(way(stage, operation), operation, move |request| {
                    with(request, "x-aerostack-key", key)
                }),
            )
        },
    },
    Refusal {
        name: "an unknown field",
        status: 400,
        applies: closed,
        ask: |stage, operation| {
            let mut misspelt = operation.clone();
            misspelt.body.as_mut().unwrap().example.as_mut().unwrap()["mispelt"] = true.into();
            Box::pin(async move {
                stage
                    .send(way(stage, &misspelt), &misspelt, |request| request)
                    .await
            })
        },
    },
    Refusal {
        name: "a body that is not JSON",
        status: 400,
        applies: sends_json,
        // Prism would answer this one itself.
        ask: |stage, operation| {
            Box::pin(stage.send(&stage.direct, operation, |request| {
                request.body("{\"sql\": ")
            }))
        },
    },
    Refusal {
        name: "an upload that is not a form",
        status: 415,
        applies: |operation| {
            operation
                .body
                .as_ref()
                .is_some_and(|body| body.media_type == "multipart/form-data")
        },
        ask: |stage, operation| {
            Box::pin(stage.send(&stage.direct, operation, |request| {
                // The form had a length of its own.
                let request = with(request.body("bytes"), "content-length", "5");
                with(request, "content-type", "text/plain")
            }))
        },
    },
];

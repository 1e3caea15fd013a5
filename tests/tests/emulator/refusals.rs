//! What the local platform refuses, asked of every operation that declares the refusal.

use aerostack_contract::{Credential, Exchange, Operation};
use futures_util::future::BoxFuture;
use reqwest::RequestBuilder;
use serde_json::json;

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

type Ask = for<'a> fn(&'a Stage, Operation) -> BoxFuture<'a, anyhow::Result<(Exchange, String)>>;

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

fn sends(operation: &Operation, media_type: &str) -> bool {
    operation
        .body
        .as_ref()
        .is_some_and(|body| body.media_type == media_type)
}

fn closed(operation: &Operation) -> bool {
    // The official server client adds fields to the envelope.
    let is_envelope = operation.id == "socketEmit";
    !is_envelope
        && sends(operation, JSON)
        && operation.body.as_ref().is_some_and(|body| body.closed)
}

fn of_project(operation: &Operation) -> bool {
    operation.path.contains("{projectSlug}")
}

/// The header takes the place of the one that the example set.
fn with(request: RequestBuilder, name: &'static str, value: &str) -> RequestBuilder {
    let mut headers = reqwest::header::HeaderMap::new();
    headers.insert(name, value.parse().expect("a header's value"));
    request.headers(headers)
}

fn in_body(operation: &mut Operation, field: &str, value: serde_json::Value) {
    let example = operation
        .body
        .as_mut()
        .and_then(|body| body.example.as_mut());
    example.expect("an example")[field] = value;
}

/// Sends with one header changed.
macro_rules! header {
    ($name:literal, $value:expr) => {
        |stage, operation| {
            Box::pin(async move {
                let way = stage.way(&operation, &stage.lenient);
                stage
                    .send(way, &operation, |request| {
                        with(request, $name, $value(stage))
                    })
                    .await
            })
        }
    };
}

/// Everything that every operation can be asked.
pub(crate) const REFUSALS: &[Refusal] = &[
    Refusal {
        name: "an unknown key",
        status: 401,
        applies: keyed,
        ask: header!("x-aerostack-key", |_: &Stage| "ac_secret_wrong"),
    },
    Refusal {
        name: "an unknown bearer",
        status: 401,
        applies: bearer,
        ask: header!("authorization", |_: &Stage| "Bearer wrong"),
    },
    Refusal {
        name: "the public key",
        status: 403,
        // The history is open to browsers, and with it to the key they hold.
        applies: |operation| keyed(operation) && operation.id != "realtimeHistory",
        ask: header!("x-aerostack-key", public_key),
    },
    Refusal {
        name: "an unknown field",
        status: 400,
        applies: closed,
        ask: |stage, mut operation| {
            in_body(&mut operation, "mispelt", json!(true));
            Box::pin(async move {
                stage
                    .send(
                        stage.way(&operation, &stage.lenient),
                        &operation,
                        |request| request,
                    )
                    .await
            })
        },
    },
    Refusal {
        name: "a body that is not JSON",
        status: 400,
        applies: |operation| sends(operation, JSON),
        // Prism would answer this one itself.
        ask: |stage, operation| {
            Box::pin(async move {
                stage
                    .send(&stage.direct, &operation, |request| {
                        request.body("{\"sql\": ")
                    })
                    .await
            })
        },
    },
    Refusal {
        name: "a body beyond the limit",
        status: 413,
        applies: |operation| sends(operation, JSON),
        ask: |stage, operation| {
            Box::pin(async move {
                let large = json!({"sql": "x".repeat(2048)}).to_string();
                stage
                    .send(&stage.narrow, &operation, |request| request.body(large))
                    .await
            })
        },
    },
    Refusal {
        name: "an upload that is not a form",
        status: 415,
        applies: |operation| sends(operation, "multipart/form-data"),
        ask: |stage, operation| {
            Box::pin(async move {
                // The form had a length of its own.
                let plain = |request: RequestBuilder| {
                    with(
                        with(request.body("bytes"), "content-length", "5"),
                        "content-type",
                        "text/plain",
                    )
                };
                stage.send(&stage.direct, &operation, plain).await
            })
        },
    },
    Refusal {
        name: "an unknown project",
        status: 404,
        applies: of_project,
        ask: |stage, mut operation| {
            let slug = operation
                .parameters
                .iter_mut()
                .find(|parameter| parameter.name == "projectSlug");
            slug.expect("the slug is a parameter").example = Some(json!("nowhere"));
            Box::pin(async move {
                stage
                    .send(
                        stage.way(&operation, &stage.lenient),
                        &operation,
                        |request| request,
                    )
                    .await
            })
        },
    },
    Refusal {
        name: "what is not there",
        status: 404,
        // A secret that is not there is an answer: there is none.
        applies: |operation| !of_project(operation) && operation.id != "secretsGet",
        ask: |stage, mut operation| {
            elsewhere(&mut operation);
            Box::pin(async move {
                stage
                    .send(
                        stage.way(&operation, &stage.lenient),
                        &operation,
                        |request| request,
                    )
                    .await
            })
        },
    },
    Refusal {
        name: "one call too many",
        status: 429,
        applies: |operation| FEW_CALLS.contains(&operation.id.as_str()),
        ask: |stage, operation| {
            Box::pin(async move {
                let mut last = stage
                    .send(&stage.narrow, &operation, |request| request)
                    .await?;
                for _ in 0..20 {
                    if last.0.status != 429 {
                        last = stage
                            .send(&stage.narrow, &operation, |request| request)
                            .await?;
                    }
                }
                Ok(last)
            })
        },
    },
];

/// Operations with a narrow limit of their own.
const FEW_CALLS: &[&str] = &[
    "cacheFlush",
    "publicAuthLogin",
    "publicAuthOtpSend",
    "publicAuthRegister",
    "publicAuthResetPasswordRequest",
];

/// Names something in the request that does not exist.
fn elsewhere(operation: &mut Operation) {
    for parameter in &mut operation.parameters {
        if ["name", "id", "slug", "apiSlug", "api_slug"].contains(&parameter.name.as_str()) {
            parameter.example = Some(json!("nowhere"));
        }
    }
    for field in ["key", "sourceKey", "serviceName", "method"] {
        let example = operation
            .body
            .as_mut()
            .and_then(|body| body.example.as_mut());
        if let Some(value) = example.and_then(|example| example.get_mut(field)) {
            *value = json!("nowhere");
        }
    }
}

fn public_key(stage: &Stage) -> &str {
    stage.emulator.public_key()
}

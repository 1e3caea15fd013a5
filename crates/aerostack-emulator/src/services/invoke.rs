//! The services of the project: handlers in this process, or URLs to forward to.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};
use tokio_util::task::AbortOnDropHandle;

use crate::error::{ApiError, ApiResult, Reply};
use crate::http::extract::Json;
use crate::http::operation::Routes;
use crate::http::operations::SERVICES_INVOKE;
use crate::http::outbound::{self, Outbound};
use crate::http::raw_object::FreeObject;
use crate::services::callbacks::Backend;

#[derive(Clone)]
pub(crate) struct Services {
    backends: Arc<HashMap<String, Backend<Value, Value>>>,
    outbound: Outbound,
}

impl Services {
    pub(crate) fn new(
        backends: HashMap<String, Backend<Value, Value>>,
        outbound: Outbound,
    ) -> Self {
        Self {
            backends: Arc::new(backends),
            outbound,
        }
    }

    pub(crate) fn routes(self) -> Routes {
        Routes::new().on(&SERVICES_INVOKE, invoke).with_state(self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct InvokeRequest {
    service_name: String,
    data: FreeObject,
}

#[derive(Serialize)]
struct InvokeReply {
    success: bool,
    result: Box<RawValue>,
}

async fn invoke(
    State(services): State<Services>,
    Json(request): Json<InvokeRequest>,
) -> Reply<InvokeReply> {
    let name = &request.service_name;
    let outcome = match services.backends.get(name) {
        None => {
            return Err(ApiError::new(
                StatusCode::NOT_FOUND,
                "SERVICE_NOT_FOUND",
                format!("No service is called {name}."),
            ));
        }
        Some(Backend::Handler(handler)) => {
            let running = AbortOnDropHandle::new(tokio::spawn(handler(request.data.value())));
            match running.await {
                Ok(outcome) => outcome
                    .map(|result| raw(&result))
                    .map_err(|error| error.to_string()),
                Err(_) => return Err(failed(format!("The service {name} panicked."))),
            }
        }
        Some(Backend::Url(url)) => post_to(&services.outbound, name, url, &request.data).await?,
    };
    Ok(axum::Json(match outcome {
        Ok(result) => InvokeReply {
            success: true,
            result,
        },
        Err(why) => InvokeReply {
            success: false,
            result: raw(&json!({ "error": why })),
        },
    }))
}

/// A service that answers an error has failed; one that does not answer leaves nothing to report.
async fn post_to(
    outbound: &Outbound,
    name: &str,
    url: &str,
    data: &FreeObject,
) -> ApiResult<Result<Box<RawValue>, String>> {
    let client = outbound.client(url);
    let lost = |why: String| failed(format!("The service {name} did not answer: {why}"));
    let response = client
        .post(url)
        .json(data)
        .send()
        .await
        .map_err(|error| lost(outbound::chain(&error)))?;
    let status = response.status();
    let body = outbound::read(response).await.map_err(lost)?;
    if !status.is_success() {
        return Ok(Err(format!("the service answered {status}")));
    }
    let body = if body.is_empty() { b"null" } else { &body[..] };
    serde_json::from_slice(body).map(Ok).map_err(|error| {
        failed(format!(
            "The answer of the service {name} is not JSON: {error}"
        ))
    })
}

fn failed(message: String) -> ApiError {
    ApiError::new(
        StatusCode::INTERNAL_SERVER_ERROR,
        "SERVICE_INVOKE_FAILED",
        message,
    )
}

fn raw(value: &Value) -> Box<RawValue> {
    to_raw_value(value).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

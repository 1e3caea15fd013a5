//! The layers around every operation that belong to HTTP: request ids, limits of the body, credentials and rate
//! limits, and a task that outlives the connection.

use axum::body::Body;
use axum::extract::{Extension, Request, State};
use axum::http::{HeaderName, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::Limited;
use tower_http::timeout::TimeoutBody;

use crate::clock::Clock;
use crate::config::Limits;
use crate::error::{ApiError, ApiResult};
use crate::http::extract::{BodyLimit, drain};
use crate::http::keys::Keys;
use crate::http::latency::Latency;
use crate::http::operation::{Access, Operation};
use crate::http::rate_limit::{self, Quota, RateLimits};
use crate::http::server::Peer;
use crate::tasks::{Disconnected, Tasks};

/// Gives the response the id of the request, or one of its own.
pub(crate) async fn request_id(request: Request, next: Next) -> Response {
    let name = HeaderName::from_static("x-request-id");
    let given = request.headers().get(&name).cloned();
    let mut response = next.run(request).await;
    let id = given.or_else(|| HeaderValue::from_str(&uuid::Uuid::new_v4().to_string()).ok());
    if let Some(id) = id {
        response.headers_mut().insert(name, id);
    }
    response
}

/// Answers a method that the path does not take. The router adds `Allow`.
pub(crate) async fn method_not_allowed(method: Method) -> ApiError {
    ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "METHOD_NOT_ALLOWED",
        format!("This path does not take {method}."),
    )
}

/// Ends a request body with an error after too long a silence or too many bytes. Services have narrower limits of
/// their own; this one holds for what they merely read to its end.
pub(crate) async fn bound_body(
    State(limits): State<Limits>,
    request: Request,
    next: Next,
) -> Response {
    // A sender of somewhat too much gets to hear of it.
    let most = limits
        .upload_bytes
        .saturating_add(limits.json_bytes as u64)
        .saturating_mul(4);
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let silence = limits.body_silence;
    let request =
        request.map(|body| Body::new(TimeoutBody::new(silence, Limited::new(body, most))));
    next.run(request).await
}

/// Tells the extractors how large the JSON body of the operation may be.
pub(crate) async fn json_limit(
    State(bytes): State<usize>,
    Extension(operation): Extension<&'static Operation>,
    mut request: Request,
    next: Next,
) -> Response {
    request.extensions_mut().insert(BodyLimit {
        bytes,
        status: operation.too_large(),
    });
    next.run(request).await
}

/// Who may call, and how often.
#[derive(Clone)]
pub(crate) struct Gatekeeper {
    pub(crate) keys: Keys,
    pub(crate) rates: RateLimits,
    pub(crate) clock: Clock,
}

impl Gatekeeper {
    fn admit(&self, operation: &Operation, request: &Request) -> ApiResult<Option<Quota>> {
        let headers = request.headers();
        let general = match operation.access {
            // The official server client sends the key as a bearer token to these two services.
            Access::SecretKey if operation.takes_bearer() => {
                self.keys.require_secret_anywhere(headers)?;
                &rate_limit::KEYED
            }
            Access::SecretKey => {
                self.keys.require_secret(headers)?;
                &rate_limit::KEYED
            }
            Access::SecretBearer => {
                self.keys.require_secret_bearer(headers)?;
                &rate_limit::KEYED
            }
            Access::Open => &rate_limit::KEYLESS,
        };
        let peer = request
            .extensions()
            .get::<Peer>()
            .map_or_else(String::new, |Peer(address)| address.to_string());
        let now = self.clock.now_ms();
        let quota = self.rates.count(general, &peer, now)?;
        match rate_limit::of_operation(operation.id) {
            Some(rule) => self.rates.count(rule, &peer, now),
            None => Ok(quota),
        }
    }
}

/// Among the extensions of a response: the request was rejected before anything looked at its body.
#[derive(Clone, Copy)]
pub(crate) struct BodyUnused;

/// Passes requests that carry the operation's credential and are within the rate limits.
pub(crate) async fn admit(
    State(gatekeeper): State<Gatekeeper>,
    Extension(operation): Extension<&'static Operation>,
    request: Request,
    next: Next,
) -> Response {
    match gatekeeper.admit(operation, &request) {
        Ok(quota) => {
            let mut response = next.run(request).await;
            if let Some(quota) = quota {
                quota.write(response.headers_mut());
            }
            response
        }
        Err(error) => {
            // Read first: a client that is still sending might never see the response.
            drain(request.into_body()).await;
            let mut response = error.into_response();
            response.extensions_mut().insert(BodyUnused);
            response
        }
    }
}

/// Where requests are answered.
#[derive(Clone)]
pub(crate) struct Detached {
    pub(crate) tasks: Tasks,
    /// How long every call takes at least.
    pub(crate) latency: Latency,
}

/// Answers the request in a task of its own: a client that disconnects does not stop what it started. Handlers of
/// what takes long find out by [`Disconnected`].
pub(crate) async fn detach(
    State(detached): State<Detached>,
    mut request: Request,
    next: Next,
) -> Response {
    let latency = detached.latency.get();
    let disconnected = Disconnected::default();
    request.extensions_mut().insert(disconnected.clone());
    let _guard = disconnected.0.drop_guard();
    let task = detached.tasks.tracker.spawn(async move {
        if !latency.is_zero() {
            tokio::time::sleep(latency).await;
        }
        next.run(request).await
    });
    task.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a handler failed");
        ApiError::internal("The emulator failed while answering.").into_response()
    })
}

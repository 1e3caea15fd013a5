//! The way of a request: recorded, struck by a fault or not, checked for its credential, answered.

use std::convert::Infallible;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use http_body_util::BodyExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::error::{ApiError, ApiResult};
use crate::http::body_limit::Bounded;
use crate::http::extract;
use crate::http::health;
use crate::http::operations::{self, Access, Lookup, Operation};
use crate::http::origins;
use crate::http::rate_limit::{self, Quota};
use crate::http::script::{Answer, Script, Socket};
use crate::platform::App;
use crate::test_kit::control;
use crate::test_kit::fault::{Fault, Kind};
use crate::test_kit::request_log::Entry;

/// Accepts connections until the emulator stops, then cuts those that are left.
pub(crate) async fn serve(app: App, router: Router, listener: TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = app.stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let _ = stream.set_nodelay(true);
                    connections.spawn(connection(app.clone(), router.clone(), Socket::new(stream), peer.ip()));
                }
                // Out of file descriptors or the like: let connections end before trying again.
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
    connections.shutdown().await;
}

/// Tells hyper to let go of the connection: a script takes over.
#[derive(Debug)]
struct TakenOver;

impl fmt::Display for TakenOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fault took the connection over")
    }
}

impl std::error::Error for TakenOver {}

async fn connection(app: App, router: Router, socket: Socket, peer: IpAddr) {
    let script: Arc<Mutex<Option<Script>>> = Arc::default();
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let (app, router, script) = (app.clone(), router.clone(), Arc::clone(&script));
        async move {
            match exchange(app, router, request.map(Body::new), peer).await {
                Outcome::Answer(response) => Ok(response),
                Outcome::Script(new) => {
                    *script.lock().unwrap_or_else(PoisonError::into_inner) = Some(new);
                    Err(TakenOver)
                }
            }
        }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(app.config.limits.header_time)
        .serve_connection(TokioIo::new(socket.clone()), service)
        .with_upgrades()
        .await;
    let script = script.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (served, script) {
        (Err(_), Some(script)) => {
            let _ = script.play(&socket).await;
        }
        (Err(error), None) => tracing::debug!(%error, "a connection ended early"),
        (Ok(()), _) => {}
    }
}

enum Outcome {
    Answer(Response),
    Script(Script),
}

async fn exchange(app: App, router: Router, request: Request, peer: IpAddr) -> Outcome {
    let origin = match admit_page(&app, &request) {
        Ok(origin) => origin,
        Err(error) => return Outcome::Answer(refuse(&app, request, error).await),
    };
    let path = request.uri().path();
    if is_control(&app, path) || path == health::PATH {
        return Outcome::Answer(dispatch(router, request).await);
    }
    if let Some(origin) = &origin
        && origins::is_preflight(request.method(), request.headers())
    {
        return Outcome::Answer(origins::preflight(origin, request.headers()));
    }
    let started = Instant::now();
    let (parts, body) = request.into_parts();
    let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
    let found = operations::lookup(&method, &path);
    let operation = match &found {
        Lookup::Found(operation) => Some(*operation),
        _ => None,
    };
    let body = Bounded::wrap(body, &app.config.limits);
    let (entry, body) = app
        .record
        .arrived(&parts, body, operation.map(|operation| operation.id));
    let request_id = parts.headers.get("x-request-id").cloned();
    let request = Request::from_parts(parts, body);
    let fault = operation.and_then(|operation| app.faults.strike(operation.id));
    if let Some(operation) = operation {
        app.arrivals.add(operation.id);
    }
    if let Some(fault) = &fault {
        entry.struck(fault.name());
        app.struck.add(fault.name());
    }

    let mut answer = None;
    if fault.as_ref().is_none_or(Fault::needs_answer) {
        let mut response = answered(&app, router, request, found, peer).await;
        stamp(&mut response, request_id);
        answer = Some(response);
    } else {
        // What the client sends is read even if nobody answers it: the record shows it, and the fault is the only
        // thing wrong with the connection.
        extract::drain(request.into_body()).await;
    }
    let mut outcome = match fault {
        Some(fault) => strike(&fault, answer, origin.as_ref()).await,
        None => Outcome::Answer(answer.unwrap_or_else(|| extract::lost().into_response())),
    };
    if let (Outcome::Answer(response), Some(origin)) = (&mut outcome, &origin) {
        origins::share(response.headers_mut(), origin);
    }
    log(&entry, operation, &method, &path, &outcome, started);
    outcome
}

fn is_control(app: &App, path: &str) -> bool {
    app.config.control && path.starts_with(control::PREFIX)
}

/// Passes requests that no page of a foreign site made, and tells which page's origin to answer.
fn admit_page(app: &App, request: &Request) -> ApiResult<Option<HeaderValue>> {
    let (allowed, headers) = (&app.config.origins, request.headers());
    let host = allowed.check_host(request.uri(), headers)?;
    if is_control(app, request.uri().path()) {
        origins::check_same_origin(&host, request.method(), headers)?;
        return Ok(None);
    }
    Ok(allowed.check_origin(&host, headers)?.cloned())
}

/// Answers a request that is not let in. The record keeps nothing of it.
async fn refuse(app: &App, request: Request, error: ApiError) -> Response {
    tracing::warn!(
        "{} {}: {}",
        request.method(),
        request.uri().path(),
        error.message()
    );
    // Read first: a client that is still sending might never see the answer.
    extract::drain(Bounded::wrap(request.into_body(), &app.config.limits)).await;
    error.into_response()
}

/// Runs the request in a task of its own: a client that goes away does not stop what it started.
async fn answered(
    app: &App,
    router: Router,
    request: Request,
    found: Lookup,
    peer: IpAddr,
) -> Response {
    let state = app.clone();
    let task = app.tasks.spawn(async move {
        if !state.config.latency.is_zero() {
            tokio::time::sleep(state.config.latency).await;
        }
        match found {
            Lookup::Found(operation) => match admit(&state, operation, &request, peer) {
                Ok(quota) => {
                    let mut request = request;
                    request.extensions_mut().insert(operation);
                    let mut response = dispatch(router, request).await;
                    if response.status().is_success() {
                        state.effects.add(operation.id);
                    }
                    if let Some(quota) = quota {
                        quota.write(response.headers_mut());
                    }
                    response
                }
                Err(error) => {
                    // Read first: a client that is still sending might never see the answer.
                    extract::drain(request.into_body()).await;
                    error.into_response()
                }
            },
            Lookup::WrongMethod(allowed) => wrong_method(&allowed).into_response(),
            Lookup::Unknown => dispatch(router, request).await,
        }
    });
    task.await.unwrap_or_else(|error| {
        tracing::error!(%error, "a handler failed");
        extract::lost().into_response()
    })
}

/// Passes requests with the right credential that are within the rate limits.
fn admit(
    app: &App,
    operation: &Operation,
    request: &Request,
    peer: IpAddr,
) -> ApiResult<Option<Quota>> {
    let general = match operation.access {
        Access::SecretKey => app
            .keys
            .require_secret(request.headers())
            .map(|()| &rate_limit::KEYED)?,
        Access::SecretBearer => app
            .keys
            .require_secret_bearer(request.headers())
            .map(|()| &rate_limit::KEYED)?,
        Access::Open => &rate_limit::KEYLESS,
    };
    let (now, peer) = (app.clock.now_ms(), peer.to_string());
    let quota = app.rates.count(general, &peer, now)?;
    match rate_limit::of_operation(operation.id) {
        Some(rule) => app.rates.count(rule, &peer, now),
        None => Ok(quota),
    }
}

async fn dispatch(router: Router, request: Request) -> Response {
    let result: Result<Response, Infallible> = router.oneshot(request).await;
    match result {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn wrong_method(allowed: &[&str]) -> ApiError {
    let allowed = allowed.join(", ");
    let error = ApiError::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "METHOD_NOT_ALLOWED",
        format!("This path takes {allowed}."),
    );
    match HeaderValue::from_str(&allowed) {
        Ok(value) => error.header(header::ALLOW, value),
        Err(_) => error,
    }
}

fn stamp(response: &mut Response, request_id: Option<HeaderValue>) {
    let id = request_id.or_else(|| HeaderValue::from_str(&uuid::Uuid::new_v4().to_string()).ok());
    if let Some(id) = id {
        response
            .headers_mut()
            .insert(HeaderName::from_static("x-request-id"), id);
    }
}

/// Lets a fault act on the answer, if there is one. Pages of `origin` may read what is left of it.
async fn strike(fault: &Fault, answer: Option<Response>, origin: Option<&HeaderValue>) -> Outcome {
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
            Outcome::Answer(response)
        }
        Kind::Header { name, value } => {
            let mut response = answer.unwrap_or_default();
            if let Ok(value) = HeaderValue::from_str(value) {
                response.headers_mut().insert(*name, value);
            }
            Outcome::Answer(response)
        }
        Kind::Delay(by) => {
            tokio::time::sleep(*by).await;
            Outcome::Answer(answer.unwrap_or_default())
        }
        Kind::Wire(wire) => {
            let answer = match answer {
                Some(response) => {
                    let (mut head, body) = response.into_parts();
                    if let Some(origin) = origin {
                        origins::share(&mut head.headers, origin);
                    }
                    let body = body
                        .collect()
                        .await
                        .map(http_body_util::Collected::to_bytes)
                        .unwrap_or_default();
                    Some(Answer { head, body })
                }
                None => None,
            };
            Outcome::Script(Script::new(wire, answer))
        }
    }
}

/// One line a request: never a query, a header or a body, which may hold credentials.
fn log(
    entry: &Entry,
    operation: Option<&Operation>,
    method: &Method,
    path: &str,
    outcome: &Outcome,
    started: Instant,
) {
    let status = match outcome {
        Outcome::Answer(response) => Some(response.status().as_u16()),
        Outcome::Script(_) => None,
    };
    entry.answered(status);
    let ms = started.elapsed().as_millis();
    tracing::info!(
        operation = operation.map(|operation| operation.id),
        status,
        ms,
        "{method} {path}"
    );
}

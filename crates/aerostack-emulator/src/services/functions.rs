//! The project's own functions, under `/v1/custom/{slug}`.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::Value;
use serde_json::value::RawValue;
use tokio_util::task::AbortOnDropHandle;

use crate::error::{ApiError, ApiResult};
use crate::http::extract::{Pairs, PathParams, drain, parse, read_json, require_json};
use crate::http::keys::{API_KEY_HEADER, bearer};
use crate::http::operation::Routes;
use crate::http::operations::{
    CUSTOM_CALL_DELETE, CUSTOM_CALL_GET, CUSTOM_CALL_PATCH, CUSTOM_CALL_POST, CUSTOM_CALL_PUT,
};
use crate::http::outbound::{self, Outbound};
use crate::http::tokens::TokenVerifier;
use crate::services::callbacks::{Backend, FunctionCall, FunctionReply, Handler};

#[derive(Clone)]
pub(crate) struct Functions {
    backends: Arc<HashMap<String, Backend<FunctionCall, FunctionReply>>>,
    outbound: Outbound,
    tokens: Arc<dyn TokenVerifier>,
}

impl Functions {
    pub(crate) fn new(
        backends: HashMap<String, Backend<FunctionCall, FunctionReply>>,
        outbound: Outbound,
        tokens: Arc<dyn TokenVerifier>,
    ) -> Self {
        Self {
            backends: Arc::new(backends),
            outbound,
            tokens,
        }
    }

    pub(crate) fn routes(self) -> Routes {
        Routes::new()
            .on(&CUSTOM_CALL_GET, call)
            .on(&CUSTOM_CALL_POST, call)
            .on(&CUSTOM_CALL_PUT, call)
            .on(&CUSTOM_CALL_PATCH, call)
            .on(&CUSTOM_CALL_DELETE, call)
            .with_state(self)
    }
}

async fn call(
    State(functions): State<Functions>,
    PathParams(slug): PathParams<String>,
    pairs: Pairs,
    request: Request,
) -> ApiResult<Response> {
    let Some(target) = functions.backends.get(&slug) else {
        drain(request.into_body()).await;
        return Err(ApiError::not_found(format!(
            "No function is called {slug}."
        )));
    };
    let (method, headers) = (request.method().clone(), request.headers().clone());
    let query = request.uri().query().map(str::to_owned);
    let body = body(&method, request).await?;
    let user_id = match bearer(&headers) {
        Some(token) => functions.tokens.verify(token).await?.user,
        None => None,
    };
    match target {
        Backend::Handler(handler) => {
            let body = body.map_or(Ok(Value::Null), |body| parse(&body))?;
            let call = FunctionCall {
                slug,
                method: method.to_string(),
                query: pairs.0,
                body,
                user_id,
                user_token: bearer(&headers).map(str::to_owned),
                headers: readable(&headers),
            };
            run(handler, call).await
        }
        Backend::Url(url) => {
            let sent = Sent {
                method,
                query,
                headers,
                body,
            };
            sent.to(&functions.outbound, &slug, url).await
        }
    }
}

/// The JSON body, where there is one; `GET` takes none.
async fn body(method: &Method, request: Request) -> ApiResult<Option<Bytes>> {
    if *method == Method::GET {
        drain(request.into_body()).await;
        return Ok(None);
    }
    let kind = require_json(request.headers());
    let body = read_json(request).await?;
    if body.is_empty() {
        return Ok(None);
    }
    kind?;
    parse::<Box<RawValue>>(&body)?;
    Ok(Some(body))
}

fn readable(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|(name, _)| *name != API_KEY_HEADER)
        .filter_map(|(name, value)| Some((name.to_string(), value.to_str().ok()?.to_owned())))
        .collect()
}

async fn run(
    handler: &Handler<FunctionCall, FunctionReply>,
    call: FunctionCall,
) -> ApiResult<Response> {
    let slug = call.slug.clone();
    let reply = match AbortOnDropHandle::new(tokio::spawn(handler(call))).await {
        Ok(Ok(reply)) => reply,
        Ok(Err(error)) => {
            return Err(ApiError::internal(format!(
                "The function {slug} failed: {error}"
            )));
        }
        Err(_) => return Err(ApiError::internal(format!("The function {slug} panicked."))),
    };
    let status = StatusCode::from_u16(reply.status)
        .ok()
        .filter(|status| (200..600).contains(&status.as_u16()))
        .ok_or_else(|| {
            ApiError::internal(format!(
                "The function {slug} returned {}, which is not a valid status.",
                reply.status
            ))
        })?;
    Ok((status, axum::Json(reply.body)).into_response())
}

/// A call on its way to another process.
struct Sent {
    method: Method,
    query: Option<String>,
    headers: HeaderMap,
    body: Option<Bytes>,
}

/// Headers of the connection, not of the call, and the key, which belongs to the platform alone.
const KEPT_BACK: &[&str] = &[
    API_KEY_HEADER,
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
    "keep-alive",
    "te",
    "trailer",
    "upgrade",
    "expect",
    "accept-encoding",
];

impl Sent {
    async fn to(mut self, outbound: &Outbound, slug: &str, url: &str) -> ApiResult<Response> {
        let failed = |why: String| ApiError::internal(format!("The function {slug} failed: {why}"));
        let mut target = reqwest::Url::parse(url).map_err(|error| failed(error.to_string()))?;
        if let Some(query) = self.query {
            let joined = target
                .query()
                .map_or_else(|| query.clone(), |own| format!("{own}&{query}"));
            target.set_query(Some(&joined));
        }
        for name in KEPT_BACK {
            self.headers.remove(*name);
        }
        let client = outbound.client(url);
        let mut request = client.request(self.method, target).headers(self.headers);
        if let Some(body) = self.body {
            request = request.body(body);
        }
        let response = request
            .send()
            .await
            .map_err(|error| failed(outbound::chain(&error)))?;
        let status = response.status();
        let body = outbound::read(response).await.map_err(failed)?;
        let body = if body.is_empty() {
            Bytes::from_static(b"null")
        } else {
            body
        };
        serde_json::from_slice::<&RawValue>(&body)
            .map_err(|error| failed(format!("its answer is not JSON: {error}")))?;
        let kind = [(header::CONTENT_TYPE, "application/json")];
        Ok((status, kind, Body::from(body)).into_response())
    }
}

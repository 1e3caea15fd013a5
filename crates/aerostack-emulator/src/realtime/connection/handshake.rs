//! The upgrade request: what it offers, and whether it is let in.

use std::collections::HashMap;

use axum::body::Body;
use axum::extract::Query;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Uri, header};
use serde_json::json;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::http::tokens::TokenFacts;
use crate::realtime::faults::Refusal;
use crate::realtime::hub::Hub;
use crate::realtime::settings::SubprotocolReply;

const MARKER: &str = "aerostack-v1";
const KEY_PREFIX: &str = "aerostack-key.";
const TOKEN_PREFIX: &str = "aerostack-token.";

/// What an upgrade request brings.
pub(crate) struct Offer {
    protocols: Vec<String>,
    key: Option<String>,
    pub(crate) token: Option<String>,
    project: Option<String>,
    user: Option<String>,
    target: String,
}

/// Who is let in.
pub(crate) struct Admitted {
    pub(crate) facts: TokenFacts,
}

impl Offer {
    pub(crate) fn read(uri: &Uri, headers: &HeaderMap, legacy: bool) -> Self {
        let protocols: Vec<String> = headers
            .get_all(header::SEC_WEBSOCKET_PROTOCOL)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|protocol| protocol.trim().to_owned())
            .filter(|protocol| !protocol.is_empty())
            .collect();
        let after = |prefix: &str| {
            protocols
                .iter()
                .find_map(|protocol| protocol.strip_prefix(prefix))
                .map(str::to_owned)
        };
        let mut query = Query::<HashMap<String, String>>::try_from_uri(uri)
            .map(|query| query.0)
            .unwrap_or_default();
        let target = redact_target(uri);
        let (mut key, mut token) = (after(KEY_PREFIX), after(TOKEN_PREFIX));
        let (old_key, old_token) = (query.remove("apiKey"), query.remove("token"));
        if old_key.is_some() || old_token.is_some() {
            if legacy {
                tracing::warn!("a realtime client sent its credential in the URL");
                key = key.or(old_key);
                token = token.or(old_token);
            } else {
                tracing::warn!(
                    "a credential in a realtime URL is ignored; the switch legacy_query_auth accepts it"
                );
            }
        }
        let mut given = |name: &str| query.remove(name).filter(|value| !value.is_empty());
        Self {
            project: given("projectId"),
            user: given("userId"),
            key,
            token,
            target,
            protocols,
        }
    }

    /// The path and query without credentials.
    pub(crate) fn target(&self) -> String {
        self.target.clone()
    }

    /// The subprotocols without credentials.
    pub(crate) fn redacted_protocols(&self) -> Vec<String> {
        self.protocols
            .iter()
            .map(|protocol| {
                [KEY_PREFIX, TOKEN_PREFIX]
                    .into_iter()
                    .find(|prefix| protocol.starts_with(prefix))
                    .map_or_else(|| protocol.clone(), |prefix| format!("{prefix}***"))
            })
            .collect()
    }

    fn selected(&self, reply: SubprotocolReply) -> Option<&str> {
        match reply {
            SubprotocolReply::V1 => self
                .protocols
                .iter()
                .map(String::as_str)
                .find(|protocol| *protocol == MARKER)
                // A client that does not offer the marker fails unless something it offered is selected.
                .or(self.protocols.first().map(String::as_str)),
            SubprotocolReply::First => self.protocols.first().map(String::as_str),
            SubprotocolReply::None => None,
        }
    }
}

/// Names of query parameters are kept, their values only where they hold no credential.
fn redact_target(uri: &Uri) -> String {
    let Some(query) = uri.query() else {
        return uri.path().to_owned();
    };
    let pairs: Vec<_> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name @ ("projectId" | "userId"), value)) => format!("{name}={value}"),
            Some((name, _)) => format!("{name}=***"),
            None => pair.to_owned(),
        })
        .collect();
    format!("{}?{}", uri.path(), pairs.join("&"))
}

impl Hub {
    /// Decides about an upgrade.
    ///
    /// # Errors
    /// Why it is refused.
    pub(crate) async fn admit(&self, offer: &Offer) -> Result<Admitted, Denied> {
        let (open, limit) = {
            let state = self.state();
            (state.connections.len(), state.switches.max_connections)
        };
        if limit.is_some_and(|limit| open >= limit) {
            return Err(Denied::new(
                StatusCode::TOO_MANY_REQUESTS,
                "RATE_LIMIT_EXCEEDED",
                "Too many connections are open.",
            ));
        }
        let unauthorized = |message| {
            Err(Denied::new(
                StatusCode::UNAUTHORIZED,
                "UNAUTHORIZED",
                message,
            ))
        };
        if let Some(key) = &offer.key
            && !self.knows_key(key)
        {
            return unauthorized("The API key is not valid.");
        }
        let mut facts = match &offer.token {
            Some(token) => match self.check_token(token).await {
                Some(facts) => facts,
                None => return unauthorized("The token is not valid or has expired."),
            },
            None if offer.key.is_none() => {
                return unauthorized("An API key or a user token is needed.");
            }
            None => TokenFacts::default(),
        };
        if offer
            .project
            .as_deref()
            .is_some_and(|project| !self.is_project(project))
        {
            return Err(Denied::new(
                StatusCode::FORBIDDEN,
                "FORBIDDEN",
                "The credentials belong to another project.",
            ));
        }
        // A token names its user; only a key leaves that to the client.
        facts.user = facts.user.or_else(|| offer.user.clone());
        Ok(Admitted { facts })
    }

    /// The answer that switches protocols.
    pub(crate) fn switch_protocols(&self, key: &HeaderValue, offer: &Offer) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        let mut insert = |name, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        insert(
            header::SEC_WEBSOCKET_ACCEPT,
            &derive_accept_key(key.as_bytes()),
        );
        let reply = self.state().switches.subprotocol_reply;
        if let Some(protocol) = offer.selected(reply) {
            insert(header::SEC_WEBSOCKET_PROTOCOL, protocol);
        }
        response
    }
}

/// The `Sec-WebSocket-Key` of an upgrade request.
///
/// # Errors
/// Why the request is no proper upgrade.
pub(crate) fn websocket_key(parts: &Parts) -> Result<HeaderValue, Denied> {
    let has = |name: HeaderName, wanted: &str| {
        parts.headers.get_all(name).iter().any(|value| {
            value.to_str().is_ok_and(|value| {
                value
                    .split(',')
                    .any(|token| token.trim().eq_ignore_ascii_case(wanted))
            })
        })
    };
    if parts.method != Method::GET
        || !has(header::CONNECTION, "upgrade")
        || !has(header::UPGRADE, "websocket")
    {
        return Err(Denied::new(
            StatusCode::UPGRADE_REQUIRED,
            "UPGRADE_REQUIRED",
            "This path takes WebSocket connections.",
        ));
    }
    let key = parts.headers.get(header::SEC_WEBSOCKET_KEY);
    match key {
        Some(key) if has(header::SEC_WEBSOCKET_VERSION, "13") => Ok(key.clone()),
        _ => Err(Denied::new(
            StatusCode::BAD_REQUEST,
            "BAD_REQUEST",
            "The upgrade needs Sec-WebSocket-Key and Sec-WebSocket-Version: 13.",
        )),
    }
}

/// Why an upgrade is refused.
pub(crate) struct Denied {
    pub(crate) status: StatusCode,
    code: &'static str,
    message: &'static str,
}

impl Denied {
    fn new(status: StatusCode, code: &'static str, message: &'static str) -> Self {
        Self {
            status,
            code,
            message,
        }
    }

    pub(crate) fn into_response(self) -> Response<Body> {
        let body = json!({ "error": { "code": self.code, "message": self.message } }).to_string();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        let kind = HeaderValue::from_static("application/json");
        headers.insert(header::CONTENT_TYPE, kind);
        if self.status == StatusCode::UPGRADE_REQUIRED {
            headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
        }
        response
    }
}

impl Refusal {
    /// The answer; `None` when there is none.
    pub(crate) fn into_response(self) -> Option<Response<Body>> {
        let status =
            StatusCode::from_u16(self.status?).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let code = match status.as_u16() {
            401 => "UNAUTHORIZED",
            403 => "FORBIDDEN",
            429 => "RATE_LIMIT_EXCEEDED",
            503 => "SERVICE_UNAVAILABLE",
            _ => "REFUSED",
        };
        let mut response = Denied::new(status, code, "Refused by a fault.").into_response();
        if let Some((kind, body)) = self.body {
            *response.body_mut() = Body::from(body);
            if let Ok(kind) = HeaderValue::from_str(&kind) {
                response.headers_mut().insert(header::CONTENT_TYPE, kind);
            }
        }
        for (name, value) in &self.headers {
            if let (Ok(name), Ok(value)) =
                (HeaderName::try_from(name), HeaderValue::from_str(value))
            {
                response.headers_mut().append(name, value);
            }
        }
        Some(response)
    }
}

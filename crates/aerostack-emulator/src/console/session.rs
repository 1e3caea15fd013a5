//! Who may use the console: whoever has the URL that the emulator printed.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use crate::console::assets;
use crate::error::{ApiError, ApiResult};
use crate::http::extract::Query;
use crate::http::keys::{API_KEY_HEADER, Keys, constant_time_eq};

/// Carries the token of programs that take it from the printed URL.
const TOKEN_HEADER: &str = "x-emulator-token";

/// The token that opens the console until the emulator stops.
#[derive(Clone)]
pub(crate) struct ConsoleToken(Arc<str>);

impl ConsoleToken {
    pub(crate) fn new() -> Self {
        let half = || uuid::Uuid::new_v4().simple().to_string();
        Self((half() + &half()).into())
    }

    /// The path and query of the console's URL.
    pub(crate) fn target(&self) -> String {
        format!("/__emulator/?token={}", self.0)
    }

    fn is(&self, candidate: &str) -> bool {
        constant_time_eq(self.0.as_bytes(), candidate.as_bytes())
    }
}

/// Who is let in.
#[derive(Clone)]
pub(super) struct Doorkeeper {
    pub(super) token: ConsoleToken,
    pub(super) keys: Keys,
}

/// The page: open to all, as nothing in it is worth hiding. What it shows is fetched with the cookie.
pub(super) fn routes(doorkeeper: Doorkeeper) -> Router {
    Router::new()
        .route(
            "/__emulator",
            get(async || Redirect::permanent("/__emulator/")),
        )
        .route("/__emulator/", get(page))
        .with_state(doorkeeper)
}

/// Passes requests that carry the secret key, the console's token or its cookie.
pub(super) async fn admit(
    State(doorkeeper): State<Doorkeeper>,
    request: Request,
    next: Next,
) -> ApiResult<Response> {
    let headers = request.headers();
    if headers.contains_key(API_KEY_HEADER) {
        doorkeeper.keys.require_secret(headers)?;
    } else {
        let token = match headers.get(TOKEN_HEADER) {
            Some(token) => token.to_str().ok(),
            None => cookie(headers),
        };
        if !token.is_some_and(|token| doorkeeper.token.is(token)) {
            return Err(ApiError::invalid_key());
        }
    }
    Ok(next.run(request).await)
}

/// Adds what every answer below `/__emulator/` carries.
pub(super) async fn guarded(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let set = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
    ];
    let headers = response.headers_mut();
    for (name, value) in set {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers
        .entry(header::CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

#[derive(Deserialize)]
struct PageQuery {
    token: Option<String>,
}

/// Shows the console, and first exchanges the token of the URL for a cookie.
async fn page(
    State(doorkeeper): State<Doorkeeper>,
    headers: HeaderMap,
    Query(query): Query<PageQuery>,
) -> ApiResult<Response> {
    let Some(token) = query.token else {
        return Ok(assets::console());
    };
    if !doorkeeper.token.is(token.trim()) {
        return Ok(Redirect::to("/__emulator/signin#wrong").into_response());
    }
    let cookie = format!(
        "{}={token}; Path=/__emulator/; HttpOnly; SameSite=Strict",
        cookie_name(&headers)
    );
    let cookie =
        HeaderValue::from_str(&cookie).map_err(|error| ApiError::internal(error.to_string()))?;
    let mut response = Redirect::to("/__emulator/").into_response();
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    Ok(response)
}

/// Cookies do not tell ports apart, so the name does.
fn cookie_name(headers: &HeaderMap) -> String {
    let port = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .and_then(|host| host.parse::<Authority>().ok())
        .and_then(|host| host.port_u16())
        .unwrap_or(80);
    format!("aerostack_emulator_{port}")
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let name = cookie_name(headers);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            (key == name).then_some(value)
        })
}

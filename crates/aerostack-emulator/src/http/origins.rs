//! Which `Host` and `Origin` a request may carry, and the CORS headers of the response.
//!
//! The emulator's default keys are well known, so the network address does not protect it from web pages: any page in
//! the developer's browser can send requests to a loopback address. Two checks keep other sites out. The host has to be
//! a name of this machine, which stops DNS rebinding, and the origin, where a browser names one, has to be local or
//! allowed, which stops everything else, WebSockets included.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Extension, Request, State};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::error::{ApiError, ApiResult};
use crate::http::extract::drain;

/// Says how a request came about: by the same page, by a page of another origin, or by the user.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const PRIVATE_NETWORK: HeaderName =
    HeaderName::from_static("access-control-request-private-network");

/// How long a browser may remember the answer to a preflight, in seconds.
const PREFLIGHT_AGE: HeaderValue = HeaderValue::from_static("600");
const METHODS: HeaderValue = HeaderValue::from_static("GET, POST, PUT, PATCH, DELETE");
/// Headers that scripts may read beside the safelisted ones.
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "ETag, Retry-After, X-Request-ID, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset",
);

/// The hosts and origins that are allowed beside those of this machine.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins {
    /// In lower case, without a port.
    hosts: Vec<String>,
    /// As browsers write them: in lower case, without a path.
    origins: Vec<String>,
}

impl Origins {
    /// Allows another host name.
    ///
    /// # Errors
    /// When it is not a host name.
    pub(crate) fn allow_host(&mut self, host: &str) -> Result<(), String> {
        let authority: Authority = host
            .parse()
            .map_err(|_| format!("{host:?} is not a host name, such as aerostack.test"))?;
        if host.contains('@') || authority.port().is_some() {
            return Err(format!(
                "{host:?} has to be a host name alone, without a port"
            ));
        }
        self.hosts.push(authority.host().to_ascii_lowercase());
        Ok(())
    }

    /// Allows another origin.
    ///
    /// # Errors
    /// When it is not an origin, such as `https://app.example`.
    pub(crate) fn allow_origin(&mut self, origin: &str) -> Result<(), String> {
        let shape = || {
            format!(
                "{origin:?} is not an origin, such as https://app.example or http://localhost:5173"
            )
        };
        let (scheme, rest) = origin.split_once("://").ok_or_else(shape)?;
        let authority: Authority = rest.parse().map_err(|_| shape())?;
        if scheme.is_empty() || rest.contains('@') || authority.host().is_empty() {
            return Err(shape());
        }
        self.origins.push(origin.to_ascii_lowercase());
        Ok(())
    }

    /// The request's host and port, which is what a client knows the emulator by.
    ///
    /// # Errors
    /// When the host is missing, written twice, or not a name of this machine.
    fn check_host(&self, uri: &Uri, headers: &HeaderMap) -> ApiResult<Authority> {
        let bad =
            |message: &str| ApiError::new(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", message);
        let mut given = headers.get_all(header::HOST).iter();
        let host = match (uri.authority(), given.next(), given.next()) {
            (_, Some(_), Some(_)) => return Err(bad("The request has more than one Host header.")),
            // A request target in absolute form overrides the header.
            (Some(authority), ..) => authority.clone(),
            (None, Some(host), None) => host
                .to_str()
                .ok()
                .filter(|host| !host.contains('@'))
                .and_then(|host| host.parse().ok())
                .ok_or_else(|| bad("The Host header is not a host name."))?,
            (None, None, _) => return Err(bad("The Host header is missing.")),
        };
        let name = host.host().to_ascii_lowercase();
        if is_address(&name) || is_local_name(&name) || self.hosts.contains(&name) {
            return Ok(host);
        }
        Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "HOST_NOT_ALLOWED",
            format!(
                "The Host header names {name:?}, which is not a name of this machine. Call the emulator by its \
                 address, or start it with --allow-host {name}."
            ),
        ))
    }

    /// The origin of the page that sent the request, if a page did.
    ///
    /// # Errors
    /// When the origin is neither local nor allowed.
    fn check_origin<'a>(
        &self,
        host: &Authority,
        headers: &'a HeaderMap,
    ) -> ApiResult<Option<&'a HeaderValue>> {
        let Some(given) = headers.get(header::ORIGIN) else {
            return Ok(None);
        };
        let origin = given.to_str().unwrap_or_default().to_ascii_lowercase();
        if is_local_origin(&origin) || is_origin_of(host, &origin) || self.origins.contains(&origin)
        {
            return Ok(Some(given));
        }
        Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "ORIGIN_NOT_ALLOWED",
            format!(
                "Pages of the origin {origin:?} may not call this emulator. Start it with --allow-origin {origin} if \
                 they should."
            ),
        ))
    }
}

/// Among the extensions of a request: the origin of the page that may read the response.
#[derive(Clone)]
pub(crate) struct SharedWith(pub(crate) HeaderValue);

/// Passes requests whose host is a name of this machine.
pub(crate) async fn known_host(
    State(allowed): State<Arc<Origins>>,
    mut request: Request,
    next: Next,
) -> Response {
    match allowed.check_host(request.uri(), request.headers()) {
        Ok(host) => {
            request.extensions_mut().insert(host);
            next.run(request).await
        }
        Err(error) => refuse(request, error).await,
    }
}

/// Passes requests that no page of a foreign origin made, and lets pages of the others read the response.
pub(crate) async fn allowed_origin(
    State(allowed): State<Arc<Origins>>,
    Extension(host): Extension<Authority>,
    mut request: Request,
    next: Next,
) -> Response {
    let origin = match allowed.check_origin(&host, request.headers()) {
        Ok(None) => return next.run(request).await,
        Ok(Some(origin)) => origin.clone(),
        Err(error) => return refuse(request, error).await,
    };
    if is_preflight(request.method(), request.headers()) {
        return preflight(&origin, request.headers());
    }
    request.extensions_mut().insert(SharedWith(origin.clone()));
    let mut response = next.run(request).await;
    share(response.headers_mut(), &origin);
    response
}

/// Passes requests that no page of any other origin made.
pub(crate) async fn same_origin(
    Extension(host): Extension<Authority>,
    request: Request,
    next: Next,
) -> Response {
    match check_same_origin(&host, request.method(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(error) => refuse(request, error).await,
    }
}

/// Answers a request that is rejected. The log of requests keeps nothing of it.
async fn refuse(request: Request, error: ApiError) -> Response {
    tracing::warn!(
        "{} {}: {}",
        request.method(),
        request.uri().path(),
        error.message()
    );
    // Read first: a client that is still sending might never see the response.
    drain(request.into_body()).await;
    error.into_response()
}

/// Passes requests to the controls that no page of another origin made, not even one on another port of this machine.
///
/// # Errors
/// When a page of another origin made the request.
fn check_same_origin(host: &Authority, method: &Method, headers: &HeaderMap) -> ApiResult<()> {
    let text = |name| {
        headers
            .get(name)
            .and_then(|value: &HeaderValue| value.to_str().ok())
    };
    let foreign = match headers.get(header::ORIGIN) {
        Some(origin) => !origin
            .to_str()
            .is_ok_and(|origin| is_origin_of(host, &origin.to_ascii_lowercase())),
        None => match text(FETCH_SITE) {
            None | Some("same-origin" | "none") => false,
            // A link to the console may be followed from anywhere: the page shows nothing without its session.
            Some(_) => method != Method::GET || text(FETCH_MODE) != Some("navigate"),
        },
    };
    if foreign {
        return Err(ApiError::new(
            StatusCode::FORBIDDEN,
            "ORIGIN_NOT_ALLOWED",
            "The emulator's controls are closed to web pages of any other origin.",
        ));
    }
    Ok(())
}

/// Whether a request asks for permission to make another.
fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS
        && headers.contains_key(header::ORIGIN)
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Permits an allowed origin's request.
fn preflight(origin: &HeaderValue, requested: &HeaderMap) -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    share(response.headers_mut(), origin);
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, PREFLIGHT_AGE);
    if let Some(names) = requested.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, names.clone());
    }
    if requested.contains_key(PRIVATE_NETWORK) {
        headers.insert(
            HeaderName::from_static("access-control-allow-private-network"),
            HeaderValue::from_static("true"),
        );
    }
    response
}

/// Lets pages of an allowed origin read the answer.
pub(crate) fn share(headers: &mut HeaderMap, origin: &HeaderValue) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
}

/// Rebinding needs a name that its owner can point elsewhere; an address is what it is.
fn is_address(host: &str) -> bool {
    address(host).is_some()
}

fn address(host: &str) -> Option<IpAddr> {
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'))
        .unwrap_or(host);
    bare.parse().ok()
}

/// Names that browsers and resolvers keep on this machine (RFC 6761).
fn is_local_name(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost")
}

/// The host and port of an `http` or `https` origin.
fn web_authority(origin: &str) -> Option<Authority> {
    let rest = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"))?;
    rest.parse().ok().filter(|_| !rest.contains('@'))
}

fn is_local_origin(origin: &str) -> bool {
    web_authority(origin).is_some_and(|authority| {
        let host = authority.host();
        is_local_name(host) || address(host).is_some_and(|address| address.is_loopback())
    })
}

/// Whether the origin is that of pages the emulator serves itself.
fn is_origin_of(host: &Authority, origin: &str) -> bool {
    origin
        .strip_prefix("http://")
        .is_some_and(|authority| authority.eq_ignore_ascii_case(host.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    fn origins() -> Origins {
        let mut origins = Origins::default();
        origins.allow_host("Aerostack.test").unwrap();
        origins.allow_origin("https://App.example").unwrap();
        origins.allow_origin("tauri://localhost").unwrap();
        origins
    }

    #[test]
    fn hosts_are_names_of_this_machine_addresses_or_allowed() {
        let uri = Uri::from_static("/v1/db/query");
        let cases = [
            ("127.0.0.1:8787", true),
            ("localhost", true),
            ("LOCALHOST:1", true),
            ("app.localhost:8787", true),
            ("[::1]:8787", true),
            ("192.168.1.7:8787", true),
            ("aerostack.test:8787", true),
            ("evil.example", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("notlocalhost", false),
            ("evil.example@localhost", false),
            ("sub.aerostack.test", false),
            ("", false),
        ];
        for (host, allowed) in cases {
            let checked = origins().check_host(&uri, &with(header::HOST, host));
            assert_eq!(checked.is_ok(), allowed, "{host}");
        }
    }

    #[test]
    fn a_host_is_needed_once_and_the_request_target_wins() {
        let (uri, empty) = (Uri::from_static("/"), HeaderMap::new());
        assert!(origins().check_host(&uri, &empty).is_err());
        let mut twice = with(header::HOST, "localhost");
        twice.append(header::HOST, HeaderValue::from_static("localhost"));
        assert!(origins().check_host(&uri, &twice).is_err());
        let absolute = Uri::from_static("http://evil.example/v1/db/query");
        let local = with(header::HOST, "localhost");
        assert!(origins().check_host(&absolute, &local).is_err());
    }

    #[test]
    fn origins_are_local_allowed_or_the_emulators_own() {
        let host = Authority::from_static("aerostack.test:8787");
        let cases = [
            ("http://localhost:5173", true),
            ("https://localhost", true),
            ("http://127.0.0.1:3000", true),
            ("http://[::1]:3000", true),
            ("http://shop.localhost:3000", true),
            ("https://app.example", true),
            ("tauri://localhost", true),
            ("http://aerostack.test:8787", true),
            ("http://aerostack.test", false),
            ("https://app.example:8443", false),
            ("http://app.example", false),
            ("https://evil.example", false),
            ("http://localhost.evil.example", false),
            ("http://localhost@evil.example", false),
            ("http://192.168.1.7", false),
            ("capacitor://localhost", false),
            ("file://", false),
            ("null", false),
            ("", false),
        ];
        for (origin, allowed) in cases {
            let headers = with(header::ORIGIN, origin);
            let checked = origins().check_origin(&host, &headers);
            assert_eq!(checked.is_ok(), allowed, "{origin}");
        }
        assert!(origins().check_origin(&host, &HeaderMap::new()).is_ok());
    }

    #[test]
    fn the_controls_are_closed_to_other_ports_too() {
        let host = Authority::from_static("localhost:8787");
        let post = |name, value| check_same_origin(&host, &Method::POST, &with(name, value));
        assert!(post(header::ORIGIN, "http://localhost:8787").is_ok());
        assert!(post(header::ORIGIN, "http://localhost:5173").is_err());
        assert!(post(header::ORIGIN, "https://localhost:8787").is_err());
        assert!(post(header::ORIGIN, "null").is_err());
        assert!(post(FETCH_SITE, "same-origin").is_ok());
        assert!(post(FETCH_SITE, "none").is_ok());
        assert!(post(FETCH_SITE, "same-site").is_err());
        assert!(post(FETCH_SITE, "cross-site").is_err());
        let mut link = with(FETCH_SITE, "cross-site");
        link.insert(FETCH_MODE, HeaderValue::from_static("navigate"));
        assert!(check_same_origin(&host, &Method::GET, &link).is_ok());
        assert!(check_same_origin(&host, &Method::POST, &link).is_err());
    }

    #[test]
    fn settings_that_are_no_host_or_origin_are_refused() {
        for host in ["", "a b", "name:8787", "user@name", "http://name"] {
            assert!(Origins::default().allow_host(host).is_err(), "{host:?}");
        }
        for origin in [
            "",
            "*",
            "app.example",
            "https://",
            "https://app.example/path",
            "https://a@b",
        ] {
            assert!(
                Origins::default().allow_origin(origin).is_err(),
                "{origin:?}"
            );
        }
    }
}

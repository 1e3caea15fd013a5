//! The static files of the console, which are part of the program.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::error::{ApiError, ApiResult};

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// Scripts and styles come from files of the bundle, and text never becomes HTML: `require-trusted-types-for` without a
/// policy switches the parsing of HTML by scripts off.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src blob:; \
    connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

macro_rules! scripts {
    ($($name:literal),* $(,)?) => {
        &[$(($name, SCRIPT, include_str!(concat!("assets/", $name)))),*]
    };
}

/// The files that pages refer to: name, type, text.
const FILES: &[(&str, &str, &str)] = &[
    (
        "style.css",
        "text/css; charset=utf-8",
        include_str!("assets/style.css"),
    ),
    ("icon.svg", "image/svg+xml", include_str!("assets/icon.svg")),
];

const SCRIPTS: &[(&str, &str, &str)] = scripts![
    "api.js",
    "dom.js",
    "grid.js",
    "live.js",
    "main.js",
    "panels/cache.js",
    "panels/collections.js",
    "panels/controls.js",
    "panels/jobs.js",
    "panels/realtime.js",
    "panels/requests.js",
    "panels/search.js",
    "panels/secrets.js",
    "panels/storage.js",
    "panels/tables.js",
    "panels/users.js",
];

pub(super) fn routes() -> Router {
    Router::new()
        .route(
            "/__emulator/signin",
            get(async || page(include_str!("assets/signin.html"))),
        )
        .route("/__emulator/assets/{*name}", get(file))
}

/// The console itself.
pub(super) fn console() -> Response {
    page(include_str!("assets/index.html"))
}

async fn file(Path(name): Path<String>) -> ApiResult<Response> {
    FILES
        .iter()
        .chain(SCRIPTS)
        .find(|(known, ..)| *known == name)
        .map(|(_, kind, text)| served(kind, text))
        .ok_or_else(|| ApiError::not_found(format!("The console has no file {name}.")))
}

fn page(text: &'static str) -> Response {
    served(HTML, text)
}

fn served(kind: &'static str, text: &'static str) -> Response {
    let mut response = text.into_response();
    let headers = response.headers_mut();
    let set: [(HeaderName, &'static str); 3] = [
        (header::CONTENT_TYPE, kind),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::CACHE_CONTROL, "no-cache"),
    ];
    for (name, value) in set {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_bundle_is_served() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/console/assets");
        let mut left = vec![folder.clone()];
        let mut found = 0;
        while let Some(next) = left.pop() {
            for entry in std::fs::read_dir(next).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    left.push(path);
                    continue;
                }
                found += 1;
                let name = path.strip_prefix(&folder).unwrap().to_str().unwrap();
                let name = name.replace('\\', "/");
                let served = FILES
                    .iter()
                    .chain(SCRIPTS)
                    .any(|(known, ..)| *known == name);
                assert!(served || name.ends_with(".html"), "{name} is not served");
            }
        }
        assert_eq!(found, FILES.len() + SCRIPTS.len() + 2);
    }

    /// Nothing that parses HTML, evaluates text or reaches another host.
    #[test]
    fn scripts_keep_text_text_and_stay_at_home() {
        for (name, _, text) in FILES.iter().chain(SCRIPTS) {
            for forbidden in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                "new Function",
                "http://",
                "https://",
                "srcdoc",
            ] {
                let allowed = ["http://127.0.0.1:1/", "http://www.w3.org/2000/svg"];
                let text = allowed
                    .iter()
                    .fold((*text).to_owned(), |text, it| text.replace(it, ""));
                assert!(!text.contains(forbidden), "{name} has {forbidden}");
            }
        }
    }
}

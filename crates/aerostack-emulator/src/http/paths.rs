//! Paths that lead to an operation which the document has under another.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderName, HeaderValue, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::config::Project;
use crate::error::ApiError;
use crate::http::extract::drain;
use crate::http::keys::{API_KEY_HEADER, Keys};

/// Where a path leads.
#[derive(Debug, PartialEq, Eq)]
enum Target<'a> {
    /// The same path; it is the document's, or nobody's.
    Itself,
    /// The document's path.
    Path(String),
    /// A path of the document's below a project that the path names.
    InProject(&'a str, String),
    /// The same, for callers without a key.
    Public(&'a str, String),
}

/// What [`canonical`] knows. A handle.
#[derive(Clone)]
pub(crate) struct Paths(Arc<(Project, Keys)>);

impl Paths {
    pub(crate) fn new(project: Project, keys: Keys) -> Self {
        Self(Arc::new((project, keys)))
    }
}

/// The path as the client sent it, among the extensions of a request.
#[derive(Clone, Debug)]
pub(crate) struct SentPath(pub(crate) String);

/// Gives requests the document's path before they are routed.
pub(crate) async fn canonical(
    State(paths): State<Paths>,
    mut request: Request,
    next: Next,
) -> Response {
    let (project, keys) = &*paths.0;
    let sent = request.uri().path().to_owned();
    let (named, path, public) = match target(&sent) {
        Target::Itself => return next.run(request).await,
        Target::Path(path) => (None, path, false),
        Target::InProject(named, path) => (Some(named), path, false),
        Target::Public(named, path) => (Some(named), path, true),
    };
    if let Some(named) = named.filter(|named| !project.is(named)) {
        let error = ApiError::not_found(format!("There is no project {named}."));
        drain(request.into_body()).await;
        return error.into_response();
    }
    if public && let Ok(key) = HeaderValue::from_str(&keys.secret) {
        let headers = request.headers_mut();
        headers.insert(HeaderName::from_static(API_KEY_HEADER), key);
    }
    if let Some(uri) = with_path(request.uri(), &path) {
        *request.uri_mut() = uri;
        request.extensions_mut().insert(SentPath(sent));
    }
    next.run(request).await
}

fn with_path(uri: &Uri, path: &str) -> Option<Uri> {
    let target = match uri.query() {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    };
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(target).ok()?);
    Uri::from_parts(parts).ok()
}

fn target(path: &str) -> Target<'_> {
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    match segments[..] {
        ["api", "gateway", "me", "wallet"] => Target::Path("/v1/ai/gateway/me/wallet".to_owned()),
        ["api", "gateway", slug, "v1", "chat", "completions"] => {
            Target::Path(format!("/v1/ai/gateway/{slug}/chat/completions"))
        }
        ["v1", "public", "projects", ..] => Target::Path(format!("/api{path}")),
        [
            "api",
            "v1",
            "public",
            "projects",
            project,
            "custom",
            function,
        ] => Target::Public(project, format!("/v1/custom/{function}")),
        ["api", "v1", "projects", project, "storage", "upload"] => {
            Target::InProject(project, "/v1/storage/upload".to_owned())
        }
        _ => Target::Itself,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twins_lead_to_the_documents_paths_and_others_stay() {
        let path = |path: &str| Target::Path(path.to_owned());
        let cases = [
            ("/api/gateway/me/wallet", path("/v1/ai/gateway/me/wallet")),
            (
                "/api/gateway/bot/v1/chat/completions",
                path("/v1/ai/gateway/bot/chat/completions"),
            ),
            (
                "/v1/public/projects/local/auth/login",
                path("/api/v1/public/projects/local/auth/login"),
            ),
            (
                "/api/v1/public/projects/local/custom/greet",
                Target::Public("local", "/v1/custom/greet".to_owned()),
            ),
            (
                "/api/v1/projects/local/storage/upload",
                Target::InProject("local", "/v1/storage/upload".to_owned()),
            ),
            ("/v1/db/query", Target::Itself),
            ("/api/gateway/me/usage", Target::Itself),
            ("/api/v1/public/projects/local/auth/login", Target::Itself),
            ("/", Target::Itself),
        ];
        for (sent, expected) in cases {
            assert_eq!(target(sent), expected, "{sent}");
        }
    }

    #[test]
    fn the_query_stays() {
        let uri = Uri::from_static("/api/gateway/me/wallet?api_slug=bot");
        let changed = with_path(&uri, "/v1/ai/gateway/me/wallet").unwrap();
        assert_eq!(changed, "/v1/ai/gateway/me/wallet?api_slug=bot");
    }
}

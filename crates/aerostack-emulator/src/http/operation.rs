//! What an operation of the platform is, and the routes that answer operations.

use axum::Router;
use axum::extract::Extension;
use axum::handler::Handler;
use axum::http::{Method, StatusCode};
use axum::routing::{MethodFilter, MethodRouter, on};

use crate::http::operations;

/// The credential an operation takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// `X-Aerostack-Key` with the secret key; checked before the handler runs.
    SecretKey,
    /// `Authorization: Bearer` with the secret key; checked before the handler runs.
    SecretBearer,
    /// None, or one that the handler checks itself.
    Open,
}

/// One operation of the platform's document.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    /// The path; a segment in braces stands for any one segment.
    pub(crate) path: &'static str,
    pub(crate) access: Access,
    /// Whether the document declares a 413. Operations without one answer a body that is too large with 400.
    pub(crate) declares_413: bool,
}

impl Operation {
    /// The operation with this id.
    pub(crate) fn find(id: &str) -> Option<&'static Self> {
        operations::ALL
            .iter()
            .copied()
            .find(|operation| operation.id == id)
    }

    /// The ids nearest to one that does not exist: those that differ in case, punctuation or two letters, or
    /// share the end of a word.
    pub(crate) fn suggestions(id: &str) -> String {
        let plain = |text: &str| -> String {
            let kept = text.chars().filter(char::is_ascii_alphanumeric);
            kept.map(|c| c.to_ascii_lowercase()).collect()
        };
        let wanted = plain(id);
        let words = |text: &str| -> Vec<String> {
            let split = text.split(|c: char| !c.is_ascii_alphanumeric());
            split.filter(|word| word.len() > 2).map(plain).collect()
        };
        let near = |operation: &&&Self| {
            let known = plain(operation.id);
            distance(&known, &wanted) <= 2
                || words(id).iter().any(|word| known.ends_with(word.as_str()))
        };
        let mut ids: Vec<&str> = operations::ALL
            .iter()
            .filter(near)
            .map(|operation| operation.id)
            .collect();
        ids.sort_by_key(|known| (distance(&plain(known), &wanted), *known));
        ids.truncate(5);
        match ids.as_slice() {
            [] => "they are the `operationId`s of openapi/aerostack.yaml, such as `dbQuery`"
                .to_owned(),
            ids => format!("did you mean `{}`?", ids.join("`, `")),
        }
    }

    /// Whether the secret key may come as a bearer token as well as in its own header.
    pub(crate) fn takes_bearer(&self) -> bool {
        ["/v1/storage/", "/v1/ai/"]
            .iter()
            .any(|service| self.path.starts_with(service))
    }

    /// The status for a body that is too large.
    pub(crate) fn too_large(&self) -> StatusCode {
        if self.declares_413 {
            StatusCode::PAYLOAD_TOO_LARGE
        } else {
            StatusCode::BAD_REQUEST
        }
    }
}

/// The operations a service answers, each with its handler. Method and path are the operation's own.
#[derive(Clone)]
pub(crate) struct Routes<S = ()>(Vec<Route<S>>);

#[derive(Clone)]
struct Route<S> {
    operation: &'static Operation,
    path: &'static str,
    handler: MethodRouter<S>,
}

impl<S: Clone + Send + Sync + 'static> Routes<S> {
    pub(crate) fn new() -> Self {
        Self(Vec::new())
    }

    /// Answers an operation.
    pub(crate) fn on<H, T>(self, operation: &'static Operation, handler: H) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        self.at(operation.path, operation, handler)
    }

    /// Answers an operation at one concrete path that would otherwise be taken for another operation's.
    pub(crate) fn at<H, T>(
        mut self,
        path: &'static str,
        operation: &'static Operation,
        handler: H,
    ) -> Self
    where
        H: Handler<T, S>,
        T: 'static,
    {
        // The document knows GET, POST, PUT, PATCH and DELETE; each has a filter.
        let filter =
            MethodFilter::try_from(operation.method.clone()).unwrap_or(MethodFilter::TRACE);
        let handler = on(filter, handler);
        self.0.push(Route {
            operation,
            path,
            handler,
        });
        self
    }

    pub(crate) fn merge(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    pub(crate) fn with_state(self, state: S) -> Routes {
        let routes = self.0.into_iter().map(|route| Route {
            operation: route.operation,
            path: route.path,
            handler: route.handler.with_state(state.clone()),
        });
        Routes(routes.collect())
    }
}

impl Routes {
    /// The router, with `layers` around every handler. They find the `&'static Operation` among the extensions of the
    /// request.
    pub(crate) fn into_router(self, layers: impl Fn(MethodRouter) -> MethodRouter) -> Router {
        self.0.into_iter().fold(Router::new(), |router, route| {
            let handler = layers(route.handler).route_layer(Extension(route.operation));
            router.route(route.path, handler)
        })
    }
}

/// Letters to be added, removed or replaced to make one text the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (at, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[at + 1];
            row[at + 1] = replaced.min(row[at] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_id_is_answered_with_those_that_were_meant() {
        for (wrong, meant) in [
            ("db.query", "did you mean `dbQuery`"),
            ("dbQuerry", "did you mean `dbQuery`"),
            ("cache_get", "did you mean `cacheGet`"),
            ("nonsense", "openapi/aerostack.yaml"),
        ] {
            let suggestions = Operation::suggestions(wrong);
            assert!(suggestions.contains(meant), "{wrong}: {suggestions}");
        }
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}

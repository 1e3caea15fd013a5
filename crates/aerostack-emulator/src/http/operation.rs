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

//! Spans for calls and attempts, with OpenTelemetry's names for HTTP. Nothing at all without the feature `tracing`.

use std::future::Future;

use crate::{error::TransportError, operation::Operation, transport::Transport};

/// A span, or nothing.
#[derive(Clone)]
pub(crate) struct Span {
    #[cfg(feature = "tracing")]
    span: tracing::Span,
}

#[cfg(feature = "tracing")]
mod on {
    use tracing::{Instrument, Level, field::Empty, span};

    use super::*;

    impl Span {
        /// The span of a call with all its attempts.
        pub(crate) fn call(operation: &'static Operation, request_id: &str) -> Self {
            let span = span!(
                Level::INFO,
                "aerostack.call",
                otel.kind = "internal",
                aerostack.operation = operation.id,
                aerostack.request_id = request_id,
                aerostack.attempts = Empty,
                http.response.status_code = Empty,
                "error.type" = Empty,
            );
            Self { span }
        }

        /// The span of one attempt.
        pub(crate) fn attempt(
            &self,
            operation: &'static Operation,
            transport: &Transport,
            attempt: u32,
        ) -> Self {
            let span = span!(
                parent: &self.span,
                Level::DEBUG,
                "aerostack.attempt",
                otel.kind = "client",
                aerostack.operation = operation.id,
                http.request.method = operation.method,
                url.template = operation.path,
                server.address = transport.config().origin.as_str(),
                http.request.resend_count = attempt - 1,
                http.response.status_code = Empty,
                "error.type" = Empty,
            );
            Self { span }
        }

        /// Runs a future within the span.
        pub(crate) fn scope<F: Future>(
            &self,
            future: F,
        ) -> impl Future<Output = F::Output> + use<F> {
            future.instrument(self.span.clone())
        }

        pub(crate) fn status(&self, status: Option<http::StatusCode>) {
            if let Some(status) = status {
                self.span
                    .record("http.response.status_code", status.as_u16());
            }
        }

        pub(crate) fn failed(&self, error: &TransportError) {
            self.span.record("error.type", error.name());
        }

        pub(crate) fn attempts(&self, attempts: u32) {
            self.span.record("aerostack.attempts", attempts);
        }

        pub(crate) fn waiting(&self, wait: std::time::Duration, error: &TransportError) {
            tracing::debug!(
                parent: &self.span,
                wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                "error.type" = error.name(),
                "the attempt failed and will be retried"
            );
        }
    }
}

#[cfg(not(feature = "tracing"))]
mod off {
    use super::*;

    impl Span {
        pub(crate) fn call(_: &'static Operation, _: &str) -> Self {
            Self {}
        }

        pub(crate) fn attempt(&self, _: &'static Operation, _: &Transport, _: u32) -> Self {
            Self {}
        }

        pub(crate) fn scope<F: Future>(&self, future: F) -> F {
            future
        }

        pub(crate) fn status(&self, _: Option<http::StatusCode>) {}

        pub(crate) fn failed(&self, _: &TransportError) {}

        pub(crate) fn attempts(&self, _: u32) {}

        pub(crate) fn waiting(&self, _: std::time::Duration, _: &TransportError) {}
    }
}

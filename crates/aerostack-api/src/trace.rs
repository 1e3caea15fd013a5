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
    use std::borrow::Cow;

    use tracing::{Instrument, Level, field::Empty, span};

    use super::*;

    /// What filters name: spans and events belong to the SDK, whatever module writes them.
    const TARGET: &str = "aerostack";

    /// `error.type` as the conventions have it: the status where the platform answered, otherwise a name.
    fn error_type(error: &TransportError) -> Cow<'static, str> {
        match error {
            TransportError::Status { status, .. } => status.as_u16().to_string().into(),
            other => other.name().into(),
        }
    }

    impl Span {
        /// The span of a call with all its attempts.
        pub(crate) fn call(operation: &'static Operation, request_id: &str) -> Self {
            let span = span!(
                target: TARGET,
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
            let (host, port) = transport.config().origin.host_and_port();
            let span = span!(
                target: TARGET,
                parent: &self.span,
                Level::DEBUG,
                "aerostack.attempt",
                otel.name = %format_args!("{} {}", operation.method, operation.path),
                otel.kind = "client",
                aerostack.operation = operation.id,
                http.request.method = operation.method,
                url.template = operation.path,
                server.address = host,
                server.port = port,
                http.request.resend_count = attempt.checked_sub(1).filter(|resends| *resends > 0),
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
            self.span.record("error.type", &*error_type(error));
        }

        /// The one event of a failed call, so that a log without spans has it too.
        pub(crate) fn call_failed(
            &self,
            operation: &'static Operation,
            attempts: u32,
            error: &TransportError,
        ) {
            self.failed(error);
            tracing::info!(
                target: TARGET,
                parent: &self.span,
                operation = operation.id,
                attempts,
                "error.type" = &*error_type(error),
                "a call failed"
            );
        }

        pub(crate) fn attempts(&self, attempts: u32) {
            self.span.record("aerostack.attempts", attempts);
        }

        pub(crate) fn waiting(&self, wait: std::time::Duration, error: &TransportError) {
            tracing::debug!(
                target: TARGET,
                parent: &self.span,
                wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX),
                "error.type" = &*error_type(error),
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

        pub(crate) fn call_failed(&self, _: &'static Operation, _: u32, _: &TransportError) {}

        pub(crate) fn attempts(&self, _: u32) {}

        pub(crate) fn waiting(&self, _: std::time::Duration, _: &TransportError) {}
    }
}

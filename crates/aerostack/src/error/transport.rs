//! What happened on the wire, as an error that says what to do.

use std::time::Duration;

use aerostack_api::{CallError, Credential, ErrorBody, Idempotency, TimeoutKind, TransportError};

use super::{Error, ErrorKind, one_line};
use crate::code::ErrorCode;

impl Error {
    pub(crate) fn from_transport(failure: TransportError) -> Self {
        let text = failure.to_string();
        let kind = ErrorKind::of(&failure);
        match failure {
            TransportError::Request(_) => Self::new(kind, text),
            TransportError::MissingCredential(alternatives) => {
                let key = alternatives.iter().any(|each| each.contains(&Credential::ApiKey));
                let cure = if key {
                    "set AEROSTACK_API_KEY, or give it to ClientBuilder::api_key"
                } else {
                    "give it to the call"
                };
                Self::new(kind, format!("{text}, which this client does not hold; {cure}"))
            }
            TransportError::NoRuntime => Self::new(
                kind,
                format!("{text}; calls need one with time and io, as #[tokio::main] and enable_all() make it"),
            ),
            TransportError::Client(source) => Self::new(kind, text).with_source(source),
            TransportError::Unprocessed(source) => {
                Self::new(kind, format!("{text}; it can be sent again")).with_source(source)
            }
            TransportError::Connect(source) => Self::new(
                kind,
                "no connection could be made; check that the base URL is right and the platform is up",
            )
            .with_source(source),
            TransportError::Tls(source) => Self::new(
                kind,
                "the TLS handshake failed; check the host name of the base URL and the certificates this machine trusts",
            )
            .with_source(source),
            TransportError::Timeout(budget) => {
                let advice = match budget {
                    TimeoutKind::Attempt(_) => "raise it with .timeout(..) if the work takes longer",
                    TimeoutKind::Deadline(_) => "raise it with .deadline(..) if the work takes longer",
                    _ => "the other side has gone silent",
                };
                Self::new(kind, format!("{text}; {advice}"))
            }
            TransportError::Interrupted(source) => Self::new(
                kind,
                format!("{text}; whether the platform acted on the request is unknown"),
            )
            .with_source(source),
            TransportError::Source(source) => {
                Self::new(kind, format!("the source of the upload failed: {source}"))
                    .with_source(source)
            }
            TransportError::Truncated(source) => Self::new(
                kind,
                format!("{text}; the platform has most likely acted on the request"),
            )
            .with_source(source),
            TransportError::TooLarge { .. } => Self::new(
                kind,
                format!("{text}; ask for less, or raise the limit with ClientBuilder::answer_limit"),
            ),
            TransportError::ContentEncoding(_) => Self::new(
                kind,
                format!("{text}; a proxy in between changes responses"),
            ),
            TransportError::Redirect { status, location } => {
                let place = location.map_or(String::new(), |to| format!(" to {to}"));
                let mut error = Self::new(
                    kind,
                    format!(
                        "the server redirects{place} ({status}); redirects are not followed, so that no credential \
                         leaves for another host. Set the base URL to the final place"
                    ),
                );
                error.0.status = Some(status.as_u16());
                error
            }
            TransportError::Status {
                status,
                body,
                retry_after,
            } => Self::from_status(status.as_u16(), body, retry_after),
            TransportError::Decode {
                source,
                status,
                body,
            } => {
                let mut error = Self::new(
                    kind,
                    format!(
                        "the {status} answer is not what this operation answers: {}; check that the base URL points at \
                         the Aerostack API",
                        source
                    ),
                );
                error.0.status = Some(status.as_u16());
                error.0.body = body.slice(..body.len().min(aerostack_api::ERROR_BODY_LIMIT));
                error
            }
            _ => Self::new(kind, text),
        }
    }

    pub(crate) fn from_status(
        status: u16,
        body: Box<ErrorBody>,
        retry_after: Option<Duration>,
    ) -> Self {
        let kind = ErrorKind::of_status(status);
        let code = body.code.as_deref().map(ErrorCode::from);
        let said = said(&body);
        let advice = match kind {
            ErrorKind::Unauthorized => "; check the key or token that was used",
            ErrorKind::Forbidden => "; a secret key may be needed where a public one was used",
            ErrorKind::RateLimited => "; slow down, or wait as long as retry_after() says",
            _ => "",
        };
        let mut error = Self::new(
            kind,
            format!("the platform answered {status}: {said}{advice}"),
        );
        error.0.status = Some(status);
        error.0.code = code;
        error.0.retry_after = retry_after;
        error.0.answer = Some(body);
        error
    }
}

/// What a body says, in one line.
pub(super) fn said(body: &ErrorBody) -> String {
    match (&body.code, &body.message) {
        (Some(code), Some(message)) => format!("{} ({})", one_line(message), one_line(code)),
        (Some(code), None) => one_line(code),
        (None, Some(message)) => one_line(message),
        (None, None) if body.raw.is_empty() => "an empty body".to_owned(),
        (None, None) => {
            "a body that is not the platform's; a proxy in between, or another service, answered"
                .to_owned()
        }
    }
}

impl From<CallError> for Error {
    fn from(error: CallError) -> Self {
        let CallError {
            operation,
            error,
            attempts,
            state,
            effect,
            request_id,
        } = error;
        let mut error = Self::from_transport(error);
        error.0.effect = effect.into();
        if error.0.kind == ErrorKind::Server {
            error.0.message.push_str(match operation.idempotency {
                Idempotency::Read => "; trying again later may help",
                Idempotency::Replace => {
                    "; it may have been done all the same, and doing it again is harmless"
                }
                Idempotency::No => {
                    "; it may have been done all the same: look before you do it again"
                }
            });
        }
        error.0.operation = Some(operation.id);
        error.0.attempts = attempts;
        error.0.state = state;
        error.0.request_id = request_id;
        error
    }
}

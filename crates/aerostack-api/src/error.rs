//! Errors of the transport.

use std::{error::Error as StdError, fmt, time::Duration};

use bytes::Bytes;
use http::StatusCode;
use thiserror::Error;

use crate::{
    decode::TypeMismatch,
    effect::Effect,
    error_body::ErrorBody,
    http::HttpError,
    operation::{Credential, Operation},
};

/// How far a request got before its call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum RequestState {
    /// Nothing was sent: the name did not resolve, the connection was refused, or TLS failed.
    #[default]
    NotSent,
    /// The request was, or may have been, sent in part or as a whole.
    Sent,
    /// The head of a response arrived.
    Headers,
    /// The whole response arrived.
    Body,
}

/// Which timeout expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeoutKind {
    /// The timeout of one attempt.
    Attempt(Duration),
    /// The deadline of the call, with all its attempts and the waits between them.
    Deadline(Duration),
    /// The idle timeout of a body.
    Idle(Duration),
}

impl fmt::Display for TimeoutKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attempt(limit) => write!(f, "the attempt took longer than {limit:?}"),
            Self::Deadline(limit) => {
                write!(f, "the call took longer than its deadline of {limit:?}")
            }
            Self::Idle(limit) => write!(f, "no data moved for {limit:?}"),
        }
    }
}

/// Why an attempt failed.
#[derive(Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The request could not be built.
    #[error("the request could not be built: {0}")]
    Request(String),
    /// The operation needs a credential the client does not hold.
    #[error("the operation needs {}", credential_names(.0))]
    MissingCredential(&'static [&'static [Credential]]),
    /// There is no tokio runtime.
    #[error("the call was made outside of a tokio runtime")]
    NoRuntime,
    /// The HTTP client could not be built.
    #[error("{0}")]
    Client(#[source] HttpError),
    /// No connection could be made.
    #[error("no connection could be made")]
    Connect(#[source] reqwest::Error),
    /// The TLS handshake failed, for a certificate that is not trusted for example.
    #[error("the TLS handshake failed")]
    Tls(#[source] reqwest::Error),
    /// A timeout expired.
    #[error("{0}")]
    Timeout(TimeoutKind),
    /// The connection broke before a response began.
    #[error("the connection broke before a response began")]
    Interrupted(#[source] reqwest::Error),
    /// The server says that it did not process the request (RFC 9113, section 8.7).
    #[error("the server did not process the request")]
    Unprocessed(#[source] reqwest::Error),
    /// The source of an upload failed.
    #[error("the source of the upload failed")]
    Source(#[source] Box<dyn StdError + Send + Sync>),
    /// The response was truncated.
    #[error("the response was truncated")]
    Truncated(#[source] reqwest::Error),
    /// The response body is larger than allowed.
    #[error("the response is larger than the limit of {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// The response has a content encoding although none was requested.
    #[error("the response is encoded as `{0}` although no encoding was accepted")]
    ContentEncoding(String),
    /// The server redirects.
    #[error("the server answered {status}, a redirect; redirects are not followed")]
    Redirect {
        /// The status.
        status: StatusCode,
        /// Scheme and host of its target, if it names one.
        location: Option<String>,
    },
    /// The server answered with an error.
    #[error("the server answered {status}")]
    Status {
        /// The status.
        status: StatusCode,
        /// The error body.
        body: Box<ErrorBody>,
        /// The server's retry hint.
        retry_after: Option<Duration>,
    },
    /// A successful response whose body does not decode.
    #[error("the response could not be decoded")]
    Decode {
        /// Where and why.
        #[source]
        source: Box<TypeMismatch>,
        /// The status.
        status: StatusCode,
        /// The body.
        body: Bytes,
    },
}

/// Without bodies, which may hold user data.
impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("TransportError");
        out.field("name", &self.name())
            .field("message", &format_args!("{self}"));
        if let Some(source) = self.source() {
            out.field("source", &source);
        }
        out.finish_non_exhaustive()
    }
}

impl TransportError {
    /// A short name for logs and metrics, of a small fixed set.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Request(_) => "request",
            Self::MissingCredential(_) => "missing_credential",
            Self::NoRuntime => "no_runtime",
            Self::Client(_) => "client",
            Self::Connect(_) => "connect",
            Self::Tls(_) => "tls",
            Self::Timeout(TimeoutKind::Attempt(_)) => "timeout",
            Self::Timeout(TimeoutKind::Deadline(_)) => "deadline",
            Self::Timeout(TimeoutKind::Idle(_)) => "idle",
            Self::Interrupted(_) => "interrupted",
            Self::Unprocessed(_) => "unprocessed",
            Self::Source(_) => "upload_source",
            Self::Truncated(_) => "truncated",
            Self::TooLarge { .. } => "too_large",
            Self::ContentEncoding(_) => "content_encoding",
            Self::Redirect { .. } => "redirect",
            Self::Status { .. } => "status",
            Self::Decode { .. } => "decode",
        }
    }
}

fn credential_names(alternatives: &[&[Credential]]) -> String {
    let name = |credential: &Credential| match credential {
        Credential::ApiKey | Credential::SecretKeyBearer => "an API key",
        Credential::UserToken => "a user token",
        Credential::ConsumerKey => "a gateway consumer key",
    };
    alternatives
        .iter()
        .map(|all| all.iter().map(name).collect::<Vec<_>>().join(" and "))
        .collect::<Vec<_>>()
        .join(", or ")
}

/// A failed call.
#[derive(Debug)]
pub struct CallError {
    /// The operation.
    pub operation: &'static Operation,
    /// Why the last attempt failed.
    pub error: TransportError,
    /// Attempts made; 0 if the request could not be built.
    pub attempts: u32,
    /// The furthest state that any attempt reached.
    pub state: RequestState,
    /// What is known of the effect of all attempts.
    pub effect: Effect,
    /// The id sent as `X-Request-ID`, or the server's if it named another.
    pub request_id: Option<String>,
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation.id, self.error)
    }
}

impl StdError for CallError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.error.source()
    }
}

//! What can go wrong with a call, as the wire sees it.

use std::{error::Error as StdError, fmt, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use thiserror::Error;

use crate::{
    error_body::ErrorBody,
    misread::Misread,
    operation::{Credential, Operation},
};

/// How far a call got before it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// Nothing left this machine for the server: the name did not resolve, the connection was refused, TLS failed.
    NotSent,
    /// The request was, or may have been, sent in part or whole.
    Sent,
    /// The head of an answer arrived.
    Headers,
    /// The whole answer arrived.
    Body,
}

/// Which time limit ran out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Budget {
    /// The limit of one attempt.
    Attempt(Duration),
    /// The limit of the call with all its attempts and waits.
    Deadline(Duration),
    /// The longest silence allowed within a body.
    Idle(Duration),
}

impl fmt::Display for Budget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attempt(limit) => write!(f, "the attempt took longer than {limit:?}"),
            Self::Deadline(limit) => {
                write!(f, "the call took longer than its deadline of {limit:?}")
            }
            Self::Idle(limit) => write!(f, "nothing moved for {limit:?}"),
        }
    }
}

/// What ended an attempt.
#[derive(Error)]
#[non_exhaustive]
pub enum Failure {
    /// The request could not be built.
    #[error("the request could not be built: {0}")]
    Request(String),
    /// The operation needs a credential the client does not hold.
    #[error("the operation needs {}", credential_names(.0))]
    MissingCredential(&'static [&'static [Credential]]),
    /// No connection could be made.
    #[error("no connection could be made")]
    Connect(#[source] reqwest::Error),
    /// The TLS handshake failed, for a certificate that is not trusted for example.
    #[error("the TLS handshake failed")]
    Tls(#[source] reqwest::Error),
    /// A time limit ran out.
    #[error("{0}")]
    Timeout(Budget),
    /// The connection broke before an answer began.
    #[error("the connection broke before an answer began")]
    Interrupted(#[source] reqwest::Error),
    /// The source of an upload failed.
    #[error("the source of the upload failed")]
    Source(#[source] Box<dyn StdError + Send + Sync>),
    /// The answer broke off.
    #[error("the answer broke off before its end")]
    Truncated(#[source] reqwest::Error),
    /// The answer is longer than allowed.
    #[error("the answer is longer than the limit of {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: u64,
    },
    /// The answer is encoded although no encoding was asked for.
    #[error("the answer is encoded as `{0}` although no encoding was accepted")]
    ContentEncoding(String),
    /// The server redirects.
    #[error("the server answered {status}, a redirect; redirects are not followed")]
    Redirect {
        /// The status.
        status: StatusCode,
        /// Scheme and host it points to, if it names one.
        location: Option<String>,
    },
    /// The server answered with an error.
    #[error("the server answered {status}")]
    Status {
        /// The status.
        status: StatusCode,
        /// What the body says.
        body: Box<ErrorBody>,
        /// How long the server asks to wait.
        retry_after: Option<Duration>,
    },
    /// A success whose body is not what the operation answers.
    #[error("the answer could not be decoded")]
    Decode {
        /// Where it does not fit.
        #[source]
        source: Misread,
        /// The status it came with.
        status: StatusCode,
        /// The body.
        body: Bytes,
    },
}

/// Without bodies: what a server says may be a user's.
impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Failure");
        out.field("name", &self.name())
            .field("message", &format_args!("{self}"));
        if let Some(source) = self.source() {
            out.field("source", &source);
        }
        out.finish_non_exhaustive()
    }
}

impl Failure {
    /// A short name for logs and metrics, of a small fixed set.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Request(_) => "request",
            Self::MissingCredential(_) => "missing_credential",
            Self::Connect(_) => "connect",
            Self::Tls(_) => "tls",
            Self::Timeout(Budget::Attempt(_)) => "timeout",
            Self::Timeout(Budget::Deadline(_)) => "deadline",
            Self::Timeout(Budget::Idle(_)) => "idle",
            Self::Interrupted(_) => "interrupted",
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

/// A call that ended without an answer.
#[derive(Debug)]
pub struct CallError {
    /// The operation.
    pub operation: &'static Operation,
    /// What ended the last attempt.
    pub failure: Failure,
    /// Attempts made, at least 1 unless nothing was tried.
    pub attempts: u32,
    /// How far any attempt got.
    pub reached: Reached,
    /// The id sent as `X-Request-ID`, or the server's if it named another.
    pub request_id: Option<String>,
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation.id, self.failure)
    }
}

impl StdError for CallError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.failure.source()
    }
}

/// A decoded answer and what came with it.
#[derive(Debug)]
pub struct Answer<T> {
    /// The decoded body.
    pub value: T,
    /// The status the server sent.
    pub status: StatusCode,
    /// The headers the server sent.
    pub headers: HeaderMap,
    /// The id sent as `X-Request-ID`, or the server's if it named another.
    pub request_id: Option<String>,
    /// Attempts made.
    pub attempts: u32,
}

impl<T> Answer<T> {
    /// The same answer with another body.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Answer<U> {
        Answer {
            value: change(self.value),
            status: self.status,
            headers: self.headers,
            request_id: self.request_id,
            attempts: self.attempts,
        }
    }
}

//! What went wrong, and whether something happened all the same.

use aerostack_api::TransportError;

/// Whether a call that failed had an effect on the platform. From [`Error::effect`](crate::Error::effect).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// It had none: nothing was sent, the request did not come to its end, or it was refused. Doing it again does it once.
    None,
    /// It may have had one: the answer was lost, or the platform failed while it worked. Look before you do it again.
    Unknown,
    /// It had one: the platform reported success, and only the answer is of no use.
    Done,
}

impl From<aerostack_api::Effect> for Effect {
    fn from(effect: aerostack_api::Effect) -> Self {
        match effect {
            aerostack_api::Effect::None => Self::None,
            aerostack_api::Effect::Unknown => Self::Unknown,
            aerostack_api::Effect::Done => Self::Done,
        }
    }
}

/// What went wrong. More kinds may follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client's settings are wrong, or there is no tokio runtime. Nothing was sent. Fix the settings.
    Config,
    /// An argument is not usable: an empty key, a number that is not finite, too many statements. Nothing was sent.
    InvalidInput,
    /// The call needs a credential the client does not hold. Nothing was sent.
    MissingCredential,
    /// No connection could be made: the name did not resolve, or nobody listens. Nothing was sent; safe to retry.
    Connect,
    /// The TLS handshake failed, mostly for a certificate that is not trusted. Nothing was sent. A retry will not
    /// help.
    Tls,
    /// A timeout expired; the message says which. Whether the server acted is unknown.
    Timeout,
    /// The connection broke before a response began. [`Error::effect`](crate::Error::effect) says whether the server may have acted: HTTP/2 can
    /// say that it did not.
    Interrupted,
    /// The response was truncated. The server has most likely acted.
    Truncated,
    /// The response is larger than the client's limit. The server has most likely acted.
    TooLarge,
    /// The answer is not one the platform gives: a redirect, an encoding nobody asked for, a cursor that does not move.
    Protocol,
    /// The answer is a success but lacks what it must hold, or does not fit the type asked for. The server has acted.
    Decode,
    /// The platform answered, and says that it did not do what was asked (`success: false`) without saying why.
    Rejected,
    /// The platform refused the request as it is (400, 422 and other 4xx). Bad SQL lands here.
    BadRequest,
    /// The credential is wrong or has expired (401).
    Unauthorized,
    /// The credential is real but not allowed to do this (403).
    Forbidden,
    /// What the call names does not exist (404).
    NotFound,
    /// It exists already, or has changed meanwhile (409).
    Conflict,
    /// The request is larger than the platform accepts (413).
    PayloadTooLarge,
    /// The platform does not accept this kind of body (415).
    UnsupportedMediaType,
    /// Too many calls (429). [`Error::retry_after`](crate::Error::retry_after) says how long to wait, if the platform said so.
    RateLimited,
    /// The platform, or a proxy before it, failed (5xx).
    Server,
    /// At least one statement of a batch failed; [`Error::batch`](crate::Error::batch) has every outcome.
    Batch,
    /// A local file or stream failed while its content was sent or stored.
    Io,
    /// A failure of realtime that has no counterpart here: a closed client, a full queue. The error's source is realtime's
    /// own error.
    Realtime,
}

impl ErrorKind {
    /// What a failure on the wire is.
    pub(crate) fn of(failure: &TransportError) -> Self {
        match failure {
            TransportError::Request(_) => Self::InvalidInput,
            TransportError::MissingCredential(_) => Self::MissingCredential,
            TransportError::NoRuntime | TransportError::Client(_) => Self::Config,
            TransportError::Connect(_) => Self::Connect,
            TransportError::Tls(_) => Self::Tls,
            TransportError::Timeout(_) => Self::Timeout,
            TransportError::Interrupted(_) | TransportError::Unprocessed(_) => Self::Interrupted,
            TransportError::Source(_) => Self::Io,
            TransportError::Truncated(_) => Self::Truncated,
            TransportError::TooLarge { .. } => Self::TooLarge,
            TransportError::Status { status, .. } => Self::of_status(status.as_u16()),
            TransportError::Decode { .. } => Self::Decode,
            _ => Self::Protocol,
        }
    }

    pub(super) fn of_status(status: u16) -> Self {
        match status {
            401 => Self::Unauthorized,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            409 => Self::Conflict,
            413 => Self::PayloadTooLarge,
            415 => Self::UnsupportedMediaType,
            429 => Self::RateLimited,
            500.. => Self::Server,
            _ => Self::BadRequest,
        }
    }
}

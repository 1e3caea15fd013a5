//! What is known of the effect of a call that failed.

use http::StatusCode;

use crate::error::{RequestState, TransportError};

/// Whether a call that failed had an effect. That a request was sent does not answer this: a refusal is an answer too.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Effect {
    /// It had none: the request was not sent, not completed, or refused.
    #[default]
    None,
    /// It may have had one.
    Unknown,
    /// It had one: the server reported success.
    Done,
}

impl Effect {
    /// What an attempt that failed did. `status` is that of the response, if one began.
    pub(crate) fn of(
        error: &TransportError,
        state: RequestState,
        status: Option<StatusCode>,
    ) -> Self {
        let succeeded = status.is_some_and(|status| status.is_success());
        match error {
            TransportError::Request(_)
            | TransportError::MissingCredential(_)
            | TransportError::NoRuntime
            | TransportError::Client(_)
            | TransportError::Connect(_)
            | TransportError::Tls(_)
            | TransportError::Unprocessed(_)
            // The request never came to its end.
            | TransportError::Source(_) => Self::None,
            TransportError::Status { status, .. } => Self::of_status(*status),
            TransportError::Timeout(_) if state == RequestState::NotSent => Self::None,
            _ if succeeded => Self::Done,
            _ => Self::Unknown,
        }
    }

    /// A refusal is sure, a failure is not. 408 is sent by proxies that no longer wait for the server behind them.
    fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::REQUEST_TIMEOUT => Self::Unknown,
            status if status.is_client_error() => Self::None,
            _ => Self::Unknown,
        }
    }
}

//! Errors of realtime, where one function returns both.

use aerostack_api::RequestState;
use aerostack_realtime::ErrorKind as Kind;

use super::{Error, ErrorKind};
use crate::ErrorCode;

impl ErrorKind {
    fn of_realtime(kind: Kind) -> Self {
        match kind {
            Kind::Configuration | Kind::InvalidCredential => Self::Config,
            Kind::InvalidName | Kind::InvalidPayload => Self::InvalidInput,
            Kind::TokenProvider => Self::MissingCredential,
            Kind::Connect | Kind::AttemptsExhausted | Kind::NotConnected => Self::Connect,
            Kind::Tls => Self::Tls,
            Kind::ConnectTimeout | Kind::SubscribeTimeout | Kind::AckTimeout => Self::Timeout,
            Kind::Disconnected | Kind::Unresponsive | Kind::Indeterminate => Self::Interrupted,
            Kind::Handshake | Kind::Protocol => Self::Protocol,
            Kind::Unauthorized => Self::Unauthorized,
            Kind::RateLimited => Self::RateLimited,
            Kind::Server | Kind::History => Self::Server,
            Kind::Decode | Kind::HistoryIncomplete => Self::Decode,
            _ => Self::Realtime,
        }
    }
}

/// Keeps the realtime error as the [`source`](std::error::Error::source), with its own kind and details.
impl From<aerostack_realtime::Error> for Error {
    fn from(error: aerostack_realtime::Error) -> Self {
        let mut bridged = Self::new(
            ErrorKind::of_realtime(error.kind()),
            format!("realtime: {error}"),
        );
        bridged.0.status = error.status();
        bridged.0.code = error.code().map(ErrorCode::from);
        bridged.0.retry_after = error.retry_after();
        if matches!(
            error.kind(),
            Kind::AckTimeout | Kind::Indeterminate | Kind::TaskStopped
        ) {
            bridged.0.state = RequestState::Sent;
        }
        bridged.with_source(error)
    }
}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use aerostack_realtime::Realtime;

    use super::*;

    #[tokio::test]
    async fn realtime_errors_keep_their_meaning_and_their_source() {
        async fn both() -> Result<(), Error> {
            let realtime = Realtime::builder().project_id("p").build()?;
            realtime.channel("a\nb")?;
            Ok(())
        }
        let error = both().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(!error.may_have_been_sent());
        assert!(error.to_string().starts_with("realtime: "), "{error}");
        let source = error.source().unwrap();
        let source = source.downcast_ref::<aerostack_realtime::Error>().unwrap();
        assert_eq!(source.kind(), Kind::InvalidName);
    }
}

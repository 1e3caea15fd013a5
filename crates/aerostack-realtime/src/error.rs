//! The one error of this crate.

use std::{borrow::Cow, error::Error as StdError, fmt, sync::Arc, time::Duration};

/// What kind of thing went wrong. Match on this; the text of an [`Error`] is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A setting cannot work: a base URL that is none, a missing TLS backend. Nothing was sent.
    Configuration,
    /// A channel, table, room or event name the platform would not take. Nothing was sent.
    InvalidName,
    /// An API key or token that cannot travel as a WebSocket subprotocol. Nothing was sent.
    InvalidCredential,
    /// A payload that is not JSON or is longer than allowed. Nothing was sent.
    InvalidPayload,
    /// No connection could be made: name, TCP. The client goes on trying.
    Connect,
    /// The TLS handshake failed, for example over a certificate nobody vouches for.
    Tls,
    /// The server answered the upgrade with something else than a WebSocket. The client goes on trying.
    Handshake,
    /// Connecting, with everything that belongs to it, took longer than the limit. The client goes on trying.
    ConnectTimeout,
    /// The server refuses the credentials. The client waits until they change.
    Unauthorized,
    /// The server asks to come back later.
    RateLimited,
    /// The token provider failed. The client goes on trying.
    TokenProvider,
    /// The connection broke or was closed by the server. The client goes on trying.
    Disconnected,
    /// The server fell silent: nothing arrived within the pong deadline. The client goes on trying.
    Unresponsive,
    /// The server broke the WebSocket protocol, or says that the client did.
    Protocol,
    /// As many connects failed in a row as the settings allow. Final.
    AttemptsExhausted,
    /// The server did not confirm a subscription in time.
    SubscribeTimeout,
    /// The server sent an error frame.
    Server,
    /// The consumer was slower than the messages and its policy is to fail. Ends the stream.
    SlowConsumer,
    /// The queue of outgoing messages is full. Nothing was sent; try later or await `publish`.
    QueueFull,
    /// The message waited longer for a connection than it was worth. It was not sent.
    Expired,
    /// There is no connection and the message was to be sent only over one. It was not sent.
    NotConnected,
    /// The server did not acknowledge in time. Whether the message took effect is unknown.
    AckTimeout,
    /// The connection was lost between sending and acknowledgement. Whether the message took effect is unknown.
    Indeterminate,
    /// A payload does not fit the type asked for. The stream goes on; see [`Error::raw`].
    Decode,
    /// The history could not be read.
    History,
    /// The history holds messages that cannot be read: more of one millisecond than the server gives in a page. Reading
    /// goes on with older ones.
    HistoryIncomplete,
    /// The client was closed, or its last handle dropped.
    Closed,
    /// The task that keeps the connection is gone: its runtime was shut down, or code it runs panicked. What it was asked
    /// may or may not have been done. The next use of the client, on a living runtime, starts it anew.
    TaskStopped,
}

/// What went wrong.
///
/// Cheap to clone: one failure may concern many streams. It holds no credential, and its text shows no payload.
#[derive(Clone)]
pub struct Error(Arc<Inner>);

#[derive(Default)]
struct Details {
    code: Option<String>,
    status: Option<u16>,
    close_code: Option<u16>,
    retry_after: Option<Duration>,
    raw: Option<String>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    details: Details,
}

impl Error {
    /// What kind of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The server's own name for the failure, from an `error` frame.
    pub fn code(&self) -> Option<&str> {
        self.0.details.code.as_deref()
    }

    /// The HTTP status, if the server answered an upgrade or a history request with an error.
    pub fn status(&self) -> Option<u16> {
        self.0.details.status
    }

    /// The WebSocket close code, if the server closed with one.
    pub fn close_code(&self) -> Option<u16> {
        self.0.details.close_code
    }

    /// How long the server asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.details.retry_after
    }

    /// What could not be read: the JSON that did not fit a type, or the beginning of an HTTP error's body. It is not
    /// part of `Display` or `Debug`, since it may be anyone's data.
    pub fn raw(&self) -> Option<&str> {
        self.0.details.raw.as_deref()
    }

    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Arc::new(Inner {
            kind,
            message: message.into(),
            details: Details::default(),
        }))
    }

    fn with(mut self, change: impl FnOnce(&mut Details)) -> Self {
        if let Some(inner) = Arc::get_mut(&mut self.0) {
            change(&mut inner.details);
        }
        self
    }

    pub(crate) fn with_source(self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.with(|details| details.source = Some(source.into()))
    }

    pub(crate) fn with_status(self, status: u16) -> Self {
        self.with(|details| details.status = Some(status))
    }

    pub(crate) fn with_close_code(self, code: u16) -> Self {
        self.with(|details| details.close_code = Some(code))
    }

    pub(crate) fn with_code(self, code: Option<String>) -> Self {
        self.with(|details| details.code = code)
    }

    pub(crate) fn with_retry_after(self, wait: Option<Duration>) -> Self {
        self.with(|details| details.retry_after = wait)
    }

    pub(crate) fn with_raw(self, raw: impl Into<String>) -> Self {
        self.with(|details| details.raw = Some(raw.into()))
    }

    pub(crate) fn closed() -> Self {
        Self::new(ErrorKind::Closed, "the realtime client is closed")
    }

    pub(crate) fn abandoned() -> Self {
        Self::new(
            ErrorKind::Closed,
            "the last `Realtime` and `Channel` were dropped; keep one for as long as the stream is read",
        )
    }

    pub(crate) fn task_stopped(panicked: bool) -> Self {
        Self::new(
            ErrorKind::TaskStopped,
            if panicked {
                "the task of the realtime connection panicked; the next use of the client starts it anew"
            } else {
                "the runtime that ran the realtime connection was shut down; the next use of the client starts it anew"
            },
        )
    }

    pub(crate) fn decode(what: &str, source: serde_json::Error, raw: &str) -> Self {
        Self::new(
            ErrorKind::Decode,
            format!("{what} does not fit the type asked for"),
        )
        .with_source(aerostack_api::DecodeError::from(source))
        .with_raw(raw)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let details = &self.0.details;
        let mut out = f.debug_struct("Error");
        out.field("kind", &self.0.kind)
            .field("message", &self.0.message);
        if let Some(code) = &details.code {
            out.field("code", code);
        }
        if let Some(status) = &details.status {
            out.field("status", status);
        }
        if let Some(code) = &details.close_code {
            out.field("close_code", code);
        }
        if let Some(source) = &details.source {
            out.field("source", source);
        }
        out.finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .details
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neither_text_form_shows_what_could_not_be_read() {
        let error = Error::new(ErrorKind::Decode, "the row does not fit").with_raw("private row");
        assert_eq!(error.raw(), Some("private row"));
        assert!(!format!("{error} {error:?}").contains("private"));
    }

    #[test]
    fn an_error_is_one_pointer() {
        assert_eq!(size_of::<Error>(), size_of::<usize>());
    }
}

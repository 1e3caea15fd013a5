//! Faults: answers a healthy platform does not give, down to the bytes on the socket.

use std::time::Duration;

use crate::http::operation::Operation;
use crate::http::script::Ending;

/// A fault, and the calls it strikes.
///
/// Without further words it strikes every call of every operation. Faults are tried in the order they were set; the
/// first that applies strikes.
///
/// ```
/// use aerostack_emulator::Fault;
///
/// // The third and fourth `cacheSet` take effect, but their answers never arrive.
/// let fault = Fault::close().on("cacheSet").after(2).times(2).after_effect();
/// ```
#[derive(Clone, Debug)]
#[must_use = "a fault does nothing until it is handed to Emulator::fault"]
pub struct Fault {
    pub(crate) kind: Kind,
    pub(crate) operation: Option<String>,
    pub(super) skip: u64,
    pub(super) times: u64,
    pub(super) probability: Option<(f64, u64)>,
    pub(crate) after_effect: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Kind {
    /// An HTTP answer in place of the real one.
    Answer {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    /// A header set on the real answer.
    Header { name: &'static str, value: String },
    /// The real answer, late.
    Delay(Duration),
    /// Something below HTTP.
    Socket(SocketFault),
}

#[derive(Clone, Debug)]
pub(crate) enum SocketFault {
    /// Not one byte of an answer.
    Nothing(Ending),
    /// The real answer's head up to its middle.
    PartOfHead(Ending),
    /// The real answer's head and this many bytes of its body.
    PartOfBody(usize, Ending),
    /// The real answer under a Content-Length that is off by this much.
    WrongLength(i64),
    /// These bytes in place of an answer.
    Bytes(Vec<u8>),
    /// The real answer with its head sent byte by byte.
    SlowHead(Duration),
    /// The real answer with its body sent byte by byte.
    Drip(Duration),
}

impl Fault {
    fn new(kind: Kind) -> Self {
        Self {
            kind,
            operation: None,
            skip: 0,
            times: u64::MAX,
            probability: None,
            after_effect: false,
        }
    }

    fn socket(fault: SocketFault) -> Self {
        Self::new(Kind::Socket(fault))
    }

    /// Answers this status with an error body of the platform's form.
    pub fn status(status: u16) -> Self {
        let (code, message) = match status {
            401 => ("AUTH_INVALID_KEY", "The API key is missing or not valid."),
            403 => ("FORBIDDEN", "Not allowed."),
            404 => ("NOT_FOUND", "Not found."),
            429 => ("RATE_LIMIT_EXCEEDED", "Too many requests."),
            500.. => ("INTERNAL_ERROR", "Something went wrong."),
            _ => ("VALIDATION_ERROR", "The request does not fit."),
        };
        let body = serde_json::json!({ "code": code, "message": message }).to_string();
        Self::answer(status, "application/json", body)
    }

    /// Answers 429 with a `Retry-After` header: seconds or an HTTP date.
    pub fn rate_limited(retry_after: impl Into<String>) -> Self {
        Self::status(429).header("retry-after", retry_after)
    }

    /// Answers this status with an HTML page, as proxies do.
    pub fn html(status: u16) -> Self {
        Self::answer(
            status,
            "text/html",
            format!("<html><body><h1>{status}</h1><hr>proxy</body></html>"),
        )
    }

    /// Redirects with 307 to `url`.
    pub fn redirect(url: impl Into<String>) -> Self {
        Self::answer(307, "text/plain", "").header("location", url)
    }

    /// Answers this status with any body.
    pub fn answer(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self::new(Kind::Answer {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.into(),
        })
    }

    /// Adds a header to the answer made up by [`Fault::status`], [`Fault::answer`] and their like.
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        if let Kind::Answer { headers, .. } = &mut self.kind {
            headers.push((name.to_owned(), value.into()));
        }
        self
    }

    /// Claims that the real answer, which is sent as it is, has this `Content-Encoding`.
    pub fn content_encoding(encoding: impl Into<String>) -> Self {
        Self::new(Kind::Header {
            name: "content-encoding",
            value: encoding.into(),
        })
    }

    /// Holds the answer back for this long, in real time.
    pub fn delay(by: Duration) -> Self {
        Self::new(Kind::Delay(by))
    }

    /// Closes the connection without an answer.
    pub fn close() -> Self {
        Self::socket(SocketFault::Nothing(Ending::Close))
    }

    /// Resets the connection without an answer.
    pub fn reset() -> Self {
        Self::close().by_reset()
    }

    /// Answers nothing and keeps the connection open until the client gives up.
    pub fn hang() -> Self {
        Self::close().by_silence()
    }

    /// Closes the connection in the middle of the answer's headers.
    pub fn close_within_headers() -> Self {
        Self::socket(SocketFault::PartOfHead(Ending::Close))
    }

    /// Closes the connection after the answer's headers.
    pub fn close_after_headers() -> Self {
        Self::truncate_body(0)
    }

    /// Closes the connection after this many bytes of the answer's body.
    pub fn truncate_body(bytes: usize) -> Self {
        Self::socket(SocketFault::PartOfBody(bytes, Ending::Close))
    }

    /// Sends the answer under a `Content-Length` that is off by `by`, then closes.
    pub fn wrong_length(by: i64) -> Self {
        Self::socket(SocketFault::WrongLength(by))
    }

    /// Sends these bytes in place of an HTTP answer, then closes.
    pub fn garbage(bytes: impl Into<Vec<u8>>) -> Self {
        Self::socket(SocketFault::Bytes(bytes.into()))
    }

    /// Sends the answer's headers one byte at a time with this pause between them.
    pub fn slow_headers(pause: Duration) -> Self {
        Self::socket(SocketFault::SlowHead(pause))
    }

    /// Sends the answer's body one byte at a time with this pause between them.
    pub fn drip(pause: Duration) -> Self {
        Self::socket(SocketFault::Drip(pause))
    }

    /// Turns the closing of a fault that cuts an answer short into a TCP reset.
    pub fn by_reset(self) -> Self {
        self.ending(Ending::Reset)
    }

    /// Turns the closing of a fault that cuts an answer short into silence: the connection stays open.
    pub fn by_silence(self) -> Self {
        self.ending(Ending::Hang)
    }

    fn ending(mut self, new: Ending) -> Self {
        if let Kind::Socket(
            SocketFault::Nothing(end)
            | SocketFault::PartOfHead(end)
            | SocketFault::PartOfBody(_, end),
        ) = &mut self.kind
        {
            *end = new;
        }
        self
    }

    /// Strikes only this operation, by its id.
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Spares the first `calls` calls.
    pub fn after(mut self, calls: u64) -> Self {
        self.skip = calls;
        self
    }

    /// Strikes this many calls and no more.
    pub fn times(mut self, calls: u64) -> Self {
        self.times = calls;
        self
    }

    /// Strikes each call with this probability (0 to 1), the same calls for the same seed.
    pub fn probability(mut self, probability: f64, seed: u64) -> Self {
        self.probability = Some((probability, seed));
        self
    }

    /// Lets the call take effect first; the fault then strikes its answer.
    ///
    /// Faults that alter the real answer, such as [`Fault::truncate_body`], always do.
    pub fn after_effect(mut self) -> Self {
        self.after_effect = true;
        self
    }

    pub(crate) fn name(&self) -> &'static str {
        match &self.kind {
            Kind::Answer {
                status: 300..=399, ..
            } => "redirect",
            Kind::Answer { status: 429, .. } => "rate limited",
            Kind::Answer { status: 500.., .. } => "server error",
            Kind::Answer { .. } => "answer",
            Kind::Header { .. } => "header",
            Kind::Delay(_) => "delay",
            Kind::Socket(SocketFault::Nothing(Ending::Close)) => "close",
            Kind::Socket(SocketFault::Nothing(Ending::Reset)) => "reset",
            Kind::Socket(SocketFault::Nothing(Ending::Hang)) => "hang",
            Kind::Socket(SocketFault::PartOfHead(_)) => "within headers",
            Kind::Socket(SocketFault::PartOfBody(0, _)) => "after headers",
            Kind::Socket(SocketFault::PartOfBody(..)) => "truncated body",
            Kind::Socket(SocketFault::WrongLength(_)) => "wrong length",
            Kind::Socket(SocketFault::Bytes(_)) => "garbage",
            Kind::Socket(SocketFault::SlowHead(_)) => "slow headers",
            Kind::Socket(SocketFault::Drip(_)) => "drip",
        }
    }

    /// Whether the real answer is needed: to be altered, or because the call shall take effect.
    pub(crate) fn needs_answer(&self) -> bool {
        let replaces = matches!(
            self.kind,
            Kind::Answer { .. } | Kind::Socket(SocketFault::Nothing(_) | SocketFault::Bytes(_))
        );
        self.after_effect || !replaces
    }

    /// What is wrong with a fault that is not aimed.
    pub(crate) fn misses(&self) -> String {
        let id = self.operation.as_deref().unwrap_or_default();
        format!(
            "there is no operation `{id}`; {}",
            Operation::suggestions(id)
        )
    }

    /// Whether the operation named exists.
    pub(crate) fn is_aimed(&self) -> bool {
        self.operation
            .as_deref()
            .is_none_or(|id| Operation::find(id).is_some())
    }
}

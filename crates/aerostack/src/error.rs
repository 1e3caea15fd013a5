//! The one error type of the crate.

#[cfg(feature = "realtime")]
mod realtime;

use std::{error::Error as StdError, fmt, ops::Range, time::Duration};

use aerostack_api::{
    CallError, Credential, ErrorBody, Idempotency, RequestState, Response, TimeoutKind,
    TransportError,
};
use bytes::Bytes;

use crate::{
    code::ErrorCode,
    db::{BatchOutcome, ConstraintKind, ConstraintViolation},
};

/// What a call that failed leaves behind.
///
/// Match on [`kind`](Self::kind); where the platform named the failure, [`code`](Self::code) is finer. `Display` is one
/// line that says what happened and what to do; it holds no request data and no secrets.
///
/// ```no_run
/// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
/// use aerostack::{Effect, ErrorCode, ErrorKind};
///
/// match client.db().execute("INSERT INTO users (email) VALUES (?)").bind("a@example.com").await {
///     Ok(_) => {}
///     Err(error) if error.kind() == ErrorKind::RateLimited => println!("come back in {:?}", error.retry_after()),
///     Err(error) if error.code() == Some(&ErrorCode::DbQueryFailed) => println!("bad statement: {error}"),
///     Err(error) if error.effect() == Effect::Unknown => println!("unknown whether it was stored: {error}"),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
pub struct Error(Box<Repr>);

struct Repr {
    kind: ErrorKind,
    message: String,
    operation: Option<&'static str>,
    state: RequestState,
    effect: Effect,
    attempts: u32,
    status: Option<u16>,
    request_id: Option<String>,
    code: Option<ErrorCode>,
    retry_after: Option<Duration>,
    answer: Option<Box<ErrorBody>>,
    body: Bytes,
    part: Option<Range<usize>>,
    batch: Option<BatchOutcome>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// Whether a call that failed had an effect on the platform. From [`Error::effect`].
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
    /// The connection broke before a response began. [`Error::effect`] says whether the server may have acted: HTTP/2 can
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
    /// Too many calls (429). [`Error::retry_after`] says how long to wait, if the platform said so.
    RateLimited,
    /// The platform, or a proxy before it, failed (5xx).
    Server,
    /// At least one statement of a batch failed; [`Error::batch`] has every outcome.
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

    fn of_status(status: u16) -> Self {
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

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The platform's name for the failure.
    pub fn code(&self) -> Option<&ErrorCode> {
        self.0.code.as_ref()
    }

    /// The HTTP status, when an answer arrived.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The id to name when asking the platform's support: the answer's, or else the one sent.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// The document's name of the operation, such as `dbQuery`.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Attempts made; 0 when nothing was tried.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the platform asks to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the same call might succeed later without being changed. Says nothing about whether repeating it is
    /// harmless: for that see [`may_have_been_sent`](Self::may_have_been_sent).
    pub fn is_retryable(&self) -> bool {
        match self.0.kind {
            ErrorKind::Connect
            | ErrorKind::Timeout
            | ErrorKind::Interrupted
            | ErrorKind::Truncated
            | ErrorKind::RateLimited => true,
            ErrorKind::Server => self.0.status != Some(501) && self.0.status != Some(505),
            ErrorKind::BadRequest => matches!(self.0.status, Some(408 | 421 | 425)),
            _ => false,
        }
    }

    /// Whether the request left this machine, or may have. A refusal has been sent as well: whether there was an effect is
    /// what [`effect`](Self::effect) says.
    pub fn may_have_been_sent(&self) -> bool {
        self.0.state != RequestState::NotSent
    }

    /// Whether the call had an effect, over all its attempts.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// use aerostack::Effect;
    ///
    /// if let Err(error) = client.cache().increment("visits").await {
    ///     match error.effect() {
    ///         Effect::None => println!("not counted, try again: {error}"),
    ///         Effect::Unknown => println!("look before you try again: {error}"),
    ///         Effect::Done => println!("counted, but the new value is unknown: {error}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn effect(&self) -> Effect {
        self.0.effect
    }

    /// The platform's own sentence about the failure.
    pub fn platform_message(&self) -> Option<&str> {
        self.0.answer.as_ref()?.message.as_deref()
    }

    /// The request field a validation failure names.
    pub fn field(&self) -> Option<&str> {
        self.0.answer.as_ref()?.field.as_deref()
    }

    /// The account exists, but its e-mail address was never confirmed.
    pub fn is_email_unverified(&self) -> bool {
        self.0.code == Some(ErrorCode::AuthEmailNotVerified)
            || self
                .0
                .answer
                .as_ref()
                .is_some_and(|answer| answer.email_not_verified)
    }

    /// The body of the answer, cut at 64 KiB. It may hold user data: keep it out of logs.
    pub fn body(&self) -> &[u8] {
        match &self.0.answer {
            Some(response) => &response.raw,
            None => &self.0.body,
        }
    }

    /// For calls that were split over a limit of the platform: which of the given items the failed part held. All items
    /// before it were done, none after it was tried.
    pub fn part(&self) -> Option<Range<usize>> {
        self.0.part.clone()
    }

    /// For [`ErrorKind::Batch`]: the outcome of every statement.
    pub fn batch(&self) -> Option<&BatchOutcome> {
        self.0.batch.as_ref()
    }

    /// The constraint that a statement violated, of a single statement or of the one that made a batch fail. Read from
    /// the database's message, so `None` where that is not one of SQLite's or PostgreSQL's.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// match client.db().execute("INSERT INTO users (email) VALUES (?)").bind("ines@example.com").await {
    ///     Err(error) if error.is_unique_violation() => println!("taken: {:?}", error.violation()),
    ///     other => drop(other?),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "constraint")]
    pub fn violation(&self) -> Option<ConstraintViolation> {
        match self.batch() {
            Some(outcome) => outcome.failure()?.1.violation(),
            None => ConstraintViolation::parse(self.platform_message()?),
        }
    }

    /// Whether a `UNIQUE` or `PRIMARY KEY` constraint was violated.
    pub fn is_unique_violation(&self) -> bool {
        self.violates(ConstraintKind::Unique)
    }

    /// Whether a foreign key was violated.
    pub fn is_foreign_key_violation(&self) -> bool {
        self.violates(ConstraintKind::ForeignKey)
    }

    /// Whether a `NOT NULL` constraint was violated.
    pub fn is_not_null_violation(&self) -> bool {
        self.violates(ConstraintKind::NotNull)
    }

    /// Whether a `CHECK` constraint was violated.
    pub fn is_check_violation(&self) -> bool {
        self.violates(ConstraintKind::Check)
    }

    fn violates(&self, kind: ConstraintKind) -> bool {
        self.violation()
            .is_some_and(|violation| violation.kind == kind)
    }

    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Repr {
            kind,
            message: message.into(),
            operation: None,
            state: RequestState::NotSent,
            effect: Effect::None,
            attempts: 0,
            status: None,
            request_id: None,
            code: None,
            retry_after: None,
            answer: None,
            body: Bytes::new(),
            part: None,
            batch: None,
            source: None,
        }))
    }

    pub(crate) fn invalid_input(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::InvalidInput, message)
    }

    pub(crate) fn config(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Config, message)
    }

    pub(crate) fn with_source(
        mut self,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn with_retry_after(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    pub(crate) fn with_part(mut self, part: Range<usize>) -> Self {
        self.0.part = Some(part);
        self
    }

    pub(crate) fn with_batch(mut self, batch: BatchOutcome) -> Self {
        self.0.batch = Some(batch);
        self
    }

    /// The same error for another who waited for the same call. Its source is kept as text.
    pub(crate) fn copy(&self) -> Self {
        let repr = &self.0;
        Self(Box::new(Repr {
            kind: repr.kind,
            message: repr.message.clone(),
            operation: repr.operation,
            state: repr.state,
            effect: repr.effect,
            attempts: repr.attempts,
            status: repr.status,
            request_id: repr.request_id.clone(),
            code: repr.code.clone(),
            retry_after: repr.retry_after,
            answer: repr.answer.clone(),
            body: repr.body.clone(),
            part: repr.part.clone(),
            batch: repr.batch.clone(),
            source: repr.source.as_ref().map(|source| source.to_string().into()),
        }))
    }

    /// A successful response that is not what the operation returns.
    pub(crate) fn answered<T>(
        kind: ErrorKind,
        response: &Response<T>,
        message: impl Into<String>,
    ) -> Self {
        let mut error = Self::new(kind, message);
        error.0.operation = Some(response.operation.id);
        error.0.state = RequestState::Body;
        error.0.effect = match kind {
            ErrorKind::Decode | ErrorKind::TooLarge | ErrorKind::Protocol => Effect::Done,
            ErrorKind::Rejected => Effect::None,
            _ => Effect::Unknown,
        };
        error.0.attempts = response.attempts;
        error.0.status = Some(response.status.as_u16());
        error.0.request_id = response.request_id().map(str::to_owned);
        error
    }

    /// Whether this is the platform saying that there is no such thing, and not another service saying that there is no
    /// such path.
    pub(crate) fn is_absence(&self) -> bool {
        let named = self
            .0
            .answer
            .as_ref()
            .is_some_and(|answer| answer.code.is_some() || answer.message.is_some());
        self.0.kind == ErrorKind::NotFound && named
    }

    /// An error within a streamed body, after the head of the response arrived.
    pub(crate) fn in_body(head: &Response<()>, error: TransportError) -> Self {
        let mut error = Self::from_transport(error);
        error.0.operation = Some(head.operation.id);
        error.0.state = RequestState::Headers;
        error.0.effect = Effect::Done;
        error.0.attempts = head.attempts;
        error.0.request_id = head.request_id().map(str::to_owned);
        error
    }

    /// A refusal the platform sent with a status of success.
    pub(crate) fn in_success<T>(head: &Response<T>, what: &str, body: ErrorBody) -> Self {
        let kind = match body.code.as_deref().map(ErrorCode::from) {
            Some(ErrorCode::RateLimitExceeded) => ErrorKind::RateLimited,
            Some(ErrorCode::ContextTooLong | ErrorCode::ValidationError) => ErrorKind::BadRequest,
            Some(
                ErrorCode::AuthInvalidKey
                | ErrorCode::AuthInvalidToken
                | ErrorCode::AuthTokenExpired,
            ) => ErrorKind::Unauthorized,
            Some(ErrorCode::Forbidden) => ErrorKind::Forbidden,
            _ => ErrorKind::Server,
        };
        let message = format!("{what}: {}", said(&body));
        let mut error = Self::answered(kind, head, message);
        error.0.code = body.code.as_deref().map(ErrorCode::from);
        error.0.answer = Some(Box::new(body));
        error
    }

    fn from_transport(failure: TransportError) -> Self {
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
fn said(body: &ErrorBody) -> String {
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

/// A server's sentence, made safe for one line of a log.
pub(crate) fn one_line(text: &str) -> String {
    const LIMIT: usize = 300;
    let mut line: String = text
        .chars()
        .take(LIMIT)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(LIMIT).is_some() {
        line.push('…');
    }
    line
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

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.0.operation {
            write!(f, "{operation}: ")?;
        }
        f.write_str(&self.0.message)?;
        if let Some(part) = &self.0.part {
            write!(f, " (items {}..{})", part.start, part.end)?;
        }
        if self.0.attempts > 1 {
            write!(f, " (after {} attempts)", self.0.attempts)?;
        }
        if let Some(id) = &self.0.request_id {
            write!(f, " [request {id}]")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Error");
        out.field("kind", &self.0.kind)
            .field("message", &self.0.message);
        if let Some(operation) = self.0.operation {
            out.field("operation", &operation);
        }
        if let Some(status) = self.0.status {
            out.field("status", &status);
        }
        if let Some(code) = &self.0.code {
            out.field("code", code);
        }
        if let Some(id) = &self.0.request_id {
            out.field("request_id", id);
        }
        out.field("attempts", &self.0.attempts)
            .field("effect", &self.0.effect);
        if let Some(source) = &self.0.source {
            out.field("source", source);
        }
        out.finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

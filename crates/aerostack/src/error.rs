//! The one error type of the crate.

mod display;
mod kind;
#[cfg(feature = "realtime")]
mod realtime;
mod transport;

use std::{error::Error as StdError, ops::Range, time::Duration};

use aerostack_api::{ErrorBody, RequestState, Response, TransportError};
use bytes::Bytes;

use crate::{
    code::ErrorCode,
    db::{BatchOutcome, ConstraintKind, ConstraintViolation},
};

pub use kind::{Effect, ErrorKind};

pub(crate) use display::one_line;

use transport::said;

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
}

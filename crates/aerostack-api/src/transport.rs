//! What all calls of one client share, and what one call adds to it.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use secrecy::zeroize::Zeroizing;
use thiserror::Error;
use tokio::time::Instant;
use uuid::Uuid;

use crate::{
    clock::{Clock, Random, SystemClock},
    failure::{Failure, Reached},
    generated::Client,
    observe::Observer,
    operation::{Credential, Operation},
    options::{CallOptions, Progress},
    origin::Origin,
    retry::{BudgetState, RetryBudget, RetryPolicy},
    secret::Secret,
};

const API_KEY: HeaderName = HeaderName::from_static("x-aerostack-key");
const PROJECT_ID: HeaderName = HeaderName::from_static("x-project-id");
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const SDK_VERSION: HeaderName = HeaderName::from_static("x-sdk-version");

/// Settings of a [`Transport`].
#[derive(Debug, Clone)]
pub struct TransportConfig {
    /// Where requests go.
    pub origin: Origin,
    /// The project's API key.
    pub api_key: Option<Secret>,
    /// Sent as `X-Project-Id`: the project's id, or its slug when no id is known.
    pub project_id: Option<String>,
    /// Limit of one attempt: connecting, sending, and reading a whole JSON answer.
    pub attempt_timeout: Duration,
    /// Limit of a call with all its attempts and waits.
    pub deadline: Option<Duration>,
    /// Longest silence within a streamed body.
    pub idle_timeout: Duration,
    /// Longest JSON answer, in bytes.
    pub answer_limit: u64,
    /// Whether and when failed attempts are repeated.
    pub retry: RetryPolicy,
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// The source of jitter.
    pub random: Random,
    /// Who is told what calls do.
    pub observer: Option<Observer>,
}

impl TransportConfig {
    /// Defaults for an origin: 30 s an attempt, 120 s a call, 60 s of silence, 64 MiB an answer.
    pub fn new(origin: Origin) -> Self {
        Self {
            origin,
            api_key: None,
            project_id: None,
            attempt_timeout: Duration::from_secs(30),
            deadline: Some(Duration::from_secs(120)),
            idle_timeout: Duration::from_secs(60),
            answer_limit: 64 * 1024 * 1024,
            retry: RetryPolicy::default(),
            clock: Arc::new(SystemClock),
            random: Random::default(),
            observer: None,
        }
    }
}

/// Why a transport cannot be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A value that cannot be a header.
    #[error(
        "the {0} holds characters that cannot travel in a header; it was probably copied with a line break"
    )]
    Header(&'static str),
}

/// The one way to the platform: connection pool, origin, credentials, retries. Cheap to clone.
#[derive(Clone)]
pub struct Transport(pub(crate) Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) http: reqwest::Client,
    pub(crate) config: TransportConfig,
    pub(crate) budget: RetryBudget,
    api_key: Option<HeaderValue>,
    key_bearer: Option<HeaderValue>,
    project_id: Option<HeaderValue>,
}

/// Whatever can run over a transport made elsewhere. The SDK's crates hand theirs to one another by it, so that none of
/// them has to name this crate in its own interface.
#[doc(hidden)]
pub trait OverTransport {
    /// Uses this transport in place of one of its own.
    #[must_use]
    fn over(self, transport: Transport) -> Self;
}

impl Transport {
    /// Puts a transport on an HTTP client, which should come from [`http_client`](crate::http_client).
    ///
    /// # Errors
    /// When the API key or the project id cannot be a header.
    pub fn new(http: reqwest::Client, config: TransportConfig) -> Result<Self, ConfigError> {
        let api_key = config
            .api_key
            .as_ref()
            .map(|key| secret_header(key.expose()).ok_or(ConfigError::Header("API key")))
            .transpose()?;
        let key_bearer = config.api_key.as_ref().and_then(bearer);
        let project_id = config
            .project_id
            .as_deref()
            .map(|id| HeaderValue::from_str(id).map_err(|_| ConfigError::Header("project id")))
            .transpose()?;
        Ok(Self(Arc::new(Shared {
            http,
            config,
            budget: RetryBudget::default(),
            api_key,
            key_bearer,
            project_id,
        })))
    }

    /// The settings.
    pub fn config(&self) -> &TransportConfig {
        &self.0.config
    }

    /// What is left for repeats.
    pub fn budget(&self) -> BudgetState {
        self.0.budget.state()
    }

    /// The generated client for one attempt of a call.
    pub(crate) fn client(&self, call: &Arc<CallState>) -> Client {
        Client {
            baseurl: self.0.config.origin.as_str().to_owned(),
            client: self.0.http.clone(),
            inner: Inner(Arc::clone(call)),
        }
    }

    /// The headers of a call, credentials included.
    pub(crate) fn headers(
        &self,
        operation: &'static Operation,
        options: &CallOptions,
    ) -> Result<HeaderMap, Failure> {
        let mut headers = HeaderMap::with_capacity(8 + options.headers.len());
        for credential in self.credentials(operation, options)? {
            let (name, value) = self.credential(*credential, options)?;
            headers.insert(name, value);
        }
        if let Some(id) = &self.0.project_id {
            headers.insert(PROJECT_ID, id.clone());
        }
        let request_id = match &options.request_id {
            Some(id) => id.clone(),
            None => new_request_id(),
        };
        headers.insert(REQUEST_ID, request_id);
        headers.insert(
            SDK_VERSION,
            HeaderValue::from_static(env!("CARGO_PKG_VERSION")),
        );
        for (name, value) in &options.headers {
            headers.insert(name.clone(), value.clone());
        }
        Ok(headers)
    }

    /// The fullest alternative that the credentials at hand satisfy.
    fn credentials(
        &self,
        operation: &'static Operation,
        options: &CallOptions,
    ) -> Result<&'static [Credential], Failure> {
        if operation.credentials.is_empty() {
            return Ok(&[]);
        }
        let held = |credential: &Credential| match credential {
            Credential::ApiKey | Credential::SecretKeyBearer => self.0.api_key.is_some(),
            Credential::UserToken => options.user_token.is_some(),
            Credential::ConsumerKey => options.consumer_key.is_some(),
        };
        let mut best: Option<&'static [Credential]> = None;
        for alternative in operation.credentials {
            if alternative.iter().all(held)
                && best.is_none_or(|best| best.len() < alternative.len())
            {
                best = Some(alternative);
            }
        }
        best.ok_or(Failure::MissingCredential(operation.credentials))
    }

    fn credential(
        &self,
        credential: Credential,
        options: &CallOptions,
    ) -> Result<(HeaderName, HeaderValue), Failure> {
        let given = |token: &Option<Secret>, what: &str| {
            token.as_ref().and_then(bearer).ok_or_else(|| {
                Failure::Request(format!("the {what} holds characters that cannot be sent"))
            })
        };
        let stored = |value: &Option<HeaderValue>| {
            value
                .clone()
                .ok_or_else(|| Failure::Request("the API key cannot be sent".to_owned()))
        };
        Ok(match credential {
            Credential::ApiKey => (API_KEY, stored(&self.0.api_key)?),
            Credential::SecretKeyBearer => (header::AUTHORIZATION, stored(&self.0.key_bearer)?),
            Credential::UserToken => (
                header::AUTHORIZATION,
                given(&options.user_token, "user token")?,
            ),
            Credential::ConsumerKey => (
                header::AUTHORIZATION,
                given(&options.consumer_key, "consumer key")?,
            ),
        })
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Transport").field(&self.0.config).finish()
    }
}

fn secret_header(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}

fn bearer(token: &Secret) -> Option<HeaderValue> {
    let text = Zeroizing::new(format!("Bearer {}", token.expose()));
    secret_header(&text)
}

fn new_request_id() -> HeaderValue {
    let mut buffer = Uuid::encode_buffer();
    let text = Uuid::new_v4().hyphenated().encode_lower(&mut buffer);
    HeaderValue::from_str(text).unwrap_or_else(|_| HeaderValue::from_static("unknown"))
}

/// How the body of an answer is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyMode {
    /// Read whole, within the attempt's limits.
    Whole,
    /// Handed over as it arrives.
    Stream,
}

/// What one call carries into its attempts and what an attempt leaves behind.
pub(crate) struct CallState {
    pub(crate) transport: Transport,
    pub(crate) operation: &'static Operation,
    pub(crate) headers: HeaderMap,
    pub(crate) timeout: Duration,
    pub(crate) sent: Option<Progress>,
    pub(crate) mode: BodyMode,
    pub(crate) outcome: Mutex<Outcome>,
    pub(crate) request_bytes: AtomicU64,
    pub(crate) response_bytes: AtomicU64,
}

/// What an attempt leaves behind for the loop above it.
#[derive(Default)]
pub(crate) struct Outcome {
    pub(crate) failure: Option<Failure>,
    pub(crate) reached: Option<Reached>,
    pub(crate) status: Option<http::StatusCode>,
    pub(crate) headers: HeaderMap,
    /// When the head of the answer came, if anybody wants to know.
    pub(crate) head: Option<Instant>,
}

impl CallState {
    pub(crate) fn received(&self, bytes: usize) {
        self.response_bytes
            .fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn is_observed(&self) -> bool {
        self.transport.config().observer.is_some()
    }

    /// Status and time of the answer's head, without taking them.
    pub(crate) fn peek(&self) -> (Option<http::StatusCode>, Option<Instant>) {
        let outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        (outcome.status, outcome.head)
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut Outcome)) {
        change(&mut self.outcome.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn take(&self) -> Outcome {
        std::mem::take(&mut *self.outcome.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What the generated client carries for one call.
#[derive(Clone)]
pub struct Inner(pub(crate) Arc<CallState>);

impl fmt::Debug for Inner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Inner").field(&self.0.operation.id).finish()
    }
}

/// The longest id a server may give a request; what is longer is none.
const REQUEST_ID_LIMIT: usize = 256;

pub(crate) fn request_id_of(answer: &HeaderMap, sent: &HeaderMap) -> Option<String> {
    let text = |headers: &HeaderMap| {
        let id = headers.get(&REQUEST_ID)?.to_str().ok()?;
        Some(id.to_owned())
    };
    text(answer)
        .filter(|id| id.len() <= REQUEST_ID_LIMIT)
        .or_else(|| text(sent))
}

//! The transport that all calls of one client share: connection pool, credentials, settings.

use std::{fmt, sync::Arc, time::Duration};

use http::{HeaderMap, HeaderName, HeaderValue, header};
use secrecy::zeroize::Zeroizing;
use thiserror::Error;

use crate::{
    clock::{Clock, Random, SystemClock},
    error::TransportError,
    http::{HttpError, HttpOptions},
    observer::Observer,
    operation::{Credential, Operation},
    options::CallOptions,
    origin::Origin,
    pool::Pools,
    request_id::REQUEST_ID,
    retry::{QuotaBucket, RetryPolicy, RetryQuota},
    secret::Secret,
};

const API_KEY: HeaderName = HeaderName::from_static("x-aerostack-key");
const PROJECT_ID: HeaderName = HeaderName::from_static("x-project-id");
const SDK_VERSION: HeaderName = HeaderName::from_static("x-sdk-version");

/// Settings of a [`Transport`].
#[derive(Clone)]
pub struct TransportConfig {
    /// Where requests go.
    pub origin: Origin,
    /// The project's API key.
    pub api_key: Option<Secret>,
    /// Sent as `X-Project-Id`: the project's id, or its slug when no id is known.
    pub project_id: Option<String>,
    /// Timeout of one attempt: connecting, sending, and reading a whole JSON response.
    pub attempt_timeout: Duration,
    /// Deadline of a call with all its attempts and waits.
    pub deadline: Option<Duration>,
    /// Idle timeout of a streamed body.
    pub idle_timeout: Duration,
    /// Maximum size of a JSON response, in bytes.
    pub answer_limit: u64,
    /// Whether and when failed attempts are retried.
    pub retry: RetryPolicy,
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// The source of jitter.
    pub random: Random,
    /// Receives reports of calls.
    pub observer: Option<Arc<dyn Observer>>,
}

impl TransportConfig {
    /// Defaults for an origin: 30 s per attempt, 120 s per call, 60 s idle, 64 MiB per response.
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

impl fmt::Debug for TransportConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TransportConfig")
            .field("origin", &self.origin)
            .field("api_key", &self.api_key)
            .field("project_id", &self.project_id)
            .field("attempt_timeout", &self.attempt_timeout)
            .field("deadline", &self.deadline)
            .field("idle_timeout", &self.idle_timeout)
            .field("answer_limit", &self.answer_limit)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// Why a transport cannot be built.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// A value that is not a valid header.
    #[error(
        "the {0} holds characters that cannot travel in a header; it was probably copied with a line break"
    )]
    Header(&'static str),
    /// The HTTP client could not be built.
    #[error(transparent)]
    Http(#[from] HttpError),
}

/// The connection to the platform: pool, origin, credentials, retries. Cheap to clone.
#[derive(Clone)]
pub struct Transport(pub(crate) Arc<Shared>);

pub(crate) struct Shared {
    pools: Pools,
    pub(crate) config: TransportConfig,
    pub(crate) quota: Arc<QuotaBucket>,
    api_key: Option<HeaderValue>,
    key_bearer: Option<HeaderValue>,
    project_id: Option<HeaderValue>,
}

/// Types that can share an existing [`Transport`]. The SDK's crates pass theirs on through it, so that none of them names
/// this crate in its own interface.
#[doc(hidden)]
pub trait WithTransport {
    /// Uses this transport in place of one of its own.
    #[must_use]
    fn with_transport(self, transport: Transport) -> Self;
}

impl Transport {
    /// A transport whose connections are made with these options. Nothing is sent.
    ///
    /// # Errors
    /// When the API key or the project id cannot be a header, or the HTTP client cannot be built.
    pub fn new(http: HttpOptions, config: TransportConfig) -> Result<Self, ConfigError> {
        let pools = Pools::new(http, config.origin.clone())?;
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
            pools,
            config,
            quota: Arc::default(),
            api_key,
            key_bearer,
            project_id,
        })))
    }

    /// The settings.
    pub fn config(&self) -> &TransportConfig {
        &self.0.config
    }

    /// The retry quota.
    pub fn quota(&self) -> RetryQuota {
        self.0.quota.state()
    }

    /// How its connections are made.
    pub fn http_options(&self) -> &HttpOptions {
        self.0.pools.options()
    }

    /// The HTTP client of the current tokio runtime.
    pub(crate) fn http(&self) -> Result<reqwest::Client, TransportError> {
        self.0.pools.client()
    }

    /// The headers of a call, credentials included.
    pub(crate) fn headers(
        &self,
        operation: &'static Operation,
        options: &CallOptions,
        request_id: &HeaderValue,
    ) -> Result<HeaderMap, TransportError> {
        let mut headers = HeaderMap::with_capacity(8 + options.headers.len());
        for credential in self.credentials(operation, options)? {
            let (name, value) = self.credential(*credential, options)?;
            headers.insert(name, value);
        }
        if let Some(id) = &self.0.project_id {
            headers.insert(PROJECT_ID, id.clone());
        }
        headers.insert(REQUEST_ID, request_id.clone());
        headers.insert(
            SDK_VERSION,
            HeaderValue::from_static(env!("CARGO_PKG_VERSION")),
        );
        for name in options.headers.keys() {
            headers.remove(name);
        }
        for (name, value) in &options.headers {
            headers.append(name, value.clone());
        }
        Ok(headers)
    }

    /// The largest alternative that the available credentials satisfy.
    fn credentials(
        &self,
        operation: &'static Operation,
        options: &CallOptions,
    ) -> Result<&'static [Credential], TransportError> {
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
        best.ok_or(TransportError::MissingCredential(operation.credentials))
    }

    fn credential(
        &self,
        credential: Credential,
        options: &CallOptions,
    ) -> Result<(HeaderName, HeaderValue), TransportError> {
        let given = |token: &Option<Secret>, what: &str| {
            token.as_ref().and_then(bearer).ok_or_else(|| {
                TransportError::Request(format!("the {what} holds characters that cannot be sent"))
            })
        };
        let stored = |value: &Option<HeaderValue>| {
            value
                .clone()
                .ok_or_else(|| TransportError::Request("the API key cannot be sent".to_owned()))
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

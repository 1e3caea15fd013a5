//! Settings of a client.

use std::{env, fmt, sync::Arc, time::Duration};

use aerostack_api::{
    Configure, DEFAULT_BASE_URL, HAS_TLS, HttpOptions, Origin, ProxyMode, RetryPolicy, Transport,
    TransportConfig,
};

use super::Client;
use crate::{
    Error, Secret,
    observer::{Adapter, Observer},
    route::{GatewayPaths, GatewayRoute},
};

/// What official SDKs wait for a completion.
const COMPLETION_TIMEOUT: Duration = Duration::from_secs(60);

/// Settings of a [`Client`]. What is set here beats what the environment says.
///
/// | setting | default |
/// |---|---|
/// | [`base_url`](Self::base_url) | `https://api.aerostack.dev/v1` |
/// | [`timeout`](Self::timeout), one attempt | 30 s; 60 s for a chat completion |
/// | [`deadline`](Self::deadline), a call with all attempts | 120 s |
/// | [`idle_timeout`](Self::idle_timeout), silence in a streamed body | 60 s |
/// | connecting | 10 s |
/// | [`answer_limit`](Self::answer_limit) | 64 MiB |
/// | [`max_attempts`](Self::max_attempts) | 3 |
/// | wait before attempt n + 1 | random below 200 ms × 2ⁿ⁻¹, at most 10 s; after the wait the platform asks for; one above 30 s fails at once |
#[must_use = "settings do nothing until .build() is called"]
pub struct ClientBuilder {
    base_url: Option<String>,
    api_key: Option<Secret>,
    project_id: Option<String>,
    project_slug: Option<String>,
    user_agent: Option<String>,
    timeout: Option<Duration>,
    deadline: Option<Duration>,
    idle_timeout: Option<Duration>,
    answer_limit: Option<u64>,
    retry: RetryPolicy,
    insecure_http: bool,
    from_env: bool,
    roots: Vec<Vec<u8>>,
    proxy: ProxyMode,
    configure: Option<Configure>,
    observer: Option<Arc<dyn aerostack_api::Observer>>,
    gateway_paths: Option<GatewayPaths>,
}

impl ClientBuilder {
    pub(super) fn new() -> Self {
        Self {
            base_url: None,
            api_key: None,
            project_id: None,
            project_slug: None,
            user_agent: None,
            timeout: None,
            deadline: None,
            idle_timeout: None,
            answer_limit: None,
            retry: RetryPolicy::default(),
            insecure_http: false,
            from_env: false,
            roots: Vec::new(),
            proxy: ProxyMode::Environment,
            configure: None,
            observer: None,
            gateway_paths: None,
        }
    }

    /// Takes what is not set here from `AEROSTACK_API_KEY`, `AEROSTACK_PROJECT_ID`, `AEROSTACK_PROJECT_SLUG` and
    /// `AEROSTACK_BASE_URL`. An empty variable counts as absent.
    pub fn env(mut self) -> Self {
        self.from_env = true;
        self
    }

    /// Where the platform is, with or without a trailing `/v1`.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = Some(url.into());
        self
    }

    /// The project's secret API key. It goes to the operations that take it and to no other.
    pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// The project's id, sent as `X-Project-Id`.
    pub fn project_id(mut self, id: impl Into<String>) -> Self {
        self.project_id = Some(id.into());
        self
    }

    /// The project's slug, which stands in the paths of public auth. The project id serves where it is absent.
    pub fn project_slug(mut self, slug: impl Into<String>) -> Self {
        self.project_slug = Some(slug.into());
        self
    }

    /// Where the gateway's chat and wallet are. Without this, the published paths are tried first, and the others once
    /// where those answer 404.
    pub fn gateway_paths(mut self, paths: GatewayPaths) -> Self {
        self.gateway_paths = Some(paths);
        self
    }

    /// What the calling program is, put before the SDK's own name in `User-Agent`.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// Limit of one attempt: connecting, sending, reading the whole JSON answer. For uploads it limits silence instead.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.timeout = Some(limit);
        self
    }

    /// Limit of a call with all its attempts and the waits between them.
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = Some(limit);
        self
    }

    /// Longest silence within a streamed body, such as a download.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = Some(limit);
        self
    }

    /// Longest JSON answer, in bytes; a longer one is [`ErrorKind::TooLarge`](crate::ErrorKind::TooLarge).
    pub fn answer_limit(mut self, bytes: u64) -> Self {
        self.answer_limit = Some(bytes);
        self
    }

    /// Attempts per call, the first included; 1 repeats nothing.
    ///
    /// Retried are calls that the server did not process (no connection, HTTP/2 refusals, 421, 425, 429), and calls that
    /// change nothing after a 5xx, a broken connection or a timeout. A call that may have changed something is never
    /// retried unasked. When the platform asks for a wait of more than 30 seconds, the call fails at once with
    /// [`RateLimited`](crate::ErrorKind::RateLimited), and [`retry_after`](crate::Error::retry_after) says how long.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.retry.max_attempts = attempts;
        self
    }

    /// Also repeats calls that leave the same state when done twice, such as setting a cache key or deleting a file,
    /// after an attempt that may have reached the server.
    pub fn retry_replacing_calls(mut self) -> Self {
        self.retry.replace = true;
        self
    }

    /// Accepts plain `http` to a host that is not this machine. The API key then travels readable for everyone on the
    /// way: for private networks and tests only.
    pub fn allow_insecure_http(mut self) -> Self {
        self.insecure_http = true;
        self
    }

    /// Trusts the certificates of a private authority, in PEM, beside those the machine trusts. Needs a TLS feature.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(pem.into());
        self
    }

    /// Sends everything through this proxy, for example `http://user:password@proxy.example.com:8080`.
    ///
    /// Without it the environment decides, by `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, except for a base
    /// URL on this machine, which is reached directly. Over plain http, which has to be allowed for other machines, a
    /// proxy sees the API key.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = ProxyMode::Url(url.into());
        self
    }

    /// Uses no proxy, whatever the environment says.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = ProxyMode::Direct;
        self
    }

    /// Settings of the HTTP client underneath: client certificates, pool sizes. Called once for each tokio runtime that
    /// uses the client, since connections belong to a runtime.
    ///
    /// This is the one place where a type of another crate shows. What the SDK relies on is set afterwards: redirects
    /// are not followed, there is no timeout on a whole exchange, reqwest retries and decompresses nothing, TLS is 1.2 or
    /// later.
    #[cfg(feature = "reqwest")]
    pub fn configure_http(
        mut self,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Self {
        self.configure = Some(Arc::new(configure));
        self
    }

    /// Tells this one of every call and attempt, for metrics. An `Arc` of an [`Observer`] is one too. The last one set
    /// counts.
    pub fn observer(mut self, observer: impl Observer) -> Self {
        self.observer = Some(Arc::new(Adapter(observer)));
        self
    }

    /// Checks the settings and builds the client. Nothing is sent.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config), with a message that names the setting.
    pub fn build(mut self) -> Result<Client, Error> {
        if self.from_env {
            self.fill_from_env()?;
        }
        let base_url = self.base_url.as_deref().unwrap_or(DEFAULT_BASE_URL);
        let origin = Origin::parse(base_url, self.insecure_http)
            .map_err(|error| Error::config(error.to_string()))?;
        if origin.is_secure() && !HAS_TLS {
            return Err(Error::config(format!(
                "the base URL {origin} is https, but this build has no TLS: enable the feature `rustls` or `native-tls` \
                 of the crate aerostack"
            )));
        }
        for (what, value) in [
            ("api_key", self.api_key.as_ref().map(Secret::expose)),
            ("project_id", self.project_id.as_deref()),
            ("project_slug", self.project_slug.as_deref()),
            ("user_agent", self.user_agent.as_deref()),
        ] {
            if value.is_some_and(|value| value.trim().is_empty()) {
                return Err(Error::config(format!(
                    "{what} is empty; leave it out or give it a value"
                )));
            }
        }
        if let Some(key) = &self.api_key
            && ["ask_live_", "ask_test_"]
                .iter()
                .any(|prefix| key.expose().starts_with(prefix))
        {
            return Err(Error::config(
                "api_key holds the key of a gateway consumer (ask_...); a project's secret key is needed",
            ));
        }
        let is_part_of_no_key = |c: char| !c.is_ascii_graphic() || matches!(c, '"' | '\'' | '`');
        if let Some(key) = &self.api_key
            && key.expose().trim().contains(is_part_of_no_key)
        {
            return Err(Error::config(
                "api_key holds a quote, a space, a line break or an invisible character, which no key does; it was \
                 probably copied with more than itself",
            ));
        }
        if let ProxyMode::Url(url) = &self.proxy
            && url
                .expose()
                .parse::<http::Uri>()
                .ok()
                .is_none_or(|url| url.host().is_none())
        {
            return Err(Error::config(
                "proxy is not the URL of a proxy, such as `http://proxy.example.com:8080`",
            ));
        }
        if !HAS_TLS && !self.roots.is_empty() {
            return Err(Error::config(
                "root_certificates needs TLS: enable the feature `rustls` or `native-tls` of the crate aerostack",
            ));
        }
        for pem in &self.roots {
            if !pem
                .windows(27)
                .any(|line| line == b"-----BEGIN CERTIFICATE-----")
            {
                return Err(Error::config(
                    "root_certificates holds no certificate in PEM (`-----BEGIN CERTIFICATE-----`)",
                ));
            }
        }
        if self.retry.max_attempts == 0 {
            return Err(Error::config("max_attempts is 0; 1 means no repeats"));
        }
        let mut config = TransportConfig::new(origin);
        if let Some(limit) = self.timeout {
            config.attempt_timeout = limit;
        }
        match (self.deadline, self.timeout) {
            (Some(deadline), Some(timeout)) if timeout > deadline => {
                return Err(Error::config(format!(
                    "timeout ({timeout:?}, one attempt) is longer than deadline ({deadline:?}, all attempts)"
                )));
            }
            (Some(deadline), _) => config.deadline = Some(deadline),
            (None, _) => config.deadline = config.deadline.max(Some(config.attempt_timeout)),
        }
        if let Some(limit) = self.idle_timeout {
            config.idle_timeout = limit;
        }
        if let Some(limit) = self.answer_limit {
            config.answer_limit = limit;
        }
        for (what, limit) in [
            ("timeout", self.timeout),
            ("deadline", self.deadline),
            ("idle_timeout", self.idle_timeout),
        ] {
            if limit == Some(Duration::ZERO) {
                return Err(Error::config(format!("{what} is zero")));
            }
        }
        config.retry = self.retry;
        config.observer = self.observer;
        config.api_key = self.api_key;
        config.project_id = self.project_id.or_else(|| self.project_slug.clone());

        let sdk = concat!("aerostack-rust/", env!("CARGO_PKG_VERSION"));
        let user_agent = match &self.user_agent {
            Some(name) => format!("{name} {sdk}"),
            None => sdk.to_owned(),
        };
        let http = HttpOptions {
            user_agent,
            roots: self.roots.clone(),
            proxy: self.proxy,
            configure: self.configure,
        };
        let transport = Transport::new(http, config)
            .map_err(|error| Error::config(error.to_string()).with_source(error))?;
        let completion_timeout = self.timeout.unwrap_or(COMPLETION_TIMEOUT);
        Ok(Client::from_parts(
            transport,
            self.project_slug,
            completion_timeout,
            GatewayRoute::new(self.gateway_paths),
            self.roots,
        ))
    }

    fn fill_from_env(&mut self) -> Result<(), Error> {
        fn fill<T: From<String>>(slot: &mut Option<T>, name: &str) -> Result<(), Error> {
            if slot.is_some() {
                return Ok(());
            }
            match env::var(name) {
                Ok(value) if value.is_empty() => Ok(()),
                Ok(value) => {
                    *slot = Some(T::from(value));
                    Ok(())
                }
                Err(env::VarError::NotPresent) => Ok(()),
                Err(env::VarError::NotUnicode(_)) => {
                    Err(Error::config(format!("{name} is not valid UTF-8")))
                }
            }
        }
        fill(&mut self.api_key, "AEROSTACK_API_KEY")?;
        fill(&mut self.project_id, "AEROSTACK_PROJECT_ID")?;
        fill(&mut self.project_slug, "AEROSTACK_PROJECT_SLUG")?;
        fill(&mut self.base_url, "AEROSTACK_BASE_URL")
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("base_url", &self.base_url)
            .field("api_key", &self.api_key)
            .field("project_id", &self.project_id)
            .field("project_slug", &self.project_slug)
            .finish_non_exhaustive()
    }
}

//! Building a client.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use aerostack_api::{
    DEFAULT_BASE_URL, HttpOptions, Origin, ProxyMode, Random, Secret, Transport, TransportConfig,
    WithTransport,
};
use hyper_util::client::proxy::matcher::Matcher;
use url::Url;

use crate::{
    client::Realtime,
    error::{Error, ErrorKind},
    settings::{Clock, Limits, Settings},
    token::{Token, TokenProvider, Tokens, check_credential},
    transport::{
        connector::{Connector, Tcp},
        history::{HistorySource, Http},
        tls::Tls,
    },
};

/// Settings of a [`Realtime`] client. Everything has a default but the credentials.
#[must_use = "a builder does nothing until `build` is called"]
pub struct RealtimeBuilder {
    base_url: String,
    allow_http: bool,
    api_key: Option<Secret>,
    project_id: Option<String>,
    user_id: Option<String>,
    token: Option<Token>,
    provider: Option<Arc<dyn TokenProvider>>,
    connector: Option<Arc<dyn Connector>>,
    proxy: ProxyMode,
    roots: Vec<Vec<u8>>,
    history: Option<Arc<dyn HistorySource>>,
    limits: Limits,
    random: Random,
    clock: Clock,
}

impl Default for RealtimeBuilder {
    fn default() -> Self {
        Self {
            base_url: DEFAULT_BASE_URL.to_owned(),
            allow_http: false,
            api_key: None,
            project_id: None,
            user_id: None,
            token: None,
            provider: None,
            connector: None,
            proxy: ProxyMode::Environment,
            roots: Vec::new(),
            history: None,
            limits: Limits::default(),
            random: Random::default(),
            clock: Arc::new(SystemTime::now),
        }
    }
}

impl RealtimeBuilder {
    /// Where the platform is, with or without `/v1`; `https://api.aerostack.dev/v1` unless set. `https` becomes `wss`,
    /// and either can be given; `http` becomes `ws` and is accepted for this machine only.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Accepts plain `http` to a host that is not this machine. Credentials are then readable for everyone on the way:
    /// for private networks and tests only.
    pub fn allow_insecure_http(mut self) -> Self {
        self.allow_http = true;
        self
    }

    /// The project's API key. It is sent as a WebSocket subprotocol, never in the URL.
    pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
        self.api_key = Some(key.into());
        self
    }

    /// The project's id. Without it the server completes names, and the client learns it from the first answer.
    pub fn project_id(mut self, id: impl Into<String>) -> Self {
        self.project_id = Some(id.into());
        self
    }

    /// The user's id, which others see beside this client's events.
    pub fn user_id(mut self, id: impl Into<String>) -> Self {
        self.user_id = Some(id.into());
        self
    }

    /// The user's token. [`Realtime::set_token`] changes it.
    pub fn token(mut self, token: impl Into<Token>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// A source of user tokens, asked before every connection and every page of the [history](crate::Channel::history),
    /// and once more with [`Forced`](crate::TokenRequest::Forced) when the server refuses one. It takes the place of
    /// [`token`](Self::token).
    pub fn token_provider(mut self, provider: impl TokenProvider) -> Self {
        self.provider = Some(Arc::new(provider));
        self
    }

    /// Sends the connection and the history through this proxy, for example `http://user:password@proxy.example.com:8080`.
    /// The connection goes through a tunnel (`CONNECT`), which takes an `http` proxy.
    ///
    /// Without it the environment decides, by `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, except for a base
    /// URL on this machine, which is reached directly.
    pub fn proxy(mut self, url: impl Into<Secret>) -> Self {
        self.proxy = ProxyMode::Url(url.into());
        self
    }

    /// Uses no proxy, whatever the environment says, for the connection and for the history.
    pub fn no_proxy(mut self) -> Self {
        self.proxy = ProxyMode::Direct;
        self
    }

    /// What makes the streams of bytes below TLS and WebSocket; TCP unless set.
    pub fn connector(mut self, connector: impl Connector) -> Self {
        self.connector = Some(Arc::new(connector));
        self
    }

    /// Trusts the certificates of a private authority, in PEM, in addition to those the machine trusts.
    pub fn root_certificates(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.roots.push(pem.into());
        self
    }

    /// How long a connect may take: token, name, TCP, TLS and upgrade together. 10 s unless set.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.limits.connect_timeout = limit;
        self
    }

    /// How often a heartbeat is sent, and how long the server may then send nothing at all before the connection counts
    /// as dead. 30 s and 10 s unless set.
    pub fn heartbeat(mut self, interval: Duration, deadline: Duration) -> Self {
        self.limits.ping_interval = interval.max(Duration::from_millis(1));
        self.limits.pong_deadline = deadline;
        self
    }

    /// How long the server may take to confirm a subscription before it is asked once more, and then before the
    /// subscription fails. 10 s unless set.
    pub fn subscribe_timeout(mut self, limit: Duration) -> Self {
        self.limits.confirm_timeout = limit;
        self
    }

    /// How long an acknowledgement is waited for. 5 s unless set.
    pub fn ack_timeout(mut self, limit: Duration) -> Self {
        self.limits.ack_timeout = limit;
        self
    }

    /// Waits between attempts: the `n`th is drawn from `[0, min(base * 2^n, cap))`. 1 s and 30 s unless set.
    pub fn backoff(mut self, base: Duration, cap: Duration) -> Self {
        self.limits.backoff.base = base;
        self.limits.backoff.cap = cap;
        self
    }

    /// How long a connection must last before the count of attempts starts anew. 10 s unless set.
    pub fn stable_after(mut self, time: Duration) -> Self {
        self.limits.stable_after = time;
        self
    }

    /// How many connects may be made without a stable connection in between, the first included. Unlimited unless set;
    /// 0 makes none.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.limits.max_attempts = Some(attempts);
        self
    }

    /// Waits for the first connection however often it fails. Without it, [`connect`](Realtime::connect) and
    /// [`subscribe`](crate::Subscribe::subscribe) return the first failure as long as there has never been a connection.
    pub fn wait_for_network(mut self, wait: bool) -> Self {
        self.limits.wait_for_network = wait;
        self
    }

    /// How many outgoing messages, and how many bytes of them, may wait. 1,024 and 4 MiB unless set.
    pub fn outgoing_queue(mut self, messages: usize, bytes: usize) -> Self {
        self.limits.queue_messages = messages.max(1);
        self.limits.queue_bytes = bytes;
        self
    }

    /// How long an outgoing message may wait for a connection. 30 s unless set.
    pub fn message_expiry(mut self, time: Duration) -> Self {
        self.limits.expiry = time;
        self
    }

    /// How many messages a stream may hold unread. 1,024 unless set.
    pub fn stream_buffer(mut self, messages: usize) -> Self {
        self.limits.buffer = messages.max(1);
        self
    }

    /// The longest message taken from the server. 16 MiB unless set; a longer one ends the connection.
    pub fn max_message_size(mut self, bytes: usize) -> Self {
        self.limits.max_message = bytes;
        self
    }

    /// How many messages are fetched from the history for one gap, and how many live ones are kept back meanwhile. 500
    /// and 1,024 unless set.
    pub fn recovery_limits(mut self, fetched: usize, held: usize) -> Self {
        self.limits.recovery_limit = fetched;
        self.limits.hold_limit = held;
        self
    }

    /// Makes all jitter follow from a number, for tests.
    pub fn jitter_seed(mut self, seed: u64) -> Self {
        self.random = Random::seeded(seed);
        self
    }

    /// The clock that stamps gaps and reads dates of servers; the system's unless set. Waiting goes by tokio's clock.
    pub fn clock(mut self, now: impl Fn() -> SystemTime + Send + Sync + 'static) -> Self {
        self.clock = Arc::new(now);
        self
    }

    /// Makes the client. Nothing is sent before its first use.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] when a setting cannot work and [`ErrorKind::InvalidCredential`] when the key or token
    /// cannot travel.
    pub fn build(self) -> Result<Realtime, Error> {
        // The platform's own clients take either.
        let base_url = match self.base_url.split_once("://") {
            Some(("wss", rest)) => format!("https://{rest}"),
            Some(("ws", rest)) => format!("http://{rest}"),
            _ => self.base_url,
        };
        let origin = Origin::parse(&base_url, self.allow_http)
            .map_err(|source| Error::new(ErrorKind::Configuration, source.to_string()))?;
        if let Some(key) = &self.api_key {
            check_credential(key, "API key")?;
        }
        if let Some(token) = &self.token {
            check_credential(token.secret(), "user token")?;
        }
        let project_id = self.project_id.filter(|id| !id.is_empty());
        if project_id
            .as_deref()
            .is_some_and(|id| id.contains('/') || id.chars().any(char::is_control))
        {
            return Err(Error::new(
                ErrorKind::Configuration,
                "the project id holds a `/` or a control character",
            ));
        }
        let mut url = Url::parse(&origin.websocket("/api/realtime")).map_err(|source| {
            Error::new(ErrorKind::Configuration, "the base URL is not a URL").with_source(source)
        })?;
        for (key, value) in [("projectId", &project_id), ("userId", &self.user_id)] {
            if let Some(value) = value {
                url.query_pairs_mut().append_pair(key, value);
            }
        }
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(Error::new(
                ErrorKind::Configuration,
                "the base URL names no host",
            ));
        };
        let host = match host {
            url::Host::Ipv6(address) => address.to_string(),
            other => other.to_string(),
        };
        let tls = origin
            .is_secure()
            .then(|| Tls::new(&self.roots))
            .transpose()?;
        let proxies = match &self.proxy {
            ProxyMode::Url(url) => Some(Matcher::builder().all(url.expose()).build()),
            ProxyMode::Environment if !origin.is_loopback() => Some(Matcher::from_env()),
            ProxyMode::Environment | ProxyMode::Direct => None,
        };
        let history = match self.history {
            Some(history) => history,
            None => Arc::new(Http(transport(
                origin,
                &self.roots,
                self.api_key.clone(),
                project_id.clone(),
                self.proxy,
            )?)),
        };
        let limit = self.limits.connect_timeout;
        let connector = self
            .connector
            .unwrap_or_else(|| Arc::new(Tcp::new(tls.is_some(), limit, proxies)));
        let settings = Settings {
            url,
            host,
            port,
            tls,
            project_id,
            api_key: self.api_key,
            connector,
            limits: self.limits,
            random: self.random,
            clock: self.clock,
        };
        Ok(Realtime::new(
            settings,
            history,
            Tokens::new(self.provider, self.token),
        ))
    }
}

impl WithTransport for RealtimeBuilder {
    /// Reads the history over it.
    fn with_transport(mut self, transport: Transport) -> Self {
        self.history = Some(Arc::new(Http(transport)));
        self
    }
}

#[cfg(test)]
impl RealtimeBuilder {
    pub(crate) fn history(mut self, source: Arc<dyn HistorySource>) -> Self {
        self.history = Some(source);
        self
    }
}

fn transport(
    origin: Origin,
    roots: &[Vec<u8>],
    api_key: Option<Secret>,
    project_id: Option<String>,
    proxy: ProxyMode,
) -> Result<Transport, Error> {
    let unusable = |source: Box<dyn std::error::Error + Send + Sync>| {
        Error::new(ErrorKind::Configuration, "the HTTP client cannot be set up").with_source(source)
    };
    let agent = concat!("aerostack-realtime/", env!("CARGO_PKG_VERSION"));
    let mut http = HttpOptions::new(agent);
    http.roots = roots.to_vec();
    http.proxy = proxy;
    let mut config = TransportConfig::new(origin);
    config.api_key = api_key;
    config.project_id = project_id;
    Transport::new(http, config).map_err(|source| unusable(source.into()))
}

impl fmt::Debug for RealtimeBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RealtimeBuilder")
            .field("project_id", &self.project_id)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

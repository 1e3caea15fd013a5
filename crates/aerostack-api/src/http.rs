//! The HTTP client under everything.

use std::{error::Error as StdError, fmt, sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue, header};
use reqwest::{Client, ClientBuilder, redirect, retry};

use crate::{origin::Origin, proxy::ProxyMode};

/// How long connecting may take: name, TCP and TLS.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an idle connection is kept. Load balancers and servers close theirs after 30 to 75 seconds, as a rule, and a
/// request that is sent at that moment is lost.
const IDLE: Duration = Duration::from_secs(25);

/// The same for this machine, where connecting costs nothing and servers for development close theirs after 5 seconds.
const IDLE_LOOPBACK: Duration = Duration::from_secs(4);

/// Whether this build can speak https.
pub const HAS_TLS: bool = cfg!(any(feature = "rustls", feature = "native-tls"));

/// A caller's own settings of the HTTP client. Applied once for each tokio runtime that uses the client.
pub type Configure = Arc<dyn Fn(ClientBuilder) -> ClientBuilder + Send + Sync>;

/// Settings of the HTTP client.
#[derive(Clone, Default)]
pub struct HttpOptions {
    /// Sent as `User-Agent`.
    pub user_agent: String,
    /// Certificates in PEM that are trusted beside those the machine trusts.
    pub roots: Vec<Vec<u8>>,
    /// Which proxy is used. An origin on this machine uses none unless one is set here.
    pub proxy: ProxyMode,
    /// May set anything; what the SDK relies on is set after it.
    pub configure: Option<Configure>,
}

impl HttpOptions {
    /// Defaults, for a user agent.
    pub fn new(user_agent: impl Into<String>) -> Self {
        Self {
            user_agent: user_agent.into(),
            ..Self::default()
        }
    }

    /// Builds a client for an origin.
    ///
    /// What the SDK relies on: redirects are not followed (a credential would follow them), there is no timeout on a whole
    /// exchange (streams would die of it), reqwest retries nothing (the SDK does, and counts it), bodies arrive as they are
    /// stored, whatever features another crate turns on in reqwest, and TLS is 1.2 or later.
    ///
    /// # Errors
    /// What reqwest reports, such as a TLS backend that cannot start.
    pub fn build(&self, origin: &Origin) -> Result<Client, HttpError> {
        // A connection without TLS needs no certificates, which a small image may lack.
        let certificates = match (origin.is_secure(), origin.is_loopback()) {
            (true, _) => &[true][..],
            (false, true) => &[false],
            (false, false) => &[true, false],
        };
        let mut result = Err(None);
        for certificates in certificates {
            result = self
                .builder(origin, *certificates)
                .and_then(|builder| builder.build())
                .map_err(Some);
            if result.is_ok() {
                break;
            }
        }
        result.map_err(HttpError)
    }

    fn builder(&self, origin: &Origin, certificates: bool) -> reqwest::Result<ClientBuilder> {
        let idle = match origin.is_loopback() {
            true => IDLE_LOOPBACK,
            false => IDLE,
        };
        let mut builder = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .pool_idle_timeout(idle)
            .user_agent(&self.user_agent);
        builder = match (&self.proxy, origin.is_loopback()) {
            (ProxyMode::Url(url), _) => builder.proxy(reqwest::Proxy::all(url.expose())?),
            // A proxy elsewhere cannot reach this machine, and would be sent the API key in clear.
            (ProxyMode::Environment, true) | (ProxyMode::Direct, _) => builder.no_proxy(),
            (ProxyMode::Environment, false) => builder,
        };
        builder = trust(builder, &self.roots, certificates)?;
        if let Some(configure) = &self.configure {
            // A timeout cannot be taken back, only made endless.
            builder = configure(builder).timeout(Duration::MAX);
        }
        // What no encoding is named for may come in any (RFC 9110, section 12.5.3).
        let identity = HeaderValue::from_static("identity");
        let headers = HeaderMap::from_iter([(header::ACCEPT_ENCODING, identity)]);
        Ok(secure(
            builder
                .default_headers(headers)
                .no_gzip()
                .no_brotli()
                .no_zstd()
                .no_deflate()
                .redirect(redirect::Policy::none())
                .referer(false)
                .retry(retry::never()),
        ))
    }
}

/// Without the proxy, which may hold a password, and without the certificates.
impl fmt::Debug for HttpOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpOptions")
            .field("user_agent", &self.user_agent)
            .field("roots", &self.roots.len())
            .field("proxy", &self.proxy)
            .field("configured", &self.configure.is_some())
            .finish()
    }
}

/// Why there is no HTTP client.
#[derive(Debug)]
pub struct HttpError(Option<reqwest::Error>);

impl HttpError {
    fn lacks_certificates(&self) -> bool {
        let mut source = self.source();
        while let Some(error) = source {
            if error.to_string().contains("No CA certificates") {
                return true;
            }
            source = error.source();
        }
        false
    }
}

impl fmt::Display for HttpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.lacks_certificates() {
            true => {
                "this machine has no certificates of authorities, so that no https server could be trusted: install the \
                 package `ca-certificates`, let SSL_CERT_FILE name a bundle of them, or give one to `root_certificates`"
            }
            false => "the HTTP client could not be built; see the source of this error",
        })
    }
}

impl StdError for HttpError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.as_ref().map(|error| error as _)
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn trust(
    builder: ClientBuilder,
    roots: &[Vec<u8>],
    machine: bool,
) -> reqwest::Result<ClientBuilder> {
    let mut certificates = Vec::with_capacity(roots.len());
    for pem in roots {
        certificates.extend(reqwest::Certificate::from_pem_bundle(pem)?);
    }
    Ok(match (machine, certificates.is_empty()) {
        (true, true) => builder,
        (true, false) => builder.tls_certs_merge(certificates),
        (false, _) => builder.tls_certs_only(certificates),
    })
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn trust(builder: ClientBuilder, _: &[Vec<u8>], _: bool) -> reqwest::Result<ClientBuilder> {
    Ok(builder)
}

#[cfg(feature = "native-tls")]
fn secure(builder: ClientBuilder) -> ClientBuilder {
    builder
        .tls_backend_native()
        .tls_version_min(reqwest::tls::Version::TLS_1_2)
}

#[cfg(all(feature = "rustls", not(feature = "native-tls")))]
fn secure(builder: ClientBuilder) -> ClientBuilder {
    builder
        .tls_backend_rustls()
        .tls_version_min(reqwest::tls::Version::TLS_1_2)
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn secure(builder: ClientBuilder) -> ClientBuilder {
    builder
}

//! The HTTP client under everything.

use std::time::Duration;

use reqwest::{Client, ClientBuilder, redirect, retry};

/// How long connecting may take: name, TCP and TLS.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Whether this build can speak https.
pub const HAS_TLS: bool = cfg!(any(feature = "rustls", feature = "native-tls"));

/// A caller's own settings of the HTTP client.
pub type Configure = Box<dyn FnOnce(ClientBuilder) -> ClientBuilder + Send>;

/// Builds the HTTP client.
///
/// `configure` may set anything; what the SDK relies on is set after it: redirects are not followed (a credential would
/// follow them), there is no limit on a whole exchange (streams would die of it), reqwest's own repeats are off (they
/// know nothing of idempotency) and TLS is 1.2 or later.
///
/// # Errors
/// What reqwest reports, such as a TLS backend that cannot start.
/// `roots` are certificates in PEM that are trusted beside those the machine trusts.
pub fn http_client(
    user_agent: &str,
    roots: &[Vec<u8>],
    configure: Option<Configure>,
) -> reqwest::Result<Client> {
    let defaults = Client::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .user_agent(user_agent);
    let defaults = trust(defaults, roots)?;
    let builder = match configure {
        // A limit cannot be taken back, only made endless.
        Some(configure) => configure(defaults).timeout(Duration::MAX),
        None => defaults,
    };
    secure(
        builder
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(retry::never()),
    )
    .build()
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn trust(builder: ClientBuilder, roots: &[Vec<u8>]) -> reqwest::Result<ClientBuilder> {
    if roots.is_empty() {
        return Ok(builder);
    }
    let mut certificates = Vec::with_capacity(roots.len());
    for pem in roots {
        certificates.extend(reqwest::Certificate::from_pem_bundle(pem)?);
    }
    Ok(builder.tls_certs_merge(certificates))
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn trust(builder: ClientBuilder, _: &[Vec<u8>]) -> reqwest::Result<ClientBuilder> {
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

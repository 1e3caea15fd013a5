//! Calls that the emulator itself makes: to workers, services, functions and AI endpoints that run elsewhere.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::redirect::Policy;
use reqwest::{Client, ClientBuilder, Response, Url};

/// How long connecting may take, and how long an answer may pause.
const CONNECT: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_secs(60);

/// The largest answer that is read into memory.
const ANSWER_MAX: usize = 32 << 20;

/// A handle. Two clients, since a proxy that is set for this machine's way out must not stand between local processes.
#[derive(Clone)]
pub(crate) struct Outbound {
    local: Client,
    remote: Client,
}

/// Builds a client; where the machine has no certificates, as a small container image has none, one that trusts nobody.
fn build(settings: impl Fn() -> ClientBuilder) -> Result<Client, String> {
    settings().build().or_else(|error| {
        without_certificates(settings())
            .build()
            .map_err(|_| chain(&error))
    })
}

#[cfg(feature = "rustls")]
fn without_certificates(client: ClientBuilder) -> ClientBuilder {
    client.tls_certs_only([])
}

#[cfg(not(feature = "rustls"))]
fn without_certificates(client: ClientBuilder) -> ClientBuilder {
    client
}

impl Outbound {
    pub(crate) fn new() -> Result<Self, String> {
        let settings = || {
            Client::builder()
                .redirect(Policy::none())
                .connect_timeout(CONNECT)
                .read_timeout(PAUSE)
                .user_agent(concat!("aerostack-emulator/", env!("CARGO_PKG_VERSION")))
        };
        Ok(Self {
            local: build(|| settings().no_proxy())?,
            remote: build(settings)?,
        })
    }

    /// The client for a URL that was checked with [`check_url`].
    pub(crate) fn client(&self, url: &str) -> &Client {
        let local = Url::parse(url).is_ok_and(|url| {
            url.host_str().is_some_and(|host| {
                let host = host.trim_matches(['[', ']']);
                host == "localhost"
                    || host
                        .parse::<std::net::IpAddr>()
                        .is_ok_and(|ip| ip.is_loopback())
            })
        });
        if local { &self.local } else { &self.remote }
    }
}

/// Says what is wrong with a URL to forward to.
pub(crate) fn check_url(url: &str) -> Result<(), String> {
    match Url::parse(url) {
        Ok(parsed) if matches!(parsed.scheme(), "http" | "https") => Ok(()),
        Ok(parsed) => Err(format!("it begins with {}:, not http:", parsed.scheme())),
        Err(error) => Err(error.to_string()),
    }
}

/// Reads an answer that fits into memory.
pub(crate) async fn read(mut response: Response) -> Result<Bytes, String> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| chain(&error))? {
        if body.len() + chunk.len() > ANSWER_MAX {
            return Err(format!("the answer is larger than {ANSWER_MAX} bytes"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// An error with its causes, without the URL, which may hold a credential.
pub(crate) fn chain(error: &reqwest::Error) -> String {
    let mut text = if error.is_timeout() {
        "timed out".to_owned()
    } else if error.is_connect() {
        "cannot connect".to_owned()
    } else {
        "the request failed".to_owned()
    };
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

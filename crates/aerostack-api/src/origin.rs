//! Where requests go: one base URL, several path prefixes.

use std::fmt;

use thiserror::Error;
use url::Url;

/// The production base URL.
pub const DEFAULT_BASE_URL: &str = "https://api.aerostack.dev/v1";

/// The place all paths of the document hang below.
///
/// The platform's own SDKs take a base URL that ends in `/v1` although several operations live elsewhere. This accepts
/// it with or without `/v1` and with any number of trailing slashes, keeps another path prefix, and never yields `//`.
#[derive(Clone, PartialEq, Eq)]
pub struct Origin {
    text: String,
    url: Url,
    secure: bool,
    loopback: bool,
}

/// Why a base URL was refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum OriginError {
    /// Not a URL.
    #[error("the base URL is not a URL ({0}); use for example {DEFAULT_BASE_URL}")]
    Malformed(url::ParseError),
    /// Not `http` or `https`.
    #[error("the base URL has the scheme `{0}`; use https, or http for a loopback host")]
    Scheme(String),
    /// A user name or password in the URL.
    #[error(
        "the base URL holds a user name or password; pass the API key through the builder instead"
    )]
    Credentials,
    /// A query or fragment in the URL.
    #[error("the base URL has a query or a fragment; remove it")]
    Suffix,
    /// No host.
    #[error("the base URL has no host")]
    Host,
    /// Plain http to a host that is not this machine.
    #[error(
        "the base URL is plain http and `{0}` is not this machine, so the API key would travel readable; use https, or \
         allow it explicitly"
    )]
    Insecure(String),
}

impl Origin {
    /// Reads a base URL. Plain `http` is accepted for loopback hosts only, unless `allow_http` is set.
    ///
    /// # Errors
    /// When the text is no base URL this client may use.
    pub fn parse(base_url: &str, allow_http: bool) -> Result<Self, OriginError> {
        let url = Url::parse(base_url.trim()).map_err(OriginError::Malformed)?;
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            other => return Err(OriginError::Scheme(other.to_owned())),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(OriginError::Credentials);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(OriginError::Suffix);
        }
        let loopback = match url.host() {
            None => return Err(OriginError::Host),
            Some(url::Host::Domain(name)) => {
                let name = name.strip_suffix('.').unwrap_or(name);
                name == "localhost" || name.ends_with(".localhost")
            }
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            // An IPv4 address in the clothes of IPv6 is the same place.
            Some(url::Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        };
        if !secure && !loopback && !allow_http {
            return Err(OriginError::Insecure(
                url.host_str().unwrap_or_default().to_owned(),
            ));
        }
        let segments: Vec<&str> = url
            .path()
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect();
        let prefix = match segments.as_slice() {
            [prefix @ .., last] if last.eq_ignore_ascii_case("v1") => prefix,
            all => all,
        };
        let mut text = url[..url::Position::BeforePath].to_owned();
        for segment in prefix {
            text.push('/');
            text.push_str(segment);
        }
        let url = Url::parse(&text).map_err(OriginError::Malformed)?;
        Ok(Self {
            text,
            url,
            secure,
            loopback,
        })
    }

    /// The base without a trailing slash; the document's paths are appended as they are.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The host, and the port, which is that of the scheme where the base URL has none.
    pub fn host_and_port(&self) -> (&str, u16) {
        let authority = self.text.split_once("://").map_or("", |(_, rest)| rest);
        let authority = authority.split('/').next().unwrap_or_default();
        let default = if self.secure { 443 } else { 80 };
        // The colons of an IPv6 address stand within brackets.
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().unwrap_or(default)),
            _ => (authority, default),
        };
        (host.trim_start_matches('[').trim_end_matches(']'), port)
    }

    /// The base, parsed. Its path is `/` where there is no prefix.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Whether the connection is encrypted.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether the host is this machine.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// The same place for WebSockets: `ws` for `http`, `wss` for `https`.
    pub fn websocket(&self, path: &str) -> String {
        let rest = self.text.strip_prefix("http").unwrap_or(&self.text);
        format!("ws{rest}{path}")
    }
}

impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_place_however_it_is_spelt() {
        for (given, expected) in [
            ("https://api.aerostack.dev", "https://api.aerostack.dev"),
            ("https://api.aerostack.dev/", "https://api.aerostack.dev"),
            ("https://api.aerostack.dev/v1", "https://api.aerostack.dev"),
            ("https://api.aerostack.dev/v1/", "https://api.aerostack.dev"),
            (
                "https://api.aerostack.dev//v1//",
                "https://api.aerostack.dev",
            ),
            ("https://h.test/base/v1", "https://h.test/base"),
            ("https://h.test/v1/base", "https://h.test/v1/base"),
            ("https://h.test/api-v1", "https://h.test/api-v1"),
            ("http://127.0.0.1:8787/v1", "http://127.0.0.1:8787"),
            ("http://[::1]:8787", "http://[::1]:8787"),
            (" http://localhost:8787 ", "http://localhost:8787"),
            ("https://api.aerostack.dev/V1", "https://api.aerostack.dev"),
            ("http://localhost.:8787", "http://localhost.:8787"),
            (
                "http://[::ffff:127.0.0.1]:8787",
                "http://[::ffff:7f00:1]:8787",
            ),
        ] {
            assert_eq!(
                Origin::parse(given, false).unwrap().as_str(),
                expected,
                "{given}"
            );
        }
    }

    #[test]
    fn a_base_url_that_would_betray_or_confuse_is_refused() {
        for (given, expected) in [
            ("wss://h.test/v1", OriginError::Scheme("wss".into())),
            ("https://user:pw@h.test", OriginError::Credentials),
            ("https://h.test/?key=1", OriginError::Suffix),
            ("https://h.test/#x", OriginError::Suffix),
            ("http://h.test/v1", OriginError::Insecure("h.test".into())),
            ("http://10.0.0.7", OriginError::Insecure("10.0.0.7".into())),
            (
                "http://localhost.example.com",
                OriginError::Insecure("localhost.example.com".into()),
            ),
            (
                "http://[::ffff:10.0.0.7]",
                OriginError::Insecure("[::ffff:a00:7]".into()),
            ),
        ] {
            assert_eq!(Origin::parse(given, false), Err(expected), "{given}");
        }
        assert!(matches!(
            Origin::parse("api.aerostack.dev", false),
            Err(OriginError::Malformed(_))
        ));
        assert!(Origin::parse("http://h.test/v1", true).is_ok());
    }

    #[test]
    fn websocket_urls_keep_security_and_prefix() {
        for (given, expected) in [
            ("https://h.test/v1", "wss://h.test/api/realtime"),
            (
                "http://127.0.0.1:9/base/v1/",
                "ws://127.0.0.1:9/base/api/realtime",
            ),
        ] {
            assert_eq!(
                Origin::parse(given, false)
                    .unwrap()
                    .websocket("/api/realtime"),
                expected
            );
        }
    }

    proptest! {
        #[test]
        fn no_double_slash_after_the_scheme(path in "[a-z0-9/]{0,30}") {
            let origin = Origin::parse(&format!("https://h.test/{path}"), false).unwrap();
            prop_assert!(!origin.as_str()["https://".len()..].contains("//"));
            prop_assert!(!origin.as_str().ends_with('/'));
        }

        #[test]
        fn any_text_is_survived(text in "\\PC{0,60}") {
            let _ = Origin::parse(&text, false);
        }
    }

    #[test]
    fn the_host_stands_apart_from_the_port() {
        for (url, host, port) in [
            ("https://api.aerostack.dev/v1", "api.aerostack.dev", 443),
            ("http://127.0.0.1:8787", "127.0.0.1", 8787),
            ("http://localhost/base/v1/", "localhost", 80),
            ("http://[::1]:9/v1", "::1", 9),
            ("http://[::1]", "::1", 80),
        ] {
            let origin = Origin::parse(url, false).unwrap();
            assert_eq!(origin.host_and_port(), (host, port), "{url}");
        }
    }
}

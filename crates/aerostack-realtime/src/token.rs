//! The end user's token, and where it comes from.

use std::{
    error::Error as StdError,
    fmt,
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use aerostack_api::Secret;
use futures_util::FutureExt;

use crate::error::{Error, ErrorKind};

/// An end user's token (JWT). `Debug` hides it, there is no `Display`, and its memory is wiped when it goes.
#[derive(Clone)]
pub struct Token(Secret);

impl Token {
    /// Wraps a token.
    pub fn new(token: impl Into<String>) -> Self {
        Self(Secret::new(token))
    }

    pub(crate) fn secret(&self) -> &Secret {
        &self.0
    }

    pub(crate) fn same(&self, other: &Self) -> bool {
        self.0.expose() == other.0.expose()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token([redacted])")
    }
}

impl From<String> for Token {
    fn from(token: String) -> Self {
        Self::new(token)
    }
}

impl From<Secret> for Token {
    fn from(token: Secret) -> Self {
        Self(token)
    }
}

impl From<&Secret> for Token {
    fn from(token: &Secret) -> Self {
        Self(token.clone())
    }
}

impl From<&str> for Token {
    fn from(token: &str) -> Self {
        Self::new(token)
    }
}

/// Why a token is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TokenRequest {
    /// A connection is about to be made, or a page of the history read. A cached token will do.
    Current,
    /// The server refused the last one: get a new one, whatever the cache says.
    Forced,
}

/// What a [`TokenProvider`] answers.
pub type TokenFuture =
    Pin<Box<dyn Future<Output = Result<Option<Token>, Box<dyn StdError + Send + Sync>>> + Send>>;

/// A source of user tokens, asked before every connection and every page of the history.
///
/// Any `Fn(TokenRequest) -> Future` is one:
///
/// ```
/// use aerostack_realtime::{Realtime, Token, TokenRequest};
///
/// # fn build() -> Result<(), aerostack_realtime::Error> {
/// let realtime = Realtime::builder()
///     .project_id("proj_7f")
///     .token_provider(|request| async move {
///         let fresh = request == TokenRequest::Forced;
///         // Ask your own session here; skip its cache when `fresh`.
///         # let _ = fresh;
///         Ok::<_, std::io::Error>(Some(Token::new("eyJhbGciOi.eyJzdWIi.c2ln")))
///     })
///     .build()?;
/// # Ok(()) }
/// ```
pub trait TokenProvider: Send + Sync + 'static {
    /// The token to use now; `None` connects without one.
    fn token(&self, request: TokenRequest) -> TokenFuture;
}

impl<F, Fut, E> TokenProvider for F
where
    F: Fn(TokenRequest) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Option<Token>, E>> + Send + 'static,
    E: Into<Box<dyn StdError + Send + Sync>> + 'static,
{
    fn token(&self, request: TokenRequest) -> TokenFuture {
        let future = self(request);
        Box::pin(async move { future.await.map_err(Into::into) })
    }
}

/// The user's token, and where it comes from.
pub(crate) struct Tokens {
    provider: Option<Arc<dyn TokenProvider>>,
    /// The token to use where there is no provider.
    current: Mutex<Option<Token>>,
}

/// A token that is being asked for.
pub(crate) type AskedToken = Pin<Box<dyn Future<Output = Result<Option<Token>, Error>> + Send>>;

impl Tokens {
    pub(crate) fn new(provider: Option<Arc<dyn TokenProvider>>, token: Option<Token>) -> Self {
        Self {
            provider,
            current: Mutex::new(token),
        }
    }

    pub(crate) fn has_provider(&self) -> bool {
        self.provider.is_some()
    }

    pub(crate) fn current(&self) -> Option<Token> {
        self.current
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(crate) fn set(&self, token: Token) {
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = Some(token);
    }

    /// The token to use now: from the provider, where there is one. A provider that panics has failed.
    pub(crate) fn ask(&self, request: TokenRequest) -> AskedToken {
        let Some(provider) = self.provider.clone() else {
            let token = self.current();
            return Box::pin(async move { Ok(token) });
        };
        let failed = |source| {
            Error::new(ErrorKind::TokenProvider, "the token provider failed").with_source(source)
        };
        let asked = AssertUnwindSafe(async move { provider.token(request).await }).catch_unwind();
        Box::pin(async move {
            asked
                .await
                .unwrap_or_else(|_| Err("it panicked".into()))
                .map_err(failed)
        })
    }
}

/// The subprotocols that carry the credentials, in the platform's order; `None` without credentials.
pub(crate) fn subprotocols(
    api_key: Option<&Secret>,
    token: Option<&Token>,
) -> Result<Option<String>, Error> {
    let mut offered = String::new();
    for (prefix, secret, what) in [
        ("aerostack-key.", api_key, "API key"),
        ("aerostack-token.", token.map(Token::secret), "user token"),
    ] {
        if let Some(secret) = secret {
            check_credential(secret, what)?;
            offered.push_str(prefix);
            offered.push_str(secret.expose());
            offered.push_str(", ");
        }
    }
    if offered.is_empty() {
        return Ok(None);
    }
    offered.push_str(MARKER);
    Ok(Some(offered))
}

/// The subprotocol that carries no credential and that a server should select.
pub(crate) const MARKER: &str = "aerostack-v1";

/// Refuses what is not a token of RFC 9110: it could not travel, or would be read as something else.
pub(crate) fn check_credential(secret: &Secret, what: &'static str) -> Result<(), Error> {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if secret.is_empty() || !secret.expose().bytes().all(legal) {
        return Err(Error::new(
            ErrorKind::InvalidCredential,
            format!(
                "the {what} is empty or holds a character that cannot travel in a WebSocket subprotocol, such as a space, \
                 a comma, `=`, `/` or a quote"
            ),
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_travel_in_the_platforms_order() {
        let key = Secret::new("ak_1");
        let token = Token::new("a.b.c");
        for (key, token, offered) in [
            (None, None, None),
            (Some(&key), None, Some("aerostack-key.ak_1, aerostack-v1")),
            (
                None,
                Some(&token),
                Some("aerostack-token.a.b.c, aerostack-v1"),
            ),
            (
                Some(&key),
                Some(&token),
                Some("aerostack-key.ak_1, aerostack-token.a.b.c, aerostack-v1"),
            ),
        ] {
            assert_eq!(subprotocols(key, token).unwrap().as_deref(), offered);
        }
    }

    #[test]
    fn promise_31_an_illegal_credential_is_refused_and_not_repeated_in_the_error() {
        for text in ["", "a b", "a,b", "a=b", "a/b", "a\"b", "a\r\nb", "ä"] {
            let error = subprotocols(Some(&Secret::new(text)), None).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidCredential, "{text:?}");
            if text.len() > 2 {
                assert!(!format!("{error} {error:?}").contains(text));
            }
        }
    }

    #[test]
    fn debug_hides_a_token() {
        assert_eq!(format!("{:?}", Token::new("a.b.c")), "Token([redacted])");
    }
}

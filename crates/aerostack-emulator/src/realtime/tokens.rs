//! Who a connection belongs to: API keys and user tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::BoxFuture;
use serde::Deserialize;

/// What a valid user token says.
#[derive(Clone, Debug, Default)]
pub(crate) struct TokenFacts {
    pub(crate) user: Option<String>,
    /// When it stops being valid, in Unix milliseconds.
    pub(crate) expires_ms: Option<i64>,
}

/// Tells valid user tokens from others.
pub(crate) trait Tokens: Send + Sync {
    /// What the token says, or `None` when it is not valid.
    fn check(&self, token: &str) -> BoxFuture<'static, Option<TokenFacts>>;
}

/// For a hub without an emulator: reads a JWT without checking its signature, and takes anything else for a token
/// without a user that never expires.
pub(crate) struct AnyToken;

impl Tokens for AnyToken {
    fn check(&self, token: &str) -> BoxFuture<'static, Option<TokenFacts>> {
        #[derive(Deserialize)]
        struct Claims {
            sub: Option<String>,
            exp: Option<i64>,
        }
        let claims = token
            .split('.')
            .nth(1)
            .and_then(|part| URL_SAFE_NO_PAD.decode(part).ok())
            .and_then(|json| serde_json::from_slice::<Claims>(&json).ok());
        let facts = claims.map_or_else(TokenFacts::default, |claims| TokenFacts {
            user: claims.sub,
            expires_ms: claims.exp.map(|seconds| seconds.saturating_mul(1000)),
        });
        Box::pin(std::future::ready((!token.is_empty()).then_some(facts)))
    }
}

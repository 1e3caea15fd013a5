//! What the rest of the platform asks about user tokens.

use futures_util::future::BoxFuture;

use crate::error::ApiResult;

/// What a valid user token says.
#[derive(Clone, Debug, Default)]
pub(crate) struct TokenFacts {
    pub(crate) user: Option<String>,
    /// When it stops being valid, in Unix milliseconds.
    pub(crate) expires_ms: Option<i64>,
}

/// Tells valid user tokens from others.
pub(crate) trait TokenVerifier: Send + Sync {
    /// What the token says, or why it is not valid.
    fn verify(&self, token: &str) -> BoxFuture<'static, ApiResult<TokenFacts>>;
}

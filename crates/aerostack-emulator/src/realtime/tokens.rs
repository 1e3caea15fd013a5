//! User tokens for a hub without an emulator.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures_util::future::BoxFuture;
use serde::Deserialize;

use crate::error::{ApiError, ApiResult};
use crate::http::tokens::{TokenFacts, TokenVerifier};

/// Reads a JWT without checking its signature, and takes anything else for a token without a user that never expires.
pub(crate) struct AnyToken;

impl TokenVerifier for AnyToken {
    fn verify(&self, token: &str) -> BoxFuture<'static, ApiResult<TokenFacts>> {
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
        let verified = if token.is_empty() {
            Err(ApiError::invalid_token("The token is empty."))
        } else {
            Ok(facts)
        };
        Box::pin(std::future::ready(verified))
    }
}

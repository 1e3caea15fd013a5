//! API keys: which one a request carries and what it may do.

use axum::http::HeaderMap;

use crate::error::{ApiError, ApiResult};

/// The header that carries the project's API key.
pub(crate) const API_KEY_HEADER: &str = "x-aerostack-key";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// For servers: every operation.
    Secret,
    /// For browsers and apps: realtime only; the rest is refused with 403.
    Public,
}

/// The two keys of the emulated project.
#[derive(Clone)]
pub(crate) struct Keys {
    pub(crate) secret: String,
    pub(crate) public: String,
}

impl Keys {
    /// Tells which key this is, in time that does not depend on where a wrong one differs.
    pub(crate) fn kind(&self, candidate: &str) -> Option<KeyKind> {
        let secret = constant_time_eq(self.secret.as_bytes(), candidate.as_bytes());
        let public = constant_time_eq(self.public.as_bytes(), candidate.as_bytes());
        if secret {
            Some(KeyKind::Secret)
        } else if public {
            Some(KeyKind::Public)
        } else {
            None
        }
    }

    /// Passes requests that carry the secret key in `X-Aerostack-Key`.
    pub(crate) fn require_secret(&self, headers: &HeaderMap) -> ApiResult<()> {
        self.allow_secret(
            headers
                .get(API_KEY_HEADER)
                .and_then(|value| value.to_str().ok()),
        )
    }

    /// Passes requests that carry the secret key as a bearer token.
    pub(crate) fn require_secret_bearer(&self, headers: &HeaderMap) -> ApiResult<()> {
        self.allow_secret(bearer(headers))
    }

    fn allow_secret(&self, candidate: Option<&str>) -> ApiResult<()> {
        match candidate.and_then(|key| self.kind(key)) {
            Some(KeyKind::Secret) => Ok(()),
            Some(KeyKind::Public) => Err(ApiError::forbidden(
                "A public key cannot do this; use the secret key.",
            )),
            None => Err(ApiError::invalid_key()),
        }
    }
}

/// The token of an `Authorization: Bearer` header.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers
        .get(axum::http::header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim())
        .filter(|token| !token.is_empty())
}

/// Compares without stopping at the first difference. Lengths are not secret here.
pub(crate) fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len()
        && std::hint::black_box(a.iter().zip(b).fold(0, |acc, (x, y)| acc | (x ^ y))) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_key_is_recognised() {
        let keys = Keys {
            secret: "ac_secret_a".into(),
            public: "ac_public_a".into(),
        };
        let cases = [
            ("ac_secret_a", Some(KeyKind::Secret)),
            ("ac_public_a", Some(KeyKind::Public)),
            ("ac_secret_b", None),
            ("ac_secret_", None),
            ("ac_secret_aa", None),
            ("", None),
        ];
        for (key, kind) in cases {
            assert_eq!(keys.kind(key), kind, "{key:?}");
        }
    }
}

//! API keys: which one a request carries and what it may do.

use axum::http::HeaderMap;
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};

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

    /// Passes requests that carry the secret key in either place.
    pub(crate) fn require_secret_anywhere(&self, headers: &HeaderMap) -> ApiResult<()> {
        if headers.contains_key(API_KEY_HEADER) {
            self.require_secret(headers)
        } else {
            self.require_secret_bearer(headers)
        }
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

/// Compares credentials in time that depends on neither: their digests are compared, which are all of one length, and
/// to the end.
pub(crate) fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    compare(&Sha256::digest(a).into(), &Sha256::digest(b).into()).into()
}

/// The type leaves no other way: a [`Choice`] cannot be branched on before all bytes are seen.
fn compare(a: &[u8; 32], b: &[u8; 32]) -> Choice {
    a.ct_eq(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparing_looks_at_all_of_both() {
        let digest = [7; 32];
        assert!(bool::from(compare(&digest, &digest)));
        for place in 0..32 {
            for bit in 0..8 {
                let mut other = digest;
                other[place] ^= 1 << bit;
                assert!(!bool::from(compare(&digest, &other)), "{place} {bit}");
            }
        }
        for (a, b) in [("", "a"), ("ab", "abc"), ("abc", "abd"), ("a\0", "a")] {
            assert!(!constant_time_eq(a.as_bytes(), b.as_bytes()), "{a} {b}");
            assert!(constant_time_eq(b.as_bytes(), b.as_bytes()));
        }
    }

    #[test]
    fn only_the_exact_key_is_recognized() {
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

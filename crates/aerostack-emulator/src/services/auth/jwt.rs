//! User tokens: JSON Web Tokens signed with HMAC-SHA-256.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

/// `{"alg":"HS256","typ":"JWT"}`; tokens with any other header are rejected.
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/// What a token says.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    /// The user's id.
    pub(crate) sub: String,
    /// The session's id.
    pub(crate) sid: String,
    /// The project's id.
    pub(crate) pid: String,
    /// Unix seconds.
    pub(crate) iat: i64,
    /// Unix seconds.
    pub(crate) exp: i64,
}

/// Signs and checks tokens.
pub(crate) struct Signer(Hmac<Sha256>);

impl Signer {
    pub(crate) fn new(secret: &[u8]) -> Option<Self> {
        Hmac::new_from_slice(secret).ok().map(Self)
    }

    pub(crate) fn sign(&self, claims: &Claims) -> Result<String, serde_json::Error> {
        let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims)?);
        let mut mac = self.0.clone();
        mac.update(HEADER.as_bytes());
        mac.update(b".");
        mac.update(body.as_bytes());
        let signature = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        Ok(format!("{HEADER}.{body}.{signature}"))
    }

    /// The claims of a token that this signer made. Expiry is for the caller to check.
    pub(crate) fn verify(&self, token: &str) -> Option<Claims> {
        let (signed, signature) = token.rsplit_once('.')?;
        let body = signed.strip_prefix(HEADER)?.strip_prefix('.')?;
        let mut mac = self.0.clone();
        mac.update(signed.as_bytes());
        mac.verify_slice(&URL_SAFE_NO_PAD.decode(signature).ok()?)
            .ok()?;
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims() -> Claims {
        Claims {
            sub: "u".into(),
            sid: "s".into(),
            pid: "p".into(),
            iat: 1,
            exp: 2,
        }
    }

    #[test]
    fn a_token_is_signed_as_the_standard_says() {
        // The key and header of our own; the digest computed with `openssl dgst -sha256 -hmac`.
        let token = Signer::new(b"secret").unwrap().sign(&claims()).unwrap();
        let header = URL_SAFE_NO_PAD
            .decode(token.split('.').next().unwrap())
            .unwrap();
        assert_eq!(header, br#"{"alg":"HS256","typ":"JWT"}"#);
        assert_eq!(token, OPENSSL);
    }

    const OPENSSL: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1Iiwic2lkIjoicyIsInBpZCI6InAiLCJpYXQiOjEsImV4cCI6Mn0.47oAZpwqUH7KvvkeEXahoHfqiwS974NlMzVqKqvHCvU";

    #[test]
    fn only_an_untouched_token_of_the_same_key_is_good() {
        let signer = Signer::new(b"secret").unwrap();
        let token = signer.sign(&claims()).unwrap();
        assert_eq!(signer.verify(&token), Some(claims()));
        assert_eq!(Signer::new(b"other").unwrap().verify(&token), None);
        for index in 0..token.len() {
            let mut broken = token.clone().into_bytes();
            broken[index] = if broken[index] == b'A' { b'B' } else { b'A' };
            let broken = String::from_utf8(broken).unwrap();
            // The last character carries bits that decoding ignores or refuses; either way the claims are the same.
            assert!(
                signer
                    .verify(&broken)
                    .is_none_or(|claims| claims == self::claims()),
                "{index}"
            );
        }
        let unsigned = format!(
            "{}.{}.",
            URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#),
            token.split('.').nth(1).unwrap()
        );
        for none in ["", ".", "..", "a.b.c", &token[..token.len() - 5], &unsigned] {
            assert_eq!(signer.verify(none), None, "{none:?}");
        }
    }
}

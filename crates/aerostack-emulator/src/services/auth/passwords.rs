//! Password rules and hashing.

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use serde_json::json;

use crate::config::PasswordHashing;
use crate::error::{ApiError, ApiResult};

/// Argon2id with the strength the emulator was started with.
#[derive(Clone)]
pub(crate) struct Hasher(Argon2<'static>);

impl Hasher {
    pub(crate) fn new(hashing: PasswordHashing) -> Self {
        let params = match hashing {
            PasswordHashing::Standard => Params::default(),
            PasswordHashing::Fast => Params::new(256, 1, 1, None).unwrap_or_default(),
        };
        Self(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    pub(crate) async fn hash(&self, password: String) -> ApiResult<String> {
        let argon2 = self.0.clone();
        blocking(move || {
            argon2
                .hash_password(password.as_bytes())
                .map(|hash| hash.to_string())
        })
        .await?
        .map_err(|error| ApiError::internal(format!("A password could not be hashed: {error}")))
    }

    /// Whether the password is the one hashed. Without a hash it takes as long and says no, so that the time does not
    /// tell whether an account exists.
    pub(crate) async fn verify(&self, password: String, hash: Option<String>) -> ApiResult<bool> {
        let argon2 = self.0.clone();
        blocking(move || match hash {
            Some(hash) => PasswordHash::new(&hash)
                .is_ok_and(|hash| argon2.verify_password(password.as_bytes(), &hash).is_ok()),
            None => {
                let _ = argon2.hash_password(password.as_bytes());
                false
            }
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> ApiResult<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| ApiError::internal("A password could not be checked."))
}

/// The rule of the API for servers: at least 8 characters.
pub(crate) fn check_length(password: &str) -> ApiResult<()> {
    if password.chars().count() < 8 {
        return Err(
            ApiError::validation("password must have at least 8 characters")
                .field("field", json!("password")),
        );
    }
    Ok(())
}

/// The rules of the API for end users: also an upper-case letter, a lower-case letter and a digit.
pub(crate) fn check_strength(password: &str, field: &str) -> ApiResult<()> {
    let mut missing = Vec::new();
    if password.chars().count() < 8 {
        missing.push("needs at least 8 characters");
    }
    if !password.chars().any(char::is_uppercase) {
        missing.push("needs an upper-case letter");
    }
    if !password.chars().any(char::is_lowercase) {
        missing.push("needs a lower-case letter");
    }
    if !password.chars().any(|c| c.is_ascii_digit()) {
        missing.push("needs a digit");
    }
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("The password {}.", missing.join(", "));
    Err(ApiError::new(
        axum::http::StatusCode::BAD_REQUEST,
        "AUTH_PASSWORD_WEAK",
        message,
    )
    .field("field", json!(field))
    .details(json!({ "fieldErrors": { field: missing } })))
}

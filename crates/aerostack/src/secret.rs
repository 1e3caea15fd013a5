//! Text that must never be seen.

use std::fmt;

use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};

/// A key, token or secret value.
///
/// `Debug` prints `[redacted]`, there is no `Display` and no `Serialize`; the memory is wiped on drop.
///
/// ```
/// let token = aerostack::Secret::new("eyJhbGciOi");
/// assert_eq!(format!("{token:?}"), "[redacted]");
/// assert_eq!(token.expose(), "eyJhbGciOi");
/// ```
#[derive(Clone)]
pub struct Secret(SecretString);

impl Secret {
    /// Wraps a text.
    pub fn new(text: impl Into<String>) -> Self {
        // A text that is shrunk to its length may leave a copy where it was; this one is wiped.
        let text = Zeroizing::new(text.into());
        Self(SecretString::from(text.as_str()))
    }

    /// The text itself. Whoever calls this keeps it out of logs.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    pub(crate) fn into_wire(self) -> aerostack_api::Secret {
        self.0.into()
    }

    pub(crate) fn from_wire(secret: aerostack_api::Secret) -> Self {
        Self(secret.into())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(SecretString::from(text))
    }
}

impl From<&Secret> for Secret {
    fn from(secret: &Secret) -> Self {
        secret.clone()
    }
}

//! A string that is redacted from `Debug` and wiped on drop.

use std::fmt;

use secrecy::{ExposeSecret, SecretString, zeroize::Zeroizing};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A key, token, password or code.
///
/// `Debug` prints `[redacted]`, and there is no `Display` and no `Serialize`; the memory is wiped on drop.
///
/// ```
/// let token = aerostack_api::Secret::new("eyJhbGciOi");
/// assert_eq!(format!("{token:?}"), "[redacted]");
/// assert_eq!(token.expose(), "eyJhbGciOi");
/// ```
///
/// A type that holds one cannot write it out by accident:
///
/// ```compile_fail,E0277
/// let text = serde_json::to_string(&aerostack_api::Secret::new("eyJhbGciOi"));
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

    /// The text itself. Keep it out of logs.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.expose().is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Printing of secrets, which there is none of: no secret ends up in a log by accident.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "a `Secret` is not printed",
    label = "read it with `.expose()`",
    note = "`secret.expose()` is its text; keep that out of logs"
)]
pub trait PrintableSecret {}

/// Never used: nothing implements [`PrintableSecret`], whose text the compiler shows instead.
#[doc(hidden)]
impl fmt::Display for Secret
where
    for<'a> &'a Self: PrintableSecret,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
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

impl From<&String> for Secret {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&Secret> for Secret {
    fn from(secret: &Secret) -> Self {
        secret.clone()
    }
}

/// Compares without stopping at the first difference, so that the time taken does not reveal where it is.
impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        let (one, other) = (self.expose().as_bytes(), other.expose().as_bytes());
        let difference = one
            .iter()
            .zip(other)
            .fold(0, |difference, (one, other)| difference | (one ^ other));
        one.len() == other.len() && std::hint::black_box(difference) == 0
    }
}

impl Eq for Secret {}

/// What a generated body may send: a secret, or one that may be left out.
pub(crate) trait Reveal {
    /// The text, if there is one.
    fn text(&self) -> Option<&str>;
}

impl Reveal for Secret {
    fn text(&self) -> Option<&str> {
        Some(self.expose())
    }
}

impl Reveal for Option<Secret> {
    fn text(&self) -> Option<&str> {
        self.as_ref().map(Secret::expose)
    }
}

/// Serializes a field of a generated body. [`Secret`] itself does not serialize.
pub(crate) fn reveal<S: Serializer>(
    secret: &impl Reveal,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    secret.text().serialize(serializer)
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_equal_if_their_texts_are() {
        for (one, other, equal) in [
            ("", "", true),
            ("a", "a", true),
            ("a", "b", false),
            ("a", "ab", false),
            ("ab", "a", false),
        ] {
            assert_eq!(Secret::new(one) == Secret::new(other), equal);
        }
    }

    #[test]
    fn debug_hides_the_text_and_a_generated_body_writes_it() {
        let secret = Secret::new("hunter2-hunter2");
        assert_eq!(format!("{secret:?}"), "[redacted]");
        for (written, text) in [
            (
                reveal(&secret, serde_json::value::Serializer),
                json!("hunter2-hunter2"),
            ),
            (
                reveal(&Some(secret), serde_json::value::Serializer),
                json!("hunter2-hunter2"),
            ),
            (
                reveal(&None::<Secret>, serde_json::value::Serializer),
                json!(null),
            ),
        ] {
            assert_eq!(written.unwrap(), text);
        }
        let back: Secret = serde_json::from_str("\"hunter2-hunter2\"").unwrap();
        assert_eq!(back.expose(), "hunter2-hunter2");
    }
}

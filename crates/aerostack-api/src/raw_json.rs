//! JSON that is decoded once, into the caller's type.

use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned, ser::Error as _,
};
use serde_json::value::RawValue;

use crate::finite::is_finite;

/// A JSON value kept as its text.
///
/// `Debug` prints the length only: rows and cache values are user data.
#[derive(Clone)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    /// Encodes a value.
    ///
    /// # Errors
    /// What `T`'s `Serialize` reports; a map with keys that are not strings, for example. Numbers that are not finite,
    /// which JSON cannot hold.
    pub fn encode<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Self> {
        let raw = serde_json::value::to_raw_value(value)?;
        if !is_finite(value, raw.get()) {
            return Err(serde_json::Error::custom(
                "a number is NaN or infinite, which JSON cannot hold",
            ));
        }
        Ok(Self(raw))
    }

    /// Takes a text that is already JSON.
    ///
    /// # Errors
    /// When the text is not one valid JSON value.
    pub fn from_text(text: String) -> serde_json::Result<Self> {
        RawValue::from_string(text).map(Self)
    }

    /// The JSON text.
    pub fn text(&self) -> &str {
        self.0.get()
    }

    /// Decodes into a type of the caller's.
    ///
    /// # Errors
    /// When the value does not fit the type.
    pub fn decode<T: DeserializeOwned>(&self) -> serde_json::Result<T> {
        serde_json::from_str(self.text())
    }

    /// Whether this is JSON `null`.
    pub fn is_null(&self) -> bool {
        self.text() == "null"
    }
}

/// Two values are equal if their texts are.
impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.text().len())
    }
}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for RawJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_every_digit() {
        let raw: RawJson = serde_json::from_str("[18446744073709551615,0.1]").unwrap();
        assert_eq!(raw.text(), "[18446744073709551615,0.1]");
        assert_eq!(
            raw.decode::<(u64, f64)>().unwrap(),
            (18_446_744_073_709_551_615, 0.1)
        );
    }

    #[test]
    fn debug_shows_no_content() {
        let raw = RawJson::encode("a private row").unwrap();
        assert_eq!(format!("{raw:?}"), "RawJson(15 bytes)");
    }

    #[test]
    fn an_optional_null_is_absent() {
        #[derive(Deserialize)]
        struct Answer {
            value: Option<RawJson>,
        }
        let answer: Answer = serde_json::from_str(r#"{"value":null}"#).unwrap();
        assert!(answer.value.is_none());
    }
}

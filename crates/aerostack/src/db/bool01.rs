//! Booleans that SQLite stores as 0 and 1, for `#[serde(with = "aerostack::db::bool01")]`.
//!
//! Rows read 0 and 1 as `bool` by themselves, below `#[serde(flatten)]` and in enums too. This module is for the rare type
//! that reads one column as a number in one variant and as a boolean in another, so that both readings fit, and for
//! decoding the same JSON with another deserializer. It serves `bool` and `Option<bool>`; an optional field also needs
//! `#[serde(default)]` if the column may be absent.
//!
//! ```
//! #[derive(serde::Deserialize)]
//! struct Flags {
//!     #[serde(with = "aerostack::db::bool01")]
//!     active: bool,
//! }
//!
//! let flags: Flags = serde_json::from_str(r#"{"active":1}"#)?;
//! assert!(flags.active);
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::fmt;

use serde::{Deserializer, Serialize, Serializer, de};

/// `bool` or `Option<bool>`.
pub trait Boolean: Serialize + sealed::From01 {}

impl Boolean for bool {}
impl Boolean for Option<bool> {}

mod sealed {
    pub trait From01: Sized {
        fn from_01(value: Option<bool>) -> Option<Self>;
    }

    impl From01 for bool {
        fn from_01(value: Option<bool>) -> Option<Self> {
            value
        }
    }

    impl From01 for Option<bool> {
        fn from_01(value: Option<bool>) -> Option<Self> {
            Some(value)
        }
    }
}

/// Writes `true` or `false`.
///
/// # Errors
/// The serializer's own.
pub fn serialize<T: Boolean, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    value.serialize(serializer)
}

/// Reads `true`, `false`, 1 or 0.
///
/// # Errors
/// For anything else.
pub fn deserialize<'de, T: Boolean, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Found;

    impl de::Visitor<'_> for Found {
        type Value = Option<bool>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a boolean, 0 or 1")
        }

        fn visit_unit<E: de::Error>(self) -> Result<Option<bool>, E> {
            Ok(None)
        }

        fn visit_bool<E: de::Error>(self, value: bool) -> Result<Option<bool>, E> {
            Ok(Some(value))
        }

        fn visit_u64<E: de::Error>(self, value: u64) -> Result<Option<bool>, E> {
            match value {
                0 | 1 => Ok(Some(value == 1)),
                _ => Err(E::invalid_value(de::Unexpected::Unsigned(value), &self)),
            }
        }

        fn visit_i64<E: de::Error>(self, value: i64) -> Result<Option<bool>, E> {
            match u64::try_from(value) {
                Ok(value) => self.visit_u64(value),
                Err(_) => Err(E::invalid_value(de::Unexpected::Signed(value), &self)),
            }
        }
    }

    let found = deserializer.deserialize_any(Found)?;
    T::from_01(found).ok_or_else(|| de::Error::invalid_type(de::Unexpected::Unit, &Found))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Row {
        #[serde(with = "super")]
        on: bool,
        #[serde(with = "super", default)]
        maybe: Option<bool>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Flat {
        #[serde(flatten)]
        row: Row,
    }

    #[test]
    fn zero_and_one_read_with_any_deserializer() {
        for (json, on, maybe) in [
            (r#"{"on":1,"maybe":0}"#, true, Some(false)),
            (r#"{"on":false,"maybe":true}"#, false, Some(true)),
            (r#"{"on":0,"maybe":null}"#, false, None),
            (r#"{"on":1}"#, true, None),
        ] {
            let expected = Row { on, maybe };
            assert_eq!(serde_json::from_str::<Row>(json).unwrap(), expected);
            assert_eq!(serde_json::from_str::<Flat>(json).unwrap().row, expected);
        }
        for json in [
            r#"{"on":2}"#,
            r#"{"on":null}"#,
            r#"{"on":"1"}"#,
            r#"{"on":-1}"#,
        ] {
            assert!(serde_json::from_str::<Row>(json).is_err(), "{json}");
        }
        let row = Row {
            on: true,
            maybe: None,
        };
        assert_eq!(
            serde_json::to_string(&row).unwrap(),
            r#"{"on":true,"maybe":null}"#
        );
    }
}

//! Scalars that are read in another form than the one asked for.

use std::fmt;

use serde::de::{
    Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor,
    value::{
        BoolDeserializer, F64Deserializer, I64Deserializer, StringDeserializer, U64Deserializer,
    },
};

use super::{Kind, Mode};
use crate::decode::error::Flaw;

/// Takes a scalar in another form than the one asked for.
pub(super) struct Scalar<V> {
    pub(super) visitor: V,
    pub(super) kind: Kind,
    pub(super) mode: Mode,
}

/// Up to here every whole number has a double of its own.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() <= EXACT).then_some(number as i64)
}

/// Digits, after a minus or not, as a database driver writes a `bigint`.
fn integer(text: &str) -> Option<Result<u64, i64>> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    match text.parse() {
        Ok(number) => Some(Ok(number)),
        Err(_) => text.parse().ok().map(Err),
    }
}

impl<'de, V: Visitor<'de>> Visitor<'de> for Scalar<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<V::Value, E> {
        match self.kind {
            Kind::Text => self.visitor.visit_string(value.to_string()),
            _ => self.visitor.visit_bool(value),
        }
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<V::Value, E> {
        match (self.kind, value) {
            (Kind::Boolean, 0 | 1) => self.visitor.visit_bool(value == 1),
            (Kind::Boolean, _) => Err(E::invalid_type(Unexpected::Unsigned(value), &self)),
            (Kind::Text, _) => self.visitor.visit_string(value.to_string()),
            _ => self.visitor.visit_u64(value),
        }
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<V::Value, E> {
        match (self.kind, u64::try_from(value)) {
            (_, Ok(value)) => self.visit_u64(value),
            (Kind::Text, _) => self.visitor.visit_string(value.to_string()),
            _ => self.visitor.visit_i64(value),
        }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<V::Value, E> {
        match (self.kind, whole(value)) {
            (Kind::Integer | Kind::Boolean, Some(value)) => self.visit_i64(value),
            (Kind::Text, _) => self.visitor.visit_string(value.to_string()),
            _ => self.visitor.visit_f64(value),
        }
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<V::Value, E> {
        match self.kind {
            Kind::Integer => match integer(value) {
                Some(Ok(number)) => self.visitor.visit_u64(number),
                Some(Err(number)) => self.visitor.visit_i64(number),
                None => self.visitor.visit_str(value),
            },
            Kind::Number => match value.parse::<f64>() {
                Ok(number) if number.is_finite() => self.visitor.visit_f64(number),
                _ => self.visitor.visit_str(value),
            },
            Kind::Boolean if self.mode == Mode::Answer => match value {
                "true" | "1" => self.visitor.visit_bool(true),
                "false" | "0" => self.visitor.visit_bool(false),
                _ => self.visitor.visit_str(value),
            },
            _ => self.visitor.visit_str(value),
        }
    }

    fn visit_borrowed_str<E: Error>(self, value: &'de str) -> Result<V::Value, E> {
        match self.kind {
            Kind::Text => self.visitor.visit_borrowed_str(value),
            _ => self.visit_str(value),
        }
    }

    fn visit_unit<E: Error>(self) -> Result<V::Value, E> {
        self.visitor.visit_unit()
    }

    /// With serde_json's feature `arbitrary_precision`, which any crate of an application may turn on, a number arrives
    /// as a map of one field.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<V::Value, A::Error> {
        match map.next_key::<String>()?.as_deref() {
            Some("$serde_json::private::Number") => {}
            _ => return Err(A::Error::invalid_type(Unexpected::Map, &self)),
        }
        let digits: String = map.next_value()?;
        match (integer(&digits), digits.parse::<f64>()) {
            (Some(Ok(number)), _) => self.visit_u64(number),
            (Some(Err(number)), _) => self.visit_i64(number),
            (None, Ok(number)) => self.visit_f64(number),
            (None, Err(_)) => Err(A::Error::invalid_type(Unexpected::Other("number"), &self)),
        }
    }
}

/// A value of an answer, looked at before it is offered to an optional scalar.
pub(super) enum Found {
    Null,
    Boolean(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(String),
    /// An array or an object.
    Compound,
}

impl Found {
    /// Gives the value if it reads as the kind asked for, and nothing if it does not.
    pub(super) fn offer<'de, V: Visitor<'de>>(
        self,
        kind: Kind,
        visitor: V,
    ) -> Result<V::Value, Flaw> {
        let text = match self {
            Self::Null | Self::Compound => return visitor.visit_none(),
            Self::Boolean(value) => value.to_string(),
            Self::Unsigned(value) => value.to_string(),
            Self::Signed(value) => value.to_string(),
            Self::Float(value) => value.to_string(),
            Self::Text(text) => text,
        };
        match kind {
            Kind::Text => visitor.visit_some(StringDeserializer::<Flaw>::new(text)),
            Kind::Boolean => match text.as_str() {
                "true" | "1" => visitor.visit_some(BoolDeserializer::<Flaw>::new(true)),
                "false" | "0" => visitor.visit_some(BoolDeserializer::<Flaw>::new(false)),
                _ => visitor.visit_none(),
            },
            Kind::Integer => match (integer(&text), text.parse().ok().and_then(whole)) {
                // All integers of the document are signed, of 64 bits.
                (Some(Ok(number)), _) if i64::try_from(number).is_ok() => {
                    visitor.visit_some(U64Deserializer::<Flaw>::new(number))
                }
                (Some(Err(number)), _) | (None, Some(number)) => {
                    visitor.visit_some(I64Deserializer::<Flaw>::new(number))
                }
                _ => visitor.visit_none(),
            },
            Kind::Number => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => {
                    visitor.visit_some(F64Deserializer::<Flaw>::new(number))
                }
                _ => visitor.visit_none(),
            },
        }
    }
}

impl<'de> Deserialize<'de> for Found {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Look;

        impl<'de> Visitor<'de> for Look {
            type Value = Found;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("any value")
            }

            fn visit_unit<E: Error>(self) -> Result<Found, E> {
                Ok(Found::Null)
            }

            fn visit_bool<E: Error>(self, value: bool) -> Result<Found, E> {
                Ok(Found::Boolean(value))
            }

            fn visit_u64<E: Error>(self, value: u64) -> Result<Found, E> {
                Ok(Found::Unsigned(value))
            }

            fn visit_i64<E: Error>(self, value: i64) -> Result<Found, E> {
                Ok(Found::Signed(value))
            }

            fn visit_f64<E: Error>(self, value: f64) -> Result<Found, E> {
                Ok(Found::Float(value))
            }

            fn visit_str<E: Error>(self, value: &str) -> Result<Found, E> {
                Ok(Found::Text(value.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Found, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Found::Compound)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Found, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Found::Compound)
            }
        }

        deserializer.deserialize_any(Look)
    }
}

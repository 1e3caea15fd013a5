//! Values for placeholders.

use std::borrow::Cow;

use bytes::Bytes;
use serde::{Serialize, Serializer, ser::SerializeSeq};

use super::Blob;
use crate::Error;

/// A value for a placeholder. Made by [`IntoValue`], which `.bind(..)` calls. See the table on [`Db`](super::Db).
#[derive(Debug, Clone)]
pub struct Value(Repr);

#[derive(Debug, Clone)]
enum Repr {
    Null,
    Bool(bool),
    Integer(i64),
    Unsigned(u64),
    Real(f64),
    Text(String),
    Blob(Bytes),
    /// The members of a list for `IN`, already checked, as JSON text.
    List(String),
    Invalid(String),
}

impl Value {
    /// SQL `NULL`.
    pub const NULL: Self = Self(Repr::Null);

    /// JSON text, or the reason why there is none.
    pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> Self {
        Self(match serde_json::to_string(value) {
            Ok(text) => Repr::Text(text),
            Err(error) => Repr::Invalid(format!("it has no JSON form ({error})")),
        })
    }

    pub(super) fn list(members: Vec<Self>) -> Self {
        for (index, member) in members.iter().enumerate() {
            let problem = match &member.0 {
                Repr::Blob(_) => Some("bytes cannot be members of a list".to_owned()),
                Repr::List(_) => Some("a list cannot be a member of a list".to_owned()),
                _ => member.problem(),
            };
            if let Some(problem) = problem {
                return Self(Repr::Invalid(format!(
                    "member {index} of the list: {problem}"
                )));
            }
        }
        match serde_json::to_string(&members) {
            Ok(text) => Self(Repr::List(text)),
            Err(error) => Self(Repr::Invalid(format!(
                "the list has no JSON form ({error})"
            ))),
        }
    }

    pub(super) fn is_list(&self) -> bool {
        matches!(self.0, Repr::List(_))
    }

    /// What makes this value unusable, if anything does.
    fn problem(&self) -> Option<String> {
        match &self.0 {
            Repr::Real(number) if !number.is_finite() => Some(format!(
                "{number} has no JSON form; bind NULL or a finite number"
            )),
            Repr::Unsigned(number) if i64::try_from(*number).is_err() => Some(format!(
                "{number} is above i64::MAX, the largest SQLite INTEGER; bind it as text"
            )),
            Repr::Invalid(problem) => Some(problem.clone()),
            _ => None,
        }
    }

    /// Refuses a value that cannot travel.
    pub(super) fn check(&self, position: usize) -> Result<(), Error> {
        match self.problem() {
            None => Ok(()),
            Some(problem) => Err(Error::invalid_input(format!(
                "parameter {position} (counted from 1) cannot be bound: {problem}"
            ))),
        }
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Repr::Null | Repr::Invalid(_) => serializer.serialize_unit(),
            Repr::Bool(value) => serializer.serialize_bool(*value),
            Repr::Integer(value) => serializer.serialize_i64(*value),
            Repr::Unsigned(value) => serializer.serialize_u64(*value),
            Repr::Real(value) => serializer.serialize_f64(*value),
            Repr::Text(value) | Repr::List(value) => serializer.serialize_str(value),
            Repr::Blob(bytes) => {
                let mut seq = serializer.serialize_seq(Some(bytes.len()))?;
                for byte in bytes {
                    seq.serialize_element(byte)?;
                }
                seq.end()
            }
        }
    }
}

/// What can be bound to a placeholder: see the table on [`Db`](super::Db). Implement it for types of your own.
///
/// ```
/// use aerostack::db::{IntoValue, Statement, Value};
///
/// struct UserId(i64);
///
/// impl IntoValue for UserId {
///     fn into_value(self) -> Value {
///         self.0.into_value()
///     }
/// }
///
/// let find = Statement::new("SELECT * FROM users WHERE id = ?").bind(UserId(7));
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be bound to a placeholder",
    label = "not a value that SQL knows",
    note = "bindable are numbers, bool, text, bytes (`Vec<u8>`, `Bytes`), an `Option` of those, `serde_json::Value`, and \
            with the features of the same name the types of uuid, chrono, time and rust_decimal",
    note = "bind anything that serializes as JSON text with `db::Json(value)`; bind several values with `.params((a, b))` \
            or `.bind_all(values)`, and a list for `IN (?)` with `.bind_list(values)`",
    note = "for a type of your own, implement `aerostack::db::IntoValue`"
)]
pub trait IntoValue {
    /// The value as it is sent.
    fn into_value(self) -> Value;
}

macro_rules! values {
    ($($type:ty => |$value:ident| $repr:expr;)*) => {$(
        impl IntoValue for $type {
            fn into_value(self) -> Value {
                let $value = self;
                Value($repr)
            }
        }
    )*};
}

/// The same for references to what is cheap to copy, as an iterator over a slice gives them.
macro_rules! references {
    ($($type:ty),*) => {$(
        impl IntoValue for &$type {
            fn into_value(self) -> Value {
                self.clone().into_value()
            }
        }
    )*};
}

values! {
    () => |_unit| Repr::Null;
    bool => |value| Repr::Bool(value);
    i8 => |value| Repr::Integer(value.into());
    i16 => |value| Repr::Integer(value.into());
    i32 => |value| Repr::Integer(value.into());
    i64 => |value| Repr::Integer(value);
    isize => |value| Repr::Integer(value as i64);
    u8 => |value| Repr::Integer(value.into());
    u16 => |value| Repr::Integer(value.into());
    u32 => |value| Repr::Integer(value.into());
    u64 => |value| Repr::Unsigned(value);
    usize => |value| Repr::Unsigned(value as u64);
    f32 => |value| Repr::Real(value.into());
    f64 => |value| Repr::Real(value);
    char => |value| Repr::Text(value.into());
    &str => |value| Repr::Text(value.to_owned());
    String => |value| Repr::Text(value);
    Box<str> => |value| Repr::Text(value.into());
    Cow<'_, str> => |value| Repr::Text(value.into_owned());
    Bytes => |value| Repr::Blob(value);
    Vec<u8> => |value| Repr::Blob(value.into());
    &[u8] => |value| Repr::Blob(Bytes::copy_from_slice(value));
    Blob => |value| Repr::Blob(value.0);
}

references!(
    bool, i8, i16, i32, i64, isize, u8, u16, u32, u64, usize, f32, f64, char, String, Bytes, Blob,
    &str
);

impl<const N: usize> IntoValue for &[u8; N] {
    fn into_value(self) -> Value {
        self.as_slice().into_value()
    }
}

impl IntoValue for &Vec<u8> {
    fn into_value(self) -> Value {
        self.as_slice().into_value()
    }
}

impl IntoValue for Value {
    fn into_value(self) -> Value {
        self
    }
}

impl IntoValue for &Value {
    fn into_value(self) -> Value {
        self.clone()
    }
}

impl<T: IntoValue> IntoValue for Option<T> {
    fn into_value(self) -> Value {
        self.map_or(Value::NULL, T::into_value)
    }
}

impl<T: IntoValue + Clone> IntoValue for &Option<T> {
    fn into_value(self) -> Value {
        self.clone().into_value()
    }
}

/// Scalars as themselves; arrays and objects as JSON text.
impl IntoValue for serde_json::Value {
    fn into_value(self) -> Value {
        use serde_json::Value as Json;
        match self {
            Json::Null => Value::NULL,
            Json::Bool(value) => value.into_value(),
            Json::String(text) => text.into_value(),
            Json::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
                (Some(integer), ..) => integer.into_value(),
                (None, Some(integer), _) => integer.into_value(),
                (None, None, Some(real)) => real.into_value(),
                (None, None, None) => number.to_string().into_value(),
            },
            Json::Array(_) | Json::Object(_) => Value::json(&self),
        }
    }
}

impl IntoValue for &serde_json::Value {
    fn into_value(self) -> Value {
        self.clone().into_value()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::{ErrorKind, db::Json};

    #[test]
    fn values_have_the_json_of_the_table() {
        let name = Some("Ines".to_owned());
        for (value, expected) in [
            (().into_value(), json!(null)),
            (None::<i64>.into_value(), json!(null)),
            (Some("x").into_value(), json!("x")),
            ((&name).into_value(), json!("Ines")),
            ((&None::<String>).into_value(), json!(null)),
            (true.into_value(), json!(true)),
            ((&7).into_value(), json!(7)),
            (i64::MIN.into_value(), json!(i64::MIN)),
            ((i64::MAX as u64).into_value(), json!(i64::MAX)),
            (0.1.into_value(), json!(0.1)),
            ("it's".into_value(), json!("it's")),
            ('ü'.into_value(), json!("ü")),
            (Json(json!({"a": [1]})).into_value(), json!("{\"a\":[1]}")),
            (vec![0u8, 255].into_value(), json!([0, 255])),
            (b"ab".into_value(), json!([97, 98])),
            (json!(null).into_value(), json!(null)),
            (json!(-3).into_value(), json!(-3)),
            (json!(0.5).into_value(), json!(0.5)),
            (json!("a").into_value(), json!("a")),
            (json!({"a": [1]}).into_value(), json!("{\"a\":[1]}")),
            ((&json!([1, "b"])).into_value(), json!("[1,\"b\"]")),
        ] {
            value.check(1).unwrap();
            assert_eq!(serde_json::to_value(&value).unwrap(), expected, "{value:?}");
        }
    }

    #[test]
    fn what_json_or_sqlite_cannot_hold_is_refused_with_its_position() {
        let unusable = std::collections::BTreeMap::from([((1, 2), 3)]);
        for value in [
            f64::NAN.into_value(),
            f64::INFINITY.into_value(),
            f32::NEG_INFINITY.into_value(),
            (i64::MAX as u64 + 1).into_value(),
            json!(u64::MAX).into_value(),
            Json(unusable).into_value(),
        ] {
            let error = value.check(3).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.to_string().starts_with("parameter 3 "), "{error}");
        }
    }

    proptest! {
        #[test]
        fn integers_keep_every_digit(number: i64) {
            prop_assert_eq!(serde_json::to_string(&number.into_value()).unwrap(), number.to_string());
        }

        #[test]
        fn blobs_read_back(bytes: Vec<u8>) {
            let text = serde_json::to_string(&bytes.clone().into_value()).unwrap();
            let blob: Blob = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(blob.0, bytes);
        }
    }
}

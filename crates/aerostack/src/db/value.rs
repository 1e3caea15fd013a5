//! Values for placeholders.

use std::fmt;

use aerostack_api::decode;
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeSeq};

use crate::Error;

/// A value for a `?`. Made by `From`, or by `.bind(..)` itself. See the table on [`Db`](super::Db).
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
    Invalid(String),
}

impl Value {
    /// SQL `NULL`.
    pub const NULL: Self = Self(Repr::Null);

    /// What makes this value unusable, if anything does.
    pub(super) fn check(&self, position: usize) -> Result<(), Error> {
        let problem = match &self.0 {
            Repr::Real(number) if !number.is_finite() => {
                format!("{number} has no JSON form; bind NULL or a finite number")
            }
            Repr::Unsigned(number) if i64::try_from(*number).is_err() => {
                format!("{number} is above i64::MAX, the largest SQLite INTEGER; bind it as text")
            }
            Repr::Invalid(problem) => problem.clone(),
            _ => return Ok(()),
        };
        Err(Error::invalid_input(format!(
            "parameter {position} (counted from 1) cannot be bound: {problem}"
        )))
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
            Repr::Text(value) => serializer.serialize_str(value),
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

macro_rules! from {
    ($($type:ty => |$value:ident| $repr:expr;)*) => {$(
        impl From<$type> for Value {
            fn from($value: $type) -> Self {
                Self($repr)
            }
        }
    )*};
}

from! {
    () => |_unit| Repr::Null;
    bool => |value| Repr::Bool(value);
    i8 => |value| Repr::Integer(value.into());
    i16 => |value| Repr::Integer(value.into());
    i32 => |value| Repr::Integer(value.into());
    i64 => |value| Repr::Integer(value);
    u8 => |value| Repr::Integer(value.into());
    u16 => |value| Repr::Integer(value.into());
    u32 => |value| Repr::Integer(value.into());
    u64 => |value| Repr::Unsigned(value);
    usize => |value| Repr::Unsigned(value as u64);
    f32 => |value| Repr::Real(value.into());
    f64 => |value| Repr::Real(value);
    &str => |value| Repr::Text(value.to_owned());
    &String => |value| Repr::Text(value.clone());
    String => |value| Repr::Text(value);
    Bytes => |value| Repr::Blob(value);
    Vec<u8> => |value| Repr::Blob(value.into());
    Blob => |value| Repr::Blob(value.0);
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::NULL, Into::into)
    }
}

/// JSON in a `TEXT` column: binds any serializable value as its JSON text, and reads such a column back.
///
/// ```no_run
/// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
/// use aerostack::db::Json;
///
/// #[derive(serde::Deserialize)]
/// struct Row {
///     tags: Json<Vec<String>>,
/// }
///
/// client.db().execute("INSERT INTO notes (tags) VALUES (?)").bind(Json(["red", "new"])).await?;
/// let rows: Vec<Row> = client.db().query("SELECT tags FROM notes").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Json<T>(pub T);

impl<T: Serialize> From<Json<T>> for Value {
    fn from(json: Json<T>) -> Self {
        Self(match serde_json::to_string(&json.0) {
            Ok(text) => Repr::Text(text),
            Err(error) => Repr::Invalid(format!("it has no JSON form ({error})")),
        })
    }
}

impl<'de, T: de::DeserializeOwned> Deserialize<'de> for Json<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Text in SQLite; a driver of Postgres gives `jsonb` as the value itself.
        let text = match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => text,
            value => value.to_string(),
        };
        decode::decode(&text).map(Self).map_err(|mismatch| {
            de::Error::custom(format!("the text is not the JSON asked for: {mismatch}"))
        })
    }
}

/// Bytes in a `BLOB` column. On the wire they are an array of numbers, as Cloudflare D1 gives them; that the platform
/// passes them on unchanged is inferred.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Blob(pub Bytes);

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;

        impl<'de> de::Visitor<'de> for Bytes {
            type Value = Blob;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of bytes")
            }

            fn visit_seq<A: de::SeqAccess<'de>>(self, mut seq: A) -> Result<Blob, A::Error> {
                let mut bytes = Vec::new();
                while let Some(byte) = seq.next_element()? {
                    bytes.push(byte);
                }
                Ok(Blob(bytes.into()))
            }

            /// What Node.js makes of a `Buffer`: `{"type":"Buffer","data":[..]}`.
            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Blob, A::Error> {
                let mut found = None;
                while let Some(key) = map.next_key::<String>()? {
                    match key.as_str() {
                        "data" => found = Some(map.next_value::<Blob>()?),
                        _ => _ = map.next_value::<de::IgnoredAny>()?,
                    }
                }
                found.ok_or_else(|| de::Error::missing_field("data"))
            }
        }

        deserializer.deserialize_any(Bytes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::ErrorKind;

    #[test]
    fn values_have_the_json_of_the_table() {
        for (value, expected) in [
            (Value::from(()), json!(null)),
            (Value::from(None::<i64>), json!(null)),
            (Value::from(Some("x")), json!("x")),
            (Value::from(true), json!(true)),
            (Value::from(i64::MIN), json!(i64::MIN)),
            (Value::from(i64::MAX as u64), json!(i64::MAX)),
            (Value::from(0.1), json!(0.1)),
            (Value::from("it's"), json!("it's")),
            (Value::from(Json(json!({"a": [1]}))), json!("{\"a\":[1]}")),
            (Value::from(vec![0u8, 255]), json!([0, 255])),
        ] {
            value.check(1).unwrap();
            assert_eq!(serde_json::to_value(&value).unwrap(), expected, "{value:?}");
        }
    }

    #[test]
    fn what_json_or_sqlite_cannot_hold_is_refused_with_its_position() {
        let unusable = std::collections::BTreeMap::from([((1, 2), 3)]);
        for value in [
            Value::from(f64::NAN),
            Value::from(f64::INFINITY),
            Value::from(f32::NEG_INFINITY),
            Value::from(i64::MAX as u64 + 1),
            Value::from(Json(unusable)),
        ] {
            let error = value.check(3).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.to_string().starts_with("parameter 3 "), "{error}");
        }
    }

    #[test]
    fn json_and_blobs_read_from_what_drivers_of_other_databases_give() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Inner {
            on: bool,
            count: i64,
        }
        let inner = Inner { on: true, count: 3 };
        for form in [
            json!("{\"on\":1,\"count\":3}"),
            json!({"on": true, "count": "3"}),
        ] {
            let read: Json<Inner> = decode::decode(&form.to_string()).unwrap();
            assert_eq!(read.0, inner);
        }
        let read: Json<Vec<String>> = decode::decode("\"[\\\"red\\\"]\"").unwrap();
        assert_eq!(read.0, ["red"]);
        for form in [
            json!([1, 0, 255]),
            json!({"type": "Buffer", "data": [1, 0, 255]}),
        ] {
            let read: Blob = decode::decode(&form.to_string()).unwrap();
            assert_eq!(read.0, vec![1, 0, 255]);
        }
        assert!(decode::decode::<Blob>("{}").is_err());
        assert!(decode::decode::<Blob>("[256]").is_err());
    }

    proptest! {
        #[test]
        fn integers_keep_every_digit(number: i64) {
            prop_assert_eq!(serde_json::to_string(&Value::from(number)).unwrap(), number.to_string());
        }

        #[test]
        fn blobs_read_back(bytes: Vec<u8>) {
            let text = serde_json::to_string(&Value::from(bytes.clone())).unwrap();
            let blob: Blob = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(blob.0, bytes);
        }
    }
}

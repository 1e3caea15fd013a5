//! Columns that hold more than a scalar.

use std::{
    fmt,
    marker::PhantomData,
    ops::{Deref, DerefMut},
};

use aerostack_api::decode;
use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{IntoValue, Value};

/// The name under which the types here deserialize, by which a row's decoder knows that they take one column.
pub(super) const COLUMN: &str = "aerostack::db::column";

/// JSON in a `TEXT` column: binds any serializable value as its JSON text, and reads such a column back.
///
/// It serializes as the value itself, so that one struct is row, response and cache value.
///
/// ```no_run
/// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
/// use aerostack::db::Json;
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Note {
///     tags: Json<Vec<String>>,
/// }
///
/// client.db().execute("INSERT INTO notes (tags) VALUES (?)").bind(Json(["red", "new"])).await?;
/// let notes: Vec<Note> = client.db().query("SELECT tags FROM notes").await?;
/// client.cache().set("notes", &notes).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Json<T>(pub T);

impl<T> Json<T> {
    /// The value inside.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> DerefMut for Json<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T> From<T> for Json<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T: Serialize> IntoValue for Json<T> {
    fn into_value(self) -> Value {
        Value::json(&self.0)
    }
}

impl<T: Serialize> IntoValue for &Json<T> {
    fn into_value(self) -> Value {
        Value::json(&self.0)
    }
}

impl<T: Serialize> Serialize for Json<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: de::DeserializeOwned> Deserialize<'de> for Json<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Inside<T>(PhantomData<T>);
        impl<'de, T: de::DeserializeOwned> de::Visitor<'de> for Inside<T> {
            type Value = Json<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("JSON, or JSON within a text")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Json<T>, D::Error> {
                either(deserializer).map(Json)
            }
        }
        deserializer.deserialize_newtype_struct(COLUMN, Inside(PhantomData))
    }
}

/// A column holds the JSON as text; what was serialized from [`Json`], or comes from a JSON column of another database,
/// is the value itself.
fn either<'de, T: de::DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    let serde_json::Value::String(text) = &value else {
        return decode::decode(&value.to_string()).map_err(de::Error::custom);
    };
    decode::decode(text)
        .or_else(|mismatch| T::deserialize(&value).map_err(|_| mismatch))
        .map_err(|mismatch| {
            de::Error::custom(format!("the text is not the JSON asked for: {mismatch}"))
        })
}

/// Bytes in a `BLOB` column. On the wire they are an array of numbers, as Cloudflare D1 gives them; that the platform
/// passes them on unchanged is inferred.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Blob(pub Bytes);

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Found;

        impl<'de> de::Visitor<'de> for Found {
            type Value = Blob;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an array of bytes")
            }

            fn visit_newtype_struct<D: Deserializer<'de>>(
                self,
                deserializer: D,
            ) -> Result<Blob, D::Error> {
                deserializer.deserialize_any(self)
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

        deserializer.deserialize_newtype_struct(COLUMN, Found)
    }
}

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Note {
        tags: Json<Vec<String>>,
    }

    #[test]
    fn one_struct_is_row_and_response() {
        let row = r#"{"tags":"[\"red\",\"new\"]"}"#;
        let note: Note = serde_json::from_str(row).unwrap();
        assert_eq!(note.tags.0, ["red", "new"]);
        let response = serde_json::to_string(&note).unwrap();
        assert_eq!(response, r#"{"tags":["red","new"]}"#);
        assert_eq!(serde_json::from_str::<Note>(&response).unwrap(), note);
        let error = serde_json::from_str::<Note>(r#"{"tags":"a private text"}"#).unwrap_err();
        assert!(!error.to_string().contains("private"), "{error}");
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
        fn what_was_bound_and_what_was_serialized_read_back(
            value in prop::collection::btree_map("\\PC{0,6}", prop::option::of(any::<i64>()), 0..4),
            text in "[a-zA-Z ]{0,10}",
        ) {
            type Map = BTreeMap<String, Option<i64>>;
            let column = serde_json::to_string(&Json(&value).into_value()).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Json<Map>>(&column).unwrap().0, &value);
            let response = serde_json::to_string(&Json(&value)).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Json<Map>>(&response).unwrap().0, &value);
            let words = serde_json::to_string(&Json(&text)).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Json<String>>(&words).unwrap().0, &text);
        }
    }
}

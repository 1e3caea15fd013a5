//! Rows as what the caller asks for: a struct or map takes the row's object, a tuple its columns in order, a scalar the
//! one column there is.

use std::fmt;

use aerostack_api::RawJson;
use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::columns;

/// What a type wants a row to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// An object: structs, maps, `serde_json::Value`.
    Object,
    /// The columns in order: tuples and tuple structs, with their length.
    Columns(usize),
    /// The columns in order, as many as there are; a single column that holds an array is that array.
    Sequence,
    /// The one column there is.
    Scalar,
    /// Nothing: `()`.
    Nothing,
}

impl Shape {
    /// Asks the type, by letting it begin to deserialize from a stand-in that notes what it is asked for.
    pub(super) fn of<T: DeserializeOwned>() -> Self {
        let mut shape = Self::Object;
        let _ = T::deserialize(Probe(&mut shape));
        shape
    }
}

/// The stand-in: notes the first request and fails.
struct Probe<'a>(&'a mut Shape);

#[derive(Debug)]
struct Noted;

impl fmt::Display for Noted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the shape is noted")
    }
}

impl std::error::Error for Noted {}

impl serde::de::Error for Noted {
    fn custom<M: fmt::Display>(_: M) -> Self {
        Self
    }
}

macro_rules! notes {
    ($($shape:ident: $($method:ident)*;)*) => {$($(
        fn $method<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Noted> {
            *self.0 = Shape::$shape;
            Err(Noted)
        }
    )*)*};
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Noted;

    notes! {
        Object: deserialize_any deserialize_map deserialize_identifier deserialize_ignored_any;
        Nothing: deserialize_unit;
        Sequence: deserialize_seq deserialize_bytes deserialize_byte_buf;
        Scalar: deserialize_bool deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
            deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32
            deserialize_f64 deserialize_char deserialize_str deserialize_string;
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Noted> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Noted> {
        if name == columns::COLUMN {
            *self.0 = Shape::Scalar;
            return Err(Noted);
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, _: V) -> Result<V::Value, Noted> {
        *self.0 = Shape::Columns(len);
        Err(Noted)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        len: usize,
        visitor: V,
    ) -> Result<V::Value, Noted> {
        self.deserialize_tuple(len, visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: V,
    ) -> Result<V::Value, Noted> {
        Err(Noted)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Noted> {
        Err(Noted)
    }

    /// Variants without data are texts; a row is never an enum with data by its variant's name.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, Noted> {
        *self.0 = Shape::Scalar;
        Err(Noted)
    }
}

/// A row's columns in the order of the answer.
struct Columns(Vec<(String, Box<RawValue>)>);

impl<'de> Deserialize<'de> for Columns {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Columns;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a row")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Columns, A::Error> {
                let mut columns = Vec::with_capacity(map.size_hint().unwrap_or(4));
                while let Some(column) = map.next_entry()? {
                    columns.push(column);
                }
                Ok(Columns(columns))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

/// A row in another shape, and the columns' names for messages.
pub(super) struct Shaped {
    pub(super) row: RawJson,
    pub(super) columns: Vec<String>,
}

/// Brings a row into a shape, or says why it does not go in.
pub(super) fn shaped(row: &RawJson, shape: Shape) -> Result<Shaped, String> {
    if shape == Shape::Object {
        return Ok(Shaped {
            row: row.clone(),
            columns: Vec::new(),
        });
    }
    if shape == Shape::Nothing {
        return Ok(Shaped {
            row: encode(&())?,
            columns: Vec::new(),
        });
    }
    let Columns(columns) = row
        .decode()
        .map_err(|_| "the row is not an object".to_owned())?;
    let (names, values): (Vec<String>, Vec<Box<RawValue>>) = columns.into_iter().unzip();
    let only = match values.as_slice() {
        [only] => Some(only),
        _ => None,
    };
    let row = match (shape, only) {
        (Shape::Scalar, Some(only)) => encode(only)?,
        (Shape::Sequence, Some(only)) if only.get().starts_with('[') => encode(only)?,
        (Shape::Scalar, None) => {
            return Err(format!(
                "it has {} ({}), and the type takes one; select one column, or ask for a tuple or a struct",
                plural(names.len(), "column"),
                names.join(", "),
            ));
        }
        (Shape::Columns(wanted), _) if wanted != names.len() => {
            return Err(format!(
                "it has {} ({}), and the tuple {wanted}; columns of the same name are one: name them apart with AS",
                plural(names.len(), "column"),
                names.join(", "),
            ));
        }
        _ => encode(&values)?,
    };
    Ok(Shaped {
        row,
        columns: names,
    })
}

fn encode<T: Serialize + ?Sized>(value: &T) -> Result<RawJson, String> {
    RawJson::encode(value).map_err(|error| format!("the row cannot be read: {error}"))
}

/// A number with its noun.
pub(super) fn plural(count: usize, noun: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{s}")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::{Map, Value, json};

    use super::*;
    use crate::db::{Blob, Json};

    #[test]
    fn types_say_what_they_want_a_row_to_be() {
        #[derive(Deserialize)]
        struct User {
            #[allow(dead_code, reason = "only its shape matters")]
            id: i64,
        }
        #[derive(Deserialize)]
        struct Id(#[allow(dead_code, reason = "only its shape matters")] i64);
        #[derive(Deserialize)]
        struct Pair(
            #[allow(dead_code, reason = "only its shape matters")] i64,
            #[allow(dead_code, reason = "only its shape matters")] i64,
        );
        #[derive(Deserialize)]
        enum Role {
            Admin,
        }
        #[derive(Deserialize)]
        struct Flat {
            #[serde(flatten)]
            #[allow(dead_code, reason = "only its shape matters")]
            rest: BTreeMap<String, Value>,
        }
        let _ = Role::Admin;
        assert_eq!(Shape::of::<User>(), Shape::Object);
        assert_eq!(Shape::of::<Option<User>>(), Shape::Object);
        assert_eq!(Shape::of::<Flat>(), Shape::Object);
        assert_eq!(Shape::of::<Value>(), Shape::Object);
        assert_eq!(Shape::of::<Map<String, Value>>(), Shape::Object);
        assert_eq!(Shape::of::<BTreeMap<String, i64>>(), Shape::Object);
        assert_eq!(Shape::of::<()>(), Shape::Nothing);
        assert_eq!(Shape::of::<(i64,)>(), Shape::Columns(1));
        assert_eq!(
            Shape::of::<(i64, String, Option<bool>)>(),
            Shape::Columns(3)
        );
        assert_eq!(Shape::of::<Pair>(), Shape::Columns(2));
        assert_eq!(Shape::of::<[f64; 2]>(), Shape::Columns(2));
        assert_eq!(Shape::of::<Vec<Value>>(), Shape::Sequence);
        for scalar in [
            Shape::of::<i64>(),
            Shape::of::<bool>(),
            Shape::of::<String>(),
            Shape::of::<Option<f64>>(),
            Shape::of::<Id>(),
            Shape::of::<Role>(),
            Shape::of::<uuid::Uuid>(),
            Shape::of::<Json<Vec<i64>>>(),
            Shape::of::<Blob>(),
        ] {
            assert_eq!(scalar, Shape::Scalar);
        }
    }

    #[test]
    fn rows_are_brought_into_shape_in_the_order_of_their_columns() {
        let row = RawJson::encode(&json!({"z": 1})).unwrap();
        let two = RawJson::from_text(r#"{"z":1,"a":"x"}"#.into()).unwrap();
        let array = RawJson::encode(&json!({"bytes": [1, 2]})).unwrap();
        for (row, shape, expected) in [
            (&row, Shape::Object, r#"{"z":1}"#),
            (&row, Shape::Scalar, "1"),
            (&row, Shape::Columns(1), "[1]"),
            (&row, Shape::Sequence, "[1]"),
            (&two, Shape::Columns(2), r#"[1,"x"]"#),
            (&two, Shape::Sequence, r#"[1,"x"]"#),
            (&array, Shape::Sequence, "[1,2]"),
            (&array, Shape::Columns(1), "[[1,2]]"),
        ] {
            assert_eq!(shaped(row, shape).unwrap().row.text(), expected);
        }
        for (shape, expected) in [
            (Shape::Scalar, "2 columns (z, a)"),
            (Shape::Columns(3), "the tuple 3"),
        ] {
            let problem = shaped(&two, shape).err().unwrap();
            assert!(problem.contains(expected), "{problem}");
        }
    }
}

//! Finds numbers that JSON cannot hold. `serde_json` writes null in their place, which loses them without a word.

use std::fmt;

use serde::ser::{
    Error, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

/// Whether all numbers in a value are finite. Only a text with a null in it can have lost one.
pub(crate) fn is_finite<T: Serialize + ?Sized>(value: &T, json: &str) -> bool {
    !json.contains("null") || value.serialize(Finite).is_ok()
}

/// A serializer that writes nothing and fails at a number that is not finite.
#[derive(Clone, Copy)]
struct Finite;

/// There is such a number, or the value has no JSON form, which was found out before.
#[derive(Debug)]
struct NotFinite;

impl fmt::Display for NotFinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number is not finite")
    }
}

impl std::error::Error for NotFinite {}

impl Error for NotFinite {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

type Checked = Result<(), NotFinite>;

macro_rules! scalars {
    ($($method:ident: $type:ty,)*) => {$(
        fn $method(self, _: $type) -> Checked {
            Ok(())
        }
    )*};
}

impl Serializer for Finite {
    type Ok = ();
    type Error = NotFinite;
    type SerializeSeq = Self;
    type SerializeTuple = Self;
    type SerializeTupleStruct = Self;
    type SerializeTupleVariant = Self;
    type SerializeMap = Self;
    type SerializeStruct = Self;
    type SerializeStructVariant = Self;

    scalars! {
        serialize_bool: bool, serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_i128: i128, serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64,
        serialize_u128: u128, serialize_char: char, serialize_str: &str, serialize_bytes: &[u8],
        serialize_unit_struct: &'static str,
    }

    fn serialize_f32(self, value: f32) -> Checked {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Checked {
        match value.is_finite() {
            true => Ok(()),
            false => Err(NotFinite),
        }
    }

    fn serialize_none(self) -> Checked {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Checked {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Checked {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Checked {
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Checked {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        value: &T,
    ) -> Checked {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Self, NotFinite> {
        Ok(self)
    }

    fn serialize_tuple(self, _: usize) -> Result<Self, NotFinite> {
        Ok(self)
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self, NotFinite> {
        Ok(self)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, NotFinite> {
        Ok(self)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self, NotFinite> {
        Ok(self)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self, NotFinite> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self, NotFinite> {
        Ok(self)
    }
}

macro_rules! sequences {
    ($($name:ident: $method:ident,)*) => {$(
        impl $name for Finite {
            type Ok = ();
            type Error = NotFinite;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Checked {
                value.serialize(*self)
            }

            fn end(self) -> Checked {
                Ok(())
            }
        }
    )*};
}

sequences! {
    SerializeSeq: serialize_element,
    SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field,
    SerializeTupleVariant: serialize_field,
}

macro_rules! structs {
    ($($name:ident)*) => {$(
        impl $name for Finite {
            type Ok = ();
            type Error = NotFinite;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> Checked {
                value.serialize(*self)
            }

            fn end(self) -> Checked {
                Ok(())
            }
        }
    )*};
}

structs! { SerializeStruct SerializeStructVariant }

impl SerializeMap for Finite {
    type Ok = ();
    type Error = NotFinite;

    /// A key is text in JSON, whatever it is.
    fn serialize_key<T: Serialize + ?Sized>(&mut self, _: &T) -> Checked {
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Checked {
        value.serialize(*self)
    }

    fn end(self) -> Checked {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Serialize;

    use super::is_finite;

    #[derive(Serialize)]
    enum Shape {
        Unit,
        Newtype(f64),
        Tuple(u8, f32),
        Struct { inner: Option<f64> },
    }

    #[derive(Serialize)]
    struct Everything {
        number: f64,
        none: Option<u8>,
        map: BTreeMap<u8, Vec<Shape>>,
        pair: (char, f64),
        unit: (),
    }

    fn everything(shapes: Vec<Shape>) -> Everything {
        Everything {
            number: 0.5,
            none: None,
            map: BTreeMap::from([(1, shapes)]),
            pair: ('x', f64::MAX),
            unit: (),
        }
    }

    fn checked<T: Serialize>(value: &T) -> bool {
        is_finite(value, &serde_json::to_string(value).unwrap())
    }

    #[test]
    fn numbers_that_json_cannot_hold_are_found_wherever_they_are() {
        let finite = || vec![Shape::Unit, Shape::Newtype(1.0), Shape::Tuple(1, 2.0)];
        assert!(checked(&everything(finite())));
        assert!(checked(&Option::<f64>::None));
        for odd in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            for shape in [
                Shape::Newtype(odd),
                Shape::Tuple(0, odd as f32),
                Shape::Struct { inner: Some(odd) },
            ] {
                let mut shapes = finite();
                shapes.push(shape);
                assert!(!checked(&everything(shapes)));
            }
            assert!(!checked(&odd));
            assert!(!checked(&(1, Some([odd]))));
        }
    }
}

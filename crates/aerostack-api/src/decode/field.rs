//! One pass from the text of a response to a type of the caller's.

use std::{fmt, marker::PhantomData};

use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor,
};

use super::{
    error,
    lenient::{Lenient, Mode, Pass},
};

/// Decodes one field of a JSON object as [`decode`](super::decode) would, without keeping its text in between.
///
/// It gives nothing where a second look is needed: the text is not an object with this field, the value does not fit, or
/// a boolean was asked of a buffered number. The caller then takes the way that explains what is wrong.
pub fn decode_field<T: DeserializeOwned>(json: &[u8], field: &str) -> Option<T> {
    let json = std::str::from_utf8(json).ok()?;
    let mut json = serde_json::Deserializer::from_str(json);
    let pass = Pass::fast(Mode::Value);
    let object = Object {
        field,
        pass: &pass,
        value: PhantomData,
    };
    let (found, log) = error::logged(|| {
        let found = json.deserialize_map(object).ok()??;
        json.end().ok()?;
        Some(found)
    });
    found.filter(|_| !log.asks_for_booleans())
}

struct Object<'a, T> {
    field: &'a str,
    pass: &'a Pass<'a>,
    value: PhantomData<fn() -> T>,
}

impl<'de, T: DeserializeOwned> Visitor<'de> for Object<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<T>, A::Error> {
        let mut found = None;
        while let Some(is_it) = map.next_key_seed(Name(self.field))? {
            if !is_it {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let value = map.next_value_seed(Content(self.pass, self.value))?;
            if found.replace(value).is_some() {
                return Err(A::Error::custom("the field is there twice"));
            }
        }
        Ok(found)
    }
}

/// Whether a name is the one that is looked for.
struct Name<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<bool, E> {
        Ok(name == self.0)
    }
}

struct Content<'a, T>(&'a Pass<'a>, PhantomData<fn() -> T>);

impl<'de, T: DeserializeOwned> DeserializeSeed<'de> for Content<'_, T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::deserialize(Lenient::new(deserializer, self.0)).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;
    use crate::{RawJson, decode::decode};

    #[derive(Debug, Deserialize, PartialEq)]
    struct Row {
        id: i64,
        done: Option<bool>,
    }

    #[test]
    fn the_field_is_found_wherever_it_stands() {
        for json in [
            r#"{"results":[{"id":1,"done":0}]}"#,
            r#"{"success":true,"meta":{"results":7},"results":[{"id":"1","done":false}],"count":1}"#,
        ] {
            let rows: Vec<Row> = decode_field(json.as_bytes(), "results").unwrap();
            let done = Some(false);
            assert_eq!(rows, [Row { id: 1, done }], "{json}");
        }
    }

    #[test]
    fn whatever_needs_a_second_look_gives_nothing() {
        for json in [
            "",
            "[]",
            "{}",
            r#"{"results":null}"#,
            r#"{"results":[{"id":"x"}]}"#,
            r#"{"results":[]} x"#,
            r#"{"results":[]"#,
            r#"{"results":[],"results":[]}"#,
            "{\"results\":[],\"a\":\"\u{fffd}",
        ] {
            assert!(
                decode_field::<Vec<Row>>(json.as_bytes(), "results").is_none(),
                "{json}"
            );
        }
        assert!(decode_field::<Vec<Row>>(b"{\"results\":[]\xff}", "results").is_none());
    }

    proptest! {
        /// Where the one pass gives a value, the careful way gives the same.
        #[test]
        fn it_agrees_with_the_careful_way(
            values in prop::collection::vec(
                prop_oneof![
                    Just("0".to_owned()), Just("1".to_owned()), Just("true".to_owned()),
                    Just("null".to_owned()), Just("\"7\"".to_owned()), Just("1.0".to_owned()),
                    Just("{}".to_owned()), any::<i64>().prop_map(|number| number.to_string()),
                ],
                0..6,
            ),
        ) {
            #[derive(Debug, Deserialize, PartialEq)]
            #[serde(untagged)]
            enum Either {
                Flag(bool),
                Number(i64),
                Text(String),
                None,
            }

            let results = format!("[{}]", values.join(","));
            let json = format!(r#"{{"a":[1,{{"b":2}}],"results":{results}}}"#);
            let raw = RawJson::from_text(results).unwrap();
            if let Some(fast) = decode_field::<Vec<Either>>(json.as_bytes(), "results") {
                prop_assert_eq!(fast, decode::<Vec<Either>>(raw.text()).unwrap());
            }
            if let Some(fast) = decode_field::<Vec<Option<i64>>>(json.as_bytes(), "results") {
                prop_assert_eq!(fast, decode::<Vec<Option<i64>>>(raw.text()).unwrap());
            }
        }
    }
}

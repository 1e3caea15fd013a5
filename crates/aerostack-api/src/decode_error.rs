//! What a JSON decoder reports, without the data it read.

use std::fmt;

use thiserror::Error;

/// Why JSON did not decode. Decoders quote the value they reject, which may be a secret or a user's data; this error
/// leaves it out.
#[derive(Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct DecodeError(String);

impl From<&serde_json::Error> for DecodeError {
    fn from(error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let text = text
            .rsplit_once(" at line ")
            .map_or(text.as_str(), |(text, _)| text);
        // Only what stands before the last of these can quote a value; names of fields and variants are the type's own.
        Self(match text.rsplit_once(", expected") {
            Some((found, expected)) => {
                let found = found
                    .find(['"', '`'])
                    .map_or(found, |quote| &found[..quote]);
                format!("{}, expected{expected}", found.trim_end())
            }
            None => text.to_owned(),
        })
    }
}

impl From<serde_json::Error> for DecodeError {
    fn from(error: serde_json::Error) -> Self {
        Self::from(&error)
    }
}

impl fmt::Debug for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DecodeError({self})")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase", deny_unknown_fields)]
    #[expect(dead_code, reason = "only decoded")]
    struct Row {
        age: u8,
        kind: Option<Kind>,
    }

    #[derive(Debug, Deserialize)]
    enum Kind {
        A,
    }

    fn read(json: &str) -> String {
        let error = serde_json::from_str::<Row>(json).unwrap_err();
        DecodeError::from(error).to_string()
    }

    #[test]
    fn mismatches_are_described_without_the_value() {
        for (json, said) in [
            (r#"{"age":"x"}"#, "invalid type: string, expected u8"),
            (r#"{"age":918273}"#, "invalid value: integer, expected u8"),
            (
                r#"{"age":1.5}"#,
                "invalid type: floating point, expected u8",
            ),
            (r#"{"age":true}"#, "invalid type: boolean, expected u8"),
            (r#"{"age":[1]}"#, "invalid type: sequence, expected u8"),
            (r#"{"age":1,"kind":"B"}"#, "unknown variant, expected `A`"),
            (r#"{"rage":1}"#, "unknown field, expected `age` or `kind`"),
            (r#"{}"#, "missing field `age`"),
            (r#"{"age""#, "EOF while parsing an object"),
        ] {
            assert_eq!(read(json), said);
        }
    }

    proptest! {
        #[test]
        fn no_part_of_a_value_is_ever_shown(
            before in "[a-z ,\"`]{0,12}",
            trap in prop_oneof![Just(" at line 1"), Just(", expected u8"), Just("\" `"), Just("")],
        ) {
            let value = format!("{before}Planted{trap}Planted");
            for json in [
                serde_json::json!({ "age": value }),
                serde_json::json!({ "age": 1, "kind": value }),
                serde_json::json!({ value: 1 }),
            ] {
                let said = read(&json.to_string());
                prop_assert!(!said.contains("Planted"), "{said}");
            }
        }
    }
}

//! JSON objects of the caller's own shape, kept to the letter.

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

/// A JSON object or `null`, as the document allows wherever it says object. Numbers keep their digits.
#[derive(Debug, Clone, Serialize)]
#[serde(transparent)]
pub(crate) struct FreeObject(Box<RawValue>);

impl FreeObject {
    pub(crate) fn text(&self) -> &str {
        self.0.get()
    }

    /// The object as a value; large numbers lose digits.
    pub(crate) fn value(&self) -> serde_json::Value {
        serde_json::from_str(self.text()).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for FreeObject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        if raw.get().starts_with('{') || raw.get() == "null" {
            Ok(Self(raw))
        } else {
            Err(D::Error::custom("expected a JSON object"))
        }
    }
}

impl ToSql for FreeObject {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(self.text()))
    }
}

impl FromSql for FreeObject {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_str(value.as_str()?).map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_and_null_keep_every_digit_and_the_rest_is_refused() {
        let kept = r#"{"a":12345678901234567890123,"b":[1.10,{}]}"#;
        let object: FreeObject = serde_json::from_str(kept).unwrap();
        assert_eq!(serde_json::to_string(&object).unwrap(), kept);
        assert!(serde_json::from_str::<FreeObject>("null").is_ok());
        for refused in ["1", "\"{}\"", "[{}]", "true"] {
            assert!(
                serde_json::from_str::<FreeObject>(refused).is_err(),
                "{refused}"
            );
        }
    }
}

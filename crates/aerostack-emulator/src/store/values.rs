//! Values between JSON and SQLite, both ways, and the words for what SQLite refuses.
//!
//! | JSON parameter | SQLite | JSON result |
//! | --- | --- | --- |
//! | `null` | NULL | `null` |
//! | `true`, `false` | INTEGER 1, 0 | `1`, `0` |
//! | integer within i64 | INTEGER | integer, exact |
//! | other number | REAL | number with a fraction or exponent |
//! | string | TEXT | string |
//! | array of integers 0 to 255 | BLOB | array of integers |
//!
//! Integers from 2^63 to 2^64 - 1, other arrays and objects are refused. Infinity and NaN have no JSON form; SQLite
//! stores NaN as NULL, and an infinite REAL is answered as `null`.

use rusqlite::types::{Value as Sql, ValueRef};
use serde_json::Value;

use crate::error::ApiError;

/// Turns one parameter into what SQLite stores. `place` names it in the message.
pub(crate) fn bindable(value: &Value, place: &str) -> Result<Sql, ApiError> {
    match value {
        Value::Null => Ok(Sql::Null),
        Value::Bool(flag) => Ok(Sql::Integer(i64::from(*flag))),
        Value::String(text) => Ok(Sql::Text(text.clone())),
        Value::Number(number) => match (number.as_i64(), number.as_u64(), number.as_f64()) {
            (Some(integer), ..) => Ok(Sql::Integer(integer)),
            (None, Some(_), _) => Err(ApiError::validation(format!(
                "{place} is {number}, above the largest SQLite integer 9223372036854775807; send it as text"
            ))),
            (None, None, Some(real)) if real.is_finite() => Ok(Sql::Real(real)),
            _ => Err(ApiError::validation(format!(
                "{place} is not a number SQLite can hold"
            ))),
        },
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_u64().and_then(|byte| u8::try_from(byte).ok()))
            .collect::<Option<Vec<u8>>>()
            .map(Sql::Blob)
            .ok_or_else(|| {
                ApiError::validation(format!(
                    "{place} is an array that is not bytes (integers 0 to 255); send JSON as text"
                ))
            }),
        Value::Object(_) => Err(ApiError::validation(format!(
            "{place} is an object, which SQLite cannot hold; send JSON as text"
        ))),
    }
}

/// Appends a stored value as JSON.
pub(crate) fn write_json(out: &mut Vec<u8>, value: ValueRef<'_>) {
    match value {
        ValueRef::Null => out.extend_from_slice(b"null"),
        ValueRef::Integer(integer) => write_scalar(out, &integer),
        // serde_json writes non-finite numbers as null.
        ValueRef::Real(real) => write_scalar(out, &real),
        ValueRef::Text(text) => write_scalar(out, &String::from_utf8_lossy(text)),
        ValueRef::Blob(bytes) => write_scalar(out, bytes),
    }
}

fn write_scalar<T: serde::Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) {
    // Writing numbers, text and bytes to memory has no way to fail.
    let _ = serde_json::to_writer(out, value);
}

/// Writes rows as JSON objects with their columns in order.
///
/// When a result has the same column name twice, the last one counts, as in any JSON object.
pub(crate) struct RowWriter {
    /// The encoded `"name":`, or nothing for a column that a later one hides.
    columns: Vec<Option<Vec<u8>>>,
}

impl RowWriter {
    pub(crate) fn new(names: &[&str]) -> Self {
        let columns = names
            .iter()
            .enumerate()
            .map(|(index, name)| {
                let hidden = names[index + 1..].contains(name);
                (!hidden).then(|| {
                    let mut encoded = Vec::new();
                    write_scalar(&mut encoded, name);
                    encoded.push(b':');
                    encoded
                })
            })
            .collect();
        Self { columns }
    }

    pub(crate) fn write<'a>(&self, out: &mut Vec<u8>, values: impl Iterator<Item = ValueRef<'a>>) {
        out.push(b'{');
        let mut first = true;
        for (column, value) in self.columns.iter().zip(values) {
            let Some(name) = column else { continue };
            if !std::mem::take(&mut first) {
                out.push(b',');
            }
            out.extend_from_slice(name);
            write_json(out, value);
        }
        out.push(b'}');
    }
}

/// What SQLite said, without the statement's text.
pub(crate) fn explain(error: &rusqlite::Error) -> String {
    match offset(error) {
        Some(offset) => format!("{} (at byte {offset})", message(error)),
        None => message(error),
    }
}

/// Where in the statement SQLite found the error.
pub(crate) fn offset(error: &rusqlite::Error) -> Option<usize> {
    match error {
        rusqlite::Error::SqlInputError { offset, .. } => usize::try_from(*offset).ok(),
        _ => None,
    }
}

/// What SQLite said, without the statement's text and the place in it.
pub(crate) fn message(error: &rusqlite::Error) -> String {
    match error {
        rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
        rusqlite::Error::SqliteFailure(_, Some(message)) => message.clone(),
        rusqlite::Error::MultipleStatement => {
            "One call runs one statement; send several with a batch.".to_owned()
        }
        other => other.to_string(),
    }
}

//! Rows of an answer.

use std::fmt;

use aerostack_api::RawJson;
use serde::de::DeserializeOwned;

use super::shape::{self, Shape};
use crate::{
    Error, ErrorKind,
    decode::{self, PathSegment, TypeMismatch},
};

/// A row whose columns are not known beforehand: column names and JSON values.
pub type Row = serde_json::Map<String, serde_json::Value>;

/// Rows not yet decoded.
#[derive(Clone)]
pub struct Rows(RawJson);

impl Rows {
    pub(super) fn new(raw: RawJson) -> Self {
        Self(raw)
    }

    /// Decodes all rows, into any type that [`Db::query`](super::Db::query) decodes into.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`], naming row and column.
    pub fn decode_as<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        Ok(self.decode()?)
    }

    /// The rows as JSON text: an array of objects.
    pub fn as_json(&self) -> &str {
        self.0.text()
    }

    pub(super) fn decode<T: DeserializeOwned>(&self) -> Result<Vec<T>, Mismatch> {
        decode_rows(&self.0)
    }

    /// Decodes the first row and looks at no other.
    pub(super) fn first<T: DeserializeOwned>(&self) -> Result<Option<T>, Mismatch> {
        split(&self.0)?
            .first()
            .map(|row| decode_row(row, Shape::of::<T>(), 0))
            .transpose()
    }

    /// Decodes row by row, as they are asked for.
    pub(super) fn into_iter<T: DeserializeOwned>(
        self,
    ) -> Result<impl Iterator<Item = Result<T, Mismatch>>, Mismatch> {
        let shape = Shape::of::<T>();
        let rows = split(&self.0)?.into_iter().enumerate();
        Ok(rows.map(move |(index, row)| decode_row(&row, shape, index)))
    }

    /// Each row, not yet decoded.
    #[cfg(feature = "realtime")]
    pub(super) fn each(&self) -> Result<Vec<RawJson>, Error> {
        Ok(split(&self.0)?)
    }

    /// Decodes rows one by one.
    #[cfg(feature = "realtime")]
    pub(super) fn decode_each<'r, T: DeserializeOwned>(
        rows: impl IntoIterator<Item = &'r RawJson>,
    ) -> Result<Vec<T>, Error> {
        let shape = Shape::of::<T>();
        rows.into_iter()
            .enumerate()
            .map(|(index, row)| Ok(decode_row(row, shape, index)?))
            .collect()
    }
}

impl fmt::Debug for Rows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rows({} bytes)", self.0.text().len())
    }
}

/// Says which row and column do not fit.
#[derive(Debug)]
pub(super) struct Mismatch(String);

impl From<Mismatch> for Error {
    fn from(mismatch: Mismatch) -> Self {
        Self::new(ErrorKind::Decode, mismatch.to_string())
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Decodes all rows of a result.
pub(super) fn decode_rows<T: DeserializeOwned>(rows: &RawJson) -> Result<Vec<T>, Mismatch> {
    let shape = Shape::of::<T>();
    if shape == Shape::Object {
        return decode::decode(rows).map_err(|found| Mismatch(describe(&found, &[])));
    }
    split(rows)?
        .iter()
        .enumerate()
        .map(|(index, row)| decode_row(row, shape, index))
        .collect()
}

fn split(rows: &RawJson) -> Result<Vec<RawJson>, Mismatch> {
    decode::decode(rows).map_err(|found| Mismatch(describe(&found, &[])))
}

fn decode_row<T: DeserializeOwned>(
    row: &RawJson,
    shape: Shape,
    index: usize,
) -> Result<T, Mismatch> {
    let shaped = shape::shaped(row, shape).map_err(|problem| {
        Mismatch(format!(
            "row {index} (counted from 0) does not fit the requested type: {problem}"
        ))
    })?;
    decode::decode(&shaped.row).map_err(|mut found| {
        let columns = match shape {
            Shape::Scalar => {
                found.path.insert(0, PathSegment::Index(0));
                shaped.columns.as_slice()
            }
            Shape::Columns(_) | Shape::Sequence => shaped.columns.as_slice(),
            Shape::Object | Shape::Nothing => &[],
        };
        found.path.insert(0, PathSegment::Index(index));
        Mismatch(describe(&found, columns))
    })
}

/// The place of a mismatch: the row's number, then the column, by its name where the row is not an object.
fn describe(found: &TypeMismatch, columns: &[String]) -> String {
    let mut place = String::new();
    for (depth, step) in found.path.iter().enumerate() {
        match step {
            PathSegment::Index(index) if depth == 0 => {
                place = format!("row {index} (counted from 0)")
            }
            PathSegment::Index(index) if depth == 1 => match columns.get(*index) {
                Some(name) => place.push_str(&format!(", column `{name}`")),
                None => place.push_str(&format!("[{index}]")),
            },
            PathSegment::Field(name) if depth == 1 => place.push_str(&format!(", column `{name}`")),
            PathSegment::Index(index) => place.push_str(&format!("[{index}]")),
            PathSegment::Field(name) => place.push_str(&format!(".{name}")),
        }
    }
    if place.is_empty() {
        place.push_str("the result");
    }
    format!(
        "{place} does not fit the requested type: {}; compare the SELECT with the type's fields",
        found.problem
    )
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    fn rows(text: &str) -> Rows {
        Rows::new(RawJson::from_text(text.to_owned()).unwrap())
    }

    #[test]
    fn a_value_that_does_not_fit_is_named_by_row_and_column_in_every_shape() {
        #[derive(Debug, Deserialize)]
        struct User {
            #[allow(dead_code, reason = "only decoding it matters")]
            id: i64,
        }
        let rows = rows(r#"[{"id":1},{"id":"a private text"}]"#);
        for error in [
            rows.decode_as::<User>().unwrap_err(),
            rows.decode_as::<(i64,)>().unwrap_err(),
            rows.decode_as::<i64>().unwrap_err(),
            rows.decode_as::<Vec<i64>>().unwrap_err(),
        ] {
            let text = error.to_string();
            assert!(
                text.contains("row 1 (counted from 0), column `id`"),
                "{text}"
            );
            assert!(!text.contains("private"), "{text}");
        }
        assert_eq!(rows.first::<i64>().unwrap(), Some(1));
    }

    #[test]
    fn booleans_are_read_from_0_and_1_in_every_shape() {
        let rows = rows(r#"[{"done":1},{"done":0}]"#);
        assert_eq!(rows.decode_as::<bool>().unwrap(), [true, false]);
        assert_eq!(rows.decode_as::<(bool,)>().unwrap(), [(true,), (false,)]);
    }
}

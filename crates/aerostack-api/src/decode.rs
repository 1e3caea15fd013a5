//! Decodes JSON leniently, into the caller's types and into the platform's answers, and says where a value does not fit.
//!
//! Two kinds of leniency, and no more:
//!
//! * [`decode`] serves values of the caller's: rows, cached values, payloads. SQLite has no booleans, so 0 and 1 read as
//!   `bool`, below `flatten` and in tagged and untagged enums too; drivers of other databases send a `bigint` as text, so
//!   text of digits reads as an integer; JavaScript writes `1.0` as `1` and the other way round, so a whole number reads
//!   as an integer.
//! * [`decode_answer`] serves the platform's own envelope, in which nothing but the wanted part is promised: scalars are
//!   converted into one another where nothing is lost, and an optional scalar that cannot be converted counts as absent.

mod error;
mod field;
mod lenient;
mod reading;

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Deserializer;

use self::{
    error::Flaw,
    lenient::{Lenient, Mode, Pass},
    reading::{Readings, resolve},
};
use crate::DecodeError;

pub use self::field::decode_field;

/// Where and how a value does not fit the type asked for. It quotes no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeMismatch {
    /// The way to the value, from the outside in.
    pub path: Vec<PathSegment>,
    /// What is wrong with it.
    pub problem: String,
}

/// One step on the way to a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PathSegment {
    /// The element of an array, counted from 0.
    Index(usize),
    /// The field of an object, or a variant of an enum.
    Field(String),
}

impl TypeMismatch {
    /// The whole sentence, about something of this name.
    pub fn describe(&self, what: &str) -> String {
        format!(
            "{what}{} does not fit the type asked for: {}",
            Place(&self.path),
            self.problem
        )
    }
}

impl fmt::Display for TypeMismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return f.write_str(&self.problem);
        }
        let place = Place(&self.path).to_string();
        write!(f, "`{}`: {}", place.trim_start_matches('.'), self.problem)
    }
}

impl std::error::Error for TypeMismatch {}

/// A path in the notation of `user.roles[0]`.
struct Place<'a>(&'a [PathSegment]);

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|segment| match segment {
            PathSegment::Index(index) => write!(f, "[{index}]"),
            PathSegment::Field(name) => write!(f, ".{name}"),
        })
    }
}

/// Decodes a value of the caller's.
///
/// The first pass costs what `serde_json` costs. Only when a `bool` was asked of a buffered 0 or 1, which serde does below
/// `flatten` and in tagged and untagged enums, is the value read again, with the columns that were asked for as booleans
/// given as booleans.
///
/// # Errors
/// Where the value does not fit, or that it fits in two ways.
pub fn decode<T: DeserializeOwned>(json: &str) -> Result<T, TypeMismatch> {
    let pass = Pass::fast(Mode::Value);
    let (result, log) = error::logged(|| run(json, &pass));
    match result {
        Ok(value) if !log.asks_for_booleans() => Ok(value),
        Err(_) if !log.asks_for_booleans() => locate(json, Mode::Value),
        _ => resolve(json),
    }
}

/// Decodes an answer of the platform's, of which only the wanted part has to fit.
///
/// # Errors
/// Where the answer does not fit.
pub fn decode_answer<T: DeserializeOwned>(json: &[u8]) -> Result<T, TypeMismatch> {
    let json = std::str::from_utf8(json).map_err(|_| TypeMismatch {
        path: Vec::new(),
        problem: "it is not UTF-8 text".to_owned(),
    })?;
    match run(json, &Pass::fast(Mode::Answer)) {
        Ok(value) => Ok(value),
        Err(_) => locate(json, Mode::Answer),
    }
}

fn run<T: DeserializeOwned>(json: &str, pass: &Pass<'_>) -> Result<T, Flaw> {
    let mut json = Deserializer::from_str(json);
    let value = T::deserialize(Lenient::new(&mut json, pass))?;
    json.end().map_err(Flaw::from_inner)?;
    Ok(value)
}

/// Reads again what is known not to fit: slower, and it remembers where it is. Each optional scalar of an answer that is
/// found in the way is read as absent where it does not fit, and the next pass comes further.
fn locate<T: DeserializeOwned>(json: &str, mode: Mode) -> Result<T, TypeMismatch> {
    let mut readings = Readings::default();
    loop {
        let pass = Pass::tracking(mode, &readings);
        let flaw = match run(json, &pass) {
            Ok(value) => return Ok(value),
            Err(flaw) => flaw,
        };
        let unfit = pass.take_unfit();
        let path = pass.into_path();
        let further = unfit.is_some_and(|(place, kind)| readings.tolerate(place, kind));
        if !further {
            return Err(mismatch(path, &flaw));
        }
    }
}

fn mismatch(path: Vec<PathSegment>, flaw: &Flaw) -> TypeMismatch {
    TypeMismatch {
        path,
        problem: DecodeError::from(flaw.inner()).to_string(),
    }
}

#[cfg(test)]
mod tests;

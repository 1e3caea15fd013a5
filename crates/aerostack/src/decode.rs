//! Decoding into the caller's types, and saying where a value does not fit.

mod lenient;

use aerostack_api::{Answer, Misread, Operation, RawJson};
use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;

use crate::{Error, ErrorKind};

/// Decodes a raw value. SQLite has no booleans, so 0 and 1 are read where a `bool` is asked for.
pub(crate) fn decode<T: DeserializeOwned>(raw: &RawJson) -> Result<T, Misfit> {
    let mut json = serde_json::Deserializer::from_str(raw.text());
    T::deserialize(lenient::Lenient(&mut json)).map_err(|_| locate::<T>(raw))
}

/// Where and how a value does not fit.
#[derive(Debug)]
pub(crate) struct Misfit {
    pub(crate) path: Vec<Step>,
    pub(crate) problem: String,
}

#[derive(Debug)]
pub(crate) enum Step {
    Index(usize),
    Field(String),
}

impl Misfit {
    fn describe(&self, what: &str) -> String {
        let place: String = self
            .path
            .iter()
            .map(|step| match step {
                Step::Index(index) => format!("[{index}]"),
                Step::Field(name) => format!(".{name}"),
            })
            .collect();
        format!(
            "{what}{place} does not fit the type asked for: {}",
            self.problem
        )
    }
}

/// The second pass over a value that is known not to fit: slower, and it remembers where it is.
fn locate<T: DeserializeOwned>(raw: &RawJson) -> Misfit {
    let mut json = serde_json::Deserializer::from_str(raw.text());
    match serde_path_to_error::deserialize::<_, T>(lenient::Lenient(&mut json)) {
        Ok(_) => Misfit {
            path: Vec::new(),
            problem: "it does not decode".to_owned(),
        },
        Err(error) => Misfit {
            path: error
                .path()
                .iter()
                .filter_map(|segment| match segment {
                    Segment::Seq { index } => Some(Step::Index(*index)),
                    Segment::Map { key } => Some(Step::Field(key.clone())),
                    Segment::Enum { variant } => Some(Step::Field(variant.clone())),
                    Segment::Unknown => None,
                })
                .collect(),
            problem: describe(error.inner()),
        },
    }
}

/// A decoder's message without the value it quotes: rows and cache values are the user's data.
pub(crate) fn describe(error: &serde_json::Error) -> String {
    Misread::from(error).to_string()
}

/// An error for a value of an answer that does not fit.
pub(crate) fn misfit<T>(
    operation: &'static Operation,
    answer: &Answer<T>,
    what: &str,
    misfit: &Misfit,
) -> Error {
    Error::answered(
        ErrorKind::Decode,
        operation.id,
        answer,
        misfit.describe(what),
    )
}

/// Decodes a part of a model, kept raw until it is asked for; an absent one as null.
pub(crate) fn part<T: DeserializeOwned>(what: &str, raw: Option<&RawJson>) -> Result<T, Error> {
    let decoded = match raw {
        Some(raw) => decode(raw),
        None => T::deserialize(serde_json::Value::Null).map_err(|error| Misfit {
            path: Vec::new(),
            problem: format!("it is absent ({})", describe(&error)),
        }),
    };
    decoded.map_err(|misfit| Error::new(ErrorKind::Decode, misfit.describe(what)))
}

/// An error for an answer that lacks what makes it one.
pub(crate) fn lacks<T>(operation: &'static Operation, answer: &Answer<T>, what: &str) -> Error {
    Error::answered(
        ErrorKind::Decode,
        operation.id,
        answer,
        format!(
            "the {} answer lacks {what}, without which it says nothing; check that the base URL points at the Aerostack API",
            answer.status.as_u16()
        ),
    )
}

/// Reads the `success` of an answer that says nothing else.
pub(crate) fn succeeded<T>(
    operation: &'static Operation,
    answer: &Answer<T>,
    success: Option<bool>,
) -> Result<(), Error> {
    match success {
        Some(true) => Ok(()),
        Some(false) => Err(Error::answered(
            ErrorKind::Rejected,
            operation.id,
            answer,
            "the platform answered `success: false` and does not say why",
        )),
        None => Err(lacks(operation, answer, "`success`")),
    }
}

/// Reads a count.
pub(crate) fn count<T>(
    operation: &'static Operation,
    answer: &Answer<T>,
    count: Option<i64>,
    what: &str,
) -> Result<u64, Error> {
    count
        .and_then(|count| u64::try_from(count).ok())
        .ok_or_else(|| lacks(operation, answer, what))
}

/// Reads a text that must be there.
pub(crate) fn text<T>(
    operation: &'static Operation,
    answer: &Answer<T>,
    text: Option<String>,
    what: &str,
) -> Result<String, Error> {
    text.filter(|text| !text.is_empty())
        .ok_or_else(|| lacks(operation, answer, what))
}

//! Decoding into the caller's types, and saying where a value does not fit.

use aerostack_api::{DecodeError, RawJson, Response, decode};
use serde::de::DeserializeOwned;

pub(crate) use aerostack_api::decode::{PathSegment, TypeMismatch};

use crate::{Error, ErrorKind};

/// Decodes a raw value, leniently. See [`aerostack_api::decode`].
pub(crate) fn decode<T: DeserializeOwned>(raw: &RawJson) -> Result<T, TypeMismatch> {
    decode::decode(raw.text())
}

/// A decoder's message without the value it quotes: rows and cache values are the user's data.
pub(crate) fn describe(error: &serde_json::Error) -> String {
    DecodeError::from(error).to_string()
}

/// An error for a value of an answer that does not fit.
pub(crate) fn mismatch<T>(response: &Response<T>, what: &str, mismatch: &TypeMismatch) -> Error {
    Error::answered(ErrorKind::Decode, response, mismatch.describe(what))
}

/// Decodes a part of a model, kept raw until it is asked for; an absent one as null.
pub(crate) fn part<T: DeserializeOwned>(what: &str, raw: Option<&RawJson>) -> Result<T, Error> {
    let decoded = match raw {
        Some(raw) => decode(raw),
        None => T::deserialize(serde_json::Value::Null).map_err(|error| TypeMismatch {
            path: Vec::new(),
            problem: format!("it is absent ({})", describe(&error)),
        }),
    };
    decoded.map_err(|mismatch| Error::new(ErrorKind::Decode, mismatch.describe(what)))
}

/// An error for an answer that lacks what makes it one.
pub(crate) fn lacks<T>(response: &Response<T>, what: &str) -> Error {
    Error::answered(
        ErrorKind::Decode,
        response,
        format!(
            "the {} answer lacks {what}, without which it says nothing; check that the base URL points at the Aerostack API",
            response.status.as_u16()
        ),
    )
}

/// Reads the `success` of an answer that says nothing else.
pub(crate) fn succeeded<T>(response: &Response<T>, success: Option<bool>) -> Result<(), Error> {
    match success {
        Some(true) => Ok(()),
        Some(false) => Err(Error::answered(
            ErrorKind::Rejected,
            response,
            "the platform answered `success: false` and does not say why",
        )),
        None => Err(lacks(response, "`success`")),
    }
}

/// Reads a count.
pub(crate) fn count<T>(
    response: &Response<T>,
    count: Option<i64>,
    what: &str,
) -> Result<u64, Error> {
    count
        .and_then(|count| u64::try_from(count).ok())
        .ok_or_else(|| lacks(response, what))
}

/// Reads a text that must be there.
pub(crate) fn text<T>(
    response: &Response<T>,
    text: Option<String>,
    what: &str,
) -> Result<String, Error> {
    text.filter(|text| !text.is_empty())
        .ok_or_else(|| lacks(response, what))
}

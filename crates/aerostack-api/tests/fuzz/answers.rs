//! Bodies of answers, decoded into the generated types.

use std::collections::BTreeSet;

use aerostack_api::RawJson;
use aerostack_api::types;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::corpus::corpus;

const PIECES: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b"\\",
    b",",
    b":",
    b"null",
    b"true",
    b"false",
    b"0",
    b"-1",
    b"1.5",
    b"1e999",
    b"18446744073709551616",
    b"9007199254740993",
    b"\\ud800",
    b"\\u0000",
    b"\0",
    b"\xff",
    b" ",
    b"\"success\":",
    b"\"data\":",
    b"\"results\":",
    b"\"id\":",
    b"[[[[[[[[[[[[[[[[",
    b"{\"a\":{\"a\":{\"a\":",
];

/// Decodes, and if that succeeds encodes and decodes again: the same comes out.
fn decode<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Result<bool, TestCaseError> {
    let Ok(value) = serde_json::from_slice::<T>(bytes) else {
        return Ok(false);
    };
    let text = serde_json::to_string(&value).unwrap();
    let again: T = serde_json::from_str(&text)
        .map_err(|error| TestCaseError::fail(format!("{text} is not read back: {error}")))?;
    prop_assert_eq!(serde_json::to_string(&again).unwrap(), text);
    Ok(true)
}

type Decode = fn(&[u8]) -> Result<bool, TestCaseError>;

macro_rules! answers {
    ($($name:ident,)*) => {
        /// Every type that an operation answers with.
        const ANSWERS: &[(&str, Decode)] = &[$((stringify!($name), decode::<types::$name>)),*];
    };
}

include!("answers/types.rs");

#[test]
fn fuzz_answers_are_decoded_or_refused_and_encode_as_they_decode() {
    let corpus = corpus!("answers");
    let cases = (corpus.damaged(PIECES), prop::option::of(0..ANSWERS.len()));
    corpus.hold(
        &cases,
        1.0,
        |seed| (seed.to_vec(), None),
        |(bytes, at)| {
            // The caller's own JSON keeps its text to the letter.
            if let Ok(raw) = serde_json::from_slice::<RawJson>(&bytes) {
                let text = std::str::from_utf8(&bytes).unwrap();
                prop_assert_eq!(raw.text(), text.trim_matches([' ', '\n', '\r', '\t']));
            }
            match at {
                Some(at) => (ANSWERS[at].1)(&bytes),
                None => ANSWERS
                    .iter()
                    .try_fold(false, |any, (_, decode)| Ok(decode(&bytes)? || any)),
            }
        },
    );
}

#[test]
fn no_answer_is_left_out() {
    let source = include_str!("../../src/generated/requests.rs");
    let marked = source.split("type Response = types::").skip(1);
    let answered: BTreeSet<_> = marked.filter_map(|rest| rest.split(';').next()).collect();
    let listed: BTreeSet<_> = ANSWERS.iter().map(|(name, _)| *name).collect();
    assert_eq!(listed, answered);
}

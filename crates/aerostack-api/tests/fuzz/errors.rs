//! Bodies of errors.

use aerostack_api::ErrorBody;
use bytes::Bytes;
use proptest::prelude::*;
use serde_json::Value;

use crate::corpus::corpus;

pub(crate) const PIECES: &[&[u8]] = &[
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
    b"7",
    b"1e999",
    b"\\ud800",
    b"\\u0000",
    b"\0",
    b"\xff",
    b"\"code\":",
    b"\"message\":",
    b"\"error\":",
    b"\"field\":",
    b"\"details\":",
    b"\"error\":{",
    b"\"UPPER_CASE_9\"",
    b"\"emailNotVerified\":true,",
];

/// What is said of a body besides its bytes.
fn said(
    body: &ErrorBody,
) -> (
    Option<&str>,
    Option<&str>,
    Option<&str>,
    Option<Value>,
    bool,
) {
    let details = body.details.as_ref();
    (
        body.code.as_deref(),
        body.message.as_deref(),
        body.field.as_deref(),
        details.map(|json| serde_json::from_str(json.text()).unwrap()),
        body.email_not_verified,
    )
}

/// Every text that stands somewhere in a value.
fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, found)),
        _ => {}
    }
}

#[test]
fn fuzz_error_bodies_are_kept_and_nothing_is_made_up() {
    let corpus = corpus!("errors");
    corpus.hold(&corpus.damaged(PIECES), 1.0, <[u8]>::to_vec, |bytes| {
        let body = ErrorBody::parse(Bytes::from(bytes.clone()));
        prop_assert_eq!(&body.raw, &bytes);
        let Ok(value) = serde_json::from_slice::<Value>(&bytes) else {
            prop_assert_eq!(said(&body), (None, None, None, None, false));
            return Ok(false);
        };
        let mut there = Vec::new();
        texts(&value, &mut there);
        for text in [&body.code, &body.message, &body.field]
            .into_iter()
            .flatten()
        {
            prop_assert!(
                !text.is_empty() && there.contains(&text.as_str()),
                "{text:?}"
            );
        }
        for (field, read) in [
            ("code", &body.code),
            ("message", &body.message),
            ("field", &body.field),
        ] {
            match value[field].as_str() {
                Some(text) if !text.is_empty() => prop_assert_eq!(read.as_deref(), Some(text)),
                _ => {}
            }
        }
        // Spaces and the order of fields say nothing.
        let pretty = serde_json::to_vec_pretty(&value).unwrap();
        let pretty = ErrorBody::parse(Bytes::from(pretty));
        prop_assert_eq!(said(&pretty), said(&body));
        Ok(body.code.is_some() || body.message.is_some())
    });
}

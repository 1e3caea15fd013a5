//! `Retry-After` and `X-RateLimit-Reset`.

use std::time::{Duration, SystemTime};

use aerostack_api::{retry_after, server_hint};
use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;

use crate::corpus::corpus;

pub(crate) const PIECES: &[&[u8]] = &[
    b"0",
    b"9",
    b"99999999999999999999",
    b" ",
    b"\t",
    b"-",
    b"+",
    b".",
    b",",
    b":",
    b"GMT",
    b"Mon, ",
    b"Sun, 06 Nov 1994 08:49:37 GMT",
    b"Feb",
    b"31",
    b"9999",
    b"0000",
    b"24:00:00",
    b"23:59:60",
    b"\xfc",
];

/// The value in a header, where it can be one.
pub(crate) fn header(bytes: &[u8]) -> Option<HeaderValue> {
    HeaderValue::from_bytes(bytes).ok()
}

/// What a value says, worked out the slow way.
fn expected(value: &[u8], now: SystemTime, dates: bool) -> Option<Duration> {
    let text = std::str::from_utf8(value).ok()?.trim();
    let digits = text.strip_prefix('+').unwrap_or(text);
    if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: u64 = digits.parse().ok()?;
        if dates {
            return Some(Duration::from_secs(number));
        }
        let reset = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(number))?;
        return Some(reset.duration_since(now).unwrap_or(Duration::ZERO));
    }
    let date = httpdate::parse_http_date(text).ok().filter(|_| dates)?;
    Some(date.duration_since(now).unwrap_or(Duration::ZERO))
}

#[test]
fn fuzz_hints_are_exact_or_absent_and_never_negative() {
    let corpus = corpus!("hints");
    let value = || corpus.damaged(PIECES);
    let cases = (value(), prop::option::of(value()), 0_u64..4_000_000_000);
    corpus.hold(
        &cases,
        1.0,
        |seed| (seed.to_vec(), Some(seed.to_vec()), 1_782_000_000),
        |(after, reset, now)| {
            let now = SystemTime::UNIX_EPOCH + Duration::from_secs(now);
            let mut headers = HeaderMap::new();
            let mut put = |name, bytes: Option<&Vec<u8>>| {
                let value = bytes.and_then(|bytes| header(bytes));
                value.clone().map(|value| headers.insert(name, value));
                value
            };
            let after = put("retry-after", Some(&after));
            let reset = put("x-ratelimit-reset", reset.as_ref());
            let says = |value: &Option<HeaderValue>, dates| {
                value
                    .as_ref()
                    .and_then(|value| expected(value.as_bytes(), now, dates))
            };
            let (after, reset) = (says(&after, true), says(&reset, false));
            prop_assert_eq!(retry_after(&headers, now), after);
            prop_assert_eq!(server_hint(&headers, now), after.or(reset));
            Ok(after.or(reset).is_some())
        },
    );
}

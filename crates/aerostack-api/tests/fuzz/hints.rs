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

/// Digits, with a fraction or without, in nanoseconds.
fn number(text: &str) -> Option<u128> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let (whole, fraction) = match text.find('.') {
        Some(point) => (&text[..point], &text[point + 1..]),
        None => (text, ""),
    };
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) {
        return None;
    }
    let mut nanos = u128::from(whole.parse::<u64>().ok()?) * 1_000_000_000;
    let mut place = 100_000_000;
    for digit in fraction.bytes() {
        nanos += u128::from(digit - b'0') * place;
        place /= 10;
    }
    Some(nanos)
}

fn duration(nanos: u128) -> Duration {
    let second = 1_000_000_000;
    Duration::new((nanos / second) as u64, (nanos % second) as u32)
}

/// What a value says, worked out the slow way.
fn expected(value: &[u8], now: SystemTime, dates: bool) -> Option<Duration> {
    let text = std::str::from_utf8(value).ok()?.trim();
    let since = |time: SystemTime| time.duration_since(now).unwrap_or(Duration::ZERO);
    match (number(text), dates) {
        (Some(nanos), true) => Some(duration(nanos)),
        (None, true) => httpdate::parse_http_date(text).ok().map(since),
        (None, false) => None,
        (Some(nanos), false) => {
            let nanos = match nanos / 1_000_000_000 {
                0..1_000_000_000 => return Some(duration(nanos)),
                1_000_000_000..100_000_000_000 => nanos,
                _ => nanos / 1000,
            };
            let end = SystemTime::UNIX_EPOCH.checked_add(duration(nanos))?;
            Some(since(end))
        }
    }
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

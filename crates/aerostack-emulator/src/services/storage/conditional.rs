//! What a client that knows a file already, or wants a part of it, is sent (RFC 9110, sections 13 and 14).

use std::ops::Range;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::http::{HeaderMap, HeaderName, header};

/// How much of a file is sent.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Whole,
    /// The client has it: 304.
    Nothing,
    /// These bytes: 206.
    Part(Range<u64>),
    /// A range beyond the end: 416.
    Unsatisfiable,
}

/// What of a file the request's headers ask for. `etag` is without quotes.
pub(super) fn wanted(headers: &HeaderMap, etag: &str, modified_ms: i64, size: u64) -> Wanted {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let modified = seconds(modified_ms);
    let has_it = match text(header::IF_NONE_MATCH) {
        Some(known) => known
            .split(',')
            .map(str::trim)
            .any(|known| known == "*" || is(known, etag)),
        None => text(header::IF_MODIFIED_SINCE)
            .and_then(|since| httpdate::parse_http_date(since).ok())
            .is_some_and(|since| modified <= since),
    };
    if has_it {
        return Wanted::Nothing;
    }
    let unchanged = text(header::IF_RANGE).is_none_or(|known| {
        is(known, etag) || httpdate::parse_http_date(known).is_ok_and(|since| since == modified)
    });
    match text(header::RANGE) {
        Some(range) if unchanged => part(range, size),
        _ => Wanted::Whole,
    }
}

/// When a file was changed, as `Last-Modified` says it.
pub(super) fn http_date(modified_ms: i64) -> String {
    httpdate::fmt_http_date(seconds(modified_ms))
}

/// Dates in headers know no milliseconds.
fn seconds(ms: i64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(u64::try_from(ms / 1000).unwrap_or_default())
}

fn is(known: &str, etag: &str) -> bool {
    known.trim_start_matches("W/").trim_matches('"') == etag
}

/// One range; several, and what is none, are answered with the whole file.
fn part(range: &str, size: u64) -> Wanted {
    let Some((first, last)) = range
        .strip_prefix("bytes=")
        .filter(|range| !range.contains(','))
        .and_then(|range| range.trim().split_once('-'))
    else {
        return Wanted::Whole;
    };
    let range = match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), Ok(last)) if first <= last => first..last.saturating_add(1).min(size),
        (Ok(first), Err(_)) if last.is_empty() => first..size,
        (Err(_), Ok(last)) if first.is_empty() => size.saturating_sub(last)..size,
        _ => return Wanted::Whole,
    };
    if range.start < range.end {
        Wanted::Part(range)
    } else {
        Wanted::Unsatisfiable
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_decide_how_much_is_sent() {
        let date = "Thu, 01 Jan 1970 00:00:10 GMT";
        let cases: &[(&[(&str, &str)], Wanted)] = &[
            (&[], Wanted::Whole),
            (&[("if-none-match", "\"tag\"")], Wanted::Nothing),
            (
                &[("if-none-match", "\"other\", W/\"tag\"")],
                Wanted::Nothing,
            ),
            (&[("if-none-match", "\"other\"")], Wanted::Whole),
            (&[("if-modified-since", date)], Wanted::Nothing),
            (
                &[("if-modified-since", "Thu, 01 Jan 1970 00:00:09 GMT")],
                Wanted::Whole,
            ),
            (
                &[("if-none-match", "\"other\""), ("if-modified-since", date)],
                Wanted::Whole,
            ),
            (&[("range", "bytes=0-1")], Wanted::Part(0..2)),
            (&[("range", "bytes=4-")], Wanted::Part(4..10)),
            (&[("range", "bytes=-3")], Wanted::Part(7..10)),
            (&[("range", "bytes=-30")], Wanted::Part(0..10)),
            (&[("range", "bytes=8-90")], Wanted::Part(8..10)),
            (&[("range", "bytes=10-")], Wanted::Unsatisfiable),
            (&[("range", "bytes=-0")], Wanted::Unsatisfiable),
            (&[("range", "bytes=0-1,3-4")], Wanted::Whole),
            (&[("range", "lines=1-2")], Wanted::Whole),
            (&[("range", "bytes=2-1")], Wanted::Whole),
            (
                &[("range", "bytes=0-1"), ("if-range", "\"tag\"")],
                Wanted::Part(0..2),
            ),
            (
                &[("range", "bytes=0-1"), ("if-range", "\"old\"")],
                Wanted::Whole,
            ),
            (
                &[("range", "bytes=0-1"), ("if-range", date)],
                Wanted::Part(0..2),
            ),
        ];
        for (headers, expected) in cases {
            let map: HeaderMap = headers
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect();
            assert_eq!(&wanted(&map, "tag", 10_500, 10), expected, "{headers:?}");
        }
        assert_eq!(http_date(10_500), date);
    }
}

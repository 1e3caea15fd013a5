//! How long to wait before trying again.

use std::time::{Duration, SystemTime};

use http::HeaderMap;

use crate::clock::Random;

/// Exponential backoff with full jitter: attempt `n` waits a time drawn from `[0, min(base * 2^n, cap))`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    /// Ceiling of the first wait.
    pub base: Duration,
    /// Ceiling of every wait.
    pub cap: Duration,
}

impl Backoff {
    /// The ceiling for the `n`th wait, counted from 0.
    pub fn ceiling(&self, n: u32) -> Duration {
        let factor = 1u32.checked_shl(n.min(31)).unwrap_or(u32::MAX);
        self.base.saturating_mul(factor).min(self.cap)
    }

    /// The `n`th wait, counted from 0.
    pub fn delay(&self, n: u32, random: &Random) -> Duration {
        random.below(self.ceiling(n))
    }
}

/// When a server that turns a client away asks it to come back.
///
/// Reads what [`retry_after`] reads and, failing that, when the window of a rate limit ends: `RateLimit-Reset`, `RateLimit`
/// (both drafts of the IETF), `X-RateLimit-Reset-After`, `X-RateLimit-Reset` and `X-Rate-Limit-Reset`, as seconds from now,
/// Unix seconds or Unix milliseconds. A time in the past is no wait at all; what cannot be read counts as absent.
pub fn server_hint(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    const RESETS: [&str; 4] = [
        "ratelimit-reset",
        "x-ratelimit-reset-after",
        "x-ratelimit-reset",
        "x-rate-limit-reset",
    ];
    let now = server_date(headers).unwrap_or(now);
    retry_after(headers, now)
        .or_else(|| {
            RESETS
                .iter()
                .find_map(|name| reset(text(headers, name)?, now))
        })
        .or_else(|| {
            // `limit=10, remaining=0, reset=7` or `"default";r=0;t=7`.
            let mut parts = text(headers, "ratelimit")?.split([',', ';']).map(str::trim);
            let value = parts.find_map(|part| {
                part.strip_prefix("reset=")
                    .or_else(|| part.strip_prefix("t="))
            })?;
            seconds(value)
        })
}

/// `Retry-After`, in seconds or as a date, or `Retry-After-Ms`.
///
/// The platform says in every response when the current window of its rate limit ends; for a failure that has nothing to
/// do with the limit, that says nothing.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    if let Some(milliseconds) = text(headers, "retry-after-ms").and_then(seconds) {
        return Some(milliseconds / 1000);
    }
    let value = text(headers, "retry-after")?;
    if let Some(delay) = seconds(value) {
        return Some(delay);
    }
    let date = httpdate::parse_http_date(value).ok()?;
    // By the server's clock, where it gives one: ours may be wrong.
    let now = server_date(headers).unwrap_or(now);
    Some(date.duration_since(now).unwrap_or_default())
}

/// Seconds, with a fraction or without.
fn seconds(text: &str) -> Option<Duration> {
    let text = text.strip_prefix('+').unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.is_empty()
        || ![whole, fraction]
            .concat()
            .bytes()
            .all(|b| b.is_ascii_digit())
    {
        return None;
    }
    let nanos: String = fraction
        .chars()
        .chain("000000000".chars())
        .take(9)
        .collect();
    Some(Duration::new(whole.parse().ok()?, nanos.parse().ok()?))
}

/// The end of a window. How large the number is tells what it counts: no window is thirty years long.
fn reset(text: &str, now: SystemTime) -> Option<Duration> {
    const UNIX_SECONDS: Duration = Duration::from_secs(1_000_000_000);
    const UNIX_MILLISECONDS: Duration = Duration::from_secs(100_000_000_000);
    let number = seconds(text)?;
    let since_epoch = match number {
        delay if delay < UNIX_SECONDS => return Some(delay),
        seconds if seconds < UNIX_MILLISECONDS => seconds,
        milliseconds => milliseconds / 1000,
    };
    let end = SystemTime::UNIX_EPOCH.checked_add(since_epoch)?;
    Some(end.duration_since(now).unwrap_or_default())
}

/// The server's own clock, from the `Date` of an answer.
pub fn server_date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(text(headers, "date")?).ok()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: u64 = 1_782_000_000;

    fn hint(name: &'static str, value: &str) -> Option<Duration> {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().unwrap());
        server_hint(&headers, SystemTime::UNIX_EPOCH + Duration::from_secs(NOW))
    }

    #[test]
    fn hints_are_read_in_every_form_the_platform_or_a_proxy_may_use() {
        let date = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(NOW + 90));
        let past = httpdate::fmt_http_date(SystemTime::UNIX_EPOCH + Duration::from_secs(NOW - 90));
        for (name, value, expected) in [
            ("retry-after", "8", Some(8)),
            ("retry-after", " 8 ", Some(8)),
            ("retry-after", date.as_str(), Some(90)),
            ("retry-after", past.as_str(), Some(0)),
            ("retry-after", "soon", None),
            ("retry-after", "-1", None),
            ("retry-after", "1.", Some(1)),
            ("retry-after", ".5", None),
            ("retry-after-ms", "3000", Some(3)),
            ("ratelimit-reset", "7", Some(7)),
            ("ratelimit", "limit=10, remaining=0, reset=7", Some(7)),
            ("ratelimit", "\"default\";r=0;t=7", Some(7)),
            ("ratelimit", "\"default\";r=0", None),
            ("x-ratelimit-reset-after", "9", Some(9)),
            ("x-ratelimit-reset", "1782000012", Some(12)),
            ("x-ratelimit-reset", "1782000012000", Some(12)),
            ("x-ratelimit-reset", "12", Some(12)),
            ("x-ratelimit-reset", "1700000000", Some(0)),
            ("x-ratelimit-reset", "99999999999999999999", None),
            ("x-other", "5", None),
        ] {
            assert_eq!(
                hint(name, value),
                expected.map(Duration::from_secs),
                "{name}: {value}"
            );
        }
        assert_eq!(
            hint("retry-after", "0.25"),
            Some(Duration::from_millis(250))
        );
        assert_eq!(
            hint("retry-after-ms", "1.5"),
            Some(Duration::from_micros(1500))
        );
    }

    #[test]
    fn the_servers_clock_counts_where_it_gives_one() {
        let at = |offset| SystemTime::UNIX_EPOCH + Duration::from_secs(NOW + offset);
        for (name, value) in [
            ("retry-after", httpdate::fmt_http_date(at(100))),
            ("x-ratelimit-reset", (NOW + 100).to_string()),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("date", httpdate::fmt_http_date(at(90)).parse().unwrap());
            headers.insert(name, value.parse().unwrap());
            for ours in [0, 90, 90_000] {
                let hint = server_hint(&headers, at(ours));
                assert_eq!(hint, Some(Duration::from_secs(10)), "{name}");
            }
        }
    }

    proptest! {
        #[test]
        fn a_wait_never_exceeds_its_ceiling(n in 0u32..200, base in 1u64..5_000, cap in 1u64..60_000, seed: u64) {
            let backoff = Backoff { base: Duration::from_millis(base), cap: Duration::from_millis(cap) };
            let delay = backoff.delay(n, &Random::seeded(seed));
            prop_assert!(delay <= backoff.ceiling(n));
            prop_assert!(backoff.ceiling(n) <= backoff.cap);
        }

        #[test]
        fn ceilings_never_shrink(n in 0u32..100, base in 1u64..5_000, cap in 1u64..60_000) {
            let backoff = Backoff { base: Duration::from_millis(base), cap: Duration::from_millis(cap) };
            prop_assert!(backoff.ceiling(n) <= backoff.ceiling(n + 1));
        }

        #[test]
        fn any_header_text_is_survived(text in "[ -~]{0,40}") {
            let _ = hint("retry-after", &text);
            let _ = hint("x-ratelimit-reset", &text);
        }
    }
}

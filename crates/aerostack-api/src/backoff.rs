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

/// What a server that turns a client away says about when to come back.
///
/// Reads `Retry-After` (seconds or a date) and, failing that, `X-RateLimit-Reset` (Unix seconds). A date in the past is
/// no wait at all; what cannot be read counts as absent.
pub fn server_hint(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    retry_after(headers, now).or_else(|| {
        let reset = text(headers, "x-ratelimit-reset")?.parse::<u64>().ok()?;
        let reset = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(reset))?;
        Some(reset.duration_since(now).unwrap_or_default())
    })
}

/// `Retry-After` alone. The platform says on every answer when the current window of its rate limit ends; for a failure
/// that has nothing to do with the limit, that says nothing.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let value = text(headers, "retry-after")?;
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
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
            ("x-ratelimit-reset", "1782000012", Some(12)),
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

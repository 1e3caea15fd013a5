//! Rate limits, as the platform's guide gives them: counted in fixed windows of the emulator's clock.

use std::collections::HashMap;
use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use parking_lot::Mutex;

use crate::error::{ApiError, ApiResult};

/// So many calls in so long.
#[derive(Debug)]
pub(crate) struct Rule {
    name: &'static str,
    calls: u64,
    seconds: i64,
}

const fn rule(name: &'static str, calls: u64, seconds: i64) -> Rule {
    Rule {
        name,
        calls,
        seconds,
    }
}

/// All calls with a key.
pub(crate) const KEYED: Rule = rule("keyed", 1000, 60);
/// All calls without one, for one address.
pub(crate) const KEYLESS: Rule = rule("keyless", 100, 60);
/// Logins to one account.
pub(crate) const LOGIN: Rule = rule("login", 5, 15 * 60);
/// Codes sent to one address or number.
pub(crate) const CODE_SENT: Rule = rule("code sent", 3, 5 * 60);
/// Codes tried for one address or number.
pub(crate) const CODE_TRIED: Rule = rule("code tried", 3, 5 * 60);
/// Resets asked for by one address.
pub(crate) const RESET: Rule = rule("reset", 3, 15 * 60);
/// Verification mails to one address.
pub(crate) const RESEND: Rule = rule("resend", 3, 60);

const LOGIN_BY_ADDRESS: Rule = rule("login by address", 10, 60);
const REGISTER_BY_ADDRESS: Rule = rule("register by address", 5, 60);
const FLUSH: Rule = rule("flush", 5, 60);

/// The rule an operation has beside the general ones.
pub(crate) fn of_operation(id: &str) -> Option<&'static Rule> {
    match id {
        "publicAuthLogin" => Some(&LOGIN_BY_ADDRESS),
        "publicAuthRegister" => Some(&REGISTER_BY_ADDRESS),
        "cacheFlush" => Some(&FLUSH),
        _ => None,
    }
}

/// What is left of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    limit: u64,
    remaining: u64,
    /// Unix seconds.
    reset: i64,
}

impl Quota {
    /// Says so in the headers the platform uses.
    pub(crate) fn write(self, headers: &mut HeaderMap) {
        for (name, value) in [
            ("x-ratelimit-limit", self.limit.to_string()),
            ("x-ratelimit-remaining", self.remaining.to_string()),
            ("x-ratelimit-reset", self.reset.to_string()),
        ] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }
}

/// Counts calls; counts nothing unless switched on.
#[derive(Clone)]
pub(crate) struct RateLimits {
    enabled: bool,
    windows: Arc<Mutex<HashMap<(&'static str, String), Window>>>,
}

struct Window {
    ends_ms: i64,
    calls: u64,
}

/// Windows kept before the finished ones are dropped.
const WINDOWS_MAX: usize = 10_000;

impl RateLimits {
    pub(crate) fn new(enabled: bool) -> Self {
        Self {
            enabled,
            windows: Arc::default(),
        }
    }

    /// Counts a call of `who`, and refuses it when it is one too many.
    pub(crate) fn count(&self, rule: &Rule, who: &str, now_ms: i64) -> ApiResult<Option<Quota>> {
        if !self.enabled {
            return Ok(None);
        }
        let mut windows = self.windows.lock();
        if windows.len() >= WINDOWS_MAX {
            windows.retain(|_, window| window.ends_ms > now_ms);
        }
        let window = windows
            .entry((rule.name, who.to_owned()))
            .or_insert(Window {
                ends_ms: i64::MIN,
                calls: 0,
            });
        if window.ends_ms <= now_ms {
            *window = Window {
                ends_ms: now_ms + rule.seconds * 1000,
                calls: 0,
            };
        }
        window.calls += 1;
        let quota = Quota {
            limit: rule.calls,
            remaining: rule.calls.saturating_sub(window.calls),
            reset: window.ends_ms.div_euclid(1000),
        };
        if window.calls <= rule.calls {
            return Ok(Some(quota));
        }
        let wait = (window.ends_ms - now_ms + 999).div_euclid(1000);
        let mut headers = HeaderMap::new();
        quota.write(&mut headers);
        headers.insert(axum::http::header::RETRY_AFTER, HeaderValue::from(wait));
        let error = ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "RATE_LIMIT_EXCEEDED",
            format!("Too many requests. Try again in {wait} seconds."),
        );
        Err(headers
            .into_iter()
            .fold(error, |error, (name, value)| match name {
                Some(name) => error.header(name, value),
                None => error,
            }))
    }
}

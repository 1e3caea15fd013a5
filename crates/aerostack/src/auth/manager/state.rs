//! When a token is refreshed, decided without any network: what is known of the token, and of refreshes that failed.

use std::{
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use aerostack_api::{Backoff, Random};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use tokio::time::Instant;

use super::Refresh;
use crate::{
    Error, ErrorCode, ErrorKind, Secret,
    auth::{Session, model::Received},
};

/// The longest time before its end at which a token is refreshed: the time a call may need to arrive.
const LEEWAY: Duration = Duration::from_secs(30);

/// The leeway is never more than this part of a token's life, or tokens of seconds would be refreshed all the time.
const LEEWAY_SHARE: u32 = 10;

/// Pauses after refreshes that failed, and after tokens that were refused although they were new.
const PAUSE: Backoff = Backoff {
    base: Duration::from_secs(2),
    cap: Duration::from_secs(30),
};

/// When a token ends, on the clock that nobody sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lifetime {
    pub(super) end: Instant,
    /// From here on it is refreshed.
    pub(super) renewal: Instant,
}

impl Lifetime {
    /// The life of a token that was received at `received`, when the platform's clock, or else the machine's, said `wall`.
    /// `None` where the token does not say.
    ///
    /// A token that says when it was issued has a length, which needs no clock at all. Otherwise its end is compared with
    /// the clock; a token that had ended when it was received tells of a wrong clock, and nothing of the token.
    fn of(token: &Secret, received: Instant, wall: SystemTime) -> Option<Self> {
        let claims = Claims::read(token)?;
        let length = match claims.iat {
            Some(issued) => claims.exp - issued,
            None => claims.exp - wall.duration_since(UNIX_EPOCH).ok()?.as_secs_f64(),
        };
        if length <= 0.0 {
            return None;
        }
        let length = Duration::try_from_secs_f64(length).ok()?;
        let end = received.checked_add(length)?;
        let leeway = LEEWAY.min(length / LEEWAY_SHARE);
        Some(Self {
            end,
            renewal: end - leeway,
        })
    }
}

/// What a JWT says about its life. Nothing is verified: that is the platform's business, this only plans a refresh.
/// Fractions are allowed in it (RFC 7519, section 2).
#[derive(Deserialize)]
struct Claims {
    exp: f64,
    #[serde(default)]
    iat: Option<f64>,
}

impl Claims {
    fn read(token: &Secret) -> Option<Self> {
        let payload = token.expose().split('.').nth(1)?;
        let json = URL_SAFE_NO_PAD.decode(payload).ok()?;
        serde_json::from_slice(&json).ok()
    }
}

/// What a caller who wants a token is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    /// Take the token there is.
    Use,
    /// Refresh, but no longer than until then: the token is still good.
    Renew { until: Instant },
    /// Refresh: the token has expired.
    Replace,
}

/// Refreshes, or new tokens that were refused, one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Pause {
    failures: u32,
    until: Instant,
}

impl Pause {
    fn after(
        before: Option<Self>,
        now: Instant,
        hint: Option<Duration>,
        random: &Random,
    ) -> Option<Self> {
        let failures = before.map_or(0, |pause| pause.failures);
        let ceiling = PAUSE.ceiling(failures);
        // At least half of it, so that there is a pause at all.
        let pause = ceiling / 2 + random.below(ceiling / 2);
        let until = now.checked_add(pause.max(hint.unwrap_or_default()))?;
        Some(Self {
            failures: failures.saturating_add(1),
            until,
        })
    }

    fn left(pause: Option<Self>, now: Instant) -> Option<Duration> {
        let left = pause?.until.saturating_duration_since(now);
        (!left.is_zero()).then_some(left)
    }
}

pub(super) struct State {
    pub(super) session: Session,
    /// Counts the tokens.
    pub(super) generation: u64,
    pub(super) refreshing: Option<Refresh>,
    lifetime: Option<Lifetime>,
    failed: Option<Pause>,
    last_error: Option<Arc<Error>>,
    /// The generation that was refused although it was new, and the pause after it.
    refused: Option<(u64, Pause)>,
}

impl State {
    pub(super) fn new(session: Session, now: Instant, wall: SystemTime) -> Self {
        let mut state = Self {
            session,
            generation: 0,
            refreshing: None,
            lifetime: None,
            failed: None,
            last_error: None,
            refused: None,
        };
        state.measure(now, wall);
        state
    }

    fn measure(&mut self, now: Instant, wall: SystemTime) {
        let Received { at, date } = self.session.received;
        let elapsed = now.saturating_duration_since(at);
        let wall = date.unwrap_or_else(|| wall.checked_sub(elapsed).unwrap_or(UNIX_EPOCH));
        self.lifetime = Lifetime::of(&self.session.access_token, at, wall);
    }

    pub(super) fn plan(&self, now: Instant) -> Plan {
        let Some(lifetime) = self.lifetime else {
            return Plan::Use;
        };
        if now >= lifetime.end {
            return Plan::Replace;
        }
        let hopeless =
            self.session.refresh_token.is_none() || Pause::left(self.failed, now).is_some();
        if now < lifetime.renewal || hopeless {
            return Plan::Use;
        }
        let leeway = lifetime.end - lifetime.renewal;
        Plan::Renew {
            until: now.max(lifetime.end - leeway / 4),
        }
    }

    /// The token for a refresh, or why none is begun now. `asked` is when the caller wants one whatever happened before.
    pub(super) fn refresh_token(&self, now: Instant, asked: bool) -> Result<Secret, Error> {
        let Some(token) = &self.session.refresh_token else {
            return Err(Error::new(
                ErrorKind::Unauthorized,
                "the session has expired and has no refresh token; sign the user in again",
            ));
        };
        match (&self.last_error, Pause::left(self.failed, now)) {
            (Some(error), Some(left)) if !asked => Err(error.copy().with_retry_after(left)),
            _ => Ok(token.clone()),
        }
    }

    /// Whether a refused token is worth a refresh. One that was refused when it was new is not, for a while: what is wrong
    /// is something else.
    pub(super) fn is_worth_refreshing(&self, generation: u64, now: Instant) -> bool {
        match self.refused {
            Some((refused, pause)) => {
                refused < generation || Pause::left(Some(pause), now).is_none()
            }
            None => true,
        }
    }

    /// A token was refused right after a refresh.
    pub(super) fn refused(&mut self, generation: u64, now: Instant, random: &Random) {
        if self
            .refused
            .is_some_and(|(refused, _)| refused == generation)
        {
            return;
        }
        let before = self.refused.map(|(_, pause)| pause);
        if let Some(pause) = Pause::after(before, now, None, random) {
            self.refused = Some((generation, pause));
        }
    }

    /// A token was taken.
    pub(super) fn accepted(&mut self) {
        self.refused = None;
    }

    pub(super) fn succeed(&mut self, new: Session, now: Instant, wall: SystemTime) {
        self.generation += 1;
        self.failed = None;
        self.last_error = None;
        let old = &self.session;
        self.session = Session {
            // A platform that does not rotate refresh tokens leaves the old one in force.
            refresh_token: new.refresh_token.or_else(|| old.refresh_token.clone()),
            user: new.user.or_else(|| old.user.clone()),
            ..new
        };
        self.measure(now, wall);
    }

    pub(super) fn fail(&mut self, error: &Arc<Error>, now: Instant, random: &Random) {
        if says_dead(error) {
            self.session.refresh_token = None;
            self.failed = None;
            self.last_error = None;
            return;
        }
        self.failed = Pause::after(self.failed, now, error.retry_after(), random);
        self.last_error = Some(Arc::clone(error));
    }
}

/// Whether an answer says that a refresh token will never be taken again.
///
/// A failure that says nothing about the token leaves it: an outage, a rate limit, a wrong API key, a page of a proxy. When
/// no answer came, the platform may have used the token up; then it will say so to the next refresh.
fn says_dead(error: &Error) -> bool {
    use ErrorCode::{
        AuthInvalidCredentials, AuthInvalidKey, AuthInvalidToken, AuthTokenExpired,
        AuthUserNotFound, ValidationError,
    };
    match (error.status(), error.code()) {
        (Some(400 | 401 | 403 | 404), Some(code)) => match code {
            AuthInvalidToken | AuthTokenExpired | AuthInvalidCredentials | AuthUserNotFound => true,
            ValidationError => error.status() == Some(400),
            AuthInvalidKey => false,
            ErrorCode::Other(code) => {
                error.status() == Some(401) || code.contains("TOKEN") || code.contains("SESSION")
            }
            _ => error.status() == Some(401),
        },
        (Some(401), None) => error.platform_message().is_some(),
        _ => false,
    }
}

#[cfg(test)]
mod tests;

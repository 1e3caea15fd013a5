//! Keeping a session alive.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use serde::Deserialize;

use super::{Auth, Session};
use crate::{Error, ErrorKind, Secret};

/// How long before its end a token counts as expired: the time a call may need to arrive.
const LEEWAY: Duration = Duration::from_secs(30);

/// Keeps a user's session alive and hands out its token. From [`Auth::manage`].
///
/// However many callers find the token expired at once, it is refreshed once, and all of them get the new one. A refresh
/// token is sent one time only; once a newer one is known, the old one is never used again. A refresh that has begun is
/// finished in the background even when every caller waiting for it is dropped, so that the new tokens are not lost:
/// it needs a tokio runtime.
///
/// Cheap to clone; clones share the session.
///
/// ```no_run
/// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
/// let session = client.auth().login("ines@example.com", "Correct-Horse-9").await?;
/// let tokens = client.auth().manage(session);
///
/// // A token that is good now, refreshed before if need be.
/// let token = tokens.token().await?;
///
/// // Or a call that is made again with a new token when the platform refuses the old one.
/// let auth = client.auth();
/// let user = tokens.with(|token| auth.current_user(token)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct TokenManager {
    auth: Auth,
    state: Arc<Mutex<State>>,
}

/// A refresh under way, awaited by everyone who needs it.
type Refresh = Shared<BoxFuture<'static, Result<(), Arc<Error>>>>;

struct State {
    session: Session,
    expires_at: Option<SystemTime>,
    generation: u64,
    refreshing: Option<Refresh>,
}

impl Auth {
    /// Keeps a session alive. See [`TokenManager`].
    pub fn manage(&self, session: Session) -> TokenManager {
        TokenManager {
            auth: self.clone(),
            state: Arc::new(Mutex::new(State {
                expires_at: expiry(&session.access_token),
                session,
                generation: 0,
                refreshing: None,
            })),
        }
    }
}

impl TokenManager {
    /// A token that is good now. It is refreshed first when it ends within 30 seconds; when it ends is read from the
    /// token itself, and a token that does not say is handed out as it is.
    ///
    /// # Errors
    /// What the refresh reports; [`ErrorKind::Unauthorized`] when the session is over or has no refresh token.
    ///
    /// # Cancel safety
    /// Safe: a refresh that has begun goes on, and the next caller gets its result.
    pub async fn token(&self) -> Result<Secret, Error> {
        let now = self.auth.client.transport().config().clock.now();
        let (token, generation) = {
            let state = self.lock();
            let fresh = state.expires_at.is_none_or(|end| now + LEEWAY < end);
            let token = fresh.then(|| state.session.access_token.clone());
            (token, state.generation)
        };
        match token {
            Some(token) => Ok(token),
            None => self.refreshed(generation).await,
        }
    }

    /// Makes a call with a good token, and once more with a new one when the platform answers 401.
    ///
    /// # Errors
    /// What the call reports, or the refresh.
    ///
    /// # Cancel safety
    /// As the call itself; a refresh that has begun goes on.
    pub async fn with<T, C>(&self, call: impl Fn(Secret) -> C) -> Result<T, Error>
    where
        C: IntoFuture<Output = Result<T, Error>>,
    {
        let token = self.token().await?;
        let generation = self.lock().generation;
        match call(token).await {
            Err(error) if error.kind() == ErrorKind::Unauthorized => {
                call(self.refreshed(generation).await?).await
            }
            result => result,
        }
    }

    /// Refreshes now, unless that is already under way, and gives the new token.
    ///
    /// # Errors
    /// As [`token`](Self::token).
    ///
    /// # Cancel safety
    /// As [`token`](Self::token).
    pub async fn refresh(&self) -> Result<Secret, Error> {
        let generation = self.lock().generation;
        self.refreshed(generation).await
    }

    /// The session as it is now, to be stored and managed again later.
    pub fn session(&self) -> Session {
        self.lock().session.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The token that follows the one of `generation`.
    async fn refreshed(&self, generation: u64) -> Result<Secret, Error> {
        let pending = {
            let mut state = self.lock();
            if state.generation > generation {
                return Ok(state.session.access_token.clone());
            }
            match &state.refreshing {
                Some(pending) => pending.clone(),
                None => {
                    let Some(token) = state.session.refresh_token.clone() else {
                        return Err(Error::new(
                            ErrorKind::Unauthorized,
                            "the session has expired and has no refresh token; sign the user in again",
                        ));
                    };
                    // A task of its own: the platform uses up the old refresh token, so the answer must be kept
                    // whoever still waits for it.
                    let task = tokio::spawn(self.clone().exchange(token));
                    let pending = task
                        .map(|joined| match joined {
                            Ok(result) => result,
                            Err(_) => Err(Arc::new(Error::new(
                                ErrorKind::Interrupted,
                                "the runtime that refreshed the session was shut down meanwhile; sign the user in \
                                 again",
                            ))),
                        })
                        .boxed()
                        .shared();
                    state.refreshing = Some(pending.clone());
                    pending
                }
            }
        };
        if let Err(error) = pending.clone().await {
            let mut state = self.lock();
            let current = state.refreshing.as_ref();
            // The task was stopped with its runtime before it could say how far it came.
            if current.is_some_and(|current| current.ptr_eq(&pending)) {
                state.refreshing = None;
                state.session.refresh_token = None;
            }
            return Err(error.copy());
        }
        Ok(self.lock().session.access_token.clone())
    }

    async fn exchange(self, refresh_token: Secret) -> Result<(), Arc<Error>> {
        let result = self.auth.refresh(refresh_token).await;
        let mut state = self.lock();
        state.refreshing = None;
        match result {
            Ok(new) => {
                state.generation += 1;
                state.expires_at = expiry(&new.access_token);
                let old = &state.session;
                state.session = Session {
                    // A platform that does not rotate refresh tokens leaves the old one in force.
                    refresh_token: new.refresh_token.or_else(|| old.refresh_token.clone()),
                    user: new.user.or_else(|| old.user.clone()),
                    access_token: new.access_token,
                    expires_at: new.expires_at,
                };
                Ok(())
            }
            Err(error) => {
                // Whatever may have reached the platform may have used the token up; a second try would look like theft.
                if error.may_have_been_sent() {
                    state.session.refresh_token = None;
                }
                Err(Arc::new(error))
            }
        }
    }
}

impl fmt::Debug for TokenManager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        f.debug_struct("TokenManager")
            .field("generation", &state.generation)
            .field("refreshing", &state.refreshing.is_some())
            .finish_non_exhaustive()
    }
}

/// When a JWT says that it ends. Nothing is verified: that is the platform's business, this only plans a refresh.
fn expiry(token: &Secret) -> Option<SystemTime> {
    #[derive(Deserialize)]
    struct Claims {
        exp: u64,
    }
    let payload = token.expose().split('.').nth(1)?;
    let json = URL_SAFE_NO_PAD.decode(payload).ok()?;
    let claims: Claims = serde_json::from_slice(&json).ok()?;
    UNIX_EPOCH.checked_add(Duration::from_secs(claims.exp))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_token_is_read_from_its_claims() {
        let token =
            |claims: &str| Secret::new(format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(claims)));
        assert_eq!(
            expiry(&token(r#"{"sub":"u","exp":1782000000}"#)),
            Some(UNIX_EPOCH + Duration::from_secs(1_782_000_000))
        );
        for unreadable in [
            token("{}"),
            token("nonsense"),
            Secret::new("opaque"),
            Secret::new("a.%%%.c"),
            Secret::new(""),
        ] {
            assert_eq!(expiry(&unreadable), None);
        }
    }
}

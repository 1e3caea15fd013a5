//! Keeping a session alive.

mod state;

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::{
    FutureExt,
    future::{BoxFuture, Shared},
};
use tokio::{
    runtime::Handle,
    time::{Instant, timeout_at},
};

use self::state::{Plan, State};
use super::{Auth, Session};
use crate::{Error, ErrorKind, Secret};

/// Keeps a user's session alive and hands out its token. From [`Auth::manage`].
///
/// However many callers find the token expired at once, it is refreshed once, and all of them get the new one. A refresh
/// that has begun is finished in the background even when every caller waiting for it is dropped, so that the new tokens
/// are not lost: it needs a tokio runtime.
///
/// A session outlives a platform in trouble. Only an answer that says that the refresh token is dead ends it; after an
/// outage, a rate limit, a broken connection or a timeout the token is kept, the access token is handed out as long as it
/// is good, and the next refresh waits: 1 to 2 seconds at first, up to half a minute when refreshes keep failing, and as long
/// as the platform asks. Until then, callers with an expired token get the error of the last refresh, with the time left in
/// [`Error::retry_after`].
///
/// When a token ends is counted from the moment it was received, on a clock that nobody sets: a machine whose clock is
/// wrong refreshes no more often than any other.
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
/// // Or a call that is retried with a new token when the platform refuses the old one.
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

impl Auth {
    /// Keeps a session alive. See [`TokenManager`].
    pub fn manage(&self, session: Session) -> TokenManager {
        let wall = self.client.transport().config().clock.now();
        TokenManager {
            auth: self.clone(),
            state: Arc::new(Mutex::new(State::new(session, Instant::now(), wall))),
        }
    }
}

impl TokenManager {
    /// A token that is good now.
    ///
    /// It is refreshed first when it is about to end: within the last tenth of its life, 30 seconds at most. How long it
    /// lives is read from the token itself; a token that does not say is handed out as it is. When that refresh fails or
    /// takes too long, the token is handed out all the same as long as it is good.
    ///
    /// # Errors
    /// What the refresh reports, when the token has expired; [`ErrorKind::Unauthorized`] when the session is over or has
    /// no refresh token.
    ///
    /// # Cancel safety
    /// Safe: a refresh that has begun goes on, and the next caller gets its result.
    pub async fn token(&self) -> Result<Secret, Error> {
        self.current().await.map(|(token, _)| token)
    }

    /// Makes a call with a good token, and once more with a new one when the platform answers 401.
    ///
    /// A new token that is refused as well is not the cure: for a while, further refusals are passed on without a refresh.
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
        let (token, generation) = self.current().await?;
        let refused = |result: &Result<T, Error>| matches!(result, Err(error) if error.kind() == ErrorKind::Unauthorized);
        let result = call(token).await;
        if !refused(&result) {
            self.lock().accepted();
            return result;
        }
        if !self.lock().is_worth_refreshing(generation, Instant::now()) {
            return result;
        }
        let (token, generation) = self.refreshed(generation, false).await?;
        let result = call(token).await;
        let mut state = self.lock();
        if refused(&result) {
            state.refused(generation, Instant::now(), self.random());
        } else {
            state.accepted();
        }
        drop(state);
        result
    }

    /// Refreshes now, unless that is already under way, and gives the new token. Unlike [`token`](Self::token), it does
    /// not wait after a refresh that failed.
    ///
    /// # Errors
    /// As [`token`](Self::token).
    ///
    /// # Cancel safety
    /// As [`token`](Self::token).
    pub async fn refresh(&self) -> Result<Secret, Error> {
        let generation = self.lock().generation;
        let (token, _) = self.refreshed(generation, true).await?;
        Ok(token)
    }

    /// The session as it is now.
    pub fn session(&self) -> Session {
        self.lock().session.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn random(&self) -> &aerostack_api::Random {
        &self.auth.client.transport().config().random
    }

    /// A token that is good now, and which one it is.
    async fn current(&self) -> Result<(Secret, u64), Error> {
        let (token, generation, plan) = {
            let state = self.lock();
            let token = state.session.access_token.clone();
            (token, state.generation, state.plan(Instant::now()))
        };
        match plan {
            Plan::Use => Ok((token, generation)),
            Plan::Replace => self.refreshed(generation, false).await,
            Plan::Renew { until } => {
                match timeout_at(until, self.refreshed(generation, false)).await {
                    Ok(Ok(new)) => Ok(new),
                    Ok(Err(_)) if self.lock().plan(Instant::now()) == Plan::Replace => {
                        self.refreshed(generation, false).await
                    }
                    Ok(Err(_)) | Err(_) => Ok((token, generation)),
                }
            }
        }
    }

    /// The token that follows the one of `generation`.
    async fn refreshed(&self, generation: u64, asked: bool) -> Result<(Secret, u64), Error> {
        let pending = {
            let mut state = self.lock();
            if state.generation > generation {
                return Ok((state.session.access_token.clone(), state.generation));
            }
            match &state.refreshing {
                Some(pending) => pending.clone(),
                None => {
                    let token = state.refresh_token(Instant::now(), asked)?;
                    let pending = self.begin(token)?;
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
                state.fail(&error, Instant::now(), self.random());
            }
            return Err(error.copy());
        }
        let state = self.lock();
        Ok((state.session.access_token.clone(), state.generation))
    }

    /// Refreshes in a task of its own: the platform may use up the old refresh token, so the answer must be kept whoever
    /// still waits for it.
    fn begin(&self, token: Secret) -> Result<Refresh, Error> {
        let runtime = Handle::try_current().map_err(|_| {
            Error::config("refreshing a session needs a tokio runtime; call it from within one")
        })?;
        let task = runtime.spawn(self.clone().exchange(token));
        Ok(task
            .map(|joined| match joined {
                Ok(result) => result,
                Err(_) => Err(Arc::new(Error::new(
                    ErrorKind::Interrupted,
                    "the runtime that refreshed the session was shut down meanwhile",
                ))),
            })
            .boxed()
            .shared())
    }

    async fn exchange(self, refresh_token: Secret) -> Result<(), Arc<Error>> {
        let result = self.auth.refresh(refresh_token).await;
        let now = Instant::now();
        let config = self.auth.client.transport().config();
        let mut state = self.lock();
        state.refreshing = None;
        match result {
            Ok(new) => {
                state.succeed(new, now, config.clock.now());
                Ok(())
            }
            Err(error) => {
                let error = Arc::new(error);
                state.fail(&error, now, &config.random);
                Err(error)
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

//! Who is calling.

use std::{
    collections::HashMap,
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use ::axum::{
    Json,
    extract::{FromRef, FromRequestParts, OptionalFromRequestParts},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::json;
use tokio::time::Instant;

use crate::{Client, Error, Secret, auth::User};

/// Asks the platform whose token a request carries, and remembers the answer for a stated time. Part of the service's
/// state, so that [`AuthUser`] can be extracted. See the [module](super) for an example.
///
/// Only tokens that the platform confirmed are remembered. While one is, the platform is not asked: a user who has signed
/// out, was locked, or whose token has just expired is let in until the time is over, so choose it short. Without
/// [`cache_for`](Self::cache_for) every request asks.
///
/// Clones share what they remember.
#[derive(Clone)]
pub struct TokenVerifier {
    client: Client,
    keep: Duration,
    known: Arc<Known>,
}

/// Tokens remembered at most; beyond, the platform is asked.
const CAPACITY: usize = 10_000;

#[derive(Default)]
struct Known {
    /// Keyed at random, so that nobody can aim at a collision; a token's text is compared all the same.
    hasher: RandomState,
    entries: Mutex<HashMap<u64, Entry>>,
}

struct Entry {
    token: Secret,
    user: User,
    until: Instant,
}

impl TokenVerifier {
    /// A verifier that asks the platform about every token.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            keep: Duration::ZERO,
            known: Arc::default(),
        }
    }

    /// Remembers a confirmed token for this long.
    #[must_use]
    pub fn cache_for(mut self, time: Duration) -> Self {
        self.keep = time;
        self
    }

    /// Forgets all tokens, or this one: after signing a user out, for example.
    pub fn forget(&self, token: Option<&Secret>) {
        let mut entries = self.known.lock();
        match token {
            None => entries.clear(),
            Some(token) => {
                entries.remove(&self.known.hash(token));
            }
        }
    }

    /// Whose token this is; `None` for one that is not valid.
    ///
    /// # Errors
    /// Those of [`Auth::verify_token`](crate::auth::Auth::verify_token).
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    pub async fn verify(&self, token: &Secret) -> Result<Option<User>, Error> {
        if let Some(user) = self.known.get(token) {
            return Ok(Some(user));
        }
        let user = self.client.auth().verify_token(token).await?;
        if let (Some(user), false) = (&user, self.keep.is_zero()) {
            self.known.put(token, user, self.keep);
        }
        Ok(user)
    }
}

impl Known {
    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hash(&self, token: &Secret) -> u64 {
        self.hasher.hash_one(token.expose())
    }

    fn get(&self, token: &Secret) -> Option<User> {
        let hash = self.hash(token);
        let mut entries = self.lock();
        let entry = entries.get(&hash)?;
        if entry.until <= Instant::now() {
            entries.remove(&hash);
            return None;
        }
        (entry.token.expose() == token.expose()).then(|| entry.user.clone())
    }

    fn put(&self, token: &Secret, user: &User, keep: Duration) {
        let now = Instant::now();
        let mut entries = self.lock();
        if entries.len() >= CAPACITY {
            entries.retain(|_, entry| entry.until > now);
        }
        if entries.len() < CAPACITY {
            let entry = Entry {
                token: token.clone(),
                user: user.clone(),
                until: now + keep,
            };
            entries.insert(self.hash(token), entry);
        }
    }
}

impl fmt::Debug for TokenVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenVerifier")
            .field("cache_for", &self.keep)
            .field("known", &self.known.lock().len())
            .finish_non_exhaustive()
    }
}

/// A client as the whole state: tokens are verified, and none is remembered.
impl FromRef<Client> for TokenVerifier {
    fn from_ref(client: &Client) -> Self {
        Self::new(client.clone())
    }
}

/// The user whose valid token the request carries as `Authorization: Bearer`. A handler that takes one is not reached
/// without it: the request is answered with 401. As `Option<AuthUser>` it is [`OptionalAuthUser`].
///
/// The state must give a [`TokenVerifier`]: be a [`Client`], or implement `FromRef`.
#[derive(Debug, Clone)]
pub struct AuthUser(pub User);

/// The user, if the request carries a token; a token that is not valid is answered with 401 all the same, so that an
/// expired session is noticed rather than taken for a guest.
#[derive(Debug, Clone)]
pub struct OptionalAuthUser(pub Option<User>);

/// The token that the request carries as `Authorization: Bearer`, unverified: to be passed on to calls that act for the
/// user.
#[derive(Debug, Clone)]
pub struct BearerToken(pub Secret);

/// Why a request has no user.
#[derive(Debug)]
#[non_exhaustive]
pub enum AuthRejection {
    /// There is no `Authorization: Bearer` header.
    Missing,
    /// The token is not valid, or no longer.
    Invalid,
    /// The platform could not be asked.
    Unavailable(Error),
}

impl IntoResponse for AuthRejection {
    fn into_response(self) -> Response {
        let (message, challenge) = match self {
            Self::Unavailable(error) => return error.into_response(),
            Self::Missing => ("a bearer token is required", "Bearer"),
            Self::Invalid => (
                "the bearer token is not valid",
                "Bearer error=\"invalid_token\"",
            ),
        };
        let body = Json(json!({ "error": "UNAUTHORIZED", "message": message }));
        let headers = [(header::WWW_AUTHENTICATE, challenge)];
        (StatusCode::UNAUTHORIZED, headers, body).into_response()
    }
}

fn bearer(headers: &HeaderMap) -> Option<Secret> {
    let (scheme, token) = headers
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?
        .split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then(|| Secret::new(token))
}

async fn user<S>(parts: &Parts, state: &S) -> Result<Option<User>, AuthRejection>
where
    S: Send + Sync,
    TokenVerifier: FromRef<S>,
{
    let Some(token) = bearer(&parts.headers) else {
        return Ok(None);
    };
    match TokenVerifier::from_ref(state).verify(&token).await {
        Ok(Some(user)) => Ok(Some(user)),
        Ok(None) => Err(AuthRejection::Invalid),
        Err(error) => Err(AuthRejection::Unavailable(error)),
    }
}

impl<S> FromRequestParts<S> for AuthUser
where
    S: Send + Sync,
    TokenVerifier: FromRef<S>,
{
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AuthRejection> {
        user(parts, state)
            .await?
            .map(Self)
            .ok_or(AuthRejection::Missing)
    }
}

impl<S> OptionalFromRequestParts<S> for AuthUser
where
    S: Send + Sync,
    TokenVerifier: FromRef<S>,
{
    type Rejection = AuthRejection;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &S,
    ) -> Result<Option<Self>, AuthRejection> {
        Ok(user(parts, state).await?.map(Self))
    }
}

impl<S> FromRequestParts<S> for OptionalAuthUser
where
    S: Send + Sync,
    TokenVerifier: FromRef<S>,
{
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AuthRejection> {
        user(parts, state).await.map(Self)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for BearerToken {
    type Rejection = AuthRejection;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AuthRejection> {
        bearer(&parts.headers)
            .map(Self)
            .ok_or(AuthRejection::Missing)
    }
}

//! Sessions: what a sign-in opens, a refresh prolongs and a logout ends.

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::error::{ApiError, ApiResult};
use crate::services::auth::Auth;
use crate::services::auth::jwt::Claims;

/// How long an access token lives.
pub(crate) const ACCESS_SECONDS: i64 = 60 * 60;
/// How long a token of the API for servers, which has no refresh, lives.
pub(crate) const SERVER_SECONDS: i64 = 24 * 60 * 60;
/// How long a refresh token lives.
const REFRESH_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// A signed-in user, as a token proves it.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) user_id: String,
    pub(crate) session_id: String,
    /// Unix milliseconds after which the token is invalid.
    pub(crate) expires_ms: i64,
}

/// The tokens of a sign-in.
pub(crate) struct Tokens {
    pub(crate) access: String,
    pub(crate) refresh: Option<String>,
    pub(crate) expires_ms: i64,
}

/// An unguessable secret, with a prefix that says what it is for.
pub(crate) fn new_secret(prefix: &str) -> String {
    format!(
        "{prefix}_{}{}",
        uuid::Uuid::new_v4().simple(),
        uuid::Uuid::new_v4().simple()
    )
}

/// What is stored of a secret: enough to recognize it.
pub(crate) fn digest(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// Opens a session with a refresh token.
pub(crate) fn open(connection: &Connection, auth: &Auth, user_id: &str) -> ApiResult<Tokens> {
    let (session, refresh) = (uuid::Uuid::new_v4().to_string(), new_secret("rt"));
    connection.execute(
        "INSERT INTO sessions (id, user_id, refresh_digest, refresh_until_ms) VALUES (?1, ?2, ?3, ?4)",
        params![session, user_id, digest(&refresh), auth.clock.now_ms() + REFRESH_MS],
    )?;
    issue(auth, user_id, &session, ACCESS_SECONDS, Some(refresh))
}

/// Opens a session that cannot be refreshed.
pub(crate) fn open_for_servers(
    connection: &Connection,
    auth: &Auth,
    user_id: &str,
) -> ApiResult<Tokens> {
    let session = uuid::Uuid::new_v4().to_string();
    connection.execute(
        "INSERT INTO sessions (id, user_id) VALUES (?1, ?2)",
        params![session, user_id],
    )?;
    issue(auth, user_id, &session, SERVER_SECONDS, None)
}

/// Exchanges a refresh token; the old one is invalid afterwards.
pub(crate) fn refresh(connection: &Connection, auth: &Auth, old: &str) -> ApiResult<Tokens> {
    let now = auth.clock.now_ms();
    let new = new_secret("rt");
    let session: Option<(String, String)> = connection
        .query_row(
            "UPDATE sessions SET refresh_digest = ?2, refresh_until_ms = ?3
             WHERE refresh_digest = ?1 AND refresh_until_ms > ?4 RETURNING id, user_id",
            params![digest(old), digest(&new), now + REFRESH_MS, now],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )
        .optional()?;
    let (session, user_id) = session
        .ok_or_else(|| ApiError::invalid_token("The refresh token is wrong, used or expired."))?;
    issue(auth, &user_id, &session, ACCESS_SECONDS, Some(new))
}

pub(crate) fn close(connection: &Connection, session_id: &str) -> ApiResult<()> {
    connection.execute("DELETE FROM sessions WHERE id = ?1", [session_id])?;
    Ok(())
}

fn issue(
    auth: &Auth,
    user: &str,
    session: &str,
    seconds: i64,
    refresh: Option<String>,
) -> ApiResult<Tokens> {
    let iat = auth.clock.now_ms().div_euclid(1000);
    let claims = Claims {
        sub: user.to_owned(),
        sid: session.to_owned(),
        pid: auth.project.id.clone(),
        iat,
        exp: iat + seconds,
    };
    let access = auth
        .signer
        .sign(&claims)
        .map_err(|error| ApiError::internal(error.to_string()))?;
    Ok(Tokens {
        access,
        refresh,
        expires_ms: claims.exp * 1000,
    })
}

impl Auth {
    /// The user behind an access token: signed here, not expired, its session still open.
    pub(crate) async fn authenticate(&self, token: &str) -> ApiResult<Caller> {
        let claims = self
            .signer
            .verify(token)
            .filter(|claims| claims.pid == self.project.id)
            .ok_or_else(|| ApiError::invalid_token("The token is not valid."))?;
        let expires_ms = claims.exp.saturating_mul(1000);
        if expires_ms <= self.clock.now_ms() {
            return Err(ApiError::invalid_token("The token has expired."));
        }
        let (session, user) = (claims.sid.clone(), claims.sub.clone());
        let open: bool = self
            .db
            .call(move |connection| {
                Ok(connection
                    .prepare_cached(
                        "SELECT EXISTS (SELECT 1 FROM sessions WHERE id = ?1 AND user_id = ?2)",
                    )?
                    .query_row([session, user], |row| row.get(0))?)
            })
            .await?;
        if open {
            Ok(Caller {
                user_id: claims.sub,
                session_id: claims.sid,
                expires_ms,
            })
        } else {
            Err(ApiError::invalid_token("The session is over."))
        }
    }
}

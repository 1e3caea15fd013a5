//! One-time codes and the tokens that travel by mail: each works once, for a while.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::ApiResult;
use crate::http::keys::constant_time_eq;
use crate::services::auth::sessions::digest;

#[derive(Clone, Copy, Debug)]
pub(crate) enum CodeKind {
    /// Six digits that sign in.
    SignIn,
    /// Confirms an address; the target is the user's id.
    Verification,
    /// Sets a new password; the target is the user's id.
    Reset,
}

/// Failed attempts after which a code is invalidated.
const GUESSES_MAX: i64 = 5;

impl CodeKind {
    fn name(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::Verification => "verification",
            Self::Reset => "reset",
        }
    }

    fn lifetime_ms(self) -> i64 {
        let minutes = match self {
            Self::SignIn => 10,
            Self::Verification => 24 * 60,
            Self::Reset => 60,
        };
        minutes * 60_000
    }
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Checked {
    Good,
    Wrong,
    Expired,
}

/// Six digits.
pub(crate) fn new_code() -> String {
    format!("{:06}", uuid::Uuid::new_v4().as_u128() % 1_000_000)
}

/// Stores a secret; one sent before for the same target is invalidated.
pub(crate) fn store(
    connection: &Connection,
    kind: CodeKind,
    target: &str,
    secret: &str,
    now: i64,
) -> ApiResult<()> {
    connection.execute(
        "INSERT OR REPLACE INTO codes (kind, target, digest, until_ms) VALUES (?1, ?2, ?3, ?4)",
        params![
            kind.name(),
            target,
            digest(secret),
            now + kind.lifetime_ms()
        ],
    )?;
    Ok(())
}

/// Checks a code sent to `target` and uses it up when it is right.
pub(crate) fn redeem(
    connection: &Connection,
    kind: CodeKind,
    target: &str,
    secret: &str,
    now: i64,
) -> ApiResult<Checked> {
    let stored: Option<(Vec<u8>, i64, i64)> = connection
        .query_row(
            "SELECT digest, until_ms, failures FROM codes WHERE kind = ?1 AND target = ?2",
            params![kind.name(), target],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    let Some((expected, until, failures)) = stored else {
        return Ok(Checked::Wrong);
    };
    if !constant_time_eq(&expected, &digest(secret)) {
        connection.execute(
            "UPDATE codes SET failures = failures + 1 WHERE kind = ?1 AND target = ?2",
            params![kind.name(), target],
        )?;
        return Ok(Checked::Wrong);
    }
    if failures >= GUESSES_MAX {
        return Ok(Checked::Wrong);
    }
    if until <= now {
        return Ok(Checked::Expired);
    }
    connection.execute(
        "DELETE FROM codes WHERE kind = ?1 AND target = ?2",
        params![kind.name(), target],
    )?;
    Ok(Checked::Good)
}

/// Uses up a token that nobody could guess, and says whose it was.
pub(crate) fn take(
    connection: &Connection,
    kind: CodeKind,
    secret: &str,
    now: i64,
) -> ApiResult<Option<String>> {
    Ok(connection
        .query_row(
            "DELETE FROM codes WHERE kind = ?1 AND digest = ?2 AND until_ms > ?3 RETURNING target",
            params![kind.name(), digest(secret), now],
            |row| row.get(0),
        )
        .optional()?)
}

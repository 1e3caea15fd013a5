//! Users as the database keeps them.

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::{Map, Value, json};

use crate::clock::{rfc3339, sql_time};
use crate::error::{ApiError, ApiResult};
use crate::store::schema::Schema;

pub(crate) const SCHEMA: Schema = Schema {
    name: "auth",
    steps: &["
    CREATE TABLE IF NOT EXISTS users (
        id TEXT PRIMARY KEY, email TEXT UNIQUE, phone TEXT UNIQUE, password TEXT, name TEXT,
        metadata TEXT NOT NULL DEFAULT '{}', extras TEXT NOT NULL DEFAULT '{}', avatar_url TEXT,
        verified_ms INTEGER, created_ms INTEGER NOT NULL,
        failures INTEGER NOT NULL DEFAULT 0, locked_until_ms INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS sessions (
        id TEXT PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        refresh_digest BLOB UNIQUE, refresh_until_ms INTEGER) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS sessions_by_user ON sessions (user_id);
    CREATE TABLE IF NOT EXISTS codes (
        kind TEXT NOT NULL, target TEXT NOT NULL, digest BLOB NOT NULL, until_ms INTEGER NOT NULL,
        failures INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (kind, target)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"],
};

/// How long an account stays locked.
pub(crate) const LOCK_MS: i64 = 60 * 60 * 1000;
/// Wrong passwords in a row that lock an account.
const FAILURES_MAX: i64 = 5;

#[derive(Clone)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) email: Option<String>,
    pub(crate) phone: Option<String>,
    pub(crate) password: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) metadata: Map<String, Value>,
    pub(crate) extras: Map<String, Value>,
    pub(crate) avatar_url: Option<String>,
    pub(crate) verified_ms: Option<i64>,
    pub(crate) created_ms: i64,
    pub(crate) locked_until_ms: i64,
}

impl User {
    pub(crate) fn new(created_ms: i64) -> Self {
        Self {
            id: uuid::Uuid::new_v4().to_string(),
            email: None,
            phone: None,
            password: None,
            name: None,
            metadata: Map::new(),
            extras: Map::new(),
            avatar_url: None,
            verified_ms: None,
            created_ms,
            locked_until_ms: 0,
        }
    }

    fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let object = |text: String| serde_json::from_str(&text).unwrap_or_default();
        Ok(Self {
            id: row.get("id")?,
            email: row.get("email")?,
            phone: row.get("phone")?,
            password: row.get("password")?,
            name: row.get("name")?,
            metadata: object(row.get("metadata")?),
            extras: object(row.get("extras")?),
            avatar_url: row.get("avatar_url")?,
            verified_ms: row.get("verified_ms")?,
            created_ms: row.get("created_ms")?,
            locked_until_ms: row.get("locked_until_ms")?,
        })
    }

    /// As the API for servers shows it.
    pub(crate) fn for_servers(&self) -> Value {
        json!({
            "id": self.id, "email": self.shown_email(), "name": self.name,
            "createdAt": rfc3339(self.created_ms), "metadata": self.metadata,
        })
    }

    /// As the API for end users shows it.
    pub(crate) fn for_public(&self) -> Value {
        json!({
            "id": self.id, "email": self.shown_email(), "name": self.name,
            "email_verified_at": self.verified_ms.map(sql_time), "created_at": sql_time(self.created_ms),
            "avatar_url": self.avatar_url, "profile_extras": self.extras,
            // The same under the names that the official clients read.
            "emailVerified": self.verified_ms.is_some(), "createdAt": rfc3339(self.created_ms),
            "customFields": self.extras,
        })
    }

    /// The address, or a placeholder for an account that has only a phone number.
    fn shown_email(&self) -> String {
        match (&self.email, &self.phone) {
            (Some(email), _) => email.clone(),
            (None, Some(phone)) => format!("{}@phone.invalid", phone.trim_start_matches('+')),
            (None, None) => String::new(),
        }
    }
}

/// By what an account is found.
#[derive(Clone, Debug)]
pub(crate) enum Contact {
    /// In lower case.
    Email(String),
    /// In E.164 form.
    Phone(String),
}

impl Contact {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Email(text) | Self::Phone(text) => text,
        }
    }
}

pub(crate) fn by_contact(connection: &Connection, contact: &Contact) -> ApiResult<Option<User>> {
    let sql = match contact {
        Contact::Email(_) => "SELECT * FROM users WHERE email = ?1",
        Contact::Phone(_) => "SELECT * FROM users WHERE phone = ?1",
    };
    Ok(connection
        .prepare_cached(sql)?
        .query_row([contact.as_str()], User::from_row)
        .optional()?)
}

pub(crate) fn by_id(connection: &Connection, id: &str) -> ApiResult<Option<User>> {
    Ok(connection
        .prepare_cached("SELECT * FROM users WHERE id = ?1")?
        .query_row([id], User::from_row)
        .optional()?)
}

/// Adds a user, unless the address or number is taken.
pub(crate) fn insert(connection: &Connection, user: &User) -> ApiResult<()> {
    let added = connection
        .prepare_cached(
            "INSERT INTO users (id, email, phone, password, name, metadata, extras, avatar_url, verified_ms, created_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            user.id,
            user.email,
            user.phone,
            user.password,
            user.name,
            Value::Object(user.metadata.clone()).to_string(),
            Value::Object(user.extras.clone()).to_string(),
            user.avatar_url,
            user.verified_ms,
            user.created_ms,
        ])?;
    if added == 0 {
        return Err(ApiError::new(
            axum::http::StatusCode::CONFLICT,
            "AUTH_USER_EXISTS",
            "An account with this email address exists already.",
        ));
    }
    Ok(())
}

/// Writes back what a user can change about themselves.
pub(crate) fn update(connection: &Connection, user: &User) -> ApiResult<()> {
    connection
        .prepare_cached("UPDATE users SET name = ?2, extras = ?3, avatar_url = ?4, verified_ms = ?5 WHERE id = ?1")?
        .execute(params![
            user.id,
            user.name,
            Value::Object(user.extras.clone()).to_string(),
            user.avatar_url,
            user.verified_ms,
        ])?;
    Ok(())
}

/// Sets a new password: the lock is lifted and every session ends.
pub(crate) fn set_password(connection: &Connection, id: &str, hash: &str) -> ApiResult<()> {
    connection.execute(
        "UPDATE users SET password = ?2, failures = 0, locked_until_ms = 0 WHERE id = ?1",
        params![id, hash],
    )?;
    connection.execute("DELETE FROM sessions WHERE user_id = ?1", [id])?;
    Ok(())
}

/// Counts a wrong password; too many in a row lock the account.
pub(crate) fn count_failure(connection: &Connection, id: &str, now: i64) -> ApiResult<()> {
    connection.execute(
        "UPDATE users SET
             locked_until_ms = CASE WHEN failures + 1 >= ?2 THEN ?3 ELSE locked_until_ms END,
             failures = CASE WHEN failures + 1 >= ?2 THEN 0 ELSE failures + 1 END
         WHERE id = ?1",
        params![id, FAILURES_MAX, now + LOCK_MS],
    )?;
    Ok(())
}

pub(crate) fn clear_failures(connection: &Connection, id: &str) -> ApiResult<()> {
    connection.execute(
        "UPDATE users SET failures = 0 WHERE id = ?1 AND failures > 0",
        [id],
    )?;
    Ok(())
}

/// All users as the console shows them, latest first.
pub(crate) fn overview(connection: &Connection, now: i64) -> ApiResult<Vec<Value>> {
    let users = connection
        .prepare_cached(
            "SELECT *, (SELECT count(*) FROM sessions WHERE user_id = users.id) AS open FROM users
             ORDER BY created_ms DESC, id LIMIT 1000",
        )?
        .query_map([], |row| {
            let (user, sessions): (User, i64) = (User::from_row(row)?, row.get("open")?);
            let locked = (user.locked_until_ms > now).then(|| rfc3339(user.locked_until_ms));
            Ok(json!({
                "id": user.id, "email": user.email, "phone": user.phone, "name": user.name,
                "metadata": user.metadata, "customFields": user.extras, "sessions": sessions,
                "emailVerifiedAt": user.verified_ms.map(rfc3339), "lockedUntil": locked,
                "createdAt": rfc3339(user.created_ms),
            }))
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(users)
}

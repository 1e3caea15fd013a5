//! The authentication services: one for servers, behind the API key, and one for end users. They share the users.

mod email;
mod jwt;
mod mailbox;
mod one_time_tokens;
mod otp;
mod passwords;
mod public;
mod server_side;
mod sessions;
mod users;

use axum::Router;
use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::StatusCode;
use axum::http::request::Parts;
use rusqlite::{Connection, OptionalExtension};
use serde_json::json;

use crate::config::Config;
use crate::error::{ApiError, ApiResult};
use crate::http::keys::bearer;
use crate::http::rate_limit;
use crate::platform::App;
pub(crate) use mailbox::MailKind;
#[allow(unused_imports)]
pub(crate) use sessions::{Caller, authenticate};
pub(crate) use users::SCHEMA;

/// What authentication keeps beside the database.
pub(crate) struct Auth {
    signer: jwt::Signer,
    hasher: passwords::Hasher,
    pub(crate) mailbox: mailbox::Mailbox,
}

impl Auth {
    pub(crate) fn new(config: &Config, jwt_secret: &[u8]) -> Option<Self> {
        Some(Self {
            signer: jwt::Signer::new(jwt_secret)?,
            hasher: passwords::Hasher::new(config.password_hashing),
            mailbox: mailbox::Mailbox::new(config.show_mail),
        })
    }
}

pub(crate) fn routes() -> Router<App> {
    server_side::routes().merge(public::routes())
}

/// The secret that signs tokens: made once, so that tokens outlive a restart.
pub(crate) fn stored_secret(connection: &Connection) -> rusqlite::Result<Vec<u8>> {
    connection.execute(
        "INSERT OR IGNORE INTO settings (name, value) VALUES ('jwt_secret', ?1)",
        [sessions::new_secret("jwt").into_bytes()],
    )?;
    let secret = connection
        .query_row(
            "SELECT value FROM settings WHERE name = 'jwt_secret'",
            [],
            |row| row.get(0),
        )
        .optional()?;
    Ok(secret.unwrap_or_default())
}

/// Passes requests whose path names this project, by slug or id.
struct Project;

impl FromRequestParts<App> for Project {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        let params = RawPathParams::from_request_parts(parts, app)
            .await
            .map_err(|_| ApiError::not_found("The project in the path is not UTF-8."))?;
        let name = params
            .iter()
            .find(|(name, _)| *name == "projectSlug")
            .map_or("", |(_, value)| value);
        if app.is_project(name) {
            Ok(Self)
        } else {
            Err(ApiError::not_found(format!("There is no project {name}.")))
        }
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> ApiResult<Self> {
        let token = bearer(&parts.headers).ok_or_else(|| {
            ApiError::invalid_token("Send the user's token as Authorization: Bearer.")
        })?;
        authenticate(app, token).await
    }
}

/// An address in the form it is stored, or a 400 that names the field.
fn clean_email(email: &str) -> ApiResult<String> {
    let valid = email.len() <= 254
        && !email.chars().any(|c| c.is_whitespace() || c.is_control())
        && email.split_once('@').is_some_and(|(local, domain)| {
            !local.is_empty()
                && !domain.is_empty()
                && !domain.contains('@')
                && !domain.starts_with('.')
        });
    if valid {
        Ok(email.to_lowercase())
    } else {
        Err(ApiError::validation("email is not an email address").field("field", json!("email")))
    }
}

fn wrong_credentials() -> ApiError {
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        "AUTH_INVALID_CREDENTIALS",
        "The email address or the password is wrong.",
    )
}

fn locked() -> ApiError {
    ApiError::new(
        StatusCode::FORBIDDEN,
        "AUTH_ACCOUNT_LOCKED",
        "The account is locked after too many failed attempts. Try again in 60 minutes.",
    )
}

/// The user of an address and a password. Wrong ones count towards a lock.
async fn check_password(app: &App, email: &str, password: String) -> ApiResult<users::User> {
    app.rates.count(
        &rate_limit::LOGIN,
        &email.to_lowercase(),
        app.clock.now_ms(),
    )?;
    // An address that cannot exist is as wrong as one that does not.
    let contact = users::Contact::Email(email.to_lowercase());
    let user = app
        .system
        .call(move |connection| users::by_contact(connection, &contact))
        .await?;
    let now = app.clock.now_ms();
    if user.as_ref().is_some_and(|user| user.locked_until_ms > now) {
        return Err(locked());
    }
    let hash = user.as_ref().and_then(|user| user.password.clone());
    let right = app.auth.hasher.verify(password, hash).await?;
    let Some(user) = user else {
        return Err(wrong_credentials());
    };
    let id = user.id.clone();
    app.system
        .call(move |connection| {
            if right {
                users::clear_failures(connection, &id)
            } else {
                users::count_failure(connection, &id, now)
            }
        })
        .await?;
    if right {
        Ok(user)
    } else {
        Err(wrong_credentials())
    }
}

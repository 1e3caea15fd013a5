//! The authentication services: one for servers, behind the API key, and one for end users. They share the users.

mod email;
mod jwt;
mod mailbox;
mod one_time_tokens;
mod otp;
mod passwords;
mod public;
mod replies;
mod server_side;
mod sessions;
mod users;

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::StatusCode;
use axum::http::request;
use futures_util::future::BoxFuture;
use rusqlite::{Connection, OptionalExtension};
use serde_json::{Value, json};

use crate::clock::Clock;
use crate::config::{PasswordHashing, Project};
use crate::error::{ApiError, ApiResult};
use crate::http::keys::bearer;
use crate::http::operation::Routes;
use crate::http::rate_limit::{self, RateLimits};
use crate::http::tokens::{TokenFacts, TokenVerifier};
use crate::store::database::Database;
pub use mailbox::{Mail, MailKind};
use sessions::Caller;
pub(crate) use users::SCHEMA;

/// The accounts of end users, for both APIs. A handle.
#[derive(Clone)]
pub(crate) struct Auth(Arc<Parts>);

pub(crate) struct Parts {
    db: Database,
    clock: Clock,
    rates: RateLimits,
    project: Project,
    signer: jwt::Signer,
    hasher: passwords::Hasher,
    pub(crate) mailbox: mailbox::Mailbox,
    require_verification: bool,
    custom_fields: Option<Vec<String>>,
}

/// How accounts behave.
pub(crate) struct Settings {
    /// Signs tokens.
    pub(crate) jwt_secret: Vec<u8>,
    pub(crate) password_hashing: PasswordHashing,
    /// Whether codes and mailed tokens are written to the log.
    pub(crate) show_mail: bool,
    /// Whether users must confirm their address before they can log in.
    pub(crate) require_verification: bool,
    /// The custom fields kept of a user; all of them when not set.
    pub(crate) custom_fields: Option<Vec<String>>,
}

impl Deref for Auth {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

impl Auth {
    /// None when the secret cannot be used as a key.
    pub(crate) fn new(
        db: Database,
        clock: Clock,
        rates: RateLimits,
        project: Project,
        settings: Settings,
    ) -> Option<Self> {
        let mailbox = mailbox::Mailbox::new(settings.show_mail, clock.clone());
        Some(Self(Arc::new(Parts {
            db,
            clock,
            rates,
            project,
            signer: jwt::Signer::new(&settings.jwt_secret)?,
            hasher: passwords::Hasher::new(settings.password_hashing),
            mailbox,
            require_verification: settings.require_verification,
            custom_fields: settings.custom_fields,
        })))
    }

    pub(crate) fn routes(self) -> Routes {
        server_side::routes()
            .merge(public::routes())
            .with_state(self)
    }

    /// The user with this id or address, as the API for servers shows it; `null` when there is none.
    pub(crate) async fn look_up(&self, wanted: String, by_email: bool) -> ApiResult<Value> {
        self.db
            .call(move |connection| {
                let user = if by_email {
                    let email = users::Contact::Email(wanted.trim().to_lowercase());
                    users::by_contact(connection, &email)?
                } else {
                    users::by_id(connection, &wanted)?
                };
                Ok(user.map_or(Value::Null, |user| user.for_servers()))
            })
            .await
    }

    /// All users as the console shows them, latest first.
    pub(crate) async fn overview(&self) -> ApiResult<Vec<Value>> {
        let now = self.clock.now_ms();
        self.db
            .call(move |connection| users::overview(connection, now))
            .await
    }

    /// Whether there is a user with this id.
    pub(crate) async fn user_exists(&self, id: String) -> ApiResult<bool> {
        self.db
            .call(move |connection| Ok(users::by_id(connection, &id)?.is_some()))
            .await
    }
}

impl TokenVerifier for Auth {
    fn verify(&self, token: &str) -> BoxFuture<'static, ApiResult<TokenFacts>> {
        let (auth, token) = (self.clone(), token.to_owned());
        Box::pin(async move {
            let caller = auth.authenticate(&token).await?;
            Ok(TokenFacts {
                user: Some(caller.user_id),
                expires_ms: Some(caller.expires_ms),
            })
        })
    }
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
struct InProject;

impl FromRequestParts<Auth> for InProject {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut request::Parts, auth: &Auth) -> ApiResult<Self> {
        let params = RawPathParams::from_request_parts(parts, auth)
            .await
            .map_err(|_| ApiError::not_found("The project in the path is not UTF-8."))?;
        let name = params
            .iter()
            .find(|(name, _)| *name == "projectSlug")
            .map_or("", |(_, value)| value);
        if auth.project.is(name) {
            Ok(Self)
        } else {
            Err(ApiError::not_found(format!("There is no project {name}.")))
        }
    }
}

impl FromRequestParts<Auth> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut request::Parts, auth: &Auth) -> ApiResult<Self> {
        let token = bearer(&parts.headers).ok_or_else(|| {
            ApiError::invalid_token("Send the user's token as Authorization: Bearer.")
        })?;
        auth.authenticate(token).await
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
async fn check_password(auth: &Auth, email: &str, password: String) -> ApiResult<users::User> {
    auth.rates.count(
        &rate_limit::LOGIN,
        &email.to_lowercase(),
        auth.clock.now_ms(),
    )?;
    // An address that cannot exist is as wrong as one that does not.
    let contact = users::Contact::Email(email.to_lowercase());
    let user = auth
        .db
        .call(move |connection| users::by_contact(connection, &contact))
        .await?;
    let now = auth.clock.now_ms();
    if user.as_ref().is_some_and(|user| user.locked_until_ms > now) {
        return Err(locked());
    }
    let hash = user.as_ref().and_then(|user| user.password.clone());
    let right = auth.hasher.verify(password, hash).await?;
    let Some(user) = user else {
        return Err(wrong_credentials());
    };
    let id = user.id.clone();
    auth.db
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

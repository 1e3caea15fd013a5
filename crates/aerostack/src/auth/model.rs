//! What the account operations answer.

use std::{fmt, time::SystemTime};

use aerostack_api::{RawJson, Response, server_date, types};
use serde::{Serialize, de::DeserializeOwned};
use tokio::time::Instant;

use crate::{Error, ErrorKind, Secret, decode};

/// Where a one-time code goes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Contact {
    /// An e-mail address.
    Email(String),
    /// A phone number in E.164 form, such as `+14155550100`.
    Phone(String),
}

impl Contact {
    pub(super) fn split(self) -> Result<(Option<String>, Option<String>), Error> {
        match self {
            Self::Email(text) | Self::Phone(text) if text.trim().is_empty() => Err(
                Error::invalid_input("the e-mail address or phone number is empty"),
            ),
            Self::Email(email) => Ok((Some(email), None)),
            Self::Phone(phone) => Ok((None, Some(phone))),
        }
    }
}

/// A text that begins with `+` is a phone number, any other an e-mail address.
impl From<&str> for Contact {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// A text that begins with `+` is a phone number, any other an e-mail address.
impl From<&String> for Contact {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

/// A text that begins with `+` is a phone number, any other an e-mail address.
impl From<String> for Contact {
    fn from(text: String) -> Self {
        if text.starts_with('+') {
            Self::Phone(text)
        } else {
            Self::Email(text)
        }
    }
}

/// A user. Serializes with its fields in camel case, without those that are absent.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct User {
    /// The platform's id of the user; never empty.
    pub id: String,
    /// The e-mail address; a placeholder for accounts that have only a phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// When the e-mail address was confirmed, in the platform's own notation; `None` if it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified_at: Option<String>,
    /// When the account was created, in the platform's own notation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<String>,
    /// Where the avatar is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub avatar_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extras: Option<RawJson>,
}

impl User {
    /// The fields the project itself gave its users: `profile_extras` or, for accounts of
    /// [`ServerAuth`](super::ServerAuth), `metadata`.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] when they do not fit `T`.
    pub fn extras<T: DeserializeOwned>(&self) -> Result<Option<T>, Error> {
        let Some(extras) = &self.extras else {
            return Ok(None);
        };
        decode::decode(extras).map(Some).map_err(|mismatch| {
            Error::new(
                ErrorKind::Decode,
                format!(
                    "the user's extra fields do not fit the type asked for: {}",
                    mismatch.problem
                ),
            )
        })
    }
}

/// Names the user by id; who that is stays out of logs.
impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// A signed-in user's tokens.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Session {
    /// The token for calls about the user, a JWT.
    pub access_token: Secret,
    /// The token for [`Auth::refresh`](super::Auth::refresh), where the platform gave one.
    pub refresh_token: Option<Secret>,
    /// When the access token expires, as the platform wrote it. Its sources disagree on the form: a date or a number.
    pub expires_at: Option<String>,
    /// The user, where the answer names one; a refresh does not.
    pub user: Option<User>,
    pub(super) received: Received,
}

/// When a session was received.
#[derive(Clone, Copy)]
pub(super) struct Received {
    /// On the clock that nobody sets.
    pub(super) at: Instant,
    /// By the platform's clock, where it says so.
    pub(super) date: Option<SystemTime>,
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} ago", self.at.elapsed())
    }
}

/// A new account.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Registration {
    /// The session, unless the e-mail address must be confirmed first.
    pub session: Option<Session>,
    /// The user, where the answer names one.
    pub user: Option<User>,
    /// Whether the e-mail address must be confirmed before the first login.
    pub requires_verification: bool,
}

/// What the platform says about a code it sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OtpSent {
    /// Whether an account with this contact exists, where the platform says so.
    pub account_exists: Option<bool>,
    /// A sentence for the user.
    pub message: Option<String>,
}

pub(super) fn session(mut response: Response<types::PublicAuthResponse>) -> Result<Session, Error> {
    refuse_failure(&response)?;
    match take_session(&mut response)? {
        Some(session) => Ok(session),
        None => Err(decode::lacks(&response, "`accessToken` and `token`")),
    }
}

pub(super) fn registration(
    mut response: Response<types::PublicAuthResponse>,
) -> Result<Registration, Error> {
    refuse_failure(&response)?;
    let requires_verification = response.value.requires_verification.unwrap_or(false);
    let session = take_session(&mut response)?;
    let user = match &session {
        Some(session) => session.user.clone(),
        None => take_user(&mut response)?,
    };
    if session.is_none() && user.is_none() && !requires_verification {
        return Err(decode::lacks(
            &response,
            "a token, a user and `requiresVerification`",
        ));
    }
    Ok(Registration {
        session,
        user,
        requires_verification,
    })
}

fn refuse_failure(response: &Response<types::PublicAuthResponse>) -> Result<(), Error> {
    decode::succeeded(response, Some(response.value.success.unwrap_or(true)))
}

fn take_session(
    response: &mut Response<types::PublicAuthResponse>,
) -> Result<Option<Session>, Error> {
    let value = &mut response.value;
    let token = value
        .access_token
        .take()
        .filter(|token| !token.is_empty())
        .or_else(|| value.token.take().filter(|token| !token.is_empty()));
    let Some(access_token) = token else {
        return Ok(None);
    };
    let refresh_token = value.refresh_token.take();
    let expires_at = value.expires_at.take();
    Ok(Some(Session {
        access_token,
        refresh_token,
        expires_at: expires_at.and_then(|raw| text_of(&raw)),
        user: take_user(response)?,
        received: Received {
            at: Instant::now(),
            date: server_date(&response.headers),
        },
    }))
}

/// A JSON string's content, or the text of a number.
fn text_of(raw: &RawJson) -> Option<String> {
    raw.decode::<String>()
        .ok()
        .or_else(|| (!raw.is_null()).then(|| raw.text().to_owned()))
}

fn take_user(response: &mut Response<types::PublicAuthResponse>) -> Result<Option<User>, Error> {
    match response.value.user.take() {
        None => Ok(None),
        Some(user) => match user_of(user) {
            Some(user) => Ok(Some(user)),
            None => Err(decode::lacks(response, "the user's `id`")),
        },
    }
}

fn user_of(user: types::PublicUser) -> Option<User> {
    Some(User {
        id: user.id.filter(|id| !id.is_empty())?,
        email: user.email,
        name: user.name,
        email_verified_at: user.email_verified_at,
        created_at: user.created_at,
        avatar_url: user.avatar_url,
        extras: user.profile_extras.filter(|extras| !extras.is_null()),
    })
}

/// A user, flat or within `{user}`.
pub(super) fn user_reply(mut response: Response<types::PublicUserReply>) -> Result<User, Error> {
    let value = &mut response.value;
    let user = match value.user.take() {
        Some(user) => user_of(user),
        None => {
            let mut user = types::PublicUser::default();
            user.id = value.id.take();
            user.email = value.email.take();
            user.name = value.name.take();
            user.email_verified_at = value.email_verified_at.take();
            user.created_at = value.created_at.take();
            user.avatar_url = value.avatar_url.take();
            user.profile_extras = value.profile_extras.take();
            user_of(user)
        }
    };
    user.ok_or_else(|| decode::lacks(&response, "the user's `id`"))
}

/// A user of the server flavour.
pub(super) fn server_user(user: types::User) -> Option<User> {
    Some(User {
        id: user.id.filter(|id| !id.is_empty())?,
        email: user.email,
        name: user.name,
        email_verified_at: None,
        created_at: user.created_at,
        avatar_url: None,
        extras: user.metadata.filter(|extras| !extras.is_null()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_leading_plus_makes_a_phone_number() {
        assert_eq!(Contact::from("+1415"), Contact::Phone("+1415".into()));
        assert_eq!(Contact::from("a@b.c"), Contact::Email("a@b.c".into()));
        assert!(Contact::from(" ").split().is_err());
    }

    #[test]
    fn expiry_keeps_the_platforms_notation() {
        let raw = |text: &str| RawJson::from_text(text.to_owned()).unwrap();
        assert_eq!(
            text_of(&raw("\"2026-01-01 00:00:00\"")).as_deref(),
            Some("2026-01-01 00:00:00")
        );
        assert_eq!(text_of(&raw("1782000000")).as_deref(), Some("1782000000"));
        assert_eq!(text_of(&raw("null")), None);
    }
}

//! Accounts.

mod manager;
mod model;
mod profile;
mod requests;
mod server;

use aerostack_api::{
    CallOptions, RawJson, Response,
    requests::{
        PublicAuthDeleteAvatar, PublicAuthMe, PublicAuthOtpSend, PublicAuthOtpVerify,
        PublicAuthRefresh, PublicAuthResendVerification, PublicAuthResetPassword,
        PublicAuthVerifyEmail,
    },
    types,
};
use serde::Serialize;

use crate::{
    Client, Error, ErrorKind, Secret,
    call::{Call, Options},
    decode, input,
};

pub use manager::TokenManager;
pub use model::{Contact, OtpSent, Registration, Session, User};
pub use profile::UpdateProfile;
pub use requests::{Login, Logout, Register, RequestPasswordReset};
pub use server::{ServerAuth, ServerSession, SignUp};

/// End users' accounts, the flavour an app's front end uses. From [`Client::auth`](crate::Client::auth).
///
/// Sends no API key: the project's slug or id in the path says whose users these are, and calls about one user carry
/// that user's token.
///
/// # Limits
/// Login 10 a minute per IP address and 5 in 15 minutes per e-mail address; registration 5 a minute per IP address;
/// one-time codes 3 in 5 minutes; password resets 3 in 15 minutes; new verification mails 3 a minute. Beyond:
/// [`RateLimited`](crate::ErrorKind::RateLimited).
///
/// # Errors
/// Wrong password, code or token: [`Unauthorized`](crate::ErrorKind::Unauthorized). Account exists:
/// [`Conflict`](crate::ErrorKind::Conflict). Locked, or address not confirmed:
/// [`Forbidden`](crate::ErrorKind::Forbidden), see [`is_email_unverified`](crate::Error::is_email_unverified).
///
/// Confidence: shipped SDK code and the documentation; not in the published document. The documentation gives two
/// spellings of the path; the one used is the one shipped code sends.
#[derive(Debug, Clone)]
pub struct Auth {
    client: Client,
}

impl Auth {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
        }
    }

    /// Creates an account.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let registration = client.auth().register("ines@example.com", "Correct-Horse-9").name("Ines").await?;
    /// match registration.session {
    ///     Some(session) => println!("signed in until {:?}", session.expires_at),
    ///     None => println!("a mail is on its way"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the account was created is then unknown.
    #[doc(alias = "sign_up")]
    #[doc(alias = "signup")]
    #[doc(alias = "create_user")]
    pub fn register(&self, email: impl Into<String>, password: impl Into<Secret>) -> Register {
        Register {
            client: self.client.clone(),
            options: Options::default(),
            body: types::PublicAuthRegisterRequest::new(email.into(), password.into()),
        }
    }

    /// Signs a user in with a password.
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; a session may then exist that nobody holds.
    #[doc(alias = "sign_in")]
    #[doc(alias = "signin")]
    #[doc(alias = "sign_in_with_password")]
    pub fn login(&self, email: impl Into<String>, password: impl Into<Secret>) -> Login {
        Login {
            client: self.client.clone(),
            options: Options::default(),
            body: types::PublicAuthLoginRequest::new(email.into(), password.into()),
        }
    }

    /// Asks the platform whose token this is: `Some(user)` for a valid one, `None` for one that is wrong or has expired.
    ///
    /// An answer without a user id is an error, never a user. Nothing is decided locally: the call costs a round trip,
    /// and what it says holds for this moment.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client, bearer: &str) -> Result<(), aerostack::Error> {
    /// match client.auth().verify_token(bearer).await? {
    ///     Some(user) => println!("hello {}", user.id),
    ///     None => println!("401"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    #[doc(alias = "get_user")]
    #[doc(alias = "validate_token")]
    pub fn verify_token(&self, token: impl Into<Secret>) -> Call<Option<User>> {
        let token = token.into();
        Call::new(&self.client, move |client, options| async move {
            if !is_sendable(&token) {
                return Ok(None);
            }
            match me(client, options, token).await {
                Ok(user) => Ok(Some(user)),
                Err(error) if error.kind() == ErrorKind::Unauthorized => Ok(None),
                Err(error) => Err(error),
            }
        })
    }

    /// The user a token belongs to. Unlike [`verify_token`](Self::verify_token), a token that is not valid is an error.
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    #[doc(alias = "me")]
    #[doc(alias = "get_user")]
    pub fn current_user(&self, token: impl Into<Secret>) -> Call<User> {
        let token = token.into();
        Call::new(&self.client, move |client, options| {
            me(client, options, token)
        })
    }

    /// Changes the profile of the user a token belongs to. See [`UpdateProfile`].
    pub fn update_profile(&self, token: impl Into<Secret>) -> UpdateProfile {
        UpdateProfile::new(&self.client, token.into())
    }

    /// Removes the avatar of the user a token belongs to.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client, token: &str) -> Result<(), aerostack::Error> {
    /// client.auth().delete_avatar(token).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether it took effect is then unknown.
    pub fn delete_avatar(&self, token: impl Into<Secret>) -> Call<()> {
        let token = token.into();
        Call::new(&self.client, move |client, mut options| async move {
            authorize(&mut options, token)?;
            let slug = client.project_slug()?;
            let response = client
                .send(&PublicAuthDeleteAvatar::new(slug), &options)
                .await?;
            acknowledged(&response)
        })
    }

    /// Sends a one-time code of 6 digits by mail or text message.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// client.auth().send_otp("ines@example.com").await?;
    /// let session = client.auth().verify_otp("ines@example.com").code("123456").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; a code may then still arrive.
    #[doc(alias = "sign_in_with_otp")]
    pub fn send_otp(&self, contact: impl Into<Contact>) -> Call<OtpSent> {
        let contact = contact.into();
        Call::new(&self.client, move |client, options| async move {
            let slug = client.project_slug()?;
            let (email, phone) = contact.split()?;
            let body = types::PublicAuthOtpSendRequest::new()
                .email(email)
                .phone(phone);
            let response = client
                .send(&PublicAuthOtpSend::new(slug, body), &options)
                .await?;
            let value = &response.value;
            if value.message.is_none()
                && value.status.is_none()
                && value.account_exists.is_none()
                && value.success.is_none()
            {
                return Err(decode::lacks(
                    &response,
                    "`message`, `status` and `success`",
                ));
            }
            decode::succeeded(&response, Some(value.success.unwrap_or(true)))?;
            Ok(OtpSent {
                account_exists: value.account_exists,
                message: value.message.clone(),
            })
        })
    }

    /// Signs a user in with a one-time code, which [`VerifyOtp::code`] takes.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let session = client.auth().verify_otp("ines@example.com").code("482916").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[rustfmt::skip]
    pub fn verify_otp(&self, contact: impl Into<Contact>) -> VerifyOtp { // the code goes to .code(..)
        VerifyOtp {
            client: self.client.clone(),
            contact: contact.into(),
        }
    }

    /// Exchanges a refresh token for a new session. The old refresh token is used up by it, so an unanswered call is
    /// never repeated on its own.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client, token: &str) -> Result<(), aerostack::Error> {
    /// let session = client.auth().refresh(token).await?;
    /// println!("until {:?}", session.expires_at);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Not safe: dropping the future may lose the new session while the old refresh token is already used up.
    #[doc(alias = "refresh_session")]
    pub fn refresh(&self, refresh_token: impl Into<Secret>) -> Call<Session> {
        let token = refresh_token.into();
        Call::new(&self.client, move |client, options| async move {
            let slug = client.project_slug()?;
            input::text("refresh token", token.expose())?;
            let body = types::PublicAuthRefreshRequest::new(token);
            let response = client
                .send(&PublicAuthRefresh::new(slug, body), &options)
                .await?;
            model::session(response)
        })
    }

    /// Ends a session.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client, token: &str) -> Result<(), aerostack::Error> {
    /// client.auth().logout(token).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the session ended is then unknown.
    #[doc(alias = "sign_out")]
    #[doc(alias = "signout")]
    pub fn logout(&self, access_token: impl Into<Secret>) -> Logout {
        Logout {
            client: self.client.clone(),
            options: Options::default(),
            access_token: access_token.into(),
            refresh_token: None,
        }
    }

    /// Sends a mail with which the user can set a new password. The answer is the same whether or not the account
    /// exists.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// client.auth().request_password_reset("ines@example.com").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; a mail may then still arrive.
    pub fn request_password_reset(&self, email: impl Into<String>) -> RequestPasswordReset {
        RequestPasswordReset {
            client: self.client.clone(),
            options: Options::default(),
            body: types::PublicAuthResetPasswordRequestRequest::new(email.into()),
        }
    }

    /// Sets a new password with the token of a reset mail.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client, token: &str) -> Result<(), aerostack::Error> {
    /// client.auth().reset_password(token, "Correct-Horse-10").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; the token may then be used up.
    pub fn reset_password(
        &self,
        token: impl Into<Secret>,
        new_password: impl Into<Secret>,
    ) -> Call<()> {
        let token = token.into();
        let new_password = new_password.into();
        Call::new(&self.client, move |client, options| async move {
            let slug = client.project_slug()?;
            input::text("token", token.expose())?;
            input::text("password", new_password.expose())?;
            let body = types::PublicAuthResetPasswordRequest::new(token, new_password);
            let response = client
                .send(&PublicAuthResetPassword::new(slug, body), &options)
                .await?;
            acknowledged(&response)
        })
    }

    /// Confirms an e-mail address with the token of a verification mail. The platform takes the token in the URL; no
    /// error or log of this crate shows that URL.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client, token: &str) -> Result<(), aerostack::Error> {
    /// client.auth().verify_email(token).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; the token may then be used up.
    pub fn verify_email(&self, token: impl Into<Secret>) -> Call<()> {
        let token = token.into();
        Call::new(&self.client, move |client, options| async move {
            let slug = client.project_slug()?;
            input::text("token", token.expose())?;
            let token = &token;
            let response = client
                .send(&PublicAuthVerifyEmail::new(slug, token), &options)
                .await?;
            acknowledged(&response)
        })
    }

    /// Sends the verification mail again.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// client.auth().resend_verification("ines@example.com").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; a mail may then still arrive.
    pub fn resend_verification(&self, email: impl Into<String>) -> Call<()> {
        let email = email.into();
        Call::new(&self.client, move |client, options| async move {
            let slug = client.project_slug()?;
            input::text("e-mail address", &email)?;
            let body = types::PublicAuthResendVerificationRequest::new(email);
            let response = client
                .send(&PublicAuthResendVerification::new(slug, body), &options)
                .await?;
            acknowledged(&response)
        })
    }
}

async fn me(client: Client, mut options: CallOptions, token: Secret) -> Result<User, Error> {
    authorize(&mut options, token)?;
    let slug = client.project_slug()?;
    let response = client.send(&PublicAuthMe::new(slug), &options).await?;
    model::user_reply(response)
}

/// Sends a user's token with a call.
fn authorize(options: &mut CallOptions, token: Secret) -> Result<(), Error> {
    input::text("user token", token.expose())?;
    options.user_token = Some(token);
    Ok(())
}

/// What cannot be a header is no token anybody issued.
fn is_sendable(token: &Secret) -> bool {
    !token.expose().is_empty() && http::HeaderValue::try_from(token.expose()).is_ok()
}

/// An answer that only says that it was done, in one of three ways.
fn acknowledged(response: &Response<types::PublicAuthMessageResponse>) -> Result<(), Error> {
    let value = &response.value;
    if value.message.is_none() && value.status.is_none() && value.success.is_none() {
        return Err(decode::lacks(response, "`message`, `status` and `success`"));
    }
    decode::succeeded(response, Some(value.success.unwrap_or(true)))
}

/// Encodes what must be an object.
pub(crate) fn object(options: &mut Options, value: impl Serialize) -> Option<RawJson> {
    match RawJson::encode(&value) {
        Ok(raw) if raw.text().starts_with('{') => Some(raw),
        Ok(_) => {
            options.reject(Error::invalid_input(
                "this must be an object: a struct or a map",
            ));
            None
        }
        Err(error) => {
            options.reject(Error::invalid_input(format!(
                "the fields have no JSON form: {error}"
            )));
            None
        }
    }
}

/// A sign-in that still needs its code. From [`Auth::verify_otp`].
///
/// The code is given by name, because contact and code are both texts and would be mistaken for one another.
#[must_use = "give the code with .code(..), and await that"]
#[derive(Debug)]
pub struct VerifyOtp {
    client: Client,
    contact: Contact,
}

impl VerifyOtp {
    /// Signs the user in with the code that was sent.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let session = client.auth().verify_otp("+14155550100").code("482916").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; the code may then be used up.
    pub fn code(self, code: impl Into<Secret>) -> Call<Session> {
        let contact = self.contact;
        let code = code.into();
        Call::new(&self.client, move |client, options| async move {
            let slug = client.project_slug()?;
            input::text("code", code.expose())?;
            let (email, phone) = contact.split()?;
            let body = types::PublicAuthOtpVerifyRequest::new(code)
                .email(email)
                .phone(phone);
            let response = client
                .send(&PublicAuthOtpVerify::new(slug, body), &options)
                .await?;
            model::session(response)
        })
    }
}

//! Calls with settings of their own: registering, signing in and out, asking for a new password.

use aerostack_api::{requests, types};
use serde::Serialize;

use super::{Registration, Session, acknowledged, model, object};
use crate::{
    Client, Error, Secret,
    call::{Options, awaitable, call_options},
    input,
};

/// A new account. Await it for a [`Registration`].
#[must_use = "a call does nothing until it is awaited"]
pub struct Register {
    pub(super) client: Client,
    pub(super) options: Options,
    pub(super) body: types::PublicAuthRegisterRequest,
}

impl Register {
    /// The user's name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.body.name = Some(name.into());
        self
    }

    /// Further fields of the profile: an object whose keys are configured in the project's dashboard. Others are
    /// dropped by the platform.
    pub fn custom_fields(mut self, fields: impl Serialize) -> Self {
        self.body.custom_fields = object(&mut self.options, fields);
        self
    }

    /// The answer to a Turnstile challenge, where the project asks for one.
    pub fn turnstile_token(mut self, token: impl Into<Secret>) -> Self {
        self.body.turnstile_token = Some(token.into());
        self
    }

    call_options!();

    async fn run(self) -> Result<Registration, Error> {
        let options = self.options.into_call()?;
        input::text("e-mail address", &self.body.email)?;
        input::text("password", self.body.password.expose())?;
        let slug = self.client.project_slug()?;
        let body = self.body;
        let response = self
            .client
            .send(&requests::PublicAuthRegister::new(slug, body), &options)
            .await?;
        model::registration(response)
    }
}

awaitable!(Register => Registration);

/// A login. Await it for a [`Session`].
#[must_use = "a call does nothing until it is awaited"]
pub struct Login {
    pub(super) client: Client,
    pub(super) options: Options,
    pub(super) body: types::PublicAuthLoginRequest,
}

impl Login {
    /// The answer to a Turnstile challenge, where the project asks for one.
    pub fn turnstile_token(mut self, token: impl Into<Secret>) -> Self {
        self.body.turnstile_token = Some(token.into());
        self
    }

    call_options!();

    async fn run(self) -> Result<Session, Error> {
        let options = self.options.into_call()?;
        input::text("e-mail address", &self.body.email)?;
        input::text("password", self.body.password.expose())?;
        let slug = self.client.project_slug()?;
        let body = self.body;
        let response = self
            .client
            .send(&requests::PublicAuthLogin::new(slug, body), &options)
            .await?;
        model::session(response)
    }
}

awaitable!(Login => Session);

/// The end of a session. Await it.
#[must_use = "a call does nothing until it is awaited"]
pub struct Logout {
    pub(super) client: Client,
    pub(super) options: Options,
    pub(super) access_token: Secret,
    pub(super) refresh_token: Option<Secret>,
}

impl Logout {
    /// Ends this refresh token as well.
    pub fn refresh_token(mut self, token: impl Into<Secret>) -> Self {
        self.refresh_token = Some(token.into());
        self
    }

    call_options!();

    async fn run(mut self) -> Result<(), Error> {
        self.options.user_token(self.access_token.clone());
        let options = self.options.into_call()?;
        let slug = self.client.project_slug()?;
        let body = types::PublicAuthLogoutRequest::new(self.access_token)
            .refresh_token(self.refresh_token);
        let response = self
            .client
            .send(&requests::PublicAuthLogout::new(slug, body), &options)
            .await?;
        acknowledged(&response)
    }
}

awaitable!(Logout => ());

/// A request for a password reset. Await it.
#[must_use = "a call does nothing until it is awaited"]
pub struct RequestPasswordReset {
    pub(super) client: Client,
    pub(super) options: Options,
    pub(super) body: types::PublicAuthResetPasswordRequestRequest,
}

impl RequestPasswordReset {
    /// The answer to a Turnstile challenge, where the project asks for one.
    pub fn turnstile_token(mut self, token: impl Into<Secret>) -> Self {
        self.body.turnstile_token = Some(token.into());
        self
    }

    call_options!();

    async fn run(self) -> Result<(), Error> {
        let options = self.options.into_call()?;
        input::text("e-mail address", &self.body.email)?;
        let slug = self.client.project_slug()?;
        let body = self.body;
        let response = self
            .client
            .send(
                &requests::PublicAuthResetPasswordRequest::new(slug, body),
                &options,
            )
            .await?;
        acknowledged(&response)
    }
}

awaitable!(RequestPasswordReset => ());

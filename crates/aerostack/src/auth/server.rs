//! Accounts as a trusted server manages them.

use aerostack_api::{CallOptions, Response, requests, types};
use serde::Serialize;

use super::{User, model, object};
use crate::{
    Client, Error, Secret,
    call::{Call, Options, awaitable, call_options},
    decode, input,
    rpc::{GET_USER, GET_USER_BY_EMAIL, Rpc},
};

/// Accounts, with the API key. From [`Client::server_auth`](crate::Client::server_auth).
///
/// This flavour has no refresh tokens, codes or token checks; for those see [`Auth`](super::Auth).
///
/// Confidence: both operations are in the platform's published document.
#[derive(Debug, Clone)]
pub struct ServerAuth {
    client: Client,
}

impl ServerAuth {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
        }
    }

    /// Creates an account. Passwords have at least 8 characters.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let created = client.server_auth().sign_up("ines@example.com", "Correct-Horse-9").name("Ines").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the account was created is then unknown.
    pub fn sign_up(&self, email: impl Into<String>, password: impl Into<Secret>) -> SignUp {
        SignUp {
            client: self.client.clone(),
            options: Options::default(),
            body: types::AuthSignupRequest::new(email.into(), password.into()),
        }
    }

    /// Looks a user up by id; `None` where there is none.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// if let Some(user) = client.server_auth().user("usr_81").await? {
    ///     println!("{:?}", user.email);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Confidence: shipped SDK code calls this; neither the published document nor the documentation names it.
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    #[doc(alias = "get_user")]
    pub fn user(&self, id: impl Into<String>) -> Call<Option<User>> {
        let id = id.into();
        Call::new(&self.client, move |client, options| async move {
            find_user(&client, &options, id, false).await
        })
    }

    /// Looks a user up by e-mail address; `None` where there is none.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let user = client.server_auth().user_by_email("ines@example.com").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Confidence: as for [`user`](Self::user).
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    #[doc(alias = "get_user_by_email")]
    pub fn user_by_email(&self, email: impl Into<String>) -> Call<Option<User>> {
        let email = email.into();
        Call::new(&self.client, move |client, options| async move {
            find_user(&client, &options, email, true).await
        })
    }

    /// Signs a user in.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let session = client.server_auth().sign_in("ines@example.com", "Correct-Horse-9").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; a session may then exist that nobody holds.
    pub fn sign_in(
        &self,
        email: impl Into<String>,
        password: impl Into<Secret>,
    ) -> Call<ServerSession> {
        let email = email.into();
        let password = password.into();
        Call::new(&self.client, move |client, options| async move {
            input::text("e-mail address", &email)?;
            input::text("password", password.expose())?;
            let body = types::AuthSigninRequest::new(email, password);
            let response = client
                .send(&requests::AuthSignin::new(body), &options)
                .await?;
            session(response)
        })
    }
}

/// Looks a user up by id, or by e-mail address.
async fn find_user(
    client: &Client,
    options: &CallOptions,
    wanted: String,
    by_email: bool,
) -> Result<Option<User>, Error> {
    let args = serde_json::json!([wanted]);
    let transport = client.transport();
    let found: Result<Response<Option<types::PublicUserReply>>, Error> = if by_email {
        input::text("e-mail address", &wanted)?;
        let request = Rpc::<GET_USER_BY_EMAIL>::new(client, args);
        transport
            .send_as(&request, options)
            .await
            .map_err(Error::from)
    } else {
        input::text("user id", &wanted)?;
        let request = Rpc::<GET_USER>::new(client, args);
        transport
            .send_as(&request, options)
            .await
            .map_err(Error::from)
    };
    let response = match found {
        Ok(response) => response,
        Err(error) if error.is_absence() => return Ok(None),
        Err(error) => return Err(error),
    };
    let (reply, head) = response.split();
    match reply {
        None => Ok(None),
        Some(reply) => model::user_reply(head.map(|()| reply)).map(Some),
    }
}

/// A signed-in user.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ServerSession {
    /// The user's token, a JWT.
    pub token: Secret,
    /// The user.
    pub user: User,
    /// When the token expires, in the platform's own notation.
    pub expires_at: Option<String>,
}

/// A new account. Await it for a [`ServerSession`].
#[must_use = "a call does nothing until it is awaited"]
pub struct SignUp {
    client: Client,
    options: Options,
    body: types::AuthSignupRequest,
}

impl SignUp {
    /// The user's name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.body.name = Some(name.into());
        self
    }

    /// Further fields of the project's own: an object.
    pub fn metadata(mut self, fields: impl Serialize) -> Self {
        self.body.metadata = object(&mut self.options, fields);
        self
    }

    call_options!();

    async fn run(self) -> Result<ServerSession, Error> {
        let options = self.options.into_call()?;
        input::text("e-mail address", &self.body.email)?;
        input::text("password", self.body.password.expose())?;
        let body = self.body;
        let response = self
            .client
            .send(&requests::AuthSignup::new(body), &options)
            .await?;
        session(response)
    }
}

awaitable!(SignUp => ServerSession);

fn session(mut response: Response<types::AuthResponse>) -> Result<ServerSession, Error> {
    let token = response
        .value
        .token
        .take()
        .filter(|token| !token.is_empty());
    let user = response.value.user.take().and_then(model::server_user);
    let expires_at = response.value.expires_at.take();
    match (token, user) {
        (Some(token), Some(user)) => Ok(ServerSession {
            token,
            user,
            expires_at,
        }),
        (None, _) => Err(decode::lacks(&response, "`token`")),
        (_, None) => Err(decode::lacks(&response, "the user's `id`")),
    }
}

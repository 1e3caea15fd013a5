//! Changes of a user's own profile.

use aerostack_api::{requests, types};
use serde::Serialize;

use super::{User, model, object};
use crate::{
    Client, Error, Secret,
    call::{Options, awaitable, call_options},
};

/// A change of a user's profile: what is not set stays as it is. Await it for the changed [`User`].
///
/// ```no_run
/// # async fn run(client: aerostack::Client, token: aerostack::Secret) -> Result<(), aerostack::Error> {
/// let user = client.auth().update_profile(token).name("Ines V.").await?;
/// # Ok(())
/// # }
/// ```
///
/// # Cancel safety
/// Dropping the future abandons the call; whether it took effect is then unknown. Repeating it is harmless.
#[must_use = "a call does nothing until it is awaited"]
pub struct UpdateProfile {
    client: Client,
    options: Options,
    body: types::PublicAuthUpdateMeRequest,
}

impl UpdateProfile {
    pub(super) fn new(client: &Client, token: Secret) -> Self {
        let mut options = Options::default();
        options.user_token(token);
        Self {
            client: client.clone(),
            options,
            body: types::PublicAuthUpdateMeRequest::new(),
        }
    }

    /// The name.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.body.name = Some(name.into());
        self
    }

    /// Where the avatar is.
    pub fn avatar_url(mut self, url: impl Into<String>) -> Self {
        self.body.avatar_url = Some(url.into());
        self
    }

    /// The platform's id of an uploaded avatar.
    pub fn avatar_image_id(mut self, id: impl Into<String>) -> Self {
        self.body.avatar_image_id = Some(id.into());
        self
    }

    /// Further fields: an object whose keys are configured in the project's dashboard.
    pub fn custom_fields(mut self, fields: impl Serialize) -> Self {
        self.body.custom_fields = object(&mut self.options, fields);
        self
    }

    call_options!();

    async fn run(self) -> Result<User, Error> {
        let options = self.options.into_call()?;
        let slug = self.client.project_slug()?;
        let body = self.body;
        let response = self
            .client
            .send(&requests::PublicAuthUpdateMe::new(slug, body), &options)
            .await?;
        model::user_reply(response)
    }
}

awaitable!(UpdateProfile => User);

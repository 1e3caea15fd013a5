//! Changes of a user's own profile.

use aerostack_api::{generated::types, operations};
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
            body: types::PublicAuthUpdateMeRequest {
                name: None,
                avatar_url: None,
                avatar_image_id: None,
                custom_fields: None,
            },
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
    pub fn custom_fields<T: Serialize + ?Sized>(mut self, fields: &T) -> Self {
        self.body.custom_fields = object(&mut self.options, fields);
        self
    }

    call_options!();

    async fn run(self) -> Result<User, Error> {
        let operation = &operations::PUBLIC_AUTH_UPDATE_ME;
        let slug = self.client.project_slug()?;
        let body = &self.body;
        let answer = self
            .client
            .call(operation, self.options, |api| async move {
                api.public_auth_update_me(slug, body).await
            })
            .await?;
        model::user_reply(operation, answer)
    }
}

awaitable!(UpdateProfile => User);

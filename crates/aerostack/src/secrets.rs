//! Secrets the project keeps on the platform.

use aerostack_api::{CallOptions, requests, types};

use crate::{Client, Error, Secret, call::Call, decode, input};

/// Values the project keeps encrypted on the platform. From [`Client::secrets`](crate::Client::secrets).
///
/// Values are [`Secret`]s: `Debug` never shows them, and neither does an error.
///
/// Confidence: **inferred**. Reading secrets is documented only for code that runs on the platform; no source shows an
/// HTTP call, and the one made here has the form of the platform's other services. Try it with a live account before
/// relying on it.
#[derive(Debug, Clone)]
pub struct Secrets {
    client: Client,
}

impl Secrets {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
        }
    }

    /// Reads a secret; `None` where the platform says that there is none, in either of its two ways.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// if let Some(key) = client.secrets().get("MAIL_API_KEY").await? {
    ///     let _authorization = format!("Bearer {}", key.expose());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A 404 that is not the platform's own is [`NotFound`](crate::ErrorKind::NotFound): another service answered.
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    #[doc(alias = "get_secret")]
    #[doc(alias = "read")]
    pub fn get(&self, name: impl Into<String>) -> Call<Option<Secret>> {
        let name = name.into();
        Call::new(&self.client, move |client, options| async move {
            match get(client, options, name).await {
                Err(error) if error.is_absence() => Ok(None),
                result => result,
            }
        })
    }
}

async fn get(client: Client, options: CallOptions, key: String) -> Result<Option<Secret>, Error> {
    input::name("secret's name", &key)?;
    let body = types::SecretsGetRequest::new(key);
    let mut response = client
        .send(&requests::SecretsGet::new(body), &options)
        .await?;
    match (response.value.exists, response.value.value.take()) {
        (Some(false), _) => Ok(None),
        (_, Some(value)) => Ok(Some(value)),
        (Some(true), None) => Err(decode::lacks(&response, "`value`")),
        (None, None) => Err(decode::lacks(&response, "`value` and `exists`")),
    }
}

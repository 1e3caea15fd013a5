//! The handles of a client, one per service. Here and not beside [`Client`], so that the client knows no service and a
//! service can be read with the client alone.

use crate::{
    Client,
    ai::Ai,
    auth::{Auth, ServerAuth},
    cache::Cache,
    collections::Collection,
    db::Db,
    functions::Functions,
    gateway::{Gateway, GatewayBilling},
    mail::SendEmail,
    queue::Queue,
    raw_request::RawRequest,
    search::Search,
    secrets::Secrets,
    services::Services,
    socket::Socket,
    storage::Storage,
};

/// Handles, one per service. They are cheap, owned, and outlive the client they come from.
impl Client {
    /// SQL against the project's database.
    #[doc(alias = "database")]
    #[doc(alias = "sql")]
    #[doc(alias = "from")]
    pub fn db(&self) -> Db {
        Db::new(self)
    }

    /// End users' accounts: sign-up, login, tokens. Sends no API key.
    pub fn auth(&self) -> Auth {
        Auth::new(self)
    }

    /// Accounts as a trusted server manages them, with the API key.
    pub fn server_auth(&self) -> ServerAuth {
        ServerAuth::new(self)
    }

    /// Key and value, with a time to live.
    pub fn cache(&self) -> Cache {
        Cache::new(self)
    }

    /// Files.
    pub fn storage(&self) -> Storage {
        Storage::new(self)
    }

    /// Jobs for the project's workers.
    pub fn queue(&self) -> Queue {
        Queue::new(self)
    }

    /// Language models: chat, completions, embeddings.
    pub fn ai(&self) -> Ai {
        Ai::new(self)
    }

    /// Texts found by meaning.
    pub fn search(&self) -> Search {
        Search::new(self)
    }

    /// The AI endpoint published under a slug, as its consumers use it. Sends no API key.
    pub fn gateway(&self, slug: impl Into<String>) -> Gateway {
        Gateway::new(self, slug.into())
    }

    /// Billing of a gateway's consumers.
    pub fn gateway_billing(&self) -> GatewayBilling {
        GatewayBilling::new(self)
    }

    /// Services of the project, called by name.
    pub fn services(&self) -> Services {
        Services::new(self)
    }

    /// Functions of the project, called by slug.
    pub fn functions(&self) -> Functions {
        Functions::new(self)
    }

    /// The collection of this name.
    pub fn collection(&self, name: impl Into<String>) -> Collection {
        Collection::new(self, name.into())
    }

    /// Secrets the project keeps on the platform.
    pub fn secrets(&self) -> Secrets {
        Secrets::new(self)
    }

    /// Events sent to channels.
    pub fn socket(&self) -> Socket {
        Socket::new(self)
    }

    /// A mail to be sent by the platform. See [`SendEmail`].
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// client.email("ines@example.com").subject("Your parcel").body("It left today.").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the mail was sent is then unknown.
    #[doc(alias = "send_email")]
    #[doc(alias = "mail")]
    pub fn email(&self, to: impl Into<String>) -> SendEmail {
        SendEmail::new(self, to.into())
    }

    /// A request to an operation that has no method here, with the credentials, retries and errors of all calls. See
    /// [`RawRequest`].
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let response = client.request("GET", "/v1/collections/notes/items").query("limit", 10).await?;
    /// let notes: Vec<serde_json::Value> = response.decode()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; what the request did is then unknown, unless it only reads.
    #[doc(alias = "fetch")]
    #[doc(alias = "execute")]
    pub fn request(&self, method: impl AsRef<str>, path: impl Into<String>) -> RawRequest {
        RawRequest::new(self, method.as_ref(), path.into())
    }
}

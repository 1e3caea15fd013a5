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
    queue::Queue,
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
}

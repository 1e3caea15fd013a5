//! The client: one connection pool, many handles.

mod builder;
#[cfg(feature = "realtime")]
mod realtime;

use std::{fmt, sync::Arc, time::Duration};

use aerostack_api::{CallOptions, Request, Response, Transport};
use serde::de::DeserializeOwned;

use crate::{Error, Secret, route::GatewayRoute};

pub use builder::ClientBuilder;

/// The way to one Aerostack project.
///
/// Cheap to clone; clones share one connection pool. Handles are owned and outlive the client they came from.
///
/// ```no_run
/// # async fn run() -> Result<(), aerostack::Error> {
/// let client = aerostack::Client::builder()
///     .project_id("proj_7f")
///     .api_key("sk_live_...")
///     .build()?;
/// client.cache().set("greeting", "hello").await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Shared>);

struct Shared {
    transport: Transport,
    project_slug: Option<String>,
    completion_timeout: Duration,
    gateway_route: GatewayRoute,
    #[cfg(feature = "realtime")]
    roots: Vec<Vec<u8>>,
    #[cfg(feature = "realtime")]
    realtime: std::sync::Mutex<Option<aerostack_realtime::Realtime>>,
}

impl Client {
    /// A client for the platform at a base URL, with an API key. For a project id, which end users' accounts and realtime
    /// need, and for all other settings there is [`builder`](Self::builder).
    ///
    /// ```
    /// # fn run() -> Result<(), aerostack::Error> {
    /// let client = aerostack::Client::new("https://api.aerostack.dev/v1", "sk_live_...")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when the URL or the key cannot be used.
    pub fn new(base_url: impl Into<String>, api_key: impl Into<Secret>) -> Result<Self, Error> {
        Self::builder().base_url(base_url).api_key(api_key).build()
    }

    /// Settings for a new client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// A client from the environment: `AEROSTACK_API_KEY`, `AEROSTACK_PROJECT_ID`, `AEROSTACK_PROJECT_SLUG` and
    /// `AEROSTACK_BASE_URL`. Each may be absent; a call that needs what is absent says so.
    ///
    /// # Errors
    /// [`ErrorKind::Config`](crate::ErrorKind::Config) when a variable holds something unusable.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::new().env().build()
    }

    #[cfg_attr(not(feature = "realtime"), allow(unused_variables))]
    fn from_parts(
        transport: Transport,
        project_slug: Option<String>,
        completion_timeout: Duration,
        gateway_route: GatewayRoute,
        roots: Vec<Vec<u8>>,
    ) -> Self {
        Self(Arc::new(Shared {
            transport,
            project_slug,
            completion_timeout,
            gateway_route,
            #[cfg(feature = "realtime")]
            roots,
            #[cfg(feature = "realtime")]
            realtime: std::sync::Mutex::default(),
        }))
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.0.transport
    }

    pub(crate) fn gateway_route(&self) -> &GatewayRoute {
        &self.0.gateway_route
    }

    /// The limit of one attempt at a completion, which takes longer than other calls do.
    pub(crate) fn completion_timeout(&self) -> Duration {
        self.0.completion_timeout
    }

    /// The project in the paths of public auth: its slug, or its id, which the platform takes in the same place.
    pub(crate) fn project_slug(&self) -> Result<&str, Error> {
        self.0
            .project_slug
            .as_deref()
            .or(self.0.transport.config().project_id.as_deref())
            .ok_or_else(|| {
                Error::config(
                    "this call needs the project: set project_slug or project_id on the builder, or \
                     AEROSTACK_PROJECT_SLUG or AEROSTACK_PROJECT_ID",
                )
            })
    }

    /// Sends a request and decodes its response.
    pub(crate) async fn send<R>(
        &self,
        request: &R,
        options: &CallOptions,
    ) -> Result<Response<R::Response>, Error>
    where
        R: Request,
        R::Response: DeserializeOwned,
    {
        Ok(self.0.transport.send(request, options).await?)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let config = self.0.transport.config();
        f.debug_struct("Client")
            .field("base_url", &config.origin)
            .field("project_id", &config.project_id)
            .field("project_slug", &self.0.project_slug)
            .field("api_key", &config.api_key)
            .finish_non_exhaustive()
    }
}

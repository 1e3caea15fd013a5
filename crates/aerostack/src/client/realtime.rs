//! Realtime, with the client's own settings.

use std::sync::PoisonError;

use aerostack_api::{ProxyMode, WithTransport};
use aerostack_realtime::{Realtime, RealtimeBuilder};

use super::Client;
use crate::Error;

impl Client {
    /// Realtime channels, over one connection that all clones of this client share.
    ///
    /// Nothing is sent before the first use. [`Realtime::close`] ends the shared connection and every stream over it; the
    /// next call of this method starts another. For one with its own settings, a user's token for example, take
    /// [`realtime_builder`](Self::realtime_builder).
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// #[derive(serde::Deserialize)]
    /// struct Order {
    ///     id: i64,
    /// }
    ///
    /// let channel = client.realtime()?.channel("orders")?;
    /// let mut orders = channel.inserts::<Order>().subscribe().await?;
    /// while let Some(order) = orders.next().await {
    ///     println!("order {}", order?.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Errors of realtime become [`Error`](crate::Error)s with `?`, so that one function can return both.
    ///
    /// # Errors
    /// When the API key or the project id cannot travel in a WebSocket handshake.
    pub fn realtime(&self) -> Result<Realtime, Error> {
        let mut shared = self
            .0
            .realtime
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(realtime) = shared.as_ref()
            && !realtime.status().current().is_final()
        {
            return Ok(realtime.clone());
        }
        let realtime = self.realtime_builder().build()?;
        *shared = Some(realtime.clone());
        Ok(realtime)
    }

    /// Settings for a realtime connection of its own, filled with this client's base URL, API key, project, proxy and
    /// trusted certificates.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client, token: aerostack::Secret) -> Result<(), Box<dyn std::error::Error>> {
    /// let realtime = client.realtime_builder().token(token).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn realtime_builder(&self) -> RealtimeBuilder {
        let transport = self.transport();
        let config = transport.config();
        let mut builder = Realtime::builder()
            .base_url(config.origin.as_str())
            .with_transport(transport.clone());
        if !config.origin.is_secure() {
            builder = builder.allow_insecure_http();
        }
        if let Some(key) = &config.api_key {
            builder = builder.api_key(key);
        }
        if let Some(id) = &config.project_id {
            builder = builder.project_id(id);
        }
        builder = match &transport.http_options().proxy {
            ProxyMode::Environment => builder,
            ProxyMode::Direct => builder.no_proxy(),
            ProxyMode::Url(url) => builder.proxy(url),
        };
        for pem in &self.0.roots {
            builder = builder.root_certificates(pem.clone());
        }
        builder
    }
}

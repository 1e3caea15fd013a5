//! Services of the project.

use aerostack_api::{CallOptions, RawJson, requests, types};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Client, Error, call::Call, decode, input};

/// Services of the project, called by name. From [`Client::services`](crate::Client::services).
///
/// What a service takes and gives is its own. Calls are never repeated after they may have reached the platform: what a
/// repeated call does is up to the service, and [`.idempotent()`](Call::idempotent) is for those that
/// allow it.
///
/// # Limits
/// One attempt has the client's time limit (30 seconds by default, which is also what official SDKs wait); give more
/// with [`.timeout(..)`](Call::timeout).
///
/// # Errors
/// An unknown service is [`NotFound`](crate::ErrorKind::NotFound) (inferred); one that ran and reports failure is
/// [`Rejected`](crate::ErrorKind::Rejected).
///
/// Confidence: the operation is in the platform's published document.
#[derive(Debug, Clone)]
pub struct Services {
    client: Client,
}

impl Services {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
        }
    }

    /// Runs a service with an object, a struct or a map, and decodes what it returns. A service that returns nothing
    /// fits `()` and `Option<T>`.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// use std::collections::BTreeMap;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Invoice {
    ///     pages: u32,
    ///     key: String,
    /// }
    ///
    /// let order = BTreeMap::from([("orderId", 9182)]);
    /// let invoice: Invoice = client.services().invoke("invoice-renderer", &order).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the service ran is then unknown.
    #[doc(alias = "call")]
    pub fn invoke<T: DeserializeOwned + Send + 'static>(
        &self,
        name: impl Into<String>,
        data: impl Serialize,
    ) -> Call<T> {
        let name = name.into();
        let data = input::object("data", data);
        Call::new(&self.client, move |client, options| async move {
            invoke(client, options, name, data?).await
        })
    }
}

async fn invoke<T: DeserializeOwned>(
    client: Client,
    options: CallOptions,
    service_name: String,
    data: RawJson,
) -> Result<T, Error> {
    input::name("service name", &service_name)?;
    let body = types::ServicesInvokeRequest::new(service_name, data);
    let mut response = client
        .send(&requests::ServicesInvoke::new(body), &options)
        .await?;
    let result = response.value.result.take();
    match (response.value.success, result) {
        (None, None) => Err(decode::lacks(&response, "`success` and `result`")),
        (success, result) => {
            decode::succeeded(&response, Some(success.unwrap_or(true)))?;
            let result = result.map_or_else(|| input::json("result", &()), Ok)?;
            decode::decode(&result)
                .map_err(|mismatch| decode::mismatch(&response, "the result", &mismatch))
        }
    }
}

//! AI endpoints published for consumers.

use aerostack_api::{requests, types};
use serde::Serialize;

use crate::{
    Client, Error, Secret,
    ai::{Chat, ChatTarget, Credential},
    call::{Call, Options, awaitable, call_options},
    decode, input,
    route::OnShippedPath,
};

pub use crate::route::GatewayPaths;

/// One AI endpoint, published under a slug, as its consumers use it. From [`Client::gateway`](crate::Client::gateway).
///
/// Give it the consumer's own credential: [`consumer_key`](Self::consumer_key) or [`user_token`](Self::user_token);
/// which one an endpoint takes is a setting of the endpoint. The project's secret key goes to none of these calls.
///
/// ```no_run
/// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
/// let bot = client.gateway("support-bot").consumer_key("ask_live_...");
/// let answer = bot.chat().user("How do I return a parcel?").await?;
/// println!("{} ({:?} tokens left)", answer.text, bot.wallet().await?.balance);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// Without a credential: [`MissingCredential`](crate::ErrorKind::MissingCredential), and nothing is sent. A message
/// that moderation blocked is [`BadRequest`](crate::ErrorKind::BadRequest). An endpoint with a hard limit refuses calls
/// on an empty wallet; with which status is not published.
///
/// Confidence: chat and wallet are in the platform's published document, usage in shipped SDK code only.
#[derive(Debug, Clone)]
pub struct Gateway {
    client: Client,
    slug: String,
    credential: Option<Credential>,
}

impl Gateway {
    pub(crate) fn new(client: &Client, slug: String) -> Self {
        Self {
            client: client.clone(),
            slug,
            credential: None,
        }
    }

    /// The key of a consumer (`ask_live_...`). It takes the place of a user token.
    #[must_use]
    pub fn consumer_key(mut self, key: impl Into<Secret>) -> Self {
        self.credential = Some(Credential::ConsumerKey(key.into()));
        self
    }

    /// The token of a signed-in user. It takes the place of a consumer key.
    #[must_use]
    pub fn user_token(mut self, token: impl Into<Secret>) -> Self {
        self.credential = Some(Credential::UserToken(token.into()));
        self
    }

    /// A conversation, to be completed with the next message. The tokens are taken from the consumer's wallet.
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; the platform may complete, and bill, all the same.
    pub fn chat(&self) -> Chat {
        let target = ChatTarget::Gateway(self.slug.clone());
        Chat::new(&self.client, target, self.credential.as_ref())
    }

    /// Completes a prompt: a [`chat`](Self::chat) of one message of the user's.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let bot = client.gateway("support-bot").consumer_key("ask_live_...");
    /// println!("{}", bot.complete("How do I return a parcel?").await?.text);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// As [`chat`](Self::chat).
    pub fn complete(&self, prompt: impl Into<String>) -> Chat {
        self.chat().user(prompt)
    }

    /// What the consumer has and has used.
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    pub fn wallet(&self) -> Call<Wallet> {
        let slug = self.slug.clone();
        Call::with_options(
            &self.client,
            self.options(),
            move |client, options| async move {
                input::slug("gateway's slug", &slug)?;
                let request = &requests::GatewayGetWallet::new(&slug);
                let (transport, options) = (client.transport(), &options);
                let mut response = client
                    .gateway_route()
                    .send(|paths| async move {
                        match paths {
                            GatewayPaths::Published => transport.send(request, options).await,
                            GatewayPaths::Shipped => {
                                transport.send(&OnShippedPath(request), options).await
                            }
                        }
                    })
                    .await?;
                let Some(wallet) = response.value.wallet.take() else {
                    return Err(decode::lacks(&response, "`wallet`"));
                };
                let Some(balance) = wallet.balance else {
                    return Err(decode::lacks(&response, "the wallet's `balance`"));
                };
                Ok(Wallet {
                    balance,
                    total_consumed: wallet.total_consumed,
                    total_purchased: wallet.total_purchased,
                    plan_type: wallet.plan_type,
                    hard_limit: wallet.hard_limit,
                    soft_limit: wallet.soft_limit,
                })
            },
        )
    }

    /// What the consumer used over the last days. See [`GetUsage`].
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let bot = client.gateway("support-bot").consumer_key("ask_live_...");
    /// let usage = bot.usage().days(30).await?;
    /// println!("{} tokens in {} calls", usage.total_tokens, usage.total_requests);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    pub fn usage(&self) -> GetUsage {
        GetUsage {
            client: self.client.clone(),
            options: self.options(),
            slug: self.slug.clone(),
            days: None,
        }
    }

    fn options(&self) -> Options {
        let mut options = Options::default();
        if let Some(credential) = &self.credential {
            credential.apply(&mut options);
        }
        options
    }
}

/// What a consumer has and has used, in tokens.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Wallet {
    /// What is left.
    pub balance: f64,
    /// What was used so far.
    pub total_consumed: Option<f64>,
    /// What was bought so far. Read by official SDKs, not published; so are the fields that follow.
    pub total_purchased: Option<f64>,
    /// The plan.
    pub plan_type: Option<String>,
    /// Calls are refused beyond this.
    pub hard_limit: Option<f64>,
    /// Only a mark: calls go on beyond this.
    pub soft_limit: Option<f64>,
}

/// A look at a consumer's usage. From [`Gateway::usage`]. Await it.
#[must_use = "a call does nothing until it is awaited"]
pub struct GetUsage {
    client: Client,
    options: Options,
    slug: String,
    days: Option<u32>,
}

impl GetUsage {
    /// How many days to look back, at least 1. What it is without this is not published.
    pub fn days(mut self, days: u32) -> Self {
        self.days = Some(days);
        self
    }

    call_options!();

    async fn run(self) -> Result<ConsumerUsage, Error> {
        let options = self.options.into_call()?;
        input::slug("gateway's slug", &self.slug)?;
        if self.days == Some(0) {
            return Err(Error::invalid_input("days is 0; it is at least 1"));
        }
        let request = requests::GatewayGetUsage::new(self.slug).days(self.days.map(i64::from));
        let response = self.client.send(&request, &options).await?;
        let value = &response.value;
        let (tokens, requests) = (value.total_tokens, value.total_requests);
        Ok(ConsumerUsage {
            total_tokens: decode::count(&response, tokens, "`total_tokens`")?,
            total_requests: decode::count(&response, requests, "`total_requests`")?,
            days: value.days.and_then(|days| u32::try_from(days).ok()),
        })
    }
}

awaitable!(GetUsage => ConsumerUsage);

/// What a consumer used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ConsumerUsage {
    /// Tokens.
    pub total_tokens: u64,
    /// Calls.
    pub total_requests: u64,
    /// The days these are the sums of.
    pub days: Option<u32>,
}

/// Billing of a gateway's consumers, as the endpoint's owner does it, with the API key. From
/// [`Client::gateway_billing`](crate::Client::gateway_billing).
///
/// Confidence: the operation is in the platform's published document.
#[derive(Debug, Clone)]
pub struct GatewayBilling {
    client: Client,
}

impl GatewayBilling {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
        }
    }

    /// Bills units to a consumer, for what the platform does not meter itself. Each call counts: one that may have
    /// reached the platform is never repeated unasked, and nothing allows marking two as the same.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let logged = client.gateway_billing().log("con_81d0", "api_44c2", 12).metric("pages").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the units were billed is then unknown.
    pub fn log(
        &self,
        consumer_id: impl Into<String>,
        api_id: impl Into<String>,
        units: u32,
    ) -> LogUnits {
        LogUnits {
            client: self.client.clone(),
            options: Options::default(),
            body: types::GatewayBillingLogRequest::new(
                consumer_id.into(),
                api_id.into(),
                units.into(),
            ),
        }
    }
}

/// Units to be billed. From [`GatewayBilling::log`]. Await it for the number of units the platform recorded.
#[must_use = "a call does nothing until it is awaited"]
pub struct LogUnits {
    client: Client,
    options: Options,
    body: types::GatewayBillingLogRequest,
}

impl LogUnits {
    /// What the units are, such as `pages`; `units` without it.
    pub fn metric(mut self, metric: impl Into<String>) -> Self {
        self.body.metric = Some(metric.into());
        self
    }

    call_options!();

    async fn run(self) -> Result<u64, Error> {
        let options = self.options.into_call()?;
        let body = self.body;
        let units = body.units;
        input::name("consumer's id", &body.consumer_id)?;
        input::name("endpoint's id", &body.api_id)?;
        let response = self
            .client
            .send(&requests::GatewayBillingLog::new(body), &options)
            .await?;
        let value = &response.value;
        decode::succeeded(
            &response,
            value.success.or(value.logged_units.map(|_| true)),
        )?;
        match value.logged_units {
            // Success without a count is a success with what was asked for.
            None => Ok(u64::try_from(units).unwrap_or_default()),
            logged => decode::count(&response, logged, "`loggedUnits`"),
        }
    }
}

awaitable!(LogUnits => u64);

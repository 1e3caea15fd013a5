//! Published endpoints, and who may use them on which account.

use std::collections::HashSet;

use axum::http::{HeaderMap, StatusCode};
use sha2::{Digest, Sha256};

use crate::error::{ApiError, ApiResult};
use crate::http::keys::{bearer, constant_time_eq};
use crate::services::gateway::Gateway;

/// What a signed-in user starts with on an endpoint that says nothing else.
const USER_BALANCE: i64 = 100_000;

/// A published AI endpoint, for [`EmulatorBuilder::gateway_api`](crate::EmulatorBuilder::gateway_api).
///
/// ```
/// use aerostack_emulator::GatewayApi;
///
/// let api = GatewayApi::new("support-bot").id("api_44c2").consumers_only();
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct GatewayApi {
    pub(super) slug: String,
    pub(super) id: String,
    consumers: bool,
    users: bool,
    user_balance: i64,
}

impl GatewayApi {
    /// An endpoint that takes consumer keys and tokens of signed-in users. Its id is `api_` and the slug.
    pub fn new(slug: impl Into<String>) -> Self {
        let slug = slug.into();
        Self {
            id: format!("api_{slug}"),
            slug,
            consumers: true,
            users: true,
            user_balance: USER_BALANCE,
        }
    }

    /// The id by which `gatewayBillingLog` names the endpoint.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Refuses tokens of signed-in users with 403.
    pub fn consumers_only(mut self) -> Self {
        (self.consumers, self.users) = (true, false);
        self
    }

    /// Refuses consumer keys with 403.
    pub fn users_only(mut self) -> Self {
        (self.consumers, self.users) = (false, true);
        self
    }

    /// What each signed-in user's wallet starts with, in tokens; 100,000 by default. Users have no hard limit.
    pub fn user_balance(mut self, tokens: i64) -> Self {
        self.user_balance = tokens;
        self
    }
}

impl<T: Into<String>> From<T> for GatewayApi {
    fn from(slug: T) -> Self {
        Self::new(slug)
    }
}

/// A consumer of the published endpoints, for
/// [`EmulatorBuilder::gateway_consumer`](crate::EmulatorBuilder::gateway_consumer). It has a wallet on each of them.
///
/// ```
/// use aerostack_emulator::GatewayConsumer;
///
/// let consumer = GatewayConsumer::new("ask_test_1", 5_000).id("con_81d0").hard_limit(5_000);
/// ```
#[derive(Clone)]
#[must_use]
pub struct GatewayConsumer {
    key: String,
    id: String,
    balance: i64,
    hard_limit: Option<i64>,
    soft_limit: Option<i64>,
    plan: Option<String>,
}

impl GatewayConsumer {
    /// A consumer with its key and the tokens its wallets start with. Without a hard limit it may use more.
    ///
    /// Its id is made from the key until [`GatewayConsumer::id`] sets one.
    pub fn new(key: impl Into<String>, balance: i64) -> Self {
        let key = key.into();
        Self {
            id: id_of(&key),
            key,
            balance,
            hard_limit: None,
            soft_limit: None,
            plan: None,
        }
    }

    /// The id by which `gatewayBillingLog` names the consumer.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// Refuses calls once this much is used, or once the balance is gone if that is sooner.
    pub fn hard_limit(mut self, tokens: i64) -> Self {
        self.hard_limit = Some(tokens);
        self
    }

    /// A mark in the wallet that refuses nothing.
    pub fn soft_limit(mut self, tokens: i64) -> Self {
        self.soft_limit = Some(tokens);
        self
    }

    /// The plan the wallet names, such as `metered`.
    pub fn plan(mut self, plan: impl Into<String>) -> Self {
        self.plan = Some(plan.into());
        self
    }
}

/// A stable id that does not give the key away.
fn id_of(key: &str) -> String {
    let digest = Sha256::digest(key.as_bytes());
    let hex: String = digest
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("con_{hex}")
}

/// Leaves the key out.
impl std::fmt::Debug for GatewayConsumer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GatewayConsumer")
            .field("id", &self.id)
            .field("balance", &self.balance)
            .finish_non_exhaustive()
    }
}

/// The endpoints and consumers of a project, which cannot be confused with each other.
#[derive(Default)]
pub(crate) struct Published {
    pub(super) apis: Vec<GatewayApi>,
    pub(super) consumers: Vec<GatewayConsumer>,
}

impl Published {
    /// Says what makes a set of endpoints and consumers unusable.
    pub(crate) fn new(
        apis: Vec<GatewayApi>,
        consumers: Vec<GatewayConsumer>,
    ) -> Result<Self, String> {
        let mut seen = HashSet::new();
        let slugs = apis.iter().map(|api| ("slug", &api.slug));
        let ids = apis.iter().map(|api| ("endpoint id", &api.id));
        let keys = consumers.iter().map(|consumer| ("key", &consumer.key));
        let owners = consumers
            .iter()
            .map(|consumer| ("consumer id", &consumer.id));
        for (what, name) in slugs.chain(ids).chain(keys).chain(owners) {
            if name.is_empty() {
                return Err(format!("a {what} is empty"));
            }
            if !seen.insert((what, name)) {
                return Err(format!("two have the same {what}"));
            }
        }
        Ok(Self { apis, consumers })
    }
}

/// Who calls.
pub(super) enum Caller {
    Consumer(GatewayConsumer),
    User(String),
}

/// Whose wallet pays.
pub(super) struct Account {
    pub(super) id: String,
    pub(super) purchased: i64,
    pub(super) hard_limit: Option<i64>,
    pub(super) soft_limit: Option<i64>,
    pub(super) plan: Option<String>,
}

impl Caller {
    pub(super) fn suits(&self, api: &GatewayApi) -> bool {
        match self {
            Self::Consumer(_) => api.consumers,
            Self::User(_) => api.users,
        }
    }

    pub(super) fn account(self, api: &GatewayApi) -> Account {
        match self {
            Self::Consumer(consumer) => Account {
                id: consumer.id,
                purchased: consumer.balance,
                hard_limit: consumer.hard_limit,
                soft_limit: consumer.soft_limit,
                plan: consumer.plan,
            },
            Self::User(id) => Account {
                id,
                purchased: api.user_balance,
                hard_limit: None,
                soft_limit: None,
                plan: None,
            },
        }
    }
}

impl Gateway {
    /// Reads the credential: a consumer key, or the token of a signed-in user.
    pub(super) async fn caller(&self, headers: &HeaderMap) -> ApiResult<Caller> {
        let token = bearer(headers).ok_or_else(wrong_key)?;
        let mut found = None;
        for consumer in self.consumers.iter() {
            if constant_time_eq(consumer.key.as_bytes(), token.as_bytes()) {
                found = Some(consumer);
            }
        }
        match found {
            Some(consumer) => Ok(Caller::Consumer(consumer.clone())),
            None if token.contains('.') => {
                let facts = self.users.verify(token).await?;
                Ok(Caller::User(facts.user.unwrap_or_default()))
            }
            None => Err(wrong_key()),
        }
    }

    pub(super) fn api(&self, slug: &str) -> ApiResult<&GatewayApi> {
        let mut apis = self.apis.iter();
        apis.find(|api| api.slug == slug)
            .ok_or_else(|| ApiError::not_found(format!("No gateway is called {slug}.")))
    }

    pub(super) fn api_by_id(&self, id: &str) -> Option<&GatewayApi> {
        let mut apis = self.apis.iter();
        apis.find(|api| api.id == id)
    }

    /// Whether a consumer or a user has this id.
    pub(super) async fn is_known(&self, id: &str) -> ApiResult<bool> {
        let mut consumers = self.consumers.iter();
        if consumers.any(|consumer| consumer.id == id) {
            return Ok(true);
        }
        self.users.exists(id).await
    }
}

/// 401: no credential that the gateway takes.
pub(super) fn wrong_key() -> ApiError {
    ApiError::new(
        StatusCode::UNAUTHORIZED,
        "AUTH_INVALID_KEY",
        "The consumer key or user token is missing, not valid, or not of the kind this gateway takes.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_and_consumers_that_could_be_confused_are_refused() {
        let api = || GatewayApi::new("a");
        let consumer = |key: &str, id: &str| GatewayConsumer::new(key, 1).id(id);
        let fine = (
            vec![api(), GatewayApi::new("b")],
            vec![consumer("k", "1"), consumer("l", "2")],
        );
        assert!(Published::new(fine.0, fine.1).is_ok());
        for (apis, consumers) in [
            (vec![api(), api()], vec![]),
            (vec![api(), GatewayApi::new("b").id("api_a")], vec![]),
            (vec![GatewayApi::new("")], vec![]),
            (vec![], vec![consumer("k", "1"), consumer("k", "2")]),
            (vec![], vec![consumer("k", "1"), consumer("l", "1")]),
            (vec![], vec![consumer("", "1")]),
        ] {
            let shown = format!("{apis:?} {consumers:?}");
            assert!(Published::new(apis, consumers).is_err(), "{shown}");
        }
    }

    #[test]
    fn a_consumer_does_not_show_its_key() {
        let consumer = GatewayConsumer::new("ask_test_planted", 1);
        assert!(!format!("{consumer:?}").contains("planted"));
    }
}

//! The gateway: published AI endpoints, their consumers, and what those have used.
//!
//! A consumer's wallet on an endpoint begins with the balance it was started with and loses what chats use and what
//! is billed. With a hard limit, calls are refused once the balance is gone or the limit is reached.

mod accounts;
mod usage;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::error::{ApiError, ApiResult, Reply};
use crate::http::extract::{Json, Pairs, PathParams, drain, or_default};
use crate::http::operation::Routes;
use crate::http::operations::{
    GATEWAY_BILLING_LOG, GATEWAY_CHAT_COMPLETIONS, GATEWAY_GET_USAGE, GATEWAY_GET_WALLET,
};
use crate::http::tokens::TokenVerifier;
use crate::store::database::Database;

pub(crate) use accounts::Published;
pub use accounts::{GatewayApi, GatewayConsumer};
pub(crate) use usage::SCHEMA;

use accounts::Account;
use usage::UsageRecord;

const USUAL_DAYS: i64 = 30;

/// What the gateway needs of accounts.
pub(crate) trait Users: TokenVerifier {
    /// Whether there is a user with this id.
    fn exists(&self, id: &str) -> BoxFuture<'static, ApiResult<bool>>;
}

/// Told once how many tokens a chat used.
pub(crate) type Used = Box<dyn FnOnce(i64) + Send>;

/// Who answers chats.
pub(crate) trait Completions: Send + Sync {
    /// Answers the chat in a request.
    fn complete(&self, request: Request, used: Used) -> BoxFuture<'static, ApiResult<Response>>;
}

#[derive(Clone)]
pub(crate) struct Gateway {
    db: Database,
    clock: Clock,
    apis: Arc<[GatewayApi]>,
    consumers: Arc<[GatewayConsumer]>,
    users: Arc<dyn Users>,
    completions: Arc<dyn Completions>,
}

impl Gateway {
    pub(crate) fn new(
        db: Database,
        clock: Clock,
        published: Published,
        users: Arc<dyn Users>,
        completions: Arc<dyn Completions>,
    ) -> Self {
        Self {
            db,
            clock,
            apis: published.apis.into(),
            consumers: published.consumers.into(),
            users,
            completions,
        }
    }

    pub(crate) fn routes(self) -> Routes {
        Routes::new()
            .on(&GATEWAY_CHAT_COMPLETIONS, chat)
            .on(&GATEWAY_GET_WALLET, wallet)
            .on(&GATEWAY_GET_USAGE, usage)
            .on(&GATEWAY_BILLING_LOG, bill)
            .with_state(self)
    }
}

#[derive(Serialize)]
struct Wallet {
    balance: i64,
    total_consumed: i64,
    total_purchased: i64,
    plan_type: Option<String>,
    hard_limit: Option<i64>,
    soft_limit: Option<i64>,
}

#[derive(Serialize)]
struct WalletReply {
    wallet: Wallet,
}

#[derive(Serialize)]
struct UsageReply {
    total_tokens: i64,
    total_requests: i64,
    days: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct BillRequest {
    consumer_id: String,
    api_id: String,
    units: i64,
    #[serde(default, deserialize_with = "or_default")]
    metric: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BillReply {
    success: bool,
    logged_units: i64,
}

async fn chat(
    State(gateway): State<Gateway>,
    PathParams(slug): PathParams<String>,
    request: Request,
) -> ApiResult<Response> {
    let (api, account) = match gateway.admit(&slug, request.headers()).await {
        Ok(admitted) => admitted,
        Err(error) => {
            drain(request.into_body()).await;
            return Err(error);
        }
    };
    let (db, clock) = (gateway.db.clone(), gateway.clock.clone());
    let note = move |tokens: i64| {
        let record = UsageRecord {
            consumer: account.id,
            api,
            at_ms: clock.now_ms(),
            units: tokens,
            metric: "tokens".to_owned(),
            is_request: true,
        };
        // The first poll hands the record to the database, which does everything in order: a request for the wallet
        // after this response sees it.
        let _ = db
            .call(move |connection| usage::add(connection, &record))
            .now_or_never();
    };
    gateway.completions.complete(request, Box::new(note)).await
}

impl Gateway {
    /// Who may chat: the endpoint's id, and whose account pays.
    async fn admit(&self, slug: &str, headers: &HeaderMap) -> ApiResult<(String, Account)> {
        let caller = self.caller(headers).await?;
        let api = self.api(slug)?;
        if !caller.suits(api) {
            return Err(ApiError::forbidden(format!(
                "The gateway {slug} does not accept this kind of credential."
            )));
        }
        let account = caller.account(api);
        if let Some(limit) = account.hard_limit {
            let consumed = self.consumed(&account, api).await?;
            if consumed >= limit.min(account.purchased) {
                return Err(ApiError::forbidden(format!(
                    "The wallet is empty: {consumed} used of {}, with a hard limit of {limit}.",
                    account.purchased
                )));
            }
        }
        Ok((api.id.clone(), account))
    }

    async fn consumed(&self, account: &Account, api: &GatewayApi) -> ApiResult<i64> {
        let (consumer, api) = (account.id.clone(), api.id.clone());
        self.db
            .call(move |connection| usage::consumed(connection, &consumer, &api))
            .await
    }

    /// The endpoint a question is about and the account of who asks. These operations know no 403.
    async fn asked(&self, pairs: &Pairs, headers: &HeaderMap) -> ApiResult<(GatewayApi, Account)> {
        let caller = self.caller(headers).await?;
        let api = self.api(pairs.require("api_slug")?)?;
        if caller.suits(api) {
            Ok((api.clone(), caller.account(api)))
        } else {
            Err(accounts::wrong_key())
        }
    }
}

async fn wallet(
    State(gateway): State<Gateway>,
    pairs: Pairs,
    headers: HeaderMap,
) -> Reply<WalletReply> {
    let (api, account) = gateway.asked(&pairs, &headers).await?;
    let consumed = gateway.consumed(&account, &api).await?;
    Ok(axum::Json(WalletReply {
        wallet: Wallet {
            balance: account.purchased.saturating_sub(consumed),
            total_consumed: consumed,
            total_purchased: account.purchased,
            plan_type: account.plan,
            hard_limit: account.hard_limit,
            soft_limit: account.soft_limit,
        },
    }))
}

async fn usage(
    State(gateway): State<Gateway>,
    pairs: Pairs,
    headers: HeaderMap,
) -> Reply<UsageReply> {
    let (api, account) = gateway.asked(&pairs, &headers).await?;
    let days = pairs.integer("days")?.unwrap_or(USUAL_DAYS);
    if days < 1 {
        return Err(ApiError::validation("days must be at least 1"));
    }
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    let since = gateway
        .clock
        .now_ms()
        .saturating_sub(days.saturating_mul(DAY_MS));
    let (total_tokens, total_requests) = gateway
        .db
        .call(move |connection| usage::requests(connection, &account.id, &api.id, since))
        .await?;
    Ok(axum::Json(UsageReply {
        total_tokens,
        total_requests,
        days,
    }))
}

async fn bill(
    State(gateway): State<Gateway>,
    Json(request): Json<BillRequest>,
) -> Reply<BillReply> {
    if request.units < 0 {
        return Err(ApiError::validation("units must not be negative"));
    }
    let unknown = |field: &str, id: &str, what: &str| {
        ApiError::validation(format!("{field}: there is no {what} {id}"))
            .field("field", field.into())
    };
    let api = gateway
        .api_by_id(&request.api_id)
        .or_else(|| gateway.apis.iter().find(|api| api.slug == request.api_id))
        .ok_or_else(|| unknown("apiId", &request.api_id, "gateway with the id"))?;
    if !gateway.is_known(&request.consumer_id).await? {
        return Err(unknown("consumerId", &request.consumer_id, "consumer"));
    }
    let record = UsageRecord {
        consumer: request.consumer_id,
        api: api.id.clone(),
        at_ms: gateway.clock.now_ms(),
        units: request.units,
        metric: request.metric.unwrap_or_else(|| "units".to_owned()),
        is_request: false,
    };
    gateway
        .db
        .call(move |connection| usage::add(connection, &record))
        .await?;
    Ok(axum::Json(BillReply {
        success: true,
        logged_units: request.units,
    }))
}

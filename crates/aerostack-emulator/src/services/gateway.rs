//! The gateway: published AI endpoints, their consumers, and what those have used.
//!
//! A consumer's wallet on an endpoint begins with the balance it was started with and loses what chats use and what
//! is billed. With a hard limit, calls are refused once the balance is gone or the limit is reached.

mod accounts;
mod usage;

use axum::Router;
use axum::extract::{FromRequest, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::{get, post};
use futures_util::FutureExt;
use serde::{Deserialize, Serialize};

use crate::error::{ApiError, ApiResult, Reply};
use crate::http::extract::{Json, drain, some};
use crate::http::params::{Pairs, PathParams};
use crate::platform::App;
use crate::services::ai::{ChatRequest, Tokens, complete};

pub(crate) use accounts::check;
pub use accounts::{GatewayApi, GatewayConsumer};
pub(crate) use usage::SCHEMA;

use accounts::Account;
use usage::Line;

const USUAL_DAYS: i64 = 30;

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/v1/ai/gateway/{slug}/chat/completions", post(chat))
        .route("/v1/ai/gateway/me/wallet", get(wallet))
        .route("/api/gateway/me/usage", get(usage))
        .route("/v1/gateway/billing/log", post(bill))
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
    #[serde(default, deserialize_with = "some")]
    metric: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct BillReply {
    success: bool,
    logged_units: i64,
}

async fn chat(
    State(app): State<App>,
    PathParams(slug): PathParams<String>,
    request: Request,
) -> ApiResult<Response> {
    let (api, account) = match admit(&app, &slug, request.headers()).await {
        Ok(admitted) => admitted,
        Err(error) => {
            drain(request.into_body()).await;
            return Err(error);
        }
    };
    let Json(chat) = Json::<ChatRequest>::from_request(request, &app).await?;
    let state = app.clone();
    let note = move |tokens: Tokens| {
        let line = Line {
            consumer: account.id,
            api,
            at_ms: state.clock.now_ms(),
            units: tokens.total(),
            metric: "tokens".to_owned(),
            is_request: true,
        };
        // The first poll hands the line to the database, which does everything in order: whoever asks for the wallet
        // after this answer sees it.
        let _ = state
            .system
            .call(move |connection| usage::add(connection, &line))
            .now_or_never();
    };
    complete(&app, chat, note).await
}

/// Whoever may chat: the endpoint's id, and on whose account it is.
async fn admit(app: &App, slug: &str, headers: &HeaderMap) -> ApiResult<(String, Account)> {
    let caller = accounts::caller(app, headers).await?;
    let api = accounts::api(app, slug)?;
    if !caller.suits(api) {
        return Err(ApiError::forbidden(format!(
            "The gateway {slug} does not accept this kind of credential."
        )));
    }
    let account = caller.account(api);
    if let Some(limit) = account.hard_limit {
        let consumed = consumed(app, &account, api).await?;
        if consumed >= limit.min(account.purchased) {
            return Err(ApiError::forbidden(format!(
                "The wallet is empty: {consumed} used of {}, with a hard limit of {limit}.",
                account.purchased
            )));
        }
    }
    Ok((api.id.clone(), account))
}

async fn consumed(app: &App, account: &Account, api: &GatewayApi) -> ApiResult<i64> {
    let (consumer, api) = (account.id.clone(), api.id.clone());
    app.system
        .call(move |connection| usage::consumed(connection, &consumer, &api))
        .await
}

/// The endpoint a question is about and the account of who asks. These operations know no 403.
async fn asked(app: &App, pairs: &Pairs, headers: &HeaderMap) -> ApiResult<(GatewayApi, Account)> {
    let caller = accounts::caller(app, headers).await?;
    let api = accounts::api(app, pairs.require("api_slug")?)?;
    if caller.suits(api) {
        Ok((api.clone(), caller.account(api)))
    } else {
        Err(accounts::wrong_key())
    }
}

async fn wallet(State(app): State<App>, pairs: Pairs, headers: HeaderMap) -> Reply<WalletReply> {
    let (api, account) = asked(&app, &pairs, &headers).await?;
    let consumed = consumed(&app, &account, &api).await?;
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

async fn usage(State(app): State<App>, pairs: Pairs, headers: HeaderMap) -> Reply<UsageReply> {
    let (api, account) = asked(&app, &pairs, &headers).await?;
    let days = pairs.integer("days")?.unwrap_or(USUAL_DAYS);
    if days < 1 {
        return Err(ApiError::validation("days must be at least 1"));
    }
    const DAY_MS: i64 = 24 * 60 * 60 * 1000;
    let since = app
        .clock
        .now_ms()
        .saturating_sub(days.saturating_mul(DAY_MS));
    let (total_tokens, total_requests) = app
        .system
        .call(move |connection| usage::requests(connection, &account.id, &api.id, since))
        .await?;
    Ok(axum::Json(UsageReply {
        total_tokens,
        total_requests,
        days,
    }))
}

async fn bill(State(app): State<App>, Json(request): Json<BillRequest>) -> Reply<BillReply> {
    if request.units < 0 {
        return Err(ApiError::validation("units must not be negative"));
    }
    let unknown = |field: &str, id: &str, what: &str| {
        ApiError::validation(format!("{field}: there is no {what} {id}"))
            .field("field", field.into())
    };
    let api = accounts::api_by_id(&app, &request.api_id)
        .ok_or_else(|| unknown("apiId", &request.api_id, "gateway with the id"))?;
    if !accounts::is_known(&app, &request.consumer_id).await? {
        return Err(unknown("consumerId", &request.consumer_id, "consumer"));
    }
    let line = Line {
        consumer: request.consumer_id,
        api: api.id.clone(),
        at_ms: app.clock.now_ms(),
        units: request.units,
        metric: request.metric.unwrap_or_else(|| "units".to_owned()),
        is_request: false,
    };
    app.system
        .call(move |connection| usage::add(connection, &line))
        .await?;
    Ok(axum::Json(BillReply {
        success: true,
        logged_units: request.units,
    }))
}

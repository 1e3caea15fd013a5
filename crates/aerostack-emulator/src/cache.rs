//! The cache service: keys with values and expiry, kept in the system database.

use axum::Router;
use axum::extract::State;
use axum::routing::post;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::app::App;
use crate::error::{ApiError, ApiResult, Reply};
use crate::extract::{Json, some};

pub(crate) const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS cache (
        key TEXT PRIMARY KEY, value TEXT NOT NULL, expires_ms INTEGER) WITHOUT ROWID;";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/v1/cache/get", post(get))
        .route("/v1/cache/set", post(set))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyRequest {
    key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    key: String,
    value: Box<RawValue>,
    #[serde(default, deserialize_with = "some")]
    ttl: Option<i64>,
}

#[derive(Serialize)]
struct GetReply {
    value: Option<Box<RawValue>>,
    exists: bool,
}

#[derive(Serialize)]
struct Success {
    success: bool,
}

async fn get(State(app): State<App>, Json(request): Json<KeyRequest>) -> Reply<GetReply> {
    check_key(&request.key)?;
    let now = app.clock.now_ms();
    let value = app
        .system
        .call(move |connection| read(connection, &request.key, now))
        .await?;
    Ok(axum::Json(GetReply {
        exists: value.is_some(),
        value,
    }))
}

async fn set(State(app): State<App>, Json(entry): Json<Entry>) -> Reply<Success> {
    check_entry(&entry, app.config.limits.cache_value_bytes)?;
    let now = app.clock.now_ms();
    app.system
        .call(move |connection| write(connection, &entry, now))
        .await?;
    Ok(axum::Json(Success { success: true }))
}

fn check_key(key: &str) -> ApiResult<()> {
    if key.is_empty() {
        Err(ApiError::validation("key must not be empty"))
    } else {
        Ok(())
    }
}

fn check_entry(entry: &Entry, limit: usize) -> ApiResult<()> {
    check_key(&entry.key)?;
    if entry.ttl.is_some_and(|ttl| ttl <= 0) {
        return Err(ApiError::validation(
            "ttl must be a positive number of seconds",
        ));
    }
    if entry.value.get().len() > limit {
        return Err(ApiError::too_large(limit as u64));
    }
    Ok(())
}

fn read(connection: &Connection, key: &str, now: i64) -> ApiResult<Option<Box<RawValue>>> {
    let text: Option<String> = connection
        .prepare_cached(
            "SELECT value FROM cache WHERE key = ?1 AND (expires_ms IS NULL OR expires_ms > ?2)",
        )?
        .query_row(params![key, now], |row| row.get(0))
        .optional()?;
    text.map(RawValue::from_string)
        .transpose()
        .map_err(|error| ApiError::internal(format!("A stored cache value is not JSON: {error}")))
}

fn write(connection: &Connection, entry: &Entry, now: i64) -> ApiResult<()> {
    let expires = entry
        .ttl
        .map(|ttl| now.saturating_add(ttl.saturating_mul(1000)));
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO cache (key, value, expires_ms) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![entry.key, entry.value.get(), expires])?;
    Ok(())
}

/// Sets an entry without expiry, past the API.
pub(crate) async fn seed(app: &App, key: &str, value: Box<RawValue>) -> ApiResult<()> {
    let entry = Entry {
        key: key.to_owned(),
        value,
        ttl: None,
    };
    check_entry(&entry, app.config.limits.cache_value_bytes)?;
    let now = app.clock.now_ms();
    app.system
        .call(move |connection| write(connection, &entry, now))
        .await
}

//! The entries, as the system database keeps them.

use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension, params};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::error::{ApiError, ApiResult};
use crate::http::extract::or_default;
use crate::http::page;
use crate::store::schema::Schema;

pub(crate) const SCHEMA: Schema = Schema {
    name: "cache",
    steps: &["
    CREATE TABLE IF NOT EXISTS cache (
        key TEXT PRIMARY KEY, value TEXT NOT NULL, expires_ms INTEGER) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS cache_expiry ON cache (expires_ms) WHERE expires_ms IS NOT NULL;"],
};

/// The most keys one `cacheKeys` or `cacheFlush` handles.
pub(super) const KEYS_MAX: usize = 10_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) value: Box<RawValue>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) ttl: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IncrementRequest {
    pub(super) key: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) amount: Option<i64>,
    #[serde(default, rename = "initialValue")]
    pub(super) initial_value: i64,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) ttl: Option<i64>,
}

#[derive(Serialize)]
pub(super) struct KeyEntry {
    pub(super) key: String,
    pub(super) expiration: Option<i64>,
}

pub(super) fn add(
    connection: &mut Connection,
    request: &IncrementRequest,
    now: i64,
) -> ApiResult<i64> {
    let amount = request.amount.unwrap_or(1);
    let held = read(connection, &request.key, now)?;
    let start = match &held {
        None => request.initial_value,
        Some(text) => serde_json::from_str(text.get()).map_err(|_| {
            ApiError::validation(format!("The value of {} is not an integer.", request.key))
        })?,
    };
    let sum = start.checked_add(amount).ok_or_else(|| {
        ApiError::validation(format!(
            "Adding {amount} to {} leaves the range of 64-bit integers.",
            request.key
        ))
    })?;
    if held.is_some() {
        connection
            .prepare_cached("UPDATE cache SET value = ?2 WHERE key = ?1")?
            .execute(params![request.key, sum.to_string()])?;
    } else {
        let expires = request.ttl.map(|ttl| deadline(now, ttl));
        store(connection, &request.key, &sum.to_string(), expires)?;
    }
    Ok(sum)
}

pub(super) fn deadline(now: i64, ttl: i64) -> i64 {
    now.saturating_add(ttl.saturating_mul(1000))
}

pub(super) fn read(
    connection: &Connection,
    key: &str,
    now: i64,
) -> ApiResult<Option<Box<RawValue>>> {
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

pub(super) fn write(connection: &Connection, entry: &Entry, now: i64) -> ApiResult<()> {
    connection
        .prepare_cached("DELETE FROM cache WHERE expires_ms <= ?1")?
        .execute([now])?;
    store(
        connection,
        &entry.key,
        entry.value.get(),
        entry.ttl.map(|ttl| deadline(now, ttl)),
    )
}

pub(super) fn store(
    connection: &Connection,
    key: &str,
    value: &str,
    expires: Option<i64>,
) -> ApiResult<()> {
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO cache (key, value, expires_ms) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![key, value, expires])?;
    Ok(())
}

/// Removes a key and tells whether it was there to be seen.
pub(super) fn remove(connection: &Connection, key: &str, now: i64) -> ApiResult<bool> {
    let expires: Option<Option<i64>> = connection
        .prepare_cached("DELETE FROM cache WHERE key = ?1 RETURNING expires_ms")?
        .query_row([key], |row| row.get(0))
        .optional()?;
    Ok(expires.is_some_and(|expires| expires.is_none_or(|expires| expires > now)))
}

/// Keys with a prefix, in order, beginning behind `after`.
pub(super) fn page_of(
    connection: &Connection,
    prefix: &str,
    after: &str,
    limit: usize,
    now: i64,
) -> ApiResult<Vec<KeyEntry>> {
    let (from, until) = page::prefix_range(prefix);
    let until: &dyn ToSql = &until;
    let keys = connection
        .prepare_cached(
            "SELECT key, expires_ms FROM cache
             WHERE key >= ?1 AND (?2 IS NULL OR key < ?2) AND key > ?3 AND (expires_ms IS NULL OR expires_ms > ?4)
             ORDER BY key LIMIT ?5",
        )?
        .query_map(params![from, until, after, now, i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
            let expires: Option<i64> = row.get(1)?;
            Ok(KeyEntry { key: row.get(0)?, expiration: expires.map(|ms| ms.div_euclid(1000)) })
        })?
        .collect::<rusqlite::Result<_>>()?;
    Ok(keys)
}

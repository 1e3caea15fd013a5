//! The cache service: keys with JSON values and an expiry by the emulator's clock.
//!
//! Unlike the platform's, this cache is consistent at once, and `increment` loses no update.

mod store;

use axum::extract::State;
use rusqlite::params;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::clock::Clock;
use crate::error::{ApiError, ApiResult, Reply};
use crate::http::extract::{Json, or_default};
use crate::http::operation::Routes;
use crate::http::operations::{
    CACHE_DELETE, CACHE_DELETE_MANY, CACHE_EXPIRE, CACHE_FLUSH, CACHE_GET, CACHE_GET_MANY,
    CACHE_INCREMENT, CACHE_KEYS, CACHE_LIST, CACHE_SET, CACHE_SET_MANY,
};
use crate::http::page;
use crate::store::database::Database;
pub(crate) use store::SCHEMA;
use store::{
    Entry, IncrementRequest, KEYS_MAX, KeyEntry, add, deadline, page_of, read, remove, write,
};

const GET_MANY_MAX: usize = 100;

const SET_MANY_MAX: usize = 100;

const DELETE_MANY_MAX: usize = 500;

#[derive(Clone)]
pub(crate) struct Cache {
    db: Database,
    clock: Clock,
    value_limit: usize,
}

impl Cache {
    pub(crate) fn new(db: Database, clock: Clock, value_limit: usize) -> Self {
        Self {
            db,
            clock,
            value_limit,
        }
    }

    /// Sets an entry.
    async fn set(&self, entry: Entry) -> ApiResult<()> {
        check_entry(&entry, self.value_limit)?;
        let now = self.clock.now_ms();
        self.db
            .call(move |connection| write(connection, &entry, now))
            .await
    }

    /// Sets an entry without expiry.
    pub(crate) async fn seed(&self, key: &str, value: Box<RawValue>) -> ApiResult<()> {
        self.set(Entry {
            key: key.to_owned(),
            value,
            ttl: None,
        })
        .await
    }

    pub(crate) fn routes(self) -> Routes {
        Routes::new()
            .on(&CACHE_GET, get)
            .on(&CACHE_SET, set)
            .on(&CACHE_DELETE, delete)
            .on(&CACHE_LIST, list)
            .on(&CACHE_KEYS, keys)
            .on(&CACHE_GET_MANY, get_many)
            .on(&CACHE_SET_MANY, set_many)
            .on(&CACHE_DELETE_MANY, delete_many)
            .on(&CACHE_FLUSH, flush)
            .on(&CACHE_EXPIRE, expire)
            .on(&CACHE_INCREMENT, increment)
            .with_state(self)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyRequest {
    key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeysRequest {
    keys: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntriesRequest {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PrefixRequest {
    #[serde(default, deserialize_with = "or_default")]
    prefix: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListRequest {
    #[serde(default, deserialize_with = "or_default")]
    prefix: String,
    #[serde(default, deserialize_with = "or_default")]
    limit: Option<i64>,
    #[serde(default, deserialize_with = "or_default")]
    cursor: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpireRequest {
    key: String,
    ttl: i64,
}

#[derive(Serialize)]
struct Success {
    success: bool,
}

#[derive(Serialize)]
struct GetReply {
    value: Option<Box<RawValue>>,
    exists: bool,
}

#[derive(Serialize)]
struct GetManyEntry {
    key: String,
    value: Option<Box<RawValue>>,
    exists: bool,
}

#[derive(Serialize)]
struct GetManyReply {
    results: Vec<GetManyEntry>,
}

#[derive(Serialize)]
struct SetManyReply {
    success: bool,
    count: usize,
}

#[derive(Serialize)]
struct DeleteManyReply {
    success: bool,
    count: usize,
    deleted: usize,
}

#[derive(Serialize)]
struct FlushReply {
    success: bool,
    deleted: usize,
}

#[derive(Serialize)]
struct ListReply {
    keys: Vec<KeyEntry>,
    list_complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

#[derive(Serialize)]
struct KeysReply {
    keys: Vec<String>,
    truncated: bool,
}

#[derive(Serialize)]
struct IncrementReply {
    value: i64,
}

async fn get(State(cache): State<Cache>, Json(request): Json<KeyRequest>) -> Reply<GetReply> {
    check_key(&request.key)?;
    let now = cache.clock.now_ms();
    let value = cache
        .db
        .call(move |connection| read(connection, &request.key, now))
        .await?;
    Ok(axum::Json(GetReply {
        exists: value.is_some(),
        value,
    }))
}

async fn set(State(cache): State<Cache>, Json(entry): Json<Entry>) -> Reply<Success> {
    cache.set(entry).await?;
    Ok(axum::Json(Success { success: true }))
}

async fn delete(State(cache): State<Cache>, Json(request): Json<KeyRequest>) -> Reply<Success> {
    check_key(&request.key)?;
    let now = cache.clock.now_ms();
    cache
        .db
        .call(move |connection| remove(connection, &request.key, now))
        .await?;
    Ok(axum::Json(Success { success: true }))
}

async fn list(State(cache): State<Cache>, Json(request): Json<ListRequest>) -> Reply<ListReply> {
    let limit = page::limit(request.limit, 100, 1000)?;
    let after = page::decode_cursor(request.cursor.as_deref())?;
    let now = cache.clock.now_ms();
    let mut keys = cache
        .db
        .call(move |connection| page_of(connection, &request.prefix, &after, limit + 1, now))
        .await?;
    let list_complete = keys.len() <= limit;
    keys.truncate(limit);
    let cursor = if list_complete {
        None
    } else {
        keys.last().map(|last| page::encode_cursor(&last.key))
    };
    Ok(axum::Json(ListReply {
        keys,
        list_complete,
        cursor,
    }))
}

async fn keys(State(cache): State<Cache>, Json(request): Json<PrefixRequest>) -> Reply<KeysReply> {
    let now = cache.clock.now_ms();
    let found = cache
        .db
        .call(move |connection| page_of(connection, &request.prefix, "", KEYS_MAX + 1, now))
        .await?;
    let truncated = found.len() > KEYS_MAX;
    let keys = found
        .into_iter()
        .take(KEYS_MAX)
        .map(|entry| entry.key)
        .collect();
    Ok(axum::Json(KeysReply { keys, truncated }))
}

async fn get_many(
    State(cache): State<Cache>,
    Json(request): Json<KeysRequest>,
) -> Reply<GetManyReply> {
    check_many("keys", request.keys.len(), GET_MANY_MAX)?;
    request.keys.iter().try_for_each(|key| check_key(key))?;
    let now = cache.clock.now_ms();
    let results = cache
        .db
        .call(move |connection| {
            request
                .keys
                .into_iter()
                .map(|key| {
                    let value = read(connection, &key, now)?;
                    Ok(GetManyEntry {
                        key,
                        exists: value.is_some(),
                        value,
                    })
                })
                .collect()
        })
        .await?;
    Ok(axum::Json(GetManyReply { results }))
}

async fn set_many(
    State(cache): State<Cache>,
    Json(request): Json<EntriesRequest>,
) -> Reply<SetManyReply> {
    let count = request.entries.len();
    check_many("entries", count, SET_MANY_MAX)?;
    request
        .entries
        .iter()
        .try_for_each(|entry| check_entry(entry, cache.value_limit))?;
    let now = cache.clock.now_ms();
    cache
        .db
        .call(move |connection| {
            let transaction = connection.transaction()?;
            request
                .entries
                .iter()
                .try_for_each(|entry| write(&transaction, entry, now))?;
            Ok(transaction.commit()?)
        })
        .await?;
    Ok(axum::Json(SetManyReply {
        success: true,
        count,
    }))
}

async fn delete_many(
    State(cache): State<Cache>,
    Json(request): Json<KeysRequest>,
) -> Reply<DeleteManyReply> {
    let count = request.keys.len();
    check_many("keys", count, DELETE_MANY_MAX)?;
    request.keys.iter().try_for_each(|key| check_key(key))?;
    let now = cache.clock.now_ms();
    let deleted = cache
        .db
        .call(move |connection| {
            let transaction = connection.transaction()?;
            let mut deleted = 0;
            for key in &request.keys {
                deleted += usize::from(remove(&transaction, key, now)?);
            }
            transaction.commit()?;
            Ok(deleted)
        })
        .await?;
    Ok(axum::Json(DeleteManyReply {
        success: true,
        count,
        deleted,
    }))
}

async fn flush(
    State(cache): State<Cache>,
    Json(request): Json<PrefixRequest>,
) -> Reply<FlushReply> {
    let now = cache.clock.now_ms();
    let deleted = cache
        .db
        .call(move |connection| {
            let (from, until) = page::prefix_range(&request.prefix);
            connection.execute("DELETE FROM cache WHERE expires_ms <= ?1", [now])?;
            let deleted = connection.execute(
                "DELETE FROM cache WHERE key IN (
                     SELECT key FROM cache WHERE key >= ?1 AND (?2 IS NULL OR key < ?2) ORDER BY key LIMIT ?3)",
                params![from, until, i64::try_from(KEYS_MAX).unwrap_or(i64::MAX)],
            )?;
            Ok(deleted)
        })
        .await?;
    Ok(axum::Json(FlushReply {
        success: true,
        deleted,
    }))
}

async fn expire(State(cache): State<Cache>, Json(request): Json<ExpireRequest>) -> Reply<Success> {
    check_key(&request.key)?;
    check_ttl(Some(request.ttl))?;
    let now = cache.clock.now_ms();
    let changed = cache
        .db
        .call(move |connection| {
            Ok(connection.execute(
                "UPDATE cache SET expires_ms = ?2 WHERE key = ?1 AND (expires_ms IS NULL OR expires_ms > ?3)",
                params![request.key, deadline(now, request.ttl), now],
            )?)
        })
        .await?;
    Ok(axum::Json(Success {
        success: changed > 0,
    }))
}

async fn increment(
    State(cache): State<Cache>,
    Json(request): Json<IncrementRequest>,
) -> Reply<IncrementReply> {
    check_key(&request.key)?;
    check_ttl(request.ttl)?;
    let now = cache.clock.now_ms();
    let value = cache
        .db
        .call(move |connection| add(connection, &request, now))
        .await?;
    Ok(axum::Json(IncrementReply { value }))
}

fn check_key(key: &str) -> ApiResult<()> {
    if key.is_empty() {
        Err(ApiError::validation("key must not be empty"))
    } else if key.contains('\0') {
        Err(ApiError::validation("key must not contain NUL"))
    } else {
        Ok(())
    }
}

fn check_ttl(ttl: Option<i64>) -> ApiResult<()> {
    if ttl.is_some_and(|ttl| ttl <= 0) {
        Err(ApiError::validation(
            "ttl must be a positive number of seconds",
        ))
    } else {
        Ok(())
    }
}

fn check_entry(entry: &Entry, limit: usize) -> ApiResult<()> {
    check_key(&entry.key)?;
    check_ttl(entry.ttl)?;
    if entry.value.get().len() > limit {
        Err(ApiError::too_large(limit as u64))
    } else {
        Ok(())
    }
}

fn check_many(field: &str, given: usize, most: usize) -> ApiResult<()> {
    if given > most {
        Err(ApiError::validation(format!(
            "{field} holds {given} entries; one call takes {most}"
        )))
    } else {
        Ok(())
    }
}

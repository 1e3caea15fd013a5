//! Lists of keys.

use std::time::{Duration, SystemTime};

use aerostack_api::{CallOptions, requests, types};
use serde::Serialize;

use crate::{
    Client, Error, Page,
    call::{Call, Options},
    decode,
    page::{PrefixQuery, by_prefix, check_limit, next_cursor, paging},
};

/// A list of keys with their expiry. From [`Cache::list`](super::Cache::list).
///
/// Await it for one [`Page`], or take [`items`](Self::items) or [`pages`](Self::pages) as a stream.
///
/// ```no_run
/// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
/// use futures_util::TryStreamExt;
///
/// let mut keys = client.cache().list().prefix("session:").items();
/// while let Some(key) = keys.try_next().await? {
///     println!("{} expires {:?}", key.name, key.expires_at);
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Cancel safety
/// Changes nothing, so dropping it is harmless.
#[must_use = "a call does nothing until it is awaited"]
pub struct ListKeys {
    client: Client,
    options: Options,
    query: PrefixQuery,
    cursor: Option<String>,
}

/// A key of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheKey {
    /// The key.
    pub name: String,
    /// When it expires; `None` for a key that stays.
    pub expires_at: Option<SystemTime>,
}

/// The names of keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct KeyNames {
    /// The names.
    pub names: Vec<String>,
    /// Whether there are more than the 10,000 that one answer holds; [`Cache::list`](super::Cache::list) gives all.
    pub truncated: bool,
}

impl ListKeys {
    async fn page(
        client: Client,
        options: CallOptions,
        query: PrefixQuery,
        cursor: Option<String>,
    ) -> Result<Page<CacheKey>, Error> {
        check_limit(query.limit, 1000)?;
        let body = types::CacheListRequest::new()
            .prefix(query.prefix)
            .limit(query.limit)
            .cursor(cursor);
        let mut response = client
            .send(&requests::CacheList::new(body), &options)
            .await?;
        let Some(keys) = response.value.keys.take() else {
            return Err(decode::lacks(&response, "`keys`"));
        };
        let cursor = response.value.cursor.take();
        let next = next_cursor(&response, response.value.list_complete, cursor)?;
        let mut items = Vec::with_capacity(keys.len());
        for entry in keys {
            let Some(name) = entry.key else {
                return Err(decode::lacks(&response, "the `key` of an entry"));
            };
            items.push(CacheKey {
                name,
                expires_at: entry.expiration.and_then(unix_seconds),
            });
        }
        Ok(Page { items, next })
    }
}

by_prefix!(ListKeys);
paging!(ListKeys => CacheKey);

fn unix_seconds(seconds: i64) -> Option<SystemTime> {
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(seconds).ok()?))
}

pub(super) fn keys(client: &Client, prefix: String) -> Call<KeyNames> {
    Call::new(client, move |client, options| async move {
        let body = types::CacheKeysRequest::new().prefix((!prefix.is_empty()).then_some(prefix));
        let mut response = client
            .send(&requests::CacheKeys::new(body), &options)
            .await?;
        match response.value.keys.take() {
            Some(names) => Ok(KeyNames {
                names,
                truncated: response.value.truncated.unwrap_or(false),
            }),
            None => Err(decode::lacks(&response, "`keys`")),
        }
    })
}

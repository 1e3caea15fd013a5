//! Lists of keys.

use std::time::{Duration, SystemTime};

use aerostack_api::{generated::types, operations};

use crate::{
    Client, Error, Page,
    call::{Call, Options, call_options},
    decode,
    page::{next_cursor, paging},
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
    query: Query,
    cursor: Option<String>,
}

#[derive(Clone, Default)]
struct Query {
    prefix: Option<String>,
    limit: Option<i64>,
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
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyNames {
    /// The names.
    pub names: Vec<String>,
    /// Whether there are more than the 10,000 that one answer holds; [`Cache::list`](super::Cache::list) gives all.
    pub truncated: bool,
}

impl ListKeys {
    pub(super) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            options: Options::default(),
            query: Query::default(),
            cursor: None,
        }
    }

    /// Keys that begin so.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.query.prefix = Some(prefix.into());
        self
    }

    /// Keys a page: 100 by default, 1,000 at most.
    pub fn limit(mut self, keys: u32) -> Self {
        self.query.limit = Some(keys.into());
        self
    }

    /// Starts where an earlier page said that the next begins.
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.cursor = Some(cursor.into());
        self
    }

    call_options!();

    async fn page(
        client: Client,
        options: Options,
        query: Query,
        cursor: Option<String>,
    ) -> Result<Page<CacheKey>, Error> {
        let operation = &operations::CACHE_LIST;
        check_limit(query.limit, 1000)?;
        let body = &types::CacheListRequest {
            prefix: query.prefix,
            limit: query.limit,
            cursor,
        };
        let mut answer = client
            .call(operation, options, |api| async move {
                api.cache_list(body).await
            })
            .await?;
        let Some(keys) = answer.value.keys.take() else {
            return Err(decode::lacks(operation, &answer, "`keys`"));
        };
        let cursor = answer.value.cursor.take();
        let next = next_cursor(operation, &answer, answer.value.list_complete, cursor)?;
        let mut items = Vec::with_capacity(keys.len());
        for entry in keys {
            let Some(name) = entry.key else {
                return Err(decode::lacks(operation, &answer, "the `key` of an entry"));
            };
            items.push(CacheKey {
                name,
                expires_at: entry.expiration.and_then(unix_seconds),
            });
        }
        Ok(Page { items, next })
    }
}

paging!(ListKeys => CacheKey);

fn unix_seconds(seconds: i64) -> Option<SystemTime> {
    SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(u64::try_from(seconds).ok()?))
}

/// Refuses a page size outside what the platform takes.
pub(crate) fn check_limit(limit: Option<i64>, max: i64) -> Result<(), Error> {
    match limit {
        Some(limit) if !(1..=max).contains(&limit) => Err(Error::invalid_input(format!(
            "the page size is {limit}; the platform takes 1 to {max}"
        ))),
        _ => Ok(()),
    }
}

pub(super) fn keys(client: &Client, prefix: String) -> Call<KeyNames> {
    Call::new(client, move |client, options| async move {
        let operation = &operations::CACHE_KEYS;
        let body = &types::CacheKeysRequest {
            prefix: (!prefix.is_empty()).then_some(prefix),
        };
        let mut answer = client
            .call(operation, options, |api| async move {
                api.cache_keys(body).await
            })
            .await?;
        match answer.value.keys.take() {
            Some(names) => Ok(KeyNames {
                names,
                truncated: answer.value.truncated.unwrap_or(false),
            }),
            None => Err(decode::lacks(operation, &answer, "`keys`")),
        }
    })
}

//! Many keys at once, split over the platform's limits.

use std::{collections::HashMap, marker::PhantomData, ops::Range, time::Duration};

use aerostack_api::{CallOptions, RawJson, requests, types};
use serde::{Serialize, de::DeserializeOwned};

use super::{check_key, decode_value, present, stored, whole_seconds};
use crate::{
    Client, Error,
    call::{Options, awaitable, call_options},
    decode,
};

const GET_LIMIT: usize = 100;
const SET_LIMIT: usize = 100;
const DELETE_LIMIT: usize = 500;

/// Keys to be read, 100 a call on the wire. From [`Cache::get_many`](super::Cache::get_many).
///
/// Awaiting it gives one `Option<T>` a key, in the order the keys were given. When a part fails, the error's
/// [`part`](crate::Error::part) says which keys it held.
///
/// ```no_run
/// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
/// let names: Vec<Option<String>> = client.cache().get_many(["user:1", "user:2"]).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Cancel safety
/// Changes nothing, so dropping it is harmless.
#[must_use = "a call does nothing until it is awaited"]
pub struct GetMany<T> {
    client: Client,
    options: Options,
    keys: Vec<String>,
    value: PhantomData<fn() -> T>,
}

impl<T> GetMany<T> {
    pub(super) fn new<K: Into<String>>(client: &Client, keys: impl IntoIterator<Item = K>) -> Self {
        Self {
            client: client.clone(),
            options: Options::default(),
            keys: keys.into_iter().map(Into::into).collect(),
            value: PhantomData,
        }
    }

    call_options!();
}

impl<T: DeserializeOwned> GetMany<T> {
    async fn run(self) -> Result<Vec<Option<T>>, Error> {
        let options = self.options.into_call()?;
        check_keys(&self.keys)?;
        let mut values = Vec::with_capacity(self.keys.len());
        for part in parts(self.keys.len(), GET_LIMIT) {
            read_part(
                &self.client,
                &options,
                &self.keys[part.clone()],
                &mut values,
            )
            .await
            .map_err(|error| error.with_part(part))?;
        }
        Ok(values)
    }
}

awaitable!(GetMany<T: DeserializeOwned> => Vec<Option<T>>);

async fn read_part<T: DeserializeOwned>(
    client: &Client,
    options: &CallOptions,
    keys: &[String],
    values: &mut Vec<Option<T>>,
) -> Result<(), Error> {
    let body = types::CacheGetManyRequest::new(keys.to_vec());
    let mut response = client
        .send(&requests::CacheGetMany::new(body), options)
        .await?;
    let Some(results) = response.value.results.take() else {
        return Err(decode::lacks(&response, "`results`"));
    };
    let mut found: HashMap<String, RawJson> = HashMap::with_capacity(results.len());
    for entry in results {
        let Some(key) = entry.key else {
            return Err(decode::lacks(&response, "the `key` of a result"));
        };
        if let Some(value) = present(entry.exists, entry.value)? {
            found.insert(key, value);
        }
    }
    for key in keys {
        let value = found
            .get(key)
            .map(decode_value)
            .transpose()
            .map_err(|mismatch| decode::mismatch(&response, "a value", &mismatch))?;
        values.push(value);
    }
    Ok(())
}

/// Values to be stored, 100 a call on the wire. From [`Cache::set_many`](super::Cache::set_many).
///
/// When a part fails, the error's [`part`](crate::Error::part) says which entries it held, counted in the order they
/// were added: those before it are stored, those after it were not tried.
///
/// ```no_run
/// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
/// use std::time::Duration;
///
/// client
///     .cache()
///     .set_many()
///     .entry("user:1", "Ines")
///     .entry_with_ttl("user:2", "Omar", Duration::from_secs(60))
///     .await?;
/// # Ok(())
/// # }
/// ```
///
/// # Cancel safety
/// Dropping the future abandons the part under way; which parts were stored is then unknown.
#[must_use = "a call does nothing until it is awaited"]
pub struct SetMany {
    client: Client,
    options: Options,
    entries: Vec<(String, RawJson, Option<Duration>)>,
}

impl SetMany {
    pub(super) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            options: Options::default(),
            entries: Vec::new(),
        }
    }

    /// Adds a value that stays.
    pub fn entry(self, key: impl Into<String>, value: impl Serialize) -> Self {
        self.push(key.into(), value, None)
    }

    /// Adds a value that lives for a while.
    pub fn entry_with_ttl(
        self,
        key: impl Into<String>,
        value: impl Serialize,
        ttl: Duration,
    ) -> Self {
        self.push(key.into(), value, Some(ttl))
    }

    fn push(mut self, key: String, value: impl Serialize, ttl: Option<Duration>) -> Self {
        let index = self.entries.len();
        match stored(value) {
            Ok(value) => self.entries.push((key, value, ttl)),
            Err(error) => self.options.reject(error.with_part(index..index + 1)),
        }
        self
    }

    call_options!();

    async fn run(self) -> Result<(), Error> {
        let options = self.options.into_call()?;
        let mut entries = Vec::with_capacity(self.entries.len());
        for (index, (key, value, ttl)) in self.entries.into_iter().enumerate() {
            let at = |error: Error| error.with_part(index..index + 1);
            check_key(&key).map_err(at)?;
            let ttl = ttl.map(whole_seconds).transpose().map_err(at)?;
            entries.push(types::CacheSetManyEntry::new(key, value).ttl(ttl));
        }
        for part in parts(entries.len(), SET_LIMIT) {
            let body = types::CacheSetManyRequest::new(entries[part.clone()].to_vec());
            let result = async {
                let response = self
                    .client
                    .send(&requests::CacheSetMany::new(body), &options)
                    .await?;
                decode::succeeded(&response, response.value.success)
            };
            result.await.map_err(|error| error.with_part(part))?;
        }
        Ok(())
    }
}

awaitable!(SetMany => ());

/// Keys to be removed, 500 a call on the wire. From [`Cache::delete_many`](super::Cache::delete_many).
///
/// When a part fails, the error's [`part`](crate::Error::part) says which keys it held: those before it are removed,
/// those after it were not tried.
///
/// # Cancel safety
/// Dropping the future abandons the part under way; which parts were removed is then unknown.
#[must_use = "a call does nothing until it is awaited"]
pub struct DeleteMany {
    client: Client,
    options: Options,
    keys: Vec<String>,
}

/// What became of keys to be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Deleted {
    /// Keys asked for.
    pub requested: u64,
    /// Keys that were there and are gone, as the platform counts them; `None` where it did not say.
    pub deleted: Option<u64>,
}

impl DeleteMany {
    pub(super) fn new<K: Into<String>>(client: &Client, keys: impl IntoIterator<Item = K>) -> Self {
        Self {
            client: client.clone(),
            options: Options::default(),
            keys: keys.into_iter().map(Into::into).collect(),
        }
    }

    call_options!();

    async fn run(self) -> Result<Deleted, Error> {
        let options = self.options.into_call()?;
        check_keys(&self.keys)?;
        let mut total = Deleted {
            requested: 0,
            deleted: Some(0),
        };
        for part in parts(self.keys.len(), DELETE_LIMIT) {
            let body = types::CacheDeleteManyRequest::new(self.keys[part.clone()].to_vec());
            let result = async {
                let response = self
                    .client
                    .send(&requests::CacheDeleteMany::new(body), &options)
                    .await?;
                decode::succeeded(&response, response.value.success)?;
                Ok(response
                    .value
                    .deleted
                    .and_then(|count| u64::try_from(count).ok()))
            };
            let deleted = result
                .await
                .map_err(|error: Error| error.with_part(part.clone()))?;
            total.requested += part.len() as u64;
            total.deleted = total.deleted.zip(deleted).map(|(sum, more)| sum + more);
        }
        Ok(total)
    }
}

awaitable!(DeleteMany => Deleted);

fn parts(len: usize, size: usize) -> impl Iterator<Item = Range<usize>> {
    (0..len)
        .step_by(size)
        .map(move |start| start..len.min(start + size))
}

fn check_keys(keys: &[String]) -> Result<(), Error> {
    for (index, key) in keys.iter().enumerate() {
        check_key(key).map_err(|error| error.with_part(index..index + 1))?;
    }
    Ok(())
}

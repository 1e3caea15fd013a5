//! Key and value, with a time to live.

mod bulk;
mod list;

use std::time::Duration;

use aerostack_api::{CallOptions, RawJson, requests, types};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Client, Error,
    call::{Call, Options, awaitable, call_options},
    decode, input,
};

pub use bulk::{DeleteMany, Deleted, GetMany, SetMany};
pub use list::{CacheKey, KeyNames, ListKeys};

/// A key-value store for values that may be lost. From [`Client::cache`](crate::Client::cache).
///
/// Keys are text, values anything that serializes to JSON. Keys come back as they were given; the platform keeps the
/// projects apart.
///
/// # Consistency
/// Eventual: a write is seen everywhere after up to about 60 seconds. [`increment`](Self::increment) and
/// [`expire`](Self::expire) read, change and write, so concurrent callers can lose updates; what must be exact belongs
/// into SQL.
///
/// # Limits
/// 100 keys a call for reading and writing many, 500 for deleting many (the calls here split larger ones), 1,000 keys a
/// page, 10,000 names from [`keys`](Self::keys), 5 calls of [`flush`](Self::flush) a minute. Values up to 25 MB by a
/// hint of an official SDK; larger ones are refused here, before anything is sent. The length of keys and the bounds of a TTL are not published; the store underneath is
/// Cloudflare KV, which takes keys of 512 bytes and TTLs of 60 seconds and more.
///
/// Confidence: all operations are in the platform's published document.
#[derive(Debug, Clone)]
pub struct Cache {
    client: Client,
}

impl Cache {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
        }
    }

    /// Stores a value.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// use std::time::Duration;
    ///
    /// client.cache().set("user:1", &("Ines", 41)).ttl(Duration::from_secs(300)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the value was stored is then unknown.
    #[doc(alias = "put")]
    #[doc(alias = "insert")]
    pub fn set(&self, key: impl Into<String>, value: impl Serialize) -> Set {
        let mut options = Options::default();
        let value = stored(value).map_err(|error| options.reject(error)).ok();
        Set {
            client: self.client.clone(),
            options,
            key: key.into(),
            value,
            ttl: None,
        }
    }

    /// Reads a value; `None` where the key is absent or has expired.
    ///
    /// A value stored as JSON within a string, as some clients of the platform do, is read too.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let user: Option<(String, u8)> = client.cache().get("user:1").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) when the value does not fit `T`.
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    pub fn get<Value: DeserializeOwned + Send + 'static>(
        &self,
        key: impl Into<String>,
    ) -> Call<Option<Value>> {
        let key = key.into();
        Call::new(&self.client, move |client, options| async move {
            let (response, value) = read(&client, options, key).await?;
            value
                .map(|raw| {
                    decode_value(&raw)
                        .map_err(|mismatch| decode::mismatch(&response, "the value", &mismatch))
                })
                .transpose()
        })
    }

    /// Whether a key is present. Costs as much as [`get`](Self::get), which it is on the wire.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// if !client.cache().has("maintenance").await? {
    ///     println!("open");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    #[doc(alias = "exists")]
    #[doc(alias = "contains")]
    pub fn has(&self, key: impl Into<String>) -> Call<bool> {
        let key = key.into();
        Call::new(&self.client, move |client, options| async move {
            Ok(read(&client, options, key).await?.1.is_some())
        })
    }

    /// Removes a key. Succeeds where there is none.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// client.cache().delete("user:1").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the key was removed is then unknown.
    #[doc(alias = "remove")]
    #[doc(alias = "del")]
    pub fn delete(&self, key: impl Into<String>) -> Call<()> {
        let key = key.into();
        Call::new(&self.client, move |client, options| async move {
            check_key(&key)?;
            let body = types::CacheDeleteRequest::new(key);
            let response = client
                .send(&requests::CacheDelete::new(body), &options)
                .await?;
            decode::succeeded(&response, response.value.success)
        })
    }

    /// Sets a key's remaining time to live. `false` where the key is absent.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// use std::time::Duration;
    ///
    /// let present = client.cache().expire("user:1", Duration::from_secs(600)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether it took effect is then unknown.
    #[doc(alias = "ttl")]
    #[doc(alias = "touch")]
    pub fn expire(&self, key: impl Into<String>, ttl: Duration) -> Call<bool> {
        let key = key.into();
        Call::new(&self.client, move |client, options| async move {
            check_key(&key)?;
            let ttl = whole_seconds(ttl)?;
            let body = types::CacheExpireRequest::new(key, ttl);
            let response = client
                .send(&requests::CacheExpire::new(body), &options)
                .await?;
            response
                .value
                .success
                .ok_or_else(|| decode::lacks(&response, "`success`"))
        })
    }

    /// Adds to a number and returns the sum. Not atomic: concurrent callers can lose updates.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let visits = client.cache().increment("visits").by(1).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the sum was stored is then unknown.
    #[doc(alias = "incr")]
    #[doc(alias = "increment_by")]
    pub fn increment(&self, key: impl Into<String>) -> Increment {
        Increment {
            client: self.client.clone(),
            options: Options::default(),
            key: key.into(),
            amount: None,
            initial: None,
            ttl: None,
        }
    }

    /// Reads many values. See [`GetMany`].
    pub fn get_many<T, K: Into<String>>(&self, keys: impl IntoIterator<Item = K>) -> GetMany<T> {
        GetMany::new(&self.client, keys)
    }

    /// Stores many values. See [`SetMany`].
    pub fn set_many(&self) -> SetMany {
        SetMany::new(&self.client)
    }

    /// Removes many keys. See [`DeleteMany`].
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let gone = client.cache().delete_many(["user:1", "user:2"]).await?;
    /// println!("{:?} of {} were there", gone.deleted, gone.requested);
    /// # Ok(())
    /// # }
    /// ```
    pub fn delete_many<K: Into<String>>(&self, keys: impl IntoIterator<Item = K>) -> DeleteMany {
        DeleteMany::new(&self.client, keys)
    }

    /// Keys with their expiry, page by page. See [`ListKeys`].
    pub fn list(&self) -> ListKeys {
        ListKeys::new(&self.client)
    }

    /// The names of all keys that begin with `prefix`, in one answer of at most 10,000.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let keys = client.cache().keys("user:").await?;
    /// println!("{} keys, more: {}", keys.names.len(), keys.truncated);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    pub fn keys(&self, prefix: impl Into<String>) -> Call<KeyNames> {
        list::keys(&self.client, prefix.into())
    }

    /// Removes all keys that begin with `prefix`, at most 10,000 a call, and says how many. An empty prefix removes all
    /// of the project's keys.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let removed = client.cache().flush("session:").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; how much was removed is then unknown.
    pub fn flush(&self, prefix: impl Into<String>) -> Call<u64> {
        let prefix = prefix.into();
        Call::new(&self.client, move |client, options| async move {
            let body =
                types::CacheFlushRequest::new().prefix((!prefix.is_empty()).then_some(prefix));
            let response = client
                .send(&requests::CacheFlush::new(body), &options)
                .await?;
            decode::count(&response, response.value.deleted, "`deleted`")
        })
    }
}

/// A value to be stored. Await it.
#[must_use = "a call does nothing until it is awaited"]
pub struct Set {
    client: Client,
    options: Options,
    key: String,
    value: Option<RawJson>,
    ttl: Option<Duration>,
}

impl Set {
    /// How long the value lives, in whole seconds; parts of a second are rounded up. Without it the value stays.
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    call_options!();

    async fn run(self) -> Result<(), Error> {
        let options = self.options.into_call()?;
        check_key(&self.key)?;
        let Some(value) = self.value else {
            return Err(Error::invalid_input("there is no value to store"));
        };
        let body = types::CacheSetRequest::new(self.key, value)
            .ttl(self.ttl.map(whole_seconds).transpose()?);
        let response = self
            .client
            .send(&requests::CacheSet::new(body), &options)
            .await?;
        decode::succeeded(&response, response.value.success)
    }
}

awaitable!(Set => ());

/// An increment. Await it for the sum.
#[must_use = "a call does nothing until it is awaited"]
pub struct Increment {
    client: Client,
    options: Options,
    key: String,
    amount: Option<i64>,
    initial: Option<i64>,
    ttl: Option<Duration>,
}

impl Increment {
    /// What to add; 1 by default, and it may be negative.
    pub fn by(mut self, amount: i64) -> Self {
        self.amount = Some(amount);
        self
    }

    /// What an absent key counts as before the addition; 0 by default.
    pub fn initial(mut self, value: i64) -> Self {
        self.initial = Some(value);
        self
    }

    /// How long a key lives that this call creates.
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    call_options!();

    async fn run(self) -> Result<i64, Error> {
        let options = self.options.into_call()?;
        check_key(&self.key)?;
        let body = types::CacheIncrementRequest::new(self.key)
            .amount(self.amount)
            .initial_value(self.initial)
            .ttl(self.ttl.map(whole_seconds).transpose()?);
        let response = self
            .client
            .send(&requests::CacheIncrement::new(body), &options)
            .await?;
        response
            .value
            .value
            .ok_or_else(|| decode::lacks(&response, "`value`"))
    }
}

awaitable!(Increment => i64);

async fn read(
    client: &Client,
    options: CallOptions,
    key: String,
) -> Result<
    (
        aerostack_api::Response<types::CacheGetResponse>,
        Option<RawJson>,
    ),
    Error,
> {
    check_key(&key)?;
    let body = types::CacheGetRequest::new(key);
    let mut response = client
        .send(&requests::CacheGet::new(body), &options)
        .await?;
    let value = response.value.value.take();
    if value.is_none() && response.value.exists.is_none() {
        return Err(decode::lacks(&response, "`value` and `exists`"));
    }
    let value = present(response.value.exists, value)?;
    Ok((response, value))
}

/// What a key holds: `exists` decides where it is given, and a value other than null speaks for itself.
fn present(exists: Option<bool>, value: Option<RawJson>) -> Result<Option<RawJson>, Error> {
    match (exists, value) {
        (Some(false), _) | (None, None) => Ok(None),
        (Some(true), None) => Ok(Some(input::json("value", &())?)),
        (Some(true), Some(value)) => Ok(Some(value)),
        (None, Some(value)) => Ok((!value.is_null()).then_some(value)),
    }
}

/// Decodes a value, or the JSON within a string.
fn decode_value<T: DeserializeOwned>(raw: &RawJson) -> Result<T, decode::TypeMismatch> {
    decode::decode(raw).or_else(|mismatch| {
        let inner = raw
            .decode::<String>()
            .ok()
            .and_then(|text| RawJson::from_text(text).ok());
        match inner {
            Some(inner) => decode::decode(&inner).map_err(|_| mismatch),
            None => Err(mismatch),
        }
    })
}

/// A value on its way into the cache.
fn stored(value: impl Serialize) -> Result<RawJson, Error> {
    let value = input::json("value", value)?;
    let bytes = value.text().len() as u64;
    input::size("value", bytes, input::CACHE_VALUE_LIMIT)?;
    Ok(value)
}

fn check_key(key: &str) -> Result<(), Error> {
    input::name("cache key", key)
}

fn whole_seconds(ttl: Duration) -> Result<i64, Error> {
    let seconds = ttl
        .as_secs()
        .saturating_add(u64::from(ttl.subsec_nanos() > 0));
    match i64::try_from(seconds) {
        Ok(0) => Err(Error::invalid_input(
            "the TTL is zero; leave it out for a value that stays, or delete the key",
        )),
        Ok(seconds) => Ok(seconds),
        Err(_) => Err(Error::invalid_input("the TTL is too long")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ttls_are_whole_seconds_rounded_up() {
        for (given, seconds) in [(1, 1), (999, 1), (1000, 1), (1001, 2), (300_000, 300)] {
            assert_eq!(
                whole_seconds(Duration::from_millis(given)).unwrap(),
                seconds
            );
        }
        assert!(whole_seconds(Duration::ZERO).is_err());
        assert!(whole_seconds(Duration::MAX).is_err());
    }

    #[test]
    fn a_value_within_a_string_is_read_as_what_is_asked_for() {
        let raw = |text: &str| RawJson::from_text(text.to_owned()).unwrap();
        assert_eq!(decode_value::<(u8, u8)>(&raw("\"[1,2]\"")).unwrap(), (1, 2));
        assert_eq!(decode_value::<(u8, u8)>(&raw("[1,2]")).unwrap(), (1, 2));
        assert_eq!(decode_value::<String>(&raw("\"[1,2]\"")).unwrap(), "[1,2]");
        assert_eq!(decode_value::<i64>(&raw("\"41\"")).unwrap(), 41);
        assert!(decode_value::<i64>(&raw("\"forty-one\"")).is_err());
    }

    #[test]
    fn exists_decides_and_a_value_speaks_for_itself() {
        let raw = |text: &str| Some(RawJson::from_text(text.to_owned()).unwrap());
        for (exists, value, expected) in [
            (Some(true), raw("1"), Some("1")),
            (Some(true), None, Some("null")),
            (Some(false), None, None),
            (Some(false), raw("1"), None),
            (None, raw("1"), Some("1")),
            (None, raw("null"), None),
        ] {
            let found = present(exists, value).unwrap();
            assert_eq!(found.as_ref().map(RawJson::text), expected);
        }
    }
}

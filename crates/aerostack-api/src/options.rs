//! Options of one call.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use http::{HeaderMap, HeaderValue};

use crate::{request_id::new_request_id, retry::RetryMode, secret::Secret};

/// Options of one call.
#[derive(Clone, Default)]
pub struct CallOptions {
    /// Extra request headers.
    pub headers: HeaderMap,
    /// Timeout of one attempt, overriding the transport's.
    pub timeout: Option<Duration>,
    /// Deadline of the call with all its attempts and waits, overriding the transport's.
    pub deadline: Option<Duration>,
    /// The id to send as `X-Request-ID`.
    pub request_id: Option<HeaderValue>,
    /// Whether failed attempts are retried.
    pub retry: RetryMode,
    /// The end user's token, for operations that take one.
    pub user_token: Option<Secret>,
    /// The consumer's key, for gateway operations.
    pub consumer_key: Option<Secret>,
    /// Counts the bytes sent of a streamed request body. If set, the timeout of an attempt becomes an idle timeout.
    pub sent: Option<ByteCounter>,
}

impl CallOptions {
    /// The id of the request: the one that was set, or a new one.
    pub(crate) fn request_id(&self) -> HeaderValue {
        self.request_id.clone().unwrap_or_else(new_request_id)
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("request_id", &self.request_id)
            .field("retry", &self.retry)
            .field("user_token", &self.user_token)
            .field("consumer_key", &self.consumer_key)
            .finish_non_exhaustive()
    }
}

/// A shared count of bytes.
#[derive(Debug, Clone, Default)]
pub struct ByteCounter(Arc<AtomicU64>);

impl ByteCounter {
    /// Adds to the count.
    pub fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    /// The count so far.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

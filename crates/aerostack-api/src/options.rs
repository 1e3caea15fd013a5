//! What one call may ask for.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use http::{HeaderMap, HeaderValue};

use crate::{retry::RetryMode, secret::Secret};

/// Options of one call.
#[derive(Clone, Default)]
pub struct CallOptions {
    /// Extra request headers.
    pub headers: HeaderMap,
    /// Limit of one attempt, in place of the transport's.
    pub timeout: Option<Duration>,
    /// Limit of the call with all attempts and waits, in place of the transport's.
    pub deadline: Option<Duration>,
    /// The id to send as `X-Request-ID`.
    pub request_id: Option<HeaderValue>,
    /// Whether failed attempts are repeated.
    pub retry: RetryMode,
    /// The end user's token, for operations that take one.
    pub user_token: Option<Secret>,
    /// The consumer's key, for gateway operations.
    pub consumer_key: Option<Secret>,
    /// Counts the bytes of a streamed request body. Set, it turns the attempt's limit into a limit on silence.
    pub sent: Option<Progress>,
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("headers", &self.headers.keys().collect::<Vec<_>>())
            .field("timeout", &self.timeout)
            .field("deadline", &self.deadline)
            .field("request_id", &self.request_id)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// Bytes that have moved, shared between who moves them and who watches.
#[derive(Debug, Clone, Default)]
pub struct Progress(Arc<AtomicU64>);

impl Progress {
    /// Counts bytes.
    pub fn add(&self, bytes: u64) {
        self.0.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Bytes so far.
    pub fn bytes(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

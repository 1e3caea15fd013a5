//! Everything that can be set, with its defaults.

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use aerostack_api::{Backoff, Random, Secret};
use url::Url;

use crate::transport::{connector::Connector, tls::Tls};

/// A source of wall-clock time.
pub(crate) type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) url: Url,
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) tls: Option<Tls>,
    pub(crate) project_id: Option<String>,
    pub(crate) api_key: Option<Secret>,
    pub(crate) connector: Arc<dyn Connector>,
    pub(crate) limits: Limits,
    pub(crate) random: Random,
    pub(crate) clock: Clock,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("url", &self.url.as_str())
            .field("project_id", &self.project_id)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// Times and sizes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) connect_timeout: Duration,
    pub(crate) ping_interval: Duration,
    pub(crate) pong_deadline: Duration,
    pub(crate) confirm_timeout: Duration,
    pub(crate) ack_timeout: Duration,
    pub(crate) expiry: Duration,
    pub(crate) stable_after: Duration,
    pub(crate) close_timeout: Duration,
    pub(crate) backoff: Backoff,
    pub(crate) hint_cap: Duration,
    pub(crate) max_attempts: Option<u32>,
    /// Whether the first connection is waited for however often it fails.
    pub(crate) wait_for_network: bool,
    pub(crate) buffer: usize,
    pub(crate) queue_messages: usize,
    pub(crate) queue_bytes: usize,
    pub(crate) max_message: usize,
    pub(crate) recovery_limit: usize,
    pub(crate) hold_limit: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            ping_interval: Duration::from_secs(30),
            pong_deadline: Duration::from_secs(10),
            confirm_timeout: Duration::from_secs(10),
            ack_timeout: Duration::from_secs(5),
            expiry: Duration::from_secs(30),
            stable_after: Duration::from_secs(10),
            close_timeout: Duration::from_millis(500),
            backoff: Backoff {
                base: Duration::from_secs(1),
                cap: Duration::from_secs(30),
            },
            hint_cap: Duration::from_secs(300),
            max_attempts: None,
            wait_for_network: false,
            buffer: 1024,
            queue_messages: 1024,
            queue_bytes: 4 * 1024 * 1024,
            max_message: 16 * 1024 * 1024,
            recovery_limit: 500,
            hold_limit: 1024,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promise_07_the_first_wait_is_spread_evenly_and_later_ones_grow_to_the_cap() {
        let backoff = Limits::default().backoff;
        let random = Random::seeded(1);
        let mut buckets = [0; 10];
        for _ in 0..10_000 {
            let delay = backoff.delay(0, &random);
            assert!(delay < Duration::from_secs(1));
            buckets[delay.as_millis() as usize / 100] += 1;
        }
        assert!(buckets.iter().all(|count| *count <= 1_500), "{buckets:?}");
        for (n, ceiling) in [(0, 1), (1, 2), (2, 4), (3, 8), (4, 16), (5, 30), (40, 30)] {
            let ceiling = Duration::from_secs(ceiling);
            let longest = (0..1_000).map(|_| backoff.delay(n, &random)).max().unwrap();
            assert!(longest < ceiling && longest > ceiling.mul_f64(0.9), "{n}");
        }
    }
}

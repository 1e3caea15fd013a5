//! The emulator's idea of now.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// The clock every service reads: the system's time plus whatever a test added.
///
/// Cache and token expiry, one-time codes, lockouts and queue delays follow it. SQL functions such as
/// `datetime('now')` are SQLite's own and do not.
#[derive(Clone, Debug)]
pub struct Clock {
    offset_ms: Arc<AtomicU64>,
    moved: watch::Sender<()>,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self {
            offset_ms: Arc::default(),
            moved: watch::Sender::new(()),
        }
    }

    /// The time the services see.
    #[must_use]
    pub fn now(&self) -> SystemTime {
        SystemTime::now() + Duration::from_millis(self.offset_ms.load(Ordering::Acquire))
    }

    /// Moves the clock forward and wakes everything that waits for a time. It never moves back.
    pub fn advance(&self, by: Duration) {
        let ms = u64::try_from(by.as_millis()).unwrap_or(u64::MAX);
        self.offset_ms.fetch_add(ms, Ordering::AcqRel);
        self.moved.send_replace(());
    }

    /// Milliseconds since the Unix epoch.
    pub(crate) fn now_ms(&self) -> i64 {
        let since = self.now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    /// Returns once [`Clock::now_ms`] has reached `deadline_ms`, by the passing of time or by [`Clock::advance`].
    pub(crate) async fn wait_until_ms(&self, deadline_ms: i64) {
        let mut moved = self.moved.subscribe();
        loop {
            let left = deadline_ms.saturating_sub(self.now_ms());
            let Ok(left) = u64::try_from(left) else {
                return;
            };
            if left == 0 {
                return;
            }
            tokio::select! {
                () = tokio::time::sleep(Duration::from_millis(left)) => {}
                _ = moved.changed() => {}
            }
        }
    }
}

/// Writes milliseconds since the epoch the way SQLite's `CURRENT_TIMESTAMP` does, as end-user auth shows dates.
pub(crate) fn sql_time(ms: i64) -> String {
    chrono::DateTime::from_timestamp_millis(ms)
        .unwrap_or_default()
        .format("%Y-%m-%d %H:%M:%S")
        .to_string()
}

/// Writes milliseconds since the epoch as RFC 3339 in UTC, the form of every date on the wire.
pub(crate) fn rfc3339(ms: i64) -> String {
    chrono::DateTime::from_timestamp_millis(ms)
        .unwrap_or_default()
        .to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
}

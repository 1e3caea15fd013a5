//! The emulator's idea of now.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// The last moment the clock can show: the end of the year 9999.
const LATEST_MS: i64 = 253_402_300_799_999;

/// The clock every service reads: the system's time, moved by whatever a test added.
///
/// Cache and token expiry, one-time codes, lockouts and queue delays follow it. SQL functions such as
/// `datetime('now')` are SQLite's own and do not.
#[derive(Clone, Debug)]
pub struct Clock {
    offset_ms: Arc<AtomicI64>,
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
        UNIX_EPOCH + Duration::from_millis(u64::try_from(self.now_ms()).unwrap_or_default())
    }

    /// Moves the clock forward and wakes everything that waits for a time. It stops at the end of the year 9999.
    pub fn advance(&self, by: Duration) {
        let by = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.show(self.now_ms().saturating_add(by));
    }

    /// Sets the clock to a time, past or future. It runs on from there.
    ///
    /// What has expired by then, such as a job's delay that has passed, does not come back.
    pub fn set(&self, time: SystemTime) {
        let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
        self.show(i64::try_from(since.as_millis()).unwrap_or(i64::MAX));
    }

    /// Sets the clock back to the system's time.
    pub fn reset(&self) {
        self.offset_ms.store(0, Ordering::Release);
        self.moved.send_replace(());
    }

    fn show(&self, now_ms: i64) {
        let offset = now_ms.clamp(0, LATEST_MS) - system_ms();
        self.offset_ms.store(offset, Ordering::Release);
        self.moved.send_replace(());
    }

    /// Milliseconds since the Unix epoch.
    pub(crate) fn now_ms(&self) -> i64 {
        system_ms().saturating_add(self.offset_ms.load(Ordering::Acquire))
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

fn system_ms() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
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

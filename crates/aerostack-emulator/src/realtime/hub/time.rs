//! The hub's idea of now: the emulator's clock, or tokio's when it runs without an emulator.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

use crate::clock::Clock;

pub(crate) enum Time {
    Platform(Clock),
    /// Follows tokio's clock, so that a test under paused time decides how time passes.
    Tokio {
        started: Instant,
        started_ms: i64,
    },
}

impl Time {
    pub(crate) fn tokio() -> Self {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Self::Tokio {
            started: Instant::now(),
            started_ms: i64::try_from(since.as_millis()).unwrap_or(i64::MAX),
        }
    }

    /// Milliseconds since the Unix epoch.
    pub(crate) fn now_ms(&self) -> i64 {
        match self {
            Self::Platform(clock) => clock.now_ms(),
            Self::Tokio {
                started,
                started_ms,
            } => {
                let passed = i64::try_from(started.elapsed().as_millis()).unwrap_or(i64::MAX);
                started_ms.saturating_add(passed)
            }
        }
    }

    /// Returns once [`Time::now_ms`] has reached `deadline_ms`.
    pub(crate) async fn wait_until_ms(&self, deadline_ms: i64) {
        match self {
            Self::Platform(clock) => clock.wait_until_ms(deadline_ms).await,
            Self::Tokio { .. } => {
                while let Ok(left) = u64::try_from(deadline_ms.saturating_sub(self.now_ms()))
                    && left > 0
                {
                    tokio::time::sleep(Duration::from_millis(left)).await;
                }
            }
        }
    }
}

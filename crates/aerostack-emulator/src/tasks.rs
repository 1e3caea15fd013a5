//! Work in the background, and its end.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// What runs beside the connections, and the signal that ends it.
#[derive(Clone, Default)]
pub(crate) struct Tasks {
    /// Cancelled when the emulator stops: long-lived connections and workers end then.
    pub(crate) stop: CancellationToken,
    /// Requests being answered and background work; waited for at shutdown.
    pub(crate) tracker: TaskTracker,
}

impl Tasks {
    /// Starts work that ends when the emulator stops.
    pub(crate) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let stop = self.stop.clone();
        self.tracker.spawn(async move {
            tokio::select! {
                () = stop.cancelled() => {}
                () = work => {}
            }
        });
    }
}

/// Cancelled when the client of a request disconnects before it has the response.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disconnected(pub(crate) CancellationToken);

impl<S: Send + Sync> FromRequestParts<S> for Disconnected {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

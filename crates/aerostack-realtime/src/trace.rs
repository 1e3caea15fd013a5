//! What goes to `tracing`, where that is on.

/// Something an operator should see.
pub(crate) fn warning(message: &'static str) {
    #[cfg(feature = "tracing")]
    tracing::warn!(target: "aerostack_realtime", "{message}");
    #[cfg(not(feature = "tracing"))]
    let _ = message;
}

/// A change of the connection's status.
pub(crate) fn status(status: &crate::Status) {
    #[cfg(feature = "tracing")]
    match status.cause() {
        Some(cause) => {
            tracing::info!(target: "aerostack_realtime", ?status, error = %cause, "status");
        }
        None => tracing::info!(target: "aerostack_realtime", ?status, "status"),
    }
    #[cfg(not(feature = "tracing"))]
    let _ = status;
}

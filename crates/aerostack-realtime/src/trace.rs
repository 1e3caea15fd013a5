//! What goes to `tracing`, where that is on.

/// Something an operator should see.
pub(crate) fn warning(message: &'static str) {
    #[cfg(feature = "tracing")]
    tracing::warn!(target: "aerostack_realtime", "{message}");
    #[cfg(not(feature = "tracing"))]
    let _ = message;
}

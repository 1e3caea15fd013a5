//! The way to the server: connecting, TLS and the WebSocket handshake.

pub(crate) mod connector;
pub(crate) mod handshake;
pub(crate) mod history;
pub(crate) mod progress;
pub(crate) mod tls;

//! The client against the local platform's hub.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod auth;
mod backpressure;
mod common;
mod continuity;
mod crowd;
mod frames;
mod outbound;
mod platform;
mod presence;
mod reconnect;
mod schema;
mod subscriptions;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod tls;

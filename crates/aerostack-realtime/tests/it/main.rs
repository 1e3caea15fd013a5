//! The client against the local platform's hub.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod auth;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
#[path = "../shared/authority.rs"]
mod authority;
mod backpressure;
#[path = "../shared/cases.rs"]
mod cases;
mod common;
mod continuity;
mod crowd;
#[path = "../shared/described.rs"]
mod described;
mod flood;
mod frames;
mod fuzz;
mod matrix;
#[path = "../shared/mutate.rs"]
mod mutate;
mod outbound;
mod platform;
mod presence;
mod reconnect;
mod schema;
mod subscriptions;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod tls;

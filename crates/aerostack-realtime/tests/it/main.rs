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
mod flood;
mod frames;
mod fuzz;
mod matrix;
mod outbound;
mod platform;
mod presence;
mod reconnect;
mod schema;
mod subscriptions;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod tls;

#[cfg(any(feature = "rustls", feature = "native-tls"))]
use aerostack_test_support::authority;
use aerostack_test_support::{cases, described, mutate};
mod waits;

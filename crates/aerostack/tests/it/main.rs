//! The client against a local Aerostack, over real sockets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may"
)]

mod ai;
mod answers;
mod auth;
#[cfg(feature = "axum")]
mod axum;
mod beyond;
mod cache;
mod code;
mod collections;
mod config;
mod db;
mod db_rows;
mod db_statements;
mod errors;
mod gateway;
mod guesses;
mod input;
mod limits;
#[cfg(feature = "realtime")]
mod live;
#[cfg(feature = "metrics")]
mod metrics;
mod observer;
mod queue;
#[cfg(feature = "realtime")]
mod realtime;
mod retries;
mod search;
mod secrets;
mod socket;
mod storage;
#[cfg(any(feature = "rustls", feature = "native-tls"))]
mod tls;
mod tokens;

#[cfg(any(feature = "rustls", feature = "native-tls"))]
use aerostack_test_support::authority;
use aerostack_test_support::local as support;

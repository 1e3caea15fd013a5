//! The client against a local Aerostack, over real sockets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may"
)]

mod answers;
mod auth;
mod cache;
mod config;
mod db;
mod errors;
mod retries;
#[cfg(feature = "tracing")]
mod spans;
mod storage;
mod support;
mod tokens;

//! What `cargo xtask generate` makes of `openapi/aerostack.yaml`. Only this file is written by hand.

// progenitor's output follows its own style, and the formatter that printed it is not rustfmt.
#[rustfmt::skip]
#[allow(
    missing_docs,
    unreachable_pub,
    unused_imports,
    clippy::all,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "written by progenitor"
)]
pub mod client;
#[rustfmt::skip]
pub mod open;
#[rustfmt::skip]
pub mod operations;

pub use client::{Client, types};

/// What the generated operations return.
pub type Result<T> =
    std::result::Result<progenitor_client::ResponseValue<T>, progenitor_client::Error<()>>;

//! The Rust SDK for [Aerostack](https://docs.aerostack.dev/): SQL, accounts, cache, storage, queues, AI, search and
//! realtime behind one async client.
//!
//! One [`Client`], one handle per service. Every call is a builder: give it what it needs, set what is optional, await it.
//!
//! ```no_run
//! # async fn run() -> Result<(), aerostack::Error> {
//! use std::time::Duration;
//!
//! let client = aerostack::Client::from_env()?;
//!
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct User {
//!     id: i64,
//!     email: String,
//! }
//!
//! let users: Vec<User> = client.db().query("SELECT id, email FROM users WHERE active = ?").bind(true).await?;
//! client.cache().set("users:active", &users).ttl(Duration::from_secs(300)).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Credentials
//! The API key comes from [`ClientBuilder::api_key`] or `AEROSTACK_API_KEY`. It goes to the operations that take it and
//! nowhere else: not to [`auth`], not to another host by way of a redirect, not over plain http to another machine.
//!
//! # Errors
//! One type, [`Error`]. Match [`Error::kind`]; where the platform named the failure, [`Error::code`] is finer.
//! [`Error::effect`] says whether a call that failed may have changed something all the same.
//!
//! # Runtime
//! Calls need a [tokio](https://docs.rs/tokio) runtime with time and io enabled, as `#[tokio::main]` makes it; without one
//! they fail with [`ErrorKind::Config`]. A client may be used from many runtimes, in a static in parallel tests for
//! example: each has connections of its own, which end with it.
//!
//! # Retries and timeouts
//! Calls that the platform did not process (no connection, HTTP/2 refusals, 421, 425, 429), and calls that change nothing,
//! are retried up to two times with growing, random waits. Calls that may have changed something are not.
//! [`ClientBuilder`] lists the numbers; every call has `.timeout(..)`, `.deadline(..)`, `.no_retry()` and
//! `.idempotent()`.
//!
//! # Proxies
//! `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY` are followed, except for a base URL on this machine, which is
//! always reached directly. [`ClientBuilder::proxy`] and [`ClientBuilder::no_proxy`] override them.
//!
//! # Dropping futures
//! Any future and stream here can be dropped at any time: the client works on, no connection or task is left behind, and
//! no half of a file appears under its name. Each method says under *Cancel safety* what becomes of its own work; for a
//! call that changes something the rule is that the platform may or may not have done it.
//!
//! # Metrics
//! An [`Observer`](observer::Observer) given to [`ClientBuilder::observer`] hears of every call and attempt: its
//! operation, outcome, latency and size, and whether it is retried.
//!
//! # Testing
//! The crate `aerostack-emulator` is a local Aerostack with a real SQLite database and real sockets: point
//! [`ClientBuilder::base_url`] at it. It needs no account and no network.
//!
//! # Confidence
//! This SDK was written without a live account. What each operation rests on is in the API document it is generated from
//! and, where a caller would care, on its handle; the [guide] lists it by service.
//!
//! # More
//! The [guide] has a chapter for each service, one for readers who come from Python, TypeScript, Go or sqlx, and the
//! production checklist. The [examples] run without an account.
//!
//! [guide]: https://github.com/aerostackdev/aerostack-rust/blob/main/docs/src/SUMMARY.md
//! [examples]: https://github.com/aerostackdev/aerostack-rust/tree/main/crates/aerostack-examples
//!
//! # Features
//! | feature | default | what it does |
//! |---|---|---|
//! | `rustls` | yes | https with rustls and the platform's certificate store |
//! | `native-tls` | no | https with the operating system's TLS; used where both are on |
//! | `realtime` | yes | [`Client::realtime`] and the module [`realtime`] |
//! | `axum` | no | extractors, responses and streams for [axum](https://docs.rs/axum) services, in the module `axum` |
//! | `worker` | no | the consuming side of the queue, in the module `worker` |
//! | `uuid`, `chrono`, `time`, `rust_decimal` | no | the types of these crates as values of SQL statements |
//! | `metrics` | no | `observer::Metrics`, which records calls with the crate [metrics](https://docs.rs/metrics) |
//! | `tracing` | no | spans for calls and attempts, with OpenTelemetry's names |
//! | `reqwest` | no | [`ClientBuilder`] lets you configure the HTTP client underneath |
//!
//! Without a TLS feature an https base URL is a typed error when the client is built.

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod ai;
pub mod auth;
#[cfg(feature = "axum")]
pub mod axum;
pub mod cache;
mod call;
mod client;
mod code;
pub mod collections;
pub mod db;
mod decode;
mod error;
pub mod functions;
pub mod gateway;
mod handles;
mod input;
mod mail;
pub mod observer;
mod page;
pub mod queue;
mod raw_request;
mod route;
mod rpc;
pub mod search;
pub mod secrets;
pub mod services;
#[doc(hidden)]
pub mod signposts;
pub mod socket;
pub mod storage;
#[cfg(feature = "worker")]
pub mod worker;

/// Realtime channels: the crate `aerostack-realtime`, which works alone as well.
#[cfg(feature = "realtime")]
#[doc(inline)]
pub use aerostack_realtime as realtime;

/// A key, token or secret value.
pub use aerostack_api::Secret;

pub use crate::{
    call::{Call, CallFuture},
    client::{Client, ClientBuilder},
    code::ErrorCode,
    error::{Effect, Error, ErrorKind},
    mail::SendEmail,
    page::{Items, Page, Pages},
    raw_request::{RawRequest, RawResponse},
};

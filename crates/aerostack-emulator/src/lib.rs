//! A local Aerostack for development and tests: real SQLite, real sockets, no account.
//!
//! [`Emulator`] runs the platform inside the calling process, on a free loopback port. Every answer comes from an
//! implementation of the service, not from a recording: rows come out of SQLite, passwords are hashed, tokens are
//! signed and expire. The same thing runs as a program: `aerostack-emulator --schema schema.sql`.
//!
//! ```
//! use aerostack_emulator::{Emulator, Fault};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let emulator = Emulator::builder()
//!     .schema("CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT NOT NULL)")
//!     .start()
//!     .await?;
//!
//! // The next two queries fail the way an overloaded platform would.
//! emulator.fault(Fault::status(503).on("dbQuery").times(2));
//!
//! println!("point your client at {} with the key {}", emulator.url(), emulator.api_key());
//! emulator.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! What a test usually needs besides the URL:
//!
//! | Need | Call |
//! | --- | --- |
//! | break calls, below HTTP if wanted | [`Emulator::fault`], [`Fault`] |
//! | see what arrived | [`Emulator::received`], [`Received`] |
//! | count what arrived, was struck by a fault, took effect | [`Emulator::arrivals`], [`Emulator::struck`], [`Emulator::effects`] |
//! | let time pass, set it back | [`Emulator::clock`], [`Clock::advance`], [`Clock::set`], [`Clock::reset`] |
//! | put data in place | [`Emulator::seed`] |
//! | go back to data that was there | [`Emulator::snapshot`], [`Emulator::restore`], [`Snapshot::write`] |
//! | read codes and mails | [`Emulator::last_otp`], [`Emulator::mails`] |
//! | look at everything in a browser | [`EmulatorBuilder::control`], [`Emulator::console_url`] |
//! | break realtime, read its wire, publish | [`Emulator::realtime`], [`realtime::Hub`] |
//! | do queued jobs | [`EmulatorBuilder::on_job`], [`EmulatorBuilder::worker_url`] |
//! | answer services and functions | [`EmulatorBuilder::service`], [`EmulatorBuilder::function`] |
//! | answer chats with a real model | [`EmulatorBuilder::ai_upstream`] |
//!
//! The data lives in memory unless [`EmulatorBuilder::data_dir`] names a folder; with a folder, whatever was
//! acknowledged is on disk before the answer leaves.
//!
//! Every emulator is a project of its own: several projects in one process are several emulators.
//!
//! # As a program
//!
//! `aerostack-emulator` listens on 127.0.0.1:8787, prints what a client needs to know and the link of its web console,
//! and shows every refused call with its reason, one-time codes and mailed tokens in its log.
//! `aerostack-emulator exec -- cargo test` runs a command with an emulator of its own; `export` and `import` move the
//! data of a folder. `--help` lists the flags, which mirror [`EmulatorBuilder`] and can stand in a file (`--config`).
//!
//! # Over HTTP
//!
//! A test that cannot link this crate, because its tree holds another SQLite say, reaches the controls over HTTP with
//! the secret key in `X-Aerostack-Key`; in process they are there after [`EmulatorBuilder::control`].
//!
//! | Request | Body or answer |
//! | --- | --- |
//! | `GET /health` | `{"status": "ok"}`, without a key |
//! | `GET /__emulator/about` | `{"projectId", "projectSlug"}` |
//! | `POST /__emulator/faults` | `{"fault": {"status": 503}, "on": "dbQuery", "times": 2}`; `after`, `probability` with `seed`, `afterEffect`, `ending` |
//! | `DELETE /__emulator/faults` | takes all faults away |
//! | `GET /__emulator/faults` | how many requests each kind struck, `{"server error": 2}` |
//! | `GET /__emulator/faults/set` | the faults that are set |
//! | `GET`, `DELETE /__emulator/received` | the log of requests, bodies in base64 |
//! | `GET /__emulator/calls/{seq}` | one call with its response, credentials masked |
//! | `GET /__emulator/live` | calls and realtime frames as they happen, as server-sent events |
//! | `GET /__emulator/arrivals` | `{"dbQuery": 5}` |
//! | `GET /__emulator/effects` | `{"dbQuery": 3}` |
//! | `GET`, `POST /__emulator/clock` | `{"advanceMs": 60000}` or `{"setMs": ...}`, `null` for the system's time; answers `{"nowMs": ...}` |
//! | `GET`, `POST /__emulator/latency` | `{"ms": 50}` |
//! | `POST /__emulator/seed` | `{"sql": "...", "cache": {"key": 1}, "files": [{"key", "contentType", "body"}]}`, bodies in base64 |
//! | `POST /__emulator/reset` | empties everything, as [`Emulator::reset`] does |
//! | `GET`, `POST /__emulator/snapshots` | the snapshots taken; takes one, `{"id", "atMs"}` |
//! | `POST /__emulator/snapshots/{id}/restore`, `DELETE /__emulator/snapshots/{id}` | goes back to it; forgets it |
//! | `GET /__emulator/mail?to=` | `{"otp": "123456", "emailToken": "..."}` |
//! | `GET /__emulator/mails`, `users`, `secrets`, `collections`, `operations` | what there is; secrets by name only |
//! | any method, `/__emulator/call/v1/...` | an operation past faults, latency, rate limits and the log |
//!
//! Realtime has its own, below `/__emulator/realtime`: see [`realtime`].
//!
//! A `fault` is one of `"close"`, `"reset"`, `"hang"`, `"closeWithinHeaders"`, `"closeAfterHeaders"`, or an object
//! with one of `status`, `rateLimited`, `html`, `redirect`, `answer`, `contentEncoding`, `delayMs`, `truncateBody`,
//! `wrongLength`, `garbage`, `slowHeadersMs`, `dripMs`; `ending` is `close`, `reset` or `silence`.
//!
//! # What it does not imitate
//!
//! The cache is consistent at once and its increments are exact, a move of a file is atomic, a batch is a transaction
//! unless [`BatchMode::Partial`] is chosen. SQL time functions follow the system's clock, not [`Emulator::clock`].
//! Mail and text messages are not sent: [`Emulator::last_otp`] and [`Emulator::last_email_token`] read them.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod builder;
mod clock;
mod config;
mod console;
mod embedding;
mod emulator;
mod error;
mod http;
mod platform;
mod project;
pub mod realtime;
mod rpc;
mod services;
mod start_error;
mod store;
mod tasks;
mod test_kit;

pub use builder::EmulatorBuilder;
pub use clock::Clock;
pub use config::{BatchMode, Limits, PasswordHashing};
pub use emulator::Emulator;
pub use services::auth::{Mail, MailKind};
pub use services::callbacks::{FunctionCall, FunctionReply, HandlerError, Job};
pub use services::gateway::{GatewayApi, GatewayConsumer};
pub use start_error::StartError;
pub use test_kit::fault::Fault;
pub use test_kit::request_log::Received;
pub use test_kit::seed::{Seed, SeedError};
pub use test_kit::snapshot::Snapshot;

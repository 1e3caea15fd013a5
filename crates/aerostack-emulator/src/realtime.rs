//! Realtime: the server side of the platform's WebSocket protocol.
//!
//! [`Hub`] holds all of it. [`Switches`] decide where the platform's behavior is not known, faults are methods of the
//! hub, and its transcript shows every frame that went over the wire.
//!
//! ```
//! use aerostack_emulator::Emulator;
//! use aerostack_emulator::realtime::Refusal;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let emulator = Emulator::builder()
//!     .schema("CREATE TABLE orders (id INTEGER PRIMARY KEY, total REAL)")
//!     .start()
//!     .await?;
//! let realtime = emulator.realtime();
//!
//! // Every write to the database reaches the subscribers of its table.
//! emulator.seed().sql("INSERT INTO orders (total) VALUES (41.5)").await?;
//!
//! // The next two connections are refused, and everybody is disconnected.
//! realtime.refuse(Refusal::status(503).header("Retry-After", "1").times(2));
//! realtime.deploy();
//! # emulator.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! # Over HTTP
//!
//! The program, and an emulator with [`EmulatorBuilder::control`](crate::EmulatorBuilder::control), take the same over
//! HTTP, with the secret key in `X-Aerostack-Key`.
//!
//! | Request | Body or answer |
//! | --- | --- |
//! | `POST /__emulator/realtime/faults` | one fault: `"dropAll"`, `"resetAll"`, `"deploy"`, or an object with one of `closeAll`, `dropConnection`, `closeConnection`, `refuse`, `acceptThenClose`, `mute`, `stallReads`, `delayMs`, `delayKind`, `withhold`, `duplicateNext`, `reorderNext`, `rejectTopic`, `expireToken`, `sendText` |
//! | `DELETE /__emulator/realtime/faults` | takes the faults away |
//! | `POST /__emulator/realtime/switches` | `{"echo": false, "acks": "without_id"}`: the [`Switches`] to change |
//! | `POST /__emulator/realtime/publish` | `{"topic", "event", "data"}`; answers `{"subscribers": 1}` |
//! | `GET /__emulator/realtime/connections` | who is connected |
//! | `GET`, `DELETE /__emulator/realtime/transcript` | every frame, credentials redacted |
//!
//! # What is the emulator's own
//!
//! Close codes from 4000 on are the emulator's own: 4401 for a token that is not valid any more, 4429 for a connection
//! that does not read what is sent to it. So are the codes of `error` frames: `INVALID_JSON`, `INVALID_FRAME`,
//! `UNKNOWN_TYPE`, `INVALID_TOPIC`, `FORBIDDEN`, `LIMIT_EXCEEDED`, `AUTH_INVALID_TOKEN`, `INTERNAL_ERROR`.

mod connection;
mod control;
mod faults;
mod http;
mod hub;
mod protocol;
mod settings;
mod tokens;

pub use faults::{RawFrame, Refusal};
pub use hub::builder::HubBuilder;
pub use hub::inspect::ConnectionInfo;
pub use hub::presence::Member;
pub use hub::transcript::{Direction, Entry, Event};
pub use hub::{Hub, Operation};
pub use protocol::frame::FrameKind;
pub use settings::{
    Acks, EmitRoom, HistoryForm, PresenceEncoding, ServerFilter, SubprotocolReply, Switches,
};

pub(crate) use control::{EntryReply, routes as control_routes};
pub(crate) use http::{emit, routes, upgrades};
pub(crate) use hub::Parts;
pub(crate) use hub::stored_history::{DatabaseHistory, TABLES};
pub(crate) use hub::time::Time;

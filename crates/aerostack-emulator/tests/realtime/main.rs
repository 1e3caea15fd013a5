//! Realtime, with tokio-tungstenite as a plain client: over real sockets, and in memory under paused time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounts;
mod capture;
#[path = "../../../aerostack-realtime/tests/shared/cases.rs"]
mod cases;
mod changes;
mod client;
mod connecting;
mod control;
#[path = "../../../aerostack-realtime/tests/shared/described.rs"]
mod described;
mod emit;
mod faults;
mod frames;
mod fuzz;
mod history;
mod model;
#[path = "../../../aerostack-realtime/tests/shared/mutate.rs"]
mod mutate;
mod platform;
mod presence;
mod schema;
mod upkeep;

//! Realtime, with tokio-tungstenite as a plain client: over real sockets, and in memory under paused time.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounts;
mod capture;
mod changes;
mod client;
mod connecting;
mod control;
mod emit;
mod faults;
mod frames;
mod fuzz;
mod history;
mod model;
mod platform;
mod presence;
mod schema;
mod upkeep;

use aerostack_test_support::{cases, described, mutate};

//! The SDK under fire: broken connections, broken answers, storms, restarts, over real sockets.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may"
)]

mod certificates;
mod fuzz;
mod leaks;
mod load;
mod matrix;
mod redirects;
mod restart;
mod runtimes;
mod secrets;
mod storm;

use aerostack_contract::faults::{catalogue, stage};

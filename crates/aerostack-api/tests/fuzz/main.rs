//! Bytes of any shape, from a corpus that is replayed first and damaged afterwards.
//!
//! The seeds are the files of `tests/corpus`, a folder for each target; what ever failed is kept beside them and replayed
//! as well. `FUZZ_CASES` sets how many cases each target runs, `FUZZ_SEED` makes them the same each time, and with
//! `SOAK_SHEET` the figures go to the file of that name.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may"
)]

mod answers;
mod corpus;
mod errors;
mod hints;
mod origins;
mod sse;
mod wire;

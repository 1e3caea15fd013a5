//! Benchmarks of the SDK beside hand-written code that does the same work in the same run.
//!
//! `cargo xtask bench` runs them and prints one table. Two programs share this library: one that measures time and does
//! the work that is run under callgrind, and one that counts the heap.

pub mod case;
pub mod server;

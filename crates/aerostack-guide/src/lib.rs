//! Nothing to use: `build.rs` makes tests of the Rust in `docs/src` and in the README, and `tests/guide.rs` runs them.

//! What the tests of several Aerostack crates share. Not published.

#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::new_without_default,
    reason = "a part of tests"
)]

#[cfg(feature = "tls")]
pub mod authority;
#[cfg(feature = "bench")]
pub mod bench;
pub mod cases;
#[cfg(feature = "frames")]
pub mod described;
#[cfg(feature = "local")]
pub mod local;
/// Server frames as the description of the protocol has them, independent of how the client reads them.
#[cfg(feature = "frames")]
#[rustfmt::skip]
#[allow(
    clippy::enum_variant_names,
    clippy::large_enum_variant,
    reason = "typify writes it"
)]
pub mod model;
#[cfg(feature = "frames")]
pub mod mutate;

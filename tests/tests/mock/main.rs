//! The SDK against Prism, which plays the platform from the document.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod examples;

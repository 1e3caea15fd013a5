//! Code generated from `openapi/aerostack.yaml` by `cargo xtask generate`. Only this file is written by hand.

// The formatter that printed these files is not rustfmt.
#[rustfmt::skip]
pub mod open;
#[rustfmt::skip]
pub mod operations;
#[rustfmt::skip]
#[allow(clippy::too_many_arguments, reason = "a constructor takes what the document requires")]
#[allow(deprecated, reason = "what is deprecated is still sent")]
pub mod requests;
#[rustfmt::skip]
#[allow(clippy::all, clippy::pedantic, deprecated, missing_docs, reason = "written by typify")]
pub mod types;

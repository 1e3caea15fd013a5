//! The frames, topics and close codes of the protocol: no I/O, no state.

pub(crate) mod close;
pub(crate) mod filter;
pub(crate) mod frame;
pub(crate) mod parse;
pub(crate) mod topic;

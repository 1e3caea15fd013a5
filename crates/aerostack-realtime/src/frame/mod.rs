//! Frames on the wire.

pub(crate) mod inbound;
pub(crate) mod outbound;

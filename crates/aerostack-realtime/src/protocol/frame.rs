//! Frames on the wire. Those that are sent are generated from their description; those that arrive are read by one
//! borrowed envelope.

#[cfg(test)]
mod described;
#[rustfmt::skip]
mod generated;
pub(crate) mod inbound;
pub(crate) mod outbound;

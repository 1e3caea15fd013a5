//! Change data capture: which rows every commit changed.

pub(crate) mod feed;
pub(crate) mod triggers;

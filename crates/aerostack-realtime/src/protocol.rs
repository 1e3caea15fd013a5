//! What travels: frames, topics and what is read from them. Knows no socket and no task.

pub(crate) mod decode;
pub(crate) mod filter;
pub(crate) mod frame;
pub(crate) mod message;
pub(crate) mod presence;
pub(crate) mod time;
pub(crate) mod topic;

//! HTTP without any service: the server, what an operation is, credentials, limits, extractors, and calls to other
//! servers.

pub(crate) mod extract;
pub(crate) mod health;
pub(crate) mod keys;
pub(crate) mod latency;
pub(crate) mod layers;
pub(crate) mod operation;
#[rustfmt::skip]
pub(crate) mod operations;
pub(crate) mod origins;
pub(crate) mod outbound;
pub(crate) mod page;
pub(crate) mod paths;
pub(crate) mod rate_limit;
pub(crate) mod raw_object;
pub(crate) mod script;
pub(crate) mod server;
pub(crate) mod socket;
pub(crate) mod tokens;

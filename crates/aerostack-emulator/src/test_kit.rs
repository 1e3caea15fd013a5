//! What a platform does not have and tests need: faults, the log of requests, counters, seed, reset, and their endpoints.

pub(crate) mod control;
pub(crate) mod counters;
pub(crate) mod fault;
pub(crate) mod request_log;
pub(crate) mod reset;
pub(crate) mod seed;

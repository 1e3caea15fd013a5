//! The services of the platform.

pub(crate) mod ai;
pub(crate) mod auth;
pub(crate) mod cache;
pub(crate) mod callbacks;
pub(crate) mod collections;
pub(crate) mod db;
pub(crate) mod functions;
pub(crate) mod gateway;
pub(crate) mod invoke;
pub(crate) mod queue;
pub(crate) mod search;
pub(crate) mod secrets;
pub(crate) mod storage;

//! The emulator over real sockets, one module a service.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod auth;
mod cache;
mod common;
mod control;
mod db;
mod fault;
mod program;
mod rates;
mod server;
mod storage;

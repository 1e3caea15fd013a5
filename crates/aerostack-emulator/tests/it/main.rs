//! The emulator over real sockets, one module a service.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod ai;
mod auth;
mod cache;
mod code;
mod collections;
mod common;
mod control;
mod db;
mod fault;
mod gateway;
mod hardening;
mod kills;
mod migrations;
mod mutations;
mod program;
mod queue;
mod rates;
mod reset;
mod retrieval;
mod search;
mod security;
mod server;
mod snapshot;
mod sql;
mod stopping;
mod storage;

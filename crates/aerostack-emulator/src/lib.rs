//! A local Aerostack for development and tests: real SQLite, real sockets, no account.

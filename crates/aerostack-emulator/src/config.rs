//! Settings that reach down to the services.

use std::time::Duration;

/// How `dbBatch` treats the statements after one that failed.
///
/// The platform's guide calls a batch a transaction, its published document describes partial success.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum BatchMode {
    /// One transaction: either every statement takes effect or none does.
    #[default]
    Atomic,
    /// Each statement on its own: those that succeed stay.
    Partial,
}

/// How strongly passwords are hashed, always with Argon2id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum PasswordHashing {
    /// In well under a millisecond: for tests.
    #[default]
    Fast,
    /// With the parameters recommended for real passwords.
    Standard,
}

/// Bounds the emulator enforces. The defaults are the platform's where it states one.
///
/// ```
/// let mut limits = aerostack_emulator::Limits::default();
/// limits.upload_bytes = 1024;
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// Largest JSON request body in bytes; above it the answer is 413. 32 MiB by default. No text or blob in the
    /// project's database may be longer than twice that.
    pub json_bytes: usize,
    /// Largest uploaded file in bytes; above it the answer is 413. 100 MB by default.
    pub upload_bytes: u64,
    /// Largest cache value in bytes of JSON text. 25 MiB by default.
    pub cache_value_bytes: usize,
    /// Applies the limits that D1 publishes for SQL: 100 parameters, 32 arguments of a function, 50 bytes of a `LIKE` or
    /// `GLOB` pattern, 100 columns, 100,000 bytes of SQL, and 2,000,000 bytes of a text, a blob or a row. `false` by
    /// default.
    pub d1: bool,
    /// Longest run of one SQL statement. 30 seconds by default.
    pub query_time: Duration,
    /// Largest result of one SQL statement, in bytes of its values. 32 MiB by default.
    pub result_bytes: usize,
    /// Longest time for the headers of a request to arrive, from the first byte or the end of the request before; then
    /// the connection is closed. 30 seconds by default.
    pub header_time: Duration,
    /// Longest silence within a request body; then the request is given up. 30 seconds by default.
    pub body_silence: Duration,
    /// How many of the latest requests [`Emulator::received`](crate::Emulator::received) keeps. 10,000 by default.
    pub recorded_requests: usize,
    /// How much of each request body is kept in that log. 1 MiB by default.
    pub recorded_body_bytes: usize,
    /// How much the log of requests may take in all; the oldest requests make room. 64 MiB by default.
    pub recorded_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            json_bytes: 32 << 20,
            upload_bytes: 100_000_000,
            cache_value_bytes: 25 << 20,
            d1: false,
            query_time: Duration::from_secs(30),
            result_bytes: 32 << 20,
            header_time: Duration::from_secs(30),
            body_silence: Duration::from_secs(30),
            recorded_requests: 10_000,
            recorded_body_bytes: 1 << 20,
            recorded_bytes: 64 << 20,
        }
    }
}

/// How the emulated project is named.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    pub(crate) id: String,
    pub(crate) slug: String,
}

impl Project {
    /// Whether `name` is the project's slug or id.
    pub(crate) fn is(&self, name: &str) -> bool {
        name == self.slug || name == self.id
    }
}

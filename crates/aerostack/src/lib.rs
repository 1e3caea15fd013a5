//! The Aerostack platform for Rust: SQL, auth, cache, queue, storage, AI, search, secrets, services.

//! The harness of the contract tests.
//!
//! The document is tested from both sides. Prism plays the platform from the document and the SDK is held against it;
//! then Prism stands before the local platform as a validating proxy and the local platform is held against it.
//! Between the SDK and Prism stands a [`Recorder`], so that neither needs a hook for tests: it forwards everything
//! unchanged and keeps what went by. A status alone proves nothing, because Prism answers a broken request with the
//! documented 400; the recorder sees the violations that give it away.
//!
//! ```text
//! SDK ── Recorder ── Prism (mock)
//! SDK ── Recorder ── Prism (proxy) ── local platform
//! ```
//!
//! Tests that need Node are ignored by a plain `cargo test`; `cargo xtask test` installs Prism and runs them.

pub mod canned;
pub mod case;
pub mod cases;
pub mod document;
pub mod example;
pub mod fault_proxy;
#[allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::new_without_default,
    reason = "a part of tests"
)]
pub mod faults;
pub mod node;
pub mod prism;
pub mod process;
pub mod recorder;
pub mod report;
pub mod variants;
pub mod wire;
#[allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::panic,
    clippy::new_without_default,
    reason = "a part of tests"
)]
pub mod world;

pub use canned::Canned;
pub use case::{Case, Got, Outcome, Refusal, Sdk};
pub use document::{Credential, Document, Operation};
pub use fault_proxy::{FaultProxy, Treatment};
pub use prism::Prism;
pub use process::Process;
pub use recorder::{Exchange, Planted, Recorder};

use std::io;
use std::path::{Path, PathBuf};

/// The folder of this crate, where Prism is installed.
#[must_use]
pub fn here() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The Rust files in a folder and those below it.
///
/// # Errors
/// What listing a folder fails with.
pub fn rust_files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    Ok(found)
}

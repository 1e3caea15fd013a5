//! What the runs leave behind: one JSON file each, from which the coverage table is made.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::Context as _;
use serde::Serialize;

/// What one run saw, by operation.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// The operations by id.
    pub operations: BTreeMap<String, Seen>,
}

/// What a run saw of one operation.
#[derive(Debug, Default, Serialize)]
pub struct Seen {
    /// The SDK's calls that reached it, such as `cache().set`.
    pub handles: BTreeSet<String>,
    /// The statuses that came back through Prism without an objection.
    pub statuses: BTreeSet<u16>,
    /// The statuses that came back without Prism between, where it would spoil the bodies.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub direct: BTreeSet<u16>,
    /// How many made-up answers were decoded.
    #[serde(skip_serializing_if = "is_zero")]
    pub dynamic: usize,
}

impl Report {
    /// The entry of an operation.
    pub fn of(&mut self, operation: &str) -> &mut Seen {
        self.operations.entry(operation.to_owned()).or_default()
    }

    /// Writes the report to `target/contract/<name>.json`.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn write(&self, name: &str) -> anyhow::Result<PathBuf> {
        write_json(name, self)
    }
}

/// Writes what a run found to `target/contract/<name>.json`.
///
/// # Errors
/// When the file cannot be written.
pub fn write_json(name: &str, found: &impl Serialize) -> anyhow::Result<PathBuf> {
    let folder = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| crate::here().join("../target"), PathBuf::from)
        .join("contract");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join(format!("{name}.json"));
    std::fs::write(&path, serde_json::to_vec_pretty(found)?)
        .with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}

/// The figures of a run that can be made long, as `cargo xtask soak` keeps them.
#[derive(Debug, Default, Serialize)]
pub struct Sheet {
    /// The run in one line.
    pub summary: String,
    /// Names and values.
    pub facts: Vec<(String, String)>,
    /// More of them.
    pub tables: Vec<Table>,
}

/// A table of a [`Sheet`].
#[derive(Debug, Serialize)]
pub struct Table {
    /// What is in it.
    pub title: String,
    /// The names of the columns. All after the first hold numbers.
    pub head: Vec<String>,
    /// The cells.
    pub rows: Vec<Vec<String>>,
}

impl Sheet {
    /// Writes the sheet to the file that the variable `SOAK_SHEET` names, if it is set.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn hand_over(&self) -> anyhow::Result<()> {
        let Some(path) = std::env::var_os("SOAK_SHEET") else {
            return Ok(());
        };
        std::fs::write(&path, serde_json::to_vec_pretty(self)?)
            .with_context(|| format!("cannot write {}", path.display()))
    }
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature serde asks for"
)]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

//! `tidy`: the repository's own rules, which neither rustc nor clippy knows.
//!
//! The rules are data in [`rules`]: which crate may depend on which, which modules form a room, which room may import
//! which. [`imports`] checks the directions and finds circles, [`files`] checks the text of all files.

mod files;
mod imports;
mod lexer;
mod links;
mod modules;
mod rules;
#[cfg(test)]
mod tests;

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::document::workspace;
use crate::sh;

/// A broken rule, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Problem {
    /// From the workspace root, with slashes.
    file: String,
    /// Counted from 1; 0 for the file as a whole.
    line: usize,
    text: String,
}

impl Problem {
    fn new(file: impl Into<String>, line: usize, text: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line,
            text: text.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.file, self.text),
            line => write!(f, "{}:{line}: {}", self.file, self.text),
        }
    }
}

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Show what is known and being taken apart as well
    #[arg(long)]
    pending: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let mut problems = check(&workspace())?;
    if !options.pending {
        problems.retain(|problem| !is_pending(problem));
    }
    if problems.is_empty() {
        return Ok(());
    }
    problems.sort();
    let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
    bail!(
        "{}\n{} rules of the repository are broken; they are listed in xtask/src/tidy/rules.rs",
        lines.join("\n"),
        lines.len()
    )
}

fn is_pending(problem: &Problem) -> bool {
    rules::PENDING
        .iter()
        .any(|(file, text)| problem.file.starts_with(file) && problem.text.contains(text))
}

/// All broken rules of the workspace at `root`.
fn check(root: &Path) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let tracked = tracked()?;
    let paths = tracked.iter().map(String::as_str).collect();
    let read = |path: &str| std::fs::read_to_string(root.join(path)).ok();
    for path in &tracked {
        // Files that are not text hold nothing that these rules are about.
        let Some(text) = read(path) else { continue };
        problems.extend(files::check(path, &text));
        if path.ends_with(".md") {
            problems.extend(links::check(path, &text, &paths, &read));
        }
    }
    problems.extend(files::stale(&tracked));
    for rules in rules::CRATES {
        let folder = root.join(rules.folder);
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml"))
            .with_context(|| format!("cannot read the manifest of {}", rules.folder))?;
        problems.extend(imports::manifest(rules, &manifest));
        let tree = modules::Tree::read(root, rules.folder)?;
        problems.extend(imports::check(rules, &tree));
    }
    Ok(problems)
}

/// The files git knows or would add, without those that are deleted.
fn tracked() -> Result<Vec<String>> {
    let output = sh::command(
        "git",
        &["ls-files", "--cached", "--others", "--exclude-standard"],
    )
    .output()
    .context("cannot start git")?;
    if !output.status.success() {
        bail!(
            "git ls-files failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(str::to_owned)
        .collect())
}

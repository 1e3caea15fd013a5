//! `document`: comparing versions of the document, and taking a new one over.

mod diff;
mod take;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::document::{Source, workspace};
use crate::sh;

use diff::{Change, Format};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Say what changed between two documents and what breaks by it
    Diff(Options),
    /// Put a newly published document in place, and say what came of it
    Take(take::Options),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The document before: a file, or REVISION:PATH of this repository
    old: String,
    /// The document after: a file, or REVISION:PATH of this repository
    new: String,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Fail if there is such a change
    #[arg(long, value_enum)]
    fail_on: Option<FailOn>,
}

/// What makes the command fail.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum FailOn {
    /// Anything that breaks the wire or the SDK
    Breaking,
    /// What breaks calls that worked
    Wire,
    /// What breaks code that compiled
    Sdk,
    /// Any change at all
    Any,
}

impl FailOn {
    fn hit(self, change: &Change) -> bool {
        match self {
            Self::Breaking => change.breaks(),
            Self::Wire => change.wire,
            Self::Sdk => change.sdk,
            Self::Any => true,
        }
    }
}

pub(crate) fn run(command: &Command) -> Result<()> {
    match command {
        Command::Diff(options) => {
            let changes = diff::diff(&read(&options.old)?.value, &read(&options.new)?.value);
            print!("{}", diff::render(&changes, options.format));
            let hits = options.fail_on.map_or(0, |fail| {
                changes.iter().filter(|change| fail.hit(change)).count()
            });
            if hits > 0 {
                bail!("{hits} changes are of the kind that --fail-on names");
            }
            Ok(())
        }
        Command::Take(options) => take::run(options),
    }
}

/// Reads a file, or what git has of one.
fn read(name: &str) -> Result<Source> {
    let path = PathBuf::from(name);
    if !path.exists() && name.contains(':') {
        let shown = sh::command("git", &["show", name])
            .current_dir(workspace())
            .output()
            .context("cannot start git")?;
        if !shown.status.success() {
            bail!(
                "{name} is neither a file nor in git: {}",
                String::from_utf8_lossy(&shown.stderr).trim()
            );
        }
        return Source::parse(name, &String::from_utf8(shown.stdout)?);
    }
    Source::parse(
        name,
        &std::fs::read_to_string(&path).with_context(|| format!("cannot read {name}"))?,
    )
}

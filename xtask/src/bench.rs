//! `cargo xtask bench`: figures, each beside its baseline.

use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::document::workspace;
use crate::sh;

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Suite {
    /// The figures among realtime's promises
    Promises,
    /// The realtime client beside tokio-tungstenite doing the same work, and its heap by exact count
    Realtime,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// What to measure
    suite: Suite,

    /// Keep the tables of `realtime` in crates/aerostack-realtime/BENCHMARKS.md
    #[arg(long)]
    save: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    match options.suite {
        Suite::Promises if options.save => bail!("only the tables of `realtime` are kept"),
        Suite::Promises => sh::run(bench("promises")),
        Suite::Realtime => {
            let mut tables = String::new();
            for name in ["realtime", "heap"] {
                tables += &printed(name)?;
            }
            if options.save {
                save(&tables)?;
            }
            Ok(())
        }
    }
}

fn bench(name: &str) -> std::process::Command {
    let package = "aerostack-realtime";
    sh::cargo(&["bench", "--quiet", "--package", package, "--bench", name])
}

/// Runs a benchmark, prints what it prints, and keeps it.
fn printed(name: &str) -> Result<String> {
    let output = bench(name)
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start cargo")?;
    if !output.status.success() {
        bail!("the benchmark `{name}` failed ({})", output.status);
    }
    let text = String::from_utf8(output.stdout).context("the benchmark printed no text")?;
    print!("{text}");
    Ok(text)
}

/// Puts the tables in the place of those before.
fn save(tables: &str) -> Result<()> {
    const PLACE: &str = "<!-- below: written by `cargo xtask bench realtime --save` -->\n";
    let file = workspace().join("crates/aerostack-realtime/BENCHMARKS.md");
    let text = std::fs::read_to_string(&file).context("cannot read BENCHMARKS.md")?;
    let (before, _) = text
        .split_once(PLACE)
        .context("BENCHMARKS.md has no place for the tables")?;
    let tables = tables.trim_end();
    std::fs::write(&file, format!("{before}{PLACE}\n{tables}\n"))
        .context("cannot write BENCHMARKS.md")
}

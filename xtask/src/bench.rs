//! `cargo xtask bench`: figures, each beside its baseline.

mod http;

use std::process::Stdio;

use anyhow::{Context, Result, bail};

use crate::document::workspace;
use crate::{promises, sh};

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub(crate) enum Suite {
    /// The HTTP client beside hand-written reqwest and serde
    Http,
    /// Every figure among realtime's promises
    Promises,
    /// The realtime client beside tokio-tungstenite doing the same work, and its heap by exact count
    Realtime,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// What to measure; everything without it
    suite: Option<Suite>,

    /// Print the HTTP figures as JSON
    #[arg(long)]
    json: bool,

    /// Compare the exact HTTP figures (instructions, allocations, heap) with the committed limits
    #[arg(long, conflicts_with = "raise")]
    check: bool,

    /// Take today's exact HTTP figures for the limits
    #[arg(long)]
    raise: bool,

    /// Cases as long as the promises speak of: 60 s of flood, 10,000 lost connections
    #[arg(long)]
    long: bool,

    /// Keep the tables in crates/aerostack-realtime/BENCHMARKS.md
    #[arg(long)]
    save: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    match options.suite {
        Some(suite) => run_suite(suite, options),
        None => [Suite::Http, Suite::Promises]
            .into_iter()
            .try_for_each(|suite| run_suite(suite, options)),
    }
}

fn run_suite(suite: Suite, options: &Options) -> Result<()> {
    let (name, benches, only): (_, &[_], _) = match suite {
        Suite::Http => {
            let limits = match (options.check, options.raise) {
                (true, _) => http::Limits::Check,
                (_, true) => http::Limits::Raise,
                _ => http::Limits::Ignore,
            };
            return http::run(options.json, limits);
        }
        Suite::Promises => ("promises", &["realtime", "waits", "heap"], None),
        Suite::Realtime => ("realtime", &["realtime", "heap"], Some("comparisons")),
    };
    let mut tables = String::new();
    for bench in benches {
        tables += &printed(bench, only, options.long)?;
    }
    if let Suite::Promises = suite {
        let (found, claimed) = (promises::in_table(&tables), promises::measured());
        if found != claimed {
            bail!("`cargo xtask promises` claims {claimed:?} measured, and these were: {found:?}");
        }
    }
    if options.save {
        save(name, &tables)?;
    }
    Ok(())
}

/// Runs a benchmark, prints what it prints, and keeps it.
fn printed(name: &str, only: Option<&str>, long: bool) -> Result<String> {
    let package = "aerostack-realtime";
    let output = sh::cargo(&[
        "bench",
        "--quiet",
        "--package",
        package,
        "--bench",
        name,
        "--",
    ])
    .args(only)
    .args(long.then_some("long"))
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
fn save(suite: &str, tables: &str) -> Result<()> {
    let file = workspace().join("crates/aerostack-realtime/BENCHMARKS.md");
    let text = std::fs::read_to_string(&file).context("cannot read BENCHMARKS.md")?;
    let text =
        replaced(&text, suite, tables).context("BENCHMARKS.md has no place for the tables")?;
    std::fs::write(&file, text).context("cannot write BENCHMARKS.md")
}

/// The page with other tables between the marks of a suite.
fn replaced(page: &str, suite: &str, tables: &str) -> Option<String> {
    let open = format!("<!-- written by `cargo xtask bench {suite} --save` -->\n");
    let close = format!("<!-- end of `{suite}` -->");
    let (before, rest) = page.split_once(&open)?;
    let (_, after) = rest.split_once(&close)?;
    let tables = tables.trim_end();
    Some(format!("{before}{open}\n{tables}\n\n{close}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_suite_has_a_place_of_its_own_in_the_page() {
        let page =
            std::fs::read_to_string(workspace().join("crates/aerostack-realtime/BENCHMARKS.md"))
                .unwrap();
        for (suite, other) in [("promises", "realtime"), ("realtime", "promises")] {
            let once = replaced(&page, suite, "| new |\n\n").unwrap();
            assert!(once.contains("| new |\n\n<!-- end of"), "{once}");
            assert_eq!(replaced(&once, suite, "| new |").unwrap(), once);
            assert!(
                replaced(&once, other, "| else |")
                    .unwrap()
                    .contains("| new |")
            );
        }
    }
}

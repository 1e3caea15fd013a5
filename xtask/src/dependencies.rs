//! `dependencies`: how many crates each choice of features brings, in CONTRIBUTING.md.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::output::File;
use crate::package;
use crate::sh;

const PAGE: &str = "CONTRIBUTING.md";

/// What stands around the table.
const MARKS: (&str, &str) = (
    "<!-- Written by `cargo xtask dependencies`. -->\n",
    "<!-- End of what is written. -->\n",
);

/// The counts differ between systems by a few; these are of one.
const SYSTEM: &str = "x86_64-unknown-linux-gnu";

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Fail if the table differs, in place of writing it
    #[arg(long)]
    pub(crate) check: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let page = File {
        path: PAGE.to_owned(),
        text: std::fs::read_to_string(crate::document::workspace().join(PAGE))
            .context("cannot read CONTRIBUTING.md")?,
    };
    let table = table()?;
    print!("{table}");
    let file = File {
        text: placed(&page.text, &table)?,
        ..page
    };
    if options.check {
        if let Some(drift) = file.drift()? {
            bail!("{drift}\nthe counts in {PAGE} are stale; run `cargo xtask dependencies`");
        }
        return Ok(());
    }
    file.write().map(drop)
}

fn table() -> Result<String> {
    let mut table = "| features of `aerostack` | crates |\n|---|---|\n".to_owned();
    for choice in package::choices(&package::metadata()?)? {
        let crates = crates(&choice)?;
        table.push_str(&format!("| {choice} | {} |\n", crates.len()));
    }
    Ok(table)
}

/// The crates of others that a program compiles when it depends on `aerostack`: libraries, macros, build scripts' own.
fn crates(choice: &package::Choice) -> Result<BTreeSet<String>> {
    let mut tree = sh::cargo(&["tree", "--locked", "--package", "aerostack"]);
    tree.args(["--edges", "normal,build", "--target", SYSTEM]);
    tree.args(["--prefix", "none", "--format", "{p}"]);
    if !choice.default {
        tree.arg("--no-default-features");
    }
    if !choice.features.is_empty() {
        tree.args(["--features", &choice.features.join(",")]);
    }
    let output = tree.output().context("cannot start cargo")?;
    if !output.status.success() {
        bail!(
            "cargo tree failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(others(&text).map(str::to_owned).collect())
}

/// The crates of others in the lines of `cargo tree`: `name v1.0.0`, for what is ours with its path behind it.
fn others(tree: &str) -> impl Iterator<Item = &str> {
    tree.lines()
        .map(|line| {
            line.trim_end_matches(" (*)")
                .trim_end_matches(" (proc-macro)")
        })
        .filter(|line| !line.is_empty() && !line.starts_with("aerostack"))
}

/// The text with the table between the marks.
fn placed(text: &str, table: &str) -> Result<String> {
    let (before, rest) = text
        .split_once(MARKS.0)
        .context("the page has no place for the table")?;
    let (_, after) = rest
        .split_once(MARKS.1)
        .context("the place for the table has no end")?;
    Ok(format!("{before}{}{table}{}{after}", MARKS.0, MARKS.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_crates_of_others_count_and_each_once() {
        let tree = "aerostack v0.1.0 (/somewhere/aerostack)\naerostack-api v0.1.0 (/somewhere)\nserde v1.0.0\n\
                    serde_derive v1.0.0 (proc-macro)\nserde v1.0.0 (*)\nserde_derive v1.0.0 (proc-macro) (*)\n\nserde v2.0.0\n";
        let found: BTreeSet<&str> = others(tree).collect();
        assert_eq!(
            found,
            BTreeSet::from(["serde v1.0.0", "serde v2.0.0", "serde_derive v1.0.0"])
        );
    }

    #[test]
    fn the_table_replaces_what_stands_between_the_marks() {
        let text = format!("a\n{}old\n{}z\n", MARKS.0, MARKS.1);
        let expected = format!("a\n{}new\n{}z\n", MARKS.0, MARKS.1);
        assert_eq!(placed(&text, "new\n").unwrap(), expected);
        assert!(placed("a\n", "new\n").is_err());
    }
}

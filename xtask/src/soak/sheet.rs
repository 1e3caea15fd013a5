//! Tests that run longer than usual, and the figures they leave.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::sh;
use crate::soak::{Outcome, folder};

/// Names the file in which a test leaves its [`Sheet`], as JSON. Without it a test only prints.
const SHEET: &str = "SOAK_SHEET";

/// Optimized, with the checks of a debug build.
pub(crate) const PROFILE: &str = "soak";

/// Tests of one target, made longer by environment variables.
#[derive(Debug)]
pub(crate) struct LongTest<'a> {
    pub(crate) package: &'a str,
    pub(crate) target: &'a str,
    /// The test's name, in full.
    pub(crate) test: &'a str,
    pub(crate) variables: &'a [(&'a str, String)],
}

/// The figures of a run, all as they shall be read.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sheet {
    /// The run in one line.
    summary: String,
    /// Names and values.
    #[serde(default)]
    facts: Vec<(String, String)>,
    #[serde(default)]
    tables: Vec<Table>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    title: String,
    /// All columns after the first hold numbers.
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl LongTest<'_> {
    /// Runs it to its end. A test that fails is an error.
    pub(crate) fn run(&self) -> Result<Sheet> {
        let path = self.path();
        let _ = std::fs::remove_file(&path);
        let mut cargo = sh::cargo(&["test", "--quiet", "--profile", PROFILE]);
        cargo
            .args(["--package", self.package, "--test", self.target])
            .args(["--", "--exact", self.test, "--nocapture"])
            .env(SHEET, &path);
        for (name, value) in self.variables {
            cargo.env(name, value);
        }
        sh::run(cargo)?;
        let text = std::fs::read(&path)
            .with_context(|| format!("{} left no {}", self.test, path.display()))?;
        serde_json::from_slice(&text)
            .with_context(|| format!("{} left something else than a sheet", self.test))
    }

    fn path(&self) -> PathBuf {
        let name = self.test.rsplit("::").next().unwrap_or_default();
        folder().join(format!("{name}.json"))
    }
}

impl Sheet {
    /// What is said of a part that is this sheet alone, after some words on what was done.
    pub(crate) fn outcome(&self, words: &str) -> Outcome {
        Outcome {
            summary: self.summary.clone(),
            page: format!("{words}\n{}", self.markdown()),
            problems: Vec::new(),
        }
    }

    /// A value by its name.
    pub(crate) fn fact(&self, name: &str) -> Result<&str> {
        let mut facts = self.facts.iter();
        let fact = facts.find_map(|(known, value)| (known == name).then_some(value.as_str()));
        fact.with_context(|| format!("the sheet says nothing of {name}: {self:?}"))
    }

    fn markdown(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.facts {
            let _ = writeln!(text, "- {name}: {value}");
        }
        for table in &self.tables {
            let columns = table.head.len();
            let _ = writeln!(text, "\n## {}\n", table.title);
            let _ = writeln!(text, "| {} |", table.head.join(" | "));
            let _ = writeln!(text, "|---{}|", "|--:".repeat(columns.saturating_sub(1)));
            for row in &table.rows {
                let _ = writeln!(text, "| {} |", row.join(" | "));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_is_facts_and_tables() {
        let sheet: Sheet = serde_json::from_str(
            r#"{"summary": "0 lost", "facts": [["Calls", "7"]],
                "tables": [{"title": "Writes", "head": ["Service", "Lost"], "rows": [["cache", "0"]]}]}"#,
        )
        .unwrap();
        let outcome = sheet.outcome("Much was done.\n");
        assert_eq!(outcome.summary, "0 lost");
        assert_eq!(sheet.fact("Calls").unwrap(), "7");
        assert!(sheet.fact("Lost").is_err());
        assert_eq!(
            outcome.page,
            "Much was done.\n\n- Calls: 7\n\n## Writes\n\n| Service | Lost |\n|---|--:|\n| cache | 0 |\n"
        );
    }
}

//! `lint`: whether the document keeps its own rules.
//!
//! Three readers, each for what the others cannot see: [`rules`] for the conventions of this project, [`examples`] for
//! examples that do not fit their schemas, and Spectral for OpenAPI itself. What the generator refuses is not repeated
//! here.

mod examples;
mod model;
mod rules;

use std::fmt;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::document::{self, Place};
use crate::{generate, node, sh};

/// Something the document does against a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) rule: &'static str,
    pub(crate) place: Place,
    pub(crate) message: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]", self.place, self.message, self.rule)
    }
}

/// Reads the document with all three.
pub(crate) fn run() -> Result<()> {
    let document = document::load()?;
    let found = findings(&document)?;
    for finding in &found {
        eprintln!("{finding}");
    }
    let spectral = spectral();
    if !found.is_empty() {
        bail!(
            "{} breaks {} of this project's rules",
            document::PATH,
            found.len()
        );
    }
    spectral?;
    println!("{} keeps every rule", document::PATH);
    Ok(())
}

/// What this project's rules and the examples say. Fails where the generator refuses the document.
fn findings(document: &Value) -> Result<Vec<Finding>> {
    generate::accepts(document)?;
    let model = model::Model::read(document)?;
    let mut found = rules::check(&model);
    found.extend(examples::check(document));
    Ok(found)
}

fn spectral() -> Result<()> {
    let mut spectral = node::tool("@stoplight/spectral-cli/dist/index.js")?;
    spectral
        .args([
            "lint",
            "--ruleset",
            "openapi/spectral.yaml",
            "--fail-severity",
            "hint",
            "--quiet",
        ])
        .arg(document::PATH);
    sh::run(spectral).context("Spectral finds fault with the document")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_document_keeps_the_rules() {
        let found = findings(&document::load().unwrap()).unwrap();
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "\n{}", found.join("\n"));
    }
}

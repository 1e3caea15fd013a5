//! `lint`: whether the document keeps its own rules.
//!
//! Three readers, each for what the others cannot see: [`rules`] for the conventions of this project, [`examples`] for
//! examples that do not fit their schemas, and Spectral for OpenAPI itself. What the generator refuses is not repeated
//! here.

mod examples;
pub(crate) mod model;
mod rules;

use std::fmt;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::document::overlay::Composed;
use crate::document::source::Spot;
use crate::document::{self, Place};
use crate::{generate, new_operation, node, sh};

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
    let composed = Composed::read()?;
    generate::accepts(&composed)?;
    let mut broken = 0;
    for finding in &findings(&composed.value)? {
        let spot = composed.spots.nearest(&finding.place);
        let at = spot.map(|spot| format!("{spot}: ")).unwrap_or_default();
        if is_advice(finding, spot) {
            eprintln!("warning: {at}{finding}; it is published, so this is only to be known");
        } else {
            eprintln!("{at}{finding}");
            broken += 1;
        }
    }
    for line in &new_operation::unfinished() {
        eprintln!("{line} [unfinished]; finish what `cargo xtask new-operation` began");
        broken += 1;
    }
    let spectral = spectral();
    if broken > 0 {
        bail!("{} breaks {broken} of this project's rules", document::PATH);
    }
    spectral?;
    println!("{} keeps every rule", document::PATH);
    Ok(())
}

/// Whether a rule of style is broken by what is published, which this project does not write.
fn is_advice(finding: &Finding, spot: Option<&Spot>) -> bool {
    let published = spot.is_some_and(|spot| &*spot.file == document::PUBLISHED);
    published && rules::is_style(finding.rule)
}

/// What this project's rules and the examples say about a document that the generator accepts.
fn findings(document: &Value) -> Result<Vec<Finding>> {
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
    use crate::fixture::{changes, library};

    #[test]
    fn the_document_keeps_the_rules() {
        let found = findings(&document::load().unwrap()).unwrap();
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "\n{}", found.join("\n"));
    }

    fn said(document: &Value) -> Vec<Finding> {
        findings(document).unwrap()
    }

    #[test]
    fn a_document_that_keeps_the_rules_is_left_alone() {
        // Too small, and with one schema on both sides on purpose.
        let expected = ["replies-are-open", "requests-are-closed"];
        let rules: Vec<&str> = said(&library())
            .iter()
            .map(|finding| finding.rule)
            .collect();
        assert_eq!(rules, expected, "{:#?}", said(&library()));
    }

    #[test]
    fn every_rule_finds_what_breaks_it_and_nothing_else_does() {
        let before = said(&library());
        for change in changes(include_str!("../fixtures/findings.yaml")) {
            let mut found = said(&change.document);
            found.retain(|finding| !before.contains(finding));
            let rule = change.rule.unwrap();
            assert!(
                found
                    .iter()
                    .any(|finding| finding.rule == rule
                        && finding.to_string().contains(&change.says)),
                "{}: {found:#?}",
                change.row
            );
            assert!(
                found.iter().all(|finding| finding.rule == rule),
                "{}: {found:#?}",
                change.row
            );
        }
    }

    #[test]
    fn every_rule_has_a_case() {
        let table = include_str!("../fixtures/findings.yaml");
        for rule in rules::names().chain([examples::RULE]) {
            assert!(table.contains(&format!("rule: {rule},")), "{rule}");
        }
    }
}

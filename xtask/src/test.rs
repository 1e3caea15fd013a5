//! `test`: everything the README promises.

use anyhow::Result;

use crate::sh::{self, Steps};
use crate::{generate, lint, node};

pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::default();
    steps.step("Node tools", node::install)?;
    steps.step("generated code", generate::check)?;
    steps.step("document", lint::run)?;
    steps.step("tests", || {
        sh::run(sh::cargo(&["test", "--workspace", "--quiet"]))
    })?;
    steps.step("contract with Prism", || {
        sh::run(sh::cargo(&[
            "test",
            "--package",
            "aerostack-contract",
            "--quiet",
            "--",
            "--ignored",
        ]))
    })?;
    steps.step("quickstart", || {
        sh::run(sh::cargo(&[
            "run",
            "--quiet",
            "--package",
            "aerostack",
            "--example",
            "quickstart",
        ]))
    })?;
    steps.summary();
    Ok(())
}

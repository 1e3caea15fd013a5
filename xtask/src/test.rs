//! `test`: everything the README promises.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::document::workspace;
use crate::sh::{self, Steps};
use crate::{coverage, dependencies, faults, generate, lint, node};

pub(crate) fn run() -> Result<()> {
    let mut steps = Steps::default();
    steps.step("Node tools", node::install)?;
    steps.step("spelling", node::spell)?;
    steps.step("generated code", generate::check)?;
    steps.step("document", lint::run)?;
    steps.step("dependency counts", || {
        dependencies::run(&dependencies::Options { check: true })
    })?;
    faults::forget()?;
    steps.step("tests", || {
        let mut tests = sh::cargo(&["test", "--workspace", "--quiet"]);
        // Built by then, since the emulator's own tests need it; a test that starts it has nothing left to build.
        tests.env("AEROSTACK_EMULATOR", emulator());
        sh::run(tests)
    })?;
    steps.step("fault matrix", faults::check)?;
    steps.step("contract tests with Prism", contract)?;
    steps.step("coverage", || {
        coverage::run(&coverage::Options { check: true })
    })?;
    for example in ["quickstart", "tour", "orders-live"] {
        steps.step(example, || {
            let mut run = sh::cargo(&["run", "--quiet", "--example", example]);
            run.env("AEROSTACK_EMULATOR", emulator());
            sh::run(run)
        })?;
    }
    steps.summary();
    Ok(())
}

/// Where cargo leaves the emulator's program.
fn emulator() -> PathBuf {
    let name = format!("aerostack-emulator{}", std::env::consts::EXE_SUFFIX);
    sh::target().join("debug").join(name)
}

/// Runs the tests that need Node from the binaries of the step before. Asking cargo for one package would build
/// everything again, with the features of that package alone.
fn contract() -> Result<()> {
    let mut build = sh::cargo(&[
        "test",
        "--workspace",
        "--no-run",
        "--quiet",
        "--message-format=json",
    ]);
    let output = build.output().context("cannot start cargo")?;
    if !output.status.success() {
        bail!(
            "the tests do not build: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    let programs: Vec<PathBuf> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(program)
        .collect();
    if programs.is_empty() {
        bail!("cargo built no contract tests");
    }
    coverage::forget();
    for program in programs {
        let mut tests = sh::command(&program.to_string_lossy(), &["--ignored", "--quiet"]);
        tests.current_dir(workspace().join("tests"));
        sh::run(tests)?;
    }
    Ok(())
}

/// The test program a line of cargo's messages announces, if it holds contract tests.
fn program(line: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(line).ok()?;
    let of_contract = message["package_id"]
        .as_str()?
        .contains("aerostack-contract");
    let is_test = message["profile"]["test"].as_bool()?;
    (of_contract && is_test).then(|| message["executable"].as_str().map(PathBuf::from))?
}

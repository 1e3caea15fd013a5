//! `deny`: licenses, banned crates and sources of everything in Cargo.lock, by the rules of deny.toml.

use std::path::PathBuf;

use anyhow::{Context, Result};

use crate::sh;

/// The version that deny.toml was written for.
const VERSION: &str = "0.20.2";

/// What is checked. Advisories are not: their database changes without this repository changing.
const CHECKS: [&str; 3] = ["bans", "licenses", "sources"];

pub(crate) fn run() -> Result<()> {
    let program = installed()?;
    let mut deny = sh::command(&program.to_string_lossy(), &["--locked", "check"]);
    deny.args(CHECKS);
    sh::run(deny)
}

/// The program, built the first time it is needed: without optimization, which takes it a minute or two.
fn installed() -> Result<PathBuf> {
    let tools = sh::target().join("tools");
    let root = tools.join(format!("cargo-deny-{VERSION}"));
    let program = root
        .join("bin")
        .join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    if !program.exists() {
        let build = tools.join("build");
        let mut install = sh::cargo(&["install", "cargo-deny", "--locked", "--debug", "--quiet"]);
        install.args(["--version", VERSION, "--root"]).arg(&root);
        install
            .env("CARGO_TARGET_DIR", &build)
            .env("CARGO_PROFILE_DEV_DEBUG", "0")
            .env("CARGO_INCREMENTAL", "0");
        sh::run(install)?;
        std::fs::remove_dir_all(&build).context("cannot remove what the build left")?;
    }
    program
        .canonicalize()
        .with_context(|| format!("cargo-deny {VERSION} is not where it was installed"))
}

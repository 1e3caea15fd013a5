//! Node, npm, and the tools installed in `tests/node_modules`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};

use crate::document::workspace;
use crate::sh;

/// The oldest Node all tools run on.
const OLDEST: (u32, u32) = (20, 17);

/// Skips the installation, for machines that are offline or bring their own `node_modules`.
const SKIP: &str = "AEROSTACK_SKIP_NPM_CI";

/// Copied into `node_modules` after an installation, to tell whether the next one is needed.
const STAMP: &str = ".installed-package-lock.json";

fn folder() -> PathBuf {
    workspace().join("tests")
}

fn modules() -> PathBuf {
    folder().join("node_modules")
}

/// A command that runs an installed tool, such as `@stoplight/prism-cli/dist/index.js`.
pub(crate) fn tool(script: &str) -> Result<Command> {
    let node = node()?;
    let path = modules().join(script);
    if !path.is_file() {
        bail!(
            "{} is not installed: run `cargo xtask test`, or `npm ci` in tests",
            shown(&path)
        );
    }
    let mut command = Command::new(node);
    command.arg(path).current_dir(workspace());
    Ok(command)
}

/// Installs the tools, unless what the lock file asks for is there already.
pub(crate) fn install() -> Result<()> {
    node()?;
    let lock = std::fs::read(folder().join("package-lock.json"))
        .context("cannot read tests/package-lock.json")?;
    let stamp = modules().join(STAMP);
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        println!("tests/node_modules is up to date");
        return Ok(());
    }
    if std::env::var_os(SKIP).is_some_and(|value| !value.is_empty() && value != "0") {
        println!("npm ci is skipped because {SKIP} is set");
        return Ok(());
    }
    let mut npm = npm();
    // A dependency of the linter would report its installation otherwise.
    npm.args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .env("SCARF_ANALYTICS", "false")
        .current_dir(folder());
    sh::run(npm).with_context(|| {
        format!("npm comes with Node; set {SKIP}=1 if tests/node_modules is already complete")
    })?;
    std::fs::write(stamp, lock).context("cannot write into tests/node_modules")
}

fn npm() -> Command {
    Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

/// The program to run: the one in the variable `NODE`, else the one on the PATH.
fn node() -> Result<PathBuf> {
    let program = std::env::var_os("NODE").unwrap_or_else(|| "node".into());
    check(&program, &version(&program)?)?;
    Ok(program.into())
}

fn version(program: &OsStr) -> Result<String> {
    let output = Command::new(program).arg("--version").output().map_err(|error| {
        anyhow!(
            "Node {}.{} or later is needed and `{}` could not be started ({error}).\n\
             Install it from https://nodejs.org or with your package manager, or set NODE to its path.",
            OLDEST.0, OLDEST.1, program.to_string_lossy(),
        )
    })?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn check(program: &OsStr, version: &str) -> Result<()> {
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map(|number| number.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(major), Some(minor)) if (major, minor) >= OLDEST => Ok(()),
        _ => bail!(
            "Node {}.{} or later is needed; `{} --version` says {version:?}. Get a newer one from https://nodejs.org.",
            OLDEST.0,
            OLDEST.1,
            program.to_string_lossy(),
        ),
    }
}

/// A path as seen from the workspace.
fn shown(path: &Path) -> String {
    path.strip_prefix(workspace())
        .unwrap_or(path)
        .display()
        .to_string()
}

/// Checks the spelling of code, comments and pages; offline, once the tools are installed.
pub(crate) fn spell() -> Result<()> {
    let mut check = tool("cspell/bin.mjs")?;
    check.args(["lint", "--no-progress", "--no-summary"]);
    sh::run(check)
        .context("correct the words above, or add those that are right to tests/words.txt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_and_unreadable_versions_are_refused() {
        for (version, fine) in [
            ("v20.17.0", true),
            ("v24.0.1", true),
            ("v20.16.9", false),
            ("v18.20.1", false),
            ("", false),
            ("v20", false),
        ] {
            assert_eq!(
                check(OsStr::new("node"), version).is_ok(),
                fine,
                "{version}"
            );
        }
    }

    #[test]
    fn a_missing_node_says_how_to_get_one() {
        let error = version(OsStr::new("no-such-node")).unwrap_err().to_string();
        assert!(
            error.contains("https://nodejs.org") && error.contains("no-such-node"),
            "{error}"
        );
    }
}

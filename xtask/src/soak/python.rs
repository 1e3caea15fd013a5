//! A Python of its own with the versions of `tests/soak/requirements.txt`.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::document::workspace;
use crate::sh;

const REQUIREMENTS: &str = "tests/soak/requirements.txt";

/// Copied beside the environment after an installation, to tell whether the next one is needed.
const STAMP: &str = "installed-requirements.txt";

/// The oldest Python schemathesis runs on.
const OLDEST: (u32, u32) = (3, 10);

/// Installs what the requirements ask for, unless it is there. The version of Python.
pub(crate) fn install(folder: &Path) -> Result<String> {
    let requirements = workspace().join(REQUIREMENTS);
    let wanted =
        std::fs::read(&requirements).with_context(|| format!("cannot read {REQUIREMENTS}"))?;
    let stamp = folder.join(STAMP);
    let python = tool(folder, "python");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) && python.is_file() {
        return version(&python);
    }
    let system = std::env::var_os("PYTHON").map_or_else(
        || OsString::from(if cfg!(windows) { "python" } else { "python3" }),
        OsString::from,
    );
    check(&version(Path::new(&system))?)?;
    println!("installing {REQUIREMENTS}");
    let mut make = Command::new(&system);
    make.args(["-m", "venv", "--clear"])
        .arg(folder.join("venv"));
    sh::run(make).context("Python's venv module is needed, on Debian the package python3-venv")?;
    let mut pip = Command::new(&python);
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ])
    .args(["--no-deps", "--requirement"])
    .arg(&requirements);
    sh::run(pip)?;
    std::fs::write(stamp, wanted)?;
    version(&python)
}

/// A program of the environment.
pub(crate) fn tool(folder: &Path, name: &str) -> PathBuf {
    let venv = folder.join("venv");
    if cfg!(windows) {
        venv.join("Scripts").join(format!("{name}.exe"))
    } else {
        venv.join("bin").join(name)
    }
}

/// What a Python says of itself: `Python 3.12.1`.
fn version(python: &Path) -> Result<String> {
    let output = Command::new(python).arg("--version").output().with_context(|| {
        format!(
            "Python {}.{} or later is needed and `{}` could not be started; set PYTHON to its path",
            OLDEST.0,
            OLDEST.1,
            python.display()
        )
    })?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn check(version: &str) -> Result<()> {
    let mut numbers = version
        .trim_start_matches("Python ")
        .split('.')
        .map(|number| number.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(major), Some(minor)) if (major, minor) >= OLDEST => Ok(()),
        _ => bail!(
            "Python {}.{} or later is needed, this is {version:?}; set PYTHON to the path of a newer one",
            OLDEST.0,
            OLDEST.1
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_and_unreadable_versions_are_refused() {
        for (version, fine) in [
            ("Python 3.10.0", true),
            ("Python 3.14.1", true),
            ("Python 3.9.18", false),
            ("Python 2.7.18", false),
            ("", false),
        ] {
            assert_eq!(check(version).is_ok(), fine, "{version}");
        }
    }

    #[test]
    fn every_requirement_names_one_version() {
        let text = std::fs::read_to_string(workspace().join(REQUIREMENTS)).unwrap();
        let lines: Vec<_> = text.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(
            lines
                .iter()
                .any(|line| line.starts_with("schemathesis==4."))
        );
        for line in lines {
            let (name, version) = line.split_once("==").unwrap_or_default();
            assert!(
                !name.is_empty() && version.starts_with(|first: char| first.is_ascii_digit()),
                "{line}"
            );
        }
    }
}

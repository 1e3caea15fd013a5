//! Finds Node and the tools installed beside this crate.

use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The oldest Node that the tools run on.
pub const OLDEST: u32 = 20;

const LIFELINE: &str = "data:text/javascript,process.stdin.on('end',()=>process.exit()).resume()";

/// What stands between a machine and the contract tests.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NodeError {
    /// No `node` could be started.
    #[error(
        "Node {OLDEST} or later is needed and `node` could not be started ({reason}). \
         Get it from https://nodejs.org or from your package manager, and see that it is on the PATH."
    )]
    Missing {
        /// What starting it said.
        reason: io::Error,
    },
    /// `node` is there but older than the tools allow.
    #[error(
        "Node {OLDEST} or later is needed; `node --version` says {found}. Get a newer one from https://nodejs.org."
    )]
    TooOld {
        /// What `node --version` said.
        found: String,
    },
    /// Node is there but the tools are not.
    #[error("{} is not installed. Run `cargo xtask test`, or `npm ci` in {}.", .path.display(), .folder.display())]
    NotInstalled {
        /// The file that should be there.
        path: PathBuf,
        /// Where to install from.
        folder: PathBuf,
    },
}

/// A Node that is new enough.
#[derive(Debug, Clone)]
pub struct Node {
    program: PathBuf,
    folder: PathBuf,
}

impl Node {
    /// Finds Node on the PATH, or where the variable `NODE` points.
    ///
    /// # Errors
    /// When there is none, or when it is too old.
    pub fn find() -> Result<Self, NodeError> {
        Self::at(std::env::var_os("NODE").map_or_else(|| PathBuf::from("node"), PathBuf::from))
    }

    /// Uses the given program.
    ///
    /// # Errors
    /// When it does not start, or is too old.
    pub fn at(program: PathBuf) -> Result<Self, NodeError> {
        let output = Command::new(&program)
            .arg("--version")
            .output()
            .map_err(|reason| NodeError::Missing { reason })?;
        let found = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        match major(&found) {
            Some(version) if version >= OLDEST => Ok(Self {
                program,
                folder: crate::here(),
            }),
            _ => Err(NodeError::TooOld { found }),
        }
    }

    /// A command that runs the given script of the installed packages, such as `@stoplight/prism-cli/dist/index.js`. The
    /// script ends with whoever started it, however that ends: its standard input closes then.
    ///
    /// # Errors
    /// When the packages are not installed.
    pub fn script(&self, script: &str) -> Result<tokio::process::Command, NodeError> {
        self.run(self.folder.join("node_modules").join(script))
    }

    /// The same for a script of this crate.
    ///
    /// # Errors
    /// When there is no such file.
    pub fn own_script(&self, script: &str) -> Result<tokio::process::Command, NodeError> {
        self.run(self.folder.join(script))
    }

    fn run(&self, path: PathBuf) -> Result<tokio::process::Command, NodeError> {
        if !path.is_file() {
            return Err(NodeError::NotInstalled {
                path,
                folder: self.folder.clone(),
            });
        }
        let mut command = tokio::process::Command::new(&self.program);
        command
            .args(["--import", LIFELINE])
            .arg(path)
            .current_dir(&self.folder)
            .stdin(Stdio::piped());
        Ok(command)
    }
}

fn major(version: &str) -> Option<u32> {
    version.strip_prefix('v')?.split('.').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_node_says_how_to_get_it() {
        let error = Node::at(PathBuf::from("no-such-node")).unwrap_err();
        assert!(matches!(error, NodeError::Missing { .. }));
        assert!(error.to_string().contains("https://nodejs.org"), "{error}");
    }

    #[test]
    fn versions_are_read_by_their_major_number() {
        for (text, expected) in [
            ("v20.20.2", Some(20)),
            ("v8.1.0", Some(8)),
            ("20.1.0", None),
            ("", None),
        ] {
            assert_eq!(major(text), expected, "{text:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_program_that_is_not_node_is_too_old() {
        let error = Node::at(PathBuf::from("true")).unwrap_err();
        assert!(matches!(error, NodeError::TooOld { .. }), "{error}");
    }

    #[test]
    fn a_missing_package_names_the_command_that_installs_it() {
        let node = Node {
            program: PathBuf::from("node"),
            folder: PathBuf::from("nowhere"),
        };
        let error = node.script("absent/index.js").unwrap_err();
        assert!(error.to_string().contains("npm ci"), "{error}");
    }
}

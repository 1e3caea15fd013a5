//! Written files: putting them in place, or saying how they differ.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::document::workspace;

/// A file this program writes.
#[derive(Debug)]
pub(crate) struct File {
    /// From the workspace root.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl File {
    fn target(&self) -> PathBuf {
        workspace().join(&self.path)
    }

    fn present(&self) -> Result<String> {
        match std::fs::read_to_string(self.target()) {
            Ok(text) => Ok(text.replace("\r\n", "\n")),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", self.path)),
        }
    }

    /// The changes that would bring the file up to date, as a unified diff; none when it is.
    pub(crate) fn drift(&self) -> Result<Option<String>> {
        let present = self.present()?;
        if present == self.text {
            return Ok(None);
        }
        let diff = similar::TextDiff::from_lines(present.as_str(), self.text.as_str());
        let header = (format!("a/{}", self.path), format!("b/{}", self.path));
        Ok(Some(
            diff.unified_diff().header(&header.0, &header.1).to_string(),
        ))
    }

    /// Writes the file if it differs; says whether it did.
    pub(crate) fn write(&self) -> Result<bool> {
        if self.present()? == self.text {
            return Ok(false);
        }
        let target = self.target();
        if let Some(folder) = target.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(&target, &self.text)
            .with_context(|| format!("cannot write {}", self.path))?;
        Ok(true)
    }
}

/// Fails with every difference and the command that removes them.
pub(crate) fn check(files: &[File], command: &str) -> Result<()> {
    let mut drift = String::new();
    for file in files {
        drift.extend(file.drift()?);
    }
    if !drift.is_empty() {
        bail!(
            "{drift}\nwhat is committed is not what the layers of the document give; run `{command}`"
        );
    }
    Ok(())
}

//! From the document to `crates/aerostack-api/src/generated`.
//!
//! The document is complete and written for people and for Prism; progenitor understands only part of it and turns
//! some of the rest into code that decodes brittly. [`normalise()`] bridges the two in memory: it reads the whole
//! document, refuses what it does not know, and yields a smaller document for progenitor plus the facts that become
//! tables. Nothing here looks at anything but the document, so the output depends on it and on Cargo.lock alone.

mod client;
mod enums;
mod facts;
#[cfg(test)]
mod golden;
mod names;
mod normalise;
mod operations;
mod prose;
mod realtime;
pub(crate) mod schema;
mod secrets;

use anyhow::Result;
use serde_json::Value;

use crate::document;
use crate::output::{self, File};

use normalise::{Normalised, normalise};

/// The command that brings the generated code up to date.
const COMMAND: &str = "cargo xtask generate";

const FOLDER: &str = "crates/aerostack-api/src/generated";

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Only compare: print what would change and fail if anything would
    #[arg(long)]
    check: bool,
    /// Say what was left out of the generated client, and why
    #[arg(short, long)]
    verbose: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let normalised = normalise(&document::load()?)?;
    if options.verbose {
        for note in &normalised.notes {
            println!("note: {note}");
        }
    }
    if options.check {
        return compare(&normalised);
    }
    for file in &all(&normalised)? {
        let what = if file.write()? { "wrote" } else { "unchanged" };
        println!("{what:>9} {}", file.path);
    }
    Ok(())
}

/// Fails if the committed code is not what the document comes to.
pub(crate) fn check() -> Result<()> {
    compare(&normalise(&document::load()?)?)
}

/// Fails where the generator would.
pub(crate) fn accepts(document: &Value) -> Result<()> {
    normalise(document).map(drop)
}

fn compare(normalised: &Normalised) -> Result<()> {
    output::check(&all(normalised)?, COMMAND)?;
    println!("the generated code follows {}", document::PATH);
    Ok(())
}

/// Every generated file: those of this document, the frames of realtime with the model for their tests, and the types that hold secrets for a test.
fn all(normalised: &Normalised) -> Result<Vec<File>> {
    let mut files = files(normalised)?;
    files.extend(realtime::files()?);
    files.push(secrets::file(&document::load()?)?);
    Ok(files)
}

/// The files generated from this document.
pub(crate) fn files(normalised: &Normalised) -> Result<Vec<File>> {
    let file = |name: &str, text: String| File {
        path: format!("{FOLDER}/{name}"),
        text,
    };
    Ok(vec![
        file("client.rs", client::render(normalised)?),
        file("open.rs", enums::render(&normalised.enums)),
        file("operations.rs", operations::render(&normalised.operations)?),
    ])
}

/// The first lines of every generated file.
fn header() -> String {
    format!(
        "// Generated from {} by `{COMMAND}`. Do not edit: change the document and run it again.\n\n",
        document::PATH
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_code_follows_the_document() {
        check().unwrap();
    }

    #[test]
    fn the_same_document_gives_the_same_bytes() {
        let document = document::load().unwrap();
        let once = files(&normalise(&document).unwrap()).unwrap();
        let again = files(&normalise(&document).unwrap()).unwrap();
        for (one, other) in once.iter().zip(&again) {
            assert_eq!(one.text, other.text, "{}", one.path);
        }
    }

    #[test]
    fn a_forgotten_run_shows_the_difference_and_the_command() {
        let mut document = document::load().unwrap();
        let property = "/components/schemas/DbQueryResponse/properties/count/type";
        *document.pointer_mut(property).unwrap() = "string".into();
        let error = compare(&normalise(&document).unwrap())
            .unwrap_err()
            .to_string();
        for part in [
            "-        pub count: ::std::option::Option<i64>,",
            "+        pub count: ::std::option::Option<::std::string::String>,",
            "run `cargo xtask generate`",
        ] {
            assert!(error.contains(part), "{error}");
        }
    }
}

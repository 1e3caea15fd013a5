//! From the document to `crates/aerostack-api/src/generated`.
//!
//! The document is complete and written for people and for Prism; progenitor understands only part of it and turns
//! some of the rest into code that decodes brittly. Two steps bridge this in memory: [`lower`] turns whatever OpenAPI
//! allows into one plain form, with a note for what has no counterpart, and [`normalise()`] reads that form strictly and
//! yields a smaller document for progenitor plus the facts that become tables. Nothing here looks at anything but the
//! document, so the output depends on it and on Cargo.lock alone.

mod answers;
#[cfg(test)]
mod compile;
mod emulator;
mod enums;
mod facts;
#[cfg(test)]
mod fuzz;
#[cfg(test)]
mod golden;
mod layout;
mod lower;
mod names;
mod normalise;
mod operations;
mod progenitor;
mod prose;
mod realtime;
mod requests;
pub(crate) mod schema;
mod secrets;
mod types;

use anyhow::{Context, Error, Result};
use serde_json::Value;

use crate::document::{self, Problem, Problems, overlay::Composed};
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
    /// Print what the generated code leaves out, and why
    #[arg(short, long)]
    verbose: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let (files, notes) = outcome(&Composed::read()?)?;
    if options.verbose {
        for note in &notes {
            println!("note: {note}");
        }
    }
    if options.check {
        return compare(&files);
    }
    for file in &files {
        let what = if file.write()? { "wrote" } else { "unchanged" };
        println!("{what:>9} {}", file.path);
    }
    Ok(())
}

/// Fails if a committed file is not what the layers of the document come to.
pub(crate) fn check() -> Result<()> {
    compare(&outcome(&Composed::read()?)?.0)
}

/// Fails where the generator would, with everything it refuses.
pub(crate) fn accepts(composed: &Composed) -> Result<()> {
    accepted(composed).map(drop)
}

/// Everything the generator writes for a document, and what it leaves out.
pub(crate) fn outcome(composed: &Composed) -> Result<(Vec<File>, Vec<String>)> {
    let normalised = accepted(composed)?;
    let files = all(composed, &normalised)?;
    Ok((
        files,
        composed
            .notes
            .iter()
            .chain(&normalised.notes)
            .cloned()
            .collect(),
    ))
}

fn accepted(composed: &Composed) -> Result<Normalised> {
    let located = |error: Error| {
        let mut problems = Problems::default();
        problems.keep::<()>(Err(error));
        problems.locate(&composed.spots)
    };
    let mut normalised = read(&composed.value).map_err(located)?;
    let left_out = Problems(std::mem::take(&mut normalised.left_out)).locate(&composed.spots);
    normalised
        .notes
        .extend(left_out.0.iter().map(ToString::to_string));
    Ok(normalised)
}

/// Lowers and normalises a document. What is said about it names the places where it was written.
fn read(document: &Value) -> Result<Normalised> {
    let lowered = lower::lower(document);
    let written = |problem: Problem| Problem {
        place: lower::origin(&problem.place, &lowered.moved),
        ..problem
    };
    let mut found = Problems::default();
    let normalised = found.keep(normalise(&lowered.value));
    let mut problems = lowered.problems;
    problems.0.extend(found.0.into_iter().map(written));
    problems.finish()?;
    let mut normalised = normalised.context("the document cannot be read")?;
    let left_out = lowered.notes.into_iter();
    normalised.left_out = left_out
        .chain(normalised.left_out.into_iter().map(written))
        .collect();
    Ok(normalised)
}

fn compare(files: &[File]) -> Result<()> {
    output::check(files, COMMAND)?;
    println!(
        "{} and the generated code follow its layers",
        document::PATH
    );
    Ok(())
}

/// Every generated file: the composed document, what is made of it, the emulator's operations, and the frames of
/// realtime with the model for their tests.
fn all(composed: &Composed, normalised: &Normalised) -> Result<Vec<File>> {
    let mut files = vec![File {
        path: document::PATH.to_owned(),
        text: composed.text(),
    }];
    files.extend(self::files(normalised)?);
    files.push(emulator::file(&normalised.operations)?);
    files.extend(realtime::files()?);
    files.push(secrets::file(normalised));
    files.push(answers::file(normalised));
    Ok(files)
}

/// The files generated from this document.
pub(crate) fn files(normalised: &Normalised) -> Result<Vec<File>> {
    let file = |name: &str, text: String| File {
        path: format!("{FOLDER}/{name}"),
        text,
    };
    let output = progenitor::run(normalised)?;
    Ok(vec![
        file("types.rs", types::render(normalised, &output)?),
        file("requests.rs", requests::render(normalised, &output)?),
        file("open.rs", enums::render(&normalised.enums)),
        file("operations.rs", operations::render(&normalised.operations)?),
    ])
}

/// The names of the schemas that have a type.
fn schemas(normalised: &Normalised) -> impl Iterator<Item = &str> {
    let schemas = normalised.openapi["components"]["schemas"].as_object();
    schemas.into_iter().flatten().map(|(name, _)| name.as_str())
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
        let files = || files(&read(&document).unwrap()).unwrap();
        for (one, other) in files().iter().zip(&files()) {
            assert_eq!(one.text, other.text, "{}", one.path);
        }
    }

    #[test]
    fn a_forgotten_run_shows_the_difference_and_the_command() {
        let mut composed = Composed::read().unwrap();
        let property = "/components/schemas/DbQueryResponse/properties/count/type";
        *composed.value.pointer_mut(property).unwrap() = "string".into();
        let files = all(&composed, &accepted(&composed).unwrap()).unwrap();
        let error = compare(&files).unwrap_err().to_string();
        for part in [
            "-        count: { type: integer, minimum: 0, description: Number of rows in `results`. }",
            "-    pub count: Option<i64>,",
            "+    pub count: Option<String>,",
            "run `cargo xtask generate`",
        ] {
            assert!(error.contains(part), "{error}");
        }
    }
}

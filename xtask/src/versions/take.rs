//! `document take`: a newly published document in the place of the old one, all or nothing.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};

use super::diff::{self, Change, Format, Kind};
use crate::document::bundle::bundle;
use crate::document::overlay::{Composed, compose};
use crate::document::{OVERLAY, PUBLISHED, Source, workspace};
use crate::output::File;
use crate::{generate, sh};

/// Where a change of an operation has to be followed by hand: handles, emulator, contract cases.
const FOLLOWERS: &[&str] = &[
    "crates/aerostack/src",
    "crates/aerostack-realtime/src",
    "crates/aerostack-emulator/src",
    "tests/src",
    "tests/tests/emulator",
];

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The document as the platform publishes it: OpenAPI 3.0 or 3.1, YAML or JSON
    file: PathBuf,
    /// Write nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not compile the workspace afterwards
    #[arg(long)]
    no_compile: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let text = std::fs::read_to_string(&options.file)
        .with_context(|| format!("cannot read {}", options.file.display()))?;
    let old =
        Composed::read().context("the committed layers do not compose; put that right first")?;
    let taken = take(&options.file, &text, &Source::read(OVERLAY)?)
        .context("the document cannot be taken, and nothing was written")?;
    let changes = diff::diff(&old.value, &taken.composed.value);
    print!("{}", report(&changes, &taken.notes));
    if options.dry_run {
        println!("\nnothing was written (--dry-run)");
        return Ok(());
    }
    write(&taken.files)?;
    println!(
        "\nwrote {PUBLISHED} and what is generated from it; `git diff` shows it, `git checkout .` undoes it"
    );
    if options.no_compile {
        Ok(())
    } else {
        compile()
    }
}

/// What a document comes to under the overlay, before anything is written.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) composed: Composed,
    pub(crate) notes: Vec<String>,
    pub(crate) files: Vec<File>,
}

/// Composes and generates in memory. Fails with everything that stands in the way.
pub(crate) fn take(path: &Path, text: &str, overlay: &Source) -> Result<Taken> {
    let published = Source::parse(&path.display().to_string(), text)?;
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let composed = compose(bundle(published, folder)?, overlay)?;
    let (mut files, notes) = generate::outcome(&composed)?;
    files.insert(
        0,
        File {
            path: PUBLISHED.to_owned(),
            text: text.to_owned(),
        },
    );
    Ok(Taken {
        composed,
        notes,
        files,
    })
}

/// Writes all files, or none.
fn write(files: &[File]) -> Result<()> {
    let before: Vec<File> = files
        .iter()
        .filter_map(|file| {
            let text = std::fs::read_to_string(workspace().join(&file.path)).ok()?;
            Some(File {
                path: file.path.clone(),
                text,
            })
        })
        .collect();
    for file in files {
        if let Err(error) = file.write() {
            for file in &before {
                file.write()
                    .with_context(|| format!("{error}, and {} could not be put back", file.path))?;
            }
            return Err(error.context("nothing was changed"));
        }
    }
    Ok(())
}

/// What changed, what came of it, and what has to follow.
pub(crate) fn report(changes: &[Change], notes: &[String]) -> String {
    let mut out = diff::render(changes, Format::Text);
    if !notes.is_empty() {
        out.push_str("\nNot in the generated code:\n");
        for note in notes {
            out.push_str(&format!("  {note}\n"));
        }
    }
    let follow = follow(changes);
    if !follow.is_empty() {
        out.push_str("\nTo follow by hand:\n");
        for line in follow {
            out.push_str(&format!("  {line}\n"));
        }
    }
    if !changes.is_empty() {
        out.push_str("\nA draft for CHANGELOG.md:\n\n");
        out.push_str(&diff::render(changes, Format::Changelog));
    }
    out
}

/// The next step for each operation that changed: what is broken first, then what could use something new.
fn follow(changes: &[Change]) -> Vec<String> {
    let of = |wanted: &dyn Fn(&Change) -> bool| -> BTreeSet<&String> {
        changes
            .iter()
            .filter(|change| wanted(change))
            .flat_map(|change| &change.operations)
            .collect()
    };
    let whole =
        |kind: Kind| of(&|change| change.kind == kind && change.rule.starts_with("operation-"));
    let (new, gone) = (whole(Kind::New), whole(Kind::Gone));
    let ending =
        of(&|change| change.rule == "now-deprecated" && change.operations.contains(&change.place));
    let broken = of(&Change::breaks);
    let mut steps: Vec<(u8, &String, String)> = Vec::new();
    for id in of(&|_| true) {
        let (rank, verb) = match id {
            id if new.contains(id) => {
                steps.push((
                    1,
                    id,
                    format!("has no handle yet; run `cargo xtask new-operation {id}`"),
                ));
                continue;
            }
            id if gone.contains(id) => (0, "must go from"),
            id if broken.contains(id) => (0, "may need a change in"),
            id if ending.contains(id) => (1, "is deprecated, so deprecate its method in"),
            _ => (2, "could use what is new in"),
        };
        let files: Vec<String> = FOLLOWERS
            .iter()
            .flat_map(|folder| mentions(&workspace().join(folder), id))
            .collect();
        if !files.is_empty() {
            steps.push((rank, id, format!("{verb} {}", files.join(", "))));
        }
    }
    steps.sort();
    steps
        .into_iter()
        .map(|(_, id, step)| format!("`{id}` {step}"))
        .collect()
}

/// The hand-written files below a folder that name an operation.
fn mentions(folder: &Path, id: &str) -> Vec<String> {
    let names = [
        id.to_owned(),
        id.to_snake_case(),
        id.to_pascal_case(),
        id.to_shouty_snake_case(),
    ];
    let mut found = Vec::new();
    let mut todo = vec![folder.to_path_buf()];
    while let Some(folder) = todo.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                if !["node_modules", "target", "generated"]
                    .iter()
                    .any(|name| path.ends_with(name))
                {
                    todo.push(path);
                }
            } else if path.extension().is_some_and(|end| end == "rs")
                && std::fs::read_to_string(&path).is_ok_and(|text| {
                    text.split(|c: char| !c.is_alphanumeric() && c != '_')
                        .any(|word| names.iter().any(|name| word == name))
                })
            {
                let path = path.strip_prefix(workspace()).unwrap_or(&path);
                found.push(path.display().to_string());
            }
        }
    }
    found.sort();
    found
}

fn compile() -> Result<()> {
    println!("compiling the workspace");
    let mut check = sh::cargo(&[
        "check",
        "--workspace",
        "--all-targets",
        "--quiet",
        "--message-format=short",
    ]);
    let output = check.output().context("cannot start cargo")?;
    if output.status.success() {
        println!("the workspace compiles");
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let errors: BTreeSet<&str> = text
        .lines()
        .filter(|line| line.contains(": error"))
        .collect();
    let errors: Vec<&str> = errors.into_iter().collect();
    bail!(
        "the document is in place, but code written by hand does not fit it yet:\n{}",
        errors.join("\n")
    )
}

//! `coverage`: one row an operation, from the document, the recorded contract tests and the docs of the handles.

mod samples;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::coverage::samples::Samples;
use crate::document;
use crate::lint::model::{Model, Operation};
use crate::output::File;
use crate::sh;

const TABLE: &str = "tests/COVERAGE.md";
/// The SDK against the document, and the local platform against the document.
const RUNS: [&str; 2] = ["mock", "emulator"];
const RECORD: &str = "cargo xtask test";

#[derive(Debug, Default, clap::Args)]
pub(crate) struct Options {
    /// Write nothing; fail when tests/COVERAGE.md is not what the last run gives
    #[arg(long)]
    pub(crate) check: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let document = document::load()?;
    let model = Model::read(&document)?;
    let recorded = Recorded {
        mock: Recording::load(RUNS[0])?,
        emulator: Recording::load(RUNS[1])?,
    };
    let samples = Samples::of_the_crates()?;
    let rows = rows(&model, &recorded, &samples)?;
    for row in &rows {
        println!("{}", row.line());
    }
    for row in rows.iter().filter(|row| row.is_new) {
        println!(
            "warning: {0} has no handle yet; run `cargo xtask new-operation {0}`",
            row.operation
        );
    }
    let holes: Vec<String> = rows.iter().flat_map(|row| row.holes.clone()).collect();
    if !holes.is_empty() {
        bail!("{} holes\n{}", holes.len(), holes.join("\n"));
    }
    let file = File {
        path: TABLE.to_owned(),
        text: page(&rows),
    };
    match file.drift()? {
        None => {}
        Some(drift) if options.check => {
            bail!("{drift}\n{TABLE} is out of date; run `cargo xtask coverage`")
        }
        Some(_) => {
            file.write()?;
            println!("wrote {TABLE}");
        }
    }
    println!("{} operations, no hole", rows.len());
    Ok(())
}

/// Takes the recordings of an earlier run away, so that they cannot stand for this one's.
pub(crate) fn forget() {
    for run in RUNS {
        // What is not there needs no removal; what cannot be removed is written again.
        let _ = std::fs::remove_file(recording(run));
    }
}

/// Where the contract tests leave what they saw.
fn recording(run: &str) -> PathBuf {
    sh::target().join("contract").join(format!("{run}.json"))
}

/// What the contract tests saw.
#[derive(Debug)]
struct Recorded {
    /// The SDK against the document.
    mock: Recording,
    /// The local platform against the document.
    emulator: Recording,
}

/// One run.
#[derive(Debug, Default, Deserialize)]
struct Recording {
    operations: BTreeMap<String, Seen>,
}

/// What a run saw of one operation.
#[derive(Debug, Default, Deserialize)]
struct Seen {
    #[serde(default)]
    handles: BTreeSet<String>,
    #[serde(default)]
    statuses: BTreeSet<u16>,
    #[serde(default)]
    direct: BTreeSet<u16>,
}

impl Recording {
    fn load(name: &str) -> Result<Self> {
        let path = recording(name);
        let bytes = std::fs::read(&path).with_context(|| {
            format!(
                "there is no recorded run at {}; run `{RECORD}`",
                path.display()
            )
        })?;
        serde_json::from_slice(&bytes).with_context(|| {
            format!(
                "{} is no recorded run; delete it and run `{RECORD}`",
                path.display()
            )
        })
    }
}

/// A row of the table.
#[derive(Debug, Default)]
struct Row {
    service: String,
    operation: String,
    confidence: String,
    handles: Vec<String>,
    /// Exercised and declared statuses.
    cases: (usize, usize),
    /// What the local platform answered through Prism.
    proxied: BTreeSet<u16>,
    /// What it answered with nothing between.
    direct: BTreeSet<u16>,
    samples: BTreeSet<String>,
    /// What is missing, and what to do about it.
    holes: Vec<String>,
    /// Whether the SDK has no method for it yet, as for an operation that is new in the document.
    is_new: bool,
}

fn rows(model: &Model<'_>, recorded: &Recorded, samples: &Samples) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for operation in &model.operations {
        rows.push(row(operation, recorded, samples)?);
    }
    rows.sort_by(|a, b| (&a.service, &a.operation).cmp(&(&b.service, &b.operation)));
    let known: BTreeSet<_> = rows.iter().map(|row| row.operation.clone()).collect();
    let recordings = [&recorded.mock, &recorded.emulator];
    for stray in recordings.iter().flat_map(|it| it.operations.keys()) {
        if !known.contains(stray) {
            bail!("the recorded run knows {stray}, the document does not; run `{RECORD}`");
        }
    }
    Ok(rows)
}

fn row(operation: &Operation<'_>, recorded: &Recorded, samples: &Samples) -> Result<Row> {
    let nothing = Seen::default();
    let mock = recorded
        .mock
        .operations
        .get(operation.id)
        .unwrap_or(&nothing);
    let emulator = recorded
        .emulator
        .operations
        .get(operation.id)
        .unwrap_or(&nothing);
    let declared = operation
        .responses
        .iter()
        // A range of statuses is none that a case could get.
        .filter_map(|response| response.status.parse().ok())
        .collect::<BTreeSet<u16>>();
    // The generated client's calls are recorded beside those of the handles.
    let handles: Vec<String> = mock
        .handles
        .iter()
        .filter(|handle| handle.contains("()."))
        .cloned()
        .collect();
    let id = operation.id;
    let mut holes = Vec::new();
    let is_new = handles.is_empty();
    let unexercised: Vec<_> = declared.difference(&mock.statuses).collect();
    if !unexercised.is_empty() && !is_new {
        holes.push(format!(
            "{id}: no contract case got {unexercised:?}; look at tests/src/cases.rs and run `{RECORD}`"
        ));
    }
    let through: Vec<&BTreeSet<u16>> = if json(operation) {
        vec![&emulator.statuses]
    } else {
        vec![&emulator.statuses, &emulator.direct]
    };
    if !is_new && !through.into_iter().flatten().any(|status| *status < 300) {
        holes.push(format!(
            "{id}: the local platform never succeeded through Prism; play it in tests/tests/emulator/flows and run \
             `{RECORD}`"
        ));
    }
    let mut found = BTreeSet::new();
    for handle in &handles {
        match samples.of(handle) {
            Some(place) => drop(found.insert(place.to_owned())),
            None => holes.push(format!(
                "{id}: no sample in the docs calls `{handle}`; write one at the handle and run `cargo xtask coverage`"
            )),
        }
    }
    Ok(Row {
        service: operation
            .node
            .list("tags")?
            .first()
            .and_then(serde_json::Value::as_str)
            .unwrap_or_default()
            .to_owned(),
        operation: id.to_owned(),
        confidence: operation.node.text("x-confidence")?.to_owned(),
        handles,
        cases: (
            declared.intersection(&mock.statuses).count(),
            declared.len(),
        ),
        proxied: emulator.statuses.clone(),
        direct: emulator
            .direct
            .difference(&emulator.statuses)
            .copied()
            .collect(),
        samples: found,
        holes,
        is_new,
    })
}

/// Whether Prism passes the bodies of an operation on as they are. It spoils files.
fn json(operation: &Operation<'_>) -> bool {
    let mut answers = operation
        .responses
        .iter()
        .filter(|response| response.is_success())
        .flat_map(|response| &response.content);
    let spoiled = ["multipart/form-data", "application/octet-stream"];
    !operation
        .request
        .iter()
        .any(|media| spoiled.contains(&media.name))
        && !answers.any(|media| spoiled.contains(&media.name))
}

impl Row {
    /// The row for the terminal.
    fn line(&self) -> String {
        format!(
            "{:<32} {:>2}/{:<2}  {:<28} {:<9} {}",
            self.operation,
            self.cases.0,
            self.cases.1,
            self.answers(),
            self.confidence,
            self.handles.join(", "),
        )
    }

    /// What the local platform answered. A status in brackets did not go through Prism.
    fn answers(&self) -> String {
        let proxied = self.proxied.iter().map(u16::to_string);
        let direct = self.direct.iter().map(|status| format!("({status})"));
        let mut answers: Vec<_> = proxied.chain(direct).collect();
        answers.sort_by(|a, b| a.trim_start_matches('(').cmp(b.trim_start_matches('(')));
        answers.join(" ")
    }
}

/// The table as it is committed.
fn page(rows: &[Row]) -> String {
    let code = |names: &mut dyn Iterator<Item = &String>| {
        let names: Vec<_> = names.map(|name| format!("`{name}`")).collect();
        names.join(", ")
    };
    let mut page = String::from(
        "# Coverage\n\n\
         Written by `cargo xtask coverage` from `openapi/aerostack.yaml`, the recorded runs of the contract tests and \
         the\ndocs of the handles. `cargo xtask test` fails where a row has a hole or this file is not what the runs \
         gave.\n\n\
         - **Cases**: statuses that the SDK was answered with by Prism, of those that the document declares.\n\
         - **Local platform**: statuses that `aerostack-emulator` answered with through Prism, which checks both \
         directions. In\n  brackets what went past Prism: bodies it would spoil, and servers with narrow limits.\n\
         - **Sample**: where the docs of the crates show the call.\n\
         - **Confidence**: what the operation rests on, as the document says.\n\n\
         | Service | Operation | Handle | Cases | Local platform | Sample | Confidence |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for row in rows {
        page.push_str(&format!(
            "| {} | `{}` | {} | {} of {} | {} | {} | {} |\n",
            row.service,
            row.operation,
            match row.is_new {
                true => "no handle yet".to_owned(),
                false => code(&mut row.handles.iter()),
            },
            row.cases.0,
            row.cases.1,
            row.answers(),
            code(&mut row.samples.iter()),
            row.confidence,
        ));
    }
    let statuses: usize = rows.iter().map(|row| row.cases.0).sum();
    let handles: usize = rows.iter().map(|row| row.handles.len()).sum();
    page.push_str(&format!(
        "\n{} operations, {handles} calls of the handles, {statuses} statuses.\n",
        rows.len()
    ));
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    /// The rows of the fixture's document after a change to what was recorded of its first operation.
    fn changed(change: impl FnOnce(&mut Seen, &mut Seen, &mut Samples)) -> Vec<Row> {
        let document = fixture::library();
        let model = Model::read(&document).unwrap();
        let mut samples = Samples::default();
        let (mut mock, mut emulator) = (Recording::default(), Recording::default());
        for operation in &model.operations {
            let handle = format!("library().{}", operation.id);
            samples.read(
                &format!(
                    "/// ```\n/// library().{}();\n/// ```\nfn sample() {{}}",
                    operation.id
                ),
                "lib",
            );
            let declared: BTreeSet<u16> = operation
                .responses
                .iter()
                .map(|response| response.status.parse().unwrap())
                .collect();
            let seen = || Seen {
                handles: BTreeSet::from([handle.clone(), "generated_call".to_owned()]),
                statuses: declared.clone(),
                direct: BTreeSet::new(),
            };
            mock.operations.insert(operation.id.to_owned(), seen());
            emulator.operations.insert(operation.id.to_owned(), seen());
        }
        let first = model.operations[0].id;
        change(
            mock.operations.get_mut(first).unwrap(),
            emulator.operations.get_mut(first).unwrap(),
            &mut samples,
        );
        rows(&model, &Recorded { mock, emulator }, &samples).unwrap()
    }

    fn holes(rows: &[Row]) -> Vec<&String> {
        rows.iter().flat_map(|row| &row.holes).collect()
    }

    #[test]
    fn a_full_recording_has_no_hole() {
        let rows = changed(|_, _, _| {});
        assert_eq!(holes(&rows), [""; 0]);
        assert!(rows.len() > 1);
        let page = page(&rows);
        for row in &rows {
            assert!(page.contains(&format!("`{}`", row.operation)), "{page}");
        }
        assert!(!page.contains("generated_call"), "{page}");
    }

    #[test]
    fn every_kind_of_hole_is_named_with_what_to_run() {
        type Change = fn(&mut Seen, &mut Seen, &mut Samples);
        let table: [(&str, Change); 3] = [
            ("no contract case got [", |mock, _, _| {
                mock.statuses.pop_first();
            }),
            ("never succeeded through Prism", |_, emulator, _| {
                emulator.statuses.retain(|status| *status >= 300);
            }),
            ("no sample in the docs calls `", |mock, _, _| {
                mock.handles.insert("library().unseen".to_owned());
            }),
        ];
        for (says, change) in table {
            let rows = changed(change);
            let holes = holes(&rows);
            assert_eq!(holes.len(), 1, "{says}: {holes:?}");
            assert!(
                holes[0].contains(says) && holes[0].contains("cargo xtask"),
                "{holes:?}"
            );
        }
    }

    #[test]
    fn an_operation_without_a_handle_is_new_and_no_hole() {
        let rows = changed(|mock, emulator, _| {
            *mock = Seen::default();
            *emulator = Seen::default();
        });
        assert_eq!(holes(&rows), [""; 0]);
        assert!(page(&rows).contains("| no handle yet |"));
    }

    #[test]
    fn an_answer_that_went_past_prism_is_no_proof_for_json() {
        let rows = changed(|_, emulator, _| {
            emulator.direct = std::mem::take(&mut emulator.statuses);
        });
        assert_eq!(holes(&rows).len(), 1);
    }

    #[test]
    fn an_operation_that_the_document_lost_is_told() {
        let document = fixture::library();
        let model = Model::read(&document).unwrap();
        let mut mock = Recording::default();
        mock.operations.insert("gone".to_owned(), Seen::default());
        let recorded = Recorded {
            mock,
            emulator: Recording::default(),
        };
        let error = rows(&model, &recorded, &Samples::default()).unwrap_err();
        assert!(error.to_string().contains("gone"), "{error}");
    }
}

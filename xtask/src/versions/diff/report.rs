//! The changes in words, Markdown, JSON, and as a draft for the changelog.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Change, Kind};

/// How to write the changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For the terminal
    #[default]
    Text,
    /// For a comment on a pull request
    Markdown,
    /// For programs
    Json,
    /// A draft for CHANGELOG.md
    Changelog,
}

/// Writes the changes.
pub(crate) fn render(changes: &[Change], format: Format) -> String {
    match format {
        Format::Text => text(changes),
        Format::Markdown => markdown(changes),
        Format::Json => format!("{:#}\n", Value::from_iter(changes.iter().map(json))),
        Format::Changelog => changelog(changes),
    }
}

/// What a change breaks, for people.
fn breaks(change: &Change) -> &'static str {
    match (change.wire, change.sdk) {
        (true, true) => "wire and SDK",
        (true, false) => "wire",
        (false, true) => "SDK",
        (false, false) => "nothing",
    }
}

fn summary(changes: &[Change]) -> String {
    let count = |of: fn(&Change) -> bool| changes.iter().filter(|change| of(change)).count();
    match changes.len() {
        0 => "no change that a client could see".to_owned(),
        all => format!(
            "{all} changes: {} break the wire, {} break the SDK, {} break nothing",
            count(|change| change.wire),
            count(|change| change.sdk),
            count(|change| !change.breaks()),
        ),
    }
}

fn text(changes: &[Change]) -> String {
    let mut out = String::new();
    for change in changes {
        let _ = writeln!(
            out,
            "{:<12}  {} [{}]",
            breaks(change),
            change.sentence(),
            change.rule
        );
    }
    out + &summary(changes) + "\n"
}

fn markdown(changes: &[Change]) -> String {
    let mut out = format!("### Changes of the API document\n\n{}.\n", summary(changes));
    for (title, breaking) in [("Breaking", true), ("Not breaking", false)] {
        let of: Vec<&Change> = changes
            .iter()
            .filter(|change| change.breaks() == breaking)
            .collect();
        if of.is_empty() {
            continue;
        }
        let _ = write!(
            out,
            "\n#### {title}\n\n| Breaks | Change | Rule |\n|---|---|---|\n"
        );
        for change in of {
            let _ = writeln!(
                out,
                "| {} | {} | `{}` |",
                breaks(change),
                change.sentence().replace('|', "\\|"),
                change.rule
            );
        }
    }
    out
}

fn json(change: &Change) -> Value {
    json!({
        "rule": change.rule,
        "kind": format!("{:?}", change.kind).to_lowercase(),
        "place": change.place,
        "message": change.message,
        "operations": change.operations,
        "breaks": { "wire": change.wire, "sdk": change.sdk },
    })
}

fn changelog(changes: &[Change]) -> String {
    let mut out = String::new();
    for (title, kind) in [
        ("Added", Kind::New),
        ("Changed", Kind::Changed),
        ("Deprecated", Kind::Deprecated),
        ("Removed", Kind::Gone),
    ] {
        let of: Vec<&Change> = changes
            .iter()
            .filter(|change| change.kind == kind)
            .collect();
        if of.is_empty() {
            continue;
        }
        let _ = write!(
            out,
            "{}### {title}\n\n",
            if out.is_empty() { "" } else { "\n" }
        );
        for change in of {
            let mark = if change.breaks() {
                "**Breaking:** "
            } else {
                ""
            };
            let _ = writeln!(out, "- {mark}{}.", change.sentence());
        }
    }
    out
}

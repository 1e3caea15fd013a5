//! Rules about the text of single files.

use std::collections::BTreeSet;

use super::Problem;
use super::rules::{GENERATED, LINES, LONG_FILES, SEPARATE_IMPORTS};

/// The broken rules of one file; `path` from the workspace root.
pub(super) fn check(path: &str, text: &str) -> Vec<Problem> {
    let mut problems = machine_paths(path, text);
    if path.ends_with(".rs") && !generated(text) {
        problems.extend(length(path, text));
        problems.extend(banners(path, text));
        problems.extend(included_modules(path, text));
        problems.extend(module_file(path));
        if !SEPARATE_IMPORTS
            .iter()
            .any(|folder| path.starts_with(folder))
        {
            problems.extend(imports(path, text));
        }
    }
    problems
}

/// Exceptions for files that are not there.
pub(super) fn stale(tracked: &[String]) -> Vec<Problem> {
    LONG_FILES
        .iter()
        .filter(|(path, _)| !tracked.iter().any(|file| file == path))
        .map(|(path, _)| Problem::new(*path, 0, "is listed as a long file, but not there"))
        .collect()
}

fn generated(text: &str) -> bool {
    text.starts_with(GENERATED)
}

fn length(path: &str, text: &str) -> Option<Problem> {
    let lines = text.lines().count();
    let reason = LONG_FILES.iter().find(|(file, _)| *file == path);
    match (lines > LINES, reason) {
        (true, None | Some((_, ""))) => Some(Problem::new(
            path,
            0,
            format!("has {lines} lines; split it, or list it with a reason (limit {LINES})"),
        )),
        (false, Some(_)) => Some(Problem::new(
            path,
            0,
            format!("has {lines} lines and needs no exception any more"),
        )),
        _ => None,
    }
}

/// Paths that exist on one machine alone.
fn machine_paths(path: &str, text: &str) -> Vec<Problem> {
    // Put together, so that this file may be checked as well.
    let homes = ["home", "root", "Users", "work"].map(|home| format!("/{home}/"));
    let mut problems = Vec::new();
    for (line, text) in text.lines().enumerate() {
        for home in &homes {
            let starts = text.match_indices(home.as_str()).any(|(at, _)| {
                let before = text[..at].chars().next_back();
                before.is_none_or(|c| c.is_whitespace() || "\"'`(=:<".contains(c))
            });
            if starts {
                let text = format!("holds a path below {home}, which is of one machine");
                problems.push(Problem::new(path, line + 1, text));
            }
        }
    }
    problems
}

/// Comments that only draw a line.
fn banners(path: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (line, text) in text.lines().enumerate() {
        let Some(comment) = text.trim_start().strip_prefix("//") else {
            continue;
        };
        let drawn = ["----", "====", "****", "####", "////", "~~~~"];
        let bare = comment.trim_start_matches(['/', '!']).trim_start();
        // A table in the docs has bars, and a code block its own text.
        if drawn.iter().any(|drawn| bare.starts_with(drawn)) {
            problems.push(Problem::new(path, line + 1, "draws a line with a comment"));
        }
    }
    problems
}

fn included_modules(path: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (line, text) in text.lines().enumerate() {
        if text.trim_start().starts_with("#[path") {
            problems.push(Problem::new(
                path,
                line + 1,
                "includes a module by `#[path]`; share code through crates/aerostack-test-support",
            ));
        }
    }
    problems
}

/// `name.rs` beside `name/`, not `name/mod.rs`. Where cargo would take `name.rs` for a target, it is `name/mod.rs`.
fn module_file(path: &str) -> Option<Problem> {
    let stem = path.strip_suffix("/mod.rs")?;
    let (folder, name) = stem.rsplit_once('/')?;
    let target = folder.ends_with("/tests") || folder.ends_with("/benches");
    (!target).then(|| Problem::new(path, 0, format!("is to be {folder}/{name}.rs")))
}

/// One `use` for each crate (and for `crate`, `super` and `self`), with braces.
fn imports(path: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut seen: BTreeSet<(usize, &str, &str)> = BTreeSet::new();
    let mut attribute = false;
    for (line, text) in text.lines().enumerate() {
        let indent = text.len() - text.trim_start().len();
        let text = text.trim_start();
        if let Some(at) = text.find("use ").filter(|at| visibility(&text[..*at])) {
            let rest = &text[at + "use ".len()..];
            let root = rest.split([':', ';', ' ', '{']).next().unwrap_or_default();
            // What holds under a condition alone cannot share braces.
            let is_path = rest.starts_with(&format!("{root}::"));
            if is_path && !attribute && !seen.insert((indent, &text[..at], root)) {
                let text = format!("a second `use {root}::`; put it into the first one's braces");
                problems.push(Problem::new(path, line + 1, text));
            }
        } else if text.starts_with("mod ")
            || text.starts_with("fn ")
            || text.contains(" fn ")
            || text.contains(" mod ")
        {
            seen.retain(|(of, _, _)| *of < indent.max(1));
        }
        attribute = text.starts_with("#[");
    }
    problems
}

fn visibility(text: &str) -> bool {
    text.is_empty() || (text.starts_with("pub") && !text.contains("fn ") && text.len() < 20)
}

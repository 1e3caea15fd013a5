//! `new-operation`: the skeletons for an operation that has no method yet, each where it belongs.
//!
//! A skeleton compiles, but it holds a mark that `cargo xtask lint` fails on until it is finished.

mod skeleton;
#[cfg(test)]
mod tests;

use std::path::Path;

use anyhow::{Context, Result, bail};
use heck::{ToPascalCase, ToShoutySnakeCase, ToSnakeCase};
use serde_json::Value;

use crate::document::{self, workspace};
use crate::lint::model::Model;
use crate::output::File;
use skeleton::Skeleton;

/// What an unfinished skeleton says, with the operation behind it.
pub(crate) const MARK: &str = "UNFINISHED";

const HANDLES: &str = "crates/aerostack/src";
const SERVICES: &str = "crates/aerostack-emulator/src/services";
const CASES: &str = "tests/src/cases.rs";
const REQUESTS: &str = "crates/aerostack-api/src/generated/requests.rs";
const TYPES: &str = "crates/aerostack-api/src/generated/types.rs";

#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// The operation's id in the document
    id: String,
    /// Print what would be written where, and write nothing
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(options: &Options) -> Result<()> {
    let document = document::load()?;
    let plan = plan(&document, &options.id, &|path| {
        std::fs::read_to_string(workspace().join(path))
            .with_context(|| format!("cannot read {path}"))
    })?;
    for file in &plan.files {
        if options.dry_run {
            print!("{}", file.drift()?.unwrap_or_default());
        } else {
            file.write()?;
            println!("wrote {}", file.path);
        }
    }
    for step in &plan.steps {
        println!("next: {step}");
    }
    Ok(())
}

/// The files that change, and what is left to do.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) files: Vec<File>,
    pub(crate) steps: Vec<String>,
}

/// Finds the places of an operation by those of its service's other operations, and fills them.
pub(crate) fn plan(
    document: &Value,
    id: &str,
    read: &dyn Fn(&str) -> Result<String>,
) -> Result<Plan> {
    let model = Model::read(document)?;
    let find = |id: &str| model.operations.iter().find(|operation| operation.id == id);
    let Some(operation) = find(id) else {
        let ids: Vec<&str> = model
            .operations
            .iter()
            .map(|operation| operation.id)
            .collect();
        let close = similar::get_close_matches(id, &ids, 1, 0.5);
        let hint = close
            .first()
            .map(|close| format!(", but `{close}`"))
            .unwrap_or_default();
        bail!(
            "the document has no operation `{id}`{hint}; `cargo xtask coverage` lists those without a handle"
        );
    };
    let tag = |node: &document::Node<'_>| {
        node.get("tags")
            .and_then(|tags| tags[0].as_str().map(str::to_owned))
    };
    let service = tag(&operation.node).unwrap_or_else(|| "Other".to_owned());
    let siblings: Vec<&str> = model
        .operations
        .iter()
        .filter(|other| other.id != id && tag(&other.node).as_deref() == Some(&service))
        .map(|other| other.id)
        .collect();
    let skeleton = Skeleton::new(&model, operation, &service, &read(REQUESTS)?, &read(TYPES)?)?;
    let mut plan = Plan {
        files: Vec::new(),
        steps: Vec::new(),
    };

    let request = |id: &str| format!("requests::{}", id.to_pascal_case());
    match place(HANDLES, &siblings, &request) {
        Some(path) => {
            let text = read(&path)?;
            if text.contains(&format!("requests::{}::", id.to_pascal_case())) {
                bail!(
                    "{path} sends `{id}` already; finish that, or look at `cargo xtask coverage`"
                );
            }
            let handle = handle(&text).with_context(|| {
                format!("{path} has no handle with a client; write the method by hand")
            })?;
            let text = format!("{}\n{}", text.trim_end(), skeleton.method(&handle));
            plan.steps.push(format!(
                "finish `{}` in {path}: types that its users want, errors, docs",
                skeleton.name
            ));
            plan.files.push(File { path, text });
        }
        None => {
            let path = format!("{HANDLES}/{}.rs", service.to_snake_case());
            plan.steps.push(format!(
                "declare `{}` in {HANDLES}/lib.rs and give `Client` a method that returns its handle",
                service.to_snake_case()
            ));
            plan.files.push(File {
                path,
                text: skeleton.service(),
            });
        }
    }

    let row = |id: &str| id.to_shouty_snake_case();
    match place(SERVICES, &siblings, &row) {
        Some(path) => match skeleton.handler(&read(&path)?) {
            Some(text) => {
                plan.steps.push(format!("answer it in {path} as the platform does"));
                plan.files.push(File { path, text });
            }
            None => plan.steps.push(format!("add a route and a handler to {path}, whose routes are laid out in a way of their own")),
        },
        None => plan.steps.push(format!("write the service {service} in {SERVICES}, with a route for {}", row(id))),
    }

    let cases = read(CASES)?;
    plan.files.push(File {
        path: CASES.to_owned(),
        text: skeleton.case(&cases, &siblings)?,
    });
    plan.steps.push(format!(
        "let the row of {CASES} show something of the document's example"
    ));
    plan.steps
        .push("play it in tests/tests/emulator/flows, then run `cargo xtask test`".to_owned());
    Ok(plan)
}

/// The file below a folder that names most of the operations, by what they are called there.
fn place(folder: &str, siblings: &[&str], name: &dyn Fn(&str) -> String) -> Option<String> {
    let names: Vec<String> = siblings.iter().map(|id| name(id)).collect();
    let mut best: Option<(usize, String)> = None;
    let mut todo = vec![workspace().join(folder)];
    while let Some(folder) = todo.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                todo.push(path);
                continue;
            }
            let Ok(text) = std::fs::read_to_string(&path) else {
                continue;
            };
            let hits = names.iter().filter(|name| text.contains(&***name)).count();
            let path = relative(&path);
            let better = best
                .as_ref()
                .is_none_or(|(most, other)| (hits, other.as_str()) > (*most, path.as_str()));
            if hits > 0 && better {
                best = Some((hits, path));
            }
        }
    }
    best.map(|(_, path)| path)
}

fn relative(path: &Path) -> String {
    path.strip_prefix(workspace())
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}

/// The first type of a file that holds a client.
fn handle(text: &str) -> Option<String> {
    let file = syn::parse_file(text).ok()?;
    file.items.iter().find_map(|item| match item {
        syn::Item::Struct(item) => {
            let mut fields = item.fields.iter();
            let holds =
                fields.any(|field| field.ident.as_ref().is_some_and(|name| name == "client"));
            holds.then(|| item.ident.to_string())
        }
        _ => None,
    })
}

/// Every file with an unfinished skeleton, and the line that says so.
pub(crate) fn unfinished() -> Vec<String> {
    let mut found = Vec::new();
    let mut todo = vec![workspace().join("crates"), workspace().join("tests")];
    while let Some(folder) = todo.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                if !path.ends_with("node_modules") && !path.ends_with("target") {
                    todo.push(path);
                }
            } else if path.extension().is_some_and(|end| end == "rs")
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                let lines = text
                    .lines()
                    .enumerate()
                    .filter(|(_, line)| line.contains(&format!("// {MARK} ")));
                found.extend(lines.map(|(index, line)| {
                    format!("{}:{}: {}", relative(&path), index + 1, line.trim())
                }));
            }
        }
    }
    found.sort();
    found
}

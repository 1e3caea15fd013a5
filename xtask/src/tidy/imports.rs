//! Directions of imports: between crates, between the rooms of a crate, and circles of modules.

use std::collections::{BTreeMap, BTreeSet};

use super::Problem;
use super::modules::{Edge, Tree};
use super::rules::{CRATES, Crate};

/// What a crate's manifest names that the crate may not need.
pub(super) fn manifest(rules: &Crate, manifest: &str) -> Vec<Problem> {
    let mut section = "";
    let mut problems = Vec::new();
    for (line, text) in manifest.lines().enumerate() {
        if text.starts_with('[') {
            section = text.trim();
        }
        let name = text.split(['.', ' ', '=']).next().unwrap_or_default();
        let ours = CRATES.iter().any(|other| other.name == name);
        if section == "[dependencies]" && ours && !rules.needs.contains(&name) {
            problems.push(Problem::new(
                format!("{}/Cargo.toml", rules.folder),
                line + 1,
                format!(
                    "{} depends on {name}; it may depend on {:?}",
                    rules.name, rules.needs
                ),
            ));
        }
    }
    problems
}

/// The broken rules of one crate.
pub(super) fn check(rules: &Crate, tree: &Tree) -> Vec<Problem> {
    let edges = tree.edges();
    let mut problems = Vec::new();
    if !rules.layers.is_empty() {
        problems.extend(homeless(rules, tree));
        problems.extend(directions(rules, &edges));
    }
    problems.extend(circles(rules, &edges));
    problems
}

/// Modules that no room holds, and rooms that no module is in.
fn homeless(rules: &Crate, tree: &Tree) -> Vec<Problem> {
    let modules: Vec<(String, &str)> = tree.paths().filter(|(path, _)| !path.is_empty()).collect();
    let mut problems: Vec<Problem> = modules
        .iter()
        .filter(|(path, _)| room(rules, path).is_none())
        .map(|(path, file)| {
            Problem::new(
                *file,
                0,
                format!("`{path}` stands in no room of {}", rules.name),
            )
        })
        .collect();
    for room in rules.layers.iter().flat_map(|layer| layer.rooms) {
        if !modules.iter().any(|(path, _)| is_in(path, room)) {
            let text = format!("{} has no module `{room}`; remove the room", rules.name);
            problems.push(Problem::new(rules.folder, 0, text));
        }
    }
    problems
}

fn directions(rules: &Crate, edges: &BTreeSet<Edge>) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    for edge in edges {
        let Some(broken) = broken(rules, edge) else {
            continue;
        };
        let exception = rules
            .exceptions
            .iter()
            .position(|one| is_in(&edge.from, one.from) && is_in(&edge.to, one.to));
        match exception {
            Some(index) => {
                used.insert(index);
            }
            None => problems.push(Problem::new(
                &edge.file,
                edge.line,
                format!("`{}` imports `{}`: {broken}", edge.from, edge.import),
            )),
        }
    }
    for (index, exception) in rules.exceptions.iter().enumerate() {
        if exception.reason.is_empty() || !used.contains(&index) {
            let (from, to) = (exception.from, exception.to);
            let text = format!(
                "the exception `{from}` -> `{to}` is not needed any more or gives no reason"
            );
            problems.push(Problem::new(rules.folder, 0, text));
        }
    }
    problems
}

/// The rule an import breaks.
fn broken(rules: &Crate, edge: &Edge) -> Option<String> {
    let (from_layer, from_room) = room(rules, &edge.from)?;
    // What the root itself defines belongs to the top.
    let (to_layer, to_room) = room(rules, &edge.to).unwrap_or((0, ""));
    let (from, to) = (&rules.layers[from_layer], &rules.layers[to_layer]);
    if from_room == to_room || from_layer < to_layer {
        return None;
    }
    if from_layer > to_layer {
        return Some(format!(
            "the layer `{}` is above the layer `{}`, and imports go down only",
            to.name, from.name
        ));
    }
    from.apart.then(|| {
        format!(
            "`{from_room}` and `{to_room}` are rooms of the layer `{}`, which do not import each other",
            from.name
        )
    })
}

/// The layer and the room of a module: the longest prefix that is listed.
fn room(rules: &Crate, module: &str) -> Option<(usize, &'static str)> {
    let layers = rules.layers.iter().enumerate();
    layers
        .flat_map(|(index, layer)| layer.rooms.iter().map(move |room| (index, *room)))
        .filter(|(_, room)| is_in(module, room))
        .max_by_key(|(_, room)| room.len())
}

/// Whether a module is the room or a part of it.
fn is_in(module: &str, room: &str) -> bool {
    module
        .strip_prefix(room)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// Modules that need each other, the long way round included.
fn circles(rules: &Crate, edges: &BTreeSet<Edge>) -> Vec<Problem> {
    let mut needs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for edge in edges.iter().filter(|edge| !edge.to.is_empty()) {
        needs.entry(&edge.from).or_default().insert(&edge.to);
    }
    let reach: BTreeMap<&str, BTreeSet<&str>> = needs
        .keys()
        .map(|module| (*module, reachable(&needs, module)))
        .collect();
    let mut problems = Vec::new();
    let mut used = BTreeSet::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for (module, reached) in &reach {
        if seen.contains(*module) || !reached.contains(module) {
            continue;
        }
        let circle: BTreeSet<&str> = reached
            .iter()
            .copied()
            .filter(|other| reach.get(other).is_some_and(|back| back.contains(module)))
            .collect();
        seen.extend(&circle);
        let allowed = rules.circles.iter().position(|one| {
            !one.reason.is_empty() && circle.iter().all(|module| one.modules.contains(module))
        });
        if let Some(index) = allowed {
            used.insert(index);
            continue;
        }
        // The first import for each pair tells where to cut.
        let mut pairs = BTreeSet::new();
        let inside: Vec<&Edge> = edges
            .iter()
            .filter(|edge| circle.contains(edge.from.as_str()) && circle.contains(edge.to.as_str()))
            .filter(|edge| pairs.insert((&edge.from, &edge.to)))
            .collect();
        let steps: Vec<String> = inside
            .iter()
            .map(|edge| {
                format!(
                    "    {}:{}: `{}` needs `{}`",
                    edge.file, edge.line, edge.from, edge.to
                )
            })
            .collect();
        let first = inside.first().map_or(rules.folder, |edge| &edge.file);
        problems.push(Problem::new(
            first,
            0,
            format!(
                "{} modules of {} need each other: {}\n{}",
                circle.len(),
                rules.name,
                circle.into_iter().collect::<Vec<_>>().join(", "),
                steps.join("\n")
            ),
        ));
    }
    for (index, circle) in rules.circles.iter().enumerate() {
        if !used.contains(&index) {
            let text = format!(
                "the circle of {:?} is not there any more; remove it",
                circle.modules
            );
            problems.push(Problem::new(rules.folder, 0, text));
        }
    }
    problems
}

fn reachable<'a>(needs: &BTreeMap<&'a str, BTreeSet<&'a str>>, from: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut waiting: Vec<&str> = needs.get(from).into_iter().flatten().copied().collect();
    while let Some(module) = waiting.pop() {
        if reached.insert(module) {
            waiting.extend(needs.get(module).into_iter().flatten().copied());
        }
    }
    reached
}

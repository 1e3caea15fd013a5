//! The layers of the document: what is published, an [OpenAPI Overlay](https://spec.openapis.org/overlay/v1.1.0.html)
//! over it, and what the two compose to.
//!
//! Beyond the standard an action says why it is there (`description`, `x-source`) and cannot outlive its reason: it
//! must change something, and a value that is published may only be overwritten by an action that names it (`x-was`) or
//! says that ours stands whatever is published (`x-replaces`).

mod merge;
#[cfg(test)]
mod tests;

use anyhow::Result;
use serde_json::{Map, Value};
use serde_json_path::JsonPath;

use merge::{Merge, short};

use super::bundle::{bundle, folder_of};
use super::source::{Source, Spots};
use super::{Node, OVERLAY, PUBLISHED, Place, Problem, Problems, refuse, yaml};

/// What stands above the composed document.
const HEADER: &str = "# Composed from published.yaml and overlay.yaml by `cargo xtask generate`. Do not edit: change \
                      overlay.yaml and run it again.\n";

/// The document that everything else is made of.
#[derive(Debug)]
pub(crate) struct Composed {
    pub(crate) value: Value,
    /// Where each value was written, in either layer.
    pub(crate) spots: Spots,
    pub(crate) notes: Vec<String>,
}

impl Composed {
    /// Composes the committed layers.
    pub(crate) fn read() -> Result<Self> {
        let published = bundle(Source::read(PUBLISHED)?, &folder_of(PUBLISHED.as_ref()))?;
        compose(published, &Source::read(OVERLAY)?)
    }

    /// The file it is committed as: in the order of the layers, what is published first.
    pub(crate) fn text(&self) -> String {
        let published = self.spots.get("").map(|spot| &spot.file);
        let rank = |pointer: &str| {
            let spot = self.spots.get(pointer)?;
            Some((Some(&spot.file) != published, spot.line, spot.column))
        };
        let order = |pointer: &str, map: &Map<String, Value>| {
            let mut keys: Vec<String> = map.keys().cloned().collect();
            // Statuses stand in their own order.
            if pointer.ends_with("/responses") && pointer != "/components/responses" {
                return keys;
            }
            keys.sort_by_key(|key| rank(&format!("{pointer}/{}", super::escaped(key))));
            keys
        };
        HEADER.to_owned() + &yaml::render(&self.value, &order)
    }
}

/// Applies an overlay to a published document. Fails with everything that is wrong.
pub(crate) fn compose(published: Source, overlay: &Source) -> Result<Composed> {
    let (source, notes) = fold_base_path(published);
    let actions = actions(overlay)?;
    let mut work = Work {
        value: source.value,
        spots: source.spots,
        overlay,
        problems: Problems::default(),
    };
    for action in &actions {
        work.apply(action);
    }
    work.problems.finish()?;
    Ok(Composed {
        value: work.value,
        spots: work.spots,
        notes,
    })
}

/// Puts the path all servers share in front of the paths, so that a client needs the origin alone.
fn fold_base_path(source: Source) -> (Source, Vec<String>) {
    let Source { mut value, spots } = source;
    let servers = value["servers"].as_array().into_iter().flatten();
    let mut bases =
        servers.map(|server| base_path(server["url"].as_str().unwrap_or_default()).to_owned());
    let base = bases
        .next()
        .filter(|base| !base.is_empty() && bases.all(|other| other == *base));
    let Some(base) = base else {
        return (Source { value, spots }, Vec::new());
    };
    for server in value["servers"].as_array_mut().into_iter().flatten() {
        if let Some(Value::String(url)) = server.get_mut("url") {
            url.truncate(url.trim_end_matches('/').len() - base.len());
            if url.is_empty() {
                url.push('/');
            }
        }
    }
    if let Some(Value::Object(paths)) = value.get_mut("paths") {
        *paths = std::mem::take(paths)
            .into_iter()
            .map(|(path, item)| {
                if path.starts_with('/') {
                    (base.clone() + &path, item)
                } else {
                    (path, item)
                }
            })
            .collect();
    }
    let folded = super::escaped(&base);
    let spots = spots.renamed(|at| match at.strip_prefix("/paths/~1") {
        Some(rest) => format!("/paths/{folded}~1{rest}"),
        None => at,
    });
    let note = format!("the servers' path `{base}` stands in front of every path");
    (Source { value, spots }, vec![note])
}

/// The path of a server's address, without a slash at its end.
fn base_path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest
        .find('/')
        .map_or("", |at| &rest[at..])
        .trim_end_matches('/');
    if path.contains('{') { "" } else { path }
}

/// One action of an overlay.
#[derive(Debug)]
struct Action<'a> {
    /// Where it stands in the overlay.
    place: Place,
    target: &'a str,
    path: JsonPath,
    was: Option<&'a Value>,
    replaces: bool,
    change: Change<'a>,
}

#[derive(Debug)]
enum Change<'a> {
    Update(&'a Value),
    Copy(JsonPath),
    Remove,
}

fn actions(overlay: &Source) -> Result<Vec<Action<'_>>> {
    let mut problems = Problems::default();
    let mut actions = Vec::new();
    let read = || -> Result<_> {
        let root = Node::new(Place::root(), &overlay.value)?;
        root.only(&["overlay", "info", "extends", "actions"])?;
        if !root.text("overlay")?.starts_with("1.") {
            refuse!(
                root.place.at("overlay"),
                "is a version of the Overlay standard this tool does not know; use 1.1.0"
            );
        }
        root.list("actions")
    };
    for (index, value) in problems.keep(read()).unwrap_or_default().iter().enumerate() {
        let action =
            Node::new(Place::root().at("actions").at(index), value).and_then(|node| action(&node));
        actions.extend(problems.keep(action));
    }
    problems.locate(&overlay.spots).finish()?;
    Ok(actions)
}

fn action<'a>(node: &Node<'a>) -> Result<Action<'a>> {
    node.only(&[
        "target",
        "description",
        "x-source",
        "x-was",
        "x-replaces",
        "update",
        "copy",
        "remove",
    ])?;
    let target = node.text("target")?;
    if node.optional_text("description")?.is_none() || node.optional_text("x-source")?.is_none() {
        refuse!(
            node.place,
            "`{target}` gives no reason; say why in `description` and what it rests on in `x-source`"
        );
    }
    if target.contains("','")
        || target.contains("\",\"")
        || target.contains("', '")
        || target.contains("\", \"")
    {
        refuse!(
            node.place.at("target"),
            "`{target}` names several things, of which one could vanish unseen; write one action for each"
        );
    }
    let path = |key: &str, text: &str| match JsonPath::parse(text) {
        Ok(path) => Ok(path),
        Err(error) => refuse!(
            node.place.at(key),
            "`{text}` is no JSONPath: {} at character {}; write it as in RFC 9535",
            error.message(),
            error.position() + 1
        ),
    };
    let change = match (
        node.get("update"),
        node.optional_text("copy")?,
        node.flag("remove")?,
    ) {
        (Some(update), None, false) => Change::Update(update),
        (None, Some(from), false) => Change::Copy(path("copy", from)?),
        (None, None, true) => Change::Remove,
        _ => refuse!(
            node.place,
            "`{target}` needs exactly one change; give `update`, `copy` or `remove: true`"
        ),
    };
    Ok(Action {
        place: node.place.clone(),
        target,
        path: path("target", target)?,
        was: node.get("x-was"),
        replaces: node.flag("x-replaces")?,
        change,
    })
}

struct Work<'a> {
    value: Value,
    spots: Spots,
    overlay: &'a Source,
    problems: Problems,
}

impl Work<'_> {
    fn say(&mut self, place: Place, message: String) {
        let spot = self.overlay.spots.nearest(&place).cloned();
        self.problems.0.push(Problem {
            spot,
            ..Problem::new(place, message)
        });
    }

    fn apply(&mut self, action: &Action<'_>) {
        let found = located(&action.path, &self.value);
        if found.is_empty() {
            let near = nearest(action.target, &self.value);
            let message = format!(
                "the action for `{}` matches nothing{near}; remove it if the platform dropped what it is for, or give the \
                 new name",
                action.target
            );
            return self.say(action.place.at("target"), message);
        }
        let overlay = self.overlay;
        let copied;
        let (update, from, spots) = match &action.change {
            // From the back, so that places in lists stay what they are.
            Change::Remove => return found.iter().rev().for_each(|at| self.remove(at)),
            Change::Update(update) => (*update, action.place.at("update"), &overlay.spots),
            Change::Copy(path) => match located(path, &self.value).as_slice() {
                [from] => {
                    copied = (
                        self.value.pointer(from).cloned().unwrap_or_default(),
                        self.spots.clone(),
                    );
                    (&copied.0, Place::of(from.clone()), &copied.1)
                }
                several => {
                    let message =
                        format!("`copy` matches {} values; it must match one", several.len());
                    return self.say(action.place.at("copy"), message);
                }
            },
        };
        let mut merge = Merge {
            action,
            from: spots,
            into: &mut self.spots,
            changed: false,
            said: Vec::new(),
        };
        for at in &found {
            let Some(target) = self.value.pointer_mut(at) else {
                continue;
            };
            if let Some(was) = action.was.filter(|was| !holds(was, target)) {
                let said = excerpt(was, target);
                merge.said.push((
                    action.place.at("x-was"),
                    format!(
                        "the action for `{}` corrects {} but the published document now says {}; see whether it is still \
                         needed, then change `x-was` or remove the action",
                        action.target, said.0, said.1
                    ),
                ));
                continue;
            }
            merge.at_target(at, target, update, &from);
        }
        let (changed, said) = (merge.changed, merge.said);
        if !changed && said.is_empty() {
            let message = format!(
                "the action for `{}` changes nothing, since the document says all of it already; remove the action",
                action.target
            );
            self.say(action.place.clone(), message);
        }
        for (place, message) in said {
            self.say(place, message);
        }
    }

    fn remove(&mut self, at: &str) {
        let Some((parent, key)) = at.rsplit_once('/') else {
            return;
        };
        self.spots.remove(at);
        match self.value.pointer_mut(parent) {
            Some(Value::Object(map)) => {
                drop(map.remove(&key.replace("~1", "/").replace("~0", "~")))
            }
            Some(Value::Array(items)) => {
                let Ok(index) = key.parse::<usize>() else {
                    return;
                };
                let last = items.len();
                items.remove(index);
                for next in index + 1..last {
                    let old = self.spots.clone();
                    self.spots.remove(&format!("{parent}/{next}"));
                    self.spots.adopt(
                        &format!("{parent}/{}", next - 1),
                        &old,
                        &format!("{parent}/{next}"),
                    );
                }
            }
            _ => {}
        }
    }
}

/// Whether `value` says all that `was` says.
fn holds(was: &Value, value: &Value) -> bool {
    match (was, value) {
        (Value::Object(was), Value::Object(value)) => was
            .iter()
            .all(|(key, was)| value.get(key).is_some_and(|value| holds(was, value))),
        (was, value) => was == value,
    }
}

/// The first difference, both sides of it.
fn excerpt(was: &Value, value: &Value) -> (String, String) {
    if let (Value::Object(was), Value::Object(value)) = (was, value) {
        let differs = was
            .iter()
            .find(|(key, was)| !value.get(*key).is_some_and(|value| holds(was, value)));
        if let Some((key, was)) = differs {
            return match value.get(key) {
                Some(value) => excerpt(was, value),
                None => (format!("`{key}`"), "nothing of the kind".to_owned()),
            };
        }
    }
    (short(was), short(value))
}

fn located(path: &JsonPath, value: &Value) -> Vec<String> {
    path.query_located(value)
        .locations()
        .map(|location| location.to_json_pointer())
        .collect()
}

/// For a path of plain names: how far it leads, and what is called similarly there.
fn nearest(target: &str, document: &Value) -> String {
    let mut value = document;
    for name in names(target) {
        let Value::Object(map) = value else { break };
        match map.get(&name) {
            Some(next) => value = next,
            None => {
                let keys: Vec<&str> = map.keys().map(String::as_str).collect();
                return match similar::get_close_matches(name.as_str(), &keys, 1, 0.6).first() {
                    Some(close) => format!(": there is no `{name}`, but there is `{close}`"),
                    None => format!(": there is no `{name}`"),
                };
            }
        }
    }
    String::new()
}

/// The names at the start of a JSONPath, up to the first segment that is none.
fn names(target: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = target.strip_prefix('$').unwrap_or_default();
    loop {
        let name = if let Some(quoted) = rest.strip_prefix("['") {
            quoted.split_once("']")
        } else if let Some(plain) = rest
            .strip_prefix('.')
            .filter(|plain| !plain.starts_with(['.', '*']))
        {
            let end = plain.find(['.', '[']).unwrap_or(plain.len());
            Some(plain.split_at(end))
        } else {
            None
        };
        let Some((name, after)) = name else {
            return names;
        };
        names.push(name.to_owned());
        rest = after;
    }
}

//! From any document of OpenAPI 3.0 to the plain one the normaliser reads.
//!
//! Documents of the wild write schemas inline, leave types out, compose, and describe the same thing in many ways. Here
//! each becomes the one form that has a Rust type: every object and enum a named component, every operation with its
//! parameters, credentials and tag written out, one media type per body. What cannot be kept is put into a note; only
//! what would make a wrong call is refused.

mod bodies;
mod compose;
mod limits;
mod names;
mod operations;
mod parameters;
mod schemas;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

pub(crate) use names::spelled;

use crate::document::downlevel::{Downlevel, downlevel};
use crate::document::{Place, Problem, Problems};

/// A document for the normaliser.
#[derive(Debug)]
pub(crate) struct Lowered {
    pub(crate) value: Value,
    /// What was read as something else, or left out.
    pub(crate) notes: Vec<Problem>,
    /// What must not be taken.
    pub(crate) problems: Problems,
    /// Where values stand now, and where they were written.
    pub(crate) moved: BTreeMap<String, String>,
}

/// Keys of the document that mean something to the generator.
const ROOT: &[&str] = &[
    "openapi",
    "info",
    "externalDocs",
    "servers",
    "tags",
    "security",
    "paths",
    "components",
];

/// Kinds of components, likewise.
const COMPONENTS: &[&str] = &[
    "schemas",
    "responses",
    "parameters",
    "requestBodies",
    "headers",
    "securitySchemes",
];

/// The component that stands for free JSON.
const FREE_JSON: &str = "FreeJson";

/// Lowers a document of OpenAPI 3.0 or 3.1.
pub(crate) fn lower(document: &Value) -> Lowered {
    let Downlevel {
        value,
        notes,
        moved,
    } = downlevel(document);
    let notes = notes.into_iter().map(|note| Problem {
        place: origin(&note.place, &moved),
        ..note
    });
    let notes = notes.collect();
    let mut lower = Lower {
        document: value,
        schemas: Map::new(),
        taken: BTreeSet::new(),
        notes,
        problems: Problems::default(),
        moved,
    };
    lower.document();
    Lowered {
        value: lower.document,
        notes: lower.notes,
        problems: lower.problems,
        moved: lower.moved,
    }
}

struct Lower {
    /// The document; its schemas and operations are replaced one by one.
    document: Value,
    /// The schemas that are done.
    schemas: Map<String, Value>,
    /// Names of components, as Rust spells them.
    taken: BTreeSet<String>,
    notes: Vec<Problem>,
    problems: Problems,
    moved: BTreeMap<String, String>,
}

impl Lower {
    fn note(&mut self, place: &Place, message: impl Into<String>) {
        let place = origin(place, &self.moved);
        self.notes.push(Problem::new(place, message));
    }

    fn refuse(&mut self, place: &Place, message: impl Into<String>) {
        let place = origin(place, &self.moved);
        self.problems.0.push(Problem::new(place, message));
    }

    fn document(&mut self) {
        let root = Place::root();
        if !self.document["components"]["schemas"].is_object() {
            self.document["components"]["schemas"] = json!({});
        }
        self.keep_only(&root, "", ROOT);
        self.keep_only(&root.at("components"), "/components", COMPONENTS);
        self.rename_components();
        self.taken = keys(&self.document["components"]["schemas"])
            .map(|name| super::names::pascal(&name))
            .collect();
        self.operations();
        for name in keys(&self.document["components"]["schemas"]).collect::<Vec<_>>() {
            let schema = self.document["components"]["schemas"][&name].clone();
            let lowered = self.component(&Place::component("schemas", &name), &name, schema);
            self.schemas.extend(lowered.map(|lowered| (name, lowered)));
        }
        let schemas = std::mem::take(&mut self.schemas);
        self.document["components"]["schemas"] = schemas.into();
    }

    /// Drops the keys of an object that no code comes of, and says so.
    fn keep_only(&mut self, place: &Place, pointer: &str, known: &[&str]) {
        let Some(Value::Object(map)) = self.document.pointer_mut(pointer) else {
            return;
        };
        let (kept, dropped): (Map<String, Value>, Map<String, Value>) = std::mem::take(map)
            .into_iter()
            .partition(|(key, _)| known.contains(&key.as_str()));
        *map = kept;
        self.dropped(place, dropped.keys());
    }

    /// Says which keys no code comes of.
    fn dropped<'k>(&mut self, place: &Place, keys: impl Iterator<Item = &'k String>) {
        for key in keys {
            let why = match key.as_str() {
                "callbacks" => "describes calls of the platform to a server of yours",
                "links" => "describes how answers lead to further calls",
                "servers" => {
                    "names servers of its own; the client's base URL serves every operation"
                }
                "head" | "options" | "trace" => "is a method without a body to decode",
                "readOnly" | "writeOnly" => "is no difference between types",
                key if key.starts_with("x-") => "is an extension this generator does not know",
                _ => "has no counterpart in the code",
            };
            self.note(&place.at(key), format!("`{key}` {why}; it is left out"));
        }
    }
}

/// Where a value was written that stands at `place` now.
pub(crate) fn origin(place: &Place, moved: &BTreeMap<String, String>) -> Place {
    let mut at = place.pointer().to_owned();
    // What was moved into a thing that was moved itself takes as many steps.
    for _ in 0..16 {
        let mut end = at.len();
        let hit = loop {
            match moved.get(&at[..end]) {
                Some(from) if *from != at[..end] => break Some(from),
                _ => {}
            }
            match at[..end].rfind('/') {
                Some(parent) => end = parent,
                None => break None,
            }
        };
        match hit {
            Some(from) => at = format!("{from}{}", &at[end..]),
            None => break,
        }
    }
    Place::of(at)
}

fn keys(value: &Value) -> impl Iterator<Item = String> {
    let keys: Vec<String> = value
        .as_object()
        .into_iter()
        .flat_map(Map::keys)
        .cloned()
        .collect();
    keys.into_iter()
}

/// A reference to a component.
fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// The component a reference names.
fn referred(schema: &Value) -> Option<&str> {
    schema["$ref"]
        .as_str()?
        .strip_prefix("#/components/schemas/")
}

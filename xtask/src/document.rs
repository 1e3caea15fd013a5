//! The OpenAPI document: its layers, reading it strictly and naming places in it.

pub(crate) mod bundle;
pub(crate) mod downlevel;
pub(crate) mod overlay;
pub(crate) mod problem;
pub(crate) mod schemas;
pub(crate) mod secret_names;
pub(crate) mod source;
mod yaml;

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use serde_json::{Map, Value};

pub(crate) use problem::{Problem, Problems};
pub(crate) use source::Source;

/// The composed document, from the workspace root.
pub(crate) const PATH: &str = "openapi/aerostack.yaml";

/// What the platform publishes.
pub(crate) const PUBLISHED: &str = "openapi/published.yaml";

/// What this SDK knows beyond it.
pub(crate) const OVERLAY: &str = "openapi/overlay.yaml";

/// The root of this workspace.
pub(crate) fn workspace() -> PathBuf {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask).to_path_buf()
}

/// Reads the composed document as it is committed.
pub(crate) fn load() -> Result<Value> {
    Ok(Source::read(PATH)?.value)
}

/// Parses a document whose lines do not matter.
#[cfg(test)]
pub(crate) fn parse(text: &str) -> Result<Value> {
    Ok(Source::parse("document", text)?.value)
}

/// A key as it stands in a JSON pointer.
pub(crate) fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// A place in the document, shown as a JSON pointer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place(String);

impl Place {
    /// The document itself.
    pub(crate) fn root() -> Self {
        Self::default()
    }

    /// The place of `key` below this one.
    pub(crate) fn at(&self, key: impl fmt::Display) -> Self {
        Self(format!("{}/{}", self.0, escaped(&key.to_string())))
    }

    /// The place a JSON pointer names.
    pub(crate) fn of(pointer: impl Into<String>) -> Self {
        Self(pointer.into())
    }

    /// The place as a JSON pointer.
    pub(crate) fn pointer(&self) -> &str {
        &self.0
    }

    /// The place of a component, as a `$ref` spells it.
    pub(crate) fn component(kind: &str, name: &str) -> Self {
        Self::root().at("components").at(kind).at(name)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Fails with a message that starts with the place.
macro_rules! refuse {
    ($place:expr, $($message:tt)+) => {
        return Err(anyhow::Error::from($crate::document::Problem::new(
            $crate::document::Place::clone(&$place),
            format!($($message)+),
        )))
    };
}
pub(crate) use refuse;

/// An object of the document together with its place.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    pub(crate) place: Place,
    pub(crate) map: &'a Map<String, Value>,
}

impl<'a> Node<'a> {
    /// Takes `value` for an object.
    pub(crate) fn new(place: Place, value: &'a Value) -> Result<Self> {
        match value {
            Value::Object(map) => Ok(Self { place, map }),
            _ => refuse!(place, "must be an object; correct it"),
        }
    }

    /// Fails on the first key that is not listed, so that nothing in the document is passed over in silence.
    pub(crate) fn only(&self, known: &[&str]) -> Result<()> {
        match self.map.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => refuse!(
                self.place.at(key),
                "is unknown here; it can be {}",
                known.join(", ")
            ),
            None => Ok(()),
        }
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.map.contains_key(key)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&'a Value> {
        self.map.get(key)
    }

    /// The object under `key`.
    pub(crate) fn node(&self, key: &str) -> Result<Node<'a>> {
        match self.get(key) {
            Some(value) => Node::new(self.place.at(key), value),
            None => refuse!(self.place, "lacks `{key}`; add it"),
        }
    }

    /// The object under `key`, if there is one.
    pub(crate) fn optional_node(&self, key: &str) -> Result<Option<Node<'a>>> {
        self.has(key).then(|| self.node(key)).transpose()
    }

    /// The objects below this one, by key.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = Result<(&'a str, Node<'a>)>> {
        let place = self.place.clone();
        self.map
            .iter()
            .map(move |(key, value)| Ok((key.as_str(), Node::new(place.at(key), value)?)))
    }

    /// The list under `key`, empty when absent.
    pub(crate) fn list(&self, key: &str) -> Result<&'a [Value]> {
        match self.get(key) {
            None => Ok(&[]),
            Some(Value::Array(items)) => Ok(items),
            Some(_) => refuse!(self.place.at(key), "must be a list; correct it"),
        }
    }

    /// The text under `key`.
    pub(crate) fn text(&self, key: &str) -> Result<&'a str> {
        match self.optional_text(key)? {
            Some(text) => Ok(text),
            None => refuse!(self.place, "lacks `{key}`; add it"),
        }
    }

    /// The text under `key`, if any.
    pub(crate) fn optional_text(&self, key: &str) -> Result<Option<&'a str>> {
        match self.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => refuse!(self.place.at(key), "must be text; correct it"),
        }
    }

    /// The flag under `key`, false when absent.
    pub(crate) fn flag(&self, key: &str) -> Result<bool> {
        match self.get(key) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(*flag),
            Some(_) => refuse!(self.place.at(key), "must be true or false; correct it"),
        }
    }
}

/// The component a `$ref` names: its kind and its name.
pub(crate) fn reference<'a>(place: &Place, reference: &'a str) -> Result<(&'a str, &'a str)> {
    let parts = reference
        .strip_prefix("#/components/")
        .and_then(|rest| rest.split_once('/'));
    match parts {
        Some((kind, name)) if !name.is_empty() && !name.contains(['/', '~', '%']) => {
            Ok((kind, name))
        }
        _ => refuse!(
            place,
            "`{reference}` names no component of this document; correct the reference"
        ),
    }
}

/// Follows the `$ref` of a node to the component it names; a node without one is itself.
pub(crate) fn resolve<'a>(document: &'a Value, node: Node<'a>, kind: &str) -> Result<Node<'a>> {
    let mut node = node;
    for _ in 0..8 {
        let Some(target) = node.optional_text("$ref")? else {
            return Ok(node);
        };
        let place = node.place.at("$ref");
        if node.map.len() > 1 {
            refuse!(
                node.place,
                "has keys beside `$ref`, which OpenAPI 3.0 ignores"
            );
        }
        let (found, name) = reference(&place, target)?;
        if found != kind {
            refuse!(
                place,
                "`{target}` names one of the {found} where one of the {kind} belongs; correct the reference"
            );
        }
        let Some(value) = document
            .get("components")
            .and_then(|c| c.get(kind))
            .and_then(|k| k.get(name))
        else {
            refuse!(place, "`{target}` does not exist; correct the reference");
        };
        node = Node::new(Place::component(kind, name), value)?;
    }
    bail!("{}: `$ref` leads in a circle", node.place)
}

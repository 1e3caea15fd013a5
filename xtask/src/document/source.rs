//! Reading YAML or JSON so that every value still knows its line.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_saphyr::Spanned;

use super::{Place, workspace};

/// A line and column of a file, both counted from 1.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Spot {
    pub(crate) file: Arc<str>,
    pub(crate) line: u64,
    pub(crate) column: u64,
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// Where each value of a document was written, by JSON pointer.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spots(BTreeMap<String, Spot>);

impl Spots {
    /// Where the value at `pointer` was written.
    pub(crate) fn get(&self, pointer: &str) -> Option<&Spot> {
        self.0.get(pointer)
    }

    /// Where the value at `place`, or else the nearest one around it, was written.
    pub(crate) fn nearest(&self, place: &Place) -> Option<&Spot> {
        let mut pointer = place.pointer();
        loop {
            if let Some(spot) = self.0.get(pointer) {
                return Some(spot);
            }
            pointer = pointer.rsplit_once('/')?.0;
        }
    }

    pub(crate) fn insert(&mut self, pointer: String, spot: Spot) {
        self.0.insert(pointer, spot);
    }

    /// The entries at and below `pointer`, with their pointers from there.
    fn below<'s>(&'s self, pointer: &'s str) -> impl Iterator<Item = (&'s str, &'s Spot)> {
        let prefix = format!("{pointer}/");
        let inside = self
            .0
            .range(prefix.clone()..)
            .take_while(move |(at, _)| at.starts_with(&prefix))
            .map(|(at, spot)| (&at[pointer.len()..], spot));
        self.0
            .get(pointer)
            .map(|spot| ("", spot))
            .into_iter()
            .chain(inside)
    }

    /// Forgets what is at and below `pointer`.
    pub(crate) fn remove(&mut self, pointer: &str) {
        let gone: Vec<String> = self
            .below(pointer)
            .map(|(rest, _)| format!("{pointer}{rest}"))
            .collect();
        for at in gone {
            self.0.remove(&at);
        }
    }

    /// Takes over what `other` knows at and below `from`, for the same value at `to`.
    pub(crate) fn adopt(&mut self, to: &str, other: &Self, from: &str) {
        self.0.extend(
            other
                .below(from)
                .map(|(rest, spot)| (format!("{to}{rest}"), spot.clone())),
        );
    }

    /// The same values below other pointers.
    pub(crate) fn renamed(self, rename: impl Fn(String) -> String) -> Self {
        Self(
            self.0
                .into_iter()
                .map(|(at, spot)| (rename(at), spot))
                .collect(),
        )
    }
}

/// A document together with where everything in it was written.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) value: Value,
    pub(crate) spots: Spots,
}

impl Source {
    /// Reads a file; `path` is taken from the workspace root.
    pub(crate) fn read(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(workspace().join(path))
            .with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&path.display().to_string(), &text)
    }

    /// Parses YAML, of which JSON is a part, so that nothing is guessed: a key given twice is an error and `on` or
    /// `yes` stay text.
    pub(crate) fn parse(file: &str, text: &str) -> Result<Self> {
        let options = serde_saphyr::options! {
            strict_booleans: true,
            duplicate_keys: serde_saphyr::options::DuplicateKeyPolicy::Error,
        };
        let tree: Spanned<Tree> = serde_saphyr::from_str_with_options(text, options)
            .map_err(|error| explain(file, &error))?;
        let mut spots = Spots::default();
        let file = Arc::from(file);
        let value = place(
            tree.value,
            String::new(),
            spot(&file, tree.referenced),
            &file,
            &mut spots,
        );
        Ok(Self { value, spots })
    }
}

fn spot(file: &Arc<str>, location: serde_saphyr::Location) -> Spot {
    Spot {
        file: file.clone(),
        line: location.line(),
        column: location.column(),
    }
}

/// The parser's error in the words of this project.
fn explain(file: &str, error: &serde_saphyr::Error) -> anyhow::Error {
    let error = error.without_snippet();
    let at = error.location().map_or_else(
        || file.to_owned(),
        |at| format!("{file}:{}:{}", at.line(), at.column()),
    );
    match error {
        serde_saphyr::Error::DuplicateMappingKey { key, .. } => anyhow!(
            "{at}: the key `{}` is a duplicate; remove or rename one of the two",
            key.as_deref().unwrap_or("?")
        ),
        other => anyhow!("{at}: is not valid YAML: {other}"),
    }
}

enum Tree {
    Leaf(Value),
    List(Vec<Spanned<Tree>>),
    Map(Vec<(Spanned<String>, Spanned<Tree>)>),
}

fn place(tree: Tree, pointer: String, at: Spot, file: &Arc<str>, spots: &mut Spots) -> Value {
    let value = match tree {
        Tree::Leaf(value) => value,
        Tree::List(items) => items
            .into_iter()
            .enumerate()
            .map(|(index, item)| {
                place(
                    item.value,
                    format!("{pointer}/{index}"),
                    spot(file, item.referenced),
                    file,
                    spots,
                )
            })
            .collect(),
        Tree::Map(entries) => {
            let mut map = Map::new();
            for (key, value) in entries {
                let below = format!("{pointer}/{}", super::escaped(&key.value));
                let value = place(value.value, below, spot(file, key.referenced), file, spots);
                map.insert(key.value, value);
            }
            Value::Object(map)
        }
    };
    spots.insert(pointer, at);
    value
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Tree, E> {
        Ok(Tree::Leaf(Value::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.into()))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Tree, E> {
        let number = Number::from_f64(value);
        number
            .map(|number| Tree::Leaf(number.into()))
            .ok_or_else(|| E::custom("JSON has no such number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Leaf(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Tree::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Tree::Map(entries))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_value_knows_its_line_in_yaml_and_in_json() {
        for (text, at) in [
            ("a: 1\npaths:\n  /x/y:\n    get: [q, { b: 2 }]\n", "f:4:16"),
            (
                "{\n  \"paths\": {\n    \"/x/y\": {\"get\": [1, {\"b\": 2}]} } }",
                "f:3:26",
            ),
        ] {
            let source = Source::parse("f", text).unwrap();
            assert_eq!(source.value["paths"]["/x/y"]["get"][1], json!({ "b": 2 }));
            let place = Place::root().at("paths").at("/x/y").at("get").at(1).at("b");
            assert_eq!(source.spots.get(place.pointer()).unwrap().to_string(), at);
            // What is not there is somewhere in what is.
            assert_eq!(
                source.spots.nearest(&place.at("gone")).unwrap().to_string(),
                at
            );
        }
    }

    #[test]
    fn what_is_no_yaml_is_an_error_with_its_line() {
        for (text, says) in [
            ("a: 1\nb: 2\na: 3\n", "f:3:1: the key `a` is a duplicate; "),
            ("a: [1\nb: 2\n", "f:"),
        ] {
            let error = Source::parse("f", text).unwrap_err().to_string();
            assert!(error.starts_with(says), "{error}");
        }
    }
}

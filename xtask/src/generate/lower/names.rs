//! Names that Rust can spell and that nothing else has.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Lower, keys};
use crate::document::{Place, schemas};
use crate::generate::names::{pascal, snake};

impl Lower {
    /// Gives components the names they ask for with `x-rust-name`, or others where two would be called the same.
    pub(super) fn rename_components(&mut self) {
        let mut renamed = BTreeMap::new();
        let mut taken: BTreeMap<String, String> = BTreeMap::new();
        let all: Vec<String> = keys(&self.document["components"]["schemas"]).collect();
        for name in &all {
            let place = Place::component("schemas", name);
            let schema = &mut self.document["components"]["schemas"][name];
            let asked = schema
                .as_object_mut()
                .and_then(|map| map.remove("x-rust-name"));
            let wish = asked
                .as_ref()
                .and_then(Value::as_str)
                .unwrap_or(name)
                .to_owned();
            let sane = spelled(&wish);
            let mut free = sane.clone();
            for number in 2.. {
                if !taken.contains_key(&pascal(&free)) {
                    break;
                }
                free = format!("{sane}{number}");
            }
            if free != wish {
                let why = match taken.get(&pascal(&sane)) {
                    Some(other) => format!("`{other}` has the same name in Rust"),
                    None => "Rust cannot spell it".to_owned(),
                };
                self.note(
                    &place,
                    format!(
                        "is called `{}`, since {why}; `x-rust-name` gives another",
                        pascal(&free)
                    ),
                );
            }
            taken.insert(pascal(&free), name.clone());
            if free != *name {
                renamed.insert(name.clone(), free);
            }
        }
        if renamed.is_empty() {
            return;
        }
        if let Some(Value::Object(components)) = self.document["components"].get_mut("schemas") {
            *components = std::mem::take(components)
                .into_iter()
                .map(|(name, schema)| (renamed.get(&name).cloned().unwrap_or(name), schema))
                .collect();
        }
        for (old, new) in &renamed {
            let at = |name: &str| Place::component("schemas", name).pointer().to_owned();
            self.moved.insert(at(new), at(old));
        }
        schemas::each(&mut self.document, &mut |_, schema| {
            let new = super::referred(schema).and_then(|name| renamed.get(name));
            if let Some(new) = new {
                *schema = super::reference(new);
            }
        });
    }

    /// A component's name that is not taken yet.
    pub(super) fn free_name(&mut self, wish: &str) -> String {
        let wish = pascal(&spelled(wish));
        let mut name = wish.clone();
        for number in 2.. {
            if self.taken.insert(name.clone()) {
                break;
            }
            name = format!("{wish}{number}");
        }
        name
    }

    /// Gives the fields of one object, or the parameters of one operation, names that Rust can tell apart. A field
    /// that is renamed keeps what it is called on the wire in `x-wire-name`.
    pub(super) fn fields(
        &mut self,
        place: &Place,
        properties: Map<String, Value>,
    ) -> (Map<String, Value>, BTreeMap<String, String>) {
        let mut taken: BTreeMap<String, String> = BTreeMap::new();
        let mut renamed = BTreeMap::new();
        let mut out = Map::new();
        // Names that can stay what they are come first, so that the odd ones make way.
        let (plain, odd): (Vec<_>, Vec<_>) = properties.into_iter().partition(|(name, schema)| {
            snake(name) == *name && spelled(name) == *name && schema.get("x-rust-name").is_none()
        });
        for (wire, mut schema) in plain.into_iter().chain(odd) {
            let asked = schema
                .as_object_mut()
                .and_then(|map| map.remove("x-rust-name"));
            let name = self.field(
                &place.at(&wire),
                &wire,
                asked.as_ref().and_then(Value::as_str),
                &taken,
            );
            taken.insert(snake(&name), wire.clone());
            if name != wire {
                schema["x-wire-name"] = json!(wire);
                renamed.insert(wire, name.clone());
            }
            out.insert(name, schema);
        }
        (out, renamed)
    }

    fn field(
        &mut self,
        place: &Place,
        wire: &str,
        asked: Option<&str>,
        taken: &BTreeMap<String, String>,
    ) -> String {
        let sane = spelled(asked.unwrap_or(wire));
        let clash = taken.get(&snake(&sane)).cloned();
        let candidates = [sane.clone(), words(wire)]
            .into_iter()
            .chain((2..).map(|number| format!("{}_{number}", snake(&sane))));
        let name = candidates
            .into_iter()
            .find(|name| !name.is_empty() && !taken.contains_key(&snake(name)))
            .unwrap_or(sane.clone());
        if asked.is_none() && name != wire {
            let why = match clash {
                Some(other) => format!("`{other}` has the same name in Rust"),
                None => "Rust cannot spell it".to_owned(),
            };
            self.note(
                place,
                format!(
                    "is called `{}`, since {why}; `x-rust-name` gives another",
                    snake(&name)
                ),
            );
        }
        name
    }
}

/// A name that Rust can spell once it is in its case: as it is, if it can, else with its signs in words.
pub(crate) fn spelled(name: &str) -> String {
    let rust = snake(name);
    if !rust.is_empty() && !rust.starts_with(|first: char| first.is_ascii_digit()) && rust != "_" {
        return name.to_owned();
    }
    let words = words(name);
    match words.chars().next() {
        None => "empty".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{words}"),
        Some(_) => words,
    }
}

/// A name with its signs in words.
fn words(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        let word = match c {
            '+' => "plus",
            '-' if out.is_empty() => "minus",
            '_' if out.is_empty() => "underscore",
            '$' => "dollar",
            '@' => "at",
            '#' => "number",
            '%' => "percent",
            '&' => "and",
            '*' => "star",
            '<' => "less",
            '>' => "greater",
            '=' => "equal",
            '!' => "not",
            '/' => "slash",
            '.' => "dot",
            c if c.is_alphanumeric() => {
                out.push(c);
                continue;
            }
            _ => "",
        };
        if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
        out.push_str(word);
        if !word.is_empty() {
            out.push('_');
        }
    }
    out.trim_end_matches('_').to_owned()
}

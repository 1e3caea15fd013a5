//! What a type cannot say, said in the description: defaults and limits.

use serde_json::{Map, Value, json};

use super::Lower;
use crate::document::Place;

/// Keywords that limit a value, and how to say so.
const LIMITS: &[(&str, &str)] = &[
    ("minimum", "at least {}"),
    ("maximum", "at most {}"),
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("minItems", "at least {} entries"),
    ("maxItems", "at most {} entries"),
    ("minProperties", "at least {} fields"),
    ("maxProperties", "at most {} fields"),
    ("multipleOf", "a multiple of {}"),
    ("pattern", "matching {}"),
];

/// What stays beside a type.
const COMMON: &[&str] = &[
    "type",
    "format",
    "nullable",
    "description",
    "deprecated",
    "x-wire-name",
];

impl Lower {
    /// A schema with nothing but what its type is made of; limits and defaults go into the description.
    pub(super) fn plain(&mut self, place: &Place, schema: Value, own: &[&str]) -> Value {
        let Value::Object(map) = schema else {
            return schema;
        };
        let mut said = Vec::new();
        if let Some(default) = map.get("default").filter(|value| !value.is_null()) {
            said.push(format!("`{}` unless given", short(default)));
        }
        for (keyword, words) in LIMITS {
            let exclusive = map.get(&format!(
                "exclusive{}{}",
                keyword[..1].to_uppercase(),
                &keyword[1..]
            )) == Some(&json!(true));
            let words = match (*keyword, exclusive) {
                ("minimum", true) => "more than {}",
                ("maximum", true) => "less than {}",
                _ => words,
            };
            if let Some(limit) = map.get(*keyword) {
                let limit = short(limit);
                said.push(words.replace("{}", &format!("`{limit}`")));
            }
        }
        if map.get("uniqueItems") == Some(&json!(true)) {
            said.push("no entry twice".to_owned());
        }
        const SAID: &[&str] = &[
            "default",
            "example",
            "exclusiveMaximum",
            "exclusiveMinimum",
            "externalDocs",
            "title",
            "uniqueItems",
            "xml",
            "x-rust-name",
        ];
        let known = |key: &str| COMMON.contains(&key) || own.contains(&key);
        let silent =
            |key: &str| SAID.contains(&key) || LIMITS.iter().any(|(limit, _)| *limit == key);
        let (kept, dropped): (Map<String, Value>, Map<String, Value>) =
            map.into_iter().partition(|(key, _)| known(key));
        self.dropped(place, dropped.keys().filter(|key| !silent(key)));
        let mut schema = Value::Object(kept);
        if !said.is_empty() {
            let mut text = said.join(", ");
            if let Some(first) = text.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            add_text(&mut schema, &format!("{text}."));
        }
        schema
    }
}

/// Adds a sentence to a description.
pub(super) fn add_text(schema: &mut Value, text: &str) {
    let before = schema["description"]
        .as_str()
        .unwrap_or_default()
        .trim_end();
    let joined = if before.is_empty() {
        text.to_owned()
    } else {
        format!("{before}\n\n{text}")
    };
    schema["description"] = joined.into();
}

/// A value as it stands in a code span.
fn short(value: &Value) -> String {
    let text = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    text.replace(['`', '\n'], " ")
}

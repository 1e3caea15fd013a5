//! Frames made from their description: whatever `openapi/realtime.schema.json` allows, this can make.

use std::collections::BTreeMap;

use proptest::{collection::vec, option, prelude::*, sample::select};
use serde_json::Value;

/// JSON that fits the schema, as text, in every way JSON can be written.
pub type Json = BoxedStrategy<String>;

/// Makes what a schema describes.
pub struct Described {
    schema: Value,
    /// Definitions whose values the test chooses itself.
    chosen: BTreeMap<&'static str, Json>,
}

impl Described {
    pub fn new() -> Self {
        let text = include_str!("../../../openapi/realtime.schema.json");
        Self {
            schema: serde_json::from_str(text).unwrap(),
            chosen: BTreeMap::new(),
        }
    }

    /// Takes the values of a definition from a list of texts.
    pub fn choose(mut self, definition: &'static str, texts: &'static [&'static str]) -> Self {
        self.chosen
            .insert(definition, select(texts).prop_flat_map(text).boxed());
        self
    }

    /// A frame of a definition that is a choice between others, with the name of the one it is of.
    pub fn any_of(&self, definition: &str) -> BoxedStrategy<(String, String)> {
        let choices = self.definition(definition)["anyOf"].as_array().unwrap();
        let named = choices.iter().map(|choice| {
            let name = name_of(choice["$ref"].as_str().unwrap()).to_owned();
            let frame = self.make(choice);
            frame.prop_map(move |frame| (name.clone(), frame)).boxed()
        });
        proptest::strategy::Union::new(named).boxed()
    }

    /// JSON that fits a definition.
    pub fn of(&self, definition: &str) -> Json {
        self.make(self.definition(definition))
    }

    fn definition(&self, name: &str) -> &Value {
        let found = &self.schema["definitions"][name];
        assert!(found.is_object(), "no definition {name}");
        found
    }

    fn make(&self, schema: &Value) -> Json {
        if let Some(reference) = schema["$ref"].as_str() {
            let name = name_of(reference);
            return match self.chosen.get(name) {
                Some(chosen) => chosen.clone(),
                None => self.make(self.definition(name)),
            };
        }
        if let Some(choices) = schema["anyOf"].as_array().or(schema["oneOf"].as_array()) {
            let choices = choices.iter().map(|choice| self.make(choice));
            return proptest::strategy::Union::new(choices).boxed();
        }
        if let Some(values) = schema["enum"].as_array() {
            let values: Vec<String> = values
                .iter()
                .map(|value| value.as_str().unwrap().to_owned())
                .collect();
            return select(values).prop_flat_map(|value| text(&value)).boxed();
        }
        match &schema["type"] {
            Value::Null => any_json(),
            Value::String(one) => self.of_type(one, schema),
            Value::Array(several) => {
                let types = several
                    .iter()
                    .map(|one| self.of_type(one.as_str().unwrap(), schema));
                proptest::strategy::Union::new(types).boxed()
            }
            other => panic!("a schema with the type {other}"),
        }
    }

    fn of_type(&self, name: &str, schema: &Value) -> Json {
        match name {
            "object" => self.object(schema),
            "array" => list(vec(self.make(&schema["items"]), 0..4)),
            "string" => any_text(schema["minLength"].as_u64().unwrap_or(0)),
            "number" => number(),
            "boolean" => select(["true", "false"].as_slice()).prop_map_into().boxed(),
            "null" => Just("null".to_owned()).boxed(),
            other => panic!("a schema with the type {other}"),
        }
    }

    /// Required members always, others sometimes, and some that nobody has described where that is allowed.
    fn object(&self, schema: &Value) -> Json {
        let Some(properties) = schema["properties"].as_object() else {
            return any_object(any_json());
        };
        let required: Vec<&str> = schema["required"]
            .as_array()
            .map(|names| names.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        let mut members: Vec<BoxedStrategy<Option<(String, String)>>> = Vec::new();
        for (name, property) in properties {
            let (key, value) = (name.clone(), self.make(property));
            let member = value.prop_map(move |value| (key.clone(), value));
            members.push(if required.contains(&name.as_str()) {
                member.prop_map(Some).boxed()
            } else {
                option::of(member).boxed()
            });
        }
        let open = schema["additionalProperties"] != Value::Bool(false);
        let more = proptest::collection::btree_map(
            "later_[a-z]{1,4}",
            any_json(),
            0..if open { 3 } else { 1 },
        );
        (members, more)
            .prop_map(|(members, more)| {
                members
                    .into_iter()
                    .flatten()
                    .chain(more)
                    .collect::<Vec<_>>()
            })
            .prop_shuffle()
            .prop_flat_map(written)
            .boxed()
    }
}

fn name_of(reference: &str) -> &str {
    reference.strip_prefix("#/definitions/").unwrap()
}

/// Members, their keys written in any way.
fn written(members: Vec<(String, String)>) -> Json {
    let members: Vec<Json> = members
        .into_iter()
        .map(|(key, value)| {
            text(&key)
                .prop_map(move |key| format!("{key}:{value}"))
                .boxed()
        })
        .collect();
    (members, space())
        .prop_map(|(members, space)| {
            format!("{{{space}{}{space}}}", members.join(&format!("{space},")))
        })
        .boxed()
}

fn list(items: impl Strategy<Value = Vec<String>> + 'static) -> Json {
    (items, space())
        .prop_map(|(items, space)| format!("[{space}{}]", items.join(&format!(",{space}"))))
        .boxed()
}

fn space() -> impl Strategy<Value = &'static str> {
    prop_oneof![8 => Just(""), 1 => Just(" "), 1 => Just("\r\n\t")]
}

/// A text as JSON: plainly, or with every character escaped.
fn text(text: &str) -> Json {
    let plain = serde_json::to_string(text).unwrap();
    let escaped: String = text
        .encode_utf16()
        .map(|unit| format!("\\u{unit:04x}"))
        .collect();
    prop_oneof![9 => Just(plain), 1 => Just(format!("\"{escaped}\""))].boxed()
}

fn any_text(least: u64) -> Json {
    proptest::string::string_regex(&format!("\\PC{{{least},12}}"))
        .unwrap()
        .prop_flat_map(|value| text(&value))
        .boxed()
}

fn number() -> Json {
    prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        any::<u64>().prop_map(|number| number.to_string()),
        any::<f64>()
            .prop_filter("JSON knows no other numbers", |number| number.is_finite())
            .prop_map(|number| format!("{number:e}")),
        (0_i64..4_000_000_000_000).prop_map(|number| number.to_string()),
    ]
    .boxed()
}

fn any_object(values: Json) -> Json {
    proptest::collection::btree_map("\\PC{0,6}", values, 0..4)
        .prop_flat_map(|map| written(map.into_iter().collect()))
        .boxed()
}

fn any_json() -> Json {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        number(),
        any_text(0),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![list(vec(inner.clone(), 0..4)), any_object(inner.boxed())].boxed()
    })
    .boxed()
}

//! Documents as they are compared: references followed, parts put together.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "patch", "head", "options", "trace",
];

/// One operation.
pub(super) struct Operation<'a> {
    pub(super) id: String,
    pub(super) method: String,
    pub(super) path: &'a str,
    pub(super) node: &'a Value,
    /// By place and name.
    pub(super) parameters: BTreeMap<(&'a str, &'a str), &'a Value>,
}

impl Operation<'_> {
    /// Method and path without the names of its parameters.
    pub(super) fn route(&self) -> (String, String) {
        let mut path = String::new();
        for part in self.path.split('/') {
            path.push('/');
            path.push_str(if part.starts_with('{') { "{}" } else { part });
        }
        (self.method.clone(), path)
    }
}

/// The operations of a document, by id; one without an id has its route for one.
pub(super) fn operations(document: &Value) -> BTreeMap<String, Operation<'_>> {
    let mut found = BTreeMap::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            let Some(node) = item.get(*method) else {
                continue;
            };
            let method = method.to_uppercase();
            let id = node["operationId"]
                .as_str()
                .map_or_else(|| format!("{method} {path}"), str::to_owned);
            let mut parameters = BTreeMap::new();
            for list in [&item["parameters"], &node["parameters"]] {
                for parameter in list.as_array().into_iter().flatten() {
                    let parameter = resolved(document, parameter);
                    if let (Some(place), Some(name)) =
                        (parameter["in"].as_str(), parameter["name"].as_str())
                    {
                        parameters.insert((place, name), parameter);
                    }
                }
            }
            found.insert(
                id.clone(),
                Operation {
                    id,
                    method,
                    path,
                    node,
                    parameters,
                },
            );
        }
    }
    found
}

/// The body of a request.
pub(super) fn body<'a>(document: &'a Value, operation: &'a Value) -> Option<&'a Value> {
    operation
        .get("requestBody")
        .map(|body| resolved(document, body))
}

/// What a `$ref` leads to.
pub(super) fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    followed(document, value).1
}

/// What a `$ref` leads to, and the name it has.
pub(super) fn followed<'a>(document: &'a Value, value: &'a Value) -> (Option<&'a str>, &'a Value) {
    let mut at = (None, value);
    for _ in 0..8 {
        // One reference that may be null, or that has a description of its own.
        let alone = match (at.1.get("oneOf"), at.1.get("allOf")) {
            (Some(Value::Array(list)), _)
                if list.len() == 2 && list[1]["enum"] == serde_json::json!([null]) =>
            {
                Some(&list[0])
            }
            (_, Some(Value::Array(list))) if list.len() == 1 => Some(&list[0]),
            _ => None,
        };
        let Some(target) = alone.unwrap_or(at.1)["$ref"].as_str() else {
            return at;
        };
        match target
            .strip_prefix('#')
            .and_then(|pointer| document.pointer(pointer))
        {
            Some(found) => at = (target.rsplit('/').next(), found),
            None => return at,
        }
    }
    at
}

/// The keys of an object.
pub(super) fn keys(value: &Value) -> impl Iterator<Item = &str> {
    value
        .as_object()
        .into_iter()
        .flat_map(Map::keys)
        .map(String::as_str)
}

/// The article before a noun.
pub(super) fn article(noun: &str) -> &'static str {
    if noun.starts_with(['a', 'e', 'i', 'o']) {
        "an"
    } else {
        "a"
    }
}

/// A schema with the members of its `allOf` put together.
#[derive(Default)]
pub(super) struct View<'a> {
    parts: Vec<&'a Value>,
    pub(super) nullable: bool,
    pub(super) choices: BTreeSet<String>,
    pub(super) properties: BTreeMap<&'a str, &'a Value>,
    pub(super) required: BTreeSet<&'a str>,
    pub(super) items: Option<&'a Value>,
    pub(super) values: Option<&'a Value>,
    union: bool,
}

impl<'a> View<'a> {
    pub(super) fn of(document: &'a Value, schema: &'a Value) -> Self {
        let mut view = Self::default();
        view.add(document, schema, 0);
        view
    }

    fn add(&mut self, document: &'a Value, schema: &'a Value, depth: usize) {
        self.parts.push(schema);
        self.nullable |= schema["nullable"] == true;
        self.choices.extend(
            schema["enum"]
                .as_array()
                .into_iter()
                .flatten()
                .map(Value::to_string),
        );
        self.required.extend(
            schema["required"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str),
        );
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            self.properties.insert(name, property);
        }
        self.items = self.items.or(schema.get("items"));
        self.values = self.values.or(schema
            .get("additionalProperties")
            .filter(|values| values.is_object()));
        self.union |= ["oneOf", "anyOf"]
            .iter()
            .any(|key| schema.get(*key).is_some());
        for part in schema["allOf"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|_| depth < 8)
        {
            self.add(document, resolved(document, part), depth + 1);
        }
    }

    /// The schemas of a choice, as they are written.
    pub(super) fn members(&self) -> BTreeSet<String> {
        let lists = self
            .parts
            .iter()
            .flat_map(|part| [&part["oneOf"], &part["anyOf"]]);
        lists
            .filter_map(Value::as_array)
            .flatten()
            .map(Value::to_string)
            .collect()
    }

    /// The first value of a keyword.
    pub(super) fn keyword(&self, key: &str) -> Option<&'a Value> {
        self.parts.iter().find_map(|part| part.get(key))
    }

    /// What kind of value it is.
    pub(super) fn kind(&self) -> &'a str {
        match self.keyword("type").and_then(Value::as_str) {
            _ if self.keyword("x-raw-json").is_some() => "any",
            _ if self.union => "union",
            Some("object") if self.properties.is_empty() && self.values.is_some() => "map",
            Some(kind) => kind,
            None if !self.properties.is_empty() => "object",
            None => "any",
        }
    }
}

//! Parameters with what they need to be written.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Lower, referred};
use crate::document::Place;
use crate::generate::names::snake;

/// Headers the transport sends with every call; they are no parameters of an operation.
pub(crate) const TRANSPORT_HEADERS: &[&str] = &[
    "X-Request-ID",
    "X-SDK-Version",
    "Authorization",
    "Accept",
    "Content-Type",
    "User-Agent",
];

impl Lower {
    /// The parameters of the path, overridden by those of the operation.
    pub(super) fn parameters(
        &mut self,
        place: &Place,
        id: &str,
        shared: Value,
        own: Value,
    ) -> Vec<Value> {
        let mut merged: Vec<(Place, Value)> = Vec::new();
        let parent = place
            .pointer()
            .rsplit_once('/')
            .map_or("", |(parent, _)| parent)
            .to_owned();
        for (owner, list) in [(Place::of(parent), shared), (place.clone(), own)] {
            for (index, parameter) in list.as_array().into_iter().flatten().enumerate() {
                let written = owner.at("parameters").at(index);
                let Some(resolved) = self.resolved(parameter, "parameters") else {
                    let target = parameter["$ref"].as_str().unwrap_or_default();
                    self.refuse(
                        &written,
                        format!("`{target}` does not exist; correct the reference"),
                    );
                    continue;
                };
                let same = |other: &Value| {
                    other["name"] == resolved["name"] && other["in"] == resolved["in"]
                };
                match merged.iter_mut().find(|(_, other)| same(other)) {
                    Some(other) => *other = (written, resolved),
                    None => merged.push((written, resolved)),
                }
            }
        }
        let mut fields = Map::new();
        for (written, parameter) in merged {
            if let Some(lowered) = self.parameter(&written, id, parameter) {
                let wire = lowered["name"].as_str().unwrap_or_default().to_owned();
                let location = lowered["in"].as_str().unwrap_or_default().to_owned();
                // The same name may stand in several places.
                let key = if fields.contains_key(&wire) {
                    format!("{location}_{wire}")
                } else {
                    wire.clone()
                };
                let mut lowered = lowered;
                lowered["x-place"] = json!([fields.len(), written.pointer()]);
                fields.insert(key, lowered);
            }
        }
        let names: BTreeMap<String, String> = fields
            .iter()
            .map(|(key, parameter)| {
                (
                    key.clone(),
                    parameter["name"].as_str().unwrap_or_default().to_owned(),
                )
            })
            .collect();
        let reserved =
            |name: &str| ["body", "header_map", "encoder", "new"].contains(&snake(name).as_str());
        let (fields, renamed) = self.fields(&place.at("parameters"), fields);
        let renamed: BTreeMap<String, String> =
            renamed.into_iter().map(|(key, name)| (name, key)).collect();
        let mut out = Vec::new();
        for (mut name, mut parameter) in fields {
            let key = renamed.get(&name).cloned().unwrap_or_else(|| name.clone());
            if reserved(&name) {
                name.push_str("_parameter");
            }
            let Some(map) = parameter.as_object_mut() else {
                continue;
            };
            map.remove("x-wire-name");
            let written = map.remove("x-place").unwrap_or_default();
            let wire = names.get(&key).cloned().unwrap_or(key);
            if wire != name {
                map.insert("name".to_owned(), json!(name));
                map.insert("x-wire-name".to_owned(), json!(wire));
            }
            out.push((
                written[0].as_u64(),
                written[1].as_str().unwrap_or_default().to_owned(),
                parameter,
            ));
        }
        // A new name must not move an argument.
        out.sort_by_key(|(index, ..)| *index);
        let out = out
            .into_iter()
            .enumerate()
            .map(|(index, (_, written, parameter))| {
                self.moved.insert(
                    place.at("parameters").at(index).pointer().to_owned(),
                    written,
                );
                parameter
            });
        out.collect()
    }

    fn parameter(&mut self, place: &Place, id: &str, parameter: Value) -> Option<Value> {
        let Value::Object(mut map) = parameter else {
            return Some(parameter);
        };
        let (name, location) = (
            map.get("name")?.as_str()?.to_owned(),
            map.get("in")?.as_str()?.to_owned(),
        );
        let required = map.get("required") == Some(&json!(true));
        if location == "header"
            && TRANSPORT_HEADERS
                .iter()
                .any(|header| header.eq_ignore_ascii_case(&name))
        {
            return None;
        }
        const KNOWN: &[&str] = &[
            "name",
            "in",
            "required",
            "description",
            "schema",
            "example",
            "style",
            "explode",
            "deprecated",
            "content",
            "x-rust-name",
        ];
        let dropped: Vec<String> = map
            .keys()
            .filter(|key| !KNOWN.contains(&key.as_str()))
            .cloned()
            .collect();
        map.retain(|key, _| KNOWN.contains(&key.as_str()));
        let silent = ["examples", "allowEmptyValue"];
        self.dropped(
            place,
            dropped.iter().filter(|key| !silent.contains(&key.as_str())),
        );
        if map.remove("content").is_some() {
            self.note(
                &place.at("content"),
                format!("`{name}` is given as text that is written already"),
            );
            map.insert("schema".to_owned(), json!({ "type": "string" }));
        }
        let hint = format!("{id}_{name}");
        let schema = map
            .remove("schema")
            .unwrap_or_else(|| json!({ "type": "string" }));
        let schema = self.secret(&place.at("schema"), &name, schema);
        let schema = self.inline(&place.at("schema"), &hint, schema);
        let style = map
            .get("style")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned();
        let explode = map.get("explode").and_then(Value::as_bool);
        let list = schema["type"] == "array";
        let object = schema["type"] == "object" || self.is_object(&schema);
        let joined = match (location.as_str(), style.as_str(), explode) {
            ("query", "spaceDelimited", None | Some(false)) => Some(" "),
            ("query", "pipeDelimited", None | Some(false)) => Some("|"),
            ("query", "" | "form", Some(false))
            | ("path" | "header" | "cookie", "" | "simple" | "form", _) => Some(","),
            _ => None,
        };
        let schema = match (location.as_str(), style.as_str()) {
            (_, "deepObject") => {
                map.insert("x-style".to_owned(), json!("deepObject"));
                self.text_map(place, &schema)
            }
            ("path", "matrix" | "label") => {
                self.refuse(
                    &place.at("style"),
                    format!("`{style}` is a style no client writes; correct it in the overlay"),
                );
                schema
            }
            _ if list && joined.is_some() => {
                map.insert("x-joined".to_owned(), json!(joined));
                schema
            }
            _ if object && location == "query" => self.text_map(place, &schema),
            _ if object => {
                self.note(
                    place,
                    format!("`{name}` is given as text that is written already"),
                );
                json!({ "type": "string" })
            }
            _ => schema,
        };
        // The elements of lists are scalars on the wire.
        let schema = match schema["items"].clone() {
            items if list && !self.is_scalar(&items) => {
                self.note(place, format!("the entries of `{name}` are given as texts"));
                json!({ "type": "array", "items": { "type": "string" } })
            }
            _ if !list && schema["type"] != "object" && !self.is_scalar(&schema) => {
                self.note(
                    place,
                    format!("`{name}` is given as text that is written already"),
                );
                json!({ "type": "string" })
            }
            _ => schema,
        };
        map.remove("style");
        map.remove("explode");
        let mut schema = schema;
        if let Some(text) = schema
            .as_object_mut()
            .and_then(|schema| schema.remove("description"))
        {
            let own = map
                .get("description")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .trim_end()
                .to_owned();
            let text = text.as_str().unwrap_or_default();
            let both = if own.is_empty() || own == text {
                text.to_owned()
            } else {
                format!("{own}\n\n{text}")
            };
            map.insert("description".to_owned(), json!(both));
        }
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("nullable");
            schema.remove("x-wire-name");
        }
        map.insert("schema".to_owned(), schema);
        map.insert("required".to_owned(), json!(required || location == "path"));
        Some(map.into())
    }

    /// The fields of an object in a query, as the pairs they are written as.
    fn text_map(&mut self, place: &Place, schema: &Value) -> Value {
        let values = schema["additionalProperties"]["type"].as_str();
        if let Some(values) =
            values.filter(|values| ["string", "integer", "number", "boolean"].contains(values))
        {
            return json!({ "type": "object", "additionalProperties": { "type": values } });
        }
        self.note(place, "its fields are given as a map of texts");
        json!({ "type": "object", "additionalProperties": { "type": "string" } })
    }

    pub(super) fn is_object(&self, schema: &Value) -> bool {
        self.target(schema)
            .is_some_and(|schema| schema["properties"].is_object() || schema["type"] == "object")
    }

    fn is_scalar(&self, schema: &Value) -> bool {
        match self.target(schema) {
            Some(target) => target["enum"].is_array(),
            None => ["string", "integer", "number", "boolean"]
                .iter()
                .any(|kind| schema["type"] == *kind),
        }
    }

    /// The component a schema refers to, done or not yet.
    fn target(&self, schema: &Value) -> Option<&Value> {
        let inner = [&schema["allOf"][0], &schema["oneOf"][0], schema];
        let name = inner.into_iter().find_map(referred)?;
        self.schemas
            .get(name)
            .or_else(|| self.document["components"]["schemas"].get(name))
    }

    pub(super) fn resolved(&self, value: &Value, kind: &str) -> Option<Value> {
        let mut value = value;
        for _ in 0..8 {
            let Some(target) = value["$ref"].as_str() else {
                return Some(value.clone());
            };
            let name = target
                .strip_prefix("#/components/")?
                .strip_prefix(kind)?
                .strip_prefix('/')?;
            value = self.document["components"][kind].get(name)?;
        }
        None
    }
}

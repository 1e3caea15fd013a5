//! Schemas in the one form that has a Rust type.

use serde_json::{Map, Value, json};

use super::limits::add_text;
use super::{FREE_JSON, Lower, reference, referred};
use crate::document::Place;
use crate::document::secret_names::is_secret;

/// Formats of text that the generator knows.
const TEXT_FORMATS: &[&str] = &[
    "password",
    "date-time",
    "date",
    "email",
    "uri",
    "url",
    "uuid",
    "byte",
    "binary",
];

impl Lower {
    /// A named schema; none for a name that is written out where it is used.
    pub(super) fn component(&mut self, place: &Place, name: &str, schema: Value) -> Option<Value> {
        let mut schema = self.composed(place, schema);
        if schema.get("x-raw-json").is_some() {
            return Some(self.checked_raw(place, schema));
        }
        if alone(&schema).is_some() {
            return None;
        }
        if schema
            .as_object_mut()
            .and_then(|map| map.remove("nullable"))
            == Some(json!(true))
        {
            self.note(place, "may be null wherever it is used; that is kept for fields that are optional or answered alone");
        }
        if is_text_enum(&schema) {
            return Some(self.text_enum(place, schema));
        }
        if schema["properties"]
            .as_object()
            .is_some_and(|map| !map.is_empty())
        {
            return Some(self.object(place, name, schema));
        }
        match kind(&schema) {
            Some("string" | "integer" | "number" | "boolean") => None,
            Some("array" | "object") => match self.inline(place, name, schema.clone()) {
                lowered if lowered.get("type").is_some() => Some(lowered),
                _ => Some(raw(schema)),
            },
            _ => Some(raw(schema)),
        }
    }

    /// A schema where it is used: a reference, a scalar, or a list or map of such.
    pub(super) fn inline(&mut self, place: &Place, hint: &str, schema: Value) -> Value {
        let mut schema = self.composed(place, schema);
        if let Some(name) = referred(&schema).map(str::to_owned) {
            return self.alias(&name).unwrap_or(schema);
        }
        if let Some(lowered) = self.wrapped(place, hint, &schema) {
            return lowered;
        }
        if schema.get("x-raw-json").is_some() || kind(&schema).is_none() {
            return self.free(&schema);
        }
        let is_object = schema["properties"]
            .as_object()
            .is_some_and(|map| !map.is_empty());
        if is_text_enum(&schema) || is_object {
            return self.hoist(place, hint, schema);
        }
        if let Some(kind) = kind(&schema).map(str::to_owned) {
            schema["type"] = json!(kind);
        }
        match kind(&schema) {
            Some("array") => {
                let items = schema.get("items").cloned().unwrap_or_else(|| json!({}));
                schema["items"] = self.inline(&place.at("items"), &format!("{hint}Item"), items);
                self.plain(place, schema, &["items"])
            }
            Some("object") => match schema.get("additionalProperties").cloned() {
                Some(values @ Value::Object(_)) if values != json!({}) => {
                    let below = place.at("additionalProperties");
                    schema["additionalProperties"] =
                        self.inline(&below, &format!("{hint}Value"), values);
                    self.plain(place, schema, &["additionalProperties"])
                }
                _ => self.free(&schema),
            },
            _ => self.scalar(place, hint, schema),
        }
    }

    /// Makes a component of a schema that is written inline.
    fn hoist(&mut self, place: &Place, hint: &str, mut schema: Value) -> Value {
        let nullable = schema
            .as_object_mut()
            .and_then(|map| map.remove("nullable"))
            == Some(json!(true));
        let outer: Map<String, Value> = ["deprecated", "x-wire-name"]
            .into_iter()
            .filter_map(|key| Some((key.to_owned(), schema.as_object_mut()?.remove(key)?)))
            .collect();
        let asked = schema
            .as_object_mut()
            .and_then(|map| map.remove("x-rust-name"));
        let name = self.free_name(asked.as_ref().and_then(Value::as_str).unwrap_or(hint));
        let component = Place::component("schemas", &name);
        self.moved
            .insert(component.pointer().to_owned(), place.pointer().to_owned());
        let lowered = self.component(&component, &name, schema);
        self.schemas
            .extend(lowered.map(|lowered| (name.clone(), lowered)));
        let mut used = if nullable {
            or_null(&name)
        } else {
            reference(&name)
        };
        if !outer.is_empty() {
            if used.get("$ref").is_some() {
                used = json!({ "allOf": [used] });
            }
            if let Some(map) = used.as_object_mut() {
                map.extend(outer);
            }
        }
        used
    }

    /// One reference with something beside it: a description, or null.
    fn wrapped(&mut self, place: &Place, hint: &str, schema: &Value) -> Option<Value> {
        let (key, inner) = ["allOf", "oneOf"]
            .into_iter()
            .find_map(|key| Some((key, schema[key].as_array()?.first()?)))?;
        let name = referred(inner)?.to_owned();
        let place = place.at(key).at(0);
        let mut out = match self.alias(&name) {
            // What a name stands for takes the description of the place.
            Some(alias) if alias.get("$ref").is_some() => match (key, referred(&alias)) {
                ("oneOf", Some(name)) => or_null(name),
                _ => json!({ key: [alias] }),
            },
            Some(mut alias) => {
                if key == "oneOf" || schema["nullable"] == true {
                    alias["nullable"] = json!(true);
                }
                alias
            }
            None => {
                let inner = self.inline(&place, hint, inner.clone());
                let mut out = json!({ key: [inner] });
                if key == "oneOf" {
                    out = or_null(&name);
                }
                out
            }
        };
        for key in ["description", "deprecated", "x-wire-name"] {
            if let Some(value) = schema.get(key) {
                out[key] = value.clone();
            }
        }
        Some(out)
    }

    /// What a name for a scalar stands for.
    fn alias(&mut self, name: &str) -> Option<Value> {
        let schema = self.document["components"]["schemas"].get(name)?.clone();
        if let Some(other) = alone(&schema).filter(|other| *other != name) {
            let other = other.to_owned();
            return Some(self.alias(&other).unwrap_or_else(|| reference(&other)));
        }
        if schema.get("x-raw-json").is_some() || is_text_enum(&schema) {
            return None;
        }
        let place = Place::component("schemas", name);
        match kind(&schema) {
            Some("string" | "integer" | "number" | "boolean") => {
                Some(self.scalar(&place, name, schema))
            }
            _ => None,
        }
    }

    fn object(&mut self, place: &Place, name: &str, mut schema: Value) -> Value {
        let properties = schema["properties"]
            .as_object()
            .cloned()
            .unwrap_or_default();
        let (properties, renamed) = self.fields(&place.at("properties"), properties);
        let mut out = Map::new();
        for (field, property) in properties {
            let wire = property["x-wire-name"]
                .as_str()
                .unwrap_or(&field)
                .to_owned();
            let below = place.at("properties").at(&wire);
            let hint = format!("{}_{field}", super::super::names::pascal(name));
            let property = self.secret(&below, &wire, property);
            let mut lowered = self.inline(&below, &hint, property.clone());
            for key in ["x-wire-name", "deprecated"] {
                if let Some(value) = property.get(key) {
                    if lowered.get("$ref").is_some() {
                        lowered = json!({ "allOf": [lowered] });
                    }
                    lowered[key] = value.clone();
                }
            }
            out.insert(field, lowered);
        }
        if let Some(Value::Array(required)) = schema.get_mut("required") {
            let kept = |name: &Value| {
                let name = name.as_str()?;
                let name = renamed.get(name).map_or(name, String::as_str);
                out.contains_key(name).then(|| json!(name))
            };
            let all = required.len();
            *required = required.iter().filter_map(kept).collect();
            if required.len() < all {
                self.note(
                    &place.at("required"),
                    "names fields that are not among the properties; they are left out",
                );
            }
        }
        if schema
            .get("additionalProperties")
            .is_some_and(Value::is_object)
        {
            self.note(
                &place.at("additionalProperties"),
                "fields beyond those listed are not kept",
            );
            schema["additionalProperties"] = json!(true);
        }
        schema["type"] = json!("object");
        schema["properties"] = out.into();
        self.plain(
            place,
            schema,
            &["properties", "required", "additionalProperties"],
        )
    }

    /// Marks a text whose name says that it is a secret.
    pub(super) fn secret(&mut self, place: &Place, name: &str, mut schema: Value) -> Value {
        let open = schema
            .as_object_mut()
            .and_then(|map| map.remove("x-secret"))
            == Some(json!(false));
        if !open
            && kind(&schema) == Some("string")
            && schema.get("format").is_none()
            && schema.get("enum").is_none()
            && is_secret(name, false)
        {
            self.note(
                place,
                "is taken for a secret by its name; say `format: password`, or `x-secret: false`",
            );
            schema["format"] = json!("password");
        }
        schema
    }

    fn text_enum(&mut self, place: &Place, mut schema: Value) -> Value {
        if let Some(Value::Array(values)) = schema.get_mut("enum") {
            let mut seen = Vec::new();
            values.retain(|value| {
                !seen.contains(value) && {
                    seen.push(value.clone());
                    true
                }
            });
        }
        schema["type"] = json!("string");
        if let Some(map) = schema.as_object_mut() {
            map.remove("format");
        }
        self.plain(place, schema, &["enum"])
    }

    fn scalar(&mut self, place: &Place, hint: &str, mut schema: Value) -> Value {
        if let Some(kind) = kind(&schema).map(str::to_owned) {
            schema["type"] = json!(kind);
        }
        let format = schema["format"].as_str().map(str::to_owned);
        match (kind(&schema), format.as_deref()) {
            (Some("string"), Some(format)) if !TEXT_FORMATS.contains(&format) => {
                self.note(
                    &place.at("format"),
                    format!("`{format}` is text in the code"),
                );
                drop(schema.as_object_mut().and_then(|map| map.remove("format")));
            }
            (Some("integer"), Some(format)) if !["int32", "int64"].contains(&format) => {
                self.note(
                    &place.at("format"),
                    format!("`{format}` is an i64 in the code"),
                );
            }
            (Some("number"), Some(format)) if !["float", "double"].contains(&format) => {
                self.note(
                    &place.at("format"),
                    format!("`{format}` is an f64 in the code, which rounds"),
                );
            }
            (Some("string" | "integer" | "number" | "boolean"), _) => {}
            (Some(other), _) => {
                self.note(
                    place,
                    format!("`{other}` is no type of OpenAPI; `{hint}` is read as free JSON"),
                );
                return self.free(&schema);
            }
            (None, _) => return self.free(&schema),
        }
        if let Some(Value::Array(values)) =
            schema.as_object_mut().and_then(|map| map.remove("enum"))
        {
            let values: Vec<String> = values.iter().map(|value| format!("`{value}`")).collect();
            add_text(&mut schema, &format!("One of {}.", values.join(", ")));
        }
        self.plain(place, schema, &[])
    }

    /// A reference to free JSON, with the description of the place.
    fn free(&mut self, schema: &Value) -> Value {
        let name = if self.document["components"]["schemas"]
            .get(FREE_JSON)
            .is_some()
        {
            "AnyFreeJson"
        } else {
            FREE_JSON
        };
        if !self.schemas.contains_key(name) {
            self.schemas.insert(
                name.to_owned(),
                json!({ "description": "Any JSON value.", "x-raw-json": true }),
            );
            self.taken.insert(name.to_owned());
        }
        let mut used = if schema["nullable"] == true {
            or_null(name)
        } else {
            reference(name)
        };
        let beside: Vec<&str> = ["description", "deprecated", "x-wire-name"]
            .into_iter()
            .filter(|key| schema.get(*key).is_some())
            .collect();
        if !beside.is_empty() && used.get("$ref").is_some() {
            used = json!({ "allOf": [used] });
        }
        for key in beside {
            used[key] = schema[key].clone();
        }
        used
    }

    /// A component that says itself that it is free JSON.
    fn checked_raw(&mut self, place: &Place, schema: Value) -> Value {
        if schema["x-raw-json"] == true
            && schema["properties"]
                .as_object()
                .is_some_and(|map| !map.is_empty())
        {
            let message = "is marked as free JSON but has properties now; remove `x-raw-json` from the overlay";
            self.refuse(&place.at("x-raw-json"), message);
        }
        let nullable = schema.get("nullable").is_some() && schema.get("type").is_none();
        match schema {
            Value::Object(mut map) if nullable => {
                map.remove("nullable");
                map.into()
            }
            schema => schema,
        }
    }
}

/// The type of a schema, guessed from its other keywords where it is not written.
pub(super) fn kind(schema: &Value) -> Option<&str> {
    if let Some(kind) = schema["type"].as_str() {
        return Some(kind);
    }
    let has = |key: &str| schema.get(key).is_some();
    let values = schema["enum"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    if has("properties") || schema["additionalProperties"].is_object() {
        Some("object")
    } else if has("items") {
        Some("array")
    } else if !values.is_empty() && values.iter().all(Value::is_string) {
        Some("string")
    } else if !values.is_empty() && values.iter().all(Value::is_i64) {
        Some("integer")
    } else if has("pattern") || has("minLength") || has("maxLength") {
        Some("string")
    } else {
        None
    }
}

/// The component that a schema is another name of.
fn alone(schema: &Value) -> Option<&str> {
    let all = schema["allOf"].as_array().map(Vec::as_slice);
    match all {
        Some([one]) => referred(one),
        _ => referred(schema),
    }
}

fn is_text_enum(schema: &Value) -> bool {
    let values = schema["enum"]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    !values.is_empty() && values.iter().all(Value::is_string) && kind(schema) == Some("string")
}

/// A component that no type is made of.
fn raw(schema: Value) -> Value {
    let mut out = json!({ "x-raw-json": true });
    if let Some(text) = schema.get("description") {
        out["description"] = text.clone();
    }
    out
}

/// A reference that may be null.
fn or_null(name: &str) -> Value {
    json!({ "oneOf": [reference(name), { "type": "object", "nullable": true, "enum": [null] }] })
}

//! OpenAPI 3.1 in the words of 3.0, so that everything behind it reads one language.
//!
//! Both versions go through here: what 3.0 already says in its own way stays as it is. Every schema comes out with one
//! `type` at most, `nullable` beside it, `enum` for `const`, and a `$ref` that names a component and stands alone or in
//! an `allOf`. What has no counterpart is left out with a note.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{Place, Problem, schemas};

/// Keywords of JSON Schema that say something to validators alone, or that no type can express.
const LEFT_OUT: &[&str] = &[
    "$anchor",
    "$comment",
    "$dynamicAnchor",
    "$dynamicRef",
    "$id",
    "$schema",
    "$vocabulary",
    "contains",
    "contentSchema",
    "dependentRequired",
    "dependentSchemas",
    "else",
    "if",
    "maxContains",
    "minContains",
    "patternProperties",
    "propertyNames",
    "then",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// A document in the words of OpenAPI 3.0.
#[derive(Debug)]
pub(crate) struct Downlevel {
    pub(crate) value: Value,
    /// What was left out.
    pub(crate) notes: Vec<Problem>,
    /// Where values stand now, and where they were written.
    pub(crate) moved: BTreeMap<String, String>,
}

/// Rewrites a document of OpenAPI 3.0 or 3.1. Another version is left to whoever reads the result.
pub(crate) fn downlevel(document: &Value) -> Downlevel {
    let mut value = document.clone();
    let mut notes = Vec::new();
    if value["openapi"]
        .as_str()
        .is_some_and(|version| version.starts_with("3.1."))
    {
        value["openapi"] = json!("3.0.3");
    }
    if let Some(map) = value.as_object_mut() {
        map.remove("jsonSchemaDialect");
        if map.remove("webhooks").is_some() {
            let message = "webhooks are calls of the platform to a server of yours; no client code comes of them";
            notes.push(Problem::new(Place::root().at("webhooks"), message));
        }
    }
    for (key, inner) in [("info", "summary"), ("info", "x-logo")] {
        if let Some(map) = value.get_mut(key).and_then(Value::as_object_mut) {
            map.remove(inner);
        }
    }
    let mut moved = BTreeMap::new();
    path_items(&mut value, &mut moved);
    definitions(&mut value, &mut moved);
    inner_references(&mut value, &mut notes);
    schemas::each(&mut value, &mut |place, schema| {
        lower(place, schema, &mut notes)
    });
    Downlevel {
        value,
        notes,
        moved,
    }
}

/// Puts a path item in the place of the `$ref` to it.
fn path_items(document: &mut Value, moved: &mut BTreeMap<String, String>) {
    let items = document["components"]
        .as_object_mut()
        .and_then(|map| map.remove("pathItems"));
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        let name = item["$ref"]
            .as_str()
            .and_then(|to| to.strip_prefix("#/components/pathItems/"))
            .map(str::to_owned);
        if let Some(name) = name
            && let Some(found) = items.as_ref().and_then(|items| items.get(&name))
        {
            *item = found.clone();
            let here = Place::root().at("paths").at(path);
            moved.insert(
                here.pointer().to_owned(),
                Place::component("pathItems", &name).pointer().to_owned(),
            );
        }
    }
}

/// Makes components of the schemas in `$defs`.
fn definitions(document: &mut Value, moved: &mut BTreeMap<String, String>) {
    let mut found: Vec<(String, Value)> = Vec::new();
    schemas::each(document, &mut |place, schema| {
        for key in ["$defs", "definitions"] {
            let Some(Value::Object(definitions)) =
                schema.as_object_mut().and_then(|map| map.remove(key))
            else {
                continue;
            };
            found.extend(
                definitions
                    .into_iter()
                    .map(|(name, value)| (place.at(key).at(name).pointer().to_owned(), value)),
            );
        }
    });
    let mut renamed = BTreeMap::new();
    for (pointer, schema) in found {
        let Some(components) = document["components"]["schemas"].as_object_mut() else {
            return;
        };
        let name = pointer.rsplit('/').next().unwrap_or_default().to_owned();
        let owner = pointer
            .strip_prefix("/components/schemas/")
            .and_then(|rest| rest.split('/').next());
        let name = if components.contains_key(&name) {
            format!("{}_{name}", owner.unwrap_or("Inner"))
        } else {
            name
        };
        moved.insert(
            Place::component("schemas", &name).pointer().to_owned(),
            pointer.clone(),
        );
        renamed.insert(
            format!("#{pointer}"),
            format!("#/components/schemas/{name}"),
        );
        components.insert(name, schema);
    }
    if !renamed.is_empty() {
        schemas::each(document, &mut |_, schema| {
            if let Some(target) = schema
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|to| renamed.get(to))
            {
                schema["$ref"] = json!(target);
            }
        });
    }
}

/// Puts the schema itself in the place of a `$ref` into the middle of another one.
fn inner_references(document: &mut Value, notes: &mut Vec<Problem>) {
    for _ in 0..8 {
        let whole = document.clone();
        let mut changed = false;
        schemas::each(document, &mut |place, schema| {
            let Some(target) = schema.get("$ref").and_then(Value::as_str) else {
                return;
            };
            let Some(pointer) = target.strip_prefix('#') else {
                return;
            };
            let inner = pointer
                .strip_prefix("/components/schemas/")
                .is_none_or(|name| name.contains('/'));
            if !inner || place.pointer().starts_with(pointer) {
                return;
            }
            if let Some(found) = whole.pointer(&decoded(pointer)) {
                notes.push(Problem::new(
                    place.clone(),
                    format!("`{target}` is no component; it is read as written out here"),
                ));
                *schema = found.clone();
                changed = true;
            }
        });
        if !changed {
            return;
        }
    }
}

/// A JSON pointer without the percent-encoding of a `$ref`.
fn decoded(pointer: &str) -> String {
    pointer
        .replace("%7B", "{")
        .replace("%7D", "}")
        .replace("%20", " ")
        .replace("%24", "$")
}

/// One schema, without those inside of it.
fn lower(place: &Place, schema: &mut Value, notes: &mut Vec<Problem>) {
    let mut note = |key: &str, message: String| notes.push(Problem::new(place.at(key), message));
    let map = match schema {
        Value::Object(map) => map,
        Value::Bool(true) => return *schema = json!({}),
        Value::Bool(false) => return *schema = json!({ "not": {} }),
        _ => return,
    };
    for key in LEFT_OUT {
        if map.remove(*key).is_some() && !key.starts_with('$') {
            note(
                key,
                format!("`{key}` is for validators; no type can say it"),
            );
        }
    }
    if let Some(value) = map.remove("const") {
        map.insert("enum".to_owned(), json!([value]));
    }
    if let Some(Value::Array(examples)) = map.remove("examples") {
        for example in examples.into_iter().take(1) {
            map.entry("example").or_insert(example);
        }
    }
    for (bound, exclusive) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ] {
        if let Some(value @ Value::Number(_)) = map.get(exclusive).cloned() {
            map.insert(bound.to_owned(), value);
            map.insert(exclusive.to_owned(), json!(true));
        }
    }
    if map.remove("prefixItems").is_some() {
        note(
            "prefixItems",
            "a list with a type for each place is read as free JSON".to_owned(),
        );
        map.insert("items".to_owned(), json!({}));
    }
    match (
        map.remove("contentEncoding"),
        map.remove("contentMediaType"),
    ) {
        (Some(encoding), _) if encoding == "base64" => {
            drop(map.insert("format".to_owned(), json!("byte")))
        }
        (None, Some(_)) if map.get("type") == Some(&json!("string")) => {
            map.insert("format".to_owned(), json!("binary"));
        }
        _ => {}
    }
    types(map);
    null_members(map);
    if map.len() > 1
        && let Some(target) = map.remove("$ref")
    {
        let all = map.entry("allOf").or_insert_with(|| json!([]));
        if let Some(all) = all.as_array_mut() {
            all.insert(0, json!({ "$ref": target }));
        }
    }
    null_reference(map);
}

/// One type, and null beside it as `nullable`.
fn types(map: &mut Map<String, Value>) {
    let mut types: Vec<Value> = match map.get("type") {
        Some(Value::Array(types)) => types.clone(),
        Some(one @ Value::String(_)) => vec![one.clone()],
        _ => return null_in_enum(map),
    };
    let several = types.len();
    types.retain(|one| one != "null");
    if types.len() < several {
        map.insert("nullable".to_owned(), json!(true));
    }
    match types.as_slice() {
        [one] => drop(map.insert("type".to_owned(), one.clone())),
        [] => {
            map.remove("type");
            map.insert("enum".to_owned(), json!([null]));
        }
        several => {
            let any: Vec<Value> = several.iter().map(|one| json!({ "type": one })).collect();
            map.remove("type");
            map.insert("anyOf".to_owned(), any.into());
        }
    }
    null_in_enum(map);
}

/// Takes null out of an enum that has other values too.
fn null_in_enum(map: &mut Map<String, Value>) {
    let Some(Value::Array(values)) = map.get_mut("enum") else {
        return;
    };
    if values.len() > 1 && values.contains(&Value::Null) {
        values.retain(|value| !value.is_null());
        map.insert("nullable".to_owned(), json!(true));
    }
}

/// Whether a schema allows nothing but null.
fn is_null(schema: &Value) -> bool {
    schema["type"] == "null"
        || schema["const"] == Value::Null && schema.get("const").is_some()
        || schema["enum"] == json!([null])
}

/// Takes null out of a choice; a choice of one is that one.
fn null_members(map: &mut Map<String, Value>) {
    for key in ["oneOf", "anyOf"] {
        let Some(Value::Array(members)) = map.get_mut(key) else {
            continue;
        };
        let before = members.len();
        members.retain(|member| !is_null(member));
        if members.len() < before {
            map.insert("nullable".to_owned(), json!(true));
        }
        if let Some(Value::Array(members)) = map.get(key)
            && let [Value::Object(only)] = members.as_slice()
        {
            let only = only.clone();
            map.remove(key);
            map.remove("discriminator");
            for (key, value) in only {
                map.entry(key).or_insert(value);
            }
            types(map);
        }
    }
}

/// A reference that may be null, in the one form that OpenAPI 3.0 has for it.
fn null_reference(map: &mut Map<String, Value>) {
    let wraps = matches!(map.get("allOf"), Some(Value::Array(all)) if matches!(all.as_slice(), [one] if one.get("$ref").is_some()));
    if wraps && !map.contains_key("type") && map.get("nullable") == Some(&json!(true)) {
        map.remove("nullable");
        if let Some(Value::Array(mut all)) = map.remove("allOf") {
            all.push(json!({ "type": "object", "nullable": true, "enum": [null] }));
            map.insert("oneOf".to_owned(), all.into());
        }
    }
}

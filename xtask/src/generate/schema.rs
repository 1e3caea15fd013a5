//! Schemas, walked by position.
//!
//! A component is *received* if any reply can hold it, else *sent*. What is received decodes leniently: every
//! property may be missing or null, so a reply is never lost over a field nobody asked for. What is sent keeps
//! `required`. A component in both places counts as received, which costs it the compile-time check on `required`
//! and nothing else.

use std::collections::BTreeMap;

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::enums::OpenEnum;
use super::names::Names;
use super::{lower, prose};
use crate::document::{Node, Place, Problems, reference, refuse};

#[cfg(test)]
mod tests;

/// Says something to readers or to Prism, nothing to decoding.
const DROPPED: &[&str] = &[
    "default",
    "example",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "pattern",
    "title",
    "uniqueItems",
];

/// What the code is made of beside the type.
const KEPT: &[&str] = &["deprecated", "x-wire-name"];

/// A reference that may be null, as OpenAPI 3.0 can say it.
const NULL_OR: &str = "oneOf: [{ $ref: .. }, { type: object, nullable: true, enum: [null] }]";

/// What a component becomes.
#[derive(Debug)]
pub(crate) enum Component {
    /// A schema for progenitor.
    Schema(Value),
    /// Free JSON, handed over undecoded.
    RawJson,
    /// Text with a set of values that may grow.
    Enum(OpenEnum),
}

/// Normalises one named schema.
pub(crate) fn component(name: &str, node: &Node<'_>, received: bool) -> Result<Component> {
    if node.has("x-raw-json") {
        if !node.flag("x-raw-json")? {
            refuse!(
                node.place.at("x-raw-json"),
                "can only be true; leave it out otherwise"
            );
        }
        if node.has("nullable") && !node.has("type") {
            refuse!(
                node.place.at("nullable"),
                "has no effect without `type` in OpenAPI 3.0; leave it out"
            );
        }
        return Ok(Component::RawJson);
    }
    if node.has("enum") {
        return open_enum(name, node).map(Component::Enum);
    }
    match node.optional_text("type")? {
        Some("object") if node.has("properties") => object(node, received).map(Component::Schema),
        Some("array" | "object") => inline(node, received).map(Component::Schema),
        Some(_) => refuse!(
            node.place,
            "is a name for plain text or a number; write it where it is used"
        ),
        None => inline(node, received).map(Component::Schema),
    }
}

/// Normalises the schema of a parameter.
pub(crate) fn parameter(node: &Node<'_>) -> Result<Value> {
    inline(node, false)
}

fn open_enum(name: &str, node: &Node<'_>) -> Result<OpenEnum> {
    known(node, &["type", "enum", "description"])?;
    if node.optional_text("type")? != Some("string") {
        refuse!(node.place, "is an enum of something other than text");
    }
    // What the values are called that are not listed.
    let mut taken = vec!["Other".to_owned()];
    let mut variants: Vec<(String, String)> = Vec::new();
    for (index, value) in node.list("enum")?.iter().enumerate() {
        let place = node.place.at("enum").at(index);
        let Some(text) = value.as_str() else {
            refuse!(place, "is not text")
        };
        variants.push((variant(text, &mut taken), text.to_owned()));
    }
    if variants.is_empty() {
        refuse!(node.place, "is an enum without values");
    }
    Ok(OpenEnum {
        name: super::names::pascal(name),
        description: description(node)?,
        variants,
    })
}

/// What Rust calls a value.
fn variant(text: &str, taken: &mut Vec<String>) -> String {
    let wish = match super::names::pascal(&lower::spelled(text)).as_str() {
        "Self" => "SelfValue".to_owned(),
        name => name.to_owned(),
    };
    let mut name = wish.clone();
    for number in 2.. {
        if !taken.contains(&name) {
            break;
        }
        name = format!("{wish}{number}");
    }
    taken.push(name.clone());
    name
}

fn object(node: &Node<'_>, received: bool) -> Result<Value> {
    if node.has("nullable") {
        refuse!(
            node.place.at("nullable"),
            "puts null into every list of this too; use `{NULL_OR}` where it can be null"
        );
    }
    known(
        node,
        &[
            "type",
            "properties",
            "required",
            "additionalProperties",
            "description",
        ],
    )?;
    match node.get("additionalProperties") {
        None | Some(Value::Bool(_)) => {}
        Some(_) => refuse!(
            node.place.at("additionalProperties"),
            "stands beside `properties`; only true or false can"
        ),
    }
    let properties = node.node("properties")?;
    let mut required = Vec::new();
    for (index, value) in node.list("required")?.iter().enumerate() {
        let place = node.place.at("required").at(index);
        match value.as_str() {
            Some(name) if properties.has(name) => required.push(name),
            Some(name) => refuse!(place, "`{name}` is not a property"),
            None => refuse!(place, "is not text"),
        }
    }
    if received {
        required.clear();
    }
    let mut names = Names::snake("property");
    let mut out = Map::new();
    let mut problems = Problems::default();
    for property in properties.nodes() {
        let member = property.and_then(|(name, property)| {
            names.take(&property.place, name)?;
            let optional = !required.contains(&name);
            Ok((name.to_owned(), member(&property, received, optional)?))
        });
        out.extend(problems.keep(member));
    }
    problems.finish()?;
    let mut schema = json!({ "type": "object", "properties": out });
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    describe(&mut schema, node)?;
    Ok(schema)
}

/// One property. An optional one becomes an `Option`, which reads null as absent. Lists and maps need to be told so,
/// or an absent one could not be told from an empty one; a reference must not be, or it would become two.
fn member(node: &Node<'_>, received: bool, optional: bool) -> Result<Value> {
    let mut schema = inline(node, received)?;
    if optional && let Some(map) = schema.as_object_mut() {
        if matches!(
            map.get("type").and_then(Value::as_str),
            Some("array" | "object")
        ) {
            map.insert("nullable".to_owned(), Value::Bool(true));
        } else if map.contains_key("allOf") {
            map.remove("nullable");
        }
    }
    Ok(schema)
}

/// A schema in the place where it is used.
fn inline(node: &Node<'_>, received: bool) -> Result<Value> {
    if let Some(target) = node.optional_text("$ref")? {
        if node.map.len() > 1 {
            refuse!(
                node.place,
                "has keys beside `$ref`, which OpenAPI 3.0 ignores; wrap it in `allOf`"
            );
        }
        let place = node.place.at("$ref");
        let (kind, _) = reference(&place, target)?;
        if kind != "schemas" {
            refuse!(place, "`{target}` is not a schema");
        }
        return Ok(json!({ "$ref": target }));
    }
    for key in ["not", "anyOf", "discriminator"] {
        if node.has(key) {
            refuse!(
                node.place.at(key),
                "is not supported; describe the value as free JSON (`x-raw-json`)"
            );
        }
    }
    if node.has("enum") {
        refuse!(
            node.place,
            "is an inline enum; make it a named component, so that it can be open"
        );
    }
    if node.has("x-raw-json") {
        refuse!(
            node.place,
            "marks inline free JSON; make it a named component"
        );
    }
    let mut schema = if node.has("allOf") || node.has("oneOf") {
        wrapped(node)?
    } else {
        match node.optional_text("type")? {
            Some("string") => text(node)?,
            Some("integer") => {
                known(node, &["type", "format", "nullable", "description"])?;
                json!({ "type": "integer", "format": "int64" })
            }
            Some("number") => {
                known(node, &["type", "format", "nullable", "description"])?;
                json!({ "type": "number", "format": "double" })
            }
            Some("boolean") => {
                known(node, &["type", "nullable", "description"])?;
                json!({ "type": "boolean" })
            }
            Some("array") => {
                known(node, &["type", "items", "nullable", "description"])?;
                json!({ "type": "array", "items": inline(&node.node("items")?, received)? })
            }
            Some("object") => map(node, received)?,
            Some(other) => refuse!(
                node.place.at("type"),
                "`{other}` is not a type of OpenAPI 3.0"
            ),
            None => refuse!(
                node.place,
                "is inline free JSON; make it a named component with `x-raw-json: true`"
            ),
        }
    };
    if node.flag("nullable")? {
        schema["nullable"] = Value::Bool(true);
    }
    describe(&mut schema, node)?;
    Ok(schema)
}

/// A reference with a description (`allOf` around it) or one that may be null (`oneOf`): OpenAPI 3.0 has no shorter
/// valid form for either.
fn wrapped(node: &Node<'_>) -> Result<Value> {
    if node.has("nullable") {
        refuse!(
            node.place.at("nullable"),
            "has no effect without `type` in OpenAPI 3.0; use `{NULL_OR}`"
        );
    }
    let key = if node.has("oneOf") { "oneOf" } else { "allOf" };
    known(node, &[key, "description"])?;
    let place = node.place.at(key);
    let null = json!({ "type": "object", "nullable": true, "enum": [null] });
    let (only, nullable) = match (key, node.list(key)?) {
        ("allOf", [only]) => (only, false),
        ("oneOf", [only, other]) if *other == null => (only, true),
        ("allOf", _) => refuse!(place, "may only wrap one `$ref`; write the properties out"),
        _ => refuse!(
            place,
            "may only be `{NULL_OR}`; describe other choices as free JSON (`x-raw-json`)"
        ),
    };
    if only.get("$ref").is_none() {
        refuse!(place.at(0), "is not a `$ref`; make it a named component");
    }
    let mut schema = json!({ "allOf": [inline(&Node::new(place.at(0), only)?, false)?] });
    if nullable {
        schema["nullable"] = Value::Bool(true);
    }
    Ok(schema)
}

/// Text stays text whatever its format says, so that a time or an address the platform writes differently is kept;
/// only secrets get a type of their own.
fn text(node: &Node<'_>) -> Result<Value> {
    known(node, &["type", "format", "nullable", "description"])?;
    match node.optional_text("format")? {
        Some("password") => Ok(json!({ "type": "string", "format": "password" })),
        None
        | Some("date-time" | "date" | "email" | "uri" | "url" | "uuid" | "byte" | "binary") => {
            Ok(json!({ "type": "string" }))
        }
        Some(other) => refuse!(
            node.place.at("format"),
            "`{other}` is a format the generator does not know"
        ),
    }
}

/// An object without properties: a map if its values have a schema.
fn map(node: &Node<'_>, received: bool) -> Result<Value> {
    if node.has("properties") {
        refuse!(node.place, "is an inline object; make it a named component");
    }
    known(
        node,
        &["type", "additionalProperties", "nullable", "description"],
    )?;
    let values = match node.get("additionalProperties") {
        Some(Value::Object(values)) if !values.is_empty() => node.node("additionalProperties")?,
        _ => refuse!(
            node.place,
            "is inline free JSON; make it a named component with `x-raw-json: true`"
        ),
    };
    Ok(json!({ "type": "object", "additionalProperties": inline(&values, received)? }))
}

fn known(node: &Node<'_>, kept: &[&str]) -> Result<()> {
    let known: Vec<&str> = kept.iter().chain(DROPPED).chain(KEPT).copied().collect();
    node.only(&known)
}

fn description(node: &Node<'_>) -> Result<Option<String>> {
    let text = node.optional_text("description")?;
    Ok(text.map(prose::rustdoc))
}

fn describe(schema: &mut Value, node: &Node<'_>) -> Result<()> {
    if let Some(text) = description(node)? {
        schema["description"] = Value::String(text);
    }
    for key in KEPT {
        if let Some(value) = node.get(key) {
            schema[*key] = value.clone();
        }
    }
    Ok(())
}

/// Every schema a schema refers to, wherever a schema can stand in it.
pub(crate) fn references(place: &Place, schema: &Value, found: &mut Vec<String>) -> Result<()> {
    let Ok(node) = Node::new(place.clone(), schema) else {
        return Ok(());
    };
    if let Some(target) = node.optional_text("$ref")? {
        let (_, name) = reference(&place.at("$ref"), target)?;
        found.push(name.to_owned());
    }
    if node.has("x-raw-json") {
        return Ok(());
    }
    for key in ["items", "additionalProperties", "not"] {
        if let Some(schema) = node.get(key) {
            references(&place.at(key), schema, found)?;
        }
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        for (index, schema) in node.list(key)?.iter().enumerate() {
            references(&place.at(key).at(index), schema, found)?;
        }
    }
    if let Some(properties) = node.optional_node("properties")? {
        for (name, schema) in properties.map {
            references(&properties.place.at(name), schema, found)?;
        }
    }
    Ok(())
}

/// Every schema reachable from these names, with the place that named it first.
pub(crate) fn reachable(schemas: &Node<'_>, from: &[String]) -> Result<BTreeMap<String, Place>> {
    let mut found = BTreeMap::new();
    let mut todo: Vec<(String, Place)> = from
        .iter()
        .map(|name| (name.clone(), schemas.place.clone()))
        .collect();
    while let Some((name, named_by)) = todo.pop() {
        if found.contains_key(&name) {
            continue;
        }
        let Some(schema) = schemas.get(&name) else {
            refuse!(
                named_by,
                "`#/components/schemas/{name}` does not exist; correct the reference"
            );
        };
        let place = schemas.place.at(&name);
        let mut next = Vec::new();
        references(&place, schema, &mut next)?;
        todo.extend(next.into_iter().map(|target| (target, place.clone())));
        found.insert(name, named_by);
    }
    Ok(found)
}

//! Every place of a document where a schema can stand.

use serde_json::Value;

use super::Place;

/// Keywords that hold one schema, a list of schemas, and schemas by name.
const ONE: &[&str] = &[
    "items",
    "additionalProperties",
    "not",
    "contains",
    "propertyNames",
    "if",
    "then",
    "else",
];
const LISTS: &[&str] = &["allOf", "oneOf", "anyOf", "prefixItems"];
const MAPS: &[&str] = &[
    "properties",
    "patternProperties",
    "dependentSchemas",
    "$defs",
    "definitions",
];

/// Calls `visit` with every schema, each before those inside of it, which are those that are left by then.
pub(crate) fn each(document: &mut Value, visit: &mut dyn FnMut(&Place, &mut Value)) {
    outside(&Place::root(), document, visit);
}

fn outside(place: &Place, value: &mut Value, visit: &mut dyn FnMut(&Place, &mut Value)) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let below = place.at(key);
                match key.as_str() {
                    "schema" => inside(&below, value, visit),
                    "schemas" if *place == Place::root().at("components") => {
                        for (name, schema) in value.as_object_mut().into_iter().flatten() {
                            inside(&below.at(name), schema, visit);
                        }
                    }
                    "example" | "examples" => {}
                    key if key.starts_with("x-") => {}
                    _ => outside(&below, value, visit),
                }
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter_mut().enumerate() {
                outside(&place.at(index), value, visit);
            }
        }
        _ => {}
    }
}

/// Calls `visit` with a schema and every schema inside of it.
pub(crate) fn inside(place: &Place, schema: &mut Value, visit: &mut dyn FnMut(&Place, &mut Value)) {
    visit(place, schema);
    let Value::Object(map) = schema else { return };
    for key in ONE {
        if let Some(schema @ (Value::Object(_) | Value::Bool(_))) = map.get_mut(*key)
            && !(*key == "additionalProperties" && schema.is_boolean())
        {
            inside(&place.at(key), schema, visit);
        }
    }
    for key in LISTS {
        for (index, schema) in map
            .get_mut(*key)
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
            .enumerate()
        {
            inside(&place.at(key).at(index), schema, visit);
        }
    }
    for key in MAPS {
        for (name, schema) in map
            .get_mut(*key)
            .and_then(Value::as_object_mut)
            .into_iter()
            .flatten()
        {
            inside(&place.at(key).at(name), schema, visit);
        }
    }
}

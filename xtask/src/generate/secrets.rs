//! `tests/tests/planted/types.rs`: every type of the generated client that holds a secret, made of planted ones.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::{Normalised, names};
use crate::output::File;

const PATH: &str = "tests/tests/planted/types.rs";

/// What stands where a secret would.
const PLANTED: &str = "Planted-in-a-type";

/// The file.
pub(super) fn file(normalised: &Normalised) -> File {
    let mut text = super::header();
    text.push_str(
        "//! Every type of the generated client that holds a secret, made of planted ones.\n\n\
         use aerostack_api::generated::types;\n\n\
         use crate::debug::{Type, shown};\n\n\
         pub(crate) const TYPES: &[Type] = &[\n",
    );
    let schemas = &normalised.openapi["components"]["schemas"];
    let values: BTreeMap<&str, &str> = normalised
        .enums
        .iter()
        .filter_map(|values| Some((values.name.as_str(), values.variants.first()?.1.as_str())))
        .collect();
    for name in super::schemas(normalised) {
        let (sample, secrets) = sample(schemas, &values, &schemas[name]);
        if secrets > 0 {
            let (name, json) = (names::pascal(name), sample.to_string());
            let _ = writeln!(
                text,
                "    Type {{ name: {name:?}, secrets: {secrets}, json: r#\"{json}\"#, show: shown::<types::{name}> }},",
            );
        }
    }
    text.push_str("];\n");
    File {
        path: PATH.to_owned(),
        text,
    }
}

/// An object with a secret in each place for one and as little else as it can have, and how many those are.
fn sample(schemas: &Value, values: &BTreeMap<&str, &str>, schema: &Value) -> (Value, usize) {
    let mut sample = Map::new();
    let mut secrets = 0;
    let required = |name: &str| {
        let required = schema["required"].as_array();
        required.is_some_and(|names| names.iter().any(|it| it == name))
    };
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let wire = property["x-wire-name"].as_str().unwrap_or(name).to_owned();
        if property["format"] == "password" {
            sample.insert(wire, json!(PLANTED));
            secrets += 1;
        } else if required(name) {
            sample.insert(wire, least(schemas, values, property));
        }
    }
    (Value::Object(sample), secrets)
}

/// The least that fits a schema.
fn least(schemas: &Value, values: &BTreeMap<&str, &str>, schema: &Value) -> Value {
    let inner = schema["allOf"].get(0).unwrap_or(schema);
    if let Some(name) = inner["$ref"].as_str().and_then(|to| to.rsplit('/').next()) {
        return match values.get(names::pascal(name).as_str()) {
            Some(value) => json!(value),
            None => least(schemas, values, &schemas[name]),
        };
    }
    match schema["type"].as_str() {
        Some("string") => json!("seen"),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("array") => json!([]),
        _ => sample(schemas, values, schema).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_with_secrets_are_listed_with_all_they_need() {
        let schemas = json!({
            "Open": { "properties": { "name": { "type": "string" } } },
            "Login": {
                "required": ["email", "password", "key", "tags"],
                "properties": {
                    "email": { "type": "string" },
                    "password": { "type": "string", "format": "password" },
                    "code": { "type": "string", "format": "password", "x-wire-name": "+code" },
                    "key": { "$ref": "#/components/schemas/Key" },
                    "tags": { "type": "array" },
                    "note": { "type": "string" },
                },
            },
        });
        let (sample, secrets) =
            sample(&schemas, &BTreeMap::from([("Key", "a")]), &schemas["Login"]);
        assert_eq!(secrets, 2);
        assert_eq!(
            sample,
            json!({ "+code": PLANTED, "email": "seen", "key": "a", "password": PLANTED, "tags": [] })
        );
    }
}

//! `tests/tests/planted/types.rs`: every type of the generated client that holds a secret, made of planted ones.

use std::fmt::Write as _;

use anyhow::{Context, Result};
use serde_json::{Map, Value, json};

use crate::output::File;

const PATH: &str = "tests/tests/planted/types.rs";

/// What stands where a secret would.
const PLANTED: &str = "Planted-in-a-type";

/// The file.
pub(super) fn file(document: &Value) -> Result<File> {
    let mut text = super::header();
    text.push_str(
        "//! Every type of the generated client that holds a secret, made of planted ones.\n\n\
         use aerostack_api::generated::types;\n\n\
         use crate::debug::{Type, shown};\n\n\
         pub(crate) const TYPES: &[Type] = &[\n",
    );
    let schemas = document["components"]["schemas"]
        .as_object()
        .context("the document has no schemas")?;
    for (name, schema) in schemas {
        let (sample, secrets) = sample(document, schema);
        if secrets > 0 {
            let json = sample.to_string();
            let _ = writeln!(
                text,
                "    Type {{ name: {name:?}, secrets: {secrets}, json: r#\"{json}\"#, show: shown::<types::{name}> }},",
            );
        }
    }
    text.push_str("];\n");
    Ok(File {
        path: PATH.to_owned(),
        text,
    })
}

/// An object with a secret in each place for one and as little else as it can have, and how many those are.
fn sample(document: &Value, schema: &Value) -> (Value, usize) {
    let mut sample = Map::new();
    let mut secrets = 0;
    let required = |name: &str| {
        let required = schema["required"].as_array();
        required.is_some_and(|names| names.iter().any(|it| it == name))
    };
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        if property["format"] == "password" {
            sample.insert(name.clone(), json!(PLANTED));
            secrets += 1;
        } else if required(name) {
            sample.insert(name.clone(), least(document, property));
        }
    }
    (Value::Object(sample), secrets)
}

/// The least that fits a schema.
fn least(document: &Value, schema: &Value) -> Value {
    let referred = schema["$ref"].as_str().and_then(|to| to.strip_prefix('#'));
    let schema = referred
        .and_then(|to| document.pointer(to))
        .unwrap_or(schema);
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    match schema["type"].as_str() {
        Some("string") => json!("seen"),
        Some("integer" | "number") => json!(1),
        Some("boolean") => json!(true),
        Some("array") => json!([]),
        _ => sample(document, schema).0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_with_secrets_are_listed_with_all_they_need() {
        let document = json!({ "components": { "schemas": {
            "Key": { "type": "string", "enum": ["a", "b"] },
            "Open": { "properties": { "name": { "type": "string" } } },
            "Login": {
                "required": ["email", "password", "key", "tags"],
                "properties": {
                    "email": { "type": "string" },
                    "password": { "type": "string", "format": "password" },
                    "code": { "type": "string", "format": "password" },
                    "key": { "$ref": "#/components/schemas/Key" },
                    "tags": { "type": "array" },
                    "note": { "type": "string" },
                },
            },
        } } });
        let text = file(&document).unwrap().text;
        let rows: Vec<&str> = text
            .lines()
            .filter(|line| line.contains("Type {"))
            .collect();
        assert_eq!(
            rows,
            [concat!(
                r#"    Type { name: "Login", secrets: 2, json: r#"{"code":"Planted-in-a-type","email":"seen","key":"a","#,
                r##""password":"Planted-in-a-type","tags":[]}"#, show: shown::<types::Login> },"##,
            )]
        );
    }
}

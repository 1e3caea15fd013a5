//! Whether every example fits the schema it stands beside.

use serde_json::{Map, Value, json};

use super::Finding;
use crate::document::Place;

pub(crate) const RULE: &str = "examples-fit";

/// Validates every example of the document, wherever one can stand.
pub(crate) fn check(document: &Value) -> Vec<Finding> {
    let mut schemas = document
        .pointer("/components/schemas")
        .cloned()
        .unwrap_or_default();
    for schema in schemas
        .as_object_mut()
        .into_iter()
        .flat_map(Map::values_mut)
    {
        to_json_schema(schema);
    }
    let mut check = Check {
        schemas,
        found: Vec::new(),
    };
    check.walk(&Place::root(), document);
    check.found
}

struct Check {
    schemas: Value,
    found: Vec<Finding>,
}

impl Check {
    /// Visits parameters, headers, media types and components: everything that has both a schema and examples.
    fn walk(&mut self, place: &Place, value: &Value) {
        match value {
            Value::Object(map) => {
                if let Some(schema) = map.get("schema") {
                    self.examples(place, schema, map);
                    return;
                }
                for (key, value) in map {
                    match key.as_str() {
                        "schemas" if *place == Place::root().at("components") => {
                            self.components(place, value)
                        }
                        _ => self.walk(&place.at(key), value),
                    }
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    self.walk(&place.at(index), value);
                }
            }
            _ => {}
        }
    }

    fn components(&mut self, place: &Place, schemas: &Value) {
        for (name, schema) in schemas.as_object().into_iter().flatten() {
            let place = place.at("schemas").at(name);
            if let Some(example) = schema.get("example") {
                self.example(&place.at("example"), schema, example);
            }
            for (property, schema) in schema
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                if let Some(example) = schema.get("example") {
                    self.example(
                        &place.at("properties").at(property).at("example"),
                        schema,
                        example,
                    );
                }
            }
        }
    }

    fn examples(&mut self, place: &Place, schema: &Value, owner: &Map<String, Value>) {
        if let Some(example) = owner.get("example") {
            self.example(&place.at("example"), schema, example);
        }
        for (name, example) in owner
            .get("examples")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            match example.get("value") {
                Some(value) => {
                    self.example(&place.at("examples").at(name).at("value"), schema, value)
                }
                None => self.say(&place.at("examples").at(name), "has no `value`".to_owned()),
            }
        }
    }

    fn example(&mut self, place: &Place, schema: &Value, example: &Value) {
        let mut schema = schema.clone();
        to_json_schema(&mut schema);
        let root = json!({ "allOf": [schema], "components": { "schemas": self.schemas } });
        let options = jsonschema::options()
            .with_draft(jsonschema::Draft::Draft202012)
            .should_validate_formats(true);
        match options.build(&root) {
            Ok(validator) => {
                for error in validator.iter_errors(example) {
                    let at = error.instance_path().to_string();
                    let at = if at.is_empty() {
                        String::new()
                    } else {
                        format!(" at {at}")
                    };
                    self.say(place, format!("does not fit{at}: {error}"));
                }
            }
            Err(error) => self.say(place, format!("its schema cannot be used: {error}")),
        }
    }

    fn say(&mut self, place: &Place, message: String) {
        self.found.push(Finding {
            rule: RULE,
            place: place.clone(),
            message,
        });
    }
}

/// Turns an OpenAPI 3.0 schema into the JSON Schema of today: `nullable` becomes a type.
fn to_json_schema(schema: &mut Value) {
    let Some(map) = schema.as_object_mut() else {
        return;
    };
    if map.remove("nullable") == Some(Value::Bool(true))
        && let Some(kind) = map.get_mut("type")
    {
        *kind = json!([kind.clone(), "null"]);
        if let Some(Value::Array(values)) = map.get_mut("enum") {
            values.push(Value::Null);
        }
    }
    for (bound, flag) in [
        ("minimum", "exclusiveMinimum"),
        ("maximum", "exclusiveMaximum"),
    ] {
        if map.remove(flag) == Some(Value::Bool(true))
            && let Some(value) = map.remove(bound)
        {
            map.insert(flag.to_owned(), value);
        }
    }
    for key in ["items", "additionalProperties", "not"] {
        if let Some(schema) = map.get_mut(key) {
            to_json_schema(schema);
        }
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        for schema in map
            .get_mut(key)
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            to_json_schema(schema);
        }
    }
    for schema in map
        .get_mut("properties")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(Map::values_mut)
    {
        to_json_schema(schema);
    }
}

//! Documents made of a grammar of OpenAPI 3.0 and 3.1: whatever is written, the generator answers with Rust or with a
//! refusal that names the place and the cure, and loses nothing without a note.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{files, read};
use crate::document::{Place, escaped};

/// Makes a document from a seed. Every name in it occurs once, so that it can be found again.
pub(crate) fn document(seed: u64, size: usize) -> Value {
    let mut grammar = Grammar {
        state: seed | 1,
        count: 0,
        newer: seed.is_multiple_of(2),
    };
    grammar.document(size)
}

struct Grammar {
    state: u64,
    count: usize,
    /// Whether the document is of version 3.1.
    newer: bool,
}

impl Grammar {
    fn below(&mut self, end: usize) -> usize {
        // xorshift64*
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        (self.state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33) as usize % end
    }

    fn chance(&mut self, one_in: usize) -> bool {
        self.below(one_in) == 0
    }

    fn pick<T: Clone>(&mut self, items: &[T]) -> T {
        let index = self.below(items.len());
        items[index].clone()
    }

    /// A name that holds a word of its own, plain or odd.
    fn name(&mut self, word: &str) -> String {
        self.count += 1;
        let name = format!("{word}{}", self.count);
        match self.below(12) {
            0 => format!("_{name}"),
            1 => format!("2{name}"),
            2 => format!("${name}"),
            3 => format!("+{name}"),
            4 => format!("{name}-x"),
            5 => format!("{name}.y"),
            6 => format!("{name}Ünï"),
            7 => name.to_uppercase(),
            _ => name,
        }
    }

    fn document(&mut self, size: usize) -> Value {
        let mut schemas = Map::new();
        for index in 0..size {
            let schema = if self.chance(3) {
                self.schema(3, size)
            } else {
                self.object(2, size)
            };
            schemas.insert(format!("Named{index}"), schema);
        }
        let mut paths = Map::new();
        for index in 0..1 + self.below(size) {
            let mut item = Map::new();
            for method in ["get", "post", "put", "delete", "patch", "head"] {
                if self.chance(3) {
                    item.insert(method.to_owned(), self.operation(index, method, size));
                }
            }
            item.insert("parameters".to_owned(), json!([{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }]));
            paths.insert(format!("/v1/things{index}/{{id}}"), item.into());
        }
        let mut document = json!({
            "openapi": if self.newer { "3.1.0" } else { "3.0.3" },
            "info": { "title": "Made", "version": "1" },
            "security": [{ "ApiKeyAuth": [] }],
            "paths": paths,
            "components": {
                "securitySchemes": { "ApiKeyAuth": { "type": "apiKey", "in": "header", "name": "K" }, "Other": { "type": "oauth2", "flows": {} } },
                "schemas": schemas,
            },
        });
        if self.newer && self.chance(3) {
            document["webhooks"] = json!({ "it": {} });
        }
        if self.chance(3) {
            document["x-vendor"] = json!({ "a": 1 });
        }
        document
    }

    fn operation(&mut self, index: usize, method: &str, size: usize) -> Value {
        let mut operation = json!({ "x-confidence": "docs", "x-idempotent": "no", "responses": self.responses(size) });
        if !self.chance(5) {
            operation["operationId"] = json!(self.name(&format!("{method}Thing{index}n")));
        }
        match self.below(4) {
            0 => {}
            1 => operation["tags"] = json!(["A", "B"]),
            _ => operation["tags"] = json!(["A"]),
        }
        for (key, value) in [
            (
                "description",
                json!("See <b> and [it]:\n\n    code\n\n```\nmore\n```\nhalf `a"),
            ),
            ("deprecated", json!(true)),
            ("callbacks", json!({})),
            (
                "security",
                json!([{}, { "Other": [] }, { "ApiKeyAuth": [], "BearerAuth": [] }]),
            ),
            ("servers", json!([])),
            ("x-odd", json!(1)),
        ] {
            if self.chance(5) {
                operation[key] = value;
            }
        }
        let parameters: Vec<Value> = (0..self.below(4)).map(|_| self.parameter(size)).collect();
        if !parameters.is_empty() {
            operation["parameters"] = parameters.into();
        }
        if method != "get" && method != "head" && !self.chance(4) {
            operation["requestBody"] = self.body(size);
        }
        operation
    }

    fn parameter(&mut self, size: usize) -> Value {
        let place = self.pick(&["query", "query", "query", "header", "cookie"]);
        let schema = match self.below(6) {
            0 => self.schema(2, size),
            1 => json!({ "type": "array", "items": { "type": self.pick(&["string", "integer"]) } }),
            2 => json!({ "type": "string", "enum": ["a", "1m", "+1", ""] }),
            3 => json!({ "type": "object", "additionalProperties": { "type": "string" } }),
            _ => json!({ "type": self.pick(&["string", "integer", "number", "boolean"]) }),
        };
        let mut parameter = json!({ "name": self.name("query").replace('Ü', "u").replace('ï', "i"), "in": place, "schema": schema });
        for (key, values) in [
            ("required", vec![json!(true)]),
            ("deprecated", vec![json!(true)]),
            ("explode", vec![json!(false), json!(true)]),
            (
                "style",
                vec![
                    json!("form"),
                    json!("deepObject"),
                    json!("pipeDelimited"),
                    json!("spaceDelimited"),
                ],
            ),
            ("description", vec![json!("A parameter.")]),
            ("x-odd", vec![json!(1)]),
        ] {
            if self.chance(4) && (key != "style" || place == "query") {
                parameter[key] = self.pick(&values);
            }
        }
        parameter
    }

    fn body(&mut self, size: usize) -> Value {
        let media = self.pick(&[
            "application/json",
            "application/json",
            "application/json",
            "application/json; charset=utf-8",
            "application/merge-patch+json",
            "application/octet-stream",
            "text/plain",
            "multipart/form-data",
            "application/x-www-form-urlencoded",
            "*/*",
        ]);
        let schema = if media.contains("form") {
            self.object(1, size)
        } else {
            self.schema(3, size)
        };
        let mut content = json!({ media: { "schema": schema } });
        if self.chance(6) {
            content["application/xml"] = json!({});
        }
        json!({ "required": self.chance(2), "content": content })
    }

    fn responses(&mut self, size: usize) -> Value {
        let mut responses = Map::new();
        for status in [
            "200", "201", "204", "2XX", "302", "404", "4XX", "500", "default",
        ] {
            if self.chance(if status == "200" { 2 } else { 5 }) {
                let mut response = json!({ "description": "It." });
                if status != "204" && !self.chance(4) {
                    let media = self.pick(&[
                        "application/json",
                        "application/json",
                        "text/plain",
                        "application/pdf",
                        "text/event-stream",
                        "application/hal+json",
                    ]);
                    response["content"] = json!({ media: { "schema": self.schema(3, size) } });
                }
                responses.insert(status.to_owned(), response);
            }
        }
        responses.into()
    }

    fn object(&mut self, depth: usize, size: usize) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for _ in 0..1 + self.below(4) {
            let name = self.name("field");
            if self.chance(3) {
                required.push(name.clone());
            }
            properties.insert(name, self.schema(depth, size));
        }
        let mut object = json!({ "properties": properties });
        if !self.chance(4) {
            object["type"] = json!("object");
        }
        if self.chance(2) {
            object["required"] = required.into();
        }
        if self.chance(5) {
            object["additionalProperties"] =
                self.pick(&[json!(true), json!(false), json!({ "type": "string" })]);
        }
        object
    }

    fn schema(&mut self, depth: usize, size: usize) -> Value {
        let kind = if depth == 0 {
            self.below(9)
        } else {
            self.below(19)
        };
        let mut schema = match kind {
            0 => json!({}),
            1 => {
                json!({ "type": "string", "format": self.pick(&["uuid", "date-time", "ipv4", "password", "binary"]) })
            }
            2 => {
                json!({ "type": "integer", "format": self.pick(&["int32", "int64", "uint64"]), "minimum": 1 })
            }
            3 => json!({ "type": "number", "default": 1.5 }),
            4 => json!({ "type": "boolean" }),
            5 => json!({ "type": "string", "enum": ["a", "A", "2x", "+", "", "self"] }),
            6 => json!({ "type": "integer", "enum": [1, 2] }),
            7 => {
                return json!({ "$ref": format!("#/components/schemas/Named{}", self.below(size)) });
            }
            8 => json!({ "type": "string", "pattern": "^a`$", "minLength": 1, "maxLength": 3 }),
            9 | 10 => self.object(depth - 1, size),
            11 => json!({ "type": "array", "items": self.schema(depth - 1, size) }),
            12 => json!({ "type": "array" }),
            13 => json!({ "type": "object", "additionalProperties": self.schema(depth - 1, size) }),
            14 => json!({ "type": "object", "additionalProperties": true }),
            15 => json!({ "allOf": [self.object(depth - 1, size), self.object(0, size)] }),
            16 => {
                json!({ "oneOf": [self.schema(depth - 1, size), self.schema(0, size)], "discriminator": { "propertyName": "k" } })
            }
            17 => json!({ "anyOf": [{ "type": "string" }, { "type": "string", "enum": ["b"] }] }),
            _ => {
                json!({ "allOf": [{ "$ref": format!("#/components/schemas/Named{}", self.below(size)) }], "description": "One." })
            }
        };
        if self.newer {
            match self.below(10) {
                0 if schema["type"].is_string() => schema["type"] = json!([schema["type"], "null"]),
                1 => return json!({ "anyOf": [schema, { "type": "null" }] }),
                2 if depth == 0 => return json!({ "const": "c" }),
                3 if schema["type"] == "integer" => schema["exclusiveMinimum"] = json!(0),
                4 if schema["type"] == "array" => {
                    schema["prefixItems"] = json!([{ "type": "string" }])
                }
                _ => {}
            }
        } else if self.chance(8) && schema["type"].is_string() {
            schema["nullable"] = json!(true);
        }
        for (key, value) in [
            ("deprecated", json!(true)),
            ("readOnly", json!(true)),
            ("x-odd", json!({})),
            ("description", json!("What `it` is: <b>.")),
            ("title", json!("It")),
        ] {
            if self.chance(12) {
                schema[key] = value;
            }
        }
        schema
    }
}

/// Every field of a schema and parameter of an operation, with its place.
fn named(place: &Place, value: &Value, found: &mut Vec<(Place, String)>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if key == "properties" {
                    found.extend(
                        value
                            .as_object()
                            .into_iter()
                            .flatten()
                            .map(|(name, _)| (place.at(key).at(name), name.clone())),
                    );
                }
                named(&place.at(key), value, found);
            }
            if let (Some(name), true) = (
                map.get("name").and_then(Value::as_str),
                map.contains_key("schema"),
            ) {
                found.push((place.clone(), name.to_owned()));
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                named(&place.at(index), item, found);
            }
        }
        _ => {}
    }
}

/// The word that a name holds, which occurs once.
fn word(name: &str) -> String {
    let lower = name.to_lowercase();
    let start = lower
        .find("field")
        .or_else(|| lower.find("query"))
        .unwrap_or(0);
    lower[start..]
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric())
        .collect::<String>()
        .trim_end_matches('x')
        .to_owned()
}

/// What is wrong with the answer to a document.
pub(crate) fn fault(document: &Value) -> Result<(), String> {
    let normalised = match read(document) {
        Ok(normalised) => normalised,
        Err(error) => {
            let error = error.to_string();
            let told = error.lines().all(|line| {
                line.ends_with(" problems") || line.starts_with("#/") && line.contains("; ")
            });
            return if told {
                Ok(())
            } else {
                Err(format!("refused without a place or a cure: {error}"))
            };
        }
    };
    let mut code = String::new();
    for file in files(&normalised).map_err(|error| format!("no code: {error:#}"))? {
        syn::parse_file(&file.text)
            .map_err(|error| format!("{} is no Rust: {error}", file.path))?;
        code.push_str(&file.text.to_lowercase());
    }
    let noted: Vec<&str> = normalised
        .left_out
        .iter()
        .map(|note| note.place.pointer())
        .collect();
    let unused: Vec<&String> = normalised
        .notes
        .iter()
        .filter(|note| note.contains("is used by no request"))
        .collect();
    let mut names = Vec::new();
    named(&Place::root(), document, &mut names);
    for (place, name) in names {
        let word = word(&name);
        let at = place.pointer();
        let owner = at
            .strip_prefix("/components/schemas/")
            .and_then(|rest| rest.split('/').next());
        let said = noted
            .iter()
            .any(|noted| at == *noted || at.starts_with(&format!("{noted}/")))
            || owner.is_some_and(|owner| {
                unused
                    .iter()
                    .any(|note| note.contains(&format!("schema {owner} ")))
            })
            || is_failure(at)
            || at.contains(&escaped("head/"))
            || at.contains("/head/");
        if !code.contains(&word) && !said {
            return Err(format!("{at} is lost without a note; notes: {noted:#?}"));
        }
    }
    Ok(())
}

/// Whether a place is in a response that is no success; those are read without a type.
fn is_failure(at: &str) -> bool {
    let status = at
        .split("/responses/")
        .nth(1)
        .and_then(|rest| rest.split('/').next());
    status.is_some_and(|status| !status.starts_with('2'))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_written_gives_rust_or_a_refusal_and_loses_nothing(seed in any::<u64>(), size in 1usize..6) {
        let document = document(seed, size);
        if let Err(fault) = fault(&document) {
            return Err(TestCaseError::fail(format!("{fault}\n{document:#}")));
        }
    }
}

//! The document, reduced to what progenitor can take.

use anyhow::Result;
use serde_json::{Map, Value, json};

use super::enums::OpenEnum;
use super::facts::{self, Operation};
use super::names::Names;
use super::schema::{self, Component};
use super::{names, prose};
use crate::document::{Node, Place, Problem, Problems, refuse, resolve};

mod bodies;
mod parameters;

use bodies::Body;
pub(crate) use parameters::placeholders;

/// The methods that an operation may have.
pub(super) const METHODS: &[&str] = &["get", "put", "post", "delete", "patch"];

/// What an operation may hold.
pub(super) const OPERATION: &[&str] = &[
    "operationId",
    "tags",
    "summary",
    "description",
    "externalDocs",
    "deprecated",
    "parameters",
    "requestBody",
    "responses",
    "security",
    "x-confidence",
    "x-idempotent",
    "x-pagination",
];

/// What the document comes to.
#[derive(Debug)]
pub(crate) struct Normalised {
    /// The document for progenitor.
    pub(crate) openapi: Value,
    /// All operations, those written by hand included.
    pub(crate) operations: Vec<Operation>,
    pub(crate) enums: Vec<OpenEnum>,
    /// Components that are free JSON.
    pub(crate) raw_json: Vec<String>,
    /// Types that requests hold.
    pub(crate) sent: Vec<String>,
    /// What the generated client lacks although the document has it.
    pub(crate) notes: Vec<String>,
    /// What was read as something else, or left out, and where.
    pub(crate) left_out: Vec<Problem>,
}

/// Reduces the document. Pure: the same document gives the same result.
pub(crate) fn normalise(document: &Value) -> Result<Normalised> {
    let root = Node::new(Place::root(), document)?;
    root.only(&[
        "openapi",
        "info",
        "externalDocs",
        "servers",
        "tags",
        "security",
        "paths",
        "components",
    ])?;
    let version = root.text("openapi")?;
    if !version.starts_with("3.0.") {
        refuse!(
            root.place.at("openapi"),
            "OpenAPI {version} is not supported; use 3.0 or 3.1"
        );
    }
    let info = root.node("info")?;
    let mut walk = Walk::new(document);
    let mut paths = Map::new();
    for path in root.node("paths")?.nodes() {
        let item = path.and_then(|(template, item)| Ok((template, walk.path(template, &item)?)));
        if let Some((template, item)) = walk.problems.keep(item)
            && !item.is_empty()
        {
            paths.insert(template.to_owned(), Value::Object(item));
        }
    }
    let components = walk.components(&root);
    let (schemas, sent) = walk.problems.keep(components).unwrap_or_default();
    std::mem::take(&mut walk.problems).finish()?;
    let openapi = json!({
        "openapi": version,
        "info": { "title": info.text("title")?, "version": info.text("version")? },
        "paths": paths,
        "components": { "schemas": schemas },
    });
    Ok(Normalised {
        openapi,
        operations: walk.operations,
        enums: walk.enums,
        raw_json: walk.raw_json,
        sent,
        notes: walk.notes,
        left_out: walk.left_out,
    })
}

fn refused<T>(place: &Place, why: &str) -> Result<T> {
    refuse!(place, "{why}")
}

struct Walk<'a> {
    document: &'a Value,
    operations: Vec<Operation>,
    ids: Names,
    /// Names of schemas that requests and replies start from.
    sent: Vec<String>,
    received: Vec<String>,
    enums: Vec<OpenEnum>,
    raw_json: Vec<String>,
    notes: Vec<String>,
    left_out: Vec<Problem>,
    problems: Problems,
}

impl<'a> Walk<'a> {
    fn new(document: &'a Value) -> Self {
        Self {
            document,
            left_out: Vec::new(),
            problems: Problems::default(),
            operations: Vec::new(),
            ids: Names::snake("operation"),
            sent: Vec::new(),
            received: Vec::new(),
            enums: Vec::new(),
            raw_json: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn path(&mut self, template: &str, item: &Node<'a>) -> Result<Map<String, Value>> {
        let known: Vec<&str> = METHODS
            .iter()
            .copied()
            .chain(["parameters", "summary", "description"])
            .collect();
        item.only(&known)?;
        let mut out = Map::new();
        for (method, value) in item
            .map
            .iter()
            .filter(|(key, _)| METHODS.contains(&key.as_str()))
        {
            let operation = Node::new(item.place.at(method), value)
                .and_then(|operation| self.operation(template, method, &operation));
            if let Some(Some(operation)) = self.problems.keep(operation) {
                out.insert(method.clone(), operation);
            }
        }
        Ok(out)
    }

    fn operation(&mut self, path: &str, method: &str, node: &Node<'a>) -> Result<Option<Value>> {
        node.only(OPERATION)?;
        let id = node.text("operationId")?;
        let taken = self.ids.take(&node.place.at("operationId"), id).map(drop);
        let tag = match node.list("tags")? {
            [Value::String(tag)] => Ok(tag.clone()),
            _ => refused(&node.place, "needs exactly one tag"),
        };
        let credentials = match node.has("security") {
            true => facts::credentials(&node.place.at("security"), node.list("security")?),
            false => refused(&node.place, "lacks `security`; write it out, `[]` for none"),
        };
        let parameters = self.parameters(path, node);
        let body = node
            .optional_node("requestBody")
            .and_then(|body| body.map(|body| self.body(id, &body)).transpose());
        let responses = node
            .node("responses")
            .and_then(|responses| self.responses(&responses));
        // Everything is read before anything fails, so that all of it is said at once.
        let mut problems = Problems::default();
        problems.keep(taken);
        let (tag, credentials) = (problems.keep(tag), problems.keep(credentials));
        let (parameters, body, responses) = (
            problems.keep(parameters),
            problems.keep(body),
            problems.keep(responses),
        );
        let (idempotency, confidence) = (
            problems.keep(facts::idempotency(node)),
            problems.keep(facts::confidence(node)),
        );
        let pagination = problems.keep(facts::pagination(node));
        problems.finish()?;
        let (
            (Some(tag), Some(credentials), Some(parameters), Some(body)),
            (Some((statuses, success)), Some(idempotency), Some(_), Some(pagination)),
        ) = (
            (tag, credentials, parameters, body),
            (responses, idempotency, confidence, pagination),
        )
        else {
            return Ok(None);
        };
        let (body, form) = match body {
            Some(Body::Form(fields)) => (None, fields),
            Some(Body::Schema(body)) => (Some(body), Vec::new()),
            None => (None, Vec::new()),
        };
        self.operations.push(Operation {
            id: id.to_owned(),
            method: method.to_uppercase(),
            path: path.to_owned(),
            tag,
            idempotency,
            credentials,
            pagination,
            statuses,
            form,
        });
        let mut out = json!({ "operationId": id, "responses": success });
        for key in ["summary", "description"] {
            if let Some(text) = node.optional_text(key)? {
                out[key] = prose::rustdoc(text).into();
            }
        }
        if node.flag("deprecated")? {
            out["deprecated"] = true.into();
        }
        if !parameters.is_empty() {
            out["parameters"] = parameters.into();
        }
        if let Some(body) = body {
            out["requestBody"] = body;
        }
        Ok(Some(out))
    }

    /// The schema of JSON content, which must be a named component, and its name.
    fn json(&self, media: &Node<'a>, what: &str) -> Result<(Value, String)> {
        media.only(&["schema", "example", "examples"])?;
        let schema = media.node("schema")?;
        let Some(target) = schema.optional_text("$ref")? else {
            refuse!(
                schema.place,
                "is an inline {what} schema; make it a named component"
            );
        };
        let mut names = Vec::new();
        schema::references(
            &schema.place,
            &Value::Object(schema.map.clone()),
            &mut names,
        )?;
        match names.pop() {
            Some(name) => Ok((json!({ "$ref": target }), name)),
            None => refuse!(schema.place, "names no schema"),
        }
    }

    /// Every status, and the success that progenitor decodes. Failures are left out: they are read
    /// by hand and leniently, because a body that is not the documented one must not cost the status.
    fn responses(&mut self, node: &Node<'a>) -> Result<(Vec<u16>, Value)> {
        let mut statuses = Vec::new();
        let mut success = Map::new();
        let mut problems = Problems::default();
        for response in node.nodes() {
            let (key, response) = response?;
            let read = self.response(key, response);
            let Some((status, content)) = problems.keep(read) else {
                continue;
            };
            statuses.push(status);
            if let Some(content) = content {
                success.insert(
                    key.to_owned(),
                    json!({ "description": "", "content": content }),
                );
            }
        }
        problems.finish()?;
        let mut contents = success.values();
        match contents.next() {
            None => refuse!(node.place, "declares no success"),
            Some(first) if contents.any(|other| other != first) => {
                refuse!(
                    node.place,
                    "declares several success types; an operation has one"
                )
            }
            Some(_) => {}
        }
        statuses.sort_unstable();
        Ok((statuses, Value::Object(success)))
    }

    /// A status and, of a success, the content.
    fn response(&mut self, key: &str, response: Node<'a>) -> Result<(u16, Option<Value>)> {
        let status = key
            .parse::<u16>()
            .ok()
            .filter(|status| (200..600).contains(status));
        let Some(status) = status else {
            refuse!(response.place, "is not a status; write each status out");
        };
        let response = resolve(self.document, response, "responses")?;
        response.only(&["description", "headers", "content", "x-confidence"])?;
        facts::confidence(&response)?;
        let content = (200..300)
            .contains(&status)
            .then(|| self.success(&response))
            .transpose()?;
        Ok((status, content))
    }

    /// The content of a successful response.
    fn success(&mut self, response: &Node<'a>) -> Result<Value> {
        let Some(content) = response.optional_node("content")? else {
            return Ok(json!({}));
        };
        let mut out = Map::new();
        let mut stream = false;
        for media in content.nodes() {
            let (media, node) = media?;
            match media {
                "application/json" => {
                    let (schema, name) = self.json(&node, "response")?;
                    self.received.push(name);
                    out.insert(media.to_owned(), json!({ "schema": schema }));
                }
                "text/event-stream" => stream = true,
                "application/octet-stream" => {
                    let bytes = json!({ "type": "string", "format": "binary" });
                    out.insert(media.to_owned(), json!({ "schema": bytes }));
                }
                _ => refuse!(node.place, "is a media type the generator does not know"),
            }
        }
        match (out.len(), stream) {
            (1, false) => {}
            (1, true) if out.contains_key("application/json") => {}
            _ => refuse!(
                content.place,
                "must be one media type, or JSON beside an event stream"
            ),
        }
        Ok(Value::Object(out))
    }

    /// The schemas that operations use, and the types that requests hold.
    fn components(&mut self, root: &Node<'a>) -> Result<(Map<String, Value>, Vec<String>)> {
        let components = root.node("components")?;
        components.only(&[
            "schemas",
            "responses",
            "parameters",
            "requestBodies",
            "headers",
            "securitySchemes",
        ])?;
        let schemas = components.node("schemas")?;
        let sent = schema::reachable(&schemas, &self.sent)?;
        let received = schema::reachable(&schemas, &self.received)?;
        let mut rust_names = Names::pascal("schema");
        let mut out = Map::new();
        let mut sent_types = Vec::new();
        let mut problems = Problems::default();
        for schema in schemas.nodes() {
            let (name, node) = schema?;
            problems.keep(rust_names.take(&node.place, name));
            let is_received = received.contains_key(name);
            if !is_received && !sent.contains_key(name) {
                self.notes.push(format!(
                    "schema {name} is used by no request and no success, so it has no type"
                ));
                continue;
            }
            // A replaced component only lends its name: what it holds is not looked at.
            let Some(component) = problems.keep(schema::component(name, &node, is_received)) else {
                continue;
            };
            let schema = match component {
                Component::Schema(schema) => {
                    if sent.contains_key(name) {
                        sent_types.push(names::pascal(name));
                    }
                    schema
                }
                Component::RawJson => {
                    self.raw_json.push(names::pascal(name));
                    json!({ "type": "string" })
                }
                Component::Enum(values) => {
                    self.enums.push(values);
                    json!({ "type": "string" })
                }
            };
            if is_received && sent.contains_key(name) && schema.get("properties").is_some() {
                self.notes.push(format!(
                    "schema {name} is sent and received, so none of its fields is mandatory"
                ));
            }
            out.insert(name.to_owned(), schema);
        }
        endless(&out, &mut problems);
        problems.finish()?;
        Ok((out, sent_types))
    }
}

/// Refuses objects that would have to hold themselves.
fn endless(schemas: &Map<String, Value>, problems: &mut Problems) {
    for name in schemas.keys() {
        let mut path = vec![name.clone()];
        if holds_itself(schemas, name, &mut path) {
            let message = format!(
                "a value would never end: {} is required in itself; make one of the fields optional in the overlay",
                path.join(" in ")
            );
            problems
                .0
                .push(Problem::new(Place::component("schemas", name), message));
        }
    }
}

/// Whether a schema requires itself, through required fields alone. `path` becomes the way around.
fn holds_itself(schemas: &Map<String, Value>, at: &str, path: &mut Vec<String>) -> bool {
    let Some(schema) = schemas.get(at) else {
        return false;
    };
    let required = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    for field in required {
        let field = &schema["properties"][field];
        if field["nullable"] == true {
            continue;
        }
        let target = field["$ref"]
            .as_str()
            .or_else(|| field["allOf"][0]["$ref"].as_str());
        let Some(next) = target.and_then(|target| target.rsplit('/').next()) else {
            continue;
        };
        if next == path[0] {
            return true;
        }
        if !path.iter().any(|name| name == next) {
            path.push(next.to_owned());
            if holds_itself(schemas, next, path) {
                return true;
            }
            path.pop();
        }
    }
    false
}

//! Reads the document into what the tests ask of it: operations, statuses, examples, credentials.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use serde_json::{Map, Value};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The OpenAPI document.
#[derive(Debug, Clone)]
pub struct Document {
    root: Value,
    operations: Vec<Operation>,
}

/// One operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its `operationId`.
    pub id: String,
    /// The method, in capitals.
    pub method: String,
    /// The path with its `{parameters}`.
    pub path: String,
    /// The first tag.
    pub tag: String,
    /// What the operation rests on: `spec`, `ts-sdk`, `docs` or `inferred`.
    pub confidence: String,
    /// The alternatives of its `security`; each names what must come together. Empty when it is public.
    pub security: Vec<Vec<Credential>>,
    /// Parameters in path, query and header.
    pub parameters: Vec<Parameter>,
    /// The request body, if it takes one.
    pub body: Option<Body>,
    /// The declared responses by status.
    pub responses: BTreeMap<u16, Response>,
}

/// A parameter of an operation.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// `path`, `query` or `header`.
    pub location: String,
    /// The example beside it.
    pub example: Option<Value>,
    /// Whether any name may stand in the query, as with an exploded object.
    pub open: bool,
}

/// A request body.
#[derive(Debug, Clone)]
pub struct Body {
    /// Its media type.
    pub media_type: String,
    /// The example of the document.
    pub example: Option<Value>,
    /// Whether fields that the document does not name are refused.
    pub closed: bool,
}

/// A declared response.
#[derive(Debug, Clone)]
pub struct Response {
    /// What this response rests on.
    pub confidence: String,
    /// Examples by media type.
    pub content: BTreeMap<String, Option<Value>>,
}

/// What a request can prove its right with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Credential {
    /// The project's key in its own header.
    ApiKey,
    /// The project's key as a bearer token.
    ApiKeyAsBearer,
    /// The token of a signed-in user.
    UserToken,
    /// The key of a gateway's consumer.
    ConsumerKey,
}

impl Document {
    /// Where the document lies.
    #[must_use]
    pub fn path() -> PathBuf {
        crate::here().join("../openapi/aerostack.yaml")
    }

    /// Reads the document of this repository.
    ///
    /// # Errors
    /// When it cannot be read, or lacks something that the tests build on.
    pub fn load() -> anyhow::Result<Self> {
        Self::read(&Self::path())
    }

    /// Reads a document from a file.
    ///
    /// # Errors
    /// As [`Document::load`].
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("in {}", path.display()))
    }

    /// Reads a document from its text.
    ///
    /// # Errors
    /// As [`Document::load`].
    pub fn parse(yaml: &str) -> anyhow::Result<Self> {
        let root: Value =
            serde_saphyr::from_str(yaml).map_err(|error| anyhow::anyhow!("{error}"))?;
        let operations = Root(&root).operations()?;
        Ok(Self { root, operations })
    }

    /// The schema of a success in JSON.
    #[must_use]
    pub fn success_schema(&self, operation: &Operation) -> Option<Schema<'_>> {
        let method = operation.method.to_lowercase();
        let responses = self
            .root
            .get("paths")?
            .get(&operation.path)?
            .get(method)?
            .get("responses")?;
        let root = Root(&self.root);
        let response = root
            .resolve(responses.get(operation.success()?.to_string())?)
            .ok()?;
        Some(Schema {
            root,
            value: response
                .get("content")?
                .get("application/json")?
                .get("schema")?,
        })
    }

    /// All operations.
    #[must_use]
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation with this id.
    #[must_use]
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// The operation that answers this request. Of several, the one whose path is the more literal, read from the left.
    #[must_use]
    pub fn find(&self, method: &str, path: &str) -> Option<&Operation> {
        self.operations
            .iter()
            .filter(|operation| operation.method == method)
            .filter_map(|operation| Some((literalness(&operation.path, path)?, operation)))
            .max_by(|(left, _), (right, _)| left.cmp(right))
            .map(|(_, operation)| operation)
    }
}

impl Operation {
    /// The declared status of success.
    #[must_use]
    pub fn success(&self) -> Option<u16> {
        self.responses
            .keys()
            .copied()
            .find(|status| (200..300).contains(status))
    }

    /// The JSON example of a declared status.
    #[must_use]
    pub fn json_example(&self, status: u16) -> Option<&Value> {
        self.responses
            .get(&status)?
            .content
            .get("application/json")?
            .as_ref()
    }

    /// Whether every body that goes in or out is JSON. A proxy that validates spoils the others.
    #[must_use]
    pub fn is_json(&self) -> bool {
        self.body
            .as_ref()
            .is_none_or(|body| body.media_type == "application/json")
            && self.responses.values().all(|response| {
                response
                    .content
                    .keys()
                    .all(|name| name == "application/json")
            })
    }

    /// Whether a request may carry exactly these credentials.
    #[must_use]
    pub fn admits(&self, carried: &[Credential]) -> bool {
        if self.security.is_empty() {
            return carried.is_empty();
        }
        self.security.iter().any(|needed| {
            needed.len() == carried.len()
                && needed.iter().all(|credential| carried.contains(credential))
        })
    }
}

/// For each segment whether it matched literally; nothing when the path does not match.
fn literalness(template: &str, path: &str) -> Option<Vec<bool>> {
    let (wanted, given): (Vec<_>, Vec<_>) =
        (template.split('/').collect(), path.split('/').collect());
    if wanted.len() != given.len() {
        return None;
    }
    wanted
        .iter()
        .zip(&given)
        .map(|(wanted, given)| {
            match (
                wanted == given,
                wanted.starts_with('{') && !given.is_empty(),
            ) {
                (true, _) => Some(true),
                (false, true) => Some(false),
                (false, false) => None,
            }
        })
        .collect()
}

/// A schema of the document, as far as the tests walk it.
#[derive(Debug, Clone, Copy)]
pub struct Schema<'a> {
    root: Root<'a>,
    value: &'a Value,
}

impl<'a> Schema<'a> {
    /// Whether the value belongs to the caller.
    #[must_use]
    pub fn is_raw(&self) -> bool {
        self.find("x-raw-json")
            .is_some_and(|raw| raw == &Value::Bool(true))
    }

    /// Whether the value is one of a list.
    #[must_use]
    pub fn is_enumeration(&self) -> bool {
        let values = self.find("enum").and_then(Value::as_array);
        values.is_some_and(|values| values.iter().any(Value::is_string))
    }

    /// The schema of a property.
    #[must_use]
    pub fn property(&self, name: &str) -> Option<Self> {
        let value = self
            .parts()
            .into_iter()
            .find_map(|part| part.get("properties")?.get(name))?;
        Some(Self { value, ..*self })
    }

    /// The schema of an array's items.
    #[must_use]
    pub fn items(&self) -> Option<Self> {
        self.find("items").map(|value| Self { value, ..*self })
    }

    fn find(&self, key: &str) -> Option<&'a Value> {
        self.parts().into_iter().find_map(|part| part.get(key))
    }

    /// The schema itself, resolved, and what it is composed of.
    fn parts(&self) -> Vec<&'a Value> {
        let Ok(value) = self.root.resolve(self.value) else {
            return Vec::new();
        };
        let composed = ["allOf", "oneOf"]
            .into_iter()
            .filter_map(|key| value.get(key)?.as_array())
            .flatten();
        let deeper = composed.flat_map(|value| Self { value, ..*self }.parts());
        std::iter::once(value).chain(deeper).collect()
    }
}

#[derive(Debug, Clone, Copy)]
struct Root<'a>(&'a Value);

impl<'a> Root<'a> {
    fn operations(&self) -> anyhow::Result<Vec<Operation>> {
        let mut operations = Vec::new();
        for (path, item) in self.object("/paths")? {
            for method in METHODS {
                if let Some(operation) = item.get(method) {
                    let read = self.operation(path, method, item, operation);
                    operations
                        .push(read.with_context(|| format!("{} {path}", method.to_uppercase()))?);
                }
            }
        }
        Ok(operations)
    }

    fn object(&self, pointer: &str) -> anyhow::Result<&'a Map<String, Value>> {
        self.0
            .pointer(pointer)
            .and_then(Value::as_object)
            .with_context(|| format!("{pointer} is not an object"))
    }

    fn resolve(&self, value: &'a Value) -> anyhow::Result<&'a Value> {
        let Some(reference) = value.get("$ref").and_then(Value::as_str) else {
            return Ok(value);
        };
        let pointer = reference
            .strip_prefix('#')
            .with_context(|| format!("{reference} points outside the document"))?;
        self.0
            .pointer(pointer)
            .with_context(|| format!("{reference} points nowhere"))
    }

    fn operation(
        &self,
        path: &str,
        method: &str,
        item: &'a Value,
        operation: &'a Value,
    ) -> anyhow::Result<Operation> {
        let id = text(operation, "operationId")?;
        let mut parameters = Vec::new();
        for holder in [item, operation] {
            for parameter in holder
                .get("parameters")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
            {
                parameters.push(self.parameter(self.resolve(parameter)?)?);
            }
        }
        let mut responses = BTreeMap::new();
        for (status, response) in operation
            .get("responses")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            // A range of statuses is none that could be asked for.
            let Ok(status) = status.parse() else { continue };
            responses.insert(status, self.response(self.resolve(response)?)?);
        }
        if responses.is_empty() {
            bail!("{id} declares no response");
        }
        let security = operation.get("security").or_else(|| self.0.get("security"));
        Ok(Operation {
            id,
            method: method.to_uppercase(),
            path: path.to_owned(),
            tag: operation
                .pointer("/tags/0")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            confidence: text(operation, "x-confidence")?,
            security: security
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .map(alternative)
                .collect::<Result<_, _>>()?,
            parameters,
            body: operation
                .get("requestBody")
                .map(|body| self.body(body))
                .transpose()?,
            responses,
        })
    }

    fn parameter(&self, parameter: &'a Value) -> anyhow::Result<Parameter> {
        let schema = parameter
            .get("schema")
            .map(|schema| self.resolve(schema))
            .transpose()?;
        let kind = schema
            .and_then(|schema| schema.get("type"))
            .and_then(Value::as_str);
        Ok(Parameter {
            name: text(parameter, "name")?,
            location: text(parameter, "in")?,
            example: parameter.get("example").cloned(),
            open: kind == Some("object"),
        })
    }

    fn body(&self, body: &'a Value) -> anyhow::Result<Body> {
        let content = self
            .resolve(body)?
            .get("content")
            .and_then(Value::as_object);
        let (media_type, media) = content
            .and_then(|content| content.iter().next())
            .context("a body without content")?;
        let schema = media.get("schema").context("a body without a schema")?;
        let closed = self.resolve(schema)?.get("additionalProperties") == Some(&Value::Bool(false));
        Ok(Body {
            media_type: media_type.clone(),
            example: self.example(media)?,
            closed,
        })
    }

    fn response(&self, response: &'a Value) -> anyhow::Result<Response> {
        let mut content = BTreeMap::new();
        for (media_type, media) in response
            .get("content")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            content.insert(media_type.clone(), self.example(media)?);
        }
        Ok(Response {
            confidence: text(response, "x-confidence")?,
            content,
        })
    }

    /// `example`, or the first of `examples`.
    fn example(&self, media: &'a Value) -> anyhow::Result<Option<Value>> {
        if let Some(example) = media.get("example") {
            return Ok(Some(example.clone()));
        }
        let first = media
            .get("examples")
            .and_then(Value::as_object)
            .and_then(|examples| examples.values().next());
        let Some(first) = first else { return Ok(None) };
        Ok(self.resolve(first)?.get("value").cloned())
    }
}

fn text(value: &Value, key: &str) -> anyhow::Result<String> {
    value
        .get(key)
        .and_then(Value::as_str)
        .map(str::to_owned)
        .with_context(|| format!("{key} is missing"))
}

fn alternative(requirement: &Value) -> anyhow::Result<Vec<Credential>> {
    let schemes = requirement
        .as_object()
        .context("a security requirement is not an object")?;
    schemes
        .keys()
        .map(|scheme| match scheme.as_str() {
            "ApiKeyAuth" => Ok(Credential::ApiKey),
            "SecretKeyBearer" => Ok(Credential::ApiKeyAsBearer),
            "BearerAuth" => Ok(Credential::UserToken),
            "GatewayConsumerKey" => Ok(Credential::ConsumerKey),
            other => bail!("unknown security scheme {other}"),
        })
        .collect()
}

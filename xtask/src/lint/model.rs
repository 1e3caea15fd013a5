//! The document as the rules see it: operations with their parts resolved, schemas by use.

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::Value;

use crate::document::{Node, Place, resolve};
use crate::generate::schema::{reachable, references};

/// The document.
#[derive(Debug)]
pub(crate) struct Model<'a> {
    pub(crate) operations: Vec<Operation<'a>>,
    pub(crate) schemas: Node<'a>,
    /// Names of schemas some request can hold.
    pub(crate) sent: BTreeSet<String>,
    /// Names of schemas some success can hold.
    pub(crate) received: BTreeSet<String>,
}

/// One operation.
#[derive(Debug)]
pub(crate) struct Operation<'a> {
    pub(crate) id: &'a str,
    pub(crate) node: Node<'a>,
    pub(crate) parameters: Vec<Node<'a>>,
    pub(crate) request: Vec<Media<'a>>,
    pub(crate) responses: Vec<Response<'a>>,
}

impl Operation<'_> {
    /// Method and path, such as `GET /v1/books/{id}`.
    pub(crate) fn label(&self) -> String {
        let place = self.node.place.to_string();
        let mut parts = place.rsplit('/');
        let method = parts.next().unwrap_or_default().to_uppercase();
        let path = parts.next().unwrap_or_default();
        format!("{method} {}", path.replace("~1", "/").replace("~0", "~"))
    }
}

/// One response of an operation.
#[derive(Debug)]
pub(crate) struct Response<'a> {
    pub(crate) status: &'a str,
    pub(crate) node: Node<'a>,
    pub(crate) content: Vec<Media<'a>>,
}

impl Response<'_> {
    pub(crate) fn is_success(&self) -> bool {
        self.status.starts_with('2')
    }
}

/// Content of one media type.
#[derive(Debug)]
pub(crate) struct Media<'a> {
    pub(crate) name: &'a str,
    pub(crate) node: Node<'a>,
}

impl<'a> Media<'a> {
    /// The component the content is, if it is one.
    pub(crate) fn component(&self) -> Option<&'a str> {
        self.node
            .get("schema")?
            .get("$ref")?
            .as_str()?
            .rsplit('/')
            .next()
    }
}

impl<'a> Model<'a> {
    /// Reads a document the generator accepts.
    pub(crate) fn read(document: &'a Value) -> Result<Self> {
        let root = Node::new(Place::root(), document)?;
        let mut operations = Vec::new();
        for path in root.node("paths")?.nodes() {
            let (_, path) = path?;
            for (method, value) in path.map {
                if method == "parameters" || !value.is_object() {
                    continue;
                }
                let node = Node::new(path.place.at(method), value)?;
                operations.push(operation(document, &path, node)?);
            }
        }
        let schemas = root.node("components")?.node("schemas")?;
        let (mut sent, mut received) = (Vec::new(), Vec::new());
        for operation in &operations {
            for parameter in &operation.parameters {
                refers(parameter, &mut sent)?;
            }
            for media in &operation.request {
                refers(&media.node, &mut sent)?;
            }
            for response in operation
                .responses
                .iter()
                .filter(|response| response.is_success())
            {
                for media in &response.content {
                    refers(&media.node, &mut received)?;
                }
            }
        }
        let sent = reachable(&schemas, &sent)?.into_keys().collect();
        let received = reachable(&schemas, &received)?.into_keys().collect();
        Ok(Self {
            operations,
            schemas,
            sent,
            received,
        })
    }

    /// The properties of a component.
    pub(crate) fn properties(&self, name: &str) -> Option<Node<'a>> {
        self.schemas.node(name).ok()?.node("properties").ok()
    }

    /// The named objects among these schemas, without free JSON.
    pub(crate) fn objects<'s>(
        &'s self,
        names: &'s BTreeSet<String>,
    ) -> impl Iterator<Item = (&'s str, Node<'a>)> {
        names.iter().filter_map(|name| {
            let node = self.schemas.node(name).ok()?;
            (node.has("properties") && !node.has("x-raw-json")).then_some((name.as_str(), node))
        })
    }
}

fn operation<'a>(document: &'a Value, path: &Node<'a>, node: Node<'a>) -> Result<Operation<'a>> {
    let mut parameters = Vec::new();
    for owner in [path, &node] {
        for (index, value) in owner.list("parameters")?.iter().enumerate() {
            let parameter = Node::new(owner.place.at("parameters").at(index), value)?;
            parameters.push(resolve(document, parameter, "parameters")?);
        }
    }
    let request = match node.optional_node("requestBody")? {
        Some(body) => content(&resolve(document, body, "requestBodies")?)?,
        None => Vec::new(),
    };
    let mut responses = Vec::new();
    for response in node.node("responses")?.nodes() {
        let (status, response) = response?;
        let response = resolve(document, response, "responses")?;
        responses.push(Response {
            status,
            content: content(&response)?,
            node: response,
        });
    }
    Ok(Operation {
        id: node.text("operationId")?,
        parameters,
        request,
        responses,
        node,
    })
}

fn content<'a>(node: &Node<'a>) -> Result<Vec<Media<'a>>> {
    let Some(content) = node.optional_node("content")? else {
        return Ok(Vec::new());
    };
    content
        .nodes()
        .map(|media| media.map(|(name, node)| Media { name, node }))
        .collect()
}

fn refers(node: &Node<'_>, found: &mut Vec<String>) -> Result<()> {
    match node.get("schema") {
        Some(schema) => references(&node.place.at("schema"), schema, found),
        None => Ok(()),
    }
}

//! Parameters of operations.

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::{Value, json};

use super::Walk;
use crate::document::{Node, Problems, refuse, resolve};
use crate::generate::names::Names;
use crate::generate::{prose, schema};

/// Headers the transport sends with every call; they are no parameters of an operation.
const TRANSPORT_HEADERS: &[&str] = &["X-Request-ID", "X-SDK-Version"];

impl<'a> Walk<'a> {
    /// The parameters of the path and of the operation, without those the transport sends.
    pub(super) fn parameters(
        &mut self,
        path: &str,
        item: &Node<'a>,
        operation: &Node<'a>,
    ) -> Result<Vec<Value>> {
        let mut out = Vec::new();
        let mut names = Names::snake("parameter");
        // What progenitor calls values of its own beside the parameters.
        for word in ["body", "header_map"] {
            names.take(&operation.place, word)?;
        }
        let mut in_path = BTreeSet::new();
        let mut problems = Problems::default();
        for owner in [item, operation] {
            for (index, value) in owner.list("parameters")?.iter().enumerate() {
                let node = Node::new(owner.place.at("parameters").at(index), value)?;
                let read = resolve(self.document, node, "parameters").and_then(|node| {
                    let parameter = self.parameter(&node)?;
                    if let Some(parameter) = &parameter {
                        let name = node.text("name")?;
                        names.take(&node.place, name)?;
                        if parameter["in"] == "path" {
                            in_path.insert(name.to_owned());
                        }
                    }
                    Ok(parameter)
                });
                out.extend(problems.keep(read).flatten());
            }
        }
        problems.finish()?;
        let declared: BTreeSet<String> = placeholders(path).map(str::to_owned).collect();
        if declared != in_path {
            refuse!(
                operation.place,
                "the path names {declared:?} but the parameters declare {in_path:?}"
            );
        }
        Ok(out)
    }

    fn parameter(&mut self, node: &Node<'a>) -> Result<Option<Value>> {
        let (name, location) = (node.text("name")?, node.text("in")?);
        if node.has("content") {
            refuse!(
                node.place.at("content"),
                "parameters with a media type are not supported; use `schema`"
            );
        }
        node.only(&[
            "name",
            "in",
            "required",
            "description",
            "schema",
            "example",
            "style",
            "explode",
            "deprecated",
        ])?;
        let style = node.optional_text("style")?;
        let required = node.flag("required")?;
        match (location, style) {
            ("header", _) if TRANSPORT_HEADERS.contains(&name) => return Ok(None),
            ("header", _) => refuse!(
                node.place,
                "header parameters are not supported; the transport sends headers"
            ),
            ("cookie", _) => refuse!(node.place, "cookie parameters are not supported"),
            ("path", None | Some("simple")) if !required => {
                refuse!(node.place, "is in the path and must be required")
            }
            ("path", None | Some("simple")) | ("query", None | Some("form")) => {}
            ("path" | "query", Some(other)) => {
                refuse!(node.place.at("style"), "`{other}` is not supported")
            }
            (other, _) => refuse!(node.place.at("in"), "`{other}` is no place for a parameter"),
        }
        if node.has("explode") && !node.flag("explode")? && location == "query" {
            refuse!(
                node.place.at("explode"),
                "false is not supported; lists repeat the name"
            );
        }
        let schema = node.node("schema")?;
        schema::references(
            &schema.place,
            &Value::Object(schema.map.clone()),
            &mut self.sent,
        )?;
        let mut out = json!({
            "name": name,
            "in": location,
            "required": required,
            "schema": schema::parameter(&schema)?,
        });
        if let Some(text) = node.optional_text("description")? {
            out["description"] = prose::rustdoc(&node.place.at("description"), text)?.into();
        }
        Ok(Some(out))
    }
}

/// The names in braces in a path.
pub(crate) fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
}

//! Parameters of operations.

use std::collections::BTreeSet;

use anyhow::Result;
use serde_json::{Value, json};

use super::Walk;
use crate::document::{Node, Problems, refuse};
use crate::generate::{prose, schema};

impl<'a> Walk<'a> {
    /// The parameters of an operation.
    pub(super) fn parameters(&mut self, path: &str, operation: &Node<'a>) -> Result<Vec<Value>> {
        let mut out = Vec::new();
        let mut in_path = BTreeSet::new();
        let mut problems = Problems::default();
        for (index, value) in operation.list("parameters")?.iter().enumerate() {
            let node = Node::new(operation.place.at("parameters").at(index), value)
                .and_then(|node| self.parameter(&node));
            if let Some(parameter) = problems.keep(node) {
                if parameter["in"] == "path" {
                    let wire = parameter["x-wire-name"].as_str().unwrap_or_default();
                    in_path.insert(wire.to_owned());
                }
                out.push(parameter);
            }
        }
        problems.finish()?;
        let declared: BTreeSet<String> = placeholders(path).map(str::to_owned).collect();
        if declared != in_path {
            refuse!(
                operation.place,
                "the path names {declared:?} but the parameters declare {in_path:?}; correct one of the two in the overlay"
            );
        }
        Ok(out)
    }

    fn parameter(&mut self, node: &Node<'a>) -> Result<Value> {
        let (name, location) = (node.text("name")?, node.text("in")?);
        if !["path", "query", "header", "cookie"].contains(&location) {
            refuse!(
                node.place.at("in"),
                "`{location}` is no place for a parameter; use path, query, header or cookie"
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
            // progenitor takes no cookies; here only the type matters.
            "in": if location == "cookie" { "header" } else { location },
            "x-in": location,
            "x-wire-name": node.optional_text("x-wire-name")?.unwrap_or(name),
            "required": node.flag("required")?,
            "schema": schema::parameter(&schema)?,
        });
        for key in ["x-joined", "x-style", "deprecated"] {
            if let Some(value) = node.get(key) {
                out[key] = value.clone();
            }
        }
        if let Some(text) = node.optional_text("description")? {
            out["description"] = prose::rustdoc(text).into();
        }
        Ok(out)
    }
}

/// The names in braces in a path.
pub(crate) fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
}

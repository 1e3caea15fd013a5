//! Bodies of requests.

use anyhow::Result;
use serde_json::{Value, json};

use super::Walk;
use crate::document::{Node, Problem, refuse, resolve};
use crate::generate::facts::FormField;
use crate::generate::prose;

/// A request body: a schema for progenitor, or a form, which it does not take.
pub(super) enum Body {
    Schema(Value),
    Form(Vec<FormField>),
}

impl<'a> Walk<'a> {
    /// The body of a request.
    pub(super) fn body(&mut self, id: &str, node: &Node<'a>) -> Result<Body> {
        let node = resolve(self.document, node.clone(), "requestBodies")?;
        node.only(&["description", "content", "required", "x-media-type"])?;
        if !node.flag("required")? {
            self.notes
                .push(format!("{id} always sends a body, though it is optional"));
        }
        let content = node.node("content")?;
        let (media, body) = match content.nodes().collect::<Result<Vec<_>>>()?.as_slice() {
            [(media, body)] => (*media, body.clone()),
            _ => refuse!(content.place, "must hold exactly one media type"),
        };
        let as_media = node.get("x-media-type").cloned().unwrap_or_default();
        match media {
            "application/json" => {
                let schema = self.json(&body, "request")?;
                self.sent.push(schema.1);
                Ok(Body::Schema(json!({
                    "required": true,
                    "x-media-type": as_media,
                    "content": { media: { "schema": schema.0 } },
                })))
            }
            "application/octet-stream" => Ok(Body::Schema(json!({
                "required": true,
                "x-media-type": as_media,
                "content": { media: { "schema": { "type": "string", "format": "binary" } } },
            }))),
            "multipart/form-data" => Ok(Body::Form(self.form(&body, true)?)),
            "application/x-www-form-urlencoded" => Ok(Body::Form(self.form(&body, false)?)),
            other => refuse!(
                content.place.at(other),
                "is a media type the generator does not know"
            ),
        }
    }

    /// The fields of a form: files, which are binary, and scalars, or lists of either.
    fn form(&mut self, media: &Node<'a>, multipart: bool) -> Result<Vec<FormField>> {
        media.only(&["schema", "example", "examples"])?;
        let schema = resolve(self.document, media.node("schema")?, "schemas")?;
        let required = schema.list("required")?;
        let mut fields = Vec::new();
        for property in schema.node("properties")?.nodes() {
            let (name, property) = property?;
            let list = property.optional_text("type")? == Some("array");
            let item = if list {
                property.node("items")?
            } else {
                property.clone()
            };
            let file = multipart && item.optional_text("format")? == Some("binary");
            let kind = match item.optional_text("type")? {
                _ if file => "crate::FilePart",
                Some("integer") => "i64",
                Some("number") => "f64",
                Some("boolean") => "bool",
                Some("string") => "::std::string::String",
                _ => {
                    let message = format!("`{name}` is given as text that is written already");
                    self.left_out
                        .push(Problem::new(property.place.clone(), message));
                    "::std::string::String"
                }
            };
            let doc = property.optional_text("description")?.map(prose::rustdoc);
            fields.push(FormField {
                name: name.to_owned(),
                wire: property
                    .optional_text("x-wire-name")?
                    .unwrap_or(name)
                    .to_owned(),
                kind,
                list,
                file,
                multipart,
                required: required.iter().any(|it| it == name),
                doc: doc.unwrap_or_default(),
            });
        }
        let place = |field: &FormField| required.iter().position(|it| *it == *field.name);
        fields.sort_by_key(|field| (field.file, place(field).unwrap_or(usize::MAX)));
        Ok(fields)
    }
}

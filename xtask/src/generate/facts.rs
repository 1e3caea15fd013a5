//! What the document says about an operation beyond its shape: the material of the generated tables.

use anyhow::Result;
use serde_json::Value;

use crate::document::{Node, Place, refuse};

/// One operation's row in the tables.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) id: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) tag: String,
    pub(crate) idempotency: &'static str,
    /// Alternatives, each of which is a set of credentials sent together.
    pub(crate) credentials: Vec<Vec<&'static str>>,
    pub(crate) pagination: Option<Pagination>,
    /// Declared statuses.
    pub(crate) statuses: Vec<u16>,
    /// The fields of a multipart body, texts before files.
    pub(crate) form: Vec<FormField>,
}

/// A field of a multipart form.
#[derive(Clone, Debug)]
pub(crate) struct FormField {
    pub(crate) name: String,
    /// Whether it is a file; a text otherwise.
    pub(crate) file: bool,
    pub(crate) required: bool,
    pub(crate) doc: String,
}

/// How a list is read page by page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pagination {
    /// An opaque cursor; `complete` is true on the last page, `more` on all others.
    Cursor {
        items: String,
        cursor: String,
        end: PageEnd,
    },
    /// Pages go back in time; the next one ends before the `before` field of the oldest item.
    Before { items: String, before: String },
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PageEnd {
    Complete(String),
    More(String),
}

/// Reads `x-confidence`.
pub(crate) fn confidence(node: &Node<'_>) -> Result<&'static str> {
    match node.optional_text("x-confidence")? {
        Some("spec") => Ok("Spec"),
        Some("ts-sdk") => Ok("TsSdk"),
        Some("docs") => Ok("Docs"),
        Some("inferred") => Ok("Inferred"),
        Some(other) => refuse!(
            node.place.at("x-confidence"),
            "`{other}` is none of spec, ts-sdk, docs, inferred"
        ),
        None => refuse!(
            node.place,
            "lacks `x-confidence` (spec, ts-sdk, docs or inferred)"
        ),
    }
}

/// Reads `x-idempotent`.
pub(crate) fn idempotency(node: &Node<'_>) -> Result<&'static str> {
    match node.get("x-idempotent") {
        Some(Value::String(text)) if text == "read" => Ok("Read"),
        Some(Value::String(text)) if text == "replace" => Ok("Replace"),
        Some(Value::String(text)) if text == "no" => Ok("No"),
        Some(other) => {
            refuse!(
                node.place.at("x-idempotent"),
                "{other} is none of read, replace, \"no\" (quoted)"
            )
        }
        None => refuse!(node.place, "lacks `x-idempotent` (read, replace or \"no\")"),
    }
}

/// Reads `x-pagination`.
pub(crate) fn pagination(node: &Node<'_>) -> Result<Option<Pagination>> {
    let Some(page) = node.optional_node("x-pagination")? else {
        return Ok(None);
    };
    page.only(&["items", "cursor", "complete", "more", "before"])?;
    let items = page.text("items")?.to_owned();
    if let Some(before) = page.optional_text("before")? {
        page.only(&["items", "before"])?;
        return Ok(Some(Pagination::Before {
            items,
            before: before.to_owned(),
        }));
    }
    let cursor = page.text("cursor")?.to_owned();
    let end = match (page.optional_text("complete")?, page.optional_text("more")?) {
        (Some(field), None) => PageEnd::Complete(field.to_owned()),
        (None, Some(field)) => PageEnd::More(field.to_owned()),
        _ => refuse!(page.place, "needs exactly one of `complete` and `more`"),
    };
    Ok(Some(Pagination::Cursor { items, cursor, end }))
}

/// Reads a list of security requirements.
pub(crate) fn credentials(place: &Place, list: &[Value]) -> Result<Vec<Vec<&'static str>>> {
    let mut alternatives = Vec::new();
    for (index, value) in list.iter().enumerate() {
        let requirement = Node::new(place.at(index), value)?;
        let mut together = Vec::new();
        for scheme in requirement.map.keys() {
            together.push(match scheme.as_str() {
                "ApiKeyAuth" => "ApiKey",
                "BearerAuth" => "UserToken",
                "GatewayConsumerKey" => "ConsumerKey",
                "SecretKeyBearer" => "SecretKeyBearer",
                _ => refuse!(
                    requirement.place.at(scheme),
                    "is a security scheme the generator has no credential for"
                ),
            });
        }
        if together.is_empty() {
            refuse!(
                requirement.place,
                "is empty; an operation without credentials says `security: []`"
            );
        }
        alternatives.push(together);
    }
    Ok(alternatives)
}

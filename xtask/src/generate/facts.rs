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

/// A field of a form.
#[derive(Clone, Debug)]
pub(crate) struct FormField {
    pub(crate) name: String,
    /// What it is called on the wire.
    pub(crate) wire: String,
    /// Its type, or that of its elements.
    pub(crate) kind: &'static str,
    pub(crate) list: bool,
    pub(crate) file: bool,
    /// Whether the form is sent in parts; percent-encoded otherwise.
    pub(crate) multipart: bool,
    pub(crate) required: bool,
    pub(crate) doc: String,
}

/// How a list is read page by page, as the expression it becomes. Every way names the field with the items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pagination(pub(crate) String);

/// Reads `x-confidence`.
pub(crate) fn confidence(node: &Node<'_>) -> Result<&'static str> {
    match node.optional_text("x-confidence")? {
        Some("spec") => Ok("Spec"),
        Some("ts-sdk") => Ok("TsSdk"),
        Some("docs") => Ok("Docs"),
        Some("inferred") => Ok("Inferred"),
        Some(other) => refuse!(
            node.place.at("x-confidence"),
            "`{other}` is no confidence; use spec, ts-sdk, docs or inferred"
        ),
        None => refuse!(
            node.place,
            "lacks `x-confidence`; add it (spec, ts-sdk, docs or inferred) with an action in openapi/overlay.yaml"
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
                "{other} does not say what repeating the call does; use read, replace or \"no\" (quoted)"
            )
        }
        None => refuse!(
            node.place,
            "lacks `x-idempotent`; add it (read, replace or \"no\") with an action in openapi/overlay.yaml"
        ),
    }
}

/// Reads `x-pagination`.
pub(crate) fn pagination(node: &Node<'_>) -> Result<Option<Pagination>> {
    let Some(page) = node.optional_node("x-pagination")? else {
        return Ok(None);
    };
    page.only(&[
        "items", "cursor", "send", "complete", "more", "before", "page", "offset",
    ])?;
    let items = page.text("items")?;
    for (key, variant) in [
        ("before", "Before"),
        ("page", "Number"),
        ("offset", "Offset"),
    ] {
        if let Some(field) = page.optional_text(key)? {
            page.only(&["items", key])?;
            return Ok(Some(Pagination(format!(
                "Pagination::{variant} {{ items: {items:?}, {key}: {field:?} }}"
            ))));
        }
    }
    let cursor = page.text("cursor")?;
    let send = page.optional_text("send")?.unwrap_or(cursor);
    let end = match (page.optional_text("complete")?, page.optional_text("more")?) {
        (Some(field), None) => format!("PageEnd::Complete({field:?})"),
        (None, Some(field)) => format!("PageEnd::More({field:?})"),
        (None, None) => "PageEnd::NoCursor".to_owned(),
        _ => refuse!(
            page.place,
            "has two ends; give one of `complete` and `more`"
        ),
    };
    Ok(Some(Pagination(format!(
        "Pagination::Cursor {{ items: {items:?}, cursor: {cursor:?}, send: {send:?}, end: {end} }}"
    ))))
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

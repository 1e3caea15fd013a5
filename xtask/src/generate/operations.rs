//! `operations.rs`: one row per operation.

use std::fmt::Write as _;

use anyhow::{Context, Result};

use super::facts::{Operation, PageEnd, Pagination};
use super::names;

/// The file.
pub(crate) fn render(operations: &[Operation]) -> Result<String> {
    let mut source = String::from(
        "//! What the document says about each operation beyond its shape.\n\
         use crate::operation::{Confidence, Credential, Idempotency, Operation, PageEnd, Pagination};\n",
    );
    for operation in operations {
        row(&mut source, operation);
    }
    source.push_str(
        "/// Every operation, in the order of their paths.\npub static ALL: &[&Operation] = &[",
    );
    for operation in operations {
        let _ = write!(source, "&{},", names::shouty(&operation.id));
    }
    source.push_str("];\n");
    let file = syn::parse_file(&source).context("the operation table is not Rust")?;
    Ok(super::header() + &super::client::airy(&prettyplease::unparse(&file)))
}

fn row(source: &mut String, operation: &Operation) {
    let Operation {
        id,
        method,
        path,
        tag,
        idempotency,
        confidence,
        ..
    } = operation;
    let credentials: String = operation
        .credentials
        .iter()
        .map(|together| {
            let together: String = together
                .iter()
                .map(|one| format!("Credential::{one},"))
                .collect();
            format!("&[{together}],")
        })
        .collect();
    let pagination = match &operation.pagination {
        None => "None".to_owned(),
        Some(Pagination::Cursor { items, cursor, end }) => {
            let end = match end {
                PageEnd::Complete(field) => format!("PageEnd::Complete({field:?})"),
                PageEnd::More(field) => format!("PageEnd::More({field:?})"),
            };
            format!(
                "Some(Pagination::Cursor {{ items: {items:?}, cursor: {cursor:?}, end: {end} }})"
            )
        }
        Some(Pagination::Before { items, before }) => {
            format!("Some(Pagination::Before {{ items: {items:?}, before: {before:?} }})")
        }
    };
    let statuses: String = operation
        .statuses
        .iter()
        .map(|(status, confidence)| format!("({status}, Confidence::{confidence}),"))
        .collect();
    let _ = write!(
        source,
        "/// `{method} {path}`\npub static {name}: Operation = Operation {{ id: {id:?}, hook_id: {hook_id:?}, \
         method: {method:?}, path: {path:?}, tag: {tag:?}, idempotency: Idempotency::{idempotency}, \
         confidence: Confidence::{confidence}, credentials: &[{credentials}], pagination: {pagination}, \
         statuses: &[{statuses}] }};\n",
        name = names::shouty(id),
        hook_id = operation.hook_id(),
    );
}

//! `operations.rs`: one row per operation.

use std::fmt::Write as _;

use anyhow::Result;

use super::facts::{Operation, Pagination};
use super::{layout, names};

/// The file.
pub(crate) fn render(operations: &[Operation]) -> Result<String> {
    let mut source = String::from(
        "//! Facts about each operation, from the document.\n\
         #[allow(unused_imports, reason = \"not every document has pages\")]\nuse crate::operation::{Credential, Idempotency, Operation, PageEnd, Pagination};\n",
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
    Ok(super::header() + &layout::source(&source)?)
}

fn row(source: &mut String, operation: &Operation) {
    let Operation {
        id,
        method,
        path,
        tag,
        idempotency,
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
        Some(Pagination(expression)) => format!("Some({expression})"),
    };
    let _ = write!(
        source,
        "/// `{method} {path}`\npub static {name}: Operation = Operation {{ id: {id:?}, \
         method: {method:?}, path: {path:?}, tag: {tag:?}, idempotency: Idempotency::{idempotency}, \
         credentials: &[{credentials}], pagination: {pagination} }};\n",
        name = names::shouty(id),
    );
}

//! The emulator's table of operations: what its router needs to know, no more.

use std::fmt::Write as _;

use anyhow::Result;

use super::facts::Operation;
use super::{layout, names};
use crate::output::File;

/// The file.
pub(super) fn file(operations: &[Operation]) -> Result<File> {
    let mut source = String::from(
        "//! Every operation of the document.\n\
         use axum::http::Method;\n\
         use crate::http::operation::{Access, Operation};\n",
    );
    for operation in operations {
        let Operation {
            id, method, path, ..
        } = operation;
        let _ = write!(
            source,
            "/// `{method} {path}`\npub(crate) static {name}: Operation = Operation {{ id: {id:?}, \
             method: Method::{method}, path: {path:?}, access: Access::{access}, declares_413: {large} }};\n",
            name = names::shouty(id),
            access = access(operation),
            large = operation.statuses.contains(&413),
        );
    }
    source.push_str(
        "/// All of them, in the order of their paths.\npub(crate) static ALL: &[&Operation] = &[",
    );
    for operation in operations {
        let _ = write!(source, "&{},", names::shouty(&operation.id));
    }
    source.push_str("];\n");
    Ok(File {
        path: "crates/aerostack-emulator/src/http/operations.rs".to_owned(),
        text: super::header() + &layout::source(&source)?,
    })
}

/// What the emulator checks before a handler runs. Where the document leaves a choice that begins with no secret key,
/// the handler looks for itself.
fn access(operation: &Operation) -> &'static str {
    let every = |credential: &str| {
        !operation.credentials.is_empty()
            && operation
                .credentials
                .iter()
                .all(|together| together.contains(&credential))
    };
    if every("ApiKey") {
        "SecretKey"
    } else if every("SecretKeyBearer") {
        "SecretBearer"
    } else {
        "Open"
    }
}

//! `answers/types.rs`: every type that an operation answers with, for the test that decodes damaged answers.

use std::collections::BTreeSet;

use super::{Normalised, names};
use crate::output::File;

const PATH: &str = "crates/aerostack-api/tests/fuzz/answers/types.rs";

/// The file.
pub(super) fn file(normalised: &Normalised) -> File {
    let mut types = BTreeSet::new();
    let paths = normalised.openapi["paths"]
        .as_object()
        .into_iter()
        .flatten();
    for operation in paths.flat_map(|(_, item)| item.as_object().into_iter().flatten()) {
        for (_, response) in operation.1["responses"].as_object().into_iter().flatten() {
            let schema = &response["content"]["application/json"]["schema"]["$ref"];
            let name = schema.as_str().and_then(|target| target.rsplit('/').next());
            types.extend(
                name.map(names::pascal)
                    .filter(|name| !normalised.raw_json.contains(name)),
            );
        }
    }
    let types: String = types.iter().map(|name| format!("    {name},\n")).collect();
    File {
        path: PATH.to_owned(),
        text: format!("{}answers! {{\n{types}}}\n", super::header()),
    }
}

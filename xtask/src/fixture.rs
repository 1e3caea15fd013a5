//! A document of a platform that does not exist, and changes to it.

use serde_json::Value;

use crate::document;

/// The document: `fixtures/library.yaml`.
pub(crate) fn library() -> Value {
    document::parse(include_str!("../fixtures/library.yaml")).unwrap()
}

/// One row of a table of changes.
#[derive(Debug)]
pub(crate) struct Change {
    /// The document after the change.
    pub(crate) document: Value,
    /// What must be said about it.
    pub(crate) says: String,
    /// The rule that says it.
    pub(crate) rule: Option<String>,
    /// Whom it breaks, where that is the question.
    pub(crate) breaks: Option<String>,
    /// The row, for messages.
    pub(crate) row: String,
}

/// Reads a table of changes.
pub(crate) fn changes(table: &str) -> Vec<Change> {
    let table = document::parse(table).unwrap();
    let change = |row: &Value| Change {
        document: changed(row["at"].as_str().unwrap(), row.get("put").cloned()),
        says: row["says"].as_str().unwrap().to_owned(),
        rule: row
            .get("rule")
            .map(|rule| rule.as_str().unwrap().to_owned()),
        breaks: row
            .get("breaks")
            .map(|breaks| breaks.as_str().unwrap().to_owned()),
        row: row.to_string(),
    };
    table.as_array().unwrap().iter().map(change).collect()
}

/// The document with a value put at a pointer, or with what is there taken away.
pub(crate) fn changed(pointer: &str, value: Option<Value>) -> Value {
    let mut document = library();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/");
    let parent = document
        .pointer_mut(parent)
        .unwrap_or_else(|| panic!("{pointer} has no parent"));
    match (parent, value) {
        (Value::Object(map), Some(value)) => drop(map.insert(key, value)),
        (Value::Object(map), None) => {
            assert!(map.remove(&key).is_some(), "{pointer} is not there")
        }
        (Value::Array(items), Some(value)) => items[key.parse::<usize>().unwrap()] = value,
        _ => panic!("{pointer} cannot be changed"),
    }
    document
}

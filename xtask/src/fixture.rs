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
    /// What must be in the code.
    pub(crate) code: Option<String>,
    /// What must be in the notes.
    pub(crate) note: Option<String>,
    /// The row, for messages.
    pub(crate) row: String,
}

/// Reads a table of changes.
pub(crate) fn changes(table: &str) -> Vec<Change> {
    let table = document::parse(table).unwrap();
    let change = |row: &Value| {
        let text = |key: &str| row.get(key).map(|text| text.as_str().unwrap().to_owned());
        let mut document = library();
        put(
            &mut document,
            row["at"].as_str().unwrap(),
            row.get("put").cloned(),
        );
        for (pointer, value) in row["also"].as_object().into_iter().flatten() {
            put(&mut document, pointer, Some(value.clone()));
        }
        Change {
            document,
            says: text("says").unwrap_or_default(),
            rule: text("rule"),
            breaks: text("breaks"),
            code: text("code"),
            note: text("note"),
            row: row.to_string(),
        }
    };
    table.as_array().unwrap().iter().map(change).collect()
}

/// The document with a value put at a pointer, or with what is there taken away.
pub(crate) fn changed(pointer: &str, value: Option<Value>) -> Value {
    let mut document = library();
    put(&mut document, pointer, value);
    document
}

fn put(document: &mut Value, pointer: &str, value: Option<Value>) {
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let key = key.replace("~1", "/");
    let parent = document
        .pointer_mut(parent)
        .unwrap_or_else(|| panic!("{pointer} has no parent"));
    match (parent, value) {
        (Value::Object(map), Some(value)) => drop(map.insert(key, value)),
        // Nothing may be what is taken away from a row that is about its absence.
        (Value::Object(map), None) => drop(map.remove(&key)),
        (Value::Array(items), Some(value)) => match key.parse::<usize>().unwrap() {
            index if index < items.len() => items[index] = value,
            _ => items.push(value),
        },
        _ => panic!("{pointer} cannot be changed"),
    }
}

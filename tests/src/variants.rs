//! Answers as a platform that moves on might give them: the example of the document with one thing changed.

use serde_json::{Map, Value, json};

use crate::document::Schema;

/// A changed example.
#[derive(Debug, Clone)]
pub struct Variant {
    /// What was changed.
    pub change: Change,
    /// The JSON pointer of the field it was done to; empty when it was done everywhere.
    pub pointer: String,
    /// The whole answer.
    pub answer: Value,
}

/// What can happen to an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Every object has a field that nobody knows.
    UnknownFields,
    /// A field is not there.
    Missing,
    /// A field is null.
    Null,
    /// An enumeration has a value that nobody knows.
    UnknownValue,
}

/// All variants of an example. What belongs to the caller, such as rows and cached values, is left alone.
#[must_use]
pub fn variants(schema: &Schema<'_>, example: &Value) -> Vec<Variant> {
    let mut everywhere = example.clone();
    add_unknown(schema, &mut everywhere);
    let mut found = vec![Variant {
        change: Change::UnknownFields,
        pointer: String::new(),
        answer: everywhere,
    }];
    let mut fields = Vec::new();
    collect(schema, example, "", &mut fields);
    for (pointer, closed) in fields {
        let changed = |change, with: fn(&mut Map<String, Value>, &str)| {
            let mut answer = example.clone();
            let (parent, name) = pointer.rsplit_once('/')?;
            with(answer.pointer_mut(parent)?.as_object_mut()?, name);
            Some(Variant {
                change,
                pointer: pointer.clone(),
                answer,
            })
        };
        found.extend(changed(Change::Missing, |object, name| {
            object.remove(name);
        }));
        found.extend(changed(Change::Null, |object, name| {
            object.insert(name.to_owned(), Value::Null);
        }));
        if closed {
            found.extend(changed(Change::UnknownValue, |object, name| {
                object.insert(name.to_owned(), json!("unheard-of"));
            }));
        }
    }
    found
}

fn add_unknown(schema: &Schema<'_>, value: &mut Value) {
    if schema.is_raw() {
        return;
    }
    match value {
        Value::Object(object) => {
            for (name, value) in object.iter_mut() {
                if let Some(schema) = schema.property(name) {
                    add_unknown(&schema, value);
                }
            }
            object.insert("unheardOf".to_owned(), json!({"deep": [1, null]}));
        }
        Value::Array(items) => {
            for item in items {
                if let Some(schema) = schema.items() {
                    add_unknown(&schema, item);
                }
            }
        }
        _ => {}
    }
}

/// The pointers of all fields that the schema names, and whether each is an enumeration.
fn collect(schema: &Schema<'_>, value: &Value, at: &str, found: &mut Vec<(String, bool)>) {
    if schema.is_raw() {
        return;
    }
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                let Some(schema) = schema.property(name) else {
                    continue;
                };
                let pointer = format!("{at}/{name}");
                found.push((pointer.clone(), schema.is_enumeration()));
                collect(&schema, value, &pointer, found);
            }
        }
        // One item stands for all.
        Value::Array(items) => {
            if let (Some(schema), Some(first)) = (schema.items(), items.first()) {
                collect(&schema, first, &format!("{at}/0"), found);
            }
        }
        _ => {}
    }
}

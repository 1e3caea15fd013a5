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
    /// A scalar is a text: that of a number or boolean, or any.
    Text,
    /// A scalar is a number.
    Number,
    /// A scalar is an object.
    Object,
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
        let before = example.pointer(&pointer).cloned().unwrap_or_default();
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
        if before.is_object() || before.is_array() || before.is_null() {
            continue;
        }
        found.extend(changed(Change::Text, |object, name| {
            let text = match object.get(name) {
                Some(Value::String(_)) | None => "any".to_owned(),
                Some(other) => other.to_string(),
            };
            object.insert(name.to_owned(), json!(text));
        }));
        found.extend(changed(Change::Number, |object, name| {
            let number = match object.get(name) {
                Some(Value::Bool(value)) => u8::from(*value).into(),
                _ => json!(1_782_026_880),
            };
            object.insert(name.to_owned(), number);
        }));
        found.extend(changed(Change::Object, |object, name| {
            object.insert(name.to_owned(), json!({"value": 1}));
        }));
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

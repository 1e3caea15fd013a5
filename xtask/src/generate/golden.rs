//! The normaliser, construct by construct.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::schema::{self, Component};
use super::{Normalised, files, read};
use crate::document::{self, Node, Place};
use crate::fixture::{changed, changes, library};

fn normalised_of(document: &Value) -> Normalised {
    read(document).unwrap()
}

#[test]
fn every_construct_becomes_what_progenitor_can_take() {
    let normalised = normalised_of(&library());
    insta::assert_snapshot!(
        "document",
        serde_json::to_string_pretty(&normalised.openapi).unwrap()
    );
    insta::assert_snapshot!("notes", normalised.notes.join("\n"));
}

#[test]
fn every_construct_becomes_code() {
    for file in files(&normalised_of(&library())).unwrap() {
        let name = file.path.rsplit('/').next().unwrap();
        insta::assert_snapshot!(name, file.text);
    }
}

#[test]
fn what_makes_wrong_calls_is_refused_by_place_with_a_cure() {
    let mut wrong = Vec::new();
    for change in changes(include_str!("../../fixtures/refusals.yaml")) {
        let error = match read(&change.document) {
            Ok(_) => "accepted".to_owned(),
            Err(error) => error.to_string(),
        };
        if !(error.starts_with("#/") && error.contains(&change.says) && error.contains("; ")) {
            wrong.push(format!("{}\n    {error}", change.row));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_key_given_twice_is_refused_and_bare_words_stay_text() {
    let error = document::parse("a: 1\na: 2\n").unwrap_err().to_string();
    assert!(error.contains("duplicate"), "{error}");
    assert_eq!(
        document::parse("{ a: no, b: on, '200': true }").unwrap(),
        json!({ "a": "no", "b": "on", "200": true })
    );
}

#[test]
fn changing_a_field_changes_that_field_alone() {
    let pointer = "/components/schemas/Word/properties/text";
    let before = files(&normalised_of(&library())).unwrap();
    let after = files(&normalised_of(&changed(
        pointer,
        Some(json!({ "type": "boolean" })),
    )))
    .unwrap();
    let changes = |index: usize| -> Vec<String> {
        let diff =
            similar::TextDiff::from_lines(before[index].text.as_str(), after[index].text.as_str());
        let changed = diff
            .iter_all_changes()
            .filter(|change| change.tag() != similar::ChangeTag::Equal);
        changed
            .map(|change| format!("{}{}", change.tag(), change.value().trim()))
            .collect()
    };
    let field = |kind: &str| format!("pub text: Option<{kind}>,");
    assert_eq!(
        changes(0),
        [
            format!("-{}", field("String")),
            format!("+{}", field("bool"))
        ]
    );
    assert!(changes(1).is_empty() && changes(2).is_empty());
}

/// Schemas the normaliser accepts in the place of a property.
fn property() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        (
            prop_oneof![
                Just(None),
                Just(Some("uuid")),
                Just(Some("password")),
                Just(Some("date-time"))
            ],
            any::<bool>()
        )
            .prop_map(|(format, bounded)| {
                let mut schema = json!({ "type": "string" });
                if let Some(format) = format {
                    schema["format"] = json!(format);
                }
                if bounded {
                    schema["minLength"] = json!(1);
                    schema["default"] = json!("x");
                }
                schema
            }),
        any::<bool>().prop_map(
            |nullable| json!({ "type": "integer", "format": "int32", "nullable": nullable })
        ),
        Just(json!({ "type": "number", "minimum": 0, "example": 1.5 })),
        Just(json!({ "type": "boolean", "description": "See [it] at https://library.example." })),
        Just(json!({ "$ref": "#/components/schemas/Other" })),
        Just(
            json!({ "allOf": [{ "$ref": "#/components/schemas/Other" }], "description": "Another." })
        ),
    ];
    leaf.prop_recursive(3, 12, 1, |inner| {
        prop_oneof![
            inner
                .clone()
                .prop_map(|items| json!({ "type": "array", "items": items, "maxItems": 3 })),
            inner.prop_map(|values| json!({ "type": "object", "additionalProperties": values })),
        ]
    })
}

fn normalised(schema: &Value, received: bool) -> Value {
    let node = Node::new(Place::component("schemas", "Thing"), schema).unwrap();
    match schema::component("Thing", &node, received).unwrap() {
        Component::Schema(schema) => schema,
        other => panic!("{other:?}"),
    }
}

proptest! {
    #[test]
    fn what_is_received_demands_nothing_and_what_is_sent_keeps_its_demands(
        properties in prop::collection::btree_map("[a-z]{1,8}", property(), 1..6),
        required in prop::collection::vec(any::<prop::sample::Index>(), 0..4),
    ) {
        let names: Vec<&String> = properties.keys().collect();
        let mut required: Vec<&str> = required.iter().map(|index| index.get(&names).as_str()).collect();
        required.sort_unstable();
        required.dedup();
        let schema = json!({ "type": "object", "properties": properties, "required": required });

        let sent = normalised(&schema, false);
        let received = normalised(&schema, true);
        prop_assert_eq!(received.get("required"), None);
        prop_assert_eq!(sent.get("required").cloned().unwrap_or(json!([])), json!(required));

        for (name, property) in received["properties"].as_object().unwrap() {
            for keyword in ["minLength", "minimum", "maxItems", "default", "example"] {
                prop_assert!(property.get(keyword).is_none(), "{} keeps {}", name, keyword);
            }
            if matches!(property["type"].as_str(), Some("array" | "object")) {
                prop_assert_eq!(&property["nullable"], &json!(true));
            }
        }
    }

    #[test]
    fn normalising_twice_changes_no_more_than_once(
        properties in prop::collection::btree_map("[a-z]{1,8}", property(), 1..6),
        received in any::<bool>(),
    ) {
        let strip = |mut schema: Value| {
            // Escaped prose is escaped again; that is about text, not about shape.
            fn drop_prose(schema: &mut Value) {
                if let Some(map) = schema.as_object_mut() {
                    if map.get("description").is_some_and(Value::is_string) {
                        map.remove("description");
                    }
                    map.values_mut().for_each(drop_prose);
                }
            }
            drop_prose(&mut schema);
            schema
        };
        let once = strip(normalised(&json!({ "type": "object", "properties": properties }), received));
        let twice = strip(normalised(&once, received));
        prop_assert_eq!(once, twice);
    }
}

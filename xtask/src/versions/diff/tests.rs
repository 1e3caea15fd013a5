use serde_json::{Value, json};

use super::{Format, diff, render};
use crate::fixture::{changed, changes, library};

#[test]
fn every_change_has_its_rule_and_breaks_whom_it_breaks() {
    for row in changes(include_str!("../../../fixtures/changes.yaml")) {
        let rule = row.rule.as_deref().unwrap();
        let found = diff(&library(), &row.document);
        let hit = found
            .iter()
            .find(|change| change.rule == rule && change.sentence().contains(&row.says));
        let hit = hit.unwrap_or_else(|| panic!("{}: {found:#?}", row.row));
        let breaks: Vec<&str> = [(hit.wire, "wire"), (hit.sdk, "sdk")]
            .into_iter()
            .filter_map(|(breaks, whom)| breaks.then_some(whom))
            .collect();
        assert_eq!(breaks.join(" "), row.breaks.unwrap(), "{}", row.row);
        // Nothing but what was changed, except where one change is two.
        assert!(found.len() <= 2, "{}: {found:#?}", row.row);
    }
}

#[test]
fn every_rule_has_a_case() {
    let source = concat!(include_str!("../diff.rs"), include_str!("schema.rs"));
    let table = include_str!("../../../fixtures/changes.yaml");
    let said = |rule: &&str| {
        rule.contains('-') && rule.chars().all(|c| c.is_ascii_lowercase() || c == '-')
    };
    let rules = source
        .split('"')
        .skip(1)
        .step_by(2)
        .filter(said)
        .filter(|rule| !rule.starts_with("x-"));
    for rule in rules.filter(|rule| {
        ![
            "operation-route-changed",
            "schema-renamed",
            "choice-changed",
            "required-request-property-added",
        ]
        .contains(rule)
    }) {
        assert!(table.contains(&format!("rule: {rule},")), "{rule}");
    }
}

#[test]
fn the_same_document_has_no_changes_in_either_version() {
    let library = library();
    assert_eq!(diff(&library, &library), []);
    let mut newer = library.clone();
    newer["openapi"] = json!("3.1.0");
    newer["components"]["schemas"]["Book"]["properties"]["added"] =
        json!({ "type": ["string", "null"], "format": "date-time" });
    newer["components"]["schemas"]["Book"]["properties"]["twin"] =
        json!({ "anyOf": [{ "$ref": "#/components/schemas/Book" }, { "type": "null" }] });
    newer["components"]["schemas"]["BookAddRequest"]["properties"]["example"] =
        json!({ "type": "number", "format": "float", "exclusiveMinimum": 0 });
    assert_eq!(diff(&library, &newer), []);
}

/// The rules that a change of the whole document hits.
fn rules(change: impl FnOnce(&mut Value)) -> Vec<(&'static str, bool, bool)> {
    let mut document = library();
    change(&mut document);
    diff(&library(), &document)
        .iter()
        .map(|change| (change.rule, change.wire, change.sdk))
        .collect()
}

#[test]
fn a_move_and_a_new_name_are_no_loss_and_gain() {
    let moved = rules(|document| {
        let item = document["paths"]
            .as_object_mut()
            .unwrap()
            .remove("/v1/books/ask")
            .unwrap();
        document["paths"]["/v2/books/ask"] = item;
    });
    assert_eq!(moved, [("operation-route-changed", true, false)]);
    let renamed = rules(|document| {
        let text = document
            .to_string()
            .replace("schemas/Word\"", "schemas/Term\"")
            .replace("\"Word\":", "\"Term\":");
        *document = serde_json::from_str(&text).unwrap();
    });
    assert_eq!(renamed, [("schema-renamed", false, true)]);
}

#[test]
fn a_new_field_is_another_thing_in_a_request() {
    let field = "/components/schemas/Loan/properties/since";
    let document = changed(field, Some(json!({ "type": "string" })));
    let rules: Vec<&str> = diff(&library(), &document)
        .iter()
        .map(|change| change.rule)
        .collect();
    assert_eq!(
        rules,
        ["answer-property-added", "optional-request-property-added"]
    );
    let required = self::rules(|document| {
        document["components"]["schemas"]["Loan"]["properties"]["since"] =
            json!({ "type": "string" });
        document["components"]["schemas"]["Loan"]["required"] = json!(["until", "since"]);
    });
    assert!(
        required.contains(&("required-request-property-added", true, true)),
        "{required:?}"
    );
}

#[test]
fn a_choice_with_other_members_is_another_choice() {
    let choice = |kinds: &[&str]| {
        let members: Vec<Value> = kinds.iter().map(|kind| json!({ "type": kind })).collect();
        changed(
            "/components/schemas/Word/properties/text",
            Some(json!({ "oneOf": members })),
        )
    };
    let found = diff(
        &choice(&["string", "integer"]),
        &choice(&["string", "boolean"]),
    );
    assert_eq!(
        found.iter().map(|change| change.rule).collect::<Vec<_>>(),
        ["choice-changed"]
    );
}

#[test]
fn the_changes_are_written_for_people_programs_and_the_changelog() {
    let mut document = changed("/paths/~1v1~1books~1cover/get", None);
    document["components"]["schemas"]["BookAddRequest"]["properties"]["subtitle"] =
        json!({ "type": "string" });
    document["paths"]["/v1/books/ask"]["post"]["deprecated"] = json!(true);
    let found = diff(&library(), &document);
    let shown = |format| render(&found, format);
    assert_eq!(
        shown(Format::Text),
        "wire and SDK  `coverGet` is gone: GET /v1/books/cover [operation-removed]\n\
         nothing       `BookAddRequest.subtitle` is new and optional in the request (in bookAdd) \
         [optional-request-property-added]\n\
         nothing       `bookAsk` is deprecated [now-deprecated]\n\
         3 changes: 1 break the wire, 1 break the SDK, 2 break nothing\n"
    );
    assert_eq!(
        shown(Format::Changelog),
        "### Added\n\n- `BookAddRequest.subtitle` is new and optional in the request (in bookAdd).\n\n\
         ### Deprecated\n\n- `bookAsk` is deprecated.\n\n\
         ### Removed\n\n- **Breaking:** `coverGet` is gone: GET /v1/books/cover.\n"
    );
    assert!(shown(Format::Markdown).contains(
        "| wire and SDK | `coverGet` is gone: GET /v1/books/cover | `operation-removed` |"
    ));
    let json: Value = serde_json::from_str(&shown(Format::Json)).unwrap();
    assert_eq!(json[0]["breaks"], json!({ "wire": true, "sdk": true }));
    assert_eq!(json[1]["operations"], json!(["bookAdd"]));
}

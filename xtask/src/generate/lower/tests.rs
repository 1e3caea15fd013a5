use std::collections::BTreeMap;

use crate::document::{Source, overlay::compose};
use crate::fixture::{changes, library};
use crate::generate::{Normalised, accepted, files, read};

/// All that is generated, with one space for any white space, and all notes.
fn made(normalised: &Normalised) -> (String, String) {
    let mut code = String::new();
    for file in files(normalised).unwrap() {
        syn::parse_file(&file.text)
            .unwrap_or_else(|error| panic!("{}: {error}\n{}", file.path, file.text));
        code.push_str(&file.text);
    }
    let code = code.split_whitespace().collect::<Vec<_>>().join(" ");
    let left_out = normalised.left_out.iter().map(ToString::to_string);
    (
        code,
        normalised
            .notes
            .iter()
            .cloned()
            .chain(left_out)
            .collect::<Vec<_>>()
            .join("\n"),
    )
}

#[test]
fn every_construct_is_in_the_code_or_in_a_note() {
    let mut failed = Vec::new();
    for row in changes(include_str!("../../../fixtures/constructs.yaml")) {
        let made = match read(&row.document) {
            Ok(normalised) => std::panic::catch_unwind(|| made(&normalised)),
            Err(error) => {
                failed.push(format!("{}\n    refused: {error}", row.row));
                continue;
            }
        };
        let Ok((code, notes)) = made else {
            failed.push(format!("{}\n    generates no Rust", row.row));
            continue;
        };
        if let Some(expected) = &row.code
            && !code.contains(&expected.replace('~', " "))
        {
            let word = expected
                .split(|c: char| !c.is_alphanumeric())
                .max_by_key(|word| word.len())
                .unwrap();
            let near: Vec<&str> = code
                .match_indices(word)
                .take(3)
                .map(|(at, _)| &code[at.saturating_sub(40)..(at + 80).min(code.len())])
                .collect();
            failed.push(format!(
                "{}\n    not in the code; near: {near:#?}\n    notes: {notes}",
                row.row
            ));
        }
        if let Some(expected) = &row.note
            && !notes.contains(expected)
        {
            failed.push(format!("{}\n    not in the notes: {notes}", row.row));
        }
    }
    assert!(
        failed.is_empty(),
        "{} rows\n{}",
        failed.len(),
        failed.join("\n")
    );
}

#[test]
fn a_plain_document_needs_no_notes() {
    let normalised = read(&library()).unwrap();
    let left_out: Vec<String> = normalised
        .left_out
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(left_out, [""; 0]);
}

#[test]
fn a_document_in_the_official_shape_needs_annotations_alone() {
    let document =
        Source::parse("official", include_str!("../../../fixtures/official.yaml")).unwrap();
    let overlay = Source::parse(
        "overlay",
        include_str!("../../../fixtures/official.overlay.yaml"),
    )
    .unwrap();
    let composed = compose(document, &overlay).unwrap();
    let normalised = accepted(&composed).unwrap_or_else(|error| panic!("{error}"));
    let ids: Vec<&str> = normalised
        .operations
        .iter()
        .map(|operation| operation.id.as_str())
        .collect();
    assert_eq!(ids.len(), 16);
    let (code, notes) = made(&normalised);
    for expected in [
        "POST /v1/ai/search/ingest",
        "pub struct DbQueryResponse {",
        "pub struct User {",
        "pub struct AiChatRequestMessagesItem {",
        "pub password: crate::Secret,",
    ] {
        assert!(code.contains(expected), "{expected}");
    }
    assert!(
        notes.contains("official:8:1: #/x-speakeasy-retries: ")
            || notes.contains("x-speakeasy-retries"),
        "{notes}"
    );
    assert!(
        notes.contains("webhooks are calls of the platform"),
        "{notes}"
    );
    insta::assert_snapshot!("official", notes);
}

#[test]
fn a_renamed_parameter_moves_no_argument() {
    let mut document = library();
    let list = document["paths"]["/v1/shelves/{shelfId}/books"]["get"]["parameters"]
        .as_array_mut()
        .unwrap();
    list[0]["name"] = "amount".into();
    let parameters = |document| -> Vec<String> {
        let lowered = super::lower(document).value;
        let list = lowered["paths"]["/v1/shelves/{shelfId}/books"]["get"]["parameters"]
            .as_array()
            .unwrap()
            .clone();
        list.iter()
            .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let (before, after) = (parameters(&library()), parameters(&document));
    let changed: BTreeMap<&String, &String> = before
        .iter()
        .zip(&after)
        .filter(|(one, other)| one != other)
        .collect();
    assert_eq!(
        changed,
        BTreeMap::from([(&"limit".to_owned(), &"amount".to_owned())])
    );
}

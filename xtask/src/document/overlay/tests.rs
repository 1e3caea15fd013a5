use super::*;
use serde_json::json;

const SHELF: &str = "openapi: 3.1.0\nservers: [{ url: 'https://a.example/v1/' }, { url: /v1 }]\npaths:\n  /books:\n    get: \
                     { operationId: bookList, responses: { '200': { description: All. } } }\n    parameters: []\n";

/// The shelf under an overlay of these actions.
fn over(actions: &str) -> Result<Composed> {
    let overlay =
        format!("overlay: 1.1.0\ninfo: {{ title: t, version: '1' }}\nactions:\n{actions}");
    compose(
        Source::parse("published", SHELF)?,
        &Source::parse("overlay", &overlay)?,
    )
}

fn action(rest: &str) -> String {
    format!("  - {{ description: d, x-source: s, {rest} }}\n")
}

#[test]
fn an_overlay_adds_corrects_copies_and_removes() {
    let table = [
        (
            "target: $.paths.*.get, update: { x-idempotent: read, tags: [a] }",
            "/x-idempotent",
            json!("read"),
        ),
        (
            "target: $.paths.*.get, x-was: { operationId: bookList }, update: { operationId: list }",
            "/operationId",
            json!("list"),
        ),
        (
            "target: $.paths.*.get, x-replaces: true, update: { operationId: list }",
            "/operationId",
            json!("list"),
        ),
        (
            "target: \"$.paths.*.get.responses['200']\", remove: true",
            "/responses",
            json!({}),
        ),
        (
            "target: $.paths.*.get, copy: \"$.paths['/v1/books'].get.responses\"",
            "/200/description",
            json!("All."),
        ),
        (
            "target: \"$.paths.*[?@.operationId].responses\", update: { '404': {} }",
            "/responses/404",
            json!({}),
        ),
    ];
    for (change, pointer, expected) in table {
        let composed = over(&action(change)).unwrap();
        let at = format!("/paths/~1v1~1books/get{pointer}");
        assert_eq!(composed.value.pointer(&at), Some(&expected), "{change}");
        assert!(composed.text().starts_with("# Composed from"));
    }
}

#[test]
fn values_keep_the_place_where_they_were_written() {
    let composed = over(&action(
        "target: $.paths.*.get, update: { x-idempotent: read, tags: [a] }",
    ))
    .unwrap();
    for (pointer, spot) in [
        ("/paths/~1v1~1books/get/operationId", "published:5:12"),
        ("/paths/~1v1~1books/get/x-idempotent", "overlay:4:"),
        ("/paths/~1v1~1books/get/tags/0", "overlay:4:"),
        (
            "/paths/~1v1~1books/get/responses/200/none",
            "published:5:48",
        ),
    ] {
        let found = composed
            .spots
            .nearest(&Place::of(pointer))
            .unwrap()
            .to_string();
        assert!(found.starts_with(spot), "{pointer}: {found}");
    }
}

#[test]
fn the_servers_path_moves_in_front_of_the_paths() {
    let composed = over("  []\n").unwrap();
    assert_eq!(
        composed.value["servers"],
        json!([{ "url": "https://a.example" }, { "url": "/" }])
    );
    assert!(composed.value["paths"]["/v1/books"].is_object());
    assert_eq!(composed.notes.len(), 1);
}

#[test]
fn an_action_that_no_longer_holds_is_an_error_with_action_line_and_cure() {
    let table = [
        (
            "target: \"$.paths['/v1/boks'].get\", update: {}",
            "`$.paths['/v1/boks'].get` matches nothing: there is no `/v1/boks`, but there is `/v1/books`; remove it",
        ),
        (
            "target: \"$.paths.*.put\", update: {}",
            "`$.paths.*.put` matches nothing; remove it",
        ),
        (
            "target: $.paths.*.get, update: { operationId: bookList }",
            "changes nothing, since the document says all of it already; remove",
        ),
        (
            "target: $.paths.*.get, update: { operationId: list }",
            "the published document now says \"bookList\" at #/paths/~1v1~1books/get/operationId itself; take it out",
        ),
        (
            "target: $.paths.*.get.responses, update: { '200': { $ref: '#/x' } }",
            "now says {\"description\":\"All.\"}",
        ),
        (
            "target: $.paths.*.get, x-was: { operationId: books }, update: { operationId: list }",
            "corrects \"books\" but the published document now says \"bookList\"; see whether",
        ),
        (
            "target: $.paths.*.get, x-was: { summary: Books. }, update: { summary: All. }",
            "corrects `summary` but the published document now says nothing of the kind; see",
        ),
        (
            "target: \"$.paths['a','b']\", update: {}",
            "names several things, of which one could vanish unseen; write one",
        ),
        ("target: '$.paths[', update: {}", "is no JSONPath: "),
        (
            "target: $.paths, update: {}, remove: true",
            "needs exactly one change; give",
        ),
        (
            "target: $.paths.*, copy: $.servers.*",
            "`copy` matches 2 values; it must match one",
        ),
        ("target: $.paths, updates: {}", "/updates: is unknown"),
    ];
    for (change, says) in table {
        let error = over(&action(change)).unwrap_err().to_string();
        assert!(error.starts_with("overlay:4:"), "{change}: {error}");
        assert!(error.contains(says), "{change}: {error}");
    }
    let error = over("  - { target: $.paths, update: {} }\n")
        .unwrap_err()
        .to_string();
    assert!(error.contains("gives no reason; say why"), "{error}");
}

#[test]
fn everything_that_is_wrong_is_said_at_once() {
    let actions = action("target: $.gone, update: {}") + &action("target: $.lost, remove: true");
    let error = over(&actions).unwrap_err().to_string();
    assert!(
        error.contains("overlay:4:")
            && error.contains("overlay:5:")
            && error.ends_with("2 problems"),
        "{error}"
    );
}

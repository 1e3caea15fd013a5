use std::path::Path;

use super::{Taken, report, take};
use crate::document::overlay::{Composed, compose};
use crate::document::{OVERLAY, PUBLISHED, Source};
use crate::versions::diff::diff;

/// The next version of the published document, as the platform might write it.
fn next() -> String {
    let published = Source::read(PUBLISHED).unwrap();
    let changes = include_str!("../../../fixtures/next.overlay.yaml");
    let changes = Source::parse("next.overlay.yaml", changes).unwrap();
    compose(published, &changes).unwrap().text()
}

fn taken(text: &str) -> anyhow::Result<Taken> {
    take(
        Path::new("next.yaml"),
        text,
        &Source::read(OVERLAY).unwrap(),
    )
}

#[test]
fn the_next_version_is_taken_by_one_command() {
    let taken = taken(&next()).unwrap();
    let file = |end: &str| {
        let file = taken.files.iter().find(|file| file.path.ends_with(end));
        file.unwrap_or_else(|| panic!("no {end}")).text.as_str()
    };
    for (end, parts) in [
        (
            "published.yaml",
            vec!["openapi: 3.1.0", "/v1/flags/evaluate:"],
        ),
        ("aerostack.yaml", vec!["cacheTouch", "x-confidence: spec"]),
        (
            "requests.rs",
            vec![
                "pub struct CacheTouch {",
                "pub struct FlagsEvaluate {",
                "#[deprecated]",
            ],
        ),
        (
            "types.rs",
            vec![
                "pub only_if_absent: Option<bool>",
                "pub struct FlagsEvaluateResponseRule {",
            ],
        ),
        (
            "types.rs",
            vec![
                "pub duration_ms: Option<f64>",
                "pub struct StorageDuplicateRequest {",
            ],
        ),
        (
            "open.rs",
            vec![
                "Retrying = \"retrying\"",
                "pub enum FlagsEvaluateResponseReason {",
            ],
        ),
        ("generated/operations.rs", vec!["POST /v1/flags/evaluate"]),
    ] {
        for part in parts {
            assert!(file(end).contains(part), "{end} lacks {part}");
        }
    }
    for file in taken.files.iter().filter(|file| file.path.ends_with(".rs")) {
        syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.path));
    }
}

#[test]
fn what_came_of_it_is_told_with_what_has_to_follow() {
    let taken = taken(&next()).unwrap();
    let changes = diff(&Composed::read().unwrap().value, &taken.composed.value);
    let report = report(&changes, &[]);
    // The files that name an operation move about.
    let (report, _) = report.split_once("\nTo follow by hand:").unwrap();
    insta::assert_snapshot!("report", report);
    let follow = super::follow(&changes).join("\n");
    for part in [
        "`cacheTouch` has no handle yet; run `cargo xtask new-operation cacheTouch`",
        "`flagsEvaluate` has no handle yet; run",
        "`queueCancelJob` may need a change in crates/aerostack/src/",
        "`cacheKeys` is deprecated, so deprecate its method in crates/aerostack/src/cache/list.rs",
        "`cacheSet` could use what is new in crates/aerostack/src/",
    ] {
        assert!(follow.contains(part), "{part}\n{follow}");
    }
}

#[test]
fn what_the_overlay_can_no_longer_say_is_told_before_anything_is_written() {
    let text = next()
        .replace("  /v1/queue/jobs:", "  /v1/queue/list:")
        .replace(
            "description: What a consumer has and has used.",
            "description: A wallet.",
        );
    let error = taken(&text).unwrap_err().to_string();
    for part in [
        "openapi/overlay.yaml:",
        "the action for `$.paths['/v1/queue/jobs'].post` matches nothing: there is no `/v1/queue/jobs`, but there is `/v1/queue/",
        "the action for `$.components.schemas.GatewayWallet` corrects \"What a consumer has and has used.\" but the published \
         document now says \"A wallet.\"; see",
        "2 problems",
    ] {
        assert!(error.contains(part), "{part}\n{error}");
    }
}

#[test]
fn the_same_version_changes_nothing() {
    let published = std::fs::read_to_string(crate::document::workspace().join(PUBLISHED)).unwrap();
    let taken = taken(&published).unwrap();
    assert_eq!(
        diff(&Composed::read().unwrap().value, &taken.composed.value),
        []
    );
    for file in &taken.files {
        assert_eq!(file.drift().unwrap(), None, "{}", file.path);
    }
}

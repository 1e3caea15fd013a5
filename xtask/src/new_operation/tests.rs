use anyhow::Context;

use super::{MARK, Plan, plan};
use crate::document::overlay::{Composed, compose};
use crate::document::{OVERLAY, PUBLISHED, Source, workspace};
use crate::generate::outcome;

/// The plan for an operation of the next version of the document.
fn planned(id: &str) -> anyhow::Result<Plan> {
    let changes = include_str!("../../fixtures/next.overlay.yaml");
    let next = compose(
        Source::read(PUBLISHED)?,
        &Source::parse("next.overlay.yaml", changes)?,
    )?;
    let next = Source::parse("next.yaml", &next.text())?;
    let composed: Composed = compose(next, &Source::read(OVERLAY)?)?;
    let (files, _) = outcome(&composed)?;
    plan(
        &composed.value,
        id,
        &|path| match files.iter().find(|file| file.path == path) {
            Some(file) => Ok(file.text.clone()),
            None => std::fs::read_to_string(workspace().join(path)).context(path.to_owned()),
        },
    )
}

#[test]
fn skeletons_stand_where_they_belong_and_are_rust() {
    let plan = planned("cacheTouch").unwrap();
    let places = [
        (
            "crates/aerostack/src/cache.rs",
            "pub fn touch(&self, key: impl Into<String>) -> crate::call::Call<()>",
        ),
        (
            "crates/aerostack/src/cache.rs",
            "/// client.cache().touch(\"user:1\").await?;",
        ),
        ("crates/aerostack/src/cache.rs", "/// # Cancel safety"),
        (
            "crates/aerostack-emulator/src/services/cache.rs",
            ".on(&crate::http::operations::CACHE_TOUCH, cache_touch)",
        ),
        (
            "crates/aerostack-emulator/src/services/cache.rs",
            "    ttl: Option<i64>,",
        ),
        (
            "tests/src/cases.rs",
            "\"cacheTouch\": c.cache().touch(\"user:1\") => [];",
        ),
    ];
    for (path, part) in places {
        let file = plan.files.iter().find(|file| file.path == path);
        let text = &file.unwrap_or_else(|| panic!("no {path}")).text;
        assert!(
            text.contains(part),
            "{path} lacks {part}:\n{}",
            &text[text.len().saturating_sub(1500)..]
        );
        assert!(text.contains(&format!("// {MARK} cacheTouch: ")), "{path}");
        syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
}

#[test]
fn a_new_service_gets_a_module_of_its_own() {
    let plan = planned("flagsEvaluate").unwrap();
    let file = plan
        .files
        .iter()
        .find(|file| file.path == "crates/aerostack/src/flags.rs")
        .unwrap();
    assert!(
        file.text.contains("pub struct Flags {") && file.text.contains("pub fn evaluate(&self"),
        "{}",
        file.text
    );
    syn::parse_file(&file.text).unwrap();
    assert!(
        plan.steps
            .iter()
            .any(|step| step.contains("declare `flags` in crates/aerostack/src/lib.rs")),
        "{:?}",
        plan.steps
    );
}

#[test]
fn an_operation_that_is_not_there_is_told_with_the_nearest_that_is() {
    let error = planned("cacheTuch").unwrap_err().to_string();
    assert!(
        error.starts_with("the document has no operation `cacheTuch`, but `cacheTouch`; "),
        "{error}"
    );
}

#[test]
fn nothing_is_left_unfinished() {
    assert_eq!(super::unfinished(), [""; 0]);
}

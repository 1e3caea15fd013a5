//! Names and answers of any shape.
//!
//! What ever failed is kept in `tests/corpus` and replayed first, as are the names there. `FUZZ_CASES` sets how many
//! cases are made up besides, and `FUZZ_SEED` makes them the same each time.

use std::cell::Cell;
use std::sync::Arc;

use aerostack::ErrorKind;
use aerostack_contract::cases::CASES;
use aerostack_contract::report::Sheet;
use aerostack_contract::{Canned, Document, Planted, Sdk};
use proptest::prelude::*;
use proptest::test_runner::{Config, FileFailurePersistence, RngSeed, TestCaseError, TestRunner};
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

use crate::stage::Stage;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name)
        .ok()
        .map(|text| text.parse().expect(name))
}

/// How many cases: as many as usual, or a share of what is asked for.
fn cases(usual: u32, share: u64) -> u32 {
    let asked = setting("FUZZ_CASES").map(|cases| u32::try_from(cases / share).unwrap().max(1));
    asked.unwrap_or(usual)
}

fn runner(cases: u32, persistence: &'static str) -> TestRunner {
    TestRunner::new(Config {
        cases,
        rng_seed: setting("FUZZ_SEED").map_or(RngSeed::Random, RngSeed::Fixed),
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(persistence))),
        ..Config::default()
    })
}

/// Where the failures of a target are kept.
macro_rules! kept {
    ($target:literal) => {
        concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/corpus/",
            $target,
            ".failures.txt"
        )
    };
}

fn report(target: &str, seeds: usize, cases: u64, accepted: u64) {
    println!("{target}: {seeds} seeds, {cases} made-up cases, {accepted} accepted");
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let sheet = Sheet {
        summary: format!("{target}: {cases} cases"),
        facts: vec![
            fact("Seeds", seeds.to_string()),
            fact("Cases", cases.to_string()),
            fact("Accepted", accepted.to_string()),
        ],
        tables: vec![],
    };
    sheet.hand_over().unwrap();
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        Just(json!(u64::MAX)),
        ".{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[a-zA-Z_]{0,8}", inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Puts `new` in the place of the `at`th node.
fn replace(value: &mut Value, at: &mut usize, new: &Value) -> bool {
    if *at == 0 {
        *value = new.clone();
        return true;
    }
    *at -= 1;
    match value {
        Value::Array(items) => items.iter_mut().any(|item| replace(item, at, new)),
        Value::Object(fields) => fields.values_mut().any(|field| replace(field, at, new)),
        _ => false,
    }
}

fn nodes(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(nodes).sum(),
        Value::Object(fields) => fields.values().map(nodes).sum(),
        _ => 0,
    }
}

/// Every handle meets answers with parts exchanged and texts cut; each is decoded or refused, and none panics.
#[test]
fn fault_answers_of_any_shape_are_decoded_or_refused() {
    let runtime = Runtime::new().unwrap();
    let document = Arc::new(Document::load().unwrap());
    let canned = runtime.block_on(Canned::start()).unwrap();
    let planted = Planted {
        api_key: "ac_secret_example".into(),
        user_token: "user.token.example".into(),
        consumer_key: "ask_test_example".into(),
    };
    let sdk = Sdk::new(Arc::clone(&document), canned.url(), planted).unwrap();
    let cases = cases(24, CASES.len() as u64);
    let (mut seeds, accepted) = (0, Cell::new(0));
    for case in CASES {
        let operation = document.operation(case.operation).unwrap();
        let status = operation.success().unwrap();
        let Some(example) = operation.json_example(status) else {
            continue;
        };
        let size = nodes(example);
        let changes = prop::collection::vec((0..size, json()), 1..3);
        let cut = prop::option::weighted(0.1, any::<prop::sample::Index>());
        seeds += 1;
        runner(cases, kept!("answers"))
            .run(&(changes, cut), |(changes, cut)| {
                let mut answer = example.clone();
                for (mut at, new) in changes {
                    replace(&mut answer, &mut at, &new);
                }
                let mut body = answer.to_string().into_bytes();
                if let Some(cut) = cut {
                    body.truncate(cut.index(body.len() + 1));
                }
                canned.answer(status, "application/json", body);
                match runtime.block_on((case.call)(&sdk)) {
                    Ok(_) => {
                        accepted.set(accepted.get() + 1);
                        Ok(())
                    }
                    Err(refusal) => {
                        prop_assert!(!refusal.to_string().is_empty());
                        Ok(())
                    }
                }
            })
            .unwrap_or_else(|error| panic!("{}: {error}", case.handle()));
    }
    let all = u64::from(cases) * seeds as u64;
    report("answers of every handle", seeds, all, accepted.get());
}

/// Names that were trouble to somebody.
fn names() -> Vec<String> {
    serde_json::from_str(include_str!("../../corpus/names.json")).unwrap()
}

/// Holds a law over the names of the corpus and over names made up.
fn hold(
    target: &str,
    persistence: &'static str,
    law: impl Fn(String) -> Result<bool, TestCaseError>,
) {
    let (cases, accepted) = (cases(192, 1), Cell::new(0));
    let count = |was: bool| accepted.set(accepted.get() + u64::from(was));
    for name in names() {
        count(law(name.clone()).unwrap_or_else(|error| panic!("{name:?}: {error}")));
    }
    runner(cases, persistence)
        .run(&name(), |name| law(name).map(count))
        .unwrap_or_else(|error| panic!("{error}"));
    report(target, names().len(), cases.into(), accepted.get());
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[ -~]{1,24}",
        4 => ".{0,16}",
        1 => "[./%?#&=+ \\\\]{1,8}",
        2 => (prop::sample::select(names()), prop::sample::select(names())).prop_map(|(a, b)| a + &b),
    ]
}

/// A refusal for the input is made before anything is sent; anything else is the platform's to say.
fn refused(stage: &Stage, sent: usize, error: &aerostack::Error) -> Result<(), TestCaseError> {
    match error.kind() {
        ErrorKind::InvalidInput => prop_assert_eq!(stage.emulator.received().len(), sent),
        ErrorKind::BadRequest | ErrorKind::NotFound => {}
        other => prop_assert!(false, "{:?}: {}", other, error),
    }
    Ok(())
}

#[test]
fn fault_prone_names_of_files_and_keys_come_back_as_they_were() {
    let runtime = Runtime::new().unwrap();
    let stage = runtime.block_on(Stage::new());
    let client = stage.client();
    hold("names of files and keys", kept!("files-and-keys"), |name| {
        runtime.block_on(async {
            stage.emulator.clear_received();
            match client
                .storage()
                .upload(name.as_str(), name.clone().into_bytes())
                .await
            {
                Ok(_) => {
                    let got = client.storage().download(name.as_str()).await;
                    let got = got.map_err(|error| TestCaseError::fail(error.to_string()))?;
                    prop_assert_eq!(&got[..], name.as_bytes());
                    // One slash at the front is not part of a key.
                    let key = name.strip_prefix('/').unwrap_or(&name);
                    let listed = client.storage().list().prefix(key).await;
                    let listed = listed.map_err(|error| TestCaseError::fail(error.to_string()))?;
                    prop_assert!(listed.items.iter().any(|object| object.key == key));
                    client.storage().delete(name.as_str()).await.unwrap();
                }
                Err(error) => refused(&stage, 0, &error)?,
            }
            stage.emulator.clear_received();
            match client.cache().set(name.as_str(), &name).await {
                Ok(()) => {
                    let got = client.cache().get::<String>(name.as_str()).await;
                    let got = got.map_err(|error| TestCaseError::fail(error.to_string()))?;
                    prop_assert_eq!(got, Some(name));
                    Ok(true)
                }
                Err(error) => refused(&stage, 0, &error).map(|()| false),
            }
        })
    });
}

/// The part of a path between a beginning and an end, as it was before it was encoded.
fn segment(path: &str, begin: &str, end: &str) -> Option<String> {
    let encoded = path.strip_prefix(begin)?.strip_suffix(end)?;
    if encoded.contains(['/', '\\']) {
        return None;
    }
    let mut bytes = Vec::new();
    let mut rest = encoded.as_bytes();
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        match (byte, after) {
            (b'%', [high, low, after @ ..]) => {
                let digits = [*high, *low];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
                rest = after;
            }
            _ => bytes.push(*byte),
        }
    }
    String::from_utf8(bytes).ok()
}

/// A name within a path stays one segment of it: the call meets its own operation or none.
#[test]
fn fault_prone_names_in_paths_never_reach_another_operation() {
    let runtime = Runtime::new().unwrap();
    let stage = runtime.block_on(Stage::new());
    let client = stage.client();
    hold("names within paths", kept!("paths"), |name| {
        runtime.block_on(async {
            stage.emulator.clear_received();
            let list = client.collection(name.as_str()).list::<Value>().await;
            if let Err(error) = &list {
                refused(&stage, 0, error)?;
            }
            let calls = stage.emulator.received();
            for call in &calls {
                prop_assert_eq!(
                    call.operation,
                    Some("collectionsListItems"),
                    "{}",
                    call.path
                );
                let sent = segment(&call.path, "/v1/collections/", "/items");
                prop_assert_eq!(sent.as_ref(), Some(&name), "{}", call.path);
                prop_assert_eq!(&call.query, &None);
            }
            let accepted = !calls.is_empty();
            stage.emulator.clear_received();
            let auth = stage.builder().project_slug(name.as_str()).build();
            let Ok(other) = auth else { return Ok(accepted) };
            let login = other.auth().login("a@example.com", "Aa1-secret").await;
            prop_assert!(login.is_err());
            for call in stage.emulator.received() {
                prop_assert_eq!(call.operation, Some("publicAuthLogin"), "{}", call.path);
                let sent = segment(&call.path, "/api/v1/public/projects/", "/auth/login");
                prop_assert_eq!(sent.as_ref(), Some(&name), "{}", call.path);
            }
            Ok(accepted)
        })
    });
}

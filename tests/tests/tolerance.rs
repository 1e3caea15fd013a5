//! Answers of a platform that has moved on: the SDK reads what it can and says so when it cannot.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aerostack_contract::cases::CASES;
use aerostack_contract::variants::{Change, Variant, variants};
use aerostack_contract::wire::{GENERATED, WRITTEN};
use aerostack_contract::{Canned, Case, Document, Got, Planted, Sdk};

struct Setting {
    document: Arc<Document>,
    canned: Canned,
    sdk: Sdk,
}

impl Setting {
    async fn new() -> Self {
        let document = Arc::new(Document::load().unwrap());
        let canned = Canned::start().await.unwrap();
        let planted = Planted {
            api_key: "ac_secret_example".into(),
            user_token: "user.token.example".into(),
            consumer_key: "ask_test_example".into(),
        };
        let sdk = Sdk::new(Arc::clone(&document), canned.url(), planted).unwrap();
        Self {
            document,
            canned,
            sdk,
        }
    }

    /// The variants of what a case gets when it succeeds.
    fn variants(&self, case: &Case) -> Vec<Variant> {
        let operation = self.document.operation(case.operation).unwrap();
        let example = operation.json_example(operation.success().unwrap());
        let schema = self.document.success_schema(operation);
        schema
            .zip(example)
            .map(|(schema, example)| variants(&schema, example))
            .unwrap_or_default()
    }

    async fn answer(&self, case: &Case, variant: &Variant) -> aerostack_contract::Outcome {
        let status = self
            .document
            .operation(case.operation)
            .unwrap()
            .success()
            .unwrap();
        self.canned
            .answer(status, "application/json", variant.answer.to_string());
        (case.call)(&self.sdk).await
    }
}

#[tokio::test]
async fn the_generated_client_decodes_every_variant_of_every_answer() {
    let setting = Setting::new().await;
    let (mut tried, mut faults) = (BTreeMap::new(), Vec::new());
    for case in GENERATED.iter().chain(WRITTEN) {
        for variant in setting.variants(case) {
            *tried.entry(variant.change).or_insert(0) += 1;
            let what = format!(
                "{} with {:?} {}",
                case.operation, variant.change, variant.pointer
            );
            match setting.answer(case, &variant).await {
                Err(refusal) => faults.push(format!("{what}: {refusal}")),
                Ok(Got::Json(value)) if variant.change == Change::UnknownValue => {
                    // What is not understood is kept as it came.
                    if value.pointer(&variant.pointer) != variant.answer.pointer(&variant.pointer) {
                        faults.push(format!("{what}: became {value}"));
                    }
                }
                Ok(_) => {}
            }
        }
    }
    let all = [
        Change::UnknownFields,
        Change::Missing,
        Change::Null,
        Change::UnknownValue,
        Change::Text,
        Change::Number,
        Change::Object,
    ];
    assert!(tried.keys().copied().eq(all), "only {tried:?}");
    assert!(
        faults.is_empty(),
        "{} of {tried:?}:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

/// The fields without which a handle has no answer. Any other may be absent or null.
#[rustfmt::skip]
const ESSENTIAL: &[(&str, &[&str])] = &[
    ("db().batch", &["/results"]),
    ("db().execute", &["/results"]),
    ("db().query", &["/results"]),
    ("db().query_one", &["/results"]),
    ("server_auth().sign_in", &["/token", "/user", "/user/id"]),
    ("server_auth().sign_up", &["/token", "/user", "/user/id"]),
    ("auth().current_user", &["/id"]),
    ("auth().delete_avatar", &["/message"]),
    ("auth().login", &["/user/id"]),
    ("auth().logout", &["/success"]),
    ("auth().register", &["/user/id"]),
    ("auth().request_password_reset", &["/message"]),
    ("auth().resend_verification", &["/message"]),
    ("auth().reset_password", &["/message"]),
    ("auth().update_profile", &["/user", "/user/id"]),
    ("auth().verify_email", &["/message"]),
    ("auth().verify_otp", &["/user/id"]),
    ("auth().verify_token", &["/id"]),
    ("cache().delete", &["/success"]),
    ("cache().delete_many", &["/success"]),
    ("cache().expire", &["/success"]),
    ("cache().flush", &["/deleted"]),
    ("cache().get_many", &["/results", "/results/0/key"]),
    ("cache().increment", &["/value"]),
    ("cache().keys", &["/keys"]),
    ("cache().list", &["/cursor", "/keys", "/keys/0/key"]),
    ("cache().set", &["/success"]),
    ("cache().set_many", &["/success"]),
    ("storage().copy", &["/url"]),
    ("storage().delete", &["/success"]),
    ("storage().exists", &["/exists"]),
    ("storage().list", &["/cursor", "/objects", "/objects/0/key"]),
    ("storage().move_to", &["/url"]),
    ("storage().upload", &["/url"]),
    ("storage().url", &["/url"]),
    ("queue().cancel", &["/success"]),
    ("queue().job", &["/job", "/job/id", "/job/status"]),
    ("queue().list", &["/cursor", "/jobs", "/jobs/0/id", "/jobs/0/status"]),
    ("queue().send", &["/jobId"]),
    ("ai().chat", &["/choices", "/choices/0/message"]),
    ("ai().complete", &["/choices", "/choices/0/message"]),
    ("ai().embed", &["/embedding"]),
    ("ai().embed_many", &["/embedding"]),
    ("search().configure", &["/success"]),
    ("search().count", &["/count"]),
    ("search().delete", &["/success"]),
    ("search().delete_by_type", &["/success"]),
    ("search().get", &["/result", "/result/content", "/result/id"]),
    ("search().ingest", &["/success"]),
    ("search().list_types", &["/types", "/types/0/count", "/types/0/type"]),
    ("search().query", &["/results", "/results/0/content", "/results/0/id"]),
    ("search().update", &["/success"]),
    ("services().invoke", &["/result"]),
    ("gateway().chat", &["/choices", "/choices/0/message"]),
    ("gateway().complete", &["/choices", "/choices/0/message"]),
    ("gateway().usage", &["/total_requests", "/total_tokens"]),
    ("gateway().wallet", &["/wallet", "/wallet/balance"]),
    ("collection().delete", &["/success"]),
    ("collection().update", &["/success"]),
    ("secrets().get", &["/value"]),
    ("channel().history", &["/messages", "/messages/0/created_at", "/messages/0/id"]),
];

#[tokio::test]
async fn the_handles_need_what_they_cannot_do_without_and_nothing_else() {
    let setting = Setting::new().await;
    let (mut needed, mut faults) = (BTreeMap::<String, BTreeSet<String>>::new(), Vec::new());
    for case in CASES {
        for variant in setting.variants(case) {
            let what = format!(
                "{} with {:?} {}",
                case.handle(),
                variant.change,
                variant.pointer
            );
            match (variant.change, setting.answer(case, &variant).await) {
                (_, Ok(_)) => {}
                // What cannot be read as what it should be is as good as missing.
                (Change::Missing | Change::Null | Change::Object, Err(refusal))
                    if refusal.undecodable =>
                {
                    needed
                        .entry(case.handle())
                        .or_default()
                        .insert(variant.pointer);
                }
                (_, Err(refusal)) => faults.push(format!("{what}: {refusal}")),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let essential = ESSENTIAL.iter().map(|(handle, fields)| {
        (
            (*handle).to_owned(),
            fields.iter().map(|field| (*field).to_owned()).collect(),
        )
    });
    assert_eq!(needed, essential.collect());
}

/// Bodies in which a platform gone wrong could answer with a success.
const EMPTY: [&str; 7] = [
    "{}",
    "[]",
    "null",
    r#"{"error":"X"}"#,
    "",
    "<html>",
    "{\"success\":",
];

/// What of the above is an answer all the same: a list without items, and whatever acknowledges an event.
#[rustfmt::skip]
const FREE: &[(&str, &[&str])] = &[
    ("collection().list", &["[]"]),
    ("socket().emit", &["", "[]", "null", "{}"]),
];

#[tokio::test]
async fn a_success_that_says_nothing_is_no_answer() {
    let setting = Setting::new().await;
    let mut taken = BTreeMap::<String, BTreeSet<&str>>::new();
    for case in CASES {
        let operation = setting.document.operation(case.operation).unwrap();
        let status = operation.success().unwrap();
        if operation.json_example(status).is_none() {
            // A file may hold anything.
            continue;
        }
        for body in EMPTY {
            setting.canned.answer(status, "application/json", body);
            if (case.call)(&setting.sdk).await.is_ok() {
                taken.entry(case.handle()).or_default().insert(body);
            }
        }
    }
    let free = FREE
        .iter()
        .map(|(handle, bodies)| ((*handle).to_owned(), bodies.iter().copied().collect()));
    assert_eq!(taken, free.collect());
}

//! Answers of a platform that has moved on: the SDK reads what it can and says so when it cannot.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::sync::Arc;

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
        (case.call)(&self.sdk, String::new()).await
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
    ];
    assert!(tried.keys().copied().eq(all), "only {tried:?}");
    assert!(
        faults.is_empty(),
        "{} of {tried:?}:\n{}",
        faults.len(),
        faults.join("\n")
    );
}

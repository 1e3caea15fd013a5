//! Every fault against every class of calls.

use std::collections::BTreeMap;

use aerostack::Effect;
use aerostack_contract::report::write_json;
use futures_util::future::join_all;
use serde::Serialize;

use crate::catalogue::{self, Entry, Repeated};
use crate::stage::{Class, KEY, Stage, call, chain};

#[derive(Serialize)]
struct Row {
    fault: &'static str,
    outcomes: BTreeMap<Class, Outcome>,
}

#[derive(Debug, Serialize)]
struct Outcome {
    kind: String,
    attempts: u32,
    may_have_been_sent: bool,
    effect: String,
    effects: u64,
}

async fn outcome(stage: &Stage, entry: &Entry, class: Class) -> Outcome {
    let label = format!("{}, {class:?}", entry.name);
    let client = stage.client_for(entry, class);
    let before = stage.effects(class.operation());
    stage.strike(entry, class, usize::MAX);
    let error = call(&client, class).await.expect_err(&label);
    stage.heal();
    let outcome = Outcome {
        kind: format!("{:?}", error.kind()),
        attempts: error.attempts(),
        may_have_been_sent: error.may_have_been_sent(),
        effect: format!("{:?}", error.effect()),
        effects: stage.effects(class.operation()) - before,
    };

    assert_eq!(error.kind(), entry.kind, "{label}: {error:?}");
    let attempts = match entry.repeated {
        Repeated::All => 3,
        Repeated::Harmless if class.is_harmless() => 3,
        Repeated::Harmless | Repeated::None => 1,
    };
    assert_eq!(outcome.attempts, attempts, "{label}: {error}");
    // What the client itself would have repeated is called repeatable.
    assert!(
        entry.repeated == Repeated::None || error.is_retryable(),
        "{label}"
    );
    assert_eq!(
        outcome.may_have_been_sent,
        !entry.is_before_sending(),
        "{label}"
    );
    if matches!(class, Class::Replace | Class::No) {
        assert!(outcome.effects <= 1, "{label}: {outcome:?}");
    }
    // What the client says is known of a call is true.
    assert_eq!(
        error.effect() == Effect::None,
        entry.is_without_effect(),
        "{label}: {error:?}"
    );
    match error.effect() {
        Effect::None => assert_eq!(outcome.effects, 0, "{label}"),
        Effect::Done => assert!(outcome.effects >= 1, "{label}"),
        Effect::Unknown => {}
    }
    assert!(outcome.effects <= u64::from(outcome.attempts), "{label}");

    let everything = chain(&error);
    assert!(!everything.contains(KEY), "{label}: {everything}");
    assert!(!error.to_string().contains('\n'), "{label}: {error}");
    outcome
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_matrix_of_every_fault_and_class() {
    let rows = join_all(catalogue::all().into_iter().map(async |entry| {
        let stage = Stage::new().await;
        let mut outcomes = BTreeMap::new();
        for class in Class::ALL {
            outcomes.insert(class, outcome(&stage, &entry, class).await);
        }
        Row {
            fault: entry.name,
            outcomes,
        }
    }))
    .await;
    write_json("faults", &rows).unwrap();
}

/// A fault that passes costs a call at most, never the client.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_that_passes_leaves_a_working_client_and_no_connection() {
    join_all(catalogue::all().into_iter().map(async |entry| {
        if entry.is_permanent() {
            return;
        }
        let stage = Stage::new().await;
        for class in Class::ALL {
            let label = format!("{}, {class:?}", entry.name);
            let client = stage.client_for(&entry, class);
            stage.strike(&entry, class, 1);
            let recovers = match entry.repeated {
                Repeated::All => true,
                Repeated::Harmless => class.is_harmless(),
                Repeated::None => false,
            };
            let met = call(&client, class).await;
            assert_eq!(met.is_ok(), recovers, "{label}: {met:?}");
            stage.heal();
            call(&client, class).await.expect(&label);
        }
        // The clients are gone, and so are their connections.
        stage.all_closed(entry.name).await;
    }))
    .await;
}

//! Every call is dropped between any two of its steps, and nothing is the worse for it.
//!
//! The steps of a call are its polls: a call that needs seven of them is dropped before the first, after the first, and
//! so on, and at moments that chance picks. The client runs on a runtime of its own, so that what it leaves behind can
//! be counted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod dropped;
mod left;
mod methods;
mod own;

use std::collections::BTreeSet;
use std::time::Duration;

use aerostack_contract::cases::CASES;

use crate::own::OWN;
use aerostack_contract::world::World;

/// How often a call is dropped at a moment that chance picks.
const RANDOM: usize = 4;

#[test]
fn calls_can_be_dropped_between_any_two_of_their_steps() {
    let world = World::new();
    let mut random = fastrand::Rng::with_seed(7);
    let mut steps = 0;
    for case in CASES {
        let label = case.call_text;
        world.ours(async {
            steps += dropped::at_every_step(async || (case.call)(&world.sdk)).await;
            for _ in 0..RANDOM {
                let moment = Duration::from_micros(random.u64(0..2_000));
                let _ = tokio::time::timeout(moment, (case.call)(&world.sdk)).await;
            }
            // What the platform answers depends on what the dropped calls did; that it answers does not.
            if let Err(refusal) = (case.call)(&world.sdk).await {
                assert!(refusal.status.is_some(), "{label}: {refusal}");
                assert!(!refusal.undecodable, "{label}: {refusal}");
            }
        });
    }
    assert!(steps > 3 * CASES.len(), "the calls took only {steps} steps");
    world.ends_without_leftovers();
}

#[test]
fn what_is_more_than_one_call_can_be_dropped_between_any_two_of_its_steps() {
    for own in OWN {
        let world = World::new();
        world.ours(async {
            let make = async || (own.prepare)(&world).await;
            let every_step = dropped::at_every_step(make);
            let ended = tokio::time::timeout(Duration::from_secs(60), every_step).await;
            ended.unwrap_or_else(|_| panic!("a step of {} does not end", own.method));
            let whole = make().await;
            let ended = tokio::time::timeout(Duration::from_secs(20), whole).await;
            ended
                .unwrap_or_else(|_| panic!("{} does not end", own.method))
                .unwrap_or_else(|problem| panic!("{}: {problem}", own.method));
        });
        world.ends_without_leftovers();
    }
}

/// Methods of features that this crate goes without; their own tests drop them.
const OF_FEATURES: [&str; 3] = [
    "TokenVerifier::verify",
    "Worker::deliver",
    "Worker::deliver_with",
];

/// A method that is new has to be added to a table above.
#[test]
fn every_asynchronous_method_is_dropped_here() {
    let own: BTreeSet<&str> = OWN.iter().map(|own| own.method).collect();
    let methods = methods::all();
    assert!(
        methods.len() > 90,
        "only {} methods were found",
        methods.len()
    );
    let missing: Vec<&str> = methods
        .iter()
        .filter(|method| !own.contains(method.name.as_str()))
        .filter(|method| !OF_FEATURES.contains(&method.name.as_str()))
        .filter(|method| !CASES.iter().any(|case| method.is_called_in(case)))
        .map(|method| method.name.as_str())
        .collect();
    assert_eq!(missing, [""; 0], "neither in CASES nor in OWN");
    let known: BTreeSet<&str> = methods.iter().map(|method| method.name.as_str()).collect();
    let gone: Vec<_> = own.difference(&known).collect();
    assert_eq!(gone, [&""; 0], "in OWN, but no such method");
}

/// And every operation that has a handle is reached by one of them.
#[test]
fn no_operation_is_dropped_here_that_is_gone() {
    let here: BTreeSet<&str> = CASES.iter().map(|case| case.operation).collect();
    let all = aerostack_api::operations::ALL.iter();
    let all: BTreeSet<&str> = all.map(|operation| operation.id).collect();
    let gone: Vec<_> = here.difference(&all).collect();
    assert_eq!(gone, [&""; 0], "in CASES, but not in the document");
}

#[test]
fn every_asynchronous_method_says_what_dropping_it_does() {
    let silent: Vec<String> = methods::all()
        .into_iter()
        .filter(|method| !method.tells_of_dropping)
        .map(|method| method.name)
        .collect();
    assert_eq!(
        silent, [""; 0],
        "no `# Cancel safety` on the method or its builder"
    );
}

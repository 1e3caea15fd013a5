//! The example `orders-live`, between real processes: the emulator's program, and this one, which is also the writer it
//! starts.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may"
)]

#[allow(dead_code, unreachable_pub, reason = "its `main` is not run here")]
#[path = "../examples/orders-live.rs"]
mod example;

use std::{collections::BTreeSet, env, time::Duration};

use example::{FIRST_AFTER, FIRST_MISSED, LAST};

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let Some("writer") = arguments.first().map(String::as_str) {
        return example::play(&arguments).await.unwrap();
    }
    println!("\nrunning 1 test");
    a_platform_that_dies_costs_a_gap_and_nothing_else().await;
    println!("test a_platform_that_dies_costs_a_gap_and_nothing_else ... ok\n");
}

async fn a_platform_that_dies_costs_a_gap_and_nothing_else() {
    // Only keeps a fault from hanging the run.
    let limit = Duration::from_secs(300);
    let story = example::story(|_| {});
    let seen = tokio::time::timeout(limit, story).await.unwrap().unwrap();

    let ids = |from: i64, to: i64| (from..to).collect::<Vec<_>>();
    assert_eq!(seen.before, ids(1, FIRST_MISSED), "live, in order, once");
    assert_eq!(seen.gaps, 1, "one interruption, told once");
    assert!(
        seen.after.windows(2).all(|pair| pair[0] < pair[1]),
        "in order, once: {:?}",
        seen.after
    );
    assert!(
        seen.after.ends_with(&ids(FIRST_AFTER, LAST + 1)),
        "everything after the gap is there: {:?}",
        seen.after
    );
    assert!(
        seen.read_again.starts_with(&ids(1, FIRST_AFTER)),
        "killing it lost nothing that was acknowledged: {:?}",
        seen.read_again
    );
    let all: BTreeSet<i64> = [&seen.before, &seen.read_again, &seen.after]
        .into_iter()
        .flatten()
        .copied()
        .collect();
    assert_eq!(Vec::from_iter(all), ids(1, LAST + 1));
}

//! After every fault nothing stays behind: no task, no socket, no memory. Alone in its process, so that all three can be
//! counted.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may"
)]

use std::future::IntoFuture as _;
use std::time::Duration;

use aerostack_contract::Process;
use futures_util::future::join_all;

use aerostack_contract::faults::catalogue::{self, Entry};
use aerostack_contract::faults::stage::{Class, Stage, nothing_runs, runtime};

/// The first round warms up what is kept for good, such as what the TLS library reads once.
const ROUNDS: usize = 3;
/// What the allocator may keep besides, in KiB, while later rounds do the same again.
const SLACK: u64 = 8 << 10;

/// Lets several calls meet the fault, then takes all of it down.
fn meet(entry: &Entry) {
    // The client's tasks run apart from the platform's, so that they can be counted.
    let (ours, theirs) = (runtime(), runtime());
    let stage = theirs.block_on(Stage::new());
    let client = stage.client_for(entry, Class::Read);
    {
        let _inside = theirs.enter();
        stage.strike(entry, Class::Read, usize::MAX);
    }
    ours.block_on(async {
        let short = Duration::from_millis(100);
        let calls = (0..8).map(|_| {
            let call = client.cache().get::<u64>("read").timeout(short).no_retry();
            call.into_future()
        });
        for result in join_all(calls).await {
            result.expect_err(entry.name);
        }
        drop(client);
        nothing_runs(&ours, entry.name).await;
    });
    theirs.block_on(stage.all_closed(entry.name));
    {
        let _inside = theirs.enter();
        drop(stage);
    }
}

#[test]
fn fault_of_any_kind_leaves_no_task_socket_or_memory_behind() {
    let this = Process::this();
    let mut memory = Vec::new();
    // The runtime keeps a pair of its own from its first start on.
    runtime().block_on(async {});
    let sockets = this.sockets();
    for round in 0..ROUNDS {
        for entry in catalogue::all() {
            meet(&entry);
            assert_eq!(this.sockets(), sockets, "{}, round {round}", entry.name);
        }
        memory.push(this.memory());
    }
    println!("sockets before and after: {sockets:?}; KiB after each round: {memory:?}");
    if let (Some(Some(first)), Some(Some(last))) = (memory.first(), memory.last()) {
        assert!(*last < first + SLACK, "{memory:?} KiB");
    }
}

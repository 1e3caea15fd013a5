//! Calls that are dropped leave nothing behind: no task, no connection.

use std::future::{IntoFuture as _, poll_fn};
use std::task::Poll;
use std::time::Duration;

use aerostack::Client;
use aerostack_emulator::Fault;

use crate::stage::{Class, Stage, call, nothing_runs, runtime};

/// Polls a call some times and drops it: between any two of its steps.
async fn cancelled(client: &Client, polls: usize) {
    let mut insert = client
        .db()
        .execute("INSERT INTO notes (body) VALUES ('x')")
        .into_future();
    for _ in 0..polls {
        let ready = poll_fn(|context| Poll::Ready(insert.as_mut().poll(context).is_ready())).await;
        if ready {
            return;
        }
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
}

#[test]
fn fault_cancelled_calls_leave_a_working_client_and_nothing_else() {
    let (ours, theirs) = (runtime(), runtime());
    let stage = theirs.block_on(Stage::new());
    let client = stage.client();
    ours.block_on(async {
        for polls in 0..60 {
            cancelled(&client, polls % 20).await;
            if polls % 10 == 0 {
                call(&client, Class::No).await.expect("the client works on");
            }
        }
    });
    stage.emulator.fault(Fault::hang());
    ours.block_on(async {
        let waiting = (0..50).map(|_| {
            let client = client.clone();
            tokio::spawn(async move { call(&client, Class::No).await })
        });
        let waiting: Vec<_> = waiting.collect();
        tokio::time::sleep(Duration::from_millis(50)).await;
        for task in waiting {
            task.abort();
            let _ = task.await;
        }
    });
    stage.heal();
    ours.block_on(async {
        call(&client, Class::No).await.expect("the client works on");
        drop(client);
        nothing_runs(&ours, "after cancelling").await;
    });
    theirs.block_on(stage.all_closed("after cancelling"));
    assert_eq!(stage.effects("cacheIncrement"), 7);
}

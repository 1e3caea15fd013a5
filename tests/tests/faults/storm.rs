//! A platform in trouble is not met with a multiple of its usual load.

use aerostack::ErrorKind;
use aerostack_emulator::Fault;
use futures_util::future::join_all;

use crate::stage::{Class, Stage, call};

/// What the client's budget allows for repeats while nothing succeeds.
const REPEATS: u64 = 100;
const CALLS: usize = 300;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_storm_of_503_is_met_with_bounded_repeats_and_ends_with_it() {
    let stage = Stage::new().await;
    let client = stage.client();
    stage.emulator.fault(Fault::status(503).after_effect());
    let met = join_all((0..CALLS).map(|_| call(&client, Class::Read))).await;
    let errors: Vec<_> = met.into_iter().map(|result| result.unwrap_err()).collect();
    assert!(errors.iter().all(|error| error.kind() == ErrorKind::Server));
    let attempts: u64 = errors.iter().map(|error| u64::from(error.attempts())).sum();
    assert_eq!(attempts, CALLS as u64 + REPEATS);
    assert_eq!(stage.effects("cacheGet"), attempts);

    // With nothing left, a call is one attempt.
    let error = call(&client, Class::Read).await.unwrap_err();
    assert_eq!(error.attempts(), 1);

    stage.heal();
    for _ in 0..5 {
        call(&client, Class::Read).await.unwrap();
    }
    stage.emulator.fault(Fault::status(503).times(1));
    call(&client, Class::Read)
        .await
        .expect("successes paid for a repeat");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fault_storm_of_429_is_met_with_bounded_repeats_and_no_effect() {
    for header in [
        ("retry-after", "0"),
        ("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT"),
        ("x-ratelimit-reset", "1445412480"),
    ] {
        let stage = Stage::new().await;
        let client = stage.client();
        stage
            .emulator
            .fault(Fault::status(429).header(header.0, header.1));
        let met = join_all((0..CALLS).map(|_| call(&client, Class::No))).await;
        let mut attempts = 0;
        for result in met {
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::RateLimited);
            assert_eq!(error.retry_after(), Some(std::time::Duration::ZERO));
            attempts += u64::from(error.attempts());
        }
        assert_eq!(attempts, CALLS as u64 + REPEATS, "{header:?}");
        assert_eq!(stage.effects("cacheIncrement"), 0);
        stage.heal();
        call(&client, Class::No).await.unwrap();
        assert_eq!(stage.effects("cacheIncrement"), 1);
    }
}

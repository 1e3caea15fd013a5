//! One client in a static, used from many runtimes, as parallel tests do.

use std::sync::{
    OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use aerostack::{Client, Error, ErrorKind};
use aerostack_contract::faults::stage::{KEY, runtime};
use aerostack_emulator::Emulator;

static CLIENT: OnceLock<Client> = OnceLock::new();

/// As many runtimes, one after the other on each of so many threads; each makes some calls and ends.
fn use_from(threads: usize, runtimes: usize, client: &Client) -> Vec<Error> {
    let left = AtomicUsize::new(runtimes);
    let one_more = || {
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            left.checked_sub(1)
        })
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut failures = Vec::new();
                    while one_more().is_ok() {
                        let runtime = tokio::runtime::Builder::new_current_thread()
                            .enable_all()
                            .build()
                            .unwrap();
                        runtime.block_on(async {
                            for _ in 0..6 {
                                let call = client.cache().increment("used").no_retry();
                                failures.extend(call.await.err());
                            }
                        });
                    }
                    failures
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap())
            .collect()
    })
}

/// `RUNTIMES` sets how many.
#[test]
fn fault_of_no_call_is_a_runtime_that_ended() {
    let platform = runtime();
    let emulator = platform
        .block_on(Emulator::builder().api_key(KEY).start())
        .unwrap();
    let client = CLIENT.get_or_init(|| {
        Client::builder()
            .base_url(emulator.url())
            .api_key(KEY)
            .build()
            .unwrap()
    });
    let runtimes = std::env::var("RUNTIMES").map_or(60, |text| text.parse().unwrap());
    for threads in [1, 2, 8, 16] {
        let failures = use_from(threads, runtimes, client);
        assert!(
            failures.is_empty(),
            "{} failures on {threads} threads: {:?}",
            failures.len(),
            failures[0]
        );
    }
    let effects = emulator.effects()["cacheIncrement"];
    assert_eq!(effects, 4 * 6 * runtimes as u64);
    platform.block_on(emulator.shutdown());
}

/// A call without tokio is told so, in place of a panic within a dependency.
#[test]
fn fault_of_a_missing_runtime_is_an_error() {
    let client = Client::builder()
        .base_url("http://127.0.0.1:9")
        .api_key(KEY)
        .build()
        .unwrap();
    let error =
        futures_util::future::FutureExt::now_or_never(client.cache().has("x").into_future())
            .unwrap()
            .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config, "{error}");
    assert!(error.to_string().contains("tokio"), "{error}");
    assert!(!error.may_have_been_sent());
}

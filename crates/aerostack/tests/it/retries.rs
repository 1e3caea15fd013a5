//! Which calls are repeated, and what that leaves behind.

use std::time::Duration;

use aerostack::{Client, ErrorKind};
use aerostack_emulator::{Emulator, Fault};

use crate::support::{builder, start};

async fn calls(emulator: &Emulator, operation: &str) -> usize {
    emulator
        .received()
        .iter()
        .filter(|call| call.operation == Some(operation))
        .count()
}

#[tokio::test]
async fn reading_is_repeated_until_it_succeeds() {
    let (emulator, client) = start().await;
    client.cache().set("k", &1).await.unwrap();
    emulator.fault(Fault::status(503).on("cacheGet").times(2));
    assert_eq!(client.cache().get::<u8>("k").await.unwrap(), Some(1));
    assert_eq!(calls(&emulator, "cacheGet").await, 3);

    emulator.fault(Fault::reset().on("cacheGet").times(1));
    assert_eq!(client.cache().get::<u8>("k").await.unwrap(), Some(1));

    emulator.fault(Fault::status(503).on("cacheGet").times(1));
    let error = client.cache().get::<u8>("k").no_retry().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1));
}

#[tokio::test]
async fn a_write_that_may_have_happened_is_done_once() {
    let (emulator, client) = start().await;
    emulator.fault(Fault::close().after_effect().on("dbQuery").times(1));
    let insert = || {
        client
            .db()
            .execute("INSERT INTO users (email) VALUES ('once@example.com')")
    };
    let error = insert().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert!(error.may_have_been_sent());
    assert_eq!(error.attempts(), 1);
    assert_eq!(calls(&emulator, "dbQuery").await, 1);

    emulator.fault(Fault::close().on("dbQuery").times(1));
    client
        .db()
        .execute("DELETE FROM users")
        .idempotent()
        .await
        .unwrap();
    assert_eq!(calls(&emulator, "dbQuery").await, 3);
}

#[tokio::test]
async fn replacing_calls_are_repeated_only_where_the_client_says_so() {
    let (emulator, cautious) = start().await;
    emulator.fault(Fault::status(500).on("cacheSet").times(1));
    assert!(cautious.cache().set("k", &1).await.is_err());

    let willing: Client = builder(&emulator).retry_replacing_calls().build().unwrap();
    emulator.fault(Fault::status(500).on("cacheSet").times(1));
    willing.cache().set("k", &1).await.unwrap();

    emulator.fault(Fault::status(500).on("cacheIncrement").times(1));
    assert!(willing.cache().increment("n").await.is_err());
}

#[tokio::test]
async fn a_refusal_by_rate_is_repeated_even_for_writes() {
    let (emulator, client) = start().await;
    emulator.fault(Fault::rate_limited("0").on("dbQuery").times(1));
    client
        .db()
        .execute("INSERT INTO users (email) VALUES ('a')")
        .await
        .unwrap();
    assert_eq!(calls(&emulator, "dbQuery").await, 2);
}

#[tokio::test]
async fn a_wait_longer_than_the_deadline_is_not_begun() {
    let (emulator, client) = start().await;
    emulator.fault(Fault::rate_limited("25").on("cacheGet").times(1));
    let error = client
        .cache()
        .get::<u8>("k")
        .deadline(Duration::from_secs(20))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(25)));
    assert_eq!(error.attempts(), 1);
}

#[tokio::test]
async fn the_end_of_a_rate_limit_window_is_no_reason_to_wait_after_another_failure() {
    let (emulator, client) = start().await;
    emulator.fault(
        Fault::status(503)
            .header("X-RateLimit-Reset", "99999999999")
            .on("cacheGet")
            .times(1),
    );
    let call = || client.cache().has("k").deadline(Duration::from_secs(10));
    assert!(!call().await.unwrap());

    emulator.fault(
        Fault::status(429)
            .header("X-RateLimit-Reset", "99999999999")
            .on("cacheGet")
            .times(1),
    );
    let error = call().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::RateLimited, 1)
    );
}

#[tokio::test]
async fn every_attempt_of_a_call_carries_the_same_request_id() {
    let (emulator, client) = start().await;
    emulator.fault(Fault::status(503).on("cacheGet").times(2));
    client.cache().has("k").await.unwrap();
    client.cache().has("k").await.unwrap();
    let ids: Vec<String> = emulator
        .received()
        .iter()
        .map(|call| call.header("x-request-id").unwrap().to_owned())
        .collect();
    assert_eq!(ids[0], ids[1]);
    assert_eq!(ids[1], ids[2]);
    assert_ne!(ids[2], ids[3]);
}

#[tokio::test]
async fn an_upload_is_repeated_from_bytes_and_not_from_a_stream() {
    let (emulator, _) = start().await;
    let client = builder(&emulator).retry_replacing_calls().build().unwrap();
    emulator.fault(Fault::status(503).on("storageUpload").times(1));
    client.storage().upload("a", b"again").await.unwrap();
    assert_eq!(client.storage().download("a").await.unwrap(), "again");

    emulator.fault(Fault::status(503).on("storageUpload").times(1));
    let body = aerostack::storage::UploadBody::stream(futures_util::stream::iter([Ok(
        bytes::Bytes::from_static(b"once"),
    )]));
    let error = client.storage().upload("b", body).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1));
}

//! Each way to fail has a kind of its own and says what to do.

use std::time::Duration;

use aerostack::{Client, Error, ErrorCode, ErrorKind};
use aerostack_emulator::{Emulator, Fault};

use crate::support::{builder, start};

async fn query_with(emulator: &Emulator, fault: Fault) -> Error {
    emulator.fault(fault.on("dbQuery").times(1));
    let client = builder(emulator).max_attempts(1).build().unwrap();
    client
        .db()
        .execute("SELECT 1")
        .timeout(Duration::from_secs(5))
        .await
        .unwrap_err()
}

#[tokio::test]
async fn faults_on_the_way_have_distinct_kinds_and_messages() {
    let (emulator, _) = start().await;
    let mut messages = std::collections::BTreeSet::new();
    for (fault, kind, status, sent, says) in [
        (
            Fault::html(502),
            ErrorKind::Server,
            Some(502),
            true,
            "not the platform's",
        ),
        (
            Fault::status(503),
            ErrorKind::Server,
            Some(503),
            true,
            "look before you do it again",
        ),
        (
            Fault::rate_limited("7"),
            ErrorKind::RateLimited,
            Some(429),
            true,
            "slow down",
        ),
        (
            Fault::close(),
            ErrorKind::Interrupted,
            None,
            true,
            "unknown",
        ),
        (
            Fault::reset(),
            ErrorKind::Interrupted,
            None,
            true,
            "unknown",
        ),
        (
            Fault::truncate_body(5),
            ErrorKind::Truncated,
            Some(200),
            true,
            "truncated",
        ),
        (
            Fault::redirect("https://elsewhere.test/x?token=1"),
            ErrorKind::Protocol,
            Some(302),
            true,
            "https://elsewhere.test",
        ),
        (
            Fault::content_encoding("gzip"),
            ErrorKind::Protocol,
            Some(200),
            true,
            "gzip",
        ),
        (
            Fault::answer(200, "text/html", "<html>"),
            ErrorKind::Decode,
            Some(200),
            true,
            "base URL",
        ),
        (
            Fault::answer(200, "application/json", "{\"results\":["),
            ErrorKind::Decode,
            Some(200),
            true,
            "base URL",
        ),
    ] {
        let label = format!("{fault:?}");
        let error = query_with(&emulator, fault).await;
        assert_eq!(error.kind(), kind, "{label}: {error:?}");
        if kind != ErrorKind::Protocol && kind != ErrorKind::Truncated {
            assert_eq!(error.status(), status, "{label}");
        }
        assert_eq!(error.may_have_been_sent(), sent, "{label}");
        let text = error.to_string();
        assert!(text.contains(says), "{label}: {text}");
        assert!(!text.contains('\n') && !text.contains("token=1"), "{text}");
        assert_eq!(error.attempts(), 1);
        messages.insert(text.split(" [request").next().unwrap().to_owned());
    }
    assert!(messages.len() >= 9, "{messages:#?}");
}

#[tokio::test]
async fn a_wrong_key_a_public_key_and_no_key_are_told_apart() {
    let (emulator, _) = start().await;
    let wrong = builder(&emulator).api_key("sk_wrong").build().unwrap();
    let error = wrong.db().execute("SELECT 1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized);
    assert_eq!(error.code(), Some(&ErrorCode::AuthInvalidKey));
    assert!(error.to_string().contains("check the key"), "{error}");
    assert!(!format!("{error} {error:?}").contains("sk_wrong"));

    let public = builder(&emulator)
        .api_key(emulator.public_key())
        .build()
        .unwrap();
    let error = public.db().execute("SELECT 1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);

    let none = Client::builder().base_url(emulator.url()).build().unwrap();
    let calls = emulator.received().len();
    let error = none.db().execute("SELECT 1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MissingCredential);
    assert!(error.to_string().contains("an API key"), "{error}");
    assert_eq!(emulator.received().len(), calls);
    let error = none.auth().login("a@example.com", "x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Config);
    assert!(
        error.to_string().contains("AEROSTACK_PROJECT_SLUG"),
        "{error}"
    );
}

#[tokio::test]
async fn nobody_there_is_a_connection_error_that_is_safe_to_repeat() {
    let (emulator, _) = start().await;
    let gone = builder(&emulator).max_attempts(2).build().unwrap();
    emulator.shutdown().await;
    let error = gone.db().execute("SELECT 1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connect);
    assert_eq!(error.attempts(), 2);
    assert!(error.is_retryable() && !error.may_have_been_sent());
    assert!(error.to_string().contains("base URL"), "{error}");
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn an_answer_beyond_the_limit_is_not_read() {
    let (emulator, _) = start().await;
    let client = builder(&emulator).answer_limit(1_000).build().unwrap();
    let error = client
        .db()
        .execute("SELECT printf('%.2000c', 'x') AS x")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(error.to_string().contains("1000 bytes"), "{error}");
}

#[tokio::test]
async fn time_limits_say_which_of_them_ran_out() {
    let (emulator, _) = start().await;
    emulator.fault(Fault::hang().on("dbQuery"));
    let client = builder(&emulator).build().unwrap();
    let attempt = client
        .db()
        .execute("DELETE FROM notes")
        .timeout(Duration::from_millis(60))
        .await
        .unwrap_err();
    assert_eq!(attempt.kind(), ErrorKind::Timeout);
    assert!(
        attempt
            .to_string()
            .contains("attempt took longer than 60ms"),
        "{attempt}"
    );
    assert_eq!(
        attempt.attempts(),
        1,
        "a statement that writes may have run, so it is not retried"
    );
    let deadline = client
        .db()
        .execute("SELECT 1")
        .deadline(Duration::from_millis(60))
        .await
        .unwrap_err();
    assert!(
        deadline.to_string().contains("deadline of 60ms"),
        "{deadline}"
    );
}

#[tokio::test]
async fn what_may_pass_by_itself_is_retryable_and_the_rest_is_not() {
    let (emulator, _) = start().await;
    for (status, retryable) in [
        (400, false),
        (401, false),
        (404, false),
        (408, true),
        (409, false),
        (429, true),
        (500, true),
        (501, false),
        (503, true),
        (505, false),
    ] {
        let error = query_with(&emulator, Fault::status(status)).await;
        assert_eq!(error.is_retryable(), retryable, "{status}");
    }
}

#[tokio::test]
async fn an_error_is_small_and_crosses_threads() {
    fn check<T: Send + Sync + 'static>() {}
    check::<Error>();
    assert!(size_of::<Error>() <= 32);
}

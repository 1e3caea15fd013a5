//! How much of an answer is taken, and for how long it is waited for.

use std::{future::IntoFuture, time::Duration};

use aerostack::{Client, Error, ErrorKind};
use aerostack_emulator::{Emulator, Fault};
use futures_util::{FutureExt, TryStreamExt, future::BoxFuture};
use serde_json::json;

use crate::support::{builder, start};

type Outcome = BoxFuture<'static, Result<(), Error>>;

/// Every way to read an answer, and the operation that is read.
type Way = (&'static str, &'static str, fn(&Client) -> Outcome);

macro_rules! ways {
    ($c:ident; $($what:literal $operation:literal: $call:expr;)*) => {
        &[$(($what, $operation, |$c| {
            let future = $call.into_future();
            async move { future.await.map(drop) }.boxed()
        })),*]
    };
}

#[rustfmt::skip]
const WAYS: &[Way] = ways! { c;
    "JSON" "cacheGet": c.cache().get::<String>("k");
    "rows" "dbQuery": c.db().query::<serde_json::Value>("SELECT 1");
    "a file in memory" "storageGet": c.storage().download("f");
    "a file in pieces" "storageGet": pieces(c.clone());
    "a file to disk" "storageGet": c.storage().download("f").to_file(std::env::temp_dir().join("aerostack-limits"));
    "a chat" "aiChat": c.ai().complete("hi");
    "a chat in pieces" "aiChat": deltas(c.clone());
};

async fn pieces(client: Client) -> Result<Vec<bytes::Bytes>, Error> {
    let stream = client.storage().download("f").stream().await?;
    stream.try_collect().await
}

async fn deltas(client: Client) -> Result<Vec<aerostack::ai::ChatDelta>, Error> {
    let stream = client.ai().complete("hi").stream().await?;
    stream.try_collect().await
}

async fn impatient() -> (Emulator, Client) {
    let (emulator, client) = start().await;
    client
        .storage()
        .upload("f", b"content of it")
        .await
        .unwrap();
    client.cache().set("k", "a value").await.unwrap();
    let short = Duration::from_millis(200);
    let client = builder(&emulator)
        .timeout(short)
        .idle_timeout(short)
        .max_attempts(1)
        .build()
        .unwrap();
    (emulator, client)
}

#[tokio::test]
async fn an_encoding_is_an_error_except_for_a_file_which_comes_as_it_is_stored() {
    let (emulator, client) = impatient().await;
    for (what, operation, call) in WAYS {
        emulator.clear_received();
        for encoding in ["gzip", "br", "identity, deflate"] {
            emulator.fault(Fault::content_encoding(encoding).on(*operation).times(1));
            let result = call(&client).await;
            if *operation == "storageGet" {
                result.unwrap();
                continue;
            }
            let error = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Protocol, "{what}: {error}");
            assert!(error.to_string().contains(encoding), "{what}: {error}");
        }
        for received in emulator.received() {
            let accepted = received.header("accept-encoding");
            assert_eq!(accepted, Some("identity"), "{what}");
        }
    }
}

#[tokio::test]
async fn a_file_that_is_stored_packed_comes_packed_and_says_so() {
    let (emulator, client) = impatient().await;
    emulator.fault(Fault::content_encoding("gzip").on("storageGet").times(1));
    let file = client.storage().download("f").stream().await.unwrap();
    assert_eq!(file.content_encoding(), Some("gzip"));
    let chunks: Vec<bytes::Bytes> = file.try_collect().await.unwrap();
    assert_eq!(chunks.concat(), b"content of it");
}

#[tokio::test]
async fn silence_ends_every_way_to_read_with_a_timeout() {
    let (emulator, client) = impatient().await;
    for (what, operation, call) in WAYS {
        for fault in [
            Fault::hang(),
            Fault::close_after_headers().by_silence(),
            Fault::truncate_body(3).by_silence(),
        ] {
            emulator.fault(fault.on(*operation).times(1));
            let error = call(&client).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Timeout, "{what}: {error:?}");
        }
        call(&client).await.unwrap();
    }
}

#[tokio::test]
async fn no_answer_is_collected_beyond_its_limit() {
    let (emulator, _) = impatient().await;
    let client = builder(&emulator)
        .answer_limit(20_000)
        .max_attempts(1)
        .build()
        .unwrap();
    let long = "x".repeat(30_000);
    let piece = |text: &str| {
        format!(
            "data: {}\n\n",
            json!({"choices": [{"delta": {"content": text}}]})
        )
    };
    let is_too_large = |what: &str, result: Result<(), Error>| {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooLarge, "{what}: {error:?}");
        assert!(error.to_string().contains("limit"), "{what}: {error}");
    };
    for media_type in ["application/json", "application/json; charset=utf-8"] {
        let answer =
            json!({"choices": [{"message": {"content": long}}], "value": long, "exists": true})
                .to_string();
        for (what, operation, call) in WAYS.iter().filter(|way| way.1 != "storageGet") {
            emulator.fault(
                Fault::answer(200, media_type, answer.clone())
                    .on(*operation)
                    .times(1),
            );
            is_too_large(what, call(&client).await);
        }
    }

    // A stream has no end by itself: what is put together of it has.
    let endless: String = (0..40).map(|_| piece(&"x".repeat(1000))).collect();
    emulator.fault(
        Fault::answer(200, "text/event-stream", endless)
            .on("aiChat")
            .times(1),
    );
    let stream = client.ai().complete("hi").stream().await.unwrap();
    is_too_large("pieces", stream.into_completion().await.map(drop));

    // Of an error as much is kept as tells what it is.
    let error = json!({"code": "NOT_FOUND", "message": long, "rest": "y".repeat(200_000)});
    emulator.fault(
        Fault::answer(400, "application/json", error.to_string())
            .on("cacheGet")
            .times(1),
    );
    let error = client.cache().get::<u8>("k").await.unwrap_err();
    assert_eq!(error.status(), Some(400));
    assert_eq!(error.body().len(), 64 * 1024);
    assert!(
        error.to_string().len() < 1000,
        "{}",
        error.to_string().len()
    );
}

#[tokio::test]
async fn what_a_server_puts_into_headers_is_not_repeated_at_length() {
    let (emulator, client) = impatient().await;
    let long = "x".repeat(5_000);
    emulator.fault(
        Fault::status(400)
            .header("x-request-id", long.clone())
            .on("cacheGet")
            .times(1),
    );
    let error = client
        .cache()
        .has("k")
        .request_id("mine")
        .await
        .unwrap_err();
    assert_eq!(error.request_id(), Some("mine"));
    emulator.fault(Fault::content_encoding(long).on("cacheGet").times(1));
    let error = client.cache().has("k").await.unwrap_err();
    assert!(error.to_string().len() < 500, "{error}");
    let elsewhere = "https://someone:secret@elsewhere.invalid:8443/path?token=secret";
    emulator.fault(Fault::redirect(elsewhere).on("cacheGet").times(1));
    let error = client.cache().has("k").await.unwrap_err();
    let text = format!("{error} {error:?}");
    assert!(text.contains("https://elsewhere.invalid:8443"), "{text}");
    assert!(
        !text.contains("secret") && !text.contains("someone"),
        "{text}"
    );
}

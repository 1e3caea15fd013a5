//! What is refused before anything is sent, over all services, and what is left to the platform.

use std::{future::IntoFuture, sync::LazyLock, time::Duration};

use aerostack::{Client, Error, ErrorKind, db::Statement, storage::UploadBody};
use futures_util::{FutureExt, TryStreamExt, future::BoxFuture, stream};
use serde_json::json;

use crate::support::start;

type Outcome = BoxFuture<'static, Result<(), Error>>;

/// What a caller's text may not be.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    /// Not empty.
    Text,
    /// And without the character at which SQLite stops reading.
    Sql,
    /// And without control characters.
    Name,
    /// And not resolved away by a URL.
    Segment,
    /// And of few characters.
    Slug,
    /// A name, and no path to resolve.
    File,
}

/// Texts, and who refuses them.
const TEXTS: [(&str, &[Kind]); 12] = {
    use Kind::{File, Name, Segment, Slug, Sql, Text};
    [
        ("", &[Text, Sql, Name, Segment, Slug, File]),
        ("a\nb", &[Name, Segment, Slug, File]),
        ("a\0b", &[Sql, Name, Segment, Slug, File]),
        ("a\u{7f}", &[Name, Segment, Slug, File]),
        ("a\u{85}b", &[Name, Segment, Slug, File]),
        ("..", &[Segment, Slug, File]),
        (".", &[Segment, Slug, File]),
        ("a/../b", &[Slug, File]),
        ("//a", &[Slug, File]),
        ("ünï/ço dé?#%2e%2e", &[Slug]),
        ("a..b", &[]),
        ("plain", &[]),
    ]
};

/// A parameter of a call: where it stands, what it is, and the call with a text in its place.
type Place = (&'static str, Kind, fn(&Client, String) -> Outcome);

macro_rules! places {
    ($c:ident, $text:ident; $($what:literal $kind:ident: $call:expr;)*) => {
        &[$(($what, Kind::$kind, |$c, $text| {
            let future = $call.into_future();
            async move { future.await.map(drop) }.boxed()
        })),*]
    };
}

#[rustfmt::skip]
const PLACES: &[Place] = places! { c, text;
    "cache key" Name: c.cache().get::<u8>(text);
    "cache key" Name: c.cache().has(text);
    "cache key" Name: c.cache().set(text, &1);
    "cache key" Name: c.cache().delete(text);
    "cache key" Name: c.cache().expire(text, Duration::from_secs(60));
    "cache key" Name: c.cache().increment(text);
    "cache key" Name: c.cache().get_many::<u8, _>(["fine".to_owned(), text]);
    "cache key" Name: c.cache().delete_many(["fine".to_owned(), text]);
    "cache key" Name: c.cache().set_many().entry("fine", &1).entry(text, &1);

    "storage key" File: c.storage().upload(text, b"content");
    "storage key" File: c.storage().download(text);
    "storage key" File: c.storage().download(text).stream();
    "storage key" File: c.storage().download(text).to_file(std::env::temp_dir().join("aerostack-never"));
    "storage key" File: c.storage().url(text);
    "storage key" File: c.storage().exists(text);
    "storage key" File: c.storage().metadata(text);
    "storage key" File: c.storage().copy(text, "b");
    "storage key" File: c.storage().copy("a", text);
    "storage key" File: c.storage().move_to(text, "b");
    "storage key" File: c.storage().move_to("a", text);
    "storage key" File: c.storage().delete(text);

    "job type" Name: c.queue().send(text, &json!({}));
    "job id" Name: c.queue().job(text);
    "job id" Name: c.queue().cancel(text);
    "job id" Name: c.queue().wait(text);

    "type" Name: c.search().ingest(text, "content");
    "entry id" Name: c.search().ingest("faq", "content").id(text);
    "entry id" Name: c.search().get(text);
    "entry id" Name: c.search().update(text, "content");
    "entry id" Name: c.search().delete(text);
    "type" Name: c.search().delete_by_type(text);
    "query" Text: c.search().query(text);
    "content" Text: c.search().ingest("faq", text);
    "text" Text: c.ai().embed(text);

    "slug" Slug: c.gateway(text).consumer_key("ask_test_k").wallet();
    "slug" Slug: c.gateway(text).consumer_key("ask_test_k").complete("hi");
    "consumer" Name: c.gateway_billing().log(text, "api", 1);
    "service" Name: c.services().invoke::<u8>(text, &json!({}));
    "slug" Slug: c.functions().call::<u8>(text).get();
    "collection" Segment: c.collection(text).list::<u8>();
    "collection" Segment: c.collection(text).create::<u8>(&json!({}));
    "item" Segment: c.collection("notes").get::<u8>(text);
    "item" Segment: c.collection("notes").update(text, &json!({}));
    "item" Segment: c.collection("notes").delete(text);
    "secret" Name: c.secrets().get(text);
    "event" Name: c.socket().emit(text, &json!({}));
    "room" Name: c.socket().emit("event", &json!({})).room(text);

    "e-mail" Text: c.auth().register(text, "Correct-Horse-9");
    "password" Text: c.auth().register("ines@example.com", text);
    "e-mail" Text: c.auth().login(text, "Correct-Horse-9");
    "password" Text: c.auth().login("ines@example.com", text);
    "e-mail" Text: c.auth().send_otp(text);
    "e-mail" Text: c.auth().resend_verification(text);
    "e-mail" Text: c.auth().request_password_reset(text);
    "code" Text: c.auth().verify_otp("ines@example.com").code(text);
    "token" Text: c.auth().verify_email(text);
    "token" Text: c.auth().refresh(text);
    "token" Text: c.auth().reset_password(text, "Correct-Horse-9");
    "password" Text: c.auth().reset_password("token", text);
    "e-mail" Text: c.server_auth().sign_up(text, "Correct-Horse-9");
    "e-mail" Text: c.server_auth().sign_in(text, "Correct-Horse-9");
    "statement" Sql: c.db().execute(text);
    "statement" Sql: c.db().query::<u8>(text);
    "statement" Sql: c.db().batch().add(text.as_str());
};

/// Calls whose values no platform would take.
type Row = (&'static str, fn(&Client) -> Outcome);

macro_rules! rows {
    ($c:ident; $($what:literal: $call:expr;)*) => {
        &[$(($what, |$c| {
            let future = $call.into_future();
            async move { future.await.map(drop) }.boxed()
        })),*]
    };
}

#[rustfmt::skip]
const VALUES: &[Row] = rows! { c;
    "parameter 1": c.db().execute("SELECT ?").bind(f64::NAN);
    "parameter 2": c.db().execute("SELECT ?, ?").bind(1).bind(f64::INFINITY);
    "parameter 1": c.db().query::<u8>("SELECT ?").bind(f32::NEG_INFINITY);
    "parameter 1": c.db().batch().add(Statement::new("SELECT ?").bind(f64::NAN));
    "NUL": c.db().execute("SELECT 1\0; DROP TABLE users");
    "no statement": c.db().batch();
    "temperature": c.ai().complete("hi").temperature(f64::NAN);
    "temperature": c.ai().complete("hi").temperature(2.1).stream();
    "top_p": c.ai().complete("hi").top_p(f64::INFINITY);
    "max_tokens": c.ai().complete("hi").max_tokens(0);
    "no message": c.ai().chat();
    "top_k": c.search().query("q").top_k(0);
    "days": c.gateway("bot").consumer_key("ask_test_k").usage().days(0);
    "page size": c.cache().list().limit(0);
    "page size": c.cache().list().limit(1001);
    "page size": c.queue().list().limit(201);
    "page size": c.storage().list().limit(1001);
    "page size": c.storage().list().limit(0).items().try_collect::<Vec<_>>();
    "TTL": c.cache().set("k", &1).ttl(Duration::ZERO);
    "TTL": c.cache().expire("k", Duration::ZERO);
    "delay": c.queue().send("mail", &json!({})).delay(Duration::MAX);
    "object": c.queue().send("mail", &7);
    "object": c.search().query("q").filter(&[1]);
    "no JSON form": c.cache().set("k", &std::collections::BTreeMap::from([((1, 2), 3)]));
    "user token": c.auth().current_user("");
    "user token": c.auth().logout("a\nb");
    "consumer key": c.gateway("bot").consumer_key("").wallet();
    "header": c.cache().has("k").header("authorization", "Bearer x");
    "header": c.cache().has("k").header("x-note", "a\r\nb");
    "header": c.cache().has("k").header("a b", "c");
    "request id": c.cache().has("k").request_id("a\nb");
    "26214402 bytes": c.cache().set("k", &"x".repeat(25 * 1024 * 1024));
    "26214402 bytes": c.cache().set_many().entry("k", &"x".repeat(25 * 1024 * 1024));
    "104857601 bytes": c.storage().upload("f", vec![0; 100 * 1024 * 1024 + 1]);
    "104857601 bytes": c.storage().upload("f", UploadBody::stream_with_length(stream::empty(), 100 * 1024 * 1024 + 1));
    "104857601 bytes": c.storage().upload("f", UploadBody::file(LARGE_FILE.path()));
    "media type": c.storage().upload("f", b"content").content_type("text/plain\r\nx: y");
};

/// One byte more than the platform takes, none of them written.
static LARGE_FILE: LazyLock<tempfile::NamedTempFile> = LazyLock::new(|| {
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().set_len(100 * 1024 * 1024 + 1).unwrap();
    file
});

fn is_refused(what: &str, error: &Error) {
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{what}: {error}");
    assert_eq!(error.attempts(), 0, "{what}");
    assert!(
        !error.may_have_been_sent() && !error.is_retryable(),
        "{what}"
    );
    assert_eq!(error.status(), None, "{what}");
    assert!(
        !error.to_string().contains(char::is_control),
        "{what}: {error}"
    );
}

#[tokio::test]
async fn names_are_refused_where_the_platform_could_not_take_them_and_nowhere_else() {
    let (emulator, client) = start().await;
    let mut faults = Vec::new();
    for (index, (what, kind, call)) in PLACES.iter().enumerate() {
        for (text, refusers) in TEXTS {
            let label = format!("{what} ({index}) = {text:?}");
            emulator.clear_received();
            let deadline = Duration::from_secs(5);
            let outcome = tokio::time::timeout(deadline, call(&client, text.to_owned())).await;
            let sent = !emulator.received().is_empty();
            if refusers.contains(kind) {
                match outcome.unwrap() {
                    Err(error) if !sent => is_refused(&label, &error),
                    outcome => faults.push(format!("{label} is not refused: {outcome:?}")),
                }
            } else if !sent {
                faults.push(format!("{label} is refused: {outcome:?}"));
            }
        }
    }
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[tokio::test]
async fn values_that_nobody_could_take_are_refused_with_their_name() {
    let (emulator, client) = start().await;
    for (what, call) in VALUES {
        let error = call(&client).await.unwrap_err();
        is_refused(what, &error);
        assert!(error.to_string().contains(what), "{what}: {error}");
    }
    assert!(emulator.received().is_empty());
}

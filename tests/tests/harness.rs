//! The harness itself, without Node: reading the document, finding operations, forwarding and recording.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::sync::Arc;

use aerostack_contract::cases::CASES;
use aerostack_contract::variants::{Change, variants};
use aerostack_contract::{Canned, Case, Credential, Document, Planted, Recorder};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use futures_util::StreamExt as _;
use serde_json::json;

fn planted() -> Planted {
    Planted {
        api_key: "key-of-the-project".to_owned(),
        user_token: "token-of-a-user".to_owned(),
        consumer_key: "key-of-a-consumer".to_owned(),
    }
}

const SMALL: &str = r"
paths:
  /v1/notes/{id}/tags:
    get: &read
      operationId: noteTags
      x-confidence: spec
      security: [{ApiKeyAuth: []}, {ApiKeyAuth: [], BearerAuth: []}]
      responses: {'200': {x-confidence: spec, content: {application/json: {example: [1]}}}}
  /v1/notes/own/{kind}:
    get:
      <<: *read
      operationId: ownNotes
  /v1/binary:
    post:
      operationId: binary
      x-confidence: spec
      security: []
      responses: {'200': {x-confidence: spec, content: {application/octet-stream: {}}}, '404': {x-confidence: docs}}
";

/// A server to stand behind the forwarder.
async fn upstream() -> String {
    let router = Router::new()
        .route("/v1/binary", post(|body: Bytes| async move { body }))
        .route(
            "/v1/preference",
            get(|headers: HeaderMap| async move { format!("{:?}", headers.get("prefer")) }),
        )
        .route(
            "/v1/notes/7/tags",
            get(|headers: HeaderMap| async move { format!("{:?}", headers.get("accept")) }),
        )
        .route(
            "/v1/problem",
            get(|| async {
                (
                    StatusCode::IM_A_TEAPOT,
                    [("content-type", "application/problem+json")],
                    "no",
                )
            }),
        )
        .route(
            "/v1/violation",
            get(|| async { ([("sl-violations", "[\"sql is missing\"]")], "{}") }),
        )
        .route(
            "/v1/drip",
            get(|| async {
                let chunks = futures_util::stream::iter(["one", "two"])
                    .then(|chunk| async move { Ok::<_, std::io::Error>(chunk) });
                // Never ends: whoever buffers it waits for ever.
                Body::from_stream(chunks.chain(futures_util::stream::pending()))
            }),
        );
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    url
}

async fn recorder() -> Recorder {
    let document = Arc::new(Document::parse(SMALL).unwrap());
    Recorder::start(document, &upstream().await, planted())
        .await
        .unwrap()
}

#[test]
fn the_document_of_this_repository_is_read_whole() {
    let document = Document::load().unwrap();
    let query = document.operation("dbQuery").unwrap();
    assert_eq!(
        (query.method.as_str(), query.path.as_str()),
        ("POST", "/v1/db/query")
    );
    assert_eq!(query.security, [[Credential::ApiKey]]);
    assert_eq!(query.success(), Some(200));
    assert_eq!(query.json_example(400).unwrap()["code"], "DB_QUERY_FAILED");
    assert!(query.body.as_ref().unwrap().example.as_ref().unwrap()["sql"].is_string());
    for operation in document.operations() {
        assert_eq!(
            document
                .find(&operation.method, &operation.path)
                .unwrap()
                .id,
            operation.id
        );
    }
}

#[test]
fn every_error_response_of_the_document_has_an_example_with_code_and_message() {
    for operation in Document::load().unwrap().operations() {
        for status in operation.responses.keys().filter(|status| **status >= 400) {
            let example = operation.json_example(*status);
            assert!(
                example.is_some_and(
                    |example| example["code"].is_string() && example["message"].is_string()
                ),
                "{} {status}: {example:?}",
                operation.id
            );
        }
    }
}

#[test]
fn a_request_belongs_to_the_most_literal_path_that_matches() {
    let document = Document::parse(SMALL).unwrap();
    for (method, path, expected) in [
        ("GET", "/v1/notes/7/tags", Some("noteTags")),
        ("GET", "/v1/notes/own/tags", Some("ownNotes")),
        ("POST", "/v1/notes/7/tags", None),
        ("GET", "/v1/notes//tags", None),
        ("GET", "/v1/notes/7/tags/", None),
        ("GET", "/v1/notes/7%2F8/tags", Some("noteTags")),
    ] {
        assert_eq!(
            document
                .find(method, path)
                .map(|operation| operation.id.as_str()),
            expected,
            "{method} {path}"
        );
    }
}

#[test]
fn credentials_are_admitted_exactly_as_the_security_says() {
    use Credential::{ApiKey, ConsumerKey, UserToken};
    let document = Document::parse(SMALL).unwrap();
    let (keyed, public) = (
        document.operation("noteTags").unwrap(),
        document.operation("binary").unwrap(),
    );
    for (carried, keyed_admits, public_admits) in [
        (&[][..], false, true),
        (&[ApiKey], true, false),
        (&[UserToken], false, false),
        (&[ApiKey, UserToken], true, false),
        (&[ApiKey, ConsumerKey], false, false),
    ] {
        assert_eq!(keyed.admits(carried), keyed_admits, "{carried:?}");
        assert_eq!(public.admits(carried), public_admits, "{carried:?}");
    }
}

#[test]
fn a_document_that_lacks_what_the_tests_need_is_refused_by_name() {
    for (yaml, expected) in [
        (
            "paths: {/a: {get: {x-confidence: spec}}}",
            "operationId is missing",
        ),
        (
            "paths: {/a: {get: {operationId: a, x-confidence: spec}}}",
            "declares no response",
        ),
        (
            "paths: {/a: {get: {operationId: a, x-confidence: spec, responses: {'200': {$ref: '#/x'}}}}}",
            "points nowhere",
        ),
        (
            "paths: {/a: {get: {operationId: a, x-confidence: spec, responses: {'200': {}}}}}",
            "x-confidence is missing",
        ),
        ("{}", "/paths is not an object"),
    ] {
        let error = format!("{:#}", Document::parse(yaml).unwrap_err());
        assert!(error.contains(expected), "{yaml} gave {error}");
    }
}

#[tokio::test]
async fn bytes_pass_unchanged_and_are_recorded() {
    let recorder = recorder().await;
    let sent: Vec<u8> = (0..=255).cycle().take(200_000).collect();
    let answer = reqwest::Client::new()
        .post(format!("{}/v1/binary", recorder.url()))
        .body(sent.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(answer.bytes().await.unwrap(), sent);
    let exchange = recorder.take().remove(0);
    assert_eq!(exchange.operation.as_deref(), Some("binary"));
    assert_eq!(exchange.status, 200);
    assert_eq!(exchange.body, &sent[..64 * 1024]);
    assert_eq!(exchange.fault(), None);
    assert!(recorder.take().is_empty(), "what was taken is gone");
}

#[tokio::test]
async fn a_stream_passes_before_it_ends() {
    let recorder = recorder().await;
    let answer = reqwest::get(format!("{}/v1/drip", recorder.url()))
        .await
        .unwrap();
    let mut chunks = answer.bytes_stream();
    let mut received = String::new();
    while received.len() < 6 {
        received.push_str(std::str::from_utf8(&chunks.next().await.unwrap().unwrap()).unwrap());
    }
    assert_eq!(received, "onetwo");
}

#[tokio::test]
async fn credentials_are_named_and_never_kept() {
    let recorder = recorder().await;
    let http = reqwest::Client::new();
    let send = |name: &'static str, value: String| {
        http.get(format!("{}/v1/notes/7/tags", recorder.url()))
            .header(name, value)
            .send()
    };
    for (name, value, expected, strays) in [
        (
            "x-aerostack-key",
            planted().api_key,
            &[Credential::ApiKey][..],
            0,
        ),
        (
            "authorization",
            format!("Bearer {}", planted().api_key),
            &[Credential::ApiKeyAsBearer],
            0,
        ),
        (
            "authorization",
            format!("Bearer {}", planted().user_token),
            &[Credential::UserToken],
            0,
        ),
        (
            "authorization",
            format!("Bearer {}", planted().consumer_key),
            &[Credential::ConsumerKey],
            0,
        ),
        ("authorization", "Bearer made-up".to_owned(), &[], 1),
        ("x-aerostack-key", "made-up".to_owned(), &[], 1),
        ("user-agent", format!("me {}", planted().api_key), &[], 1),
    ] {
        send(name, value.clone()).await.unwrap();
        let exchange = recorder.take().remove(0);
        assert_eq!(exchange.credentials, expected, "{name}: {value}");
        assert_eq!(exchange.strays.len(), strays, "{name}: {value}");
        assert_eq!(exchange.fault().is_some(), strays > 0);
        let shown = format!("{exchange:?} {:?}", exchange.fault());
        for secret in [
            planted().api_key,
            planted().user_token,
            planted().consumer_key,
        ] {
            assert!(!shown.contains(&secret), "{shown}");
        }
    }
}

#[tokio::test]
async fn what_prism_objects_to_is_told_with_what_was_sent() {
    let recorder = recorder().await;
    let http = reqwest::Client::new();
    for (path, expected) in [
        ("problem", "Prism refused it: no"),
        ("violation", "sql is missing"),
        ("unheard-of", "the document has no such operation"),
    ] {
        let url = format!("{}/v1/{path}?limit=3", recorder.url());
        http.get(&url)
            .json(&json!({"sqll": 1}))
            .send()
            .await
            .unwrap();
        let told = recorder.take().remove(0).fault().unwrap();
        for part in [expected, "limit", "{\"sqll\":1}", path] {
            assert!(told.contains(part), "{told}");
        }
    }
}

#[tokio::test]
async fn what_is_preferred_goes_along_with_every_request() {
    let recorder = recorder().await;
    let ask = || async {
        let answer = reqwest::get(format!("{}/v1/preference", recorder.url()))
            .await
            .unwrap();
        answer.text().await.unwrap()
    };
    assert_eq!(ask().await, "None");
    recorder.prefer("code=404").unwrap();
    assert_eq!(ask().await, "Some(\"code=404\")");
    recorder.prefer("code=409").unwrap();
    assert_eq!(ask().await, "Some(\"code=409\")");
}

#[tokio::test]
async fn an_upstream_that_is_gone_is_a_fault() {
    let document = Arc::new(Document::parse(SMALL).unwrap());
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let recorder = Recorder::start(document, &format!("http://{gone}"), planted())
        .await
        .unwrap();
    let answer = reqwest::get(format!("{}/v1/notes/7/tags", recorder.url()))
        .await
        .unwrap();
    assert_eq!(answer.status(), 502);
    assert!(
        recorder
            .take()
            .remove(0)
            .fault()
            .unwrap()
            .contains("nothing came back")
    );
}

#[test]
fn variants_change_one_thing_and_leave_the_callers_own_values_alone() {
    let document = Document::load().unwrap();
    let get = document.operation("queueGetJob").unwrap();
    let schema = document.success_schema(get).unwrap();
    let example = get.json_example(200).unwrap();
    let variants = variants(&schema, example);
    let of = |change, pointer: &str| {
        let found = variants
            .iter()
            .find(|variant| variant.change == change && variant.pointer == pointer);
        found.map(|variant| &variant.answer)
    };
    assert_eq!(
        of(Change::Missing, "/job/status").unwrap()["job"].get("status"),
        None
    );
    assert_eq!(
        of(Change::Null, "/job/createdAt").unwrap()["job"]["createdAt"],
        serde_json::Value::Null
    );
    assert_eq!(
        of(Change::UnknownValue, "/job/status").unwrap()["job"]["status"],
        "unheard-of"
    );
    assert_eq!(
        of(Change::UnknownValue, "/job/id"),
        None,
        "an id is no enumeration"
    );
    assert_eq!(
        of(Change::Missing, "/job/data/userId"),
        None,
        "what a job carries is the caller's"
    );
    let everywhere = of(Change::UnknownFields, "").unwrap();
    assert!(everywhere.get("unheardOf").is_some() && everywhere["job"].get("unheardOf").is_some());
    assert_eq!(everywhere["job"]["data"], example["job"]["data"]);
}

#[tokio::test]
async fn a_canned_server_gives_what_it_was_told() {
    let canned = Canned::start().await.unwrap();
    for (status, body) in [(200, "{}"), (418, "<html>")] {
        canned.answer(status, "text/html", body);
        let answer = reqwest::get(format!("{}/any", canned.url())).await.unwrap();
        assert_eq!(
            (
                answer.status().as_u16(),
                answer.text().await.unwrap().as_str()
            ),
            (status, body)
        );
    }
}

#[test]
fn a_row_is_named_after_the_call_it_makes() {
    for (operation, expected) in [
        ("cacheSet", &["cache().set"][..]),
        ("dbBatch", &["db().batch"]),
        ("gatewayGetWallet", &["gateway().wallet"]),
        (
            "publicAuthMe",
            &["auth().current_user", "auth().verify_token"],
        ),
        ("realtimeHistory", &["channel().history"]),
        ("servicesInvoke", &["services().invoke"]),
    ] {
        let rows = CASES.iter().filter(|case| case.operation == operation);
        let names: BTreeSet<_> = rows.map(Case::handle).collect();
        assert!(names.iter().eq(expected), "{operation}: {names:?}");
    }
}

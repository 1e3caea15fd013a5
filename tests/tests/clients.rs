//! What the official Python, TypeScript and Go clients send, against the emulator: it has to be accepted and answered in
//! the form they read.
//!
//! `CLIENTS.md` is written from the rows here: `AEROSTACK_WRITE_TABLES=1 cargo test -p aerostack-contract --test clients`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use aerostack_emulator::{Emulator, FunctionReply, GatewayApi, GatewayConsumer, MailKind};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The credential a client sends, and where.
#[derive(Clone, Copy)]
enum With {
    Nothing,
    /// The secret key in `X-Aerostack-Key`.
    Key,
    /// The secret key as a bearer token.
    BearerKey,
    /// A gateway consumer's key as a bearer token.
    Consumer,
}

/// What a client reads at a place of the answer.
enum Reads {
    Is(Value),
    Text,
    Number,
}

use Reads::{Is, Number, Text};
use With::{BearerKey, Consumer, Key, Nothing};

/// One request of a client. Texts such as `$job` stand for what an earlier answer held.
struct Row {
    client: &'static str,
    what: &'static str,
    method: Method,
    path: &'static str,
    with: With,
    body: Value,
    reads: Vec<(&'static str, Reads)>,
    keep: Option<(&'static str, &'static str)>,
}

const SERVER: &str = "TypeScript server";
const BROWSER: &str = "TypeScript browser";
const RPC: &str = "/internal/hooks/rpc";

fn row(
    client: &'static str,
    what: &'static str,
    (method, path): (Method, &'static str),
    with: With,
    body: Value,
    reads: Vec<(&'static str, Reads)>,
) -> Row {
    Row {
        client,
        what,
        method,
        path,
        with,
        body,
        reads,
        keep: None,
    }
}

impl Row {
    fn keep(mut self, name: &'static str, place: &'static str) -> Self {
        self.keep = Some((name, place));
        self
    }
}

/// A call in the envelope. The client adds a field of its own; what is not set is `null` in its arguments.
fn rpc(method: &'static str, args: Value, reads: Vec<(&'static str, Reads)>) -> Row {
    let body = json!({ "method": method, "args": args, "projectId": "local", "source": "sdk" });
    row(SERVER, method, (Method::POST, RPC), BearerKey, body, reads)
}

#[rustfmt::skip]
fn rows() -> Vec<Row> {
    let post = |path| (Method::POST, path);
    vec![
        rpc("db.query", json!(["SELECT 1 AS one", []]), vec![
            ("/results/0/one", Is(json!(1))), ("/success", Is(json!(true))), ("/meta/target", Is(json!("d1"))),
            ("/meta/rowCount", Is(json!(1))),
        ]),
        rpc("cache.set", json!(["k", { "a": 1 }, null]), vec![]),
        rpc("cache.get", json!(["k"]), vec![("", Is(json!({ "a": 1 })))]),
        rpc("cache.get", json!(["nothing"]), vec![("", Is(json!(null)))]),
        rpc("cache.list", json!([null, { "limit": null, "cursor": null }]), vec![
            ("/keys/0/name", Is(json!("k"))), ("/list_complete", Is(json!(true))),
        ]),
        rpc("cache.keys", json!([null]), vec![("", Is(json!(["k"])))]),
        rpc("cache.getMany", json!([["k", "nothing"]]), vec![
            ("/0/value/a", Is(json!(1))), ("/1/value", Is(json!(null))),
        ]),
        rpc("cache.setMany", json!([[{ "key": "m", "value": "v" }]]), vec![]),
        rpc("cache.expire", json!(["k", 60]), vec![("/success", Is(json!(true)))]),
        rpc("cache.increment", json!(["n", 2, { "initialValue": 0, "ttl": null }]), vec![("/value", Is(json!(2)))]),
        rpc("cache.deleteMany", json!([["m"]]), vec![]),
        rpc("cache.delete", json!(["k"]), vec![]),
        rpc("cache.flush", json!([null]), vec![("/deleted", Is(json!(1)))]),
        rpc("queue.enqueue", json!(["mail", { "to": 1 }, null]), vec![("/jobId", Text)]).keep("$job", "/jobId"),
        rpc("queue.job", json!(["$job"]), vec![("/exists", Is(json!(true))), ("/job/status", Is(json!("queued")))]),
        rpc("queue.jobs", json!([{}]), vec![("/jobs/0/id", Is(json!("$job"))), ("/list_complete", Is(json!(true)))]),
        rpc("queue.cancel", json!(["$job"]), vec![("/success", Is(json!(true)))]),
        row("Python, Go", "sign up", post("/v1/auth/signup"), Key,
            json!({ "email": "ada@example.com", "password": "Correct-Horse-9" }), vec![("/user/id", Text)])
            .keep("$user", "/user/id"),
        rpc("getUser", json!(["$user"]), vec![("/email", Is(json!("ada@example.com")))]),
        rpc("getUserByEmail", json!(["Ada@example.com"]), vec![("/id", Is(json!("$user")))]),
        rpc("getUserByEmail", json!(["nobody@example.com"]), vec![("", Is(json!(null)))]),
        rpc("sendEmail", json!(["ada@example.com", "Hello", "<p>Hi</p>"]), vec![]),
        rpc("socket.emit", json!(["moved", { "x": 1 }, null]), vec![]),

        row(SERVER, "storage with the key as a bearer token", post("/v1/storage/list"), BearerKey,
            json!({ "prefix": null }), vec![("/objects/0/uploaded", Text), ("/objects/0/key", Text)]),
        row(SERVER, "chat with the key as a bearer token", post("/v1/ai/chat"), BearerKey,
            json!({ "model": "@cf/meta/llama-3-8b-instruct", "messages": [{ "role": "user", "content": "Hi" }] }),
            vec![("/response", Text), ("/choices/0/message/content", Text)]),
        row(SERVER, "embeddings with the key as a bearer token", post("/v1/ai/embed"), BearerKey,
            json!({ "text": "Hi", "model": "@cf/baai/bge-base-en-v1.5" }), vec![("/embedding/0", Number), ("/model", Text)]),
        row(BROWSER, "chat at the gateway", post("/api/gateway/bot/v1/chat/completions"), Consumer,
            json!({ "messages": [{ "role": "user", "content": "Hi" }], "stream": false }),
            vec![("/choices/0/message/content", Text)]),
        row(BROWSER, "wallet of the gateway", (Method::GET, "/api/gateway/me/wallet?api_slug=bot"), Consumer,
            Value::Null, vec![("/wallet/balance", Number), ("/wallet/total_purchased", Number)]),
        row(BROWSER, "usage of the gateway", (Method::GET, "/api/gateway/me/usage?api_slug=bot&days=7"), Consumer,
            Value::Null, vec![("/total_tokens", Number), ("/days", Is(json!(7)))]),
        row(SERVER, "billing by the slug of the API", post("/v1/gateway/billing/log"), Key,
            json!({ "consumerId": "$user", "apiId": "bot", "units": 3, "metric": null }),
            vec![("/loggedUnits", Is(json!(3)))]),
        row(BROWSER, "registration", post("/api/v1/public/projects/local/auth/register"), Nothing,
            json!({ "email": "grace@example.com", "password": "Correct-Horse-9", "name": null }), vec![
                ("/success", Is(json!(true))), ("/accessToken", Text), ("/token", Text), ("/refreshToken", Text),
                ("/user/emailVerified", Is(json!(false))), ("/user/createdAt", Text), ("/user/customFields", Is(json!({}))),
            ]),
        row(BROWSER, "login at the shorter path of the documentation", post("/v1/public/projects/local/auth/login"),
            Nothing, json!({ "email": "grace@example.com", "password": "Correct-Horse-9" }), vec![("/accessToken", Text)]),
        row(BROWSER, "one-time code", post("/v1/public/projects/local/auth/otp/send"), Nothing,
            json!({ "email": "grace@example.com", "phone": null }), vec![("/success", Is(json!(true))), ("/message", Text)]),
        row(BROWSER, "a public function without a key", post("/api/v1/public/projects/local/custom/echo"), Nothing,
            json!({ "n": 1 }), vec![("/body/n", Is(json!(1))), ("/method", Is(json!("POST")))]),
        row(BROWSER, "a function with DELETE and a body", (Method::DELETE, "/v1/custom/echo"), Key,
            json!({ "id": 7 }), vec![("/body/id", Is(json!(7)))]),
        row("Python", "query with params that are null", post("/v1/db/query"), Key,
            json!({ "sql": "SELECT 2 AS two", "params": null }), vec![("/results/0/two", Is(json!(2))), ("/count", Is(json!(1)))]),
        row("Python", "optional fields that are null", post("/v1/queue/enqueue"), Key,
            json!({ "type": "mail", "data": {}, "delay": null }), vec![("/jobId", Text)]),
        row("Python", "a list whose filters are null", post("/v1/cache/list"), Key,
            json!({ "prefix": null, "limit": null, "cursor": null }), vec![("/list_complete", Is(json!(true)))]),
        row("Go", "search whose filters are null", post("/v1/ai/search/query"), Key,
            json!({ "text": "refund", "topK": null, "types": null, "filter": null }), vec![("/results", Is(json!([])))]),
        row("Python, Go, TypeScript", "history by the short name of a topic",
            (Method::GET, "/api/v1/public/realtime/history?room=orders&limit=10"), Key, Value::Null,
            vec![("/messages/0/event", Is(json!("kept")))]),
    ]
}

/// What is sent and not taken, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        BROWSER,
        "the WebSocket `/api/gateway/{slug}/ws`",
        "Nothing that is published says what its frames are.",
    ),
    (
        BROWSER,
        "realtime events of collections",
        "The client subscribes to a topic that holds the slug and the id, and no source says what the platform sends there.",
    ),
    (
        "TypeScript web, Flutter",
        "`token=` or `apiKey=` in the URL of a WebSocket",
        "Credentials in URLs end up in logs. The switch `legacy_query_auth` takes them.",
    ),
];

async fn emulator() -> Emulator {
    let emulator = Emulator::builder()
        .schema("CREATE TABLE orders (id INTEGER PRIMARY KEY)")
        .gateway_api(GatewayApi::new("bot"))
        .gateway_consumer(GatewayConsumer::new("ask_test_1", 1_000))
        .function("echo", |call| async move {
            Ok(FunctionReply::from(
                json!({ "method": call.method, "body": call.body }),
            ))
        })
        .start()
        .await
        .unwrap();
    let seed = emulator.seed();
    seed.file("a.txt", "text/plain", b"a".to_vec())
        .await
        .unwrap();
    emulator
}

fn request(emulator: &Emulator, row: &Row, kept: &BTreeMap<&str, Value>) -> RequestBuilder {
    let url = format!("{}{}", emulator.url(), row.path);
    let request = reqwest::Client::new().request(row.method.clone(), url);
    let request = match row.with {
        Nothing => request,
        Key => request.header("x-aerostack-key", emulator.api_key()),
        BearerKey => request.bearer_auth(emulator.api_key()),
        Consumer => request.bearer_auth("ask_test_1"),
    };
    match &row.body {
        Value::Null => request,
        body => request.json(&filled(body, kept)),
    }
}

/// The value with what was kept in place of its names.
fn filled(value: &Value, kept: &BTreeMap<&str, Value>) -> Value {
    match value {
        Value::String(name) => kept.get(name.as_str()).unwrap_or(value).clone(),
        Value::Array(values) => values.iter().map(|value| filled(value, kept)).collect(),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.clone(), filled(value, kept)))
            .collect(),
        other => other.clone(),
    }
}

#[tokio::test]
async fn what_the_official_clients_send_is_answered_in_the_form_they_read() {
    let emulator = emulator().await;
    emulator_keeps_a_message(&emulator).await;
    let (mut kept, mut faults) = (BTreeMap::new(), Vec::new());
    for row in rows() {
        let name = format!("{} {}", row.client, row.what);
        let response = request(&emulator, &row, &kept).send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        let answer: Value = serde_json::from_str(&text).unwrap_or_else(|_| json!(text));
        if !status.is_success() {
            faults.push(format!("{name}: {status} {answer}"));
            continue;
        }
        for (place, reads) in &row.reads {
            let found = answer.pointer(place);
            let fits = match reads {
                Is(expected) => found == Some(&filled(expected, &kept)),
                Text => found
                    .and_then(Value::as_str)
                    .is_some_and(|text| !text.is_empty()),
                Number => found.is_some_and(Value::is_number),
            };
            if !fits {
                faults.push(format!("{name}: {place} is {found:?} in {answer}"));
            }
        }
        if let Some((name, place)) = row.keep {
            kept.insert(name, answer.pointer(place).cloned().unwrap_or_default());
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let mail = emulator
        .mails()
        .into_iter()
        .find(|mail| mail.kind == MailKind::Mail)
        .unwrap();
    assert_eq!(
        (mail.to.as_str(), mail.subject.as_deref()),
        ("ada@example.com", Some("Hello"))
    );
}

/// Publishes by the short name of a topic, for the history.
async fn emulator_keeps_a_message(emulator: &Emulator) {
    let (mut client, _) = upgrade(
        emulator,
        "projectId=proj_local",
        "aerostack-key.ac_secret_local",
    )
    .await;
    let text = json!({
        "type": "publish", "topic": "orders", "event": "kept", "data": {}, "persist": true, "id": "1",
    })
    .to_string();
    client.write_all(&frame(text.as_bytes())).await.unwrap();
    let mut ack = [0; 2];
    client.read_exact(&mut ack).await.unwrap();
}

/// A text frame of a client.
fn frame(text: &[u8]) -> Vec<u8> {
    assert!(text.len() < 126);
    let mut frame = vec![0x81, 0x80 | text.len() as u8, 0, 0, 0, 0];
    frame.extend_from_slice(text);
    frame
}

/// Upgrades and returns the connection with the head of the answer.
async fn upgrade(emulator: &Emulator, query: &str, protocols: &str) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(("127.0.0.1", emulator.port()))
        .await
        .unwrap();
    let request = format!(
        "GET /api/realtime?{query} HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         sec-websocket-protocol: {protocols}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    (stream, String::from_utf8(head).unwrap().to_lowercase())
}

#[tokio::test]
async fn every_realtime_client_gets_a_protocol_that_it_offered() {
    let emulator = emulator().await;
    let key = "aerostack-key.ac_secret_local";
    for (query, offered, selected) in [
        (
            "projectId=proj_local",
            format!("{key}, aerostack-v1"),
            "aerostack-v1",
        ),
        ("projectId=proj_local", key.to_owned(), key),
        (
            "projectId=local&userId=ada",
            format!("{key}, aerostack-v1"),
            "aerostack-v1",
        ),
        ("userId=ada", format!("{key}, aerostack-v1"), "aerostack-v1"),
    ] {
        let (_, head) = upgrade(&emulator, query, &offered).await;
        assert!(
            head.starts_with("http/1.1 101"),
            "{query} {offered}: {head}"
        );
        let line = format!("sec-websocket-protocol: {selected}\r\n");
        assert!(head.contains(&line), "{query} {offered}: {head}");
    }
    let (_, head) = upgrade(&emulator, "projectId=other", key).await;
    assert!(head.starts_with("http/1.1 403"), "{head}");
}

#[tokio::test]
async fn an_upload_at_the_path_of_the_project_is_stored() {
    let emulator = emulator().await;
    let upload = async |project: &str| {
        let form = reqwest::multipart::Form::new()
            .text("path", "avatars/a.txt")
            .part(
                "file",
                reqwest::multipart::Part::bytes(b"hi".to_vec()).file_name("a.txt"),
            );
        reqwest::Client::new()
            .post(format!(
                "{}/api/v1/projects/{project}/storage/upload",
                emulator.url()
            ))
            .header("x-aerostack-key", emulator.api_key())
            .multipart(form)
            .send()
            .await
            .unwrap()
    };
    let stored: Value = upload("local").await.json().await.unwrap();
    assert_eq!(
        (&stored["key"], &stored["size"]),
        (&json!("avatars/a.txt"), &json!(2))
    );
    assert_eq!(upload("other").await.status(), 404);
    assert_eq!(
        emulator.received()[0].path,
        "/api/v1/projects/local/storage/upload",
        "the log shows what was sent"
    );
}

#[test]
fn the_page_lists_what_is_tested() {
    let mut page = String::from(
        "<!-- Written by `AEROSTACK_WRITE_TABLES=1 cargo test -p aerostack-contract --test clients`. -->\n\n\
         # What the official clients send\n\nEach row is sent to the emulator by `tests/clients.rs` as the client sends it, \
         and its answer is read as the client reads it.\n\n\
         | Client | What | Request | Reads |\n| --- | --- | --- | --- |\n",
    );
    for row in rows() {
        let places: Vec<_> = row
            .reads
            .iter()
            .map(|(place, _)| {
                if place.is_empty() {
                    "the whole".to_owned()
                } else {
                    format!("`{place}`")
                }
            })
            .collect();
        writeln!(
            page,
            "| {} | {} | `{} {}` | {} |",
            row.client,
            row.what,
            row.method,
            row.path,
            if places.is_empty() {
                "success".to_owned()
            } else {
                places.join(", ")
            }
        )
        .unwrap();
    }
    page.push_str(
        "\nTested beside them: the subprotocol that is selected for each realtime client, the slug in the place of the \
         project's id, uploads at the path of the project, and CORS.\n\n## Not taken\n\n\
         | Client | What | Why |\n| --- | --- | --- |\n",
    );
    for (client, what, why) in EXCEPTIONS {
        writeln!(page, "| {client} | {what} | {why} |").unwrap();
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("CLIENTS.md");
    if std::env::var_os("AEROSTACK_WRITE_TABLES").is_some() {
        std::fs::write(&file, &page).unwrap();
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == page,
        "tests/CLIENTS.md is not what the tests give; write it anew with AEROSTACK_WRITE_TABLES=1"
    );
}

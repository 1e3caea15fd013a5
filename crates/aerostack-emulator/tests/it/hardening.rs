//! What a stranger on the same machine, or a broken client, cannot do.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use aerostack_emulator::{Emulator, Limits, StartError};
use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::common::{Platform, assert_error};
use crate::program::Program;

/// Longer than any limit set here, and than a loaded machine takes to notice it.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_stranger_cannot_reach_it_with_the_key_everybody_knows() {
    for address in [
        IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1)),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    ] {
        let refused = Emulator::builder().listen_on(address).start().await;
        let message = match refused {
            Err(StartError::Setting { message }) => message,
            other => panic!("{address}: {other:?}"),
        };
        assert!(message.contains("api_key"), "{message}");
    }
    let own = Emulator::builder()
        .api_key("ac_secret_of_my_own")
        .public_key("ac_public_of_my_own");
    let everywhere = own.listen_on(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
    everywhere.start().await.unwrap().shutdown().await;
    let usual = Emulator::builder().start().await.unwrap();
    assert!(
        usual.url().starts_with("http://127.0.0.1:"),
        "{}",
        usual.url()
    );
}

async fn connect(platform: &Platform) -> TcpStream {
    TcpStream::connect(("127.0.0.1", platform.emulator.port()))
        .await
        .unwrap()
}

/// Everything until the other side closes, which it has to.
async fn rest(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut text)).await;
    // A reset is a close too.
    let _ = read.expect("the connection is closed");
    String::from_utf8_lossy(&text).into_owned()
}

/// Sends raw bytes and reads the answer to its end.
async fn raw(platform: &Platform, request: &str) -> String {
    let mut stream = connect(platform).await;
    let _ = stream.write_all(request.as_bytes()).await;
    rest(&mut stream).await
}

fn impatient() -> Limits {
    let mut limits = Limits::default();
    limits.header_time = Duration::from_secs(1);
    limits.body_silence = Duration::from_secs(1);
    limits.json_bytes = 1_000;
    limits.upload_bytes = 1_000;
    limits
}

#[tokio::test]
async fn headers_and_bodies_that_never_end_are_given_up() {
    let platform = Platform::with(Emulator::builder().limits(impatient())).await;
    let key = platform.emulator.api_key();
    let head = format!(
        "POST /v1/cache/get HTTP/1.1\r\nhost: localhost\r\nx-aerostack-key: {key}\r\ncontent-type: application/json\r\n"
    );
    let upload = format!(
        "POST /v1/storage/upload HTTP/1.1\r\nhost: localhost\r\nx-aerostack-key: {key}\r\ncontent-type: multipart/form-data; boundary=b\r\n"
    );
    let begun = [
        ("POST /v1/ca".to_owned(), "half a request line"),
        (format!("{head}x-more: "), "half a header"),
        (
            format!("{head}content-length: 100\r\n\r\n{{"),
            "a body that stands still",
        ),
        (
            format!("{head}transfer-encoding: chunked\r\n\r\n5\r\n{{"),
            "a chunk that stands still",
        ),
        (
            format!("{upload}content-length: 900\r\n\r\n--b\r\n"),
            "a form that stands still",
        ),
        (
            format!(
                "{upload}content-length: 900\r\n\r\n--b\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\nabc"
            ),
            "a file that stands still",
        ),
        (
            "POST /v1/cache/get HTTP/1.1\r\nhost: localhost\r\ncontent-length: 9\r\n\r\n"
                .to_owned(),
            "nothing after a refused head",
        ),
    ];
    join_all(begun.map(async |(begun, why)| {
        let mut stream = connect(&platform).await;
        stream.write_all(begun.as_bytes()).await.unwrap();
        let answer = rest(&mut stream).await;
        assert!(!answer.starts_with("HTTP/1.1 2"), "{why}: {answer}");
    }))
    .await;
    // One that trickles along is not cut off, as long as it moves.
    let mut stream = connect(&platform).await;
    let body = r#"{"key":"trickle"}"#;
    let head = format!(
        "{head}connection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    for byte in body.bytes() {
        stream.write_all(&[byte]).await.unwrap();
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[tokio::test]
async fn a_body_without_an_end_is_not_read_for_ever() {
    let platform = Platform::with(Emulator::builder().limits(impatient())).await;
    for path in [
        "/v1/cache/get",
        "/v1/storage/upload",
        "/v1/nothing",
        "/v1/custom/none",
    ] {
        let mut stream = connect(&platform).await;
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: localhost\r\ntransfer-encoding: chunked\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let endless = async {
            while stream.write_all(b"100\r\n").await.is_ok()
                && stream.write_all(&[b'x'; 256]).await.is_ok()
                && stream.write_all(b"\r\n").await.is_ok()
            {}
        };
        let ended = tokio::time::timeout(PATIENCE, endless).await;
        ended.unwrap_or_else(|_| panic!("{path} reads on and on"));
    }
    let answer = platform.ok("/v1/cache/get", json!({ "key": "k" })).await;
    assert_eq!(answer["exists"], false);
}

#[tokio::test]
async fn headers_are_bounded_in_number_and_size() {
    let platform = Platform::start().await;
    let many: String = (0..500).map(|n| format!("x-{n}: 1\r\n")).collect();
    let long = format!("x-long: {}\r\n", "x".repeat(1 << 20));
    let line = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(1 << 20));
    let get = |headers: &str| format!("GET /v1/none HTTP/1.1\r\nhost: localhost\r\n{headers}\r\n");
    for request in [get(&many), get(&long), line] {
        let answer = raw(&platform, &request).await;
        // An answer may be lost in the reset that follows it.
        let refused = ["HTTP/1.1 431", "HTTP/1.1 414", "HTTP/1.1 400", ""];
        assert!(
            refused
                .iter()
                .any(|status| answer.starts_with(status)
                    && (!status.is_empty() || answer.is_empty())),
            "{answer}"
        );
    }
}

/// Names that lead out of a folder somewhere, plain and in disguise.
const WAYS_OUT: [&str; 20] = [
    "../secret.txt",
    "..",
    "a/../../secret.txt",
    "./secret.txt",
    "..\\secret.txt",
    "a\\..\\..\\secret.txt",
    "%2e%2e/secret.txt",
    "%2e%2e%2fsecret.txt",
    "..%2fsecret.txt",
    "%252e%252e%252fsecret.txt",
    "..%5csecret.txt",
    "%c0%ae%c0%ae/secret.txt",
    "/etc/passwd",
    "//etc/passwd",
    "///etc/passwd",
    "C:\\secret.txt",
    "file:///etc/passwd",
    "~/secret.txt",
    "secret.txt\0.png",
    "a\nb",
];

/// All files below a folder.
fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        match entry.path() {
            path if path.is_dir() => found.extend(files(&path)),
            path => found.push(path),
        }
    }
    found
}

#[tokio::test]
async fn no_name_leads_out_of_the_storage() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret.txt");
    std::fs::write(&secret, "planted").unwrap();
    let data = folder.path().join("data");
    let platform = Platform::with(Emulator::builder().data_dir(&data)).await;
    let part = || reqwest::multipart::Part::bytes(b"written".as_slice()).file_name("f");
    platform
        .keyed("/v1/storage/upload")
        .multipart(
            reqwest::multipart::Form::new()
                .text("key", "a.txt")
                .part("file", part()),
        )
        .send()
        .await
        .unwrap();
    for name in WAYS_OUT {
        let named = platform.keyed("/v1/storage/upload").multipart(
            reqwest::multipart::Form::new()
                .text("key", name)
                .part("file", part().file_name(name.replace(['\n', '\0'], "_"))),
        );
        let status = named.send().await.unwrap().status();
        assert!(status == 200 || status == 400, "{name:?}: {status}");
        let pair = json!({ "from": "a.txt", "to": name });
        let back = json!({ "from": name, "to": "b.txt" });
        let key = json!({ "key": name });
        for (path, body) in [
            ("get", &key),
            ("getUrl", &key),
            ("getMetadata", &key),
            ("exists", &key),
            ("delete", &key),
            ("copy", &pair),
            ("copy", &back),
        ] {
            let request = platform.keyed(&format!("/v1/storage/{path}")).json(body);
            let answer = request.send().await.unwrap();
            assert!(
                answer.status().as_u16() < 500,
                "{path} {name:?}: {}",
                answer.status()
            );
            let text = answer.text().await.unwrap();
            assert!(
                !text.contains("planted") && !text.contains("root:"),
                "{path} {name:?}: {text}"
            );
        }
    }
    assert_eq!(std::fs::read_to_string(&secret).unwrap(), "planted");
    let outside: Vec<_> = files(folder.path())
        .into_iter()
        .filter(|path| !path.starts_with(&data))
        .collect();
    assert_eq!(outside, [secret]);
    // Inside, bytes lie under their digests: no name of a caller is ever a name of a file.
    for path in files(&data.join("storage")) {
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(
            name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{name}"
        );
    }
}

#[tokio::test]
async fn no_path_of_a_request_leads_to_a_file() {
    let platform = Platform::start().await;
    let key = platform.emulator.api_key();
    for beginning in [
        "",
        "/files/proj_local",
        "/v1/custom",
        "/v1/collections",
        "/__emulator",
        "http://127.0.0.1",
    ] {
        for name in WAYS_OUT {
            let target = format!("{beginning}/{name}").replace(['\0', '\n', ' '], "%00");
            let request = format!(
                "GET {target} HTTP/1.1\r\nhost: localhost\r\nx-aerostack-key: {key}\r\nconnection: close\r\n\r\n"
            );
            let answer = raw(&platform, &request).await;
            assert!(answer.starts_with("HTTP/1.1 4"), "{target}: {answer}");
            assert!(!answer.contains("root:"), "{target}: {answer}");
        }
    }
}

/// A statement that gathers ever more in memory is ended before the machine is; in a program of its own, since the bound
/// is one of the process.
#[tokio::test]
async fn a_statement_that_takes_too_much_memory_fails_and_the_rest_goes_on() {
    let program = Program::start(&["--port", "0"]);
    let query = async |sql: &str| {
        let request = reqwest::Client::new().post(format!("{}/v1/db/query", program.url));
        let request = request
            .header("x-aerostack-key", "ac_secret_local")
            .json(&json!({ "sql": sql }));
        let answer = request.send().await.unwrap();
        (
            answer.status().as_u16(),
            answer.json::<Value>().await.unwrap(),
        )
    };
    let greedy = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) \
                  SELECT count(*) FROM (SELECT DISTINCT i, randomblob(1000000) FROM n)";
    let answer = query(greedy).await;
    assert_error(&answer, 400, "DB_QUERY_FAILED");
    assert!(
        answer.1["message"].as_str().unwrap().contains("memory"),
        "{}",
        answer.1
    );
    assert_eq!(
        query("SELECT 1 AS one").await.1["results"],
        json!([{ "one": 1 }])
    );
}

#[tokio::test]
async fn the_log_of_requests_is_bounded_and_keeps_nothing_of_rejected_bodies() {
    let mut limits = Limits::default();
    limits.recorded_bytes = 100_000;
    let platform = Platform::with(Emulator::builder().limits(limits)).await;
    let body = json!({ "key": "k", "value": "x".repeat(10_000) });
    for _ in 0..50 {
        platform.ok("/v1/cache/set", body.clone()).await;
    }
    let received = platform.emulator.received();
    let kept: usize = received.iter().map(|request| request.body.len()).sum();
    assert!(kept <= 100_000, "{kept}");
    assert!((5..10).contains(&received.len()), "{}", received.len());
    assert!(received.iter().all(|request| request.body.len() > 10_000));

    let rejected = platform.request(reqwest::Method::POST, "/v1/cache/set");
    let response = rejected.json(&body).send().await.unwrap();
    assert_eq!(response.status(), 401);
    let last = platform.emulator.received().pop().unwrap();
    assert_eq!((last.body.len(), last.status), (0, Some(401)));
    assert!(last.body_bytes > 10_000);
}

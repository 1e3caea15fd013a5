//! What keeps web pages, other machines and log files away from the emulator and the keys.

use aerostack_emulator::{Emulator, Fault, StartError};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::common::{Platform, answer, assert_error};
use crate::program::{Program, command, refused};

const LOGIN: &str = "/api/v1/public/projects/local/auth/login";
const FOREIGN: [&str; 5] = [
    "https://evil.example",
    "http://localhost.evil.example",
    "http://192.168.1.7",
    "file://",
    "null",
];

async fn controlled() -> Platform {
    Platform::with(
        Emulator::builder()
            .control(true)
            .schema("CREATE TABLE t (a)"),
    )
    .await
}

/// One request of each kind that reaches the emulator, all with the key.
fn one_of_each(platform: &Platform) -> Vec<(&'static str, RequestBuilder)> {
    let key = |method, path| {
        platform
            .request(method, path)
            .header("x-aerostack-key", platform.emulator.api_key())
    };
    let sql = json!({ "sql": "SELECT 1" });
    vec![
        ("an operation", key(Method::POST, "/v1/db/query").json(&sql)),
        (
            "an open operation",
            key(Method::POST, LOGIN).json(&json!({})),
        ),
        ("a control", key(Method::GET, "/__emulator/about")),
        (
            "a control that changes",
            key(Method::POST, "/__emulator/seed").json(&sql),
        ),
        ("the console", key(Method::GET, "/__emulator/")),
        ("a file", key(Method::GET, "/files/proj_local/f")),
        ("an unknown path", key(Method::GET, "/v1/nothing")),
        ("the health check", key(Method::GET, "/health")),
    ]
}

#[tokio::test]
async fn a_rebound_name_reaches_nothing() {
    let platform = controlled().await;
    for host in [
        "evil.example",
        "localhost.evil.example:80",
        "127.0.0.1.evil.example",
    ] {
        for (what, request) in one_of_each(&platform) {
            let refused = answer(request.header("host", host)).await;
            assert_error(&refused, 403, "HOST_NOT_ALLOWED");
            let message = refused.1["message"].as_str().unwrap();
            assert!(message.contains("--allow-host"), "{what}: {message}");
        }
    }
    assert!(
        platform.emulator.received().is_empty(),
        "nothing is kept of it"
    );
}

#[tokio::test]
async fn a_page_of_a_foreign_origin_reaches_nothing() {
    let platform = controlled().await;
    for origin in FOREIGN {
        for (_, request) in one_of_each(&platform) {
            let response = request.header("origin", origin).send().await.unwrap();
            assert!(shared_with(&response).is_none(), "{origin}");
            let body = (response.status().as_u16(), response.json().await.unwrap());
            assert_error(&body, 403, "ORIGIN_NOT_ALLOWED");
        }
    }
    assert!(
        platform.emulator.received().is_empty(),
        "nothing is kept of it"
    );
    assert!(platform.emulator.effects().is_empty());
}

/// The status line of an upgrade request with these headers.
async fn upgrade(platform: &Platform, headers: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", platform.emulator.port()))
        .await
        .unwrap();
    let request = format!(
        "GET /api/realtime?projectId=proj_local HTTP/1.1\r\n{headers}connection: upgrade\r\nupgrade: websocket\r\n\
         sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\
         sec-websocket-protocol: aerostack-key.ac_secret_local, aerostack-v1\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut read = [0; 12];
    stream.read_exact(&mut read).await.unwrap();
    String::from_utf8_lossy(&read).into_owned()
}

#[tokio::test]
async fn websockets_know_no_preflight_and_are_checked_themselves() {
    let platform = Platform::start().await;
    for origin in FOREIGN {
        let headers = format!("host: localhost\r\norigin: {origin}\r\n");
        assert_eq!(
            upgrade(&platform, &headers).await,
            "HTTP/1.1 403",
            "{origin}"
        );
    }
    let rebound = "host: evil.example\r\norigin: http://evil.example\r\n";
    assert_eq!(upgrade(&platform, rebound).await, "HTTP/1.1 403");
    for headers in [
        "host: 127.0.0.1\r\n",
        "host: localhost\r\norigin: http://localhost:5173\r\n",
        "host: localhost\r\norigin: https://shop.localhost\r\n",
    ] {
        assert_eq!(
            upgrade(&platform, headers).await,
            "HTTP/1.1 101",
            "{headers}"
        );
    }
}

fn header<'a>(response: &'a Response, name: &str) -> Option<&'a str> {
    response
        .headers()
        .get(name)
        .map(|value| value.to_str().unwrap())
}

fn shared_with(response: &Response) -> Option<&str> {
    header(response, "access-control-allow-origin")
}

async fn preflight(platform: &Platform, path: &str, origin: &str) -> Response {
    platform
        .request(Method::OPTIONS, path)
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header(
            "access-control-request-headers",
            "content-type,x-aerostack-key",
        )
        .header("access-control-request-private-network", "true")
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_browser_app_of_this_machine_can_call() {
    let platform = controlled().await;
    let origin = "http://localhost:5173";
    for path in [LOGIN, "/v1/db/query", "/v1/storage/upload"] {
        let asked = preflight(&platform, path, origin).await;
        assert_eq!(asked.status(), 204, "{path}");
        assert_eq!(shared_with(&asked), Some(origin));
        assert_eq!(
            header(&asked, "access-control-allow-headers"),
            Some("content-type,x-aerostack-key")
        );
        assert_eq!(
            header(&asked, "access-control-allow-private-network"),
            Some("true")
        );
        let methods = header(&asked, "access-control-allow-methods").unwrap();
        assert!(
            ["GET", "POST", "PUT", "PATCH", "DELETE"]
                .iter()
                .all(|it| methods.contains(it))
        );
    }
    assert!(
        platform.emulator.received().is_empty(),
        "a preflight is no call"
    );
    let call = async || {
        let request = platform
            .request(Method::POST, LOGIN)
            .header("origin", origin);
        request
            .json(&json!({ "email": "a@b.c", "password": "x" }))
            .send()
            .await
            .unwrap()
    };
    let refused = call().await;
    assert_eq!(
        (refused.status().as_u16(), shared_with(&refused)),
        (401, Some(origin))
    );
    assert!(
        header(&refused, "access-control-expose-headers")
            .unwrap()
            .contains("Retry-After")
    );
    assert!(header(&refused, "vary").unwrap().contains("Origin"));
    // A page has to be able to read what a fault answers, too.
    for fault in [
        Fault::rate_limited("1"),
        Fault::drip(std::time::Duration::ZERO),
    ] {
        platform.emulator.fault(fault.times(1));
        assert_eq!(shared_with(&call().await), Some(origin));
    }
    let plain = platform
        .request(Method::POST, LOGIN)
        .json(&json!({}))
        .send()
        .await
        .unwrap();
    assert_eq!(
        shared_with(&plain),
        None,
        "without an origin there is nobody to share with"
    );
}

#[tokio::test]
async fn the_controls_are_shared_with_no_page() {
    let platform = controlled().await;
    for origin in [
        "http://localhost:5173",
        "http://127.0.0.1:1",
        "https://localhost",
    ] {
        let asked = preflight(&platform, "/__emulator/seed", origin).await;
        assert_eq!(
            (asked.status().as_u16(), shared_with(&asked)),
            (403, None),
            "{origin}"
        );
        let request = platform
            .keyed("/__emulator/reset")
            .header("origin", origin)
            .json(&json!({}));
        assert_error(&answer(request).await, 403, "ORIGIN_NOT_ALLOWED");
    }
    // Browsers leave the origin out of some requests, and say where they come from all the same.
    for site in ["same-site", "cross-site"] {
        let request = platform
            .request(Method::GET, "/__emulator/received")
            .header("x-aerostack-key", platform.emulator.api_key())
            .header("sec-fetch-site", site)
            .header("sec-fetch-mode", "no-cors");
        assert_error(&answer(request).await, 403, "ORIGIN_NOT_ALLOWED");
    }
    let own = platform
        .keyed("/__emulator/clock")
        .header("origin", platform.emulator.url())
        .json(&json!({ "advanceMs": 1 }));
    assert_eq!(answer(own).await.0, 200);
}

#[tokio::test]
async fn hosts_and_origins_can_be_added() {
    let builder = Emulator::builder()
        .allow_host("aerostack.test")
        .allow_origin("https://app.example");
    let platform = Platform::with(builder).await;
    let request = platform
        .keyed("/v1/db/query")
        .header("host", "aerostack.test:8787")
        .header("origin", "https://app.example")
        .json(&json!({ "sql": "SELECT 1" }));
    let response = request.send().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), shared_with(&response)),
        (200, Some("https://app.example"))
    );
    for builder in [
        Emulator::builder().allow_host("http://aerostack.test"),
        Emulator::builder().allow_origin("*"),
    ] {
        assert!(matches!(
            builder.start().await,
            Err(StartError::Setting { .. })
        ));
    }
}

#[tokio::test]
async fn a_stored_page_runs_nothing_when_it_is_opened() {
    let platform = Platform::start().await;
    for (key, kind) in [("x.html", "text/html"), ("y.svg", "image/svg+xml")] {
        let seed = platform.emulator.seed();
        seed.file(key, kind, b"<script>alert(1)</script>".to_vec())
            .await
            .unwrap();
        let file = platform.request(Method::GET, &format!("/files/local/{key}"));
        let file = file.send().await.unwrap();
        assert_eq!(header(&file, "content-type"), Some(kind));
        assert_eq!(header(&file, "x-content-type-options"), Some("nosniff"));
        let policy = header(&file, "content-security-policy").unwrap();
        assert!(
            policy.contains("sandbox") && policy.contains("default-src 'none'"),
            "{policy}"
        );
        assert!(!policy.contains("allow-scripts"), "{policy}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn folders_it_makes_are_the_users_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let above = tempfile::tempdir().unwrap();
    let folder = above.path().join("new").join("data");
    let emulator = Emulator::builder().data_dir(&folder).start().await.unwrap();
    for made in [
        above.path().join("new"),
        folder.clone(),
        folder.join("storage"),
    ] {
        let mode = std::fs::metadata(&made).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{}", made.display());
    }
    emulator.shutdown().await;
}

/// Runs the program with variables set and returns what it prints at its start.
fn banner(args: &[&str], variables: &[(&str, &str)]) -> Program {
    let mut command = command(args);
    command.envs(variables.iter().copied());
    Program::run(command)
}

#[tokio::test]
async fn the_key_of_a_real_project_is_neither_taken_over_nor_printed() {
    let real = [
        ("AEROSTACK_API_KEY", "sk_live_real"),
        ("AEROSTACK_PROJECT_ID", "prj_real"),
    ];
    let program = banner(&["--port", "0"], &real);
    assert!(!program.banner.contains("real"), "{}", program.banner);
    assert!(
        program
            .banner
            .contains("export AEROSTACK_API_KEY=ac_secret_local")
    );

    let own = [
        ("AEROSTACK_EMULATOR_API_KEY", "ac_secret_mine"),
        ("AEROSTACK_EMULATOR_PUBLIC_KEY", "ac_public_mine"),
    ];
    let program = banner(&["--port", "0"], &own);
    assert!(
        !program.banner.contains("mine"),
        "a given key is not printed: {}",
        program.banner
    );
    let request = reqwest::Client::new()
        .post(format!("{}/v1/db/query", program.url))
        .header("x-aerostack-key", "ac_secret_mine")
        .json(&json!({ "sql": "SELECT 1 AS one" }));
    let (status, body): (u16, Value) = answer(request).await;
    assert_eq!((status, &body["results"][0]["one"]), (200, &json!(1)));
}

#[tokio::test]
async fn the_network_is_reached_with_own_keys_only() {
    let everywhere = ["--port", "0", "--listen", "0.0.0.0", "--allow-network"];
    let with = |more: &[&'static str]| [&everywhere[..], more].concat();
    for incomplete in [
        with(&[]),
        with(&["--api-key", "ac_secret_mine"]),
        with(&["--public-key", "ac_public_mine"]),
    ] {
        let said = refused(&incomplete);
        assert!(
            said.contains("--api-key") && said.contains("--public-key"),
            "{said}"
        );
    }
    let well_known = with(&[
        "--api-key",
        "ac_secret_mine",
        "--public-key",
        "ac_public_local",
    ]);
    assert!(refused(&well_known).contains("well known"));
    let program = banner(
        &with(&[
            "--api-key",
            "ac_secret_mine",
            "--public-key",
            "ac_public_mine",
        ]),
        &[],
    );
    assert!(
        program.url.starts_with("http://127.0.0.1:"),
        "{}",
        program.banner
    );
}

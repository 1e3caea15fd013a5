//! Faults as a client meets them: on the socket, byte by byte.

use std::time::Duration;

use aerostack_emulator::{Emulator, Fault};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::common::{Platform, answer};

/// How a connection ended.
#[derive(Debug, PartialEq, Eq)]
enum End {
    Closed,
    Reset,
    /// Nothing more came, and it is still open.
    Open,
}

/// Everything a call of `cacheSet` gets back, and how the connection ended.
async fn raw(emulator: &Emulator) -> (Vec<u8>, End) {
    let mut socket = TcpStream::connect(("127.0.0.1", emulator.port()))
        .await
        .unwrap();
    let body = r#"{"key":"k","value":1}"#;
    let request = format!(
        "POST /v1/cache/set HTTP/1.1\r\nhost: localhost\r\nx-aerostack-key: {}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        emulator.api_key(),
        body.len()
    );
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let end = loop {
        match tokio::time::timeout(Duration::from_millis(300), socket.read_buf(&mut bytes)).await {
            Ok(Ok(0)) => break End::Closed,
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
                break End::Reset;
            }
            Err(_) => break End::Open,
        }
    };
    (bytes, end)
}

/// Head and body of an answer, and the length it promised.
fn parts(bytes: &[u8]) -> (String, String, usize) {
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").expect("a complete head");
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap()
        .parse()
        .unwrap();
    (head.to_owned(), body.to_owned(), length)
}

const BODY: &str = r#"{"success":true}"#;

#[tokio::test]
async fn a_healthy_answer_is_whole_and_leaves_the_connection_open() {
    let platform = Platform::start().await;
    let (bytes, end) = raw(&platform.emulator).await;
    let (head, body, length) = parts(&bytes);
    assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
    assert_eq!((body.as_str(), length, end), (BODY, BODY.len(), End::Open));
}

#[tokio::test]
async fn connections_break_before_within_and_after_the_head() {
    let platform = Platform::start().await;
    let cases = [
        (Fault::close(), End::Closed),
        (Fault::reset(), End::Reset),
        (Fault::hang(), End::Open),
        (Fault::close().by_silence(), End::Open),
    ];
    for (fault, expected) in cases {
        platform.emulator.fault(fault.times(1));
        assert_eq!(raw(&platform.emulator).await, (vec![], expected));
    }
    let ends = [
        (Fault::close_within_headers as fn() -> Fault, false),
        (Fault::close_after_headers, true),
    ];
    for (fault, head_is_whole) in ends {
        for (fault, expected) in [
            (fault(), End::Closed),
            (fault().by_reset(), End::Reset),
            (fault().by_silence(), End::Open),
        ] {
            platform.emulator.fault(fault.times(1));
            let (bytes, end) = raw(&platform.emulator).await;
            // A reset may overtake what was sent before it.
            if end != End::Reset {
                assert!(bytes.starts_with(b"HTTP/1.1 200 OK"));
                assert_eq!(
                    bytes.windows(4).any(|window| window == b"\r\n\r\n"),
                    head_is_whole
                );
            }
            assert_eq!(end, expected);
        }
    }
}

#[tokio::test]
async fn bodies_are_cut_short_or_miscounted() {
    let platform = Platform::start().await;
    let whole = BODY.len();
    let cases = [
        (Fault::truncate_body(5), &BODY[..5], whole),
        (Fault::truncate_body(1000), BODY, whole),
        (Fault::wrong_length(7), BODY, whole + 7),
        (Fault::wrong_length(-3), BODY, whole - 3),
        (Fault::wrong_length(-1000), BODY, 0),
    ];
    for (fault, expected, promised) in cases {
        platform.emulator.fault(fault.times(1));
        let (bytes, end) = raw(&platform.emulator).await;
        let (_, body, length) = parts(&bytes);
        assert_eq!(
            (body.as_str(), length, end),
            (expected, promised, End::Closed)
        );
    }
    // All of them took effect: it is the answer that was struck.
    assert_eq!(platform.emulator.effects()["cacheSet"], 5);
}

#[tokio::test]
async fn slow_and_garbled_answers() {
    let platform = Platform::start().await;
    for fault in [
        Fault::slow_headers(Duration::from_millis(1)),
        Fault::drip(Duration::from_millis(1)),
    ] {
        platform.emulator.fault(fault.times(1));
        let (bytes, end) = raw(&platform.emulator).await;
        assert_eq!((parts(&bytes).1.as_str(), end), (BODY, End::Closed));
    }
    platform
        .emulator
        .fault(Fault::garbage(b"\x00\xffnot http".to_vec()).times(1));
    assert_eq!(
        raw(&platform.emulator).await,
        (b"\x00\xffnot http".to_vec(), End::Closed)
    );
    assert_eq!(
        platform.emulator.effects()["cacheSet"],
        2,
        "garbage comes in place of the call"
    );
}

#[tokio::test]
async fn answers_of_other_servers() {
    let platform = Platform::start().await;
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let call = || {
        let request = http.post(format!("{}/v1/cache/get", platform.emulator.url()));
        request
            .header("x-aerostack-key", platform.emulator.api_key())
            .json(&json!({ "key": "k" }))
            .send()
    };
    platform.emulator.fault(Fault::html(502).times(1));
    let response = call().await.unwrap();
    assert_eq!(
        (
            response.status().as_u16(),
            response.headers()["content-type"].to_str().unwrap()
        ),
        (502, "text/html")
    );

    platform
        .emulator
        .fault(Fault::redirect("http://127.0.0.1:1/elsewhere").times(1));
    let response = call().await.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["location"]),
        (307, &"http://127.0.0.1:1/elsewhere".parse().unwrap())
    );

    platform.emulator.fault(Fault::rate_limited("7").times(1));
    let response = call().await.unwrap();
    assert_eq!(
        (
            response.status().as_u16(),
            response.headers()["retry-after"].to_str().unwrap()
        ),
        (429, "7")
    );

    platform
        .emulator
        .fault(Fault::content_encoding("gzip").times(1));
    let response = call().await.unwrap();
    assert_eq!(
        (
            response.status().as_u16(),
            response.headers()["content-encoding"].to_str().unwrap()
        ),
        (200, "gzip")
    );

    platform
        .emulator
        .fault(Fault::answer(200, "application/json", "{").times(1));
    assert_eq!(call().await.unwrap().text().await.unwrap(), "{");
    assert_eq!(
        platform.emulator.effects().get("cacheGet"),
        Some(&1),
        "only the real answer was an effect"
    );
}

#[tokio::test]
async fn the_record_shows_the_fault_and_the_body_that_came() {
    let platform = Platform::start().await;
    platform.emulator.fault(Fault::close().on("cacheSet"));
    raw(&platform.emulator).await;
    platform.emulator.clear_faults();
    raw(&platform.emulator).await;
    let seen: Vec<_> = platform
        .emulator
        .received()
        .iter()
        .map(|received| (received.fault, received.status, received.body_bytes))
        .collect();
    assert_eq!(seen, [(Some("close"), None, 21), (None, Some(200), 21)]);
}

#[tokio::test]
async fn faults_strike_binary_answers_too() {
    let platform = Platform::start().await;
    platform
        .emulator
        .seed()
        .file("f", "text/plain", vec![7; 100_000])
        .await
        .unwrap();
    platform
        .emulator
        .fault(Fault::truncate_body(60_000).on("storageGet").times(1));
    let get = || {
        platform
            .keyed("/v1/storage/get")
            .json(&json!({ "key": "f" }))
            .send()
    };
    assert!(get().await.unwrap().bytes().await.is_err());
    assert_eq!(get().await.unwrap().bytes().await.unwrap().len(), 100_000);
}

#[tokio::test]
#[should_panic(expected = "there is no operation `dbQuerry`; did you mean `dbQuery`")]
async fn a_fault_on_no_operation_is_a_mistake_that_shows() {
    Platform::start()
        .await
        .emulator
        .fault(Fault::close().on("dbQuerry"));
}

#[tokio::test]
async fn a_late_answer_is_the_real_one() {
    let platform = Platform::start().await;
    let set = || {
        platform
            .keyed("/v1/cache/set")
            .json(&json!({ "key": "k", "value": 1 }))
    };
    platform
        .emulator
        .fault(Fault::delay(Duration::from_secs(60)).times(1));
    assert!(
        set()
            .timeout(Duration::from_millis(50))
            .send()
            .await
            .unwrap_err()
            .is_timeout()
    );
    platform
        .emulator
        .fault(Fault::delay(Duration::from_millis(1)).times(1));
    assert_eq!(answer(set()).await, (200, json!({ "success": true })));
    assert_eq!(
        platform.emulator.effects()["cacheSet"],
        2,
        "it is the answer that comes late, not the effect"
    );
}

#[tokio::test]
async fn a_call_the_client_gave_up_still_counts() {
    let platform = Platform::with(Emulator::builder().latency(Duration::from_millis(50))).await;
    let request = platform
        .keyed("/v1/cache/set")
        .json(&json!({ "key": "k", "value": 1 }));
    assert!(
        request
            .timeout(Duration::from_millis(20))
            .send()
            .await
            .unwrap_err()
            .is_timeout()
    );
    let mut patience = 400;
    while platform.emulator.effects().get("cacheSet") != Some(&1) {
        patience -= 1;
        assert!(patience > 0, "the call never took effect");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let (_, got) = answer(platform.keyed("/v1/cache/get").json(&json!({ "key": "k" }))).await;
    assert_eq!(got["exists"], true);
}

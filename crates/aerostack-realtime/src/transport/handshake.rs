//! The HTTP upgrade, by hand: tungstenite writes the whole request into its trace log, credentials and all.

use std::time::{Duration, SystemTime};

use aerostack_api::{ErrorBody, Secret, server_hint};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};
use tokio_tungstenite::tungstenite::handshake::{client::generate_key, derive_accept_key};
use url::Url;

use crate::{
    error::{Error, ErrorKind},
    token::MARKER,
    transport::connector::Io,
};

/// The longest head of an answer.
const HEAD_LIMIT: usize = 32 * 1024;
const MAX_HEADERS: usize = 96;
/// Interim responses before the one to the upgrade.
const MAX_INTERIM: usize = 16;
/// How much of a refusal's body is kept, and how long it is waited for.
const BODY_LIMIT: usize = 4 * 1024;
const BODY_WAIT: Duration = Duration::from_millis(500);

/// Asks for a WebSocket; returns what the server sent behind its answer, and its time.
pub(crate) async fn upgrade(
    io: &mut Box<dyn Io>,
    url: &Url,
    protocols: Option<&Secret>,
    now: SystemTime,
) -> Result<(Vec<u8>, Option<SystemTime>), Error> {
    let key = generate_key();
    let request = request(url, &key, protocols);
    let broken = |source| {
        Error::new(
            ErrorKind::Disconnected,
            "the connection broke during the upgrade",
        )
        .with_source(source)
    };
    io.write_all(request.expose().as_bytes())
        .await
        .map_err(broken)?;
    io.flush().await.map_err(broken)?;

    let mut received = Vec::with_capacity(1024);
    let mut interim = 0;
    let (status, headers) = loop {
        if let Some((status, headers, head)) = parse(&received)? {
            received.drain(..head);
            // Such as 103 Early Hints: the response itself follows.
            if (100..200).contains(&status) && status != 101 && interim < MAX_INTERIM {
                interim += 1;
                continue;
            }
            break (status, headers);
        }
        if received.len() > HEAD_LIMIT {
            return Err(not_websocket("answered with an endless head"));
        }
        if io.read_buf(&mut received).await.map_err(broken)? == 0 {
            return Err(Error::new(
                ErrorKind::Disconnected,
                "the server closed the connection during the upgrade",
            ));
        }
    };
    let rest = received;
    if status != 101 {
        return Err(refusal(io, status, &headers, rest, now).await);
    }
    verify(&headers, &key, protocols)?;
    let date = headers.get(http::header::DATE);
    let time = date.and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok());
    Ok((rest, time))
}

fn request(url: &Url, key: &str, protocols: Option<&Secret>) -> Secret {
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let mut request = String::with_capacity(4 * 1024);
    request.push_str("GET ");
    request.push_str(target);
    request.push_str(" HTTP/1.1\r\nHost: ");
    request.push_str(host);
    request.push_str("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ");
    request.push_str(key);
    request.push_str(concat!(
        "\r\nUser-Agent: aerostack-realtime/",
        env!("CARGO_PKG_VERSION")
    ));
    if let Some(protocols) = protocols {
        request.push_str("\r\nSec-WebSocket-Protocol: ");
        request.push_str(protocols.expose());
    }
    request.push_str("\r\n\r\n");
    Secret::new(request)
}

/// Status, headers and length of a head, once it is whole.
fn parse(received: &[u8]) -> Result<Option<(u16, HeaderMap, usize)>, Error> {
    let mut fields = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut fields);
    let length = match response.parse(received) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(source) => return Err(not_websocket("does not speak HTTP").with_source(source)),
    };
    let mut headers = HeaderMap::new();
    for field in response.headers.iter() {
        if let (Ok(name), Ok(value)) = (
            HeaderName::from_bytes(field.name.as_bytes()),
            HeaderValue::from_bytes(field.value),
        ) {
            headers.append(name, value);
        }
    }
    Ok(Some((response.code.unwrap_or_default(), headers, length)))
}

fn verify(headers: &HeaderMap, key: &str, protocols: Option<&Secret>) -> Result<(), Error> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // Several lines of one name are one list.
    let names = |name: &str, wanted: &str| {
        headers
            .get_all(name)
            .iter()
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(','))
            .any(|item| item.trim().eq_ignore_ascii_case(wanted))
    };
    if !names("upgrade", "websocket") || !names("connection", "upgrade") {
        return Err(not_websocket("switched to something else"));
    }
    if text("sec-websocket-accept") != Some(derive_accept_key(key.as_bytes()).as_str()) {
        return Err(not_websocket("answered another request's key"));
    }
    if headers.contains_key("sec-websocket-extensions") {
        return Err(not_websocket("uses an extension nobody asked for"));
    }
    match (protocols, text("sec-websocket-protocol")) {
        (None, None) => Ok(()),
        (None, Some(_)) => Err(not_websocket("selected a subprotocol nobody offered")),
        (Some(_), None) => Err(not_websocket(
            "selected none of the offered subprotocols, which is how it would accept the credentials",
        )),
        (Some(offered), Some(selected)) => {
            let selected = selected.trim();
            let known = offered
                .expose()
                .split(',')
                .any(|offer| offer.trim() == selected);
            if !known {
                return Err(not_websocket("selected a subprotocol nobody offered"));
            }
            if selected != MARKER {
                crate::trace::warning(
                    "the server repeated a credential as the subprotocol it selected",
                );
            }
            Ok(())
        }
    }
}

fn not_websocket(what: &str) -> Error {
    Error::new(
        ErrorKind::Handshake,
        format!("no WebSocket could be opened: the server {what}"),
    )
}

async fn refusal(
    io: &mut Box<dyn Io>,
    status: u16,
    headers: &HeaderMap,
    mut body: Vec<u8>,
    now: SystemTime,
) -> Error {
    let length = headers
        .get(http::header::CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse::<usize>().ok())
        .unwrap_or(BODY_LIMIT)
        .min(BODY_LIMIT);
    // The status alone says enough; whatever of the body does not come soon is not waited for.
    let _ = timeout(BODY_WAIT, async {
        while body.len() < length && io.read_buf(&mut body).await.is_ok_and(|read| read > 0) {}
    })
    .await;
    body.truncate(BODY_LIMIT);
    let details = ErrorBody::parse(Bytes::from(body));
    let (kind, what) = match status {
        401 | 403 => (ErrorKind::Unauthorized, "refused the credentials"),
        429 => (ErrorKind::RateLimited, "asks to come back later"),
        503 => (ErrorKind::Handshake, "is not available"),
        _ => (ErrorKind::Handshake, "refused the upgrade"),
    };
    Error::new(kind, format!("the server {what} (status {status})"))
        .with_status(status)
        .with_code(details.code)
        .with_retry_after(server_hint(headers, now))
        .with_raw(String::from_utf8_lossy(&details.raw))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, String)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()))
            .collect()
    }

    #[test]
    fn an_answer_is_a_websocket_only_if_everything_fits() {
        let key = generate_key();
        let accept = derive_accept_key(key.as_bytes());
        let offered = Secret::new("aerostack-key.k, aerostack-v1");
        let good = |protocol: Option<&str>| {
            let mut lines = vec![
                ("upgrade", "WebSocket".to_owned()),
                ("connection", "keep-alive, Upgrade".to_owned()),
                ("sec-websocket-accept", accept.clone()),
            ];
            lines.extend(protocol.map(|protocol| ("sec-websocket-protocol", protocol.to_owned())));
            headers(&lines)
        };
        for (offered, selected, fits) in [
            (None, None, true),
            (Some(&offered), Some("aerostack-v1"), true),
            (Some(&offered), Some("aerostack-key.k"), true),
            (Some(&offered), Some("other"), false),
            (Some(&offered), None, false),
            (None, Some("aerostack-v1"), false),
        ] {
            assert_eq!(verify(&good(selected), &key, offered).is_ok(), fits);
        }
        for wrong in ["upgrade", "connection", "sec-websocket-accept"] {
            let mut headers = good(None);
            headers.insert(wrong, "nonsense".parse().unwrap());
            assert!(verify(&headers, &key, None).is_err(), "{wrong}");
        }
    }

    #[test]
    fn promise_66_a_list_of_several_lines_is_one_list() {
        let key = generate_key();
        let headers = headers(&[
            ("connection", "keep-alive".to_owned()),
            ("connection", "foo, Upgrade".to_owned()),
            ("upgrade", "h2c".to_owned()),
            ("upgrade", "websocket".to_owned()),
            ("sec-websocket-accept", derive_accept_key(key.as_bytes())),
        ]);
        verify(&headers, &key, None).unwrap();
    }

    #[tokio::test]
    async fn promise_66_interim_responses_are_passed_over() {
        for interim in [0, 1, 3, 17] {
            let (ours, mut theirs) = tokio::io::duplex(64 * 1024);
            let server = tokio::spawn(async move {
                let mut head = Vec::new();
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(theirs.read_u8().await.unwrap());
                }
                let head = String::from_utf8(head).unwrap();
                let (_, rest) = head.split_once("Sec-WebSocket-Key: ").unwrap();
                let (key, _) = rest.split_once("\r\n").unwrap();
                let mut answer = "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n".repeat(interim);
                answer.push_str(&format!(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
                     Sec-WebSocket-Accept: {}\r\n\r\nrest",
                    derive_accept_key(key.as_bytes())
                ));
                theirs.write_all(answer.as_bytes()).await.unwrap();
                theirs
            });
            let mut io: Box<dyn Io> = Box::new(ours);
            let url = Url::parse("ws://127.0.0.1:1/api/realtime").unwrap();
            let upgraded = upgrade(&mut io, &url, None, SystemTime::now()).await;
            match upgraded {
                Ok((rest, _)) => assert_eq!((rest.as_slice(), interim <= 16), (&b"rest"[..], true)),
                Err(error) => assert_eq!((error.status(), interim), (Some(103), 17)),
            }
            server.await.unwrap();
        }
    }

    #[test]
    fn the_request_names_host_path_and_query() {
        let url = Url::parse("ws://127.0.0.1:8787/base/api/realtime?projectId=p%201").unwrap();
        let request = request(&url, "key", None);
        assert!(request.expose().starts_with(
            "GET /base/api/realtime?projectId=p%201 HTTP/1.1\r\nHost: 127.0.0.1:8787\r\n"
        ));
        assert!(!request.expose().contains("Protocol"));
    }
}

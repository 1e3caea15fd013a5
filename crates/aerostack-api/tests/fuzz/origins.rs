//! Base URLs, and the URLs that are built on them.

use aerostack_api::{Origin, operations};
use proptest::prelude::*;
use url::Url;

use crate::corpus::corpus;

const PIECES: &[&[u8]] = &[
    b"/",
    b"//",
    b"\\",
    b"@",
    b":",
    b"?",
    b"#",
    b"%2e",
    b"%2f",
    b"..",
    b"/../",
    b"/./",
    b"v1",
    b"/v1",
    b"/v1/",
    b"http://",
    b"https://",
    b"localhost",
    b"127.0.0.1",
    b"[::1]",
    b".",
    b" ",
    b"\n",
    b"\0",
    b"user:pass@",
    b"\xc3\xa4",
    b":0",
    b":65536",
    b"xn--",
];

#[test]
fn fuzz_no_base_url_leads_elsewhere() {
    let corpus = corpus!("origins");
    let cases = (corpus.damaged(PIECES), any::<bool>());
    corpus.hold(
        &cases,
        1.0,
        |seed| (seed.to_vec(), false),
        |(bytes, allow)| {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            let Ok(origin) = Origin::parse(&text, allow) else {
                return Ok(false);
            };
            let asked = Url::parse(text.trim()).unwrap();
            let base = Url::parse(origin.as_str()).unwrap();
            for url in [&asked, &base] {
                prop_assert!(
                    url.username().is_empty() && url.password().is_none(),
                    "{url}"
                );
                prop_assert!(url.query().is_none() && url.fragment().is_none(), "{url}");
            }
            prop_assert_eq!(base.origin(), asked.origin());
            prop_assert_eq!(origin.is_secure(), base.scheme() == "https");
            prop_assert!(origin.is_secure() || origin.is_loopback() || allow);
            prop_assert!(!origin.as_str().ends_with('/'));
            prop_assert!(!base.path()[1..].contains("//"));
            // With and without /v1 it is the same place.
            let again = Origin::parse(&format!("{origin}/v1"), allow);
            prop_assert_eq!(again.as_ref().map(Origin::as_str), Ok(origin.as_str()));
            // Every path of the document stays below it, at the same host.
            for operation in operations::ALL {
                let url = Url::parse(&format!("{origin}{}", operation.path)).unwrap();
                prop_assert_eq!(url.origin(), base.origin());
                prop_assert!(
                    url.path().starts_with(base.path().trim_end_matches('/')),
                    "{url}"
                );
                prop_assert!(url.query().is_none() && url.fragment().is_none(), "{url}");
            }
            let socket = Url::parse(&origin.websocket("/api/realtime")).unwrap();
            prop_assert_eq!(socket.host_str(), base.host_str());
            prop_assert_eq!(
                socket.scheme(),
                if origin.is_secure() { "wss" } else { "ws" }
            );
            Ok(true)
        },
    );
}

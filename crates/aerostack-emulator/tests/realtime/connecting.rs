//! The upgrade: credentials, subprotocols, projects, refusals.

use aerostack_emulator::realtime::{Event, Hub, Refusal, SubprotocolReply};
use serde_json::json;
use tokio_tungstenite::tungstenite::Error;

use crate::client::{connect, dial, hub, keyed, request, status};

const USER_TOKEN: &str = "h.eyJzdWIiOiJ1c3JfMiJ9.s";

#[tokio::test(start_paused = true)]
async fn credentials_in_the_subprotocols_open_the_connection() {
    let hub = hub();
    let key = |key: &str| format!("aerostack-key.{key}");
    let token = format!("aerostack-token.{USER_TOKEN}");
    let cases: [(&str, Vec<String>, u16); 9] = [
        ("", vec![key("ac_public_local"), "aerostack-v1".into()], 101),
        ("", vec![key("ac_secret_local"), "aerostack-v1".into()], 101),
        ("", vec![token.clone(), "aerostack-v1".into()], 101),
        (
            "",
            vec![key("ac_public_local"), token.clone(), "aerostack-v1".into()],
            101,
        ),
        (
            "?projectId=proj_local",
            vec![key("ac_public_local"), "aerostack-v1".into()],
            101,
        ),
        (
            "?projectId=proj_other",
            vec![key("ac_public_local"), "aerostack-v1".into()],
            403,
        ),
        ("", vec![key("wrong"), token, "aerostack-v1".into()], 401),
        ("", vec!["aerostack-v1".into()], 401),
        ("", vec![], 401),
    ];
    for (query, protocols, expected) in cases {
        let protocols: Vec<&str> = protocols.iter().map(String::as_str).collect();
        let dialled = dial(&hub, request(query, &protocols)).await;
        let got = match &dialled {
            Ok(client) => client.response.status().as_u16(),
            Err(_) => status(dialled),
        };
        assert_eq!(got, expected, "{query} {protocols:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_refusal_has_the_platforms_error_body() {
    let Err(Error::Http(response)) = dial(&hub(), request("", &[])).await else {
        panic!("the connection was accepted");
    };
    let body: serde_json::Value =
        serde_json::from_slice(response.body().as_deref().unwrap()).unwrap();
    assert_eq!(body["error"]["code"], "UNAUTHORIZED");
    assert!(body["error"]["message"].is_string(), "{body}");
}

#[tokio::test(start_paused = true)]
async fn credentials_in_the_url_count_only_when_switched_on() {
    let hub = hub();
    for query in ["?apiKey=ac_public_local", "?token=anything"] {
        assert_eq!(
            status(dial(&hub, request(query, &[])).await),
            401,
            "{query}"
        );
        hub.configure(|switches| switches.legacy_query_auth = true);
        assert!(dial(&hub, request(query, &[])).await.is_ok(), "{query}");
        hub.configure(|switches| switches.legacy_query_auth = false);
    }
}

#[tokio::test(start_paused = true)]
async fn the_selected_subprotocol_follows_the_switch() {
    let hub = hub();
    let first = "aerostack-key.ac_public_local";
    let cases = [
        (SubprotocolReply::V1, Some("aerostack-v1")),
        (SubprotocolReply::First, Some(first)),
        (SubprotocolReply::None, None),
    ];
    for (reply, expected) in cases {
        hub.configure(|switches| switches.subprotocol_reply = reply);
        match (dial(&hub, keyed("")).await, expected) {
            (Ok(client), Some(expected)) => {
                assert_eq!(
                    client.response.headers()["sec-websocket-protocol"],
                    expected
                );
            }
            (Err(Error::Protocol(_)), None) => {}
            (dialled, _) => panic!("{reply:?}: {:?}", dialled.err()),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_names_the_user_and_a_bare_key_leaves_it_to_the_query() {
    let hub = hub();
    let token = format!("aerostack-token.{USER_TOKEN}");
    let cases = [
        (keyed("?userId=usr_9"), Some("usr_9")),
        (keyed(""), None),
        (
            request("?userId=usr_9", &[&token, "aerostack-v1"]),
            Some("usr_2"),
        ),
    ];
    for (request, user) in cases {
        let client = dial(&hub, request).await.unwrap();
        let open = hub.connections();
        assert_eq!(open.last().unwrap().user_id.as_deref(), user);
        drop(client);
        hub.wait_until(|hub| hub.connections().is_empty()).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_is_no_upgrade_is_told_so() {
    let hub = hub();
    let mut plain = keyed("");
    plain
        .headers_mut()
        .insert("sec-websocket-version", "8".parse().unwrap());
    assert_eq!(status(dial(&hub, plain).await), 400);
    let elsewhere = "ws://localhost/api/other";
    let mut wrong = keyed("");
    *wrong.uri_mut() = elsewhere.parse().unwrap();
    assert_eq!(status(dial(&hub, wrong).await), 404);
    let mut prefixed = keyed("");
    *prefixed.uri_mut() = "ws://localhost/a/b/api/realtime".parse().unwrap();
    assert!(dial(&hub, prefixed).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_limit_of_connections_is_kept() {
    let hub = hub();
    hub.configure(|switches| switches.max_connections = Some(1));
    let first = connect(&hub).await;
    assert_eq!(status(dial(&hub, keyed("")).await), 429);
    drop(first);
    hub.wait_until(|hub| hub.connections().is_empty()).await;
    connect(&hub).await;
}

#[tokio::test(start_paused = true)]
async fn refusals_are_used_in_order_and_used_up() {
    let hub = hub();
    hub.refuse(Refusal::status(503).header("Retry-After", "7").times(1));
    hub.refuse(Refusal::status(401).times(2));
    let Err(Error::Http(first)) = dial(&hub, keyed("")).await else {
        panic!("the connection was accepted");
    };
    assert_eq!(
        (first.status().as_u16(), &first.headers()["retry-after"]),
        (503, &"7".parse().unwrap())
    );
    assert_eq!(status(dial(&hub, keyed("")).await), 401);
    assert_eq!(status(dial(&hub, keyed("")).await), 401);
    connect(&hub).await;
    let refused: Vec<_> = hub
        .transcript()
        .into_iter()
        .filter_map(|entry| match entry.event {
            Event::Refused(status) => Some(status),
            _ => None,
        })
        .collect();
    assert_eq!(refused, [503, 401, 401]);
}

#[tokio::test(start_paused = true)]
async fn no_credential_shows_in_the_transcript_or_in_debug() {
    let hub = Hub::builder().api_key("planted-key").build();
    hub.configure(|switches| switches.legacy_query_auth = true);
    let protocols = [
        "aerostack-key.planted-key",
        "aerostack-token.planted-token",
        "aerostack-v1",
    ];
    let upgrade = request("?projectId=proj_local&token=planted-token", &protocols);
    let mut client = dial(&hub, upgrade).await.unwrap();
    client
        .send(json!({ "type": "auth", "token": "planted-newer" }))
        .await;
    client.pending().await;
    let shown = format!("{:?} {:?} {hub:?}", hub.transcript(), hub.connections());
    assert!(
        shown.contains("aerostack-token.***") && shown.contains("token=***"),
        "{shown}"
    );
    assert!(shown.contains("projectId=proj_local"), "{shown}");
    assert!(!shown.contains("planted"), "{shown}");
    let tokens: Vec<_> = hub
        .transcript()
        .iter()
        .filter_map(|entry| entry.token().map(str::to_owned))
        .collect();
    assert_eq!(tokens, ["planted-token", "planted-newer"]);
    assert_eq!(hub.connections()[0].token(), Some("planted-newer"));
}

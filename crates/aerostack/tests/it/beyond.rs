//! What the published document leaves out: look-ups, mails, public functions, other paths, any request.

use aerostack::{Client, ErrorKind, gateway::GatewayPaths};
use aerostack_emulator::Fault;
use futures_util::TryStreamExt;
use serde_json::{Value, json};
use wiremock::{
    Mock, MockServer, Request, ResponseTemplate,
    matchers::{body_json, header, method, path, query_param},
};

use crate::support::start;

async fn server() -> (MockServer, Client) {
    let server = MockServer::start().await;
    let client = Client::builder()
        .base_url(server.uri())
        .api_key("sk_test")
        .project_id("proj_7")
        .build()
        .unwrap();
    (server, client)
}

fn paths(requests: &[Request]) -> Vec<&str> {
    requests.iter().map(|request| request.url.path()).collect()
}

#[tokio::test]
async fn any_request_has_the_credentials_retries_and_errors_of_all_calls() {
    let (emulator, client) = start().await;
    let sql = client
        .request("POST", "/v1/db/query")
        .json(json!({"sql": "SELECT 1 AS one"}));
    let response = sql.await.unwrap();
    assert_eq!(response.status, 200);
    assert!(response.request_id.is_some());
    assert_eq!(
        response.decode::<Value>().unwrap()["results"],
        json!([{"one": 1}])
    );

    emulator.fault(Fault::status(503).times(1));
    let listed = client
        .request("get", "/v1/ai/search/listTypes")
        .await
        .unwrap();
    assert!(listed.as_json().contains("types"), "a GET is retried");
    emulator.fault(Fault::status(503).times(1));
    let error = client
        .request("POST", "/v1/db/query")
        .json(json!({"sql": "SELECT 1"}))
        .await
        .unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1));
    let error = client
        .request("POST", "/v1/db/query")
        .json(json!({"sql": "SELEC"}))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::BadRequest, Some("request"))
    );
    let error = client.request("GET", "/v1/nowhere").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);

    emulator.clear_received();
    for (verb, target) in [
        ("TRACE", "/v1/db/query"),
        ("GET", "v1/db/query"),
        ("GET", "//elsewhere.example.com/v1"),
        ("GET", "/v1/../internal"),
        ("GET", "/v1/a?b=c"),
        ("GET", "/v1/a b"),
        ("GET", "https://elsewhere.example.com/"),
        ("GET", ""),
    ] {
        let error = client.request(verb, target).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{verb} {target}");
    }
    assert!(emulator.received().is_empty());
}

#[tokio::test]
async fn users_are_looked_up_by_id_and_by_address() {
    let (server, client) = server().await;
    let rpc = |name: &str, arg: &str| {
        Mock::given(method("POST"))
            .and(path("/internal/hooks/rpc"))
            .and(header("authorization", "Bearer sk_test"))
            .and(body_json(
                json!({"method": name, "args": [arg], "projectId": "proj_7"}),
            ))
    };
    let user = json!({"id": "usr_1", "email": "ines@example.com"});
    rpc("getUser", "usr_1")
        .respond_with(ResponseTemplate::new(200).set_body_json(&user))
        .mount(&server)
        .await;
    rpc("getUserByEmail", "ines@example.com")
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"user": user})))
        .mount(&server)
        .await;
    rpc("getUser", "usr_2")
        .respond_with(ResponseTemplate::new(200).set_body_json(json!(null)))
        .mount(&server)
        .await;
    rpc("getUser", "usr_3")
        .respond_with(
            ResponseTemplate::new(404)
                .set_body_json(json!({"code": "USER_NOT_FOUND", "message": "no"})),
        )
        .mount(&server)
        .await;
    let users = client.server_auth();
    assert_eq!(
        users.user("usr_1").await.unwrap().unwrap().email.as_deref(),
        Some("ines@example.com")
    );
    assert_eq!(
        users
            .user_by_email("ines@example.com")
            .await
            .unwrap()
            .unwrap()
            .id,
        "usr_1"
    );
    assert!(users.user("usr_2").await.unwrap().is_none());
    assert!(users.user("usr_3").await.unwrap().is_none());
    let error = users.user_by_email("nobody@example.com").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.operation()),
        (ErrorKind::NotFound, Some("getUserByEmail")),
        "another service's 404"
    );
    assert_eq!(
        users.user("").await.unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
}

#[tokio::test]
async fn a_mail_is_sent_once_and_a_refusal_is_an_error() {
    let (server, client) = server().await;
    let sent = json!({"method": "sendEmail", "args": ["ines@example.com", "Hi", "Text"], "projectId": "proj_7"});
    Mock::given(body_json(&sent))
        .respond_with(ResponseTemplate::new(200))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    let mail = || client.email("ines@example.com").subject("Hi").body("Text");
    mail().await.unwrap();
    Mock::given(body_json(&sent))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"success": false})))
        .up_to_n_times(1)
        .mount(&server)
        .await;
    assert_eq!(mail().await.unwrap_err().kind(), ErrorKind::Rejected);
    Mock::given(body_json(&sent))
        .respond_with(ResponseTemplate::new(503))
        .mount(&server)
        .await;
    let error = mail().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Server, 1));
    for unusable in [
        client.email("ines@example.com").body("Text"),
        client.email("ines@example.com").subject("Hi"),
        client
            .email("ines@example.com\r\nbcc: all@example.com")
            .subject("Hi")
            .body("Text"),
        client
            .email("ines@example.com")
            .subject("Hi\r\nbcc: all@example.com")
            .body("Text"),
        client.email("").subject("Hi").body("Text"),
    ] {
        assert_eq!(unusable.await.unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}

#[tokio::test]
async fn a_public_function_is_called_without_the_key() {
    let (server, client) = server().await;
    let place = "/api/v1/public/projects/proj_7/custom/quote";
    Mock::given(method("POST"))
        .and(path(place))
        .and(body_json(json!({"grams": 5})))
        .respond_with(ResponseTemplate::new(200).set_body_json(7))
        .mount(&server)
        .await;
    Mock::given(method("GET"))
        .and(path(place))
        .and(query_param("grams", "5"))
        .respond_with(ResponseTemplate::new(200).set_body_json(8))
        .mount(&server)
        .await;
    let call = || client.functions().call::<u8>("quote").public();
    assert_eq!(call().post(json!({"grams": 5})).await.unwrap(), 7);
    assert_eq!(
        call()
            .get()
            .query("grams", "5")
            .user_token("jwt")
            .await
            .unwrap(),
        8
    );
    assert_eq!(
        call().delete().await.unwrap_err().kind(),
        ErrorKind::InvalidInput
    );
    let requests = server.received_requests().await.unwrap();
    assert!(
        requests
            .iter()
            .all(|request| !request.headers.contains_key("x-aerostack-key"))
    );
    assert_eq!(requests[1].headers["authorization"], "Bearer jwt");
}

#[tokio::test]
async fn the_gateway_is_looked_for_in_its_other_place_once() {
    let (server, client) = server().await;
    let answer = json!({"choices": [{"message": {"content": "hello"}, "finish_reason": "stop"}]});
    Mock::given(path("/api/gateway/bot/v1/chat/completions"))
        .and(header("authorization", "Bearer ask_1"))
        .respond_with(ResponseTemplate::new(200).set_body_json(&answer))
        .mount(&server)
        .await;
    Mock::given(path("/api/gateway/me/wallet"))
        .and(query_param("api_slug", "bot"))
        .respond_with(ResponseTemplate::new(200).set_body_json(json!({"wallet": {"balance": 3}})))
        .mount(&server)
        .await;
    let bot = client.gateway("bot").consumer_key("ask_1");
    for _ in 0..2 {
        assert_eq!(bot.complete("hi").await.unwrap().text, "hello");
    }
    assert_eq!(bot.wallet().await.unwrap().balance, 3.0);
    let mut stream = bot.complete("hi").stream().await.unwrap();
    assert_eq!(stream.try_next().await.unwrap().unwrap().text, "hello");
    let requests = server.received_requests().await.unwrap();
    let shipped = "/api/gateway/bot/v1/chat/completions";
    assert_eq!(
        paths(&requests),
        [
            "/v1/ai/gateway/bot/chat/completions",
            shipped,
            shipped,
            "/api/gateway/me/wallet",
            shipped
        ]
    );

    // A client that is told where to look does not look elsewhere.
    let told = Client::builder()
        .base_url(server.uri())
        .gateway_paths(GatewayPaths::Published)
        .build()
        .unwrap();
    let error = told
        .gateway("bot")
        .consumer_key("ask_1")
        .complete("hi")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(server.received_requests().await.unwrap().len(), 6);
}

#[tokio::test]
async fn a_gateway_that_is_in_neither_place_is_looked_for_in_the_other_once() {
    let (server, client) = server().await;
    let bot = client.gateway("bot").consumer_key("ask_1");
    for _ in 0..3 {
        let error = bot.complete("hi").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    }
    assert_eq!(server.received_requests().await.unwrap().len(), 4);
}

#[cfg(feature = "realtime")]
#[tokio::test]
async fn a_collection_is_listened_to_on_the_channel_of_its_table() {
    let (_emulator, client) = start().await;
    let changes = client.collection("notes").changes::<Value>().unwrap();
    assert!(
        format!("{changes:?}").contains("table/notes"),
        "{changes:?}"
    );
    let error = client.collection("a\nb").changes::<Value>().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

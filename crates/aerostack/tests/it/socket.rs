//! Events from the server.

use aerostack::ErrorKind;
use aerostack_emulator::Fault;
use serde_json::{Value, json};

use crate::support::start;

#[tokio::test]
async fn an_event_goes_with_its_room_its_project_and_the_key_as_bearer() {
    let (emulator, client) = start().await;
    emulator.fault(Fault::answer(200, "application/json", "").on("socketEmit"));
    let socket = client.socket();
    socket
        .emit("shipped", &json!({"id": 7}))
        .room("orders/eu")
        .await
        .unwrap();
    socket.emit("shipped", &()).await.unwrap();
    let received = emulator.received();
    let project = emulator.project_id();
    assert_eq!(
        received[0].json::<Value>().unwrap(),
        json!({"method": "socket.emit", "args": ["shipped", {"id": 7}, "orders/eu"], "projectId": project})
    );
    assert_eq!(
        received[1].json::<Value>().unwrap(),
        json!({"method": "socket.emit", "args": ["shipped", null], "projectId": project})
    );
    let bearer = format!("Bearer {}", emulator.api_key());
    assert_eq!(received[0].header("authorization"), Some(bearer.as_str()));
    assert_eq!(received[0].header("x-aerostack-key"), None);
}

#[tokio::test]
async fn any_value_is_a_success_except_one_that_says_no() {
    let (emulator, client) = start().await;
    for (body, outcome) in [
        ("", Ok(())),
        ("null", Ok(())),
        ("{}", Ok(())),
        ("[]", Ok(())),
        ("true", Ok(())),
        (r#"{"success":true,"error":null}"#, Ok(())),
        (r#"{"success":false}"#, Err(ErrorKind::Rejected)),
        (r#"{"error":"X"}"#, Err(ErrorKind::Rejected)),
        ("<html>", Err(ErrorKind::Decode)),
    ] {
        let fault = Fault::answer(200, "application/json", body);
        emulator.fault(fault.on("socketEmit").times(1));
        let result = client
            .socket()
            .emit("e", &1)
            .await
            .map_err(|error| error.kind());
        assert_eq!(result, outcome, "{body:?}");
    }
}

#[tokio::test]
async fn what_is_no_event_is_not_sent() {
    let (emulator, client) = start().await;
    for error in [
        client.socket().emit("", &1).await.unwrap_err(),
        client.socket().emit("e", &1).room("").await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
    assert!(emulator.received().is_empty());
}

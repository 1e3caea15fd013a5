//! AI endpoints for consumers.

use aerostack::ErrorKind;
use aerostack_emulator::Fault;
use serde_json::{Value, json};

use crate::support::start;

const COMPLETION: &str = r#"{"choices":[{"message":{"content":"ok"}}]}"#;

#[tokio::test]
async fn the_secret_key_goes_to_no_call_of_a_consumer() {
    let (emulator, client) = start().await;
    let usage = r#"{"total_tokens":1,"total_requests":1}"#;
    for (operation, body) in [
        ("gatewayChatCompletions", COMPLETION),
        ("gatewayGetWallet", r#"{"wallet":{"balance":1}}"#),
        ("gatewayGetUsage", usage),
    ] {
        emulator.fault(Fault::answer(200, "application/json", body).on(operation));
    }
    let gateway = client.gateway("bot");
    for (gateway, bearer) in [
        (
            gateway.clone().consumer_key("ask_test_1"),
            "Bearer ask_test_1",
        ),
        (gateway.clone().user_token("user.jwt"), "Bearer user.jwt"),
        (
            gateway.consumer_key("ask_test_1").user_token("user.jwt"),
            "Bearer user.jwt",
        ),
    ] {
        emulator.clear_received();
        gateway.chat().user("hi").await.unwrap();
        gateway.complete("hi").stream().await.unwrap();
        gateway.wallet().await.unwrap();
        gateway.usage().days(3).await.unwrap();
        let received = emulator.received();
        assert_eq!(received.len(), 4);
        for request in received {
            assert_eq!(request.header("authorization"), Some(bearer));
            assert_eq!(request.header("x-aerostack-key"), None);
            let values: Vec<&str> = request.headers.iter().map(|(_, v)| v.as_str()).collect();
            assert!(!values.join(" ").contains(emulator.api_key()));
        }
    }
}

#[tokio::test]
async fn a_consumer_without_a_credential_sends_nothing() {
    let (emulator, client) = start().await;
    let gateway = client.gateway("bot");
    for error in [
        gateway.complete("hi").await.unwrap_err(),
        gateway.complete("hi").stream().await.unwrap_err(),
        gateway.wallet().await.unwrap_err(),
        gateway.usage().await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::MissingCredential, "{error}");
    }
    let gateway = client.gateway("../admin").consumer_key("ask_test_1");
    for error in [
        gateway.complete("hi").await.unwrap_err(),
        gateway.wallet().await.unwrap_err(),
        gateway.usage().await.unwrap_err(),
        client
            .gateway("bot")
            .consumer_key("k")
            .usage()
            .days(0)
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    assert!(emulator.received().is_empty());
}

#[tokio::test]
async fn billing_is_the_owners_and_goes_with_the_api_key() {
    let (emulator, client) = start().await;
    for body in [
        r#"{"success":true,"loggedUnits":12}"#,
        r#"{"success":true}"#,
    ] {
        let fault = Fault::answer(200, "application/json", body);
        emulator.fault(fault.on("gatewayBillingLog").times(1));
    }
    let billing = client.gateway_billing();
    assert_eq!(billing.log("c", "a", 12).metric("pages").await.unwrap(), 12);
    assert_eq!(billing.log("c", "a", 7).await.unwrap(), 7);
    let received = emulator.received();
    assert_eq!(
        received[0].header("x-aerostack-key"),
        Some(emulator.api_key())
    );
    assert_eq!(
        received[0].json::<Value>().unwrap(),
        json!({"consumerId": "c", "apiId": "a", "units": 12, "metric": "pages"})
    );
    let fault = Fault::answer(200, "application/json", r#"{"success":false}"#);
    emulator.fault(fault.on("gatewayBillingLog").times(1));
    let error = billing.log("c", "a", 1).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
}

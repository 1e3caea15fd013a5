//! AI endpoints for consumers.

use aerostack::ErrorKind;
use aerostack_emulator::{Emulator, Fault, GatewayApi, GatewayConsumer};
use serde_json::{Value, json};

use crate::support::{start, start_with};

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

#[tokio::test]
async fn tokens_are_taken_from_the_wallet_of_whoever_asks() {
    let platform = Emulator::builder()
        .gateway_api(GatewayApi::new("bot").user_balance(500))
        .gateway_consumer(GatewayConsumer::new("ask_test_1", 1000).plan("metered"))
        .gateway_consumer(GatewayConsumer::new("ask_test_2", 0).hard_limit(10));
    let (_emulator, client) = start_with(platform).await;
    let register = client
        .auth()
        .register("ines@example.com", "Correct-Horse-9");
    let session = register.await.unwrap().session.unwrap();
    let gateway = client.gateway("bot");
    for (gateway, balance) in [
        (gateway.clone().consumer_key("ask_test_1"), 1000.0),
        (gateway.clone().user_token(session.access_token), 500.0),
    ] {
        assert_eq!(gateway.wallet().await.unwrap().balance, balance);
        let whole = gateway.chat().user("hello there").await.unwrap();
        let stream = gateway.complete("hello there").stream().await.unwrap();
        let streamed = stream.into_completion().await.unwrap();
        assert_eq!(streamed.text, whole.text);
        let spent = whole.usage.unwrap().total_tokens.unwrap() * 2;
        let wallet = gateway.wallet().await.unwrap();
        assert_eq!(wallet.balance, balance - spent as f64);
        assert_eq!(wallet.total_consumed, Some(spent as f64));
        let usage = gateway.usage().days(7).await.unwrap();
        assert_eq!((usage.total_tokens, usage.total_requests), (spent, 2));
        assert_eq!(usage.days, Some(7));
    }
    let empty = gateway.clone().consumer_key("ask_test_2");
    let error = empty.complete("hello").await.unwrap_err();
    assert!(
        error
            .status()
            .is_some_and(|status| (400..500).contains(&status)),
        "{error}"
    );
    let unknown = gateway.consumer_key("ask_test_nobody");
    assert_eq!(
        unknown.wallet().await.unwrap_err().kind(),
        ErrorKind::Unauthorized
    );
    let nowhere = client.gateway("no-such-bot").consumer_key("ask_test_1");
    assert_eq!(
        nowhere.complete("hello").await.unwrap_err().kind(),
        ErrorKind::NotFound
    );
}

#[tokio::test]
async fn units_are_billed_once_a_call() {
    let platform = Emulator::builder()
        .gateway_api(GatewayApi::new("bot").id("api_1"))
        .gateway_consumer(GatewayConsumer::new("ask_test_1", 1000).id("con_1"));
    let (emulator, client) = start_with(platform).await;
    let logged = client
        .gateway_billing()
        .log("con_1", "api_1", 12)
        .metric("pages")
        .await
        .unwrap();
    assert_eq!(logged, 12);
    // An answer that is lost is not a reason to bill again.
    emulator.fault(Fault::close().on("gatewayBillingLog").after_effect());
    let before = emulator.effects();
    let error = client
        .gateway_billing()
        .log("con_1", "api_1", 1)
        .await
        .unwrap_err();
    assert!(error.may_have_been_sent());
    assert_eq!(error.attempts(), 1);
    assert_eq!(
        emulator.effects()["gatewayBillingLog"],
        before["gatewayBillingLog"] + 1
    );
}

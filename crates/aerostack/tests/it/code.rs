//! Services and functions: code of the project's own.

use aerostack::{ErrorCode, ErrorKind};
use aerostack_emulator::{Emulator, Fault, FunctionReply};
use serde_json::{Value, json};

use crate::support::{start, start_with};

fn answer(emulator: &Emulator, operation: &'static str, status: u16, body: &str) {
    emulator.fault(
        Fault::answer(status, "application/json", body)
            .on(operation)
            .times(1),
    );
}

#[tokio::test]
async fn each_method_carries_its_input_where_it_belongs() {
    let (emulator, client) = start().await;
    for method in ["Get", "Post", "Put", "Patch", "Delete", "Post"] {
        let operation: &'static str = format!("customCall{method}").leak();
        answer(&emulator, operation, 200, "[1]");
    }
    let call = || {
        client
            .functions()
            .call::<Vec<u8>>("quote")
            .user_token("user.jwt")
    };
    assert_eq!(
        call()
            .get()
            .query("a", "1&2")
            .query("b", "ü")
            .await
            .unwrap(),
        [1]
    );
    assert_eq!(call().post(&json!({"n": 1})).await.unwrap(), [1]);
    assert_eq!(call().put("text").await.unwrap(), [1]);
    assert_eq!(call().patch(&[1, 2]).await.unwrap(), [1]);
    assert_eq!(call().delete().query("a", "1").await.unwrap(), [1]);
    assert_eq!(call().await.unwrap(), [1]);

    let received = emulator.received();
    let seen: Vec<(&str, Option<&str>, &str)> = received
        .iter()
        .map(|request| {
            assert_eq!(request.path, "/v1/custom/quote");
            assert_eq!(request.header("x-aerostack-function"), Some("quote"));
            assert_eq!(request.header("x-aerostack-key"), Some(emulator.api_key()));
            assert_eq!(request.header("authorization"), Some("Bearer user.jwt"));
            let body = std::str::from_utf8(&request.body).unwrap();
            (request.method.as_str(), request.query.as_deref(), body)
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("GET", Some("a=1%262&b=%C3%BC"), ""),
            ("POST", None, r#"{"n":1}"#),
            ("PUT", None, r#""text""#),
            ("PATCH", None, "[1,2]"),
            ("DELETE", Some("a=1"), ""),
            ("POST", None, "{}"),
        ]
    );
}

#[tokio::test]
async fn a_functions_own_refusal_arrives_with_its_status_and_words() {
    let (emulator, client) = start().await;
    for (status, kind) in [
        (400, ErrorKind::BadRequest),
        (402, ErrorKind::BadRequest),
        (404, ErrorKind::NotFound),
        (409, ErrorKind::Conflict),
        (418, ErrorKind::BadRequest),
        (422, ErrorKind::BadRequest),
        (503, ErrorKind::Server),
    ] {
        let body = r#"{"code":"NO_STOCK","message":"sold out","left":0}"#;
        answer(&emulator, "customCallPost", status, body);
        let call = client.functions().call::<Value>("buy").post(&json!({}));
        let error = call.await.unwrap_err();
        assert_eq!(error.kind(), kind, "{status}");
        assert_eq!(error.status(), Some(status));
        assert_eq!(error.code(), Some(&ErrorCode::Other("NO_STOCK".into())));
        assert_eq!(error.platform_message(), Some("sold out"));
        assert_eq!(error.body(), body.as_bytes());
        assert_eq!(error.attempts(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_function_may_return_nothing_or_another_success() {
    let (emulator, client) = start().await;
    let call = || client.functions().call::<Option<u8>>("quote");
    for (status, body, expected) in [
        (200, "null", None),
        (200, "", None),
        (201, "7", Some(7)),
        (204, "", None),
    ] {
        answer(&emulator, "customCallPost", status, body);
        assert_eq!(call().await.unwrap(), expected, "{status} {body:?}");
    }
    answer(&emulator, "customCallPost", 200, "null");
    client.functions().call::<()>("quote").await.unwrap();
    answer(&emulator, "customCallPost", 200, "{\"cents\":\"many\"}");
    #[derive(Debug, serde::Deserialize)]
    struct Quote {
        #[allow(dead_code, reason = "it never decodes")]
        cents: u32,
    }
    let error = client.functions().call::<Quote>("quote").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    assert!(error.to_string().contains("cents"), "{error}");
    assert!(!error.to_string().contains("many"), "{error}");
}

#[tokio::test]
async fn what_cannot_be_a_call_is_not_sent() {
    let (emulator, client) = start().await;
    let call = |slug: &str| client.functions().call::<Value>(slug);
    for error in [
        call("").await.unwrap_err(),
        call("..").await.unwrap_err(),
        call("a/b").await.unwrap_err(),
        call("a b").get().await.unwrap_err(),
        call("quote").query("a", "1").await.unwrap_err(),
        call("quote")
            .header("X-Aerostack-Function", "x")
            .await
            .unwrap_err(),
        client
            .services()
            .invoke::<Value>("", &json!({}))
            .await
            .unwrap_err(),
        client
            .services()
            .invoke::<Value>("s", &[1])
            .await
            .unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
    }
    assert!(emulator.received().is_empty());
}

#[tokio::test]
async fn a_service_gives_its_result_or_says_that_it_failed() {
    let (emulator, client) = start().await;
    let invoke = || {
        client
            .services()
            .invoke::<Option<u8>>("count", &json!({"n": 1}))
    };
    for (body, expected) in [
        (r#"{"success":true,"result":7}"#, Some(7)),
        (r#"{"success":true,"result":null}"#, None),
        (r#"{"success":true}"#, None),
        (r#"{"result":7}"#, Some(7)),
    ] {
        answer(&emulator, "servicesInvoke", 200, body);
        assert_eq!(invoke().await.unwrap(), expected, "{body}");
    }
    answer(
        &emulator,
        "servicesInvoke",
        200,
        r#"{"success":false,"result":7}"#,
    );
    assert_eq!(invoke().await.unwrap_err().kind(), ErrorKind::Rejected);
    assert_eq!(
        emulator.received()[0].json::<Value>().unwrap(),
        json!({"serviceName": "count", "data": {"n": 1}})
    );
}

#[tokio::test]
async fn the_projects_own_code_runs_with_what_it_was_given() {
    let platform = Emulator::builder()
        .service("double", |data| async move {
            let n = data["n"].as_i64().ok_or("n is missing")?;
            Ok(json!(n * 2))
        })
        .function("echo", |call| async move {
            let query: serde_json::Map<String, Value> = call
                .query
                .iter()
                .map(|(name, value)| (name.clone(), json!(value)))
                .collect();
            let reply = json!({"method": call.method, "query": query, "body": call.body, "user": call.user_id});
            Ok(FunctionReply::status(if call.body == json!("teapot") { 418 } else { 200 }, reply))
        });
    let (_emulator, client) = start_with(platform).await;
    let doubled: i64 = client
        .services()
        .invoke("double", &json!({"n": 21}))
        .await
        .unwrap();
    assert_eq!(doubled, 42);
    let missing = client
        .services()
        .invoke::<i64>("triple", &json!({}))
        .await
        .unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);

    let register = client
        .auth()
        .register("ines@example.com", "Correct-Horse-9");
    let session = register.await.unwrap().session.unwrap();
    let user = client
        .auth()
        .current_user(&session.access_token)
        .await
        .unwrap();
    let call = || client.functions().call::<Value>("echo");
    assert_eq!(
        call()
            .put(&json!([1]))
            .user_token(session.access_token)
            .await
            .unwrap(),
        json!({"method": "PUT", "query": {}, "body": [1], "user": user.id})
    );
    assert_eq!(
        call().get().query("a", "1 & 2").await.unwrap(),
        json!({"method": "GET", "query": {"a": "1 & 2"}, "body": null, "user": null})
    );
    let error = call().post("teapot").await.unwrap_err();
    assert_eq!(error.status(), Some(418));
    let body: Value = serde_json::from_slice(error.body()).unwrap();
    assert_eq!(body["body"], "teapot");
    let missing = client
        .functions()
        .call::<Value>("no-such")
        .await
        .unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::NotFound);
}

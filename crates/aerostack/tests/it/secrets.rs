//! Secrets.

use aerostack::ErrorKind;
use aerostack_emulator::{Emulator, Fault};

use crate::support::{start, start_with};

#[tokio::test]
async fn both_ways_of_having_no_secret_are_none() {
    let (emulator, client) = start().await;
    for (status, body) in [
        (200, r#"{"value":null,"exists":false}"#),
        (200, r#"{"exists":false}"#),
        (
            404,
            r#"{"code":"NOT_FOUND","message":"No secret is called KEY."}"#,
        ),
        (404, r#"{"error":"no such secret"}"#),
    ] {
        let fault = Fault::answer(status, "application/json", body);
        emulator.fault(fault.on("secretsGet").times(1));
        let found = client.secrets().get("KEY").await.unwrap();
        assert!(found.is_none(), "{body}");
    }
    // What no platform said is no answer.
    emulator.fault(Fault::html(404).on("secretsGet").times(1));
    let error = client.secrets().get("KEY").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let fault = Fault::answer(200, "application/json", r#"{"exists":true}"#);
    emulator.fault(fault.on("secretsGet").times(1));
    let error = client.secrets().get("KEY").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Decode);
    let error = client.secrets().get("").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[tokio::test]
async fn a_secret_is_shown_to_who_asks_and_to_nobody_else() {
    let (emulator, client) = start().await;
    for body in [
        r#"{"value":"hunter2","exists":true}"#,
        r#"{"value":"hunter2"}"#,
    ] {
        let fault = Fault::answer(200, "application/json", body);
        emulator.fault(fault.on("secretsGet").times(1));
        let secret = client.secrets().get("KEY").await.unwrap().unwrap();
        assert_eq!(secret.expose(), "hunter2");
        assert!(!format!("{secret:?}").contains("hunter2"));
    }
    let fault = Fault::answer(200, "application/json", r#"{"value":["hunter2"]}"#);
    emulator.fault(fault.on("secretsGet").times(1));
    let error = client.secrets().get("KEY").await.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_secret_of_the_project_is_read() {
    let platform = Emulator::builder().secret("MAIL_API_KEY", "hunter2");
    let (_emulator, client) = start_with(platform).await;
    let secret = client.secrets().get("MAIL_API_KEY").await.unwrap().unwrap();
    assert_eq!(secret.expose(), "hunter2");
    assert!(client.secrets().get("OTHER").await.unwrap().is_none());
}

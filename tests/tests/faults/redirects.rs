//! Redirects are reported, never followed: the credential would travel along.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use aerostack::{Error, ErrorKind};
use aerostack_emulator::Fault;
use tokio::net::TcpListener;

use crate::stage::Stage;

#[tokio::test]
async fn fault_redirect_elsewhere_reaches_nobody_there() {
    let stage = Stage::new().await;
    let client = stage.client();
    let elsewhere = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let place = format!("http://{}", elsewhere.local_addr().unwrap());
    let visits = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&visits);
    let listening = tokio::spawn(async move {
        loop {
            let _visit = elsewhere.accept().await.unwrap();
            counter.fetch_add(1, Ordering::SeqCst);
        }
    });
    for status in [301, 302, 303, 307, 308] {
        stage.emulator.fault(
            Fault::answer(status, "text/plain", "")
                .header("location", format!("{place}/v1/steal?token=planted")),
        );
        let report = |error: Error| {
            assert_eq!(error.kind(), ErrorKind::Protocol, "{status}");
            assert_eq!(error.status(), Some(status));
            assert_eq!(error.attempts(), 1);
            let text = format!("{error} {error:?}");
            assert!(text.contains(&place), "{text}");
            assert!(!text.contains("planted"), "{text}");
        };
        report(client.cache().get::<u8>("k").await.unwrap_err());
        report(client.db().execute("SELECT 1").await.unwrap_err());
        report(client.storage().upload("a", b"b").await.unwrap_err());
        report(client.auth().login("a@example.com", "b").await.unwrap_err());
        report(
            client
                .queue()
                .send("job", &serde_json::json!({ "n": 1 }))
                .await
                .unwrap_err(),
        );
        stage.emulator.clear_faults();
    }
    listening.abort();
    assert_eq!(visits.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn fault_redirect_loop_is_one_request() {
    let stage = Stage::new().await;
    let client = stage.client();
    stage.emulator.fault(Fault::redirect(format!(
        "{}/v1/cache/get",
        stage.proxy.url()
    )));
    let error = client.cache().get::<u8>("k").await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Protocol, 1));
    assert_eq!(stage.emulator.received().len(), 1);
}

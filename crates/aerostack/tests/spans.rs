//! What a trace shows of a call, and what it must not. Alone in its process: what other threads do before a subscriber is
//! there decides which spans it ever sees.

#![allow(clippy::unwrap_used, reason = "a test may")]

use std::{
    io,
    sync::{Arc, Mutex},
};

use aerostack_emulator::Fault;
use tracing_subscriber::{EnvFilter, fmt::format::FmtSpan};

use aerostack_test_support::local::{builder, start};

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_trace_has_calls_and_attempts_and_no_secrets() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("trace,aerostack_emulator=off"))
        .with_ansi(false)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let (emulator, _) = start().await;
    let client = builder(&emulator).build().unwrap();
    emulator.fault(Fault::status(503).on("cacheGet").times(1));
    client.cache().has("k").request_id("trace-9").await.unwrap();
    client
        .auth()
        .register("ines@example.com", "Planted-Password-1")
        .await
        .unwrap();
    let session = client
        .auth()
        .login("ines@example.com", "Planted-Password-1")
        .await
        .unwrap();
    client
        .auth()
        .verify_token(&session.access_token)
        .await
        .unwrap();
    client
        .auth()
        .verify_email("planted-mail-token")
        .await
        .unwrap_err();
    client
        .db()
        .execute("SELECT ? AS x")
        .bind("planted-row-value")
        .await
        .unwrap();

    let text = log.text();
    for shown in [
        "aerostack.call",
        "aerostack.attempt",
        "aerostack.operation=\"cacheGet\"",
        "aerostack.request_id=\"trace-9\"",
        "http.request.method=\"POST\"",
        "url.template=\"/v1/cache/get\"",
        "http.response.status_code=503",
        "otel.name=POST /v1/cache/get",
        "server.address=\"127.0.0.1\" server.port=",
        "http.request.resend_count=1",
        "error.type=\"503\"",
        " INFO aerostack.call{",
        "a call failed operation=\"publicAuthVerifyEmail\" attempts=1 error.type=\"4",
        "aerostack.attempts=2",
    ] {
        assert!(text.contains(shown), "no {shown} in\n{text}");
    }
    let first = text
        .lines()
        .find(|line| line.contains("aerostack.attempt") && line.contains("cacheGet"))
        .unwrap();
    assert!(!first.contains("resend_count"), "{first}");
    for planted in [
        "Planted-Password",
        "planted-row-value",
        "planted-mail-token",
        emulator.api_key(),
        session.access_token.expose(),
        session.refresh_token.as_ref().unwrap().expose(),
    ] {
        assert!(!text.contains(planted), "a secret is in the trace");
    }
}

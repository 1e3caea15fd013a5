//! Promise 30: no credential is ever shown, at any level of any log. A process of its own, since loggers are global.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::{
    cell::Cell,
    io::Write,
    sync::{Arc, Mutex},
};

use aerostack_emulator::realtime::{Hub, Refusal};
use aerostack_realtime::{Io, Realtime, RealtimeBuilder, Token};
use tracing_subscriber::{EnvFilter, fmt::MakeWriter};

const KEY: &str = "ac_public_local";
const PLANTED: [&str; 3] = [KEY, "planted-token-1.x.y", "planted-token-2.x.y"];

thread_local! {
    /// The server runs in this process as well, and what it logs is its own affair.
    static CLIENT: Cell<bool> = const { Cell::new(false) };
}

/// All that the client's thread logs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if CLIENT.get() {
            self.0.lock().unwrap().extend(bytes);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Self;

    fn make_writer(&'w self) -> Self {
        self.clone()
    }
}

impl log::Log for Log {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let _ = writeln!(self.clone(), "{} {}", record.target(), record.args());
    }

    fn flush(&self) {}
}

/// A hub in a thread of its own, and settings of clients that lead to it.
fn hub() -> (Hub, impl Fn() -> RealtimeBuilder) {
    let hub = Hub::builder().build();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let server = runtime.handle().clone();
    std::mem::forget(runtime);
    let serving = hub.clone();
    let builder = move || {
        let (hub, server) = (serving.clone(), server.clone());
        Realtime::builder()
            .base_url("http://localhost:1")
            .api_key(KEY)
            .project_id("proj_local")
            .connector(move |_, _| {
                let (ours, theirs) = tokio::io::duplex(64 << 10);
                let hub = hub.clone();
                server.spawn(async move { hub.serve(theirs).await });
                async move { Ok(Box::new(ours) as Box<dyn Io>) }
            })
    };
    (hub, builder)
}

#[test]
fn promise_30_no_log_debug_or_error_shows_a_credential() {
    let log = Log::default();
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new("trace"))
        .with_ansi(false)
        .with_writer(log.clone())
        .init();
    log::set_boxed_logger(Box::new(log.clone())).unwrap();
    log::set_max_level(log::LevelFilter::Trace);

    let (hub, builder) = hub();
    CLIENT.set(true);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let shown = runtime.block_on(async {
        let client = builder().token(PLANTED[1]).build().unwrap();
        let channel = client.path("a").unwrap();
        let events = channel.all().subscribe().await.unwrap();
        channel.publish("heard", &1).acked().await.unwrap();
        client.set_token(PLANTED[2]).unwrap();
        hub.wait_until(|hub| hub.connections()[0].token() == Some(PLANTED[2]))
            .await;
        let mut shown = format!(
            "{client:?} {channel:?} {events:?} {:?} {:?}",
            client.status(),
            Token::new(PLANTED[1])
        );
        shown += &format!("{:?} {:?}", channel.publish("e", &1), builder());
        hub.expire_token(PLANTED[2]);
        let mut status = client.status();
        let lost = status.wait_for(|status| !status.is_connected()).await;
        shown += &format!("{:?}", lost.unwrap());

        for status in [401, 500] {
            hub.refuse(Refusal::status(status).times(1));
            let client = builder().token(PLANTED[1]).max_attempts(1).build().unwrap();
            let error = client.connect().await.unwrap_err();
            shown += &format!("{error} {error:?} {:?}", client.status().current());
        }
        let unreachable = builder()
            .token(PLANTED[1])
            .max_attempts(1)
            .connector(|_, _| async { Err::<Box<dyn Io>, _>(std::io::Error::other("no way")) })
            .build()
            .unwrap();
        let error = unreachable.connect().await.unwrap_err();
        shown += &format!("{error} {error:?} {unreachable:?}");
        let illegal = builder().token("planted-token-1.x.y ").build().unwrap_err();
        shown += &format!("{illegal} {illegal:?}");
        client.close().await;
        shown
    });
    CLIENT.set(false);
    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(log.contains("tungstenite") && log.contains("heard"));
    for planted in PLANTED {
        assert!(!log.contains(planted), "{planted} is in the log");
        assert!(!shown.contains(planted), "{planted} is in {shown}");
    }
}

//! A proxy that the environment names, and which listens.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};

use aerostack::Client;
use aerostack_emulator::Emulator;

const KEY: &str = "Planted-before-a-proxy";
const CHILD: &str = "PLANTED_BEHIND_A_PROXY";

/// Takes whatever comes, and answers as a proxy does that cannot reach the place.
struct Proxy {
    url: String,
    heard: Arc<Mutex<String>>,
}

impl Proxy {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let heard = Arc::<Mutex<String>>::default();
        let log = Arc::clone(&heard);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let log = Arc::clone(&log);
                std::thread::spawn(move || answer(stream, &log));
            }
        });
        Self { url, heard }
    }

    fn heard(&self) -> String {
        self.heard.lock().unwrap().clone()
    }
}

fn answer(mut stream: TcpStream, log: &Mutex<String>) {
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    let mut head = [0; 8192];
    let length = stream.read(&mut head).unwrap_or(0);
    log.lock()
        .unwrap()
        .push_str(&String::from_utf8_lossy(&head[..length]));
    let _ = stream.write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
}

/// Runs the test of this name in a process of its own, with a proxy in its environment.
fn behind(proxy: &Proxy, test: &str) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, "1");
    for name in [
        "HTTP_PROXY",
        "http_proxy",
        "HTTPS_PROXY",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ] {
        command.env(name, &proxy.url);
    }
    command.env_remove("NO_PROXY").env_remove("no_proxy");
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

fn block_on(test: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
        .block_on(test);
}

#[test]
fn nothing_for_this_machine_goes_through_a_proxy() {
    if !is_child() {
        let proxy = Proxy::start();
        behind(
            &proxy,
            "proxy::nothing_for_this_machine_goes_through_a_proxy",
        );
        assert_eq!(proxy.heard(), "");
        return;
    }
    block_on(async {
        let emulator = Emulator::builder().api_key(KEY).start().await.unwrap();
        let port = emulator.port();
        for host in ["127.0.0.1", "localhost"] {
            let client = Client::builder()
                .base_url(format!("http://{host}:{port}"))
                .api_key(KEY)
                .build()
                .unwrap();
            client.cache().set("key", &1).await.unwrap();
            let rows: Vec<(i64,)> = client.db().query("SELECT 1").await.unwrap();
            assert_eq!(rows, [(1,)]);
        }
    });
}

#[test]
fn a_proxy_is_used_for_other_machines_and_sees_no_key_of_theirs() {
    if !is_child() {
        let proxy = Proxy::start();
        behind(
            &proxy,
            "proxy::a_proxy_is_used_for_other_machines_and_sees_no_key_of_theirs",
        );
        let heard = proxy.heard();
        assert!(heard.contains("CONNECT api.invalid:443"), "{heard}");
        assert!(!heard.contains(KEY), "{heard}");
        return;
    }
    block_on(async {
        let builder = || {
            Client::builder()
                .base_url("https://api.invalid")
                .api_key(KEY)
                .max_attempts(1)
        };
        builder()
            .build()
            .unwrap()
            .cache()
            .has("key")
            .await
            .unwrap_err();
        let direct = builder().no_proxy().build().unwrap();
        direct.cache().has("key").await.unwrap_err();
    });
}

/// A proxy that the program itself names is used for all.
#[test]
fn a_proxy_that_is_set_is_used_and_not_shown() {
    let proxy = Proxy::start();
    let url = proxy
        .url
        .replace("http://", "http://user:Planted-password@");
    let builder = Client::builder()
        .base_url("http://127.0.0.1:9")
        .api_key(KEY)
        .max_attempts(1)
        .proxy(url.as_str());
    let shown = format!("{builder:?}");
    let client = builder.build().unwrap();
    block_on(async {
        let error = client.cache().has("key").await.unwrap_err();
        let shown = format!("{shown} {client:?} {error} {error:?}");
        assert!(!shown.contains("Planted"), "{shown}");
    });
    assert!(
        proxy.heard().contains("http://127.0.0.1:9/v1/cache"),
        "{}",
        proxy.heard()
    );
    let error = Client::builder()
        .proxy("Planted nonsense")
        .build()
        .unwrap_err();
    assert!(!format!("{error} {error:?}").contains("Planted"), "{error}");
}

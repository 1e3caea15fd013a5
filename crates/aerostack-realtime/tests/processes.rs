//! Promise 28, between real processes: this program is also the publishers it starts.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

use std::{collections::HashSet, env, time::Duration};

use aerostack_emulator::realtime::{Acks, Hub};
use aerostack_realtime::Realtime;
use aerostack_test_support::cases::cases;
use serde::Deserialize;
use tokio::{net::TcpListener, process::Command, time::timeout};
use uuid::Uuid;

/// A test that waits longer than this waits for ever.
const PATIENCE: Duration = Duration::from_secs(300);
/// Publishers that run at the same time.
const AT_ONCE: u32 = 4;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [part, url, count] = arguments.as_slice()
        && part == "publisher"
    {
        return publish(url, count.parse().unwrap()).await;
    }
    const NAME: &str = "promise_28_ids_never_repeat_across_processes";
    let wanted = |filter: &String| filter.starts_with('-') || NAME.contains(filter.as_str());
    if arguments.iter().any(|argument| argument == "--list") {
        println!("{NAME}: test");
    } else if arguments.iter().all(wanted) {
        println!("\nrunning 1 test");
        timeout(PATIENCE, promise_28_ids_never_repeat_across_processes())
            .await
            .unwrap();
        println!("test {NAME} ... ok\n");
    }
}

/// The part of a publisher.
async fn publish(url: &str, count: u32) {
    let client = Realtime::builder()
        .base_url(url)
        .api_key("ac_public_local")
        .project_id("proj_local")
        .build()
        .unwrap();
    let channel = client.path("a").unwrap();
    for n in 0..count {
        channel.publish("e", &n).await.unwrap();
    }
    client.drain(PATIENCE).await.unwrap();
}

async fn promise_28_ids_never_repeat_across_processes() {
    let processes = cases(28, "processes", 8, 100);
    let ids = cases(28, "ids of each process", 1_000, 10_000);
    let hub = Hub::builder().build();
    hub.configure(|switches| switches.acks = Acks::Off);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = hub.clone();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            socket.set_nodelay(true).unwrap();
            let hub = serving.clone();
            tokio::spawn(async move { hub.serve(socket).await });
        }
    });

    let mut seen = HashSet::new();
    for _ in 0..processes / AT_ONCE {
        let mut publishers = Vec::new();
        for _ in 0..AT_ONCE {
            let mut publisher = Command::new(env::current_exe().unwrap());
            publisher.args(["publisher", &url, &ids.to_string()]);
            publishers.push(publisher.kill_on_drop(true).spawn().unwrap());
        }
        for mut publisher in publishers {
            assert!(publisher.wait().await.unwrap().success());
        }
        hub.wait_until(|hub| hub.connections().is_empty()).await;
        for entry in hub.transcript() {
            if let Some(Publish { id }) = entry.json() {
                assert_eq!(id.get_version_num(), 4);
                assert!(seen.insert(id), "{id} came twice");
            }
        }
        hub.clear_transcript();
    }
    println!("promise 28: {} ids, none twice", seen.len());
    assert_eq!(seen.len(), (processes * ids) as usize);
}

#[derive(Deserialize)]
struct Publish {
    id: Uuid,
}

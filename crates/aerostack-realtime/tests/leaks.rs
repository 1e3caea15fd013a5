//! Promise 13: losing the connection over and over leaves nothing behind. Over real sockets, and in a process of its own,
//! because the process's sockets are counted.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::time::Duration;

use aerostack_emulator::realtime::{Hub, Refusal};
use aerostack_realtime::{Event, Item, Realtime, Subscription};
use aerostack_test_support::cases::cases;
use allocation_counter::measure;
use tokio::{net::TcpListener, runtime::Runtime, time::timeout};

/// A test that waits longer than this waits for ever.
const PATIENCE: Duration = Duration::from_secs(60);

struct World {
    hub: Hub,
    client: Realtime,
    events: Subscription<Event<u32>>,
    /// What chooses how the connection is lost next.
    dice: u64,
}

/// What must not grow.
#[derive(Debug, PartialEq)]
struct Holdings {
    tasks: usize,
    sockets: Option<usize>,
}

impl Holdings {
    fn now() -> Self {
        Self {
            tasks: tokio::runtime::Handle::current()
                .metrics()
                .num_alive_tasks(),
            sockets: sockets(),
        }
    }
}

impl Holdings {
    fn sockets_shown(&self) -> String {
        self.sockets
            .map_or("unknown".to_owned(), |sockets| sockets.to_string())
    }
}

/// The sockets this process has open, where the system tells.
fn sockets() -> Option<usize> {
    let open = std::fs::read_dir("/proc/self/fd").ok()?;
    let is_socket = |entry: std::io::Result<std::fs::DirEntry>| {
        let target = std::fs::read_link(entry.ok()?.path()).ok()?;
        Some(target.to_string_lossy().starts_with("socket:"))
    };
    Some(open.filter_map(is_socket).filter(|is| *is).count())
}

async fn world() -> World {
    let hub = Hub::builder().build();
    hub.configure(|switches| switches.transcript_entries = 0);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let serving = hub.clone();
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            socket.set_nodelay(true).unwrap();
            let hub = serving.clone();
            tokio::spawn(async move { hub.serve(socket).await });
        }
    });
    let client = Realtime::builder()
        .base_url(format!("http://127.0.0.1:{port}"))
        .api_key("ac_public_local")
        .project_id("proj_local")
        .backoff(Duration::from_millis(1), Duration::from_millis(2))
        .build()
        .unwrap();
    let channel = client.path("a").unwrap();
    let events = channel.events("e").subscribe().await.unwrap();
    World {
        hub,
        client,
        events,
        dice: 20_261_122,
    }
}

impl World {
    fn roll(&mut self, sides: u64) -> u64 {
        // Knuth's linear congruential generator; its high bits are the good ones.
        self.dice = self
            .dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.dice >> 33) % sides
    }

    async fn cycle(&mut self) {
        match self.roll(4) {
            0 => {}
            1 => self.hub.accept_then_close(2, Some(1011)),
            2 => self.hub.accept_then_close(1, None),
            _ => self.hub.refuse(Refusal::status(500).times(2)),
        }
        match self.roll(5) {
            0 => self.hub.drop_all(),
            1 => self.hub.reset_all(),
            2 => self.hub.deploy(),
            3 => self.hub.close_all(1001),
            _ => self.hub.close_all(1011),
        }
        let item = timeout(PATIENCE, self.events.next()).await.unwrap();
        assert!(matches!(item, Some(Ok(Item::Gap(_)))), "{item:?}");
    }

    async fn cycles(&mut self, count: u32) {
        for _ in 0..count {
            self.cycle().await;
        }
        // The server's ends of the last connections go in their own time.
        self.hub
            .wait_until(|hub| hub.connections().len() == 1)
            .await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

#[test]
fn promise_13_losing_the_connection_over_and_over_leaves_nothing_behind() {
    let cycles = cases(13, "random losses of the connection", 300, 10_000);
    let runtime = runtime();
    let mut kept = None;
    let heap = measure(|| {
        runtime.block_on(async {
            let world = kept.insert(world().await);
            world.cycles(100).await;
        });
    })
    .bytes_current;
    let world = kept.as_mut().unwrap();
    let before = runtime.block_on(async { Holdings::now() });
    let grown = measure(|| runtime.block_on(world.cycles(cycles))).bytes_current;
    let after = runtime.block_on(async { Holdings::now() });

    println!(
        "promise 13: tasks {} before, {} after; sockets {} before, {} after; heap {heap} bytes before, {} after",
        before.tasks,
        after.tasks,
        before.sockets_shown(),
        after.sockets_shown(),
        heap + grown
    );
    assert_eq!(after, before);
    assert!(grown.abs() * 20 <= heap, "{grown} bytes of {heap}");
    let counters = world.client.counters();
    assert_eq!(counters.reconnects, counters.connections - 1);
    assert!(counters.reconnects >= u64::from(cycles));
}

//! Coming back: as late as the server asks, and not all at once.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant, SystemTime},
};

use aerostack_emulator::realtime::{Hub, Refusal};
use aerostack_realtime::{Io, Item, Realtime, RealtimeBuilder};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use aerostack_test_support::bench::{
    runtime,
    table::{Promise, Row},
};

/// The emulator's hub behind a port, on a thread of its own.
struct Platform {
    hub: Hub,
    address: SocketAddr,
    restart: tokio::sync::mpsc::UnboundedSender<Duration>,
}

impl Platform {
    fn start() -> Self {
        let hub = Hub::builder().build();
        hub.configure(|switches| switches.transcript_entries = 0);
        let (ready, address) = std::sync::mpsc::channel();
        let (restart, mut restarts) = tokio::sync::mpsc::unbounded_channel::<Duration>();
        let served = hub.clone();
        thread::spawn(move || {
            runtime().block_on(async move {
                let mut listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let address = listener.local_addr().unwrap();
                ready.send(address).unwrap();
                loop {
                    tokio::select! {
                        accepted = listener.accept() => {
                            let (socket, _) = accepted.unwrap();
                            socket.set_nodelay(true).unwrap();
                            let hub = served.clone();
                            tokio::spawn(async move { hub.serve(socket).await });
                        }
                        Some(down) = restarts.recv() => {
                            drop(listener);
                            served.drop_all();
                            tokio::time::sleep(down).await;
                            let socket = TcpSocket::new_v4().unwrap();
                            socket.set_reuseaddr(true).unwrap();
                            socket.bind(address).unwrap();
                            listener = socket.listen(4_096).unwrap();
                        }
                    }
                }
            });
        });
        Self {
            hub,
            address: address.recv().unwrap(),
            restart,
        }
    }

    /// A client's settings, and when each of its dials is made.
    fn client(&self, dials: &Dials) -> RealtimeBuilder {
        let dials = Arc::clone(dials);
        let address = self.address;
        Realtime::builder()
            .base_url(format!("http://{address}"))
            .api_key("ac_public_local")
            .project_id("proj_local")
            .connector(move |_, _| {
                let dials = Arc::clone(&dials);
                async move {
                    dials.lock().unwrap().push(Instant::now());
                    let stream = TcpStream::connect(address).await?;
                    stream.set_nodelay(true)?;
                    Ok(Box::new(stream) as Box<dyn Io>)
                }
            })
    }
}

type Dials = Arc<Mutex<Vec<Instant>>>;

/// The server says when to come back.
pub(crate) fn retry_after() {
    let platform = Platform::start();
    let mut measured = Vec::new();
    let mut worst = 0.0_f64;
    for (status, header) in [
        (429, "Retry-After"),
        (503, "Retry-After"),
        (429, "X-RateLimit-Reset"),
    ] {
        let dials = Dials::default();
        let asked = Duration::from_secs(2);
        let now = SystemTime::UNIX_EPOCH.elapsed().unwrap();
        // A time of day is given in whole seconds.
        let (value, asked) = if header == "Retry-After" {
            (asked.as_secs(), asked)
        } else {
            let reset = now.as_secs() + 3;
            (reset, Duration::from_secs(reset) - now)
        };
        let refusal = Refusal::status(status).header(header, value.to_string());
        platform.hub.refuse(refusal.times(1));
        runtime().block_on(async {
            let realtime = platform.client(&dials).build().unwrap();
            realtime.connect().await.unwrap();
            realtime.close().await;
        });
        let dials = dials.lock().unwrap();
        let waited = dials[1] - dials[0];
        let off = waited.as_secs_f64() / asked.as_secs_f64() - 1.0;
        if off.abs() > worst.abs() {
            worst = off;
        }
        measured.push(format!(
            "{:.2} s for {:.2} s",
            waited.as_secs_f64(),
            asked.as_secs_f64()
        ));
    }
    Row::new(
        Promise(34),
        "waits after 429 and 503 with `Retry-After`, and 429 with `X-RateLimit-Reset`",
    )
    .measured(measured.join(", "))
    .ratio(format!("{:+.1} % at most", worst * 100.0))
    .target("within 10 %", worst.abs() <= 0.1)
    .print();
}

/// A restart of the server under many clients, with some time in which nobody answers.
pub(crate) fn restart(down: Duration) {
    const CLIENTS: usize = 1_000;
    let platform = Platform::start();
    let dials = Dials::default();
    let took = runtime().block_on(async {
        let mut clients = Vec::with_capacity(CLIENTS);
        let mut streams = Vec::with_capacity(CLIENTS);
        for _ in 0..CLIENTS {
            let realtime = platform.client(&dials).build().unwrap();
            let channel = realtime.path("a").unwrap();
            streams.push(channel.events::<u32>("e").subscribe().await.unwrap());
            clients.push(realtime);
        }
        dials.lock().unwrap().clear();
        let start = Instant::now();
        platform.restart.send(down).unwrap();
        for stream in &mut streams {
            let item = stream.next().await.unwrap().unwrap();
            assert!(matches!(item, Item::Gap(_)), "{item:?}");
            stream.active().await.unwrap();
        }
        let took = start.elapsed();
        for realtime in clients {
            realtime.close().await;
        }
        took
    });
    let mut dials = dials.lock().unwrap().clone();
    dials.sort();
    let window = Duration::from_millis(100);
    let most = (0..dials.len())
        .map(|first| {
            let later = dials[first..].iter();
            later
                .take_while(|dial| **dial - dials[first] < window)
                .count()
        })
        .max()
        .unwrap();
    let share = most as f64 / dials.len() as f64;
    Row::new(
        Promise(52),
        format!(
            "{CLIENTS} clients subscribed again after the server was away for {} s",
            down.as_secs()
        ),
    )
    .measured(format!("{:.1} s", took.as_secs_f64()))
    .beside(format!(
        "{} dials, {most} of them at most within 100 ms",
        dials.len()
    ))
    .ratio(format!("{:.1} % of the dials", share * 100.0))
    .target(
        "35 s, and 15 %",
        took < Duration::from_secs(35) && share <= 0.15,
    )
    .print();
}

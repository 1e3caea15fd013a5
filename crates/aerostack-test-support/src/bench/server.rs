//! The other end: a thread that does as little as it can.

use std::{
    sync::{OnceLock, mpsc},
    thread,
    time::Duration,
};

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::broadcast,
    time::Instant,
};
use tokio_tungstenite::{WebSocketStream, accept_async, tungstenite::Message};

/// What a server does with every connection, once as many subscriptions as it expects were asked for.
#[derive(Debug, Clone)]
pub enum Play {
    /// Confirms and answers heartbeats.
    Confirm,
    /// Sends a frame over and over, as fast as it is taken.
    Flood(String),
    /// Sends a frame, so many a second, in slices of a millisecond.
    Steady(String, usize),
    /// Answers everything published with a frame.
    Echo(String),
    /// Reads and throws away, without looking.
    Sink,
    /// Sends traffic in slices of a millisecond, and reports every frame that arrives.
    Traffic(Traffic),
    /// Reads nothing more.
    Mute,
}

#[derive(Debug, Clone, Default)]
pub struct Traffic {
    /// A frame, and how often a second it is sent.
    pub flood: Option<(String, usize)>,
    /// A topic on which an event tells, once in a slice, when it was sent.
    pub probe: Option<String>,
}

/// A frame that arrived.
pub struct Arrival {
    /// Of its payload.
    pub bytes: usize,
    pub at: Duration,
}

/// Time since the first question for it: the same for both sides, which are one process.
pub fn clock() -> Duration {
    static START: OnceLock<std::time::Instant> = OnceLock::new();
    START.get_or_init(std::time::Instant::now).elapsed()
}

/// A server on a port of its own. It ends with the process.
pub struct Server {
    pub port: u16,
    drop_all: broadcast::Sender<()>,
    subscribed: mpsc::Receiver<Subscribed>,
    arrivals: mpsc::Receiver<Arrival>,
}

/// A connection on which everything expected was asked for.
pub struct Subscribed {
    /// From the end of the upgrade to the last `subscribe`.
    pub took: Duration,
}

impl Server {
    pub fn start(play: Play, expect: usize) -> Self {
        let (ready, port) = mpsc::channel();
        let (report, subscribed) = mpsc::channel();
        let (arrived, arrivals) = mpsc::channel();
        clock();
        let drop_all = broadcast::Sender::new(1);
        let dropping = drop_all.clone();
        thread::spawn(move || {
            super::runtime().block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                ready.send(listener.local_addr().unwrap().port()).unwrap();
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    stream.set_nodelay(true).unwrap();
                    let (play, report) = (play.clone(), report.clone());
                    let arrived = arrived.clone();
                    let mut dropped = dropping.subscribe();
                    tokio::spawn(async move {
                        tokio::select! {
                            _ = serve(stream, play, expect, report, arrived) => {}
                            _ = dropped.recv() => {}
                        }
                    });
                }
            });
        });
        Self {
            port: port.recv().unwrap(),
            drop_all,
            subscribed,
            arrivals,
        }
    }

    /// What arrived so far that was not asked for yet.
    pub fn arrivals(&self) -> Vec<Arrival> {
        self.arrivals.try_iter().collect()
    }

    /// Drops every connection without a goodbye.
    pub fn drop_connections(&self) {
        // Nobody may be connected.
        let _ = self.drop_all.send(());
    }

    /// The next connection on which everything expected was asked for.
    pub fn subscribed(&self) -> Subscribed {
        self.subscribed
            .recv_timeout(Duration::from_secs(60))
            .unwrap()
    }
}

type Done = Result<(), Box<dyn std::error::Error + Send + Sync>>;

async fn serve(
    stream: TcpStream,
    play: Play,
    expect: usize,
    report: mpsc::Sender<Subscribed>,
    arrived: mpsc::Sender<Arrival>,
) -> Done {
    let mut socket = accept_async(stream).await?;
    let opened = Instant::now();
    let mut topics = Vec::with_capacity(expect);
    while topics.len() < expect {
        let text = socket.next().await.ok_or("gone")??.into_text()?;
        let frame: Value = serde_json::from_str(&text)?;
        if frame["type"] == "subscribe" {
            topics.push(frame["topic"].clone());
        }
    }
    if expect > 0 {
        // The benchmark may have seen enough.
        let _ = report.send(Subscribed {
            took: opened.elapsed(),
        });
    }
    for topic in topics {
        let confirmed = serde_json::json!({"type": "subscribed", "topic": topic});
        socket.feed(Message::text(confirmed.to_string())).await?;
    }
    socket.flush().await?;
    after(socket, play, arrived).await
}

async fn after(
    mut socket: WebSocketStream<TcpStream>,
    play: Play,
    arrived: mpsc::Sender<Arrival>,
) -> Done {
    match play {
        Play::Confirm => {
            while let Some(message) = socket.next().await {
                if message?.to_text()?.contains(r#""type":"ping""#) {
                    socket.send(Message::text(r#"{"type":"pong"}"#)).await?;
                }
            }
            Ok(())
        }
        Play::Flood(frame) => {
            let (mut stream, frames) = (socket.into_inner(), encoded(&frame, 256));
            loop {
                stream.write_all(&frames).await?;
            }
        }
        Play::Steady(frame, rate) => {
            let (mut stream, frames) = (socket.into_inner(), encoded(&frame, rate / 1000));
            let mut tick = tokio::time::interval(Duration::from_millis(1));
            loop {
                tick.tick().await;
                stream.write_all(&frames).await?;
            }
        }
        Play::Echo(frame) => {
            while let Some(message) = socket.next().await {
                if message?.to_text()?.contains(r#""type":"publish""#) {
                    socket.send(Message::text(frame.as_str())).await?;
                }
            }
            Ok(())
        }
        Play::Sink => {
            let mut stream = socket.into_inner();
            let mut buffer = vec![0; 256 << 10];
            while stream.read(&mut buffer).await? > 0 {}
            Ok(())
        }
        Play::Traffic(traffic) => {
            let (reading, writing) = socket.into_inner().into_split();
            tokio::try_join!(send(writing, traffic), watch(reading, arrived))?;
            Ok(())
        }
        Play::Mute => std::future::pending().await,
    }
}

async fn send(mut stream: OwnedWriteHalf, traffic: Traffic) -> Done {
    let flood = traffic
        .flood
        .map(|(frame, rate)| encoded(&frame, rate / 1000))
        .unwrap_or_default();
    let mut tick = tokio::time::interval(Duration::from_millis(1));
    loop {
        tick.tick().await;
        stream.write_all(&flood).await?;
        if let Some(topic) = &traffic.probe {
            let sent = u64::try_from(clock().as_nanos())?;
            let probe = json!({"type": "event", "topic": topic, "event": "probe", "data": sent, "userId": "u".repeat(80)});
            stream.write_all(&encoded(&probe.to_string(), 1)).await?;
        }
    }
}

/// Notes frames by their headers; what they say is masked and of no interest.
async fn watch(mut stream: OwnedReadHalf, arrived: mpsc::Sender<Arrival>) -> Done {
    let mut pending = Vec::new();
    while stream.read_buf(&mut pending).await? > 0 {
        let at = clock();
        let mut rest = &pending[..];
        while let Some((bytes, tail)) = frame(rest) {
            // The benchmark may have seen enough.
            let _ = arrived.send(Arrival { bytes, at });
            rest = tail;
        }
        pending = rest.to_vec();
    }
    Ok(())
}

/// The length of a masked frame's payload, and what follows the frame, once it is whole.
fn frame(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let (head, length) = match bytes.get(1)? & 0x7f {
        126 => (
            4,
            usize::from(u16::from_be_bytes([*bytes.get(2)?, *bytes.get(3)?])),
        ),
        127 => return None,
        short => (2, usize::from(short)),
    };
    Some((length, bytes.get(head + 4 + length..)?))
}

/// Text frames of a server, which are not masked.
fn encoded(text: &str, count: usize) -> Vec<u8> {
    let mut frame = vec![0x81, 126];
    frame.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
    frame.extend(text.as_bytes());
    frame.repeat(count.max(1))
}

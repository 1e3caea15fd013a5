//! What the benchmarks share: a server that costs little, the frames, and tables.

pub mod server;
pub mod table;

use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

use aerostack_realtime::{Realtime, RealtimeBuilder};
use serde::Deserialize;
use tokio::{net::TcpStream, runtime::Runtime};
use tokio_tungstenite::{WebSocketStream, client_async};

pub const PROJECT: &str = "proj_7f";

/// Cargo passes this when it is asked for benchmarks; anything else that runs them wants to know that they build.
pub fn asked_for() -> bool {
    std::env::args().any(|argument| argument == "--bench")
}

/// Whether what was asked for are the comparisons with the bare library alone.
pub fn comparisons_only() -> bool {
    std::env::args().any(|argument| argument == "comparisons")
}

/// Whether cases are to be as long as the promises speak of.
pub fn long() -> bool {
    std::env::args().any(|argument| argument == "long")
}

/// One thread for a client, so that it competes with nothing but the server's.
pub fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}

/// A client's settings that lead to a server of these benchmarks.
pub fn client(port: u16) -> RealtimeBuilder {
    Realtime::builder()
        .base_url(format!("http://127.0.0.1:{port}"))
        .project_id(PROJECT)
}

/// The bare library, connected to such a server.
pub async fn raw(port: u16) -> WebSocketStream<TcpStream> {
    let stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let url = format!("ws://127.0.0.1:{port}/api/realtime");
    client_async(url, stream).await.unwrap().0
}

/// What the calling thread has worked so far. Linux says how long it was on a processor, which other programs do not
/// lengthen; elsewhere it is the time of day.
pub fn worked() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    let start = START.get_or_init(Instant::now);
    std::fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|stat| stat.split(' ').next()?.parse().ok())
        .map_or_else(|| start.elapsed(), Duration::from_nanos)
}

pub const DESK: &str = "desk/north/proj_7f";
pub const ORDERS: &str = "table/orders/proj_7f";

#[derive(Debug, Deserialize)]
pub struct Pin {
    pub x: i64,
    pub y: i64,
    pub label: String,
}

#[derive(Debug, Deserialize)]
pub struct Order {
    pub id: String,
    pub status: String,
    pub total: f64,
    pub customer: String,
}

/// An `event` frame of 189 bytes.
pub fn event_frame() -> String {
    let frame = r#"{"type":"event","topic":"desk/north/proj_7f","event":"pin-moved","data":{"x":4,"y":9,"label":"the harbour, seen from the old customs house on a day"},"userId":"usr_2","timestamp":1770000010001}"#;
    padded(frame, "old customs house on a day", 189)
}

/// A `db_change` frame of 395 bytes, with the row before and after.
pub fn change_frame() -> String {
    let frame = r#"{"type":"db_change","topic":"table/orders/proj_7f","operation":"UPDATE","data":{"id":"ord_0001","status":"paid","total":41.5,"customer":"Ines of the harbour office, second floor, please ring the bell twice"},"old":{"id":"ord_0001","status":"due","total":41.5,"customer":"Ines of the harbour office, second floor, please ring the bell twice"},"timestamp":1770000005123}"#;
    padded(frame, "ring the bell twice\"},\"timestamp", 395)
}

/// Lengthens or shortens the text before a place, so that the frame has the size the promises speak of.
fn padded(frame: &str, place: &str, size: usize) -> String {
    let at = frame.rfind(place).unwrap();
    let (head, tail) = frame.split_at(at);
    let padded = if frame.len() <= size {
        format!("{head}{}{tail}", "x".repeat(size - frame.len()))
    } else {
        format!("{}{tail}", &head[..head.len() - (frame.len() - size)])
    };
    assert_eq!(padded.len(), size);
    serde_json::from_str::<serde_json::Value>(&padded).unwrap();
    padded
}

//! Promise 29: a server that sends without end does not hold up what goes out.

use std::{
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll},
};

use aerostack_realtime::{Io, Realtime};
use futures_util::StreamExt;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

const TOPIC: &str = "a/proj_local";

/// Frames the client may take in before what was published meanwhile is flushed: a turn of reading and what its buffer
/// of 64 KiB held already. At 200,000 frames a second these are 4 ms.
const BOUND: usize = 800;

/// How many frames were handed out, and how many there had been when a published frame arrived.
#[derive(Default)]
struct Seen {
    handed: AtomicUsize,
    at_publish: AtomicUsize,
    published: AtomicUsize,
}

/// A server within a stream of bytes: from the subscription on there is always something to read.
struct Endless {
    seen: Arc<Seen>,
    answer: Vec<u8>,
    flood: Vec<u8>,
    /// How much of the frame that is being handed out is out.
    offset: usize,
    flooding: bool,
}

impl Endless {
    fn new(seen: Arc<Seen>) -> Self {
        let frame = format!(
            r#"{{"type":"event","topic":"{TOPIC}","event":"e","data":"{}"}}"#,
            "x".repeat(120)
        );
        Self {
            seen,
            answer: Vec::new(),
            flood: text_frame(&frame),
            offset: 0,
            flooding: false,
        }
    }

    fn take_in(&mut self, text: &str) {
        if let Some(key) = text
            .lines()
            .find_map(|line| line.strip_prefix("Sec-WebSocket-Key: "))
        {
            self.answer = format!(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {}\r\nSec-WebSocket-Protocol: aerostack-v1\r\n\r\n",
                derive_accept_key(key.trim().as_bytes())
            )
            .into_bytes();
        } else if text.contains(r#""type":"subscribe""#) {
            self.answer = text_frame(&format!(r#"{{"type":"subscribed","topic":"{TOPIC}"}}"#));
            self.flooding = true;
        }
        let published = text.matches(r#""type":"publish""#).count();
        if published > 0 {
            self.seen.published.fetch_add(published, Relaxed);
            self.seen
                .at_publish
                .store(self.seen.handed.load(Relaxed), Relaxed);
        }
    }
}

fn text_frame(text: &str) -> Vec<u8> {
    let mut frame = vec![0x81];
    match u8::try_from(text.len()) {
        Ok(short) if short < 126 => frame.push(short),
        _ => {
            frame.push(126);
            frame.extend(u16::try_from(text.len()).unwrap().to_be_bytes());
        }
    }
    frame.extend(text.as_bytes());
    frame
}

/// The texts of whole masked frames, or the bytes as they are where they are none.
fn unmasked(mut bytes: &[u8]) -> String {
    let mut text = String::new();
    while let [0x81, length, rest @ ..] = bytes {
        let (length, rest) = match length & 0x7f {
            126 => (
                usize::from(u16::from_be_bytes([rest[0], rest[1]])),
                &rest[2..],
            ),
            short => (usize::from(short), rest),
        };
        let (mask, rest) = rest.split_at(4);
        let (payload, rest) = rest.split_at(length);
        let plain = payload.iter().zip(mask.iter().cycle());
        text.extend(plain.map(|(byte, mask)| char::from(byte ^ mask)));
        bytes = rest;
    }
    text + &String::from_utf8_lossy(bytes)
}

impl AsyncRead for Endless {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.answer.is_empty() {
            let answer = std::mem::take(&mut self.answer);
            into.put_slice(&answer);
            return Poll::Ready(Ok(()));
        }
        if !self.flooding {
            // Whatever is written is answered before the next read.
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        while into.remaining() > 0 {
            let part = (self.flood.len() - self.offset).min(into.remaining());
            into.put_slice(&self.flood[self.offset..self.offset + part]);
            self.offset = (self.offset + part) % self.flood.len();
            if self.offset == 0 {
                self.seen.handed.fetch_add(1, Relaxed);
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Endless {
    fn poll_write(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let text = unmasked(bytes);
        self.take_in(&text);
        Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn promise_29_an_unending_flood_does_not_hold_up_what_goes_out() {
    let seen = Arc::new(Seen::default());
    let serving = Arc::clone(&seen);
    let client = Realtime::builder()
        .base_url("http://localhost:1")
        .api_key("ac_public_local")
        .project_id("proj_local")
        .connector(move |_, _| {
            let server = Endless::new(Arc::clone(&serving));
            async move { Ok(Box::new(server) as Box<dyn Io>) }
        })
        .build()
        .unwrap();
    let channel = client.path("a").unwrap();
    let stream = channel.events::<String>("e").subscribe().await.unwrap();
    let reading = tokio::spawn(stream.for_each(|_| async {}));

    let mut longest = 0;
    for count in 1..=60 {
        let before = seen.handed.load(Relaxed);
        channel.publish("e", &count).sent().await.unwrap();
        assert_eq!(seen.published.load(Relaxed), count);
        longest = longest.max(seen.at_publish.load(Relaxed) - before);
    }
    assert!(longest <= BOUND, "{longest} frames came in first");
    assert!(seen.handed.load(Relaxed) > 10_000, "it was no flood");

    client.close().await;
    reading.await.unwrap();
}

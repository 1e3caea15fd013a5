//! One open WebSocket: a reader and a writer that do not wait for each other.

pub(crate) mod dispatch;
pub(crate) mod faulty_io;
pub(crate) mod handshake;

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::error::CapacityError;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::http::socket::SharedSocket;
use crate::realtime::connection::faulty_io::Gate;
use crate::realtime::faults::Trick;
use crate::realtime::hub::Hub;
use crate::realtime::hub::state::{Out, Seat};
use crate::realtime::hub::transcript::{Direction, Entry, Event};
use crate::realtime::protocol::close;
use crate::realtime::protocol::frame::Frame;

/// How long a peer has to answer a close frame.
const CLOSE_TIME: Duration = Duration::from_secs(5);

/// How long a peer that broke the rules has to read the close frame. It is not listened to any more.
const VIOLATION_TIME: Duration = Duration::from_millis(200);

/// How many queued frames are written before a flush.
const BATCH: usize = 256;

type Stream<IO> = WebSocketStream<Gate<IO>>;

/// Serves an upgraded connection to its end.
pub(crate) async fn serve(hub: &Hub, upgraded: Upgraded, seat: Seat) {
    match upgraded.downcast::<TokioIo<SharedSocket>>() {
        Ok(parts) => {
            let socket = parts.io.into_inner();
            let (end, reset) = (socket.clone(), seat.reset.clone());
            drive(hub, socket, parts.read_buf.to_vec(), seat).await;
            if reset.load(Ordering::Acquire) {
                let _ = end.reset_on_close();
            }
        }
        // A transport that is no socket.
        Err(io) => drive(hub, TokioIo::new(io), Vec::new(), seat).await,
    }
}

async fn drive<IO: AsyncRead + AsyncWrite + Unpin>(
    hub: &Hub,
    io: IO,
    already_read: Vec<u8>,
    seat: Seat,
) {
    let id = seat.id;
    let largest = hub.state().switches.max_frame_bytes;
    let config = WebSocketConfig::default()
        .read_buffer_size(16 << 10)
        .max_message_size(Some(largest))
        .max_frame_size(Some(largest));
    let gate = Gate::new(io, hub.valves().clone(), seat.reader.clone());
    let socket =
        WebSocketStream::from_partially_read(gate, already_read, Role::Server, Some(config)).await;
    let (sink, stream) = socket.split();
    let kill = seat.kill.clone();
    let expiry = seat.expires.clone();
    let writer = Writer {
        hub,
        sink,
        seat,
        held: None,
    };
    tokio::select! {
        () = kill.cancelled() => {}
        () = writer.run() => {}
        () = read(hub, id, stream) => {}
        never = expire(hub, id, expiry) => match never {},
    }
    hub.leave(id);
    hub.note(Entry::new(id, Direction::In, Event::Gone));
}

/// Closes the connection when its token expires.
async fn expire(
    hub: &Hub,
    id: u64,
    mut expiry: watch::Receiver<Option<i64>>,
) -> std::convert::Infallible {
    loop {
        let deadline = *expiry.borrow_and_update();
        let over = async {
            match deadline {
                Some(deadline) => hub.time().wait_until_ms(deadline).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = over => {
                hub.close_with(id, close::TOKEN_EXPIRED, "the token has expired");
                std::future::pending::<()>().await;
            }
            changed = expiry.changed() => if changed.is_err() {
                std::future::pending::<()>().await;
            },
        }
    }
}

/// Takes what the client sends until it is gone.
async fn read<IO: AsyncRead + AsyncWrite + Unpin>(
    hub: &Hub,
    id: u64,
    mut stream: SplitStream<Stream<IO>>,
) {
    let note = |event| hub.note(Entry::new(id, Direction::In, event));
    while let Some(message) = stream.next().await {
        let message = match message {
            Ok(message) => message,
            Err(error) => {
                if let Some((code, reason)) = violation(&error) {
                    hub.close_with(id, code, reason);
                    tokio::time::sleep(VIOLATION_TIME).await;
                }
                return;
            }
        };
        let mute = hub.valves().is_mute();
        match message {
            Message::Text(text) => {
                hub.note(Entry::text_in(id, text.clone()));
                if !mute {
                    hub.receive(id, &text).await;
                }
            }
            Message::Binary(bytes) => {
                note(Event::Binary(bytes.len()));
                if !mute {
                    hub.refuse_binary(id);
                }
            }
            Message::Ping(_) => note(Event::Ping),
            Message::Pong(_) => note(Event::Pong),
            Message::Close(frame) => {
                note(Event::Close(frame.map(|frame| frame.code.into())));
                hub.leave(id);
            }
            Message::Frame(_) => {}
        }
    }
}

/// The close code for a peer that breaks the rules; `None` when the connection just ended.
fn violation(error: &Error) -> Option<(u16, &'static str)> {
    match error {
        Error::Capacity(CapacityError::MessageTooLong { .. }) => {
            Some((close::TOO_BIG, "the message is too large"))
        }
        Error::Utf8(_) => Some((close::NOT_UTF8, "the text is not UTF-8")),
        Error::Protocol(
            tokio_tungstenite::tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
        ) => None,
        Error::Protocol(_) => Some((close::MALFORMED, "not a valid frame")),
        _ => None,
    }
}

struct Writer<'a, IO> {
    hub: &'a Hub,
    sink: SplitSink<Stream<IO>, Message>,
    seat: Seat,
    /// A frame that waits for another to overtake it.
    held: Option<Frame>,
}

impl<IO: AsyncRead + AsyncWrite + Unpin> Writer<'_, IO> {
    /// Writes until the connection is closed or broken.
    async fn run(mut self) {
        let mut queue = Vec::with_capacity(BATCH);
        let mut late: BTreeMap<(Instant, u64), Frame> = BTreeMap::new();
        let mut serial = 0;
        loop {
            let next = late.first_key_value().map(|((due, _), _)| *due);
            tokio::select! {
                biased;
                () = until(next) => {}
                count = self.seat.outbox.recv_many(&mut queue, BATCH) => if count == 0 && late.is_empty() {
                    // Removed from the hub without a close frame: the kill signal follows.
                    std::future::pending::<()>().await;
                } else if count == 0 {
                    until(next).await;
                },
            }
            let mut written = 0;
            while let Some(entry) = late.first_entry()
                && entry.key().0 <= Instant::now()
            {
                let frame = entry.remove();
                written += frame.text.len();
                if self.write(frame).await.is_err() {
                    return;
                }
            }
            for out in queue.drain(..) {
                let result = match out {
                    Out::Frame {
                        frame,
                        due: Some(due),
                    } if due > Instant::now() => {
                        serial += 1;
                        late.insert((due, serial), frame);
                        Ok(())
                    }
                    Out::Frame { frame, .. } => {
                        written += frame.text.len();
                        self.write(frame).await
                    }
                    Out::Raw(frame) => {
                        self.note(Event::Raw(frame.len()));
                        self.sink.feed(Message::Frame(frame)).await
                    }
                    Out::Close { code, reason } => {
                        self.close(code, reason).await;
                        return;
                    }
                };
                if result.is_err() {
                    return;
                }
            }
            if self.sink.flush().await.is_err() {
                return;
            }
            self.seat.backlog.fetch_sub(written, Ordering::AcqRel);
            self.hub.changed();
        }
    }

    /// Sends a close frame and gives the peer time to answer it.
    async fn close(&mut self, code: u16, reason: &'static str) {
        let frame = CloseFrame {
            code: CloseCode::from(code),
            reason: reason.into(),
        };
        if !self.hub.valves().is_mute() {
            self.note(Event::Close(Some(code)));
        }
        if self.sink.send(Message::Close(Some(frame))).await.is_ok() {
            // The reader ends the connection when the answer is there.
            tokio::time::sleep(CLOSE_TIME).await;
        }
    }

    async fn write(&mut self, frame: Frame) -> Result<(), Error> {
        let trick = self.hub.trick(frame.kind);
        match trick {
            Some(Trick::Duplicate) => {
                self.put(frame.clone()).await?;
                self.put(frame).await
            }
            Some(Trick::HoldBack) if self.held.is_none() => {
                self.held = Some(frame);
                Ok(())
            }
            _ => {
                self.put(frame).await?;
                match self.held.take() {
                    Some(held) => self.put(held).await,
                    None => Ok(()),
                }
            }
        }
    }

    async fn put(&mut self, frame: Frame) -> Result<(), Error> {
        if self.hub.valves().is_mute() {
            return Ok(());
        }
        self.hub
            .note(Entry::text_out(self.seat.id, frame.text.clone()));
        self.sink.feed(Message::Text(frame.text)).await
    }

    fn note(&self, event: Event) {
        self.hub
            .note(Entry::new(self.seat.id, Direction::Out, event));
    }
}

/// Waits for the instant, for ever when there is none.
async fn until(instant: Option<Instant>) {
    match instant {
        Some(instant) => tokio::time::sleep_until(instant).await,
        None => std::future::pending().await,
    }
}

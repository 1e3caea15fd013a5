//! What goes out over an open connection, and in which order.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use futures_util::{Sink, SinkExt};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::{
    Message as WsMessage,
    protocol::frame::{
        Frame as WsFrame,
        coding::{Data, OpCode},
    },
};

use super::{
    auth_frame::AuthFrame,
    session::{Frame, Session, broken, disconnected},
};
use crate::{
    counters::add,
    error::Error,
    protocol::frame::outbound,
    queue::send_queue::{Completion, OutgoingMessage, Request},
};

/// Frames written before other tasks get their turn.
const WRITE_BATCH: usize = 256;

/// What a turn of writing did, noted once for all.
#[derive(Default)]
struct Written {
    frames: u64,
    bytes: u64,
    freed_messages: usize,
    freed_bytes: usize,
}

impl Session<'_> {
    /// Writes until the socket is full or it is someone else's turn; says whether there is more.
    pub(super) fn poll_write(&mut self, now: Instant, cx: &mut Context<'_>) -> Result<bool, Error> {
        let mut written = Written::default();
        let mut more = true;
        let mut result = Ok(());
        for _ in 0..WRITE_BATCH {
            match self.poll_write_one(now, cx, &mut written) {
                Poll::Ready(Ok(true)) => {}
                Poll::Ready(Ok(false)) | Poll::Pending => {
                    more = false;
                    break;
                }
                Poll::Ready(Err(error)) => {
                    result = Err(error);
                    break;
                }
            }
        }
        let shared = &self.task.shared;
        add(&shared.counters.frames_out, written.frames);
        add(&shared.counters.bytes_out, written.bytes);
        shared
            .queue
            .release(written.freed_messages, written.freed_bytes);
        result?;
        if self.unflushed
            && self.auth.is_none()
            && let Poll::Ready(flushed) = Pin::new(&mut self.socket).poll_flush(cx)
        {
            flushed.map_err(broken)?;
            self.flushed(now);
        }
        Ok(more)
    }

    fn flushed(&mut self, now: Instant) {
        self.unflushed = false;
        if let Some(ping) = &mut self.ping
            && ping.written
            && ping.left.is_none()
        {
            ping.left = Some(now);
        }
        for done in self.task.flushing.drain(..) {
            // The caller may have stopped waiting.
            let _ = done.send(Ok(()));
        }
    }

    /// Writes one frame; `false` when there is none.
    fn poll_write_one(
        &mut self,
        now: Instant,
        cx: &mut Context<'_>,
        written: &mut Written,
    ) -> Poll<Result<bool, Error>> {
        if self.auth.is_some() {
            ready!(self.poll_auth(now, cx))?;
        }
        ready!(Pin::new(&mut self.socket).poll_ready(cx)).map_err(broken)?;
        let (frame, bytes) = match self.frames.pop_front() {
            Some(Frame::Text(text)) => text_frame(text),
            Some(Frame::Ping) => {
                if let Some(ping) = &mut self.ping {
                    ping.written = true;
                }
                text_frame(outbound::ping())
            }
            Some(Frame::Auth(token)) => {
                self.auth = Some(AuthFrame::new(&token));
                written.frames += 1;
                return Poll::Ready(Ok(true));
            }
            None => match self.task.batch.pop_front() {
                None => return Poll::Ready(Ok(false)),
                Some(Request::Frame(text)) => text_frame(text),
                // Those are done, not sent.
                Some(Request::Command(_) | Request::Release(_)) => return Poll::Ready(Ok(true)),
                Some(Request::Message(message)) => {
                    let bytes = message.text.len();
                    if message.counted {
                        written.freed_messages += 1;
                        written.freed_bytes += bytes;
                    }
                    if message.is_expired(now) {
                        add(&self.task.shared.counters.expired, 1);
                        let error = message.expiry_error();
                        self.task.give_up(message, error);
                        return Poll::Ready(Ok(true));
                    }
                    (self.hand_over(message, now), bytes)
                }
            },
        };
        written.frames += 1;
        written.bytes += bytes as u64;
        self.unflushed = true;
        self.socket.start_send_unpin(frame).map_err(broken)?;
        Poll::Ready(Ok(true))
    }

    /// Notes who waits for what becomes of a message, and makes its frame.
    fn hand_over(&mut self, message: OutgoingMessage, now: Instant) -> WsMessage {
        self.task.acks.sent();
        match message.completion {
            Completion::Nobody => {}
            Completion::Sent(done) => self.task.flushing.push(done),
            Completion::Acked(pending) => {
                let again = (pending.resends > 0).then(|| message.text.clone());
                self.task.acks.expect(*pending, again, now);
            }
        }
        // A frame made by hand: the text comes from a writer of JSON and is not examined again.
        WsMessage::Frame(WsFrame::message(
            message.text,
            OpCode::Data(Data::Text),
            true,
        ))
    }

    /// Writes the `auth` frame once everything before it is out.
    fn poll_auth(&mut self, now: Instant, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let Some(frame) = &mut self.auth else {
            return Poll::Ready(Ok(()));
        };
        if !frame.is_begun() {
            ready!(Pin::new(&mut self.socket).poll_flush(cx)).map_err(broken)?;
        }
        let socket = Pin::new(self.socket.get_mut());
        ready!(frame.poll_write(socket, cx))
            .map_err(|source| disconnected().with_source(source))?;
        self.auth = None;
        // What was written before it left with it.
        self.flushed(now);
        Poll::Ready(Ok(()))
    }
}

fn text_frame(text: String) -> (WsMessage, usize) {
    let bytes = text.len();
    (WsMessage::text(text), bytes)
}

//! What arrives on an open connection, and where it goes.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::{Sink, Stream};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::{Message as WsMessage, protocol::CloseFrame};

use super::{
    session::{Session, broken, disconnected},
    topics::Routed,
};
use crate::{
    counters::add,
    error::{Error, ErrorKind},
    protocol::{
        frame::inbound::{Envelope, Kind},
        message::Message,
    },
    status::Notice,
};

/// Frames read before other tasks get their turn.
const READ_BATCH: usize = 128;

/// What a turn of reading took in, counted once for all.
#[derive(Default)]
struct Taken {
    frames: u64,
    bytes: u64,
}

impl Taken {
    fn note(&mut self, bytes: usize) {
        self.frames += 1;
        self.bytes += bytes as u64;
    }
}

impl Session<'_> {
    /// Reads until there is nothing more or it is someone else's turn; says whether there may be more.
    pub(super) fn poll_read(&mut self, now: Instant, cx: &mut Context<'_>) -> Result<bool, Error> {
        if !self.pending.is_empty() {
            self.retry_pending();
            if !self.pending.is_empty() {
                // Silence of our own making is not the server's.
                self.held_up = now;
                return Ok(false);
            }
        }
        // The library may answer a ping while reading; a frame half written past it must be finished first.
        if self.auth.as_ref().is_some_and(|frame| frame.is_begun()) {
            return Ok(false);
        }
        let mut taken = Taken::default();
        let more = self.read_frames(now, &mut taken, cx);
        let counters = &self.task.shared.counters;
        add(&counters.frames_in, taken.frames);
        add(&counters.bytes_in, taken.bytes);
        if taken.frames > 0 {
            self.heard_at = self.task.shared.now();
        }
        more
    }

    fn read_frames(
        &mut self,
        now: Instant,
        taken: &mut Taken,
        cx: &mut Context<'_>,
    ) -> Result<bool, Error> {
        for _ in 0..READ_BATCH {
            let message = match Pin::new(&mut self.socket).poll_next(cx) {
                Poll::Pending => return Ok(false),
                Poll::Ready(None) => return Err(disconnected()),
                Poll::Ready(Some(Err(error))) => return Err(broken(error)),
                Poll::Ready(Some(Ok(message))) => message,
            };
            match message {
                WsMessage::Text(text) => {
                    taken.note(text.len());
                    self.dispatch(text.as_str(), now);
                }
                WsMessage::Binary(bytes) => {
                    taken.note(bytes.len());
                    add(&self.task.shared.counters.malformed_frames, 1);
                }
                WsMessage::Close(frame) => {
                    // The answer is courtesy: a server that does not take it is not waited for.
                    let _ = Pin::new(&mut self.socket).poll_flush(cx);
                    return Err(closed_by_server(frame));
                }
                _ => {}
            }
            if !self.pending.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn dispatch(&mut self, text: &str, now: Instant) {
        let counters = &self.task.shared.counters;
        let Ok(envelope) = Envelope::parse(text) else {
            add(&counters.malformed_frames, 1);
            return;
        };
        let (kind, name) = envelope.kind();
        match kind {
            Kind::Change | Kind::Event | Kind::Chat | Kind::Presence => {
                self.deliver(text, &envelope, kind);
            }
            Kind::Pong => self.pong(now),
            Kind::Ack => self.task.acks.acknowledge(envelope.id().as_deref()),
            Kind::Subscribed => {
                if let Some(topic) = envelope.topic() {
                    let pending = self.task.confirmed(&topic, now);
                    self.pending.extend(pending);
                }
            }
            Kind::Unsubscribed => {}
            Kind::Error => self.server_error(&envelope),
            Kind::Other => {
                add(&counters.unknown_frames, 1);
                let notice = || Notice::UnknownFrame {
                    kind: name.as_deref().map(str::to_owned),
                };
                self.task.shared.announcer.notice(notice);
                if envelope.topic().is_some() {
                    self.deliver(text, &envelope, kind);
                }
            }
        }
    }

    fn deliver(&mut self, text: &str, envelope: &Envelope<'_>, kind: Kind) {
        let topic = envelope.topic();
        let topic = topic.as_deref().unwrap_or_default();
        let routed = self
            .task
            .topics
            .route(topic, || Message::new(text, envelope, kind));
        match routed {
            Routed::Done => {}
            Routed::Nowhere => add(&self.task.shared.counters.unrouted, 1),
            Routed::Blocked(pending) => self.pending.extend(pending),
        }
    }

    /// An error goes to whoever it names: a message that is waited for, a topic's streams, else whoever listens.
    fn server_error(&mut self, envelope: &Envelope<'_>) {
        let shared = &self.task.shared;
        add(&shared.counters.server_errors, 1);
        let code = envelope.code().map(|code| code.into_owned());
        let said = envelope.message();
        let error = Error::new(
            ErrorKind::Server,
            match (&code, said) {
                (Some(code), Some(said)) => format!("the server reports {code}: {said}"),
                (Some(code), None) => format!("the server reports {code}"),
                (None, Some(said)) => format!("the server reports: {said}"),
                (None, None) => "the server reports an error".to_owned(),
            },
        )
        .with_code(code);
        match envelope.id() {
            Some(id) if self.task.acks.refuse(&id, error.clone()) => return,
            Some(_) => {}
            None => self.task.acks.doubt(),
        }
        let now = shared.now();
        let told = envelope
            .topic()
            .is_some_and(|topic| self.task.topics.error(&topic, &error, now));
        if !told {
            let notice = || Notice::ServerError(error.clone());
            self.task.shared.announcer.notice(notice);
        }
    }
}

/// What a close frame means. Codes the platform's own clients never looked at, read by RFC 6455 and, from 4000, by
/// likeness to HTTP.
fn closed_by_server(frame: Option<CloseFrame>) -> Error {
    let Some(frame) = frame else {
        return Error::new(ErrorKind::Disconnected, "the server closed the connection")
            .with_close_code(1005);
    };
    let code = u16::from(frame.code);
    let (kind, what) = match code {
        1002 | 1003 | 1007 | 1008 | 1009 => (
            ErrorKind::Protocol,
            "the server closed the connection over something it was sent",
        ),
        4001 | 4003 | 4401 | 4403 => (
            ErrorKind::Unauthorized,
            "the server closed the connection over the credentials",
        ),
        4429 => (
            ErrorKind::RateLimited,
            "the server closed the connection over a limit",
        ),
        _ => (ErrorKind::Disconnected, "the server closed the connection"),
    };
    let reason = frame.reason.as_str();
    let message = if reason.is_empty() {
        format!("{what} (code {code})")
    } else {
        format!("{what} (code {code}: {reason})")
    };
    Error::new(kind, message).with_close_code(code)
}

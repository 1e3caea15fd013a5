//! What arrives on an open connection, and where it goes.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use futures_util::{Sink, Stream};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::{Message as WsMessage, protocol::CloseFrame};

use super::{
    Owner,
    session::{Link, broken, disconnected},
    topics::Routed,
};
use crate::{
    counters::add,
    error::{Error, ErrorKind},
    protocol::frame::inbound::{Envelope, Kind},
    protocol::message::Message,
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

impl Owner {
    /// Reads until there is nothing more or it is someone else's turn; says whether there may be more.
    pub(super) fn poll_read(
        &mut self,
        link: &mut Link,
        now: Instant,
        cx: &mut Context<'_>,
    ) -> Result<bool, Error> {
        if !link.blocked.is_empty() {
            link.retry_blocked();
            if !link.blocked.is_empty() {
                // Silence of our own making is not the server's.
                link.last_inbound = now;
                return Ok(false);
            }
        }
        // The library may answer a ping while reading; a frame half written past it must be finished first.
        if link.auth.as_ref().is_some_and(|frame| frame.written > 0) {
            return Ok(false);
        }
        let mut taken = Taken::default();
        let more = self.read_frames(link, now, &mut taken, cx);
        let counting = &self.common.counting;
        add(&counting.frames_in, taken.frames);
        add(&counting.bytes_in, taken.bytes);
        more
    }

    fn read_frames(
        &mut self,
        link: &mut Link,
        now: Instant,
        taken: &mut Taken,
        cx: &mut Context<'_>,
    ) -> Result<bool, Error> {
        for _ in 0..READ_BATCH {
            let message = match Pin::new(&mut link.socket).poll_next(cx) {
                Poll::Pending => return Ok(false),
                Poll::Ready(None) => return Err(disconnected()),
                Poll::Ready(Some(Err(error))) => return Err(broken(error)),
                Poll::Ready(Some(Ok(message))) => message,
            };
            link.last_inbound = now;
            match message {
                WsMessage::Text(text) => {
                    taken.note(text.len());
                    self.dispatch(link, text.as_str(), now);
                }
                WsMessage::Binary(bytes) => {
                    taken.note(bytes.len());
                    add(&self.common.counting.malformed_frames, 1);
                }
                WsMessage::Close(frame) => {
                    // The answer is courtesy: a server that does not take it is not waited for.
                    let _ = Pin::new(&mut link.socket).poll_flush(cx);
                    return Err(closed_by_server(frame));
                }
                _ => {}
            }
            if !link.blocked.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn dispatch(&mut self, link: &mut Link, text: &str, now: Instant) {
        let counting = &self.common.counting;
        let Ok(envelope) = Envelope::parse(text) else {
            add(&counting.malformed_frames, 1);
            return;
        };
        let (kind, name) = envelope.kind();
        match kind {
            Kind::Change | Kind::Event | Kind::Chat | Kind::Presence => {
                self.deliver(link, text, &envelope, kind);
            }
            Kind::Pong => {
                if let Some(pinged) = link.pinged.take() {
                    counting.round_trip(now - pinged);
                }
            }
            Kind::Ack => {
                self.acks.acknowledge(envelope.id().as_deref());
            }
            Kind::Subscribed => {
                if let Some(topic) = envelope.topic()
                    && let Some(index) = self.topics.confirm(&topic)
                {
                    let blocked = self.confirmed(index);
                    link.blocked.extend(blocked);
                }
            }
            Kind::Unsubscribed => {}
            Kind::Error => self.server_error(&envelope),
            Kind::Other => {
                add(&counting.unknown_frames, 1);
                self.common.announcer.notice(|| Notice::UnknownFrame {
                    kind: name.as_deref().map(str::to_owned),
                });
                if envelope.topic().is_some() {
                    self.deliver(link, text, &envelope, kind);
                }
            }
        }
    }

    fn deliver(&mut self, link: &mut Link, text: &str, envelope: &Envelope<'_>, kind: Kind) {
        let topic = envelope.topic();
        let routed = self.topics.route(topic.as_deref().unwrap_or_default(), || {
            Message::new(text, envelope, kind)
        });
        match routed {
            Routed::Done => {}
            Routed::Nowhere => add(&self.common.counting.unrouted, 1),
            Routed::Blocked(blocked) => link.blocked.extend(blocked),
        }
    }

    /// An error goes to whoever it names: a message that is waited for, a topic's streams, else whoever listens.
    fn server_error(&mut self, envelope: &Envelope<'_>) {
        add(&self.common.counting.server_errors, 1);
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
        if let Some(id) = envelope.id()
            && self.acks.refuse(&id, error.clone())
        {
            return;
        }
        let told = envelope
            .topic()
            .is_some_and(|topic| self.topics.error(&topic, &error));
        if !told {
            self.common
                .announcer
                .notice(|| Notice::ServerError(error.clone()));
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

//! An open connection: reading, writing and time, none of which waits for another.

use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    pin::Pin,
    sync::atomic::Ordering::Release,
    task::{Context, Poll, ready},
    time::Duration,
};

use futures_util::{Sink, SinkExt, StreamExt};
use tokio::{
    sync::oneshot,
    task::coop,
    time::{Instant, Sleep, sleep_until, timeout},
};
use tokio_tungstenite::tungstenite::{
    self, Message as WsMessage,
    protocol::frame::{
        Frame as WsFrame,
        coding::{Data, OpCode},
    },
};

use super::{
    Owner,
    credentials::RawFrame,
    dial::Socket,
    topics::{Overdue, state::Blocked},
};
use crate::{
    client::subscription::SubscriptionState,
    counters::add,
    error::{Error, ErrorKind},
    protocol::frame::outbound,
    queue::inbound::Pushed,
    queue::send_queue::{Outgoing, Waiter, expired},
    settings::Limits,
    status::{Notice, Status},
    token::{Token, TokenFuture},
};

/// Frames written before other tasks get their turn.
const WRITE_BATCH: usize = 256;

/// How a connection ended.
pub(super) enum Ended {
    /// By this side.
    Closing,
    Lost(Error),
}

/// A frame the client sends of its own accord.
pub(super) enum Frame {
    Text(String),
    Auth(Token),
}

pub(super) struct Link {
    pub(super) socket: Socket,
    /// Goes out before any message.
    pub(super) frames: VecDeque<Frame>,
    /// An `auth` frame, written past the library, whose trace log would show it.
    pub(super) auth: Option<RawFrame>,
    pub(super) refresh: Option<TokenFuture>,
    unflushed: bool,
    /// Who waits for what was written to be flushed.
    pub(super) flushing: Vec<oneshot::Sender<Result<(), Error>>>,
    pub(super) blocked: VecDeque<Blocked>,
    pub(super) last_inbound: Instant,
    next_ping: Instant,
    pub(super) pinged: Option<Instant>,
    timer: Pin<Box<Sleep>>,
    armed: Instant,
}

impl Link {
    pub(super) fn new(socket: Socket, limits: &Limits) -> Self {
        let now = Instant::now();
        let next_ping = now + limits.ping_interval;
        Self {
            socket,
            frames: VecDeque::new(),
            auth: None,
            refresh: None,
            unflushed: false,
            flushing: Vec::new(),
            blocked: VecDeque::new(),
            last_inbound: now,
            next_ping,
            pinged: None,
            timer: Box::pin(sleep_until(next_ping)),
            armed: next_ping,
        }
    }

    /// Says goodbye and waits a moment for the answer.
    async fn close(mut self, limit: Duration) {
        let _ = timeout(limit, async {
            if self.auth.is_none() && self.socket.close(None).await.is_ok() {
                while let Some(Ok(_)) = self.socket.next().await {
                    // A server that never stops sending must not keep the limit from being looked at.
                    coop::consume_budget().await;
                }
            }
        })
        .await;
    }
}

impl Owner {
    /// Keeps a connection until it ends.
    pub(super) async fn session(&mut self, mut link: Link) -> Ended {
        let counting = &self.common.counting;
        add(&counting.connections, 1);
        if self.generation > 0 {
            add(&counting.reconnects, 1);
        }
        self.common.token_changed.store(false, Release);
        link.frames
            .extend(self.topics.open().into_iter().map(Frame::Text));
        self.common.outbound.connected.store(true, Release);
        self.status(Status::Connected);
        // A change between the handshake and now would otherwise go unnoticed.
        self.note_token(&mut link);
        let ended = poll_fn(|cx| self.poll_session(&mut link, cx)).await;
        self.lost(&mut link);
        if matches!(ended, Ended::Closing) {
            link.close(self.common.settings.limits.close_timeout).await;
        }
        ended
    }

    fn poll_session(&mut self, link: &mut Link, cx: &mut Context<'_>) -> Poll<Ended> {
        let now = Instant::now();
        if self
            .poll_requests(Some(&mut link.frames), now, cx)
            .is_ready()
        {
            return Poll::Ready(Ended::Closing);
        }
        self.poll_token(link, cx);

        let more_to_read = match self.poll_read(link, now, cx) {
            Ok(more) => more,
            Err(error) => return Poll::Ready(Ended::Lost(error)),
        };
        // After reading, which is what starts them: a future nobody has polled wakes nobody.
        let filled = self.poll_filling(cx);
        link.blocked.extend(filled);
        if let Err(error) = self.heed_time(link, now) {
            return Poll::Ready(Ended::Lost(error));
        }
        let more_to_write = match self.poll_write(link, now, cx) {
            Ok(more) => more,
            Err(error) => return Poll::Ready(Ended::Lost(error)),
        };
        if self.drained.is_some() && self.is_idle(link) {
            return Poll::Ready(Ended::Closing);
        }
        if more_to_read || more_to_write {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let expiry = self.expire_messages(now, true);
        let next = [
            Some(link.deadline(&self.common.settings.limits)),
            self.topics.next_due(),
            self.acks.next_deadline(),
            expiry,
        ]
        .into_iter()
        .flatten()
        .min()
        .unwrap_or(link.next_ping);
        if next != link.armed {
            link.armed = next;
            link.timer.as_mut().reset(next);
        }
        if link.timer.as_mut().poll(cx).is_ready() {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }

    fn is_idle(&self, link: &Link) -> bool {
        self.batch.is_empty()
            && self.acks.is_empty()
            && link.frames.is_empty()
            && link.auth.is_none()
            && !link.unflushed
    }

    /// Pings, and gives up what is overdue.
    fn heed_time(&mut self, link: &mut Link, now: Instant) -> Result<(), Error> {
        let limits = &self.common.settings.limits;
        if let Some(pinged) = link.pinged
            && link.last_inbound < pinged
            && now >= pinged + limits.pong_deadline
        {
            return Err(Error::new(
                ErrorKind::Unresponsive,
                format!(
                    "the server has sent nothing for {:?} after a heartbeat",
                    limits.pong_deadline
                ),
            ));
        }
        if now >= link.next_ping {
            link.next_ping = now + limits.ping_interval;
            // While one is unanswered, its deadline stands.
            if link.pinged.is_none_or(|pinged| link.last_inbound >= pinged) {
                link.pinged = Some(now);
            }
            link.frames.push_back(Frame::Text(outbound::ping()));
        }
        while let Some(overdue) = self.topics.overdue(now) {
            match overdue {
                Overdue::Retried { topic, frame } => {
                    link.frames.push_back(Frame::Text(frame));
                    self.common.announcer.notice(|| Notice::SubscribeRetried {
                        topic: topic.clone(),
                    });
                }
                Overdue::GaveUp { topic, slots } => {
                    let error = Error::new(
                        ErrorKind::SubscribeTimeout,
                        format!(
                            "the server did not confirm the subscription of {topic}, asked twice"
                        ),
                    );
                    for (buffer, state) in slots {
                        buffer.push_error(error.clone());
                        state.send_replace(SubscriptionState::Failed(error.clone()));
                    }
                }
            }
        }
        self.acks.expire(now);
        Ok(())
    }

    /// Writes until the socket is full or it is someone else's turn; says whether there is more.
    fn poll_write(
        &mut self,
        link: &mut Link,
        now: Instant,
        cx: &mut Context<'_>,
    ) -> Result<bool, Error> {
        let mut written = Written::default();
        let mut more = true;
        let mut result = Ok(());
        for _ in 0..WRITE_BATCH {
            match self.poll_write_one(link, now, cx, &mut written) {
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
        add(&self.common.counting.frames_out, written.frames);
        add(&self.common.counting.bytes_out, written.bytes);
        self.common
            .outbound
            .release(written.freed_messages, written.freed_bytes);
        result?;
        if link.unflushed
            && link.auth.is_none()
            && let Poll::Ready(flushed) = Pin::new(&mut link.socket).poll_flush(cx)
        {
            flushed.map_err(broken)?;
            link.unflushed = false;
            for done in link.flushing.drain(..) {
                // The caller may have stopped waiting.
                let _ = done.send(Ok(()));
            }
        }
        Ok(more)
    }

    /// Writes one frame; `false` when there is none.
    fn poll_write_one(
        &mut self,
        link: &mut Link,
        now: Instant,
        cx: &mut Context<'_>,
        written: &mut Written,
    ) -> Poll<Result<bool, Error>> {
        if link.auth.is_some() {
            ready!(link.poll_auth(cx))?;
        }
        ready!(Pin::new(&mut link.socket).poll_ready(cx)).map_err(broken)?;
        let (frame, bytes) = match link.frames.pop_front() {
            Some(Frame::Text(text)) => {
                let bytes = text.len();
                (WsMessage::text(text), bytes)
            }
            Some(Frame::Auth(token)) => {
                link.auth = Some(RawFrame::auth(&token));
                written.frames += 1;
                return Poll::Ready(Ok(true));
            }
            None => {
                let Some(message) = self.batch.pop_front() else {
                    return Poll::Ready(Ok(false));
                };
                let bytes = message.text.len();
                if message.counted {
                    written.freed_messages += 1;
                    written.freed_bytes += bytes;
                }
                if message.is_expired(now) {
                    add(&self.common.counting.expired, 1);
                    message.waiter.fail(expired());
                    return Poll::Ready(Ok(true));
                }
                (self.hand_over(link, message), bytes)
            }
        };
        written.frames += 1;
        written.bytes += bytes as u64;
        link.unflushed = true;
        link.socket.start_send_unpin(frame).map_err(broken)?;
        Poll::Ready(Ok(true))
    }

    /// Notes who waits for what becomes of a message, and makes its frame.
    fn hand_over(&mut self, link: &mut Link, message: Outgoing) -> WsMessage {
        match message.waiter {
            Waiter::Nobody => {}
            Waiter::Sent(done) => link.flushing.push(done),
            Waiter::Acked(awaited) => {
                let again = awaited.resend.then(|| message.text.clone());
                self.acks
                    .expect(awaited.id, awaited.timeout, awaited.done, again);
            }
        }
        // A frame made by hand: the text comes from a writer of JSON and is not examined again.
        WsMessage::Frame(WsFrame::message(
            message.text,
            OpCode::Data(Data::Text),
            true,
        ))
    }
}

/// What a turn of writing did, noted once for all.
#[derive(Default)]
struct Written {
    frames: u64,
    bytes: u64,
    freed_messages: usize,
    freed_bytes: usize,
}

impl Link {
    /// When the heartbeat next needs attention.
    fn deadline(&self, limits: &Limits) -> Instant {
        match self.pinged {
            Some(pinged) if self.last_inbound < pinged => {
                self.next_ping.min(pinged + limits.pong_deadline)
            }
            _ => self.next_ping,
        }
    }

    /// Hands over what consumers had no room for.
    pub(super) fn retry_blocked(&mut self) {
        while let Some(blocked) = self.blocked.front_mut() {
            let delivery = &blocked.delivery;
            blocked
                .buffers
                .retain(|buffer| matches!(buffer.push(delivery.clone()), Pushed::Full(_)));
            if !blocked.buffers.is_empty() {
                return;
            }
            self.blocked.pop_front();
        }
    }
}

pub(super) fn disconnected() -> Error {
    Error::new(ErrorKind::Disconnected, "the connection was lost")
}

pub(super) fn broken(error: tungstenite::Error) -> Error {
    match error {
        tungstenite::Error::Capacity(_)
        | tungstenite::Error::Utf8(_)
        | tungstenite::Error::AttackAttempt => {
            Error::new(ErrorKind::Protocol, "the server sent what it must not").with_source(error)
        }
        tungstenite::Error::Protocol(
            tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
        ) => disconnected(),
        tungstenite::Error::Protocol(_) => Error::new(
            ErrorKind::Protocol,
            "the server broke the WebSocket protocol",
        )
        .with_source(error),
        other => disconnected().with_source(other),
    }
}

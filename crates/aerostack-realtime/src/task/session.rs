//! An open connection: reading, writing and time, none of which waits for another.

use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    pin::Pin,
    sync::atomic::Ordering::{AcqRel, Release},
    task::{Context, Poll},
    time::{Duration, SystemTime},
};

use futures_util::StreamExt;
use tokio::{
    task::coop,
    time::{Instant, Sleep, sleep_until, timeout},
};
use tokio_tungstenite::tungstenite;

use super::{
    auth_frame::AuthFrame,
    dial::Socket,
    state::{End, TaskState},
    topics::{answers::Overdue, state::PendingDelivery},
};
use crate::{
    counters::add,
    error::{Error, ErrorKind},
    queue::inbound::Pushed,
    status::{Notice, Status},
    token::{AskedToken, Token, TokenRequest, check_credential},
};

/// How long an answer is waited for when someone wants to know at once whether the connection still holds.
const PROBE_LIMIT: Duration = Duration::from_secs(5);

/// How a connection ended.
pub(super) enum Ended {
    /// By this side.
    Closing(End),
    Lost(Error),
}

/// A frame the client sends of its own accord.
pub(super) enum Frame {
    Text(String),
    Ping,
    Auth(Token),
}

/// A heartbeat that is not answered yet.
pub(super) struct Ping {
    /// When it was made, by the wall clock.
    wall: SystemTime,
    made: Instant,
    /// Whether it is written, and when it left: the limit for an answer counts from then.
    pub(super) written: bool,
    pub(super) left: Option<Instant>,
    limit: Duration,
}

pub(super) struct Session<'t> {
    pub(super) task: &'t mut TaskState,
    pub(super) socket: Socket,
    /// Goes out before any message.
    pub(super) frames: VecDeque<Frame>,
    pub(super) auth: Option<AuthFrame>,
    refresh: Option<AskedToken>,
    pub(super) unflushed: bool,
    pub(super) pending: VecDeque<PendingDelivery>,
    /// When a reader was last made to wait: silence until then is of our own making.
    pub(super) held_up: Instant,
    /// When the last complete frame was read, by the wall clock.
    pub(super) heard_at: SystemTime,
    /// When the last request was made that the server has answered, by the wall clock. Whatever it sent until then has
    /// arrived before the answer.
    answered_at: SystemTime,
    next_ping: Instant,
    pub(super) ping: Option<Ping>,
    timer: Pin<Box<Sleep>>,
    armed: Instant,
}

impl<'t> Session<'t> {
    pub(super) fn new(task: &'t mut TaskState, socket: Socket, dialled_at: SystemTime) -> Self {
        let now = Instant::now();
        let next_ping = now + task.shared.settings.limits.ping_interval;
        Self {
            task,
            socket,
            frames: VecDeque::new(),
            auth: None,
            refresh: None,
            unflushed: false,
            pending: VecDeque::new(),
            held_up: now,
            heard_at: dialled_at,
            answered_at: dialled_at,
            next_ping,
            ping: None,
            timer: Box::pin(sleep_until(next_ping)),
            armed: next_ping,
        }
    }

    /// Keeps the connection until it ends.
    pub(super) async fn run(mut self) -> Ended {
        let shared = &self.task.shared;
        add(&shared.counters.connections, 1);
        if self.task.generation > 0 {
            add(&shared.counters.reconnects, 1);
        }
        shared.token_changed.store(false, Release);
        let moment = self.task.moment(Instant::now());
        let frames = self.task.topics.open(moment);
        self.frames.extend(frames.into_iter().map(Frame::Text));
        self.task.shared.queue.connected.store(true, Release);
        self.task.status(Status::Connected);
        // A change between the handshake and now would otherwise go unnoticed.
        self.tell_current_token();
        let ended = poll_fn(|cx| self.poll(cx)).await;
        self.lost(&ended);
        if matches!(ended, Ended::Closing(_)) {
            let limit = self.task.shared.settings.limits.close_timeout;
            self.close(limit).await;
        }
        ended
    }

    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Ended> {
        let now = Instant::now();
        if let Poll::Ready(end) = self.task.poll_requests(now, cx) {
            return Poll::Ready(Ended::Closing(end));
        }
        self.poll_token(cx);
        if self.task.shared.reconnect_now.swap(false, AcqRel) {
            self.probe(now);
        }

        let more_to_read = match self.poll_read(now, cx) {
            Ok(more) => more,
            Err(error) => return Poll::Ready(Ended::Lost(error)),
        };
        // After reading, which is what starts them: a future nobody has polled wakes nobody.
        let filled = self.task.poll_backfills(cx);
        self.pending.extend(filled);
        if let Err(error) = self.heed_time(now) {
            return Poll::Ready(Ended::Lost(error));
        }
        let more_to_write = match self.poll_write(now, cx) {
            Ok(more) => more,
            Err(error) => return Poll::Ready(Ended::Lost(error)),
        };
        if self.task.drained.is_some() && self.is_idle() {
            return Poll::Ready(Ended::Closing(End::Closed));
        }
        if more_to_read || more_to_write {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let expiry = self.task.expire_messages(now, true);
        let next = [
            Some(self.deadline()),
            self.task.topics.next_due(),
            self.task.acks.next_deadline(),
            expiry,
        ]
        .into_iter()
        .flatten()
        .min()
        .unwrap_or(self.next_ping);
        if next != self.armed {
            self.armed = next;
            self.timer.as_mut().reset(next);
        }
        if self.timer.as_mut().poll(cx).is_ready() {
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    }

    fn is_idle(&self) -> bool {
        self.task.is_idle() && self.frames.is_empty() && self.auth.is_none() && !self.unflushed
    }

    /// When the server last showed life.
    fn alive_at(&self) -> Instant {
        self.socket.get_ref().read_at().max(self.held_up)
    }

    /// When the heartbeat counts as unanswered, unless there is a sign of life before.
    fn silent_from(&self) -> Option<Instant> {
        let ping = self.ping.as_ref()?;
        let alive_at = self.alive_at();
        match ping.left {
            // Any byte since is an answer as well.
            Some(left) if alive_at > left => None,
            Some(left) => Some(left + ping.limit),
            // It waits behind others: as long as those move, either way, the server is there.
            None => {
                let moved = self.socket.get_ref().written_at().max(alive_at);
                Some(ping.made.max(moved) + ping.limit)
            }
        }
    }

    /// When the heartbeat next needs attention.
    fn deadline(&self) -> Instant {
        match self.silent_from() {
            Some(silent) => self.next_ping.min(silent),
            None => self.next_ping,
        }
    }

    /// Sends a heartbeat at once, and waits for its answer no longer than a moment.
    fn probe(&mut self, now: Instant) {
        let limit = self.task.shared.settings.limits.pong_deadline;
        self.next_ping = now + self.task.shared.settings.limits.ping_interval;
        self.ping_now(now, limit.min(PROBE_LIMIT));
    }

    fn ping_now(&mut self, now: Instant, limit: Duration) {
        // While one is unanswered, its deadline stands.
        if self.silent_from().is_none() {
            self.ping = Some(Ping {
                wall: self.task.shared.now(),
                made: now,
                written: false,
                left: None,
                limit,
            });
        }
        self.frames.push_back(Frame::Ping);
    }

    /// The server answered the heartbeat.
    pub(super) fn pong(&mut self, now: Instant) {
        if let Some(ping) = self.ping.take() {
            self.task.shared.counters.round_trip(now - ping.made);
            self.answered_at = ping.wall;
        }
    }

    /// Pings, and gives up what is overdue.
    fn heed_time(&mut self, now: Instant) -> Result<(), Error> {
        if let (Some(silent), Some(ping)) = (self.silent_from(), &self.ping)
            && now >= silent
        {
            return Err(Error::new(
                ErrorKind::Unresponsive,
                format!(
                    "no byte moved for {:?} after a heartbeat was due an answer",
                    ping.limit
                ),
            ));
        }
        if now >= self.next_ping {
            let limits = self.task.shared.settings.limits;
            self.next_ping = now + limits.ping_interval;
            self.ping_now(now, limits.pong_deadline);
        }
        while let Some(overdue) = self.task.topics.overdue(now) {
            if let Overdue::Retried { topic, frame } = overdue {
                self.frames.push_back(Frame::Text(frame));
                let notice = || Notice::SubscribeRetried {
                    topic: topic.clone(),
                };
                self.task.shared.announcer.notice(notice);
            }
        }
        self.task.acks.expire(now);
        Ok(())
    }

    fn poll_token(&mut self, cx: &mut Context<'_>) {
        let shared = &self.task.shared;
        if shared.token_changed.swap(false, AcqRel) {
            if shared.tokens.has_provider() {
                self.refresh = Some(shared.tokens.ask(TokenRequest::Current));
            } else {
                self.tell_current_token();
            }
        }
        if let Some(refresh) = &mut self.refresh
            && let Poll::Ready(result) = refresh.as_mut().poll(cx)
        {
            self.refresh = None;
            match result {
                Ok(token) => self.tell_token(token),
                Err(error) => {
                    let notice = || Notice::ServerError(error.clone());
                    self.task.shared.announcer.notice(notice);
                }
            }
        }
    }

    fn tell_current_token(&mut self) {
        let tokens = &self.task.shared.tokens;
        if !tokens.has_provider() {
            let token = tokens.current();
            self.tell_token(token);
        }
    }

    /// Sends a token that is new to the server, and asks again for what was refused to the old one.
    fn tell_token(&mut self, token: Option<Token>) {
        if let Some(token) = token
            && self
                .task
                .token
                .as_ref()
                .is_none_or(|known| !known.same(&token))
            && check_credential(token.secret(), "user token").is_ok()
        {
            self.frames.push_back(Frame::Auth(token.clone()));
            self.task.token = Some(token);
            let moment = self.task.moment(Instant::now());
            let again = self.task.topics.ask_refused(moment);
            self.frames.extend(again.into_iter().map(Frame::Text));
        }
    }

    /// Hands over what consumers had no room for.
    pub(super) fn retry_pending(&mut self) {
        while let Some(pending) = self.pending.front_mut() {
            let delivery = &pending.delivery;
            pending
                .buffers
                .retain(|buffer| matches!(buffer.push(delivery.clone()), Pushed::Full(_)));
            if !pending.buffers.is_empty() {
                return;
            }
            self.pending.pop_front();
        }
    }

    /// Everything that ends with a connection.
    fn lost(&mut self, ended: &Ended) {
        for pending in self.pending.drain(..) {
            for buffer in &pending.buffers {
                if buffer.push_late(pending.delivery.clone()) {
                    add(&self.task.shared.counters.dropped, 1);
                }
            }
        }
        let limits = &self.task.shared.settings.limits;
        // A server that answers no heartbeat is known to have been there when it was last heard, or a heartbeat earlier.
        let heard = self
            .heard_at
            .checked_sub(limits.ping_interval + limits.pong_deadline)
            .unwrap_or(SystemTime::UNIX_EPOCH);
        self.task.topics.lost(self.answered_at.max(heard));
        self.task.disconnected(&match ended {
            Ended::Lost(error) => error.clone(),
            Ended::Closing(_) => Error::closed(),
        });
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

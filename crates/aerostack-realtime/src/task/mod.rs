//! The one task that owns a connection and everything that should be true of it.
//!
//! It holds the desired state (subscriptions, tracked presence, token) and derives the wire from it on every open, so
//! that nothing which was once sent needs to be remembered. Handles reach it over bounded queues.

mod acks;
mod credentials;
mod dial;
mod numbers;
mod read;
mod session;
pub(crate) mod topics;

use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{
        Arc, PoisonError,
        atomic::Ordering::{AcqRel, Acquire, Release},
    },
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, Sleep, sleep_until},
};

use self::{
    acks::Acks,
    session::{Ended, Frame, Link},
    topics::{
        Topics,
        backfill::{CONCURRENT, Filled, Job},
        state::{Blocked, Slot},
    },
};
use crate::{
    client::subscription::SubscriptionState,
    counters::add,
    error::{Error, ErrorKind},
    queue::send_queue::{Awaited, Outgoing, Waiter, expired, not_connected},
    shared::{Command, Common},
    status::Status,
    token::Token,
};

/// How a client's life ends.
enum End {
    Closed,
    Failed(Error),
}

type Filling = FuturesUnordered<Pin<Box<dyn Future<Output = Filled> + Send>>>;

pub(crate) struct Owner {
    common: Arc<Common>,
    commands: mpsc::Receiver<Command>,
    topics: Topics,
    /// Accepted messages in the order they are to be sent.
    batch: VecDeque<Outgoing>,
    acks: Acks,
    /// The token this connection was made with or last told.
    token: Option<Token>,
    /// Connects tried since the last stable connection.
    attempt: u32,
    /// Waits since the last stable connection.
    waits: u32,
    /// Whether refused credentials were renewed already since then.
    renewed: bool,
    suspended: Option<Error>,
    drained: Option<oneshot::Sender<Result<(), Error>>>,
    filling: Filling,
    to_fill: VecDeque<Job>,
    /// Counts connections, so that what an earlier one started is not taken for this one's.
    generation: u64,
}

impl Owner {
    pub(crate) fn new(common: Arc<Common>, commands: mpsc::Receiver<Command>) -> Self {
        let limits = &common.settings.limits;
        let topics = Topics::new(
            common.settings.project_id.clone(),
            limits.confirm_timeout,
            limits.hold_limit,
            Arc::clone(&common.counting),
        );
        Self {
            common,
            commands,
            topics,
            batch: VecDeque::new(),
            acks: Acks::default(),
            token: None,
            attempt: 0,
            waits: 0,
            renewed: false,
            suspended: None,
            drained: None,
            filling: FuturesUnordered::new(),
            to_fill: VecDeque::new(),
            generation: 0,
        }
    }

    /// Ends a client that was never used.
    pub(crate) fn never_started(self) {
        self.finish(End::Closed);
    }

    pub(crate) async fn run(mut self) {
        let end = loop {
            if let Some(end) = self.connection().await {
                break end;
            }
        };
        self.finish(end);
    }

    /// One connection from the dial to its loss, and the wait after it.
    async fn connection(&mut self) -> Option<End> {
        let limits = self.common.settings.limits;
        if let Some(limit) = limits.max_attempts.filter(|limit| self.attempt >= *limit) {
            return Some(End::Failed(Error::new(
                ErrorKind::AttemptsExhausted,
                format!("no stable connection after {limit} attempts, as many as are allowed"),
            )));
        }
        self.attempt += 1;
        self.status(Status::Connecting {
            attempt: self.attempt,
        });
        add(&self.common.counting.dials, 1);
        let dial = dial::dial(Arc::clone(&self.common), self.renewed);
        let cause = match self.offline(dial).await {
            None => return Some(End::Closed),
            Some(Err(error)) => error,
            Some(Ok((socket, token))) => {
                self.token = token;
                let opened = Instant::now();
                let ended = self.session(Link::new(socket, &limits)).await;
                if opened.elapsed() >= limits.stable_after {
                    self.attempt = 0;
                    self.waits = 0;
                    self.renewed = false;
                }
                match ended {
                    Ended::Closing => return Some(End::Closed),
                    Ended::Lost(error) => error,
                }
            }
        };
        if is_refusal(&cause) {
            return self.refused(cause).await;
        }
        let delay = self.delay(&cause);
        self.waits += 1;
        self.status(Status::Waiting {
            attempt: self.attempt + 1,
            delay,
            cause,
        });
        let until = Instant::now() + delay;
        match self.offline(sleep_until(until)).await {
            Some(()) => None,
            None => Some(End::Closed),
        }
    }

    /// Refused credentials are renewed once; then the client waits until they change.
    async fn refused(&mut self, cause: Error) -> Option<End> {
        let may_renew =
            self.common.settings.provider.is_some() && cause.kind() != ErrorKind::InvalidCredential;
        if may_renew && !self.renewed {
            self.renewed = true;
            return None;
        }
        for entry in self.topics.entries() {
            for slot in &entry.slots {
                slot.buffer.push_error(cause.clone());
                slot.state
                    .send_replace(SubscriptionState::Failed(cause.clone()));
            }
        }
        self.suspended = Some(cause.clone());
        self.status(Status::Suspended { cause });
        let common = Arc::clone(&self.common);
        let changed = poll_fn(|_| {
            if common.token_changed.swap(false, AcqRel) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        });
        let waited = self.offline(changed).await;
        self.suspended = None;
        self.renewed = false;
        self.attempt = 0;
        self.waits = 0;
        for entry in self.topics.entries() {
            for slot in &entry.slots {
                slot.state.send_replace(SubscriptionState::Pending);
            }
        }
        match waited {
            Some(()) => None,
            None => Some(End::Closed),
        }
    }

    /// How long to wait before the next attempt.
    fn delay(&self, cause: &Error) -> Duration {
        let settings = &self.common.settings;
        let limits = &settings.limits;
        if let Some(hint) = cause.retry_after() {
            // Never early, and spread a little, since everyone was told the same.
            return hint
                .min(limits.hint_cap)
                .mul_f64(1.0 + 0.08 * settings.random.unit());
        }
        match cause.close_code() {
            Some(1002 | 1003 | 1007 | 1008 | 1009 | 1013) => {
                settings.random.below(limits.backoff.cap)
            }
            _ => limits.backoff.delay(self.waits, &settings.random),
        }
    }

    fn status(&self, status: Status) {
        crate::trace::status(&status);
        self.common.announcer.status(status);
    }

    /// Runs a future while there is no connection, and everything else that goes on then; `None` means to stop.
    async fn offline<F: Future>(&mut self, future: F) -> Option<F::Output> {
        let mut future = pin!(future);
        let mut timer: Option<(Instant, Pin<Box<Sleep>>)> = None;
        poll_fn(|cx| {
            let now = Instant::now();
            if self.poll_requests(None, now, cx).is_ready() {
                return Poll::Ready(None);
            }
            let next = self.expire_messages(now, false);
            if self.drained.is_some() && self.batch.is_empty() {
                return Poll::Ready(None);
            }
            if let Poll::Ready(output) = future.as_mut().poll(cx) {
                return Poll::Ready(Some(output));
            }
            match (next, &timer) {
                (None, _) => timer = None,
                (Some(next), Some((armed, _))) if next == *armed => {}
                (Some(next), _) => timer = Some((next, Box::pin(sleep_until(next)))),
            }
            if let Some((_, sleep)) = &mut timer
                && sleep.as_mut().poll(cx).is_ready()
            {
                cx.waker().wake_by_ref();
            }
            Poll::Pending
        })
        .await
    }

    /// Takes in what handles ask for. Frames it takes go to `frames`, if there is a connection. Ready means to stop.
    fn poll_requests(
        &mut self,
        mut frames: Option<&mut VecDeque<Frame>>,
        now: Instant,
        cx: &mut Context<'_>,
    ) -> Poll<()> {
        self.common.waker.register(cx.waker());
        if self.common.closing.load(Acquire) {
            return Poll::Ready(());
        }
        let mut put = |frame: Option<String>| {
            if let (Some(frames), Some(frame)) = (frames.as_deref_mut(), frame) {
                frames.push_back(Frame::Text(frame));
            }
        };
        let connected = self.common.outbound.connected.load(Acquire);
        loop {
            match self.commands.poll_recv(cx) {
                Poll::Pending => break,
                // The last handle is gone.
                Poll::Ready(None) => return Poll::Ready(()),
                Poll::Ready(Some(Command::Connect)) => {}
                // Its consumer may be gone before it got here.
                Poll::Ready(Some(Command::Subscribe { slot, .. }))
                    if slot.buffer.is_abandoned() => {}
                Poll::Ready(Some(Command::Subscribe { name, slot })) => {
                    if let Some(cause) = &self.suspended {
                        slot.buffer.push_error(cause.clone());
                        slot.state
                            .send_replace(SubscriptionState::Failed(cause.clone()));
                    }
                    let now = self.common.server_now();
                    put(self.topics.attach(name, slot, connected, now));
                }
                Poll::Ready(Some(Command::Track { name, state })) => {
                    put(self.topics.track(name, state));
                }
                Poll::Ready(Some(Command::Drain { done })) => self.drained = Some(done),
            }
        }
        for subscription in self.common.waker.take_released() {
            for frame in self.topics.detach(subscription) {
                put(Some(frame));
            }
        }
        self.common.outbound.drain_into(&mut self.batch, now);
        Poll::Pending
    }

    /// Gives up messages nobody wants to be sent any more; says when the next one's time comes.
    fn expire_messages(&mut self, now: Instant, connected: bool) -> Option<Instant> {
        let mut next = None::<Instant>;
        let (mut messages, mut bytes) = (0, 0);
        let mut index = 0;
        while let Some(message) = self.batch.get(index) {
            let error = if message.is_expired(now) {
                add(&self.common.counting.expired, 1);
                expired()
            } else if message.only_connected && !connected {
                not_connected()
            } else {
                next = [next, message.expires].into_iter().flatten().min();
                index += 1;
                continue;
            };
            if let Some(message) = self.batch.remove(index) {
                messages += usize::from(message.counted);
                bytes += if message.counted {
                    message.text.len()
                } else {
                    0
                };
                message.waiter.fail(error);
            }
        }
        self.common.outbound.release(messages, bytes);
        next
    }

    /// A topic is live: fills its gap from the history, or says that it cannot be filled.
    fn confirmed(&mut self, index: usize) -> Vec<Blocked> {
        let limits = &self.common.settings.limits;
        if let Some(project) = &self.topics.project
            && self.common.settings.project_id.is_none()
        {
            self.common
                .learnt_project
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get_or_insert_with(|| project.clone());
        }
        let now = self.common.now();
        let server_now = self.common.server_now();
        let blocked = self.topics.live(index, now, server_now);
        if let Some(entry) = self.topics.entry(index)
            && let Some(topic) = &entry.confirmed
            && let Some(fill) = &entry.fill
            && fill.is_running()
        {
            self.to_fill.push_back(Job::new(
                index,
                self.generation,
                Arc::clone(topic),
                fill,
                limits.recovery_limit,
            ));
            self.start_filling();
        }
        blocked
    }

    fn start_filling(&mut self) {
        while self.filling.len() < CONCURRENT
            && let Some(job) = self.to_fill.pop_front()
        {
            let history = Arc::clone(&self.common.history);
            self.filling
                .push(Box::pin(job.run(history, self.token.clone())));
        }
    }

    /// Takes in what the history had.
    fn poll_filling(&mut self, cx: &mut Context<'_>) -> Vec<Blocked> {
        let mut blocked = Vec::new();
        while !self.filling.is_empty()
            && let Poll::Ready(Some(filled)) = self.filling.poll_next_unpin(cx)
        {
            self.start_filling();
            if filled.generation != self.generation {
                continue;
            }
            blocked.extend(self.topics.filled(filled));
        }
        blocked
    }

    /// Everything that ends with a connection.
    fn lost(&mut self, link: &mut Link) {
        self.common.outbound.connected.store(false, Release);
        self.generation += 1;
        self.filling.clear();
        self.to_fill.clear();
        for blocked in link.blocked.drain(..) {
            for buffer in &blocked.buffers {
                if buffer.push_late(blocked.delivery.clone()) {
                    add(&self.common.counting.dropped, 1);
                }
            }
        }
        let now = self.common.now();
        self.topics.lost(now);
        for done in link.flushing.drain(..) {
            // The caller may have stopped waiting.
            let _ = done.send(Err(acks::indeterminate()));
        }
        let expires_in = self.common.settings.limits.expiry;
        let expires = Instant::now().checked_add(expires_in);
        for resend in self.acks.lost().into_iter().rev() {
            self.batch.push_front(Outgoing {
                text: resend.text,
                expires_in,
                expires,
                only_connected: false,
                waiter: Waiter::Acked(Box::new(Awaited {
                    id: resend.id,
                    done: resend.done,
                    timeout: resend.timeout,
                    resend: true,
                })),
                counted: false,
            });
        }
    }

    /// Ends every stream and everyone who waits.
    fn finish(mut self, end: End) {
        self.common.outbound.close();
        self.common
            .outbound
            .drain_into(&mut self.batch, Instant::now());
        let error = match &end {
            End::Closed => Error::closed(),
            End::Failed(error) => error.clone(),
        };
        for message in self.batch.drain(..) {
            message.waiter.fail(error.clone());
        }
        self.commands.close();
        while let Ok(command) = self.commands.try_recv() {
            if let Command::Subscribe { slot, .. } = command {
                end_slot(&slot, &end);
            }
        }
        for entry in self.topics.entries() {
            for slot in &entry.slots {
                end_slot(slot, &end);
            }
        }
        if let Some(done) = self.drained.take() {
            let _ = done.send(match &end {
                End::Closed if self.common.closing.load(Acquire) => Err(Error::closed()),
                End::Closed => Ok(()),
                End::Failed(error) => Err(error.clone()),
            });
        }
        self.status(match end {
            End::Closed => Status::Closed,
            End::Failed(cause) => Status::Failed { cause },
        });
        self.common.announcer.end();
        self.common.done.send_replace(true);
    }
}

fn end_slot(slot: &Slot, end: &End) {
    if let End::Failed(error) = end {
        slot.buffer.push_error(error.clone());
    }
    slot.buffer.end();
    slot.state.send_replace(SubscriptionState::Closed);
}

/// Whether the credentials are what is wrong.
fn is_refusal(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Unauthorized | ErrorKind::InvalidCredential
    )
}

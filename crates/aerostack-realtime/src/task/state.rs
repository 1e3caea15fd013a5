//! What the connection's task knows: the desired state, and what handles asked of it.

use std::{
    collections::VecDeque,
    future::Future,
    pin::Pin,
    sync::{
        Arc, PoisonError,
        atomic::Ordering::{Acquire, Release},
    },
    task::{Context, Poll},
};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::{sync::oneshot, time::Instant};

use super::{
    acks::Acks,
    topics::{
        Moment, Topics,
        backfill::{BackfillJob, CONCURRENT, Filled},
        state::PendingDelivery,
    },
};
use crate::{
    counters::add,
    error::Error,
    queue::{
        command::Command,
        send_queue::{Completion, OutgoingMessage, Request, not_connected},
        subscriber::{Subscriber, SubscriptionState},
    },
    shared::{Lifecycle, Shared},
    status::{Notice, Status},
    token::Token,
};

/// How a client's life, or its task's, ends.
pub(super) enum End {
    /// By `close` or `drain`.
    Closed,
    /// By the drop of the last handle.
    Abandoned,
    Failed(Error),
    /// Before its time.
    Stopped(Error),
}

type RunningBackfills = FuturesUnordered<Pin<Box<dyn Future<Output = Filled> + Send>>>;

pub(super) struct TaskState {
    pub(super) shared: Arc<Shared>,
    pub(super) topics: Topics,
    /// What is to be sent, in the order in which it was asked.
    pub(super) batch: VecDeque<Request>,
    pub(super) acks: Acks,
    /// Who waits for what was written to be flushed.
    pub(super) flushing: Vec<oneshot::Sender<Result<(), Error>>>,
    /// The token this connection was made with or last told.
    pub(super) token: Option<Token>,
    /// Why the client waits for other credentials, if it does.
    pub(super) suspended: Option<Error>,
    pub(super) drained: Option<oneshot::Sender<Result<(), Error>>>,
    backfills: RunningBackfills,
    to_backfill: VecDeque<BackfillJob>,
    /// Counts connections, so that what an earlier one started is not taken for this one's.
    pub(super) generation: u64,
    finished: bool,
}

impl TaskState {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        let limits = &shared.settings.limits;
        let topics = Topics::new(
            shared.project(),
            limits.confirm_timeout,
            limits.hold_limit,
            Arc::clone(&shared.counters),
        );
        Self {
            shared,
            topics,
            batch: VecDeque::new(),
            acks: Acks::default(),
            flushing: Vec::new(),
            token: None,
            suspended: None,
            drained: None,
            backfills: FuturesUnordered::new(),
            to_backfill: VecDeque::new(),
            generation: 0,
            finished: false,
        }
    }

    pub(super) fn status(&self, status: Status) {
        self.shared.announcer.status(status);
    }

    pub(super) fn moment(&self, instant: Instant) -> Moment {
        Moment {
            instant,
            wall: self.shared.now(),
            server: self.shared.server_now(),
        }
    }

    /// Takes in what handles ask for; ready when that is to stop.
    pub(super) fn poll_requests(&mut self, now: Instant, cx: &mut Context<'_>) -> Poll<End> {
        let shared = Arc::clone(&self.shared);
        shared.waker.register(cx.waker());
        if shared.closing.load(Acquire) {
            return Poll::Ready(End::Closed);
        }
        if shared.abandoned.load(Acquire) {
            return Poll::Ready(End::Abandoned);
        }
        let before = self.batch.len();
        if shared.queue.drain_into(&mut self.batch, now) {
            for request in self.batch.split_off(before) {
                self.take(request, now);
            }
        }
        Poll::Pending
    }

    /// Does what is asked. Frames take the place of what asked for them, if there is a connection.
    fn take(&mut self, request: Request, now: Instant) {
        let connected = self.shared.queue.connected.load(Acquire);
        let frames = match request {
            Request::Message(_) | Request::Frame(_) => {
                self.batch.push_back(request);
                return;
            }
            Request::Release(subscription) => self.topics.detach(subscription, now),
            Request::Command(command) => match *command {
                Command::Connect => return,
                // Its consumer may be gone before it got here.
                Command::Subscribe { subscriber, .. } if subscriber.buffer.is_abandoned() => {
                    return;
                }
                Command::Subscribe { name, subscriber } => {
                    if let Some(cause) = &self.suspended {
                        subscriber.fail(cause);
                    }
                    let moment = self.moment(now);
                    let frame = self.topics.attach(name, subscriber, connected, moment);
                    Vec::from_iter(frame)
                }
                Command::Track { name, state } => Vec::from_iter(self.topics.track(name, state)),
                Command::Drain { done } => {
                    self.drained = Some(done);
                    return;
                }
            },
        };
        if connected {
            self.batch.extend(frames.into_iter().map(Request::Frame));
        }
    }

    /// Gives up messages nobody wants to be sent any more; says when the next one's time comes.
    pub(super) fn expire_messages(&mut self, now: Instant, connected: bool) -> Option<Instant> {
        let mut next = None::<Instant>;
        let mut index = 0;
        while let Some(request) = self.batch.get(index) {
            let error = match request {
                Request::Message(message) if message.is_expired(now) => {
                    add(&self.shared.counters.expired, 1);
                    message.expiry_error()
                }
                Request::Message(message) if message.only_connected && !connected => {
                    not_connected()
                }
                Request::Message(message) => {
                    next = [next, message.expires].into_iter().flatten().min();
                    index += 1;
                    continue;
                }
                _ => {
                    index += 1;
                    continue;
                }
            };
            if let Some(Request::Message(message)) = self.batch.remove(index) {
                if message.counted {
                    self.shared.queue.release(1, message.text.len());
                }
                self.give_up(message, error);
            }
        }
        next
    }

    /// A message is not sent, or no longer waited for.
    pub(super) fn give_up(&self, message: OutgoingMessage, error: Error) {
        if matches!(message.completion, Completion::Nobody) {
            self.shared
                .announcer
                .notice(|| Notice::MessageDropped(error.clone()));
        }
        message.completion.fail(error);
    }

    /// Whether nothing waits to be sent or acknowledged.
    pub(super) fn is_idle(&self) -> bool {
        self.batch.is_empty() && self.acks.is_empty()
    }

    /// A topic is confirmed: its gap is filled from the history, or it is said that it cannot be.
    pub(super) fn confirmed(&mut self, topic: &str, now: Instant) -> Vec<PendingDelivery> {
        let knew_project = self.topics.project.is_some();
        let Some(index) = self.topics.confirm(topic) else {
            return Vec::new();
        };
        let mut pending = self.live(index, now);
        if let (false, Some(project)) = (knew_project, self.topics.project.clone()) {
            self.shared
                .learnt_project
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .get_or_insert(project);
            let moment = self.moment(now);
            let (live, frames) = self.topics.merge_spellings(moment);
            self.batch.extend(frames.into_iter().map(Request::Frame));
            for index in live {
                pending.extend(self.live(index, now));
            }
        }
        pending
    }

    fn live(&mut self, index: usize, now: Instant) -> Vec<PendingDelivery> {
        let moment = self.moment(now);
        let pending = self.topics.live(index, moment);
        let (generation, limit) = (self.generation, self.shared.settings.limits.recovery_limit);
        if let Some(entry) = self.topics.entry(index)
            && let Some(topic) = entry.confirmed.clone()
            && let Some(backfill) = &mut entry.backfill
            && backfill.is_running()
        {
            self.to_backfill
                .push_back(backfill.job(index, generation, topic, limit));
            self.start_backfills();
        }
        pending
    }

    fn start_backfills(&mut self) {
        while self.backfills.len() < CONCURRENT
            && let Some(job) = self.to_backfill.pop_front()
        {
            let history = Arc::clone(&self.shared.history);
            self.backfills
                .push(Box::pin(job.run(history, self.token.clone())));
        }
    }

    /// Takes in what the history had.
    pub(super) fn poll_backfills(&mut self, cx: &mut Context<'_>) -> Vec<PendingDelivery> {
        let mut pending = Vec::new();
        while !self.backfills.is_empty()
            && let Poll::Ready(Some(filled)) = self.backfills.poll_next_unpin(cx)
        {
            self.start_backfills();
            if filled.generation == self.generation {
                pending.extend(self.topics.filled(filled));
            }
        }
        pending
    }

    /// The connection is gone, and with it everything that was under way over it.
    pub(super) fn disconnected(&mut self, cause: &Error) {
        self.shared.queue.connected.store(false, Release);
        self.generation += 1;
        self.backfills.clear();
        self.to_backfill.clear();
        for done in self.flushing.drain(..) {
            // The caller may have stopped waiting.
            let _ = done.send(Err(super::acks::indeterminate(cause)));
        }
        // The next connection is told of everything anyway.
        self.batch
            .retain(|request| !matches!(request, Request::Frame(_)));
        for resend in self.acks.lost(cause).into_iter().rev() {
            self.batch.push_front(Request::Message(OutgoingMessage {
                text: resend.text,
                expires_in: resend.pending.timeout,
                expires: Some(resend.deadline),
                only_connected: false,
                completion: Completion::Acked(Box::new(resend.pending)),
                counted: false,
            }));
        }
    }

    /// Ends every stream and everyone who waits.
    pub(super) fn finish(&mut self, end: End) {
        self.finished = true;
        let shared = Arc::clone(&self.shared);
        let error = match &end {
            End::Closed => Error::closed(),
            End::Abandoned => Error::abandoned(),
            End::Failed(error) | End::Stopped(error) => error.clone(),
        };
        shared.queue.connected.store(false, Release);
        shared.queue.close(error.clone());
        shared.queue.drain_into(&mut self.batch, Instant::now());
        let mut subscribers = Vec::new();
        for request in self.batch.drain(..) {
            match request {
                Request::Message(message) => message.completion.fail(error.clone()),
                Request::Command(command) => match *command {
                    Command::Subscribe { subscriber, .. } => subscribers.push(subscriber),
                    Command::Drain { done } => self.drained = Some(done),
                    Command::Connect | Command::Track { .. } => {}
                },
                Request::Release(_) | Request::Frame(_) => {}
            }
        }
        self.acks.fail(&error);
        for done in self.flushing.drain(..) {
            let _ = done.send(Err(error.clone()));
        }
        let told = !matches!(end, End::Closed);
        for subscriber in &subscribers {
            end_subscriber(subscriber, told, &error);
        }
        for subscriber in self.topics.subscribers() {
            end_subscriber(subscriber, told, &error);
        }
        if let Some(done) = self.drained.take() {
            let _ = done.send(match &end {
                End::Closed if !shared.closing.load(Acquire) => Ok(()),
                _ => Err(error.clone()),
            });
        }
        let stopped = matches!(end, End::Stopped(_)) && !shared.closing.load(Acquire);
        {
            let mut lifecycle = shared.lifecycle();
            shared.running.store(false, Release);
            *lifecycle = if stopped {
                Lifecycle::Stopped
            } else {
                Lifecycle::Over
            };
            shared.announcer.status(match end {
                End::Stopped(cause) if stopped => Status::Stopped { cause },
                End::Failed(cause) => Status::Failed { cause },
                _ => Status::Closed,
            });
        }
        if !stopped {
            shared.announcer.end();
            shared.done.send_replace(true);
        }
    }
}

/// However the task goes, by the end of its runtime or by a panic: nobody waits for it afterwards.
impl Drop for TaskState {
    fn drop(&mut self) {
        if !self.finished {
            let error = Error::task_stopped(std::thread::panicking());
            self.finish(End::Stopped(error));
        }
    }
}

fn end_subscriber(subscriber: &Subscriber, told: bool, error: &Error) {
    if told {
        subscriber.buffer.push_error(error.clone());
    }
    subscriber.buffer.end();
    subscriber.set_state(SubscriptionState::Closed);
}

//! The one task that owns a connection and everything that should be true of it.
//!
//! It holds the desired state (subscriptions, tracked presence, token) and derives the wire from it on every open, so
//! that nothing which was once sent needs to be remembered. Handles reach it over bounded queues.

mod acks;
mod auth_frame;
mod dial;
mod read;
mod session;
mod state;
mod topics;
mod write;

use std::{
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::{
        Arc,
        atomic::Ordering::{AcqRel, Acquire, Release},
    },
    task::Poll,
    time::Duration,
};

use tokio::{
    runtime::Handle,
    time::{Instant, Sleep, sleep_until},
};

use self::{
    session::{Ended, Session},
    state::{End, TaskState},
};
use crate::{
    counters::add,
    error::{Error, ErrorKind},
    queue::subscriber::SubscriptionState,
    shared::Shared,
    status::Status,
    token::TokenRequest,
};

/// Starts the task.
pub(crate) fn spawn(shared: &Arc<Shared>, runtime: &Handle) {
    let task = ConnectionTask::new(Arc::clone(shared));
    runtime.spawn(task.run());
}

struct ConnectionTask {
    state: TaskState,
    /// Connects tried since the last stable connection.
    attempt: u32,
    /// Waits since the last stable connection.
    waits: u32,
    /// Whether refused credentials were renewed already since then.
    renewed: bool,
    /// Whether the next connect asks for a new token, whatever the provider has cached.
    renew: bool,
}

impl ConnectionTask {
    fn new(shared: Arc<Shared>) -> Self {
        Self {
            state: TaskState::new(shared),
            attempt: 0,
            waits: 0,
            renewed: false,
            renew: false,
        }
    }

    async fn run(mut self) {
        let end = loop {
            if let Some(end) = self.connection().await {
                break end;
            }
        };
        self.state.finish(end);
    }

    /// One connection from the dial to its loss, and the wait after it.
    async fn connection(&mut self) -> Option<End> {
        let shared = Arc::clone(&self.state.shared);
        let limits = shared.settings.limits;
        if let Some(limit) = limits.max_attempts.filter(|limit| self.attempt >= *limit) {
            return Some(End::Failed(Error::new(
                ErrorKind::AttemptsExhausted,
                format!("no stable connection after {limit} attempts, as many as are allowed"),
            )));
        }
        self.attempt += 1;
        self.state.status(Status::Connecting {
            attempt: self.attempt,
        });
        add(&shared.counters.dials, 1);
        shared.reconnect_now.store(false, Release);
        let request = if std::mem::take(&mut self.renew) || self.renewed {
            TokenRequest::Forced
        } else {
            TokenRequest::Current
        };
        let dialled_at = shared.now();
        let dial = dial::dial(Arc::clone(&shared), request);
        let cause = match self.offline(dial).await {
            Err(end) => return Some(end),
            Ok(Err(error)) => error,
            Ok(Ok((socket, token))) => {
                self.state.token = token;
                let opened = Instant::now();
                let session = Session::new(&mut self.state, socket, dialled_at);
                let ended = session.run().await;
                if opened.elapsed() >= limits.stable_after {
                    self.attempt = 0;
                    self.waits = 0;
                    self.renewed = false;
                }
                match ended {
                    Ended::Closing(end) => return Some(end),
                    Ended::Lost(error) => error,
                }
            }
        };
        if is_refusal(&cause) {
            return self.refused(cause).await;
        }
        // Many servers close so over credentials they no longer take.
        self.renew = cause.close_code() == Some(1008);
        let delay = self.delay(&cause);
        self.waits += 1;
        self.state.status(Status::Waiting {
            attempt: self.attempt + 1,
            delay,
            cause,
        });
        let mut sleep = pin!(sleep_until(Instant::now() + delay));
        let over = poll_fn(|cx| {
            if shared.reconnect_now.load(Acquire) {
                return Poll::Ready(());
            }
            sleep.as_mut().poll(cx)
        });
        self.offline(over).await.err()
    }

    /// Refused credentials are renewed once; then the client waits until they change.
    async fn refused(&mut self, cause: Error) -> Option<End> {
        let shared = Arc::clone(&self.state.shared);
        let may_renew =
            shared.tokens.has_provider() && cause.kind() != ErrorKind::InvalidCredential;
        if may_renew && !self.renewed {
            self.renewed = true;
            self.renew = true;
            return None;
        }
        for subscriber in self.state.topics.subscribers() {
            subscriber.fail(&cause);
        }
        self.state.suspended = Some(cause.clone());
        self.state.status(Status::Suspended { cause });
        let changed = poll_fn(|_| {
            let changed = shared.token_changed.swap(false, AcqRel);
            if changed || shared.reconnect_now.swap(false, AcqRel) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        });
        let waited = self.offline(changed).await;
        self.state.suspended = None;
        self.renewed = false;
        self.attempt = 0;
        self.waits = 0;
        for subscriber in self.state.topics.subscribers() {
            subscriber.set_state(SubscriptionState::Pending);
        }
        waited.err()
    }

    /// How long to wait before the next attempt.
    fn delay(&self, cause: &Error) -> Duration {
        let settings = &self.state.shared.settings;
        let limits = &settings.limits;
        if let Some(hint) = cause.retry_after() {
            // Never early, and spread a little, since everyone was told the same.
            return hint
                .min(limits.hint_cap)
                .mul_f64(1.0 + 0.08 * settings.random.unit());
        }
        match cause.close_code() {
            Some(1002 | 1003 | 1007 | 1008 | 1009 | 1013 | 4429) => {
                settings.random.below(limits.backoff.cap)
            }
            _ => limits.backoff.delay(self.waits, &settings.random),
        }
    }

    /// Runs a future while there is no connection, and everything else that goes on then.
    async fn offline<F: Future>(&mut self, future: F) -> Result<F::Output, End> {
        let state = &mut self.state;
        let mut future = pin!(future);
        let mut timer: Option<(Instant, Pin<Box<Sleep>>)> = None;
        poll_fn(|cx| {
            let now = Instant::now();
            if let Poll::Ready(end) = state.poll_requests(now, cx) {
                return Poll::Ready(Err(end));
            }
            let next = state.expire_messages(now, false);
            if state.drained.is_some() && state.batch.is_empty() {
                return Poll::Ready(Err(End::Closed));
            }
            if let Poll::Ready(output) = future.as_mut().poll(cx) {
                return Poll::Ready(Ok(output));
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
}

/// Whether the credentials are what is wrong.
fn is_refusal(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Unauthorized | ErrorKind::InvalidCredential
    )
}

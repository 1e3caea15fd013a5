//! The queue of what is asked of the connection's task: messages to send, and commands, in the order of the program.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Mutex as FairMutex, Notify, oneshot},
    time::Instant,
};

use crate::{
    counters::AtomicCounters,
    error::{Error, ErrorKind},
    queue::{command::Command, task_waker::TaskWaker},
};

/// Commands that may wait for the connection's task.
const COMMANDS: usize = 256;

/// Who is told what becomes of a message.
#[derive(Debug)]
pub(crate) enum Completion {
    Nobody,
    /// Once it was written to the socket.
    Sent(oneshot::Sender<Result<(), Error>>),
    /// Once the server acknowledged it.
    Acked(Box<PendingAck>),
}

/// An acknowledgement someone waits for.
#[derive(Debug)]
pub(crate) struct PendingAck {
    pub(crate) id: Box<str>,
    pub(crate) done: oneshot::Sender<Result<(), Error>>,
    pub(crate) timeout: Duration,
    /// Set when the message is first sent, and the same for every time it is sent again.
    pub(crate) deadline: Option<Instant>,
    /// How often it may be sent again, under the same id, if the connection is lost before the acknowledgement.
    pub(crate) resends: u8,
}

impl Completion {
    pub(crate) fn fail(self, error: Error) {
        let done = match self {
            Self::Nobody => return,
            Self::Sent(done) => done,
            Self::Acked(pending) => pending.done,
        };
        // The caller may have gone; then nobody wants to know.
        drop(done.send(Err(error)));
    }
}

#[derive(Debug)]
pub(crate) struct OutgoingMessage {
    pub(crate) text: Vec<u8>,
    pub(crate) expires_in: Duration,
    /// Set when the connection's task takes the message, which is at once unless the whole runtime is held up; `None`
    /// if never.
    pub(crate) expires: Option<Instant>,
    pub(crate) completion: Completion,
    pub(crate) only_connected: bool,
    /// Whether it still occupies room in the queue.
    pub(crate) counted: bool,
}

impl OutgoingMessage {
    pub(crate) fn is_expired(&self, now: Instant) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }

    /// What its expiry means: never sent, or sent before and never acknowledged.
    pub(crate) fn expiry_error(&self) -> Error {
        match &self.completion {
            Completion::Acked(pending) if pending.deadline.is_some() => ack_timeout(),
            _ => Error::new(
                ErrorKind::Expired,
                "the message waited for a connection longer than its expiry and was not sent",
            ),
        }
    }
}

/// Something asked of the connection's task.
#[derive(Debug)]
pub(crate) enum Request {
    Message(OutgoingMessage),
    Command(Box<Command>),
    /// The consumer of a subscription is gone.
    Release(u64),
    /// The frame that a command or a release takes, in its place among the messages.
    Frame(String),
}

/// Requests on their way to the connection's task. A message takes room from the moment it is accepted until it is
/// handed to the socket or given up.
///
/// One lock holds the requests and the count of the room they take, so that accepting one costs no more than that lock,
/// and what a program asks in order is found in order. Senders that find the queue full wait in FIFO order.
#[derive(Debug)]
pub(crate) struct SendQueue {
    state: Mutex<QueueState>,
    message_limit: usize,
    byte_limit: usize,
    /// Whether there is something for the connection's task to take.
    accepted: AtomicBool,
    fifo: FairMutex<()>,
    freed: Notify,
    commands_taken: Notify,
    pub(crate) connected: AtomicBool,
    task: Arc<TaskWaker>,
    counters: Arc<AtomicCounters>,
}

#[derive(Debug, Default)]
struct QueueState {
    queue: VecDeque<Request>,
    messages: usize,
    bytes: usize,
    commands: usize,
    /// Whether there is more in the queue than messages.
    special: bool,
    /// How many publishers wait for room.
    waiting: usize,
    /// Why nothing is accepted any more.
    closed: Option<Error>,
}

/// Why a message was not accepted.
enum Refused {
    /// Not now; here it is again.
    Full(OutgoingMessage),
    /// Never.
    Error(Error),
}

/// A publisher that waits for room.
struct Waiting<'q>(&'q SendQueue);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.lock().waiting -= 1;
    }
}

impl SendQueue {
    pub(crate) fn new(
        messages: usize,
        bytes: usize,
        task: Arc<TaskWaker>,
        counters: Arc<AtomicCounters>,
    ) -> Self {
        Self {
            state: Mutex::default(),
            message_limit: messages.max(1),
            byte_limit: bytes,
            accepted: AtomicBool::new(false),
            fifo: FairMutex::new(()),
            freed: Notify::new(),
            commands_taken: Notify::new(),
            connected: AtomicBool::new(false),
            task,
            counters,
        }
    }

    fn lock(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses what can never be sent, or not now.
    fn check(&self, message: &OutgoingMessage) -> Result<(), Error> {
        if message.only_connected && !self.connected.load(Ordering::Acquire) {
            return Err(not_connected());
        }
        if message.text.len() > self.byte_limit {
            return Err(Error::new(
                ErrorKind::InvalidPayload,
                format!(
                    "the message has {} bytes, more than the outgoing queue may hold ({})",
                    message.text.len(),
                    self.byte_limit
                ),
            ));
        }
        Ok(())
    }

    /// Puts a request in and wakes the task, unless whoever put the first one in has done so.
    fn put(&self, mut state: MutexGuard<'_, QueueState>, request: Request) {
        state.queue.push_back(request);
        let first = state.queue.len() == 1;
        if first {
            self.accepted.store(true, Ordering::Release);
        }
        drop(state);
        if first {
            self.task.wake();
        }
    }

    /// Accepts a message if there is room, and nobody was before it in waiting for some.
    fn offer(&self, message: OutgoingMessage, in_turn: bool) -> Result<(), Refused> {
        let mut state = self.lock();
        if let Some(error) = &state.closed {
            return Err(Refused::Error(error.clone()));
        }
        let bytes = state.bytes.saturating_add(message.text.len());
        if state.messages >= self.message_limit
            || bytes > self.byte_limit
            || (state.waiting > 0 && !in_turn)
        {
            return Err(Refused::Full(message));
        }
        state.messages += 1;
        state.bytes = bytes;
        self.counters
            .queued
            .store(state.messages as u64, Ordering::Relaxed);
        self.put(state, Request::Message(message));
        Ok(())
    }

    /// Puts a message in, or fails at once.
    pub(crate) fn try_push(&self, message: OutgoingMessage) -> Result<(), Error> {
        self.check(&message)?;
        self.offer(message, false).map_err(|refused| match refused {
            Refused::Error(error) => error,
            Refused::Full(_) => Error::new(
                ErrorKind::QueueFull,
                "the queue of outgoing messages is full; try later, or await `publish`, which waits for room",
            ),
        })
    }

    /// Puts a message in if there is room; gives it back otherwise.
    pub(crate) fn push_now(
        &self,
        message: OutgoingMessage,
    ) -> Result<Option<OutgoingMessage>, Error> {
        self.check(&message)?;
        match self.offer(message, false) {
            Ok(()) => Ok(None),
            Err(Refused::Full(message)) => Ok(Some(message)),
            Err(Refused::Error(error)) => Err(error),
        }
    }

    /// Puts a message in, waiting for room.
    pub(crate) async fn push(&self, message: OutgoingMessage) -> Result<(), Error> {
        match self.push_now(message)? {
            None => Ok(()),
            Some(message) => self.push_in_turn(message).await,
        }
    }

    /// Waits for room and puts a message in.
    pub(crate) async fn push_in_turn(&self, mut message: OutgoingMessage) -> Result<(), Error> {
        self.lock().waiting += 1;
        let _waiting = Waiting(self);
        let _turn = self.fifo.lock().await;
        loop {
            message = match self.offer(message, true) {
                Ok(()) => return Ok(()),
                Err(Refused::Full(message)) => message,
                Err(Refused::Error(error)) => return Err(error),
            };
            // What was freed since is not missed: a notice nobody waits for is kept for the next.
            self.freed.notified().await;
        }
    }

    /// Puts a command in, waiting while very many are there. It does not wait for messages.
    pub(crate) async fn command(&self, command: Command) -> Result<(), Error> {
        let command = Box::new(command);
        loop {
            let taken = self.commands_taken.notified();
            {
                let mut state = self.lock();
                if let Some(error) = &state.closed {
                    return Err(error.clone());
                }
                if state.commands < COMMANDS {
                    state.commands += 1;
                    state.special = true;
                    self.put(state, Request::Command(command));
                    return Ok(());
                }
            }
            taken.await;
        }
    }

    /// Says that the consumer of a subscription is gone. Needs no room: there are never more of these than subscriptions.
    pub(crate) fn release_subscription(&self, subscription: u64) {
        let mut state = self.lock();
        if state.closed.is_none() {
            state.special = true;
            self.put(state, Request::Release(subscription));
        }
    }

    /// Moves what was accepted to the connection's task; says whether there is more among it than messages. Messages keep
    /// their room until [`release`](Self::release).
    pub(crate) fn drain_into(&self, batch: &mut VecDeque<Request>, now: Instant) -> bool {
        if !self.accepted.load(Ordering::Acquire) {
            return false;
        }
        let before = batch.len();
        let mut state = self.lock();
        self.accepted.store(false, Ordering::Release);
        if before == 0 {
            std::mem::swap(batch, &mut state.queue);
        } else {
            batch.append(&mut state.queue);
        }
        let special = std::mem::take(&mut state.special);
        let commands = std::mem::take(&mut state.commands);
        drop(state);
        if commands >= COMMANDS {
            self.commands_taken.notify_waiters();
        }
        for request in batch.range_mut(before..) {
            if let Request::Message(message) = request {
                message.expires = now.checked_add(message.expires_in);
            }
        }
        special
    }

    /// Gives back the room of messages that left.
    pub(crate) fn release(&self, messages: usize, bytes: usize) {
        if messages == 0 {
            return;
        }
        let mut state = self.lock();
        state.messages = state.messages.saturating_sub(messages);
        state.bytes = state.bytes.saturating_sub(bytes);
        self.counters
            .queued
            .store(state.messages as u64, Ordering::Relaxed);
        let awaited = state.waiting > 0;
        drop(state);
        if awaited {
            self.freed.notify_one();
        }
    }

    /// Accepts nothing more; everyone who asks is told why.
    pub(crate) fn close(&self, why: Error) {
        self.lock().closed = Some(why);
        self.freed.notify_one();
        self.commands_taken.notify_waiters();
    }

    /// Accepts again, for a task that starts anew with an empty queue.
    pub(crate) fn reopen(&self) {
        let mut state = self.lock();
        state.closed = None;
        state.messages = 0;
        state.bytes = 0;
    }
}

pub(crate) fn not_connected() -> Error {
    Error::new(
        ErrorKind::NotConnected,
        "there is no connection and the message was to be sent only over one",
    )
}

pub(crate) fn ack_timeout() -> Error {
    Error::new(
        ErrorKind::AckTimeout,
        "the server did not acknowledge the message in time; whether it took effect is unknown",
    )
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn message(name: u8) -> OutgoingMessage {
        OutgoingMessage {
            text: vec![name; 10],
            expires_in: Duration::from_secs(30),
            expires: None,
            completion: Completion::Nobody,
            only_connected: false,
            counted: true,
        }
    }

    fn queue_of(messages: usize, bytes: usize) -> SendQueue {
        SendQueue::new(messages, bytes, Arc::default(), Arc::default())
    }

    /// The names of what the connection's task finds.
    fn taken(queue: &SendQueue) -> Vec<u8> {
        let mut batch = VecDeque::new();
        queue.drain_into(&mut batch, Instant::now());
        let name = |request: &Request| match request {
            Request::Message(message) => message.text[0],
            other => panic!("no message but {other:?}"),
        };
        batch.iter().map(name).collect()
    }

    #[test]
    fn promise_23_nobody_overtakes_those_who_wait_for_room() {
        for (messages, bytes) in [(1, 1_000), (100, 10)] {
            let queue = queue_of(messages, bytes);
            queue.try_push(message(b'a')).unwrap();
            let mut gone = Box::pin(queue.push(message(b'b')));
            let mut waits = Box::pin(queue.push(message(b'c')));
            let mut later = Box::pin(queue.push(message(b'd')));
            for push in [&mut gone, &mut waits, &mut later] {
                assert!(push.now_or_never().is_none());
            }
            assert_eq!(taken(&queue), b"a");
            queue.release(1, 10);
            let refused = queue.try_push(message(b'e')).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::QueueFull);
            // Whoever gives up waiting leaves nothing behind.
            drop(gone);
            waits.now_or_never().unwrap().unwrap();
            assert!((&mut later).now_or_never().is_none());
            assert_eq!(taken(&queue), b"c");
            queue.release(1, 10);
            later.now_or_never().unwrap().unwrap();
            assert_eq!(taken(&queue), b"d");
            queue.release(1, 10);
            queue.try_push(message(b'e')).unwrap();
        }
    }

    #[test]
    fn closing_ends_every_wait_for_room() {
        let queue = queue_of(1, 1_000);
        queue.try_push(message(b'a')).unwrap();
        let mut waits = [b'b', b'c'].map(|name| Box::pin(queue.push(message(name))));
        for push in &mut waits {
            assert!(push.now_or_never().is_none());
        }
        queue.close(Error::closed());
        for push in waits {
            let error = push.now_or_never().unwrap().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Closed);
        }
    }

    #[test]
    fn promise_57_what_a_program_asks_in_order_is_found_in_order() {
        let queue = queue_of(10, 1_000);
        queue.try_push(message(b'a')).unwrap();
        let connect = Box::pin(queue.command(Command::Connect));
        connect.now_or_never().unwrap().unwrap();
        queue.release_subscription(7);
        queue.try_push(message(b'b')).unwrap();
        let mut batch = VecDeque::new();
        assert!(queue.drain_into(&mut batch, Instant::now()));
        assert!(matches!(
            batch.make_contiguous(),
            [
                Request::Message(_),
                Request::Command(_),
                Request::Release(7),
                Request::Message(_)
            ]
        ));
    }

    #[test]
    fn commands_are_bounded_and_wait_for_no_message() {
        let queue = queue_of(1, 1_000);
        queue.try_push(message(b'a')).unwrap();
        for _ in 0..COMMANDS {
            let command = Box::pin(queue.command(Command::Connect));
            command.now_or_never().unwrap().unwrap();
        }
        let mut more = Box::pin(queue.command(Command::Connect));
        assert!((&mut more).now_or_never().is_none());
        queue.drain_into(&mut VecDeque::new(), Instant::now());
        more.now_or_never().unwrap().unwrap();
    }
}

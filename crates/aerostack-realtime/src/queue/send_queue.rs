//! The bounded queue of outgoing messages.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Mutex as Turnstile, Notify, oneshot},
    time::Instant,
};
use uuid::Uuid;

use crate::{
    counters::Counting,
    error::{Error, ErrorKind},
    queue::task_waker::OwnerWaker,
};

/// Whoever waits for a message's fate.
#[derive(Debug)]
pub(crate) enum Waiter {
    Nobody,
    /// Wants to know when it was written to the socket.
    Sent(oneshot::Sender<Result<(), Error>>),
    /// Wants to know when the server acknowledged it.
    Acked(Box<Awaited>),
}

/// An acknowledgement someone waits for.
#[derive(Debug)]
pub(crate) struct Awaited {
    pub(crate) id: Box<str>,
    pub(crate) done: oneshot::Sender<Result<(), Error>>,
    pub(crate) timeout: Duration,
    /// Send it again, under the same id, if the connection is lost before the acknowledgement.
    pub(crate) resend: bool,
}

impl Outgoing {
    pub(crate) fn is_expired(&self, now: Instant) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }
}

impl Waiter {
    pub(crate) fn fail(self, error: Error) {
        let done = match self {
            Self::Nobody => return,
            Self::Sent(done) => done,
            Self::Acked(awaited) => awaited.done,
        };
        // The caller may have gone; then nobody wants to know.
        drop(done.send(Err(error)));
    }
}

#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) text: Vec<u8>,
    pub(crate) expires_in: Duration,
    /// Set when the connection's task takes the message, which is at once unless the whole runtime is held up; `None`
    /// if never.
    pub(crate) expires: Option<Instant>,
    pub(crate) waiter: Waiter,
    pub(crate) only_connected: bool,
    /// Whether it still occupies room in the queue.
    pub(crate) counted: bool,
}

/// Messages on their way to the connection's task. A message takes room from the moment it is accepted until it is
/// handed to the socket or given up.
///
/// One lock holds the messages and the count of the room they take, so that accepting one costs no more than that lock.
/// Whoever finds no room queues at the turnstile; its head alone waits for room, and nobody overtakes the queue.
#[derive(Debug)]
pub(crate) struct Outbound {
    room: Mutex<Room>,
    message_limit: usize,
    byte_limit: usize,
    /// Whether there is something for the connection's task to take.
    accepted: AtomicBool,
    turnstile: Turnstile<()>,
    freed: Notify,
    pub(crate) connected: AtomicBool,
    owner: Arc<OwnerWaker>,
    counting: Arc<Counting>,
}

#[derive(Debug, Default)]
struct Room {
    queue: VecDeque<Outgoing>,
    messages: usize,
    bytes: usize,
    /// How many publishers wait for room.
    waiting: usize,
    closed: bool,
}

/// Why a message was not accepted.
enum Refused {
    /// Not now; here it is again.
    Full(Outgoing),
    /// Never.
    Error(Error),
}

/// A publisher that waits for room.
struct Waiting<'o>(&'o Outbound);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.lock().waiting -= 1;
    }
}

impl Outbound {
    pub(crate) fn new(
        messages: usize,
        bytes: usize,
        owner: Arc<OwnerWaker>,
        counting: Arc<Counting>,
    ) -> Self {
        Self {
            room: Mutex::default(),
            message_limit: messages.max(1),
            byte_limit: bytes,
            accepted: AtomicBool::new(false),
            turnstile: Turnstile::new(()),
            freed: Notify::new(),
            connected: AtomicBool::new(false),
            owner,
            counting,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Room> {
        self.room.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Refuses what can never be sent, or not now.
    fn check(&self, message: &Outgoing) -> Result<(), Error> {
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

    /// Accepts a message if there is room, and nobody was before it in waiting for some.
    fn offer(&self, message: Outgoing, in_turn: bool) -> Result<(), Refused> {
        let mut room = self.lock();
        if room.closed {
            return Err(Refused::Error(Error::closed()));
        }
        let bytes = room.bytes.saturating_add(message.text.len());
        if room.messages >= self.message_limit
            || bytes > self.byte_limit
            || (room.waiting > 0 && !in_turn)
        {
            return Err(Refused::Full(message));
        }
        room.messages += 1;
        room.bytes = bytes;
        room.queue.push_back(message);
        self.counting
            .queued
            .store(room.messages as u64, Ordering::Relaxed);
        // Whoever put the first one in has woken the task, which takes all there are.
        let first = room.queue.len() == 1;
        if first {
            self.accepted.store(true, Ordering::Release);
        }
        drop(room);
        if first {
            self.owner.wake();
        }
        Ok(())
    }

    /// Puts a message in, or fails at once.
    pub(crate) fn try_push(&self, message: Outgoing) -> Result<(), Error> {
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
    pub(crate) fn push_now(&self, message: Outgoing) -> Result<Option<Outgoing>, Error> {
        self.check(&message)?;
        match self.offer(message, false) {
            Ok(()) => Ok(None),
            Err(Refused::Full(message)) => Ok(Some(message)),
            Err(Refused::Error(error)) => Err(error),
        }
    }

    /// Puts a message in, waiting for room.
    pub(crate) async fn push(&self, message: Outgoing) -> Result<(), Error> {
        match self.push_now(message)? {
            None => Ok(()),
            Some(message) => self.push_in_turn(message).await,
        }
    }

    /// Waits for room and puts a message in.
    pub(crate) async fn push_in_turn(&self, mut message: Outgoing) -> Result<(), Error> {
        self.lock().waiting += 1;
        let _waiting = Waiting(self);
        let _turn = self.turnstile.lock().await;
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

    /// Moves what was accepted to the connection's task. It keeps its room until [`release`](Self::release).
    pub(crate) fn drain_into(&self, batch: &mut VecDeque<Outgoing>, now: Instant) {
        if !self.accepted.load(Ordering::Acquire) {
            return;
        }
        let before = batch.len();
        let mut room = self.lock();
        self.accepted.store(false, Ordering::Release);
        if before == 0 {
            std::mem::swap(batch, &mut room.queue);
        } else {
            batch.append(&mut room.queue);
        }
        drop(room);
        for message in batch.range_mut(before..) {
            message.expires = now.checked_add(message.expires_in);
        }
    }

    /// Gives back the room of messages that left.
    pub(crate) fn release(&self, messages: usize, bytes: usize) {
        if messages == 0 {
            return;
        }
        let mut room = self.lock();
        room.messages = room.messages.saturating_sub(messages);
        room.bytes = room.bytes.saturating_sub(bytes);
        self.counting
            .queued
            .store(room.messages as u64, Ordering::Relaxed);
        let awaited = room.waiting > 0;
        drop(room);
        if awaited {
            self.freed.notify_one();
        }
    }

    /// Takes no more messages.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.freed.notify_one();
    }
}

pub(crate) fn not_connected() -> Error {
    Error::new(
        ErrorKind::NotConnected,
        "there is no connection and the message was to be sent only over one",
    )
}

pub(crate) fn expired() -> Error {
    Error::new(
        ErrorKind::Expired,
        "the message waited for a connection longer than its expiry and was not sent",
    )
}

/// Ids of outgoing messages: a random start per client, counted up.
///
/// The 122 random bits of a version 4 UUID make clients differ; counting makes messages of one client differ without
/// asking the system for randomness each time.
#[derive(Debug)]
pub(crate) struct Ids {
    base: u128,
    next: AtomicU64,
}

impl Ids {
    pub(crate) fn new() -> Self {
        Self {
            base: Uuid::new_v4().as_u128(),
            next: AtomicU64::new(0),
        }
    }

    pub(crate) fn next(&self) -> Uuid {
        // The low 62 bits hold nothing but randomness in a version 4 UUID.
        const LOW: u128 = (1 << 62) - 1;
        let count = u128::from(self.next.fetch_add(1, Ordering::Relaxed));
        let low = (self.base & LOW).wrapping_add(count) & LOW;
        Uuid::from_u128((self.base & !LOW) | low)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use futures_util::FutureExt;

    use super::*;

    fn message(name: u8) -> Outgoing {
        Outgoing {
            text: vec![name; 10],
            expires_in: Duration::from_secs(30),
            expires: None,
            waiter: Waiter::Nobody,
            only_connected: false,
            counted: true,
        }
    }

    fn queue(messages: usize, bytes: usize) -> Outbound {
        Outbound::new(messages, bytes, Arc::default(), Arc::default())
    }

    /// The names of what the connection's task finds.
    fn taken(outbound: &Outbound) -> Vec<u8> {
        let mut batch = VecDeque::new();
        outbound.drain_into(&mut batch, Instant::now());
        batch.iter().map(|message| message.text[0]).collect()
    }

    #[test]
    fn promise_23_nobody_overtakes_those_who_wait_for_room() {
        for (messages, bytes) in [(1, 1_000), (100, 10)] {
            let outbound = queue(messages, bytes);
            outbound.try_push(message(b'a')).unwrap();
            let mut gone = Box::pin(outbound.push(message(b'b')));
            let mut waits = Box::pin(outbound.push(message(b'c')));
            let mut later = Box::pin(outbound.push(message(b'd')));
            for push in [&mut gone, &mut waits, &mut later] {
                assert!(push.now_or_never().is_none());
            }
            assert_eq!(taken(&outbound), b"a");
            outbound.release(1, 10);
            let refused = outbound.try_push(message(b'e')).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::QueueFull);
            // Whoever gives up waiting leaves nothing behind.
            drop(gone);
            waits.now_or_never().unwrap().unwrap();
            assert!((&mut later).now_or_never().is_none());
            assert_eq!(taken(&outbound), b"c");
            outbound.release(1, 10);
            later.now_or_never().unwrap().unwrap();
            assert_eq!(taken(&outbound), b"d");
            outbound.release(1, 10);
            outbound.try_push(message(b'e')).unwrap();
        }
    }

    #[test]
    fn closing_ends_every_wait_for_room() {
        let outbound = queue(1, 1_000);
        outbound.try_push(message(b'a')).unwrap();
        let mut waits = [b'b', b'c'].map(|name| Box::pin(outbound.push(message(name))));
        for push in &mut waits {
            assert!(push.now_or_never().is_none());
        }
        outbound.close();
        for push in waits {
            let error = push.now_or_never().unwrap().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Closed);
        }
    }

    #[test]
    fn promise_28_ids_never_repeat_within_or_across_clients() {
        let mut seen = HashSet::new();
        for _ in 0..100 {
            let ids = Ids::new();
            for _ in 0..1_000 {
                let id = ids.next();
                assert_eq!(id.get_version_num(), 4);
                assert!(seen.insert(id));
            }
        }
    }
}

//! The bounded queue of outgoing messages.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Semaphore, TryAcquireError, oneshot},
    time::Instant,
};
use uuid::Uuid;

use crate::{
    counters::{Counting, add},
    error::{Error, ErrorKind},
    wake::OwnerWaker,
};

/// Whoever waits for a message's fate.
#[derive(Debug)]
pub(crate) enum Waiter {
    Nobody,
    /// Wants to know when it was written to the socket.
    Sent(oneshot::Sender<Result<(), Error>>),
    /// Wants to know when the server acknowledged it.
    Acked {
        done: oneshot::Sender<Result<(), Error>>,
        timeout: Duration,
        /// Send it again, under the same id, if the connection is lost before the acknowledgement.
        resend: bool,
    },
}

impl Waiter {
    pub(crate) fn fail(self, error: Error) {
        match self {
            Self::Nobody => {}
            // The caller may have gone; then nobody wants to know.
            Self::Sent(done) | Self::Acked { done, .. } => drop(done.send(Err(error))),
        }
    }
}

#[derive(Debug)]
pub(crate) struct Outgoing {
    pub(crate) text: String,
    pub(crate) id: Option<Box<str>>,
    pub(crate) expires: Instant,
    pub(crate) only_connected: bool,
    pub(crate) waiter: Waiter,
    /// Whether it still occupies room in the queue.
    pub(crate) counted: bool,
}

/// Messages on their way to the connection's task. A message takes room from the moment it is accepted until it is
/// handed to the socket or given up.
#[derive(Debug)]
pub(crate) struct Outbound {
    queue: Mutex<VecDeque<Outgoing>>,
    waiting: AtomicU64,
    messages: Semaphore,
    bytes: Semaphore,
    byte_limit: usize,
    pub(crate) connected: AtomicBool,
    owner: Arc<OwnerWaker>,
    counting: Arc<Counting>,
}

impl Outbound {
    pub(crate) fn new(
        messages: usize,
        bytes: usize,
        owner: Arc<OwnerWaker>,
        counting: Arc<Counting>,
    ) -> Self {
        let bytes = bytes.min(Semaphore::MAX_PERMITS).min(u32::MAX as usize);
        Self {
            queue: Mutex::default(),
            waiting: AtomicU64::new(0),
            messages: Semaphore::new(messages.clamp(1, Semaphore::MAX_PERMITS)),
            bytes: Semaphore::new(bytes),
            byte_limit: bytes,
            connected: AtomicBool::new(false),
            owner,
            counting,
        }
    }

    /// Refuses what can never be sent, or not now.
    fn check(&self, message: &Outgoing) -> Result<u32, Error> {
        if message.only_connected && !self.connected.load(Ordering::Acquire) {
            return Err(not_connected());
        }
        match u32::try_from(message.text.len()) {
            Ok(size) if message.text.len() <= self.byte_limit => Ok(size),
            _ => Err(Error::new(
                ErrorKind::InvalidPayload,
                format!(
                    "the message has {} bytes, more than the outgoing queue may hold ({})",
                    message.text.len(),
                    self.byte_limit
                ),
            )),
        }
    }

    pub(crate) fn try_push(&self, message: Outgoing) -> Result<(), Error> {
        let size = self.check(&message)?;
        let full = |error| match error {
            TryAcquireError::Closed => Error::closed(),
            TryAcquireError::NoPermits => Error::new(
                ErrorKind::QueueFull,
                "the queue of outgoing messages is full; try later, or await `publish`, which waits for room",
            ),
        };
        let one = self.messages.try_acquire().map_err(full)?;
        self.bytes.try_acquire_many(size).map_err(full)?.forget();
        one.forget();
        self.accept(message);
        Ok(())
    }

    pub(crate) async fn push(&self, message: Outgoing) -> Result<(), Error> {
        let size = self.check(&message)?;
        let one = self.messages.acquire().await.map_err(|_| Error::closed())?;
        let bytes = self
            .bytes
            .acquire_many(size)
            .await
            .map_err(|_| Error::closed())?;
        bytes.forget();
        one.forget();
        self.accept(message);
        Ok(())
    }

    fn accept(&self, message: Outgoing) {
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        queue.push_back(message);
        self.waiting.store(queue.len() as u64, Ordering::Release);
        drop(queue);
        add(&self.counting.queued, 1);
        self.owner.wake();
    }

    /// Moves what was accepted to the connection's task. It keeps its room until [`release`](Self::release).
    pub(crate) fn drain_into(&self, batch: &mut VecDeque<Outgoing>) {
        if self.waiting.load(Ordering::Acquire) == 0 {
            return;
        }
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        self.waiting.store(0, Ordering::Release);
        if batch.is_empty() {
            std::mem::swap(batch, &mut queue);
        } else {
            batch.append(&mut queue);
        }
    }

    /// Gives back the room of messages that left.
    pub(crate) fn release(&self, messages: usize, bytes: usize) {
        if messages > 0 {
            self.messages.add_permits(messages);
            self.bytes.add_permits(bytes);
            self.counting
                .queued
                .fetch_sub(messages as u64, Ordering::Relaxed);
        }
    }

    /// Takes no more messages.
    pub(crate) fn close(&self) {
        self.messages.close();
        self.bytes.close();
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

    pub(crate) fn next(&self) -> Box<str> {
        // The low 62 bits hold nothing but randomness in a version 4 UUID.
        const LOW: u128 = (1 << 62) - 1;
        let count = u128::from(self.next.fetch_add(1, Ordering::Relaxed));
        let low = (self.base & LOW).wrapping_add(count) & LOW;
        let mut buffer = Uuid::encode_buffer();
        Box::from(
            &*Uuid::from_u128((self.base & !LOW) | low)
                .hyphenated()
                .encode_lower(&mut buffer),
        )
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn promise_28_ids_never_repeat_within_or_across_clients() {
        let mut seen = HashSet::new();
        for _ in 0..100 {
            let ids = Ids::new();
            for _ in 0..1_000 {
                let id = ids.next();
                assert_eq!(Uuid::parse_str(&id).unwrap().get_version_num(), 4);
                assert!(seen.insert(id));
            }
        }
    }
}

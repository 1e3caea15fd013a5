//! The bounded buffer between the connection's task and one consumer.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use crate::{
    error::{Error, ErrorKind},
    protocol::message::{Gap, Item},
    queue::task_waker::TaskWaker,
};

/// What happens to messages when a subscription's buffer is full.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Backpressure {
    /// Drop the oldest message in the buffer. The consumer sees how many are missing, where they are missing.
    #[default]
    DropOldest,
    /// Drop the message that arrived.
    DropNewest,
    /// Stop reading the connection until there is room: nothing is dropped, and every other subscription of the client
    /// waits as well. Awaiting an acknowledgement or a new subscription inside the loop that reads such a subscription may
    /// run into its timeout, since the answer waits behind the messages.
    Block,
    /// End the stream with [`ErrorKind::SlowConsumer`].
    Fail,
}

/// Gap items kept apart from messages; beyond this they are merged.
const CONTROL_LIMIT: usize = 64;

/// Messages beyond the capacity that may be put in when connections end.
const LATE_LIMIT: usize = 2_048;

/// What became of a pushed entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pushed<M> {
    Accepted,
    /// Taken, or not, at the price of one message.
    Dropped,
    /// Not taken, and given back: the policy is to wait.
    Full(M),
    /// The consumer is gone or was ended.
    Ended,
}

type Queued<M> = Result<Item<M>, Error>;

#[derive(Debug)]
pub(crate) struct Buffer<M> {
    state: Mutex<State<M>>,
    capacity: usize,
    policy: Backpressure,
    task: Arc<TaskWaker>,
}

#[derive(Debug)]
struct State<M> {
    queue: VecDeque<Queued<M>>,
    /// Entries that count against the capacity: messages and errors.
    counted: usize,
    ended: bool,
    consumer_gone: bool,
    task_waits: bool,
    waker: Option<Waker>,
}

impl<M> Buffer<M> {
    pub(crate) fn new(capacity: usize, policy: Backpressure, task: Arc<TaskWaker>) -> Self {
        Self {
            state: Mutex::new(State {
                queue: VecDeque::new(),
                counted: 0,
                ended: false,
                consumer_gone: false,
                task_waits: false,
                waker: None,
            }),
            capacity: capacity.max(1),
            policy,
            task,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<M>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a message in, by the policy.
    pub(crate) fn push(&self, message: M) -> Pushed<M> {
        match self.push_entry(Ok(Item::Message(message))) {
            Pushed::Accepted => Pushed::Accepted,
            Pushed::Dropped => Pushed::Dropped,
            Pushed::Full(Ok(Item::Message(message))) => Pushed::Full(message),
            Pushed::Full(_) | Pushed::Ended => Pushed::Ended,
        }
    }

    /// Puts an error in, by the policy; where the policy is to wait, it is put in all the same.
    pub(crate) fn push_error(&self, error: Error) {
        if let Pushed::Full(error) = self.push_entry(Err(error)) {
            let mut state = self.lock();
            state.task_waits = false;
            state.queue.push_back(error);
            state.counted += 1;
            Self::wake(state);
        }
    }

    fn push_entry(&self, entry: Queued<M>) -> Pushed<Queued<M>> {
        let mut state = self.lock();
        if state.ended || state.consumer_gone {
            return Pushed::Ended;
        }
        let mut pushed = Pushed::Accepted;
        if state.counted >= self.capacity {
            match self.policy {
                Backpressure::Block => {
                    state.task_waits = true;
                    return Pushed::Full(entry);
                }
                Backpressure::DropOldest => {
                    state.drop_oldest();
                    pushed = Pushed::Dropped;
                }
                Backpressure::DropNewest => {
                    state.drop_newest();
                    return Pushed::Dropped;
                }
                Backpressure::Fail => {
                    state.queue.push_back(Err(Error::new(
                        ErrorKind::SlowConsumer,
                        format!(
                            "the stream held {} unread messages and its policy is to fail",
                            self.capacity
                        ),
                    )));
                    state.counted += 1;
                    state.ended = true;
                    Self::wake(state);
                    return Pushed::Ended;
                }
            }
        }
        state.queue.push_back(entry);
        state.counted += 1;
        Self::wake(state);
        pushed
    }

    /// Puts in a message whose number is bounded elsewhere, whether there is room or not.
    pub(crate) fn push_recovered(&self, message: M) {
        let mut state = self.lock();
        if !state.ended && !state.consumer_gone {
            state.queue.push_back(Ok(Item::Message(message)));
            state.counted += 1;
            Self::wake(state);
        }
    }

    /// Puts in a message that waited for room when the connection ended. It was taken in, so it is delivered; only a
    /// consumer that is stuck through many connections loses it, and is told. Says whether it was lost.
    pub(crate) fn push_late(&self, message: M) -> bool {
        let mut state = self.lock();
        if state.ended || state.consumer_gone {
            return false;
        }
        let lost = state.counted >= self.capacity.saturating_add(LATE_LIMIT);
        if lost {
            state.drop_newest();
        } else {
            state.queue.push_back(Ok(Item::Message(message)));
            state.counted += 1;
        }
        state.task_waits = false;
        Self::wake(state);
        lost
    }

    /// Puts a gap in. Gaps do not count against the capacity; very many of them unread become one.
    pub(crate) fn push_gap(&self, gap: Gap) {
        let mut state = self.lock();
        if state.ended || state.consumer_gone {
            return;
        }
        let control = state.queue.len() - state.counted;
        if control >= CONTROL_LIMIT {
            let last = state.queue.iter_mut().rev().find_map(|entry| match entry {
                Ok(Item::Gap(last)) => Some(last),
                _ => None,
            });
            if let Some(last) = last {
                last.to = gap.to;
                last.recovery = gap.recovery;
                last.recovered += gap.recovered;
                last.interruptions += gap.interruptions;
                return;
            }
        }
        state.queue.push_back(Ok(Item::Gap(gap)));
        Self::wake(state);
    }

    /// Empties the buffer and puts in what makes up for everything dropped.
    pub(crate) fn replace(&self, message: M) {
        let mut state = self.lock();
        if state.ended || state.consumer_gone {
            return;
        }
        let told: u64 = state
            .queue
            .iter()
            .map(|entry| match entry {
                Ok(Item::Lagged(count)) => *count,
                _ => 0,
            })
            .sum();
        let dropped = told + state.counted as u64;
        state
            .queue
            .retain(|entry| matches!(entry, Ok(Item::Gap(_))));
        state.queue.push_back(Ok(Item::Lagged(dropped)));
        state.queue.push_back(Ok(Item::Message(message)));
        state.counted = 1;
        Self::wake(state);
    }

    /// Nothing more will come; what is buffered can still be read.
    pub(crate) fn end(&self) {
        let mut state = self.lock();
        state.ended = true;
        Self::wake(state);
    }

    /// The consumer is gone.
    pub(crate) fn abandon(&self) {
        let mut state = self.lock();
        state.consumer_gone = true;
        state.queue = VecDeque::new();
        state.counted = 0;
        let waits = std::mem::take(&mut state.task_waits);
        drop(state);
        if waits {
            self.task.wake();
        }
    }

    pub(crate) fn is_abandoned(&self) -> bool {
        let state = self.lock();
        state.consumer_gone || state.ended
    }

    pub(crate) fn poll_pop(&self, cx: &mut Context<'_>) -> Poll<Option<Queued<M>>> {
        let mut state = self.lock();
        match state.queue.pop_front() {
            Some(entry) => {
                if !matches!(entry, Ok(Item::Gap(_) | Item::Lagged(_))) {
                    state.counted -= 1;
                }
                // Half empty before the connection is read again: one wake-up then brings many messages.
                let resume = state.task_waits && state.counted <= self.capacity / 2;
                if resume {
                    state.task_waits = false;
                }
                drop(state);
                if resume {
                    self.task.wake();
                }
                Poll::Ready(Some(entry))
            }
            None if state.ended => Poll::Ready(None),
            None => {
                match &mut state.waker {
                    Some(waker) => waker.clone_from(cx.waker()),
                    none => *none = Some(cx.waker().clone()),
                }
                Poll::Pending
            }
        }
    }

    fn wake(mut state: MutexGuard<'_, State<M>>) {
        let waker = state.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

impl<M> State<M> {
    /// Says that a message was not taken.
    fn drop_newest(&mut self) {
        match self.queue.back_mut() {
            Some(Ok(Item::Lagged(count))) => *count += 1,
            _ => self.queue.push_back(Ok(Item::Lagged(1))),
        }
    }

    /// Drops the oldest counted entry and says so in its place.
    fn drop_oldest(&mut self) {
        let Some(at) = self
            .queue
            .iter()
            .position(|entry| !matches!(entry, Ok(Item::Gap(_) | Item::Lagged(_))))
        else {
            return;
        };
        self.counted -= 1;
        if at > 0
            && let Some(Ok(Item::Lagged(count))) = self.queue.get_mut(at - 1)
        {
            *count += 1;
            self.queue.remove(at);
        } else if let Some(entry) = self.queue.get_mut(at) {
            *entry = Ok(Item::Lagged(1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn promise_19_what_comes_late_is_bounded_and_its_loss_is_told() {
        let buffer = Buffer::new(10, Backpressure::Block, Arc::default());
        let room = 10 + LATE_LIMIT;
        let lost = (0..room + 5).filter(|n| buffer.push_late(*n)).count();
        assert_eq!(lost, 5);
        let mut cx = Context::from_waker(Waker::noop());
        for n in 0..room {
            let entry = buffer.poll_pop(&mut cx);
            assert!(matches!(entry, Poll::Ready(Some(Ok(Item::Message(m)))) if m == n));
        }
        let entry = buffer.poll_pop(&mut cx);
        assert!(matches!(entry, Poll::Ready(Some(Ok(Item::Lagged(5))))));
        assert!(buffer.poll_pop(&mut cx).is_pending());
    }
}

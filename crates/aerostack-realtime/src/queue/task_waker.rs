//! Waking the connection's task.

use futures_util::task::AtomicWaker;

/// Wakes the connection's task, whichever runtime it runs on.
#[derive(Debug, Default)]
pub(crate) struct TaskWaker(AtomicWaker);

impl TaskWaker {
    pub(crate) fn wake(&self) {
        self.0.wake();
    }

    pub(crate) fn register(&self, waker: &std::task::Waker) {
        self.0.register(waker);
    }
}

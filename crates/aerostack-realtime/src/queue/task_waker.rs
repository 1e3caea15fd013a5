//! Waking the connection's task, and what it finds when it wakes.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use futures_util::task::AtomicWaker;

/// Reaches the connection's task without a queue that could be full: a dropped stream must be able to say so from
/// `Drop`.
#[derive(Debug, Default)]
pub(crate) struct OwnerWaker {
    waker: AtomicWaker,
    released: Mutex<Vec<u64>>,
    has_released: AtomicBool,
}

impl OwnerWaker {
    pub(crate) fn wake(&self) {
        self.waker.wake();
    }

    pub(crate) fn register(&self, waker: &std::task::Waker) {
        self.waker.register(waker);
    }

    /// Notes that a subscription's consumer is gone. There are never more notes than subscriptions.
    pub(crate) fn release(&self, subscription: u64) {
        self.released
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(subscription);
        self.has_released.store(true, Ordering::Release);
        self.wake();
    }

    pub(crate) fn take_released(&self) -> Vec<u64> {
        if !self.has_released.swap(false, Ordering::Acquire) {
            return Vec::new();
        }
        std::mem::take(&mut *self.released.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

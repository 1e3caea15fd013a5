//! Dropping a future after some of its steps.

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

/// More steps than any call takes.
const MANY: usize = 400;

/// A future that gives up after some polls.
struct After<'a, F> {
    future: Pin<&'a mut F>,
    left: usize,
}

impl<F: Future> Future for After<'_, F> {
    type Output = Option<F::Output>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        self.left -= 1;
        match self.future.as_mut().poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending if self.left == 0 => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// Polls a future at most so often and drops it; what it came to, if it ended.
pub(crate) async fn after<F: Future>(polls: usize, future: F) -> Option<F::Output> {
    let future = pin!(future);
    After {
        future,
        left: polls,
    }
    .await
}

/// Makes a call again and again and drops it one step later each time, until it ends; says how many steps it took.
pub(crate) async fn at_every_step<F: Future>(make: impl AsyncFn() -> F) -> usize {
    for polls in 0..MANY {
        if after(polls, make().await).await.is_some() {
            return polls;
        }
    }
    panic!("a call took more than {MANY} steps");
}

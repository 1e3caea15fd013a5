//! Telling an observer what calls do. Without one, nothing here allocates, locks or reads a clock.

use std::{
    error::Error as StdError,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError, atomic::Ordering},
    time::Duration,
};

use http::{HeaderMap, HeaderValue, StatusCode};
use tokio::time::Instant;

use crate::{
    failure::Failure,
    operation::Operation,
    retry::BudgetState,
    transport::{CallState, Outcome, REQUEST_ID, Transport},
};

/// Is told what calls do. It runs within the call, on its task; a panic of its own is caught and changes nothing.
pub trait Observe: Send + Sync {
    /// A call begins. Exactly one [`call_ended`](Self::call_ended) follows.
    fn call_started(&self, call: &CallInfo<'_>) {
        let _ = call;
    }

    /// An attempt is over.
    fn attempt_ended(&self, attempt: &AttemptReport<'_>) {
        let _ = attempt;
    }

    /// A call is over: answered, failed, or dropped.
    fn call_ended(&self, call: &CallReport<'_>) {
        let _ = call;
    }
}

/// Who is told.
#[derive(Clone)]
pub struct Observer(Arc<dyn Observe>);

impl Observer {
    /// Tells this one.
    pub fn new(observer: impl Observe + 'static) -> Self {
        Self(Arc::new(observer))
    }

    fn tell(&self, what: impl FnOnce(&dyn Observe)) {
        // What is observed must not depend on who observes.
        let _ = catch_unwind(AssertUnwindSafe(|| what(&*self.0)));
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}

/// Which call it is.
#[derive(Debug, Clone, Copy)]
pub struct CallInfo<'a> {
    /// The operation.
    pub operation: &'static Operation,
    /// The id sent as `X-Request-ID`.
    pub request_id: &'a str,
}

/// How a call or an attempt ended.
#[derive(Debug, Clone, Copy)]
pub enum Ending<'a> {
    /// With an answer, read to its end.
    Success,
    /// The wire says why not.
    Failed(&'a Failure),
    /// The answer arrived, but is of no use to whoever reads it.
    Unusable(&'a (dyn StdError + 'static)),
    /// Nobody waits for it any longer.
    Cancelled,
}

/// What a failed attempt is followed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Nothing: it did not fail, or nobody waits.
    Nothing,
    /// Another attempt.
    Repeat {
        /// The wait before it.
        after: Duration,
    },
    /// The end: repeating might do harm or would not help.
    Unrepeatable,
    /// The end: there were as many attempts as are allowed.
    AttemptsUsed,
    /// The end: the deadline comes before the next attempt.
    NoTimeLeft,
    /// The end: the budget for repeats is empty.
    BudgetEmpty,
}

/// What went over the wire, and how long it took.
#[derive(Debug, Clone, Copy, Default)]
pub struct Traffic {
    /// The status of the (last) answer.
    pub status: Option<StatusCode>,
    /// From the beginning to the end, a streamed body included.
    pub latency: Duration,
    /// From the beginning to the head of the (last) answer.
    pub to_head: Option<Duration>,
    /// Bytes of request bodies; of an upload, the bytes of the file that have gone out.
    pub request_bytes: u64,
    /// Bytes of answers' bodies that arrived.
    pub response_bytes: u64,
}

/// An attempt that is over.
#[derive(Debug, Clone, Copy)]
pub struct AttemptReport<'a> {
    /// The call.
    pub call: CallInfo<'a>,
    /// Its number, from 1.
    pub attempt: u32,
    /// How it ended.
    pub ending: Ending<'a>,
    /// What it moved.
    pub traffic: Traffic,
    /// What follows.
    pub next: Next,
    /// The budget for repeats, after what follows was paid.
    pub budget: BudgetState,
}

/// A call that is over.
#[derive(Debug, Clone, Copy)]
pub struct CallReport<'a> {
    /// The call.
    pub call: CallInfo<'a>,
    /// Attempts begun.
    pub attempts: u32,
    /// How it ended.
    pub ending: Ending<'a>,
    /// What it moved, in all attempts.
    pub traffic: Traffic,
    /// The budget for repeats.
    pub budget: BudgetState,
}

/// Watches over one call, if anybody wants to know. Dropped before its end, it reports the call as cancelled.
pub(crate) struct CallWatch(Option<Watched>);

struct Watched {
    transport: Transport,
    operation: &'static Operation,
    request_id: Option<HeaderValue>,
    started: Instant,
    attempts: u32,
    running: Option<Running>,
    total: Traffic,
}

/// The attempt under way.
struct Running {
    state: Arc<CallState>,
    started: Instant,
    /// What had gone out of the upload before.
    sent_before: u64,
    status: Option<StatusCode>,
    head: Option<Instant>,
}

impl CallWatch {
    pub(crate) fn start(
        transport: &Transport,
        operation: &'static Operation,
        headers: &HeaderMap,
    ) -> Self {
        let Some(observer) = &transport.config().observer else {
            return Self(None);
        };
        let watched = Watched {
            transport: transport.clone(),
            operation,
            request_id: headers.get(&REQUEST_ID).cloned(),
            started: Instant::now(),
            attempts: 0,
            running: None,
            total: Traffic::default(),
        };
        observer.tell(|observer| observer.call_started(&watched.info()));
        Self(Some(watched))
    }

    pub(crate) fn attempt(&mut self, state: &Arc<CallState>) {
        if let Some(watched) = &mut self.0 {
            watched.attempts += 1;
            watched.running = Some(Running {
                state: Arc::clone(state),
                started: Instant::now(),
                sent_before: state.sent.as_ref().map_or(0, |sent| sent.bytes()),
                status: None,
                head: None,
            });
        }
    }

    /// Keeps what an attempt left behind before the loop takes it.
    pub(crate) fn answered(&mut self, outcome: &Outcome) {
        let running = self.0.as_mut().and_then(|watched| watched.running.as_mut());
        if let Some(running) = running {
            running.status = outcome.status;
            running.head = outcome.head;
        }
    }

    pub(crate) fn failed(&mut self, failure: &Failure, next: Next) {
        if let Some(watched) = &mut self.0 {
            watched.end_attempt(Ending::Failed(failure), next);
        }
        if !matches!(next, Next::Repeat { .. }) {
            self.end(Ending::Failed(failure));
        }
    }

    /// Ends the call, and the attempt under way. What comes after the first end changes nothing.
    pub(crate) fn end(&mut self, ending: Ending<'_>) {
        if let Some(mut watched) = self.0.take() {
            let next = match ending {
                Ending::Failed(_) | Ending::Unusable(_) => Next::Unrepeatable,
                Ending::Success | Ending::Cancelled => Next::Nothing,
            };
            watched.end_attempt(ending, next);
            watched.end(ending);
        }
    }

    /// Hands the watch over to a body that is still to be read.
    pub(crate) fn into_body(self) -> BodyWatch {
        BodyWatch(self.0.is_some().then(|| Arc::new(Mutex::new(self))))
    }
}

impl Drop for CallWatch {
    fn drop(&mut self) {
        self.end(Ending::Cancelled);
    }
}

impl Watched {
    fn info(&self) -> CallInfo<'_> {
        CallInfo {
            operation: self.operation,
            request_id: self
                .request_id
                .as_ref()
                .and_then(|id| id.to_str().ok())
                .unwrap_or_default(),
        }
    }

    fn tell(&self, what: impl FnOnce(&dyn Observe)) {
        if let Some(observer) = &self.transport.config().observer {
            observer.tell(what);
        }
    }

    fn end_attempt(&mut self, ending: Ending<'_>, next: Next) {
        let Some(running) = self.running.take() else {
            return;
        };
        let state = &running.state;
        // A dropped attempt left its record in place.
        let (status, head) = state.peek();
        let (status, head) = (running.status.or(status), running.head.or(head));
        let traffic = Traffic {
            status,
            latency: running.started.elapsed(),
            to_head: head.map(|head| head.saturating_duration_since(running.started)),
            request_bytes: match &state.sent {
                Some(sent) => sent.bytes().saturating_sub(running.sent_before),
                None => state.request_bytes.load(Ordering::Relaxed),
            },
            response_bytes: state.response_bytes.load(Ordering::Relaxed),
        };
        self.total.status = status.or(self.total.status);
        self.total.to_head = head
            .map(|head| head.saturating_duration_since(self.started))
            .or(self.total.to_head);
        self.total.request_bytes += traffic.request_bytes;
        self.total.response_bytes += traffic.response_bytes;
        let report = AttemptReport {
            call: self.info(),
            attempt: self.attempts,
            ending,
            traffic,
            next,
            budget: self.transport.budget(),
        };
        self.tell(|observer| observer.attempt_ended(&report));
    }

    fn end(&self, ending: Ending<'_>) {
        let report = CallReport {
            call: self.info(),
            attempts: self.attempts,
            ending,
            traffic: Traffic {
                latency: self.started.elapsed(),
                ..self.total
            },
            budget: self.transport.budget(),
        };
        self.tell(|observer| observer.call_ended(&report));
    }
}

/// What ends the observation of a streamed answer. Its clones end the same.
#[derive(Clone)]
pub struct BodyWatch(Option<Arc<Mutex<CallWatch>>>);

impl BodyWatch {
    /// The reader has all it wanted, although the body goes on.
    pub fn done(&self) {
        self.end(Ending::Success);
    }

    /// The reader cannot use what arrived.
    pub fn unusable(&self, error: &(dyn StdError + 'static)) {
        self.end(Ending::Unusable(error));
    }

    pub(crate) fn end(&self, ending: Ending<'_>) {
        if let Some(watch) = &self.0 {
            watch
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .end(ending);
        }
    }

    pub(crate) fn received(&self, bytes: usize) {
        let Some(watch) = &self.0 else { return };
        let watch = watch.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = watch.0.as_ref().and_then(|watch| watch.running.as_ref()) {
            running.state.received(bytes);
        }
    }
}

impl fmt::Debug for BodyWatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BodyWatch")
    }
}

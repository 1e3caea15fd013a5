//! What handles and the connection's task share.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use tokio::sync::watch;

use crate::{
    counters::AtomicCounters,
    queue::{ids::Ids, send_queue::SendQueue, task_waker::TaskWaker},
    settings::Settings,
    status::Announcer,
    token::Tokens,
    transport::history::HistorySource,
};

/// Whether there is a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lifecycle {
    /// Not yet.
    New,
    Running,
    /// It went before its time; the next use starts another.
    Stopped,
    /// No more.
    Over,
}

pub(crate) struct Shared {
    pub(crate) settings: Settings,
    pub(crate) waker: Arc<TaskWaker>,
    pub(crate) queue: SendQueue,
    pub(crate) counters: Arc<AtomicCounters>,
    pub(crate) announcer: Announcer,
    pub(crate) history: Arc<dyn HistorySource>,
    pub(crate) ids: Ids,
    pub(crate) subscriptions: AtomicU64,
    pub(crate) tokens: Arc<Tokens>,
    pub(crate) token_changed: AtomicBool,
    /// Whether waiting is to end, or the connection to be tried: someone knows that the network is back.
    pub(crate) reconnect_now: AtomicBool,
    pub(crate) closing: AtomicBool,
    /// Whether the last handle was dropped.
    pub(crate) abandoned: AtomicBool,
    /// Milliseconds by which the server's clock is ahead of this machine's, as far as it told.
    server_ahead: AtomicI64,
    lifecycle: Mutex<Lifecycle>,
    /// As `lifecycle` says, without its lock.
    pub(crate) running: AtomicBool,
    /// Becomes true when everything is over.
    pub(crate) done: watch::Sender<bool>,
    /// The project id the server told, where none was configured.
    pub(crate) learnt_project: Mutex<Option<String>>,
}

impl Shared {
    pub(crate) fn new(settings: Settings, history: Arc<dyn HistorySource>, tokens: Tokens) -> Self {
        let waker = Arc::new(TaskWaker::default());
        let counters = Arc::new(AtomicCounters::default());
        Self {
            queue: SendQueue::new(
                settings.limits.queue_messages,
                settings.limits.queue_bytes,
                Arc::clone(&waker),
                Arc::clone(&counters),
            ),
            waker,
            counters,
            announcer: Announcer::new(),
            history,
            ids: Ids::new(),
            subscriptions: AtomicU64::new(0),
            tokens: Arc::new(tokens),
            token_changed: AtomicBool::new(false),
            reconnect_now: AtomicBool::new(false),
            closing: AtomicBool::new(false),
            abandoned: AtomicBool::new(false),
            server_ahead: AtomicI64::new(0),
            lifecycle: Mutex::new(Lifecycle::New),
            running: AtomicBool::new(false),
            done: watch::Sender::new(false),
            learnt_project: Mutex::default(),
            settings,
        }
    }

    pub(crate) fn lifecycle(&self) -> MutexGuard<'_, Lifecycle> {
        self.lifecycle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// The time, by the clock of the settings; by the system's, should that one panic.
    pub(crate) fn now(&self) -> SystemTime {
        let clock = AssertUnwindSafe(&self.settings.clock);
        catch_unwind(|| (*clock)()).unwrap_or_else(|_| SystemTime::now())
    }

    /// Takes the server's time, which it tells in whole seconds, to compare the clocks by.
    pub(crate) fn note_server_time(&self, time: Option<SystemTime>) {
        let Some(time) = time else { return };
        let ahead = unix_ms(time) - unix_ms(self.now());
        // Closer than the seconds and the way of the answer allow to tell, the earlier of the two is taken.
        let ahead = if ahead.abs() < 2_000 {
            ahead.min(0)
        } else {
            ahead
        };
        self.server_ahead.store(ahead, Relaxed);
    }

    /// What the server's clock shows now, in Unix milliseconds, and never later than it does.
    pub(crate) fn server_now(&self) -> i64 {
        unix_ms(self.now()) + self.server_ahead.load(Relaxed)
    }

    /// The project id, configured or learnt.
    pub(crate) fn project(&self) -> Option<String> {
        self.settings.project_id.clone().or_else(|| {
            self.learnt_project
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .clone()
        })
    }
}

fn unix_ms(time: SystemTime) -> i64 {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX / 2)
}

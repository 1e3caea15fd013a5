//! What handles and the connection's task share.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed},
    },
    time::{SystemTime, UNIX_EPOCH},
};

use aerostack_api::RawJson;
use tokio::sync::{oneshot, watch};

use crate::{
    client::history::HistorySource,
    counters::Counting,
    error::{Error, ErrorKind},
    protocol::topic::Name,
    queue::send_queue::{Ids, Outbound},
    queue::task_waker::OwnerWaker,
    settings::Settings,
    status::Announcer,
    task::topics::state::Slot,
    token::{Token, TokenRequest},
};

pub(crate) struct Common {
    pub(crate) settings: Settings,
    pub(crate) waker: Arc<OwnerWaker>,
    pub(crate) outbound: Outbound,
    pub(crate) counting: Arc<Counting>,
    pub(crate) announcer: Announcer,
    pub(crate) history: Arc<dyn HistorySource>,
    pub(crate) ids: Ids,
    pub(crate) subscriptions: AtomicU64,
    /// The token to use where there is no provider.
    pub(crate) token: Mutex<Option<Token>>,
    pub(crate) token_changed: AtomicBool,
    pub(crate) closing: AtomicBool,
    /// Milliseconds by which the server's clock is ahead of this machine's, as far as it told.
    pub(crate) server_ahead: AtomicI64,
    /// Becomes true when the connection's task is over.
    pub(crate) done: watch::Sender<bool>,
    /// The project id the server told, where none was configured.
    pub(crate) learnt_project: Mutex<Option<String>>,
}

impl Common {
    pub(crate) fn now(&self) -> SystemTime {
        (self.settings.clock)()
    }

    pub(crate) fn current_token(&self) -> Option<Token> {
        self.token
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
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

    /// The token to use now: from the provider, where there is one.
    pub(crate) async fn ask_token(&self, forced: bool) -> Result<Option<Token>, Error> {
        let Some(provider) = &self.settings.provider else {
            return Ok(self.current_token());
        };
        let request = if forced {
            TokenRequest::Forced
        } else {
            TokenRequest::Current
        };
        provider.token(request).await.map_err(|source| {
            Error::new(ErrorKind::TokenProvider, "the token provider failed").with_source(source)
        })
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

/// What handles ask of the connection's task.
#[derive(Debug)]
pub(crate) enum Command {
    Connect,
    Subscribe {
        name: Name,
        slot: Slot,
    },
    Track {
        name: Name,
        state: Option<RawJson>,
    },
    Drain {
        done: oneshot::Sender<Result<(), Error>>,
    },
}

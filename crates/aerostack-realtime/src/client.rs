//! What users hold: the client, its channels and their streams.

pub(crate) mod builder;
pub(crate) mod channel;
pub(crate) mod history;
pub(crate) mod publish;
pub(crate) mod resync;
pub(crate) mod rows;
pub(crate) mod subscription;
pub(crate) mod users;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::Ordering::{Acquire, Relaxed, Release},
    },
    time::Duration,
};

use tokio::{sync::oneshot, time::timeout};

use self::{
    builder::RealtimeBuilder,
    channel::Channel,
    history::{History, HistoryReader},
    publish::SendChat,
};
use crate::{
    counters::Counters,
    error::{Error, ErrorKind},
    protocol::topic::{Name, validate_text},
    queue::command::Command,
    settings::{Limits, Settings},
    shared::{Lifecycle, Shared},
    status::{Notices, Status, StatusWatch},
    task,
    token::{Token, Tokens, check_credential},
    transport::history::HistorySource,
};

/// A client of the platform's realtime channels.
///
/// Cheap to clone. All clones share one connection, which one task keeps: it is made at the first use, made again after
/// every loss, and carries every subscription and every tracked presence again each time. Closing, or dropping the last
/// clone and the last [`Channel`], ends the task and every stream.
///
/// The task runs on the runtime of the first use. Should that runtime be shut down, everything that waited fails with
/// [`ErrorKind::TaskStopped`], and the next use on a living runtime starts anew: a client can be made before there is a
/// runtime, and one in a `static` can serve several.
#[derive(Clone)]
pub struct Realtime {
    handle: Arc<Handle>,
}

struct Handle {
    shared: Arc<Shared>,
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.shared.abandoned.store(true, Release);
        self.shared.waker.wake();
    }
}

impl Realtime {
    /// Starts a client's settings.
    pub fn builder() -> RealtimeBuilder {
        RealtimeBuilder::default()
    }

    pub(crate) fn new(settings: Settings, history: Arc<dyn HistorySource>, tokens: Tokens) -> Self {
        let shared = Arc::new(Shared::new(settings, history, tokens));
        Self {
            handle: Arc::new(Handle { shared }),
        }
    }

    /// A channel by the platform's rule: a name without a slash is a table, one that ends in the project id a whole
    /// topic, any other a path. [`table`](Self::table), [`path`](Self::path) and [`topic`](Self::topic) leave no doubt.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidName`] for an empty name or segment, or a control character.
    pub fn channel(&self, name: &str) -> Result<Channel, Error> {
        let name = Name::guess(name, self.project().as_deref())?;
        Ok(Channel::new(self.clone(), name))
    }

    /// The channel of a table's changes.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidName`].
    pub fn table(&self, table: &str) -> Result<Channel, Error> {
        Ok(Channel::new(self.clone(), Name::table(table)?))
    }

    /// The channel of a path, given without the project id.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidName`].
    pub fn path(&self, path: &str) -> Result<Channel, Error> {
        Ok(Channel::new(self.clone(), Name::path(path)?))
    }

    /// The channel of a whole topic, project id included.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidName`].
    pub fn topic(&self, topic: &str) -> Result<Channel, Error> {
        let name = Name::raw(topic, self.project().as_deref())?;
        Ok(Channel::new(self.clone(), name))
    }

    /// The channel of a chat room.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidName`].
    pub fn chat_room(&self, room: &str) -> Result<Channel, Error> {
        self.path(&format!("chat/{room}"))
    }

    /// Sends a line to a chat room. Listening to the room is not needed for it.
    pub fn send_chat(&self, room: impl Into<String>, text: impl Into<String>) -> SendChat {
        let room = room.into();
        match validate_text(&room, "room id") {
            Ok(()) => SendChat::new(self.clone(), room, text.into()),
            Err(error) => SendChat::refused(self.clone(), error),
        }
    }

    /// The kept messages of a whole topic.
    pub(crate) fn history_of(&self, topic: String) -> History {
        let shared = &self.handle.shared;
        let reader = HistoryReader {
            source: Arc::clone(&shared.history),
            tokens: Arc::clone(&shared.tokens),
        };
        History::new(reader, topic)
    }

    /// Connects, if nothing has yet, and waits for the connection. Optional: every use connects.
    ///
    /// As long as there has never been a connection, the next attempt that fails is the error: a wrong host, a server
    /// that is not running or a certificate nobody vouches for is told within the connect timeout. The client goes on
    /// trying all the same. [`wait_for_network`](RealtimeBuilder::wait_for_network) waits through such failures, and so
    /// does every client that was connected once.
    ///
    /// # Errors
    /// Why the first connection could not be made; the refusal, when the server refuses the credentials; why the client
    /// gave up, when it did; [`ErrorKind::TaskStopped`]; [`ErrorKind::Closed`].
    ///
    /// # Cancel safety
    /// Dropped, the client goes on connecting.
    pub async fn connect(&self) -> Result<(), Error> {
        let mut status = self.status();
        // An attempt that failed before is not this call's.
        let mut failed_before = matches!(status.seen(), Status::Waiting { .. });
        self.command(Command::Connect).await?;
        loop {
            match status.current() {
                Status::Connected => return Ok(()),
                Status::Waiting { cause, .. } if !failed_before && self.is_first_connection() => {
                    return Err(cause);
                }
                Status::Suspended { cause }
                | Status::Stopped { cause }
                | Status::Failed { cause } => return Err(cause),
                Status::Closed => return Err(Error::closed()),
                Status::Waiting { .. } | Status::Idle | Status::Connecting { .. } => {}
            }
            if status.changed().await.is_none() {
                return Err(Error::closed());
            }
            failed_before = false;
        }
    }

    /// Fails as [`connect`](Self::connect) does, for whoever waits for something else than the connection.
    pub(crate) async fn first_failure(&self) -> Error {
        loop {
            if !self.is_first_connection() {
                return std::future::pending().await;
            }
            if let Err(error) = self.connect().await {
                return error;
            }
        }
    }

    /// Whether a failed attempt is an error for whoever waits: there never was a connection, and nobody asked to wait
    /// for one.
    fn is_first_connection(&self) -> bool {
        let shared = &self.handle.shared;
        !shared.settings.limits.wait_for_network && shared.counters.connections.load(Relaxed) == 0
    }

    /// Ends any wait between attempts, and whatever suspends the client: it tries at once. On a live connection it sends
    /// a heartbeat and waits no longer than 5 s for a sign of life. For programs that know more than this crate, such as
    /// that the network is back or the machine woke up.
    pub fn reconnect_now(&self) {
        let shared = &self.handle.shared;
        shared.reconnect_now.store(true, Release);
        shared.waker.wake();
    }

    /// The status, to look at and to wait on.
    pub fn status(&self) -> StatusWatch {
        self.handle.shared.announcer.watch()
    }

    /// Everything the client has to say from now on that belongs to no subscription: each change of the status, and the
    /// server's errors.
    pub fn notices(&self) -> Notices {
        let shared = &self.handle.shared;
        shared.announcer.notices(&shared.waker)
    }

    /// What the client has done so far.
    pub fn counters(&self) -> Counters {
        self.handle.shared.counters.read()
    }

    /// The project id, configured or learnt from the server.
    pub fn project_id(&self) -> Option<String> {
        self.project()
    }

    /// Changes the user's token. A live connection is told at once, with one frame; any number of changes without a
    /// connection leave nothing but the newest for the next one. A client suspended over its credentials tries again.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidCredential`] when the token cannot travel, and [`ErrorKind::Configuration`] when the client
    /// has a token provider: then change what that answers, and call [`refresh_token`](Self::refresh_token).
    pub fn set_token(&self, token: impl Into<Token>) -> Result<(), Error> {
        let token = token.into();
        check_credential(token.secret(), "user token")?;
        let shared = &self.handle.shared;
        if shared.tokens.has_provider() {
            return Err(Error::new(
                ErrorKind::Configuration,
                "tokens come from the token provider; change what it answers and call `refresh_token`",
            ));
        }
        shared.tokens.set(token);
        self.token_changed();
        Ok(())
    }

    /// Says that the token provider has a new token. A live connection asks for it and is told; a client suspended over
    /// its credentials tries again.
    pub fn refresh_token(&self) {
        self.token_changed();
    }

    fn token_changed(&self) {
        let shared = &self.handle.shared;
        shared.token_changed.store(true, Release);
        shared.waker.wake();
    }

    /// Closes the client for good: no frame and no connect follows, every stream ends after what it holds, and messages
    /// not yet sent get [`ErrorKind::Closed`]. Returns within a second, whatever the server does.
    ///
    /// # Cancel safety
    /// Dropped, the client closes all the same.
    pub async fn close(&self) {
        let shared = &self.handle.shared;
        shared.closing.store(true, Release);
        shared.waker.wake();
        self.end_without_task();
        let mut done = shared.done.subscribe();
        let _ = timeout(Duration::from_secs(1), done.wait_for(|done| *done)).await;
    }

    /// Ends a client that has no task; says whether it had none.
    fn end_without_task(&self) -> bool {
        let shared = &self.handle.shared;
        {
            let mut lifecycle = shared.lifecycle();
            match *lifecycle {
                Lifecycle::New | Lifecycle::Stopped => *lifecycle = Lifecycle::Over,
                Lifecycle::Running | Lifecycle::Over => return false,
            }
            shared.closing.store(true, Release);
            shared.queue.close(Error::closed());
            shared.announcer.status(Status::Closed);
        }
        shared.announcer.end();
        shared.done.send_replace(true);
        true
    }

    /// Sends what waits to be sent, waits for what waits for acknowledgement, and closes. Messages without a connection
    /// are waited for until they expire.
    ///
    /// # Errors
    /// [`ErrorKind::Closed`] when the client was closed in another way meanwhile, or why it gave up. When `limit` is
    /// over, [`ErrorKind::Expired`]; the client is closed then, too.
    ///
    /// # Cancel safety
    /// Dropped, the client goes on draining and closes.
    pub async fn drain(&self, limit: Duration) -> Result<(), Error> {
        if self.end_without_task() {
            return Ok(());
        }
        let (done, drained) = oneshot::channel();
        self.command(Command::Drain { done }).await?;
        match timeout(limit, drained).await {
            Ok(result) => result.unwrap_or_else(|_| Err(self.gone())),
            Err(_) => {
                self.close().await;
                Err(Error::new(
                    ErrorKind::Expired,
                    format!("not everything was sent within {limit:?}; the rest was given up"),
                ))
            }
        }
    }

    /// Starts the task, if none is running and there may be one.
    pub(crate) fn started(&self) -> Result<&Arc<Shared>, Error> {
        let shared = &self.handle.shared;
        if !shared.running.load(Acquire) {
            self.start()?;
        }
        Ok(shared)
    }

    fn start(&self) -> Result<(), Error> {
        let shared = &self.handle.shared;
        let mut lifecycle = shared.lifecycle();
        if let Lifecycle::Running | Lifecycle::Over = *lifecycle {
            return Ok(());
        }
        let runtime = tokio::runtime::Handle::try_current().map_err(|source| {
            Error::new(
                ErrorKind::Configuration,
                "the client is used outside a tokio runtime",
            )
            .with_source(source)
        })?;
        *lifecycle = Lifecycle::Running;
        shared.queue.reopen();
        shared.running.store(true, Release);
        // A runtime that is being shut down drops the task at once, and the task then takes the lock.
        drop(lifecycle);
        task::spawn(shared, &runtime);
        Ok(())
    }

    pub(crate) async fn command(&self, command: Command) -> Result<(), Error> {
        self.started()?.queue.command(command).await
    }

    /// Why the task is over.
    pub(crate) fn gone(&self) -> Error {
        match self.handle.shared.announcer.current() {
            Status::Failed { cause } | Status::Stopped { cause } => cause,
            _ => Error::closed(),
        }
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.handle.shared
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.handle.shared.settings.limits
    }

    pub(crate) fn project(&self) -> Option<String> {
        self.handle.shared.project()
    }
}

impl fmt::Debug for Realtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Realtime")
            .field("settings", &self.handle.shared.settings)
            .field("status", &self.handle.shared.announcer.current())
            .finish_non_exhaustive()
    }
}

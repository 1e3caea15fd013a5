//! What users hold: the client, its channels and their streams.

pub(crate) mod builder;
pub(crate) mod channel;
pub(crate) mod history;
pub(crate) mod publish;
pub(crate) mod resync;
pub(crate) mod subscription;
pub(crate) mod users;

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{
            AtomicBool, AtomicI64, AtomicU64,
            Ordering::{Acquire, Release},
        },
    },
    time::Duration,
};

use tokio::{
    sync::{mpsc, oneshot, watch},
    time::timeout,
};
use uuid::Uuid;

use crate::{
    client::builder::RealtimeBuilder,
    client::channel::Channel,
    client::history::{History, HistorySource},
    client::publish::SendChat,
    counters::{Counters, Counting},
    error::{Error, ErrorKind},
    protocol::topic::{Name, validate_text},
    queue::send_queue::{Ids, Outbound},
    queue::task_waker::OwnerWaker,
    settings::{Limits, Settings},
    shared::{Command, Common},
    status::{Announcer, Notices, Status, StatusWatch},
    task::Owner,
    token::{Token, check_credential},
};

/// Requests of handles that wait for the connection's task.
const COMMANDS: usize = 256;

/// A client of the platform's realtime channels.
///
/// Cheap to clone. All clones share one connection, which one task keeps: it is made at the first use, made again after
/// every loss, and carries every subscription and every tracked presence again each time. Closing, or dropping the last
/// clone and the last [`Channel`], ends the task and every stream.
#[derive(Clone)]
pub struct Realtime {
    handle: Arc<Handle>,
}

struct Handle {
    common: Arc<Common>,
    commands: mpsc::Sender<Command>,
    /// The task, until it is started.
    owner: Mutex<Option<Owner>>,
    started: AtomicBool,
}

impl Realtime {
    /// Starts a client's settings.
    pub fn builder() -> RealtimeBuilder {
        RealtimeBuilder::default()
    }

    pub(crate) fn new(
        settings: Settings,
        history: Arc<dyn HistorySource>,
        token: Option<Token>,
    ) -> Self {
        let waker = Arc::new(OwnerWaker::default());
        let counting = Arc::new(Counting::default());
        let limits = settings.limits;
        let common = Arc::new(Common {
            outbound: Outbound::new(
                limits.queue_messages,
                limits.queue_bytes,
                Arc::clone(&waker),
                Arc::clone(&counting),
            ),
            waker,
            counting,
            announcer: Announcer::new(),
            history,
            ids: Ids::new(),
            subscriptions: AtomicU64::new(0),
            token: Mutex::new(token),
            token_changed: AtomicBool::new(false),
            closing: AtomicBool::new(false),
            server_ahead: AtomicI64::new(0),
            done: watch::Sender::new(false),
            learnt_project: Mutex::default(),
            settings,
        });
        let (commands, receiver) = mpsc::channel(COMMANDS);
        let owner = Owner::new(Arc::clone(&common), receiver);
        Self {
            handle: Arc::new(Handle {
                common,
                commands,
                owner: Mutex::new(Some(owner)),
                started: AtomicBool::new(false),
            }),
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
        History::new(Arc::clone(&self.handle.common), topic)
    }

    /// Connects, if nothing has yet, and waits for the connection. Optional: every use connects.
    ///
    /// # Errors
    /// The refusal, when the server refuses the credentials; why the client gave up, when it did;
    /// [`ErrorKind::Closed`]. Failures that are tried again are not errors here: bound the wait with a timeout.
    ///
    /// # Cancel safety
    /// Dropped, the client goes on connecting.
    pub async fn connect(&self) -> Result<(), Error> {
        self.command(Command::Connect).await?;
        let mut status = self.status();
        let reached = status
            .wait_for(|status| {
                matches!(status, Status::Connected | Status::Suspended { .. }) || status.is_final()
            })
            .await;
        match reached {
            Some(Status::Connected) => Ok(()),
            Some(Status::Suspended { cause } | Status::Failed { cause }) => Err(cause),
            _ => Err(Error::closed()),
        }
    }

    /// The status, to look at and to wait on.
    pub fn status(&self) -> StatusWatch {
        self.handle.common.announcer.watch()
    }

    /// Everything the client has to say from now on that belongs to no subscription: each change of the status, and the
    /// server's errors.
    pub fn notices(&self) -> Notices {
        let common = &self.handle.common;
        common.announcer.notices(&common.waker)
    }

    /// What the client has done so far.
    pub fn counters(&self) -> Counters {
        self.handle.common.counting.read()
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
        let common = &self.handle.common;
        if common.settings.provider.is_some() {
            return Err(Error::new(
                ErrorKind::Configuration,
                "tokens come from the token provider; change what it answers and call `refresh_token`",
            ));
        }
        *common.token.lock().unwrap_or_else(PoisonError::into_inner) = Some(token);
        self.token_changed();
        Ok(())
    }

    /// Says that the token provider has a new token. A live connection asks for it and is told; a client suspended over
    /// its credentials tries again.
    pub fn refresh_token(&self) {
        self.token_changed();
    }

    fn token_changed(&self) {
        let common = &self.handle.common;
        common.token_changed.store(true, Release);
        common.waker.wake();
    }

    /// Closes the client for good: no frame and no connect follows, every stream ends after what it holds, and messages
    /// not yet sent get [`ErrorKind::Closed`]. Returns within a second, whatever the server does.
    ///
    /// # Cancel safety
    /// Dropped, the client closes all the same.
    pub async fn close(&self) {
        let common = &self.handle.common;
        common.closing.store(true, Release);
        common.waker.wake();
        let never_started = self.owner().take();
        if let Some(owner) = never_started {
            owner.never_started();
        }
        let mut done = common.done.subscribe();
        let _ = timeout(Duration::from_secs(1), done.wait_for(|done| *done)).await;
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
        let never_started = self.owner().take();
        if let Some(owner) = never_started {
            self.handle.common.closing.store(true, Release);
            owner.never_started();
            return Ok(());
        }
        let (done, drained) = oneshot::channel();
        self.command(Command::Drain { done }).await?;
        match timeout(limit, drained).await {
            Ok(result) => result.unwrap_or_else(|_| Err(Error::closed())),
            Err(_) => {
                self.close().await;
                Err(Error::new(
                    ErrorKind::Expired,
                    format!("not everything was sent within {limit:?}; the rest was given up"),
                ))
            }
        }
    }

    fn owner(&self) -> MutexGuard<'_, Option<Owner>> {
        self.handle
            .owner
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts the task, if nothing has yet.
    pub(crate) fn started(&self) -> Result<&Common, Error> {
        if !self.handle.started.load(Acquire) {
            let mut owner = self.owner();
            if owner.is_some() {
                let runtime = tokio::runtime::Handle::try_current().map_err(|source| {
                    Error::new(
                        ErrorKind::Configuration,
                        "the client is used outside a tokio runtime",
                    )
                    .with_source(source)
                })?;
                if let Some(owner) = owner.take() {
                    runtime.spawn(owner.run());
                }
            }
            self.handle.started.store(true, Release);
        }
        Ok(&self.handle.common)
    }

    pub(crate) async fn command(&self, command: Command) -> Result<(), Error> {
        self.started()?;
        self.handle
            .commands
            .send(command)
            .await
            .map_err(|_| self.gone())
    }

    /// Why the task is over.
    fn gone(&self) -> Error {
        match self.handle.common.announcer.current() {
            Status::Failed { cause } => cause,
            _ => Error::closed(),
        }
    }

    pub(crate) fn common(&self) -> &Common {
        &self.handle.common
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.handle.common.settings.limits
    }

    pub(crate) fn project(&self) -> Option<String> {
        self.handle.common.project()
    }

    pub(crate) fn next_id(&self) -> Uuid {
        self.handle.common.ids.next()
    }
}

impl fmt::Debug for Realtime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Realtime")
            .field("settings", &self.handle.common.settings)
            .field("status", &self.handle.common.announcer.current())
            .finish_non_exhaustive()
    }
}

//! The hub: everything realtime, on any transport.

pub(crate) mod builder;
pub(crate) mod history;
pub(crate) mod inspect;
pub(crate) mod presence;
pub(crate) mod state;
pub(crate) mod stored_history;
pub(crate) mod time;
pub(crate) mod transcript;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use futures_util::future::BoxFuture;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use parking_lot::{Mutex, MutexGuard};
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::http::keys::Keys;
use crate::http::tokens::{TokenFacts, TokenVerifier};
use crate::realtime::connection;
use crate::realtime::connection::faulty_io::Valves;
use crate::realtime::connection::handshake::{self, Offer};
use crate::realtime::faults::{Trick, Tricks};
use crate::realtime::hub::history::HistoryStore;
use crate::realtime::hub::state::{Arrival, Seat, State};
use crate::realtime::hub::time::Time;
use crate::realtime::hub::transcript::{Direction, Entry, Event, Transcript};
use crate::realtime::protocol::frame::{self, Frame, FrameKind, Refused};
use crate::realtime::settings::Switches;
use crate::store::cdc::feed::RowChange;
use crate::store::project::ProjectDb;

/// The path of upgrades, below any prefix.
pub(crate) const PATH: &str = "/api/realtime";

/// The realtime service: connections, subscriptions, presence, history, faults and a transcript of it all.
///
/// An emulator has one: [`Emulator::realtime`](crate::Emulator::realtime). Alone it serves any transport, for tests
/// that decide about time themselves:
///
/// ```
/// use aerostack_emulator::realtime::Hub;
///
/// # #[tokio::main(flavor = "current_thread", start_paused = true)]
/// # async fn main() {
/// let hub = Hub::builder().project_id("proj_7f").build();
/// let (client, server) = tokio::io::duplex(64 * 1024);
/// let served = tokio::spawn({
///     let hub = hub.clone();
///     async move { hub.serve(server).await }
/// });
/// // ... connect a WebSocket client to `client`, then look at what happened:
/// hub.publish("room/7", "moved", &serde_json::json!({ "x": 4 }));
/// assert!(hub.transcript().is_empty());
/// # drop(client);
/// # served.await.unwrap();
/// # }
/// ```
///
/// Clones are handles of the same hub. Connections do not end with the handles but with their transports.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    project: String,
    /// Another name of the project in requests.
    slug: Option<String>,
    keys: Keys,
    state: Mutex<State>,
    transcript: Mutex<Transcript>,
    tricks: Mutex<Tricks>,
    valves: Arc<Valves>,
    history: Box<dyn HistoryStore>,
    tokens: Arc<dyn TokenVerifier>,
    changes_of: Option<ProjectDb>,
    time: Time,
    started: Instant,
    stop: CancellationToken,
    changed: watch::Sender<()>,
    serial: AtomicU64,
    /// [`Switches::transcript_entries`], known without a lock.
    transcript_entries: AtomicUsize,
    /// Whether any trick waits, known without a lock.
    has_tricks: AtomicBool,
    /// Makes presence ids differ between hubs.
    nonce: String,
}

impl Hub {
    /// Tells subscribers of the rows that commits change.
    pub(crate) fn follow(&self, project: &ProjectDb) {
        // Held weakly: the hub holds the database.
        let hub = Arc::downgrade(&self.0);
        project.feed().on_commit(move |changes| {
            if let Some(hub) = hub.upgrade() {
                Self(hub).rows_changed(changes);
            }
        });
    }

    fn rows_changed(&self, changes: &[RowChange]) {
        let now = self.now_ms();
        let mut state = self.state();
        for change in changes {
            // Listeners read the key of a deleted row from `data`, so it is there twice.
            let (Some(data), old) = (
                change.new.as_deref().or(change.old.as_deref()),
                change.old.as_deref(),
            ) else {
                continue;
            };
            state.change(&change.table, change.kind.as_str(), data, old, now);
        }
        drop(state);
        self.changed();
    }
}

/// What a hub is made of.
pub(crate) struct Parts {
    pub(crate) project: String,
    /// Another name of the project in requests.
    pub(crate) slug: Option<String>,
    pub(crate) keys: Keys,
    pub(crate) switches: Switches,
    pub(crate) history: Box<dyn HistoryStore>,
    pub(crate) tokens: Arc<dyn TokenVerifier>,
    /// Whose changes are published; they are captured from the first connection on.
    pub(crate) changes_of: Option<ProjectDb>,
    pub(crate) time: Time,
    pub(crate) stop: CancellationToken,
}

impl Hub {
    pub(crate) fn new(parts: Parts) -> Self {
        let started = Instant::now();
        let transcript_entries = parts.switches.transcript_entries;
        let nonce = uuid::Uuid::new_v4().simple().to_string();
        Self(Arc::new(Inner {
            state: Mutex::new(State::new(
                parts.project.clone(),
                parts.slug.clone(),
                parts.switches,
                started,
            )),
            project: parts.project,
            slug: parts.slug,
            keys: parts.keys,
            transcript: Mutex::default(),
            tricks: Mutex::default(),
            valves: Arc::default(),
            history: parts.history,
            tokens: parts.tokens,
            changes_of: parts.changes_of,
            time: parts.time,
            started,
            stop: parts.stop,
            changed: watch::Sender::new(()),
            serial: AtomicU64::new(0),
            transcript_entries: AtomicUsize::new(transcript_entries),
            has_tricks: AtomicBool::new(false),
            nonce,
        }))
    }

    /// Whether this is the project's id or slug.
    pub(crate) fn is_project(&self, name: &str) -> bool {
        name == self.0.project || self.0.slug.as_deref() == Some(name)
    }

    /// The project's id, the last segment of every topic.
    #[must_use]
    pub fn project_id(&self) -> &str {
        &self.0.project
    }

    /// Changes the behavior from now on.
    pub fn configure(&self, change: impl FnOnce(&mut Switches)) {
        let mut state = self.state();
        change(&mut state.switches);
        let keep = state.switches.transcript_entries;
        self.0.transcript_entries.store(keep, Ordering::Release);
    }

    /// The behavior at the moment.
    #[must_use]
    pub fn switches(&self) -> Switches {
        self.state().switches.clone()
    }

    /// Serves one connection, from its HTTP request to its end.
    pub async fn serve(&self, io: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) {
        let upgraded: Mutex<Option<BoxFuture<'static, ()>>> = Mutex::new(None);
        let service = service_fn(|request: Request<hyper::body::Incoming>| async {
            let (response, rest) = if request.uri().path().ends_with(PATH) {
                self.upgrade(request).await
            } else {
                let mut response = Response::new(Body::empty());
                *response.status_mut() = StatusCode::NOT_FOUND;
                (response, None)
            };
            *upgraded.lock() = rest;
            Ok::<_, std::convert::Infallible>(response)
        });
        let served = hyper::server::conn::http1::Builder::new()
            .serve_connection(TokioIo::new(io), service)
            .with_upgrades();
        tokio::select! {
            () = self.0.stop.cancelled() => {}
            _ = served => {}
        }
        let rest = upgraded.lock().take();
        if let Some(rest) = rest {
            rest.await;
        }
    }

    /// Answers an upgrade request. The future serves the connection and has to be run once the answer is on its way.
    pub(crate) async fn upgrade<B>(
        &self,
        mut request: Request<B>,
    ) -> (Response<Body>, Option<BoxFuture<'static, ()>>) {
        let id = self.0.serial.fetch_add(1, Ordering::AcqRel) + 1;
        let upgrade = hyper::upgrade::on(&mut request);
        let (parts, _) = request.into_parts();
        let legacy = self.state().switches.legacy_query_auth;
        let offer = Offer::read(&parts.uri, &parts.headers, legacy);
        let note_refused = |status: u16| {
            let entry = Entry::new(id, Direction::In, Event::Refused(status));
            self.note(entry.with_token(offer.token.clone()));
        };
        let refusal = self.state().faults.refusal();
        if let Some(refusal) = refusal {
            note_refused(refusal.status.unwrap_or_default());
            let Some(response) = refusal.into_response() else {
                self.0.stop.cancelled().await;
                return (Response::new(Body::empty()), None);
            };
            return (response, None);
        }
        let admitted = match handshake::websocket_key(&parts) {
            Ok(key) => self.admit(&offer).await.map(|admitted| (key, admitted)),
            Err(denied) => Err(denied),
        };
        if let Some(project) = &self.0.changes_of
            && admitted.is_ok()
            && project.watch().await.is_err()
        {
            tracing::warn!("row changes will not arrive: the emulator is stopping");
        }
        let (key, admitted) = match admitted {
            Ok(admitted) => admitted,
            Err(denied) => {
                note_refused(denied.status.as_u16());
                return (denied.into_response(), None);
            }
        };
        let seat = self.seat(id, &offer, admitted.facts);
        let hub = self.clone();
        let rest = Box::pin(async move {
            match upgrade.await {
                Ok(io) => connection::serve(&hub, io, seat).await,
                Err(_) => hub.leave(id),
            }
        });
        (self.switch_protocols(&key, &offer), Some(rest))
    }

    fn seat(&self, id: u64, offer: &Offer, facts: TokenFacts) -> Seat {
        let opened = Event::Opened {
            target: offer.target(),
            protocols: offer.redacted_protocols(),
        };
        self.note(Entry::new(id, Direction::In, opened).with_token(offer.token.clone()));
        let arrival = Arrival {
            id,
            user: facts.user,
            token: offer.token.clone(),
            presence_id: format!("conn-{}-{id}", self.0.nonce),
            opened: self.0.started.elapsed(),
            kill: self.0.stop.child_token(),
        };
        let now = self.now_ms();
        let mut state = self.state();
        let seat = state.arrive(arrival, facts.expires_ms);
        match state.faults.turns_away() {
            Some(Some(code)) => state.close(id, code, "closed by a fault", now),
            Some(None) => {
                seat.kill.cancel();
                state.leave(id, now);
            }
            None => {}
        }
        drop(state);
        self.changed();
        seat
    }

    /// What a user token says, unless it is not valid now.
    pub(crate) async fn check_token(&self, token: &str) -> Option<TokenFacts> {
        if self.state().expired.contains(token) {
            return None;
        }
        let facts = self.0.tokens.verify(token).await.ok()?;
        let over = facts
            .expires_ms
            .is_some_and(|expires| expires <= self.now_ms());
        (!over).then_some(facts)
    }

    pub(crate) fn knows_key(&self, key: &str) -> bool {
        self.0.keys.kind(key).is_some()
    }

    /// Publishes an event as the platform itself would, without a user, and tells how many subscribers there were. A
    /// short name of a topic is expanded; data without a JSON form is sent as `null`.
    pub fn publish(&self, topic: &str, event: &str, data: &impl Serialize) -> usize {
        self.publish_on(&self.expand(topic), event, data)
    }

    /// Publishes an event on every topic that has subscribers.
    pub(crate) fn publish_everywhere(&self, event: &str, data: &impl Serialize) {
        let mut topics: Vec<String> = self.state().topics.keys().cloned().collect();
        topics.sort_unstable();
        for topic in topics {
            self.publish_on(&topic, event, data);
        }
    }

    pub(crate) fn publish_on(&self, topic: &str, event: &str, data: &impl Serialize) -> usize {
        let data = raw(data);
        let now = self.now_ms();
        let frame = Frame::event(&frame::Published {
            topic,
            event,
            data: &data,
            user: None,
            timestamp: now,
        });
        let count = self.state().fan_out(topic, &frame, None, now);
        self.changed();
        count
    }

    /// Tells a table's subscribers of a changed row, and tells how many were told. In an emulator, changes of the
    /// database arrive by themselves.
    pub fn change(
        &self,
        table: &str,
        operation: Operation,
        data: &impl Serialize,
        old: Option<&RawValue>,
    ) -> usize {
        let now = self.now_ms();
        let count = self
            .state()
            .change(table, operation.as_str(), &raw(data), old, now);
        self.changed();
        count
    }

    pub(crate) fn refuse_binary(&self, id: u64) {
        let error = Refused::new("INVALID_FRAME", "Frames are text messages.");
        self.answer(id, Frame::error(&error));
    }

    pub(crate) fn answer(&self, id: u64, frame: Frame) {
        let now = self.now_ms();
        self.state().send(id, frame, now);
    }

    pub(crate) fn close_with(&self, id: u64, code: u16, reason: &'static str) {
        let now = self.now_ms();
        self.state().close(id, code, reason, now);
        self.changed();
    }

    pub(crate) fn leave(&self, id: u64) {
        let now = self.now_ms();
        self.state().leave(id, now);
        self.changed();
    }

    pub(crate) fn note(&self, mut entry: Entry) {
        entry.at = self.0.started.elapsed();
        let keep = self.0.transcript_entries.load(Ordering::Acquire);
        self.0.transcript.lock().push(entry, keep);
        self.changed();
    }

    pub(crate) fn transcribed(&self) -> MutexGuard<'_, Transcript> {
        self.0.transcript.lock()
    }

    /// Wakes whoever waits for something to happen.
    pub(crate) fn changed(&self) {
        self.0.changed.send_replace(());
    }

    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.0.changed.subscribe()
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock()
    }

    /// Changes the tricks that wait for a frame.
    pub(crate) fn with_tricks(&self, change: impl FnOnce(&mut Tricks)) {
        let mut tricks = self.0.tricks.lock();
        change(&mut tricks);
        let any = !tricks.is_empty();
        self.0.has_tricks.store(any, Ordering::Release);
    }

    /// The trick to play on a frame of this kind.
    pub(crate) fn trick(&self, kind: FrameKind) -> Option<Trick> {
        let mut trick = None;
        if self.0.has_tricks.load(Ordering::Acquire) {
            self.with_tricks(|tricks| trick = tricks.take(kind));
        }
        trick
    }

    pub(crate) fn valves(&self) -> &Arc<Valves> {
        &self.0.valves
    }

    pub(crate) fn history_store(&self) -> &dyn HistoryStore {
        &*self.0.history
    }

    pub(crate) fn time(&self) -> &Time {
        &self.0.time
    }

    pub(crate) fn now_ms(&self) -> i64 {
        self.0.time.now_ms()
    }
}

/// What happened to a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// It was added.
    Insert,
    /// It was changed.
    Update,
    /// It was removed.
    Delete,
}

impl Operation {
    /// The name on the wire: `INSERT`, `UPDATE`, `DELETE`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }
}

fn raw(data: &impl Serialize) -> Box<RawValue> {
    serde_json::value::to_raw_value(data).unwrap_or_else(|_| RawValue::NULL.to_owned())
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub")
            .field("project", &self.0.project)
            .field("connections", &self.state().connections.len())
            .finish_non_exhaustive()
    }
}

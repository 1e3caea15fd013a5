//! Who is connected, who is subscribed to what, who is present where. Plain data: nothing here waits.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::task::AtomicWaker;
use serde_json::value::RawValue;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::protocol::frame::Frame as WireFrame;
use tokio_util::sync::CancellationToken;

use crate::http::tokens::TokenFacts;
use crate::realtime::faults::FaultState;
use crate::realtime::hub::presence::Member;
use crate::realtime::protocol::close;
use crate::realtime::protocol::filter::Filter;
use crate::realtime::protocol::frame::{Change, Frame, FrameKind, Refused};
use crate::realtime::protocol::topic;
use crate::realtime::settings::{ServerFilter, Switches};

/// How many ids of publishes are remembered for [`Switches::dedupe`].
const REMEMBERED_IDS: usize = 10_000;

/// Something for a connection's writer.
pub(crate) enum Out {
    Frame { frame: Frame, due: Option<Instant> },
    Raw(WireFrame),
    Close { code: u16, reason: &'static str },
}

pub(crate) struct Connection {
    pub(crate) outbox: mpsc::UnboundedSender<Out>,
    /// Bytes in the outbox and in the writer's hands.
    pub(crate) backlog: Arc<AtomicUsize>,
    /// Ends the connection without a close frame.
    pub(crate) kill: CancellationToken,
    /// When it ends, it is to be reset, where the transport knows how.
    pub(crate) reset: Arc<AtomicBool>,
    pub(crate) reader: Arc<AtomicWaker>,
    pub(crate) user: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) expires: watch::Sender<Option<i64>>,
    pub(crate) presence_id: String,
    pub(crate) opened: Duration,
    pub(crate) topics: BTreeSet<String>,
    /// When the last delayed frame is due; later ones must not overtake it.
    last_due: Option<Instant>,
}

/// What a new connection brings with it.
pub(crate) struct Arrival {
    pub(crate) id: u64,
    pub(crate) user: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) presence_id: String,
    pub(crate) opened: Duration,
    pub(crate) kill: CancellationToken,
}

/// The connection's end of an arrival.
pub(crate) struct Seat {
    pub(crate) id: u64,
    pub(crate) outbox: mpsc::UnboundedReceiver<Out>,
    pub(crate) backlog: Arc<AtomicUsize>,
    pub(crate) kill: CancellationToken,
    pub(crate) reset: Arc<AtomicBool>,
    pub(crate) reader: Arc<AtomicWaker>,
    pub(crate) expires: watch::Receiver<Option<i64>>,
}

#[derive(Default)]
pub(crate) struct Topic {
    pub(crate) subscribers: BTreeMap<u64, Option<Filter>>,
    pub(crate) members: Vec<Member>,
    /// Somebody has been present here since the hub was made.
    pub(crate) had_members: bool,
}

pub(crate) struct State {
    pub(crate) switches: Switches,
    pub(crate) faults: FaultState,
    pub(crate) connections: BTreeMap<u64, Connection>,
    pub(crate) topics: HashMap<String, Topic>,
    /// Tokens a test has declared expired.
    pub(crate) expired: HashSet<String>,
    pub(crate) project: String,
    slug: Option<String>,
    seen_ids: (HashSet<String>, VecDeque<String>),
    started: Instant,
}

impl State {
    pub(crate) fn new(
        project: String,
        slug: Option<String>,
        switches: Switches,
        started: Instant,
    ) -> Self {
        Self {
            switches,
            faults: FaultState::default(),
            connections: BTreeMap::new(),
            topics: HashMap::new(),
            expired: HashSet::new(),
            project,
            slug,
            seen_ids: Default::default(),
            started,
        }
    }

    pub(crate) fn arrive(&mut self, arrival: Arrival, expires_ms: Option<i64>) -> Seat {
        let (sender, outbox) = mpsc::unbounded_channel();
        let (expires, expiry) = watch::channel(expires_ms);
        let (backlog, reader) = (Arc::<AtomicUsize>::default(), Arc::<AtomicWaker>::default());
        let reset = Arc::<AtomicBool>::default();
        let Arrival {
            id,
            user,
            token,
            presence_id,
            opened,
            kill,
        } = arrival;
        self.connections.insert(
            id,
            Connection {
                outbox: sender,
                backlog: Arc::clone(&backlog),
                kill: kill.clone(),
                reset: Arc::clone(&reset),
                reader: Arc::clone(&reader),
                user,
                token,
                expires,
                presence_id,
                opened,
                topics: BTreeSet::new(),
                last_due: None,
            },
        );
        Seat {
            id,
            outbox,
            backlog,
            kill,
            reset,
            reader,
            expires: expiry,
        }
    }

    /// Takes a connection out: its subscriptions end and its presence leaves.
    pub(crate) fn leave(&mut self, id: u64, now: i64) {
        let Some(connection) = self.connections.remove(&id) else {
            return;
        };
        for name in &connection.topics {
            if let Some(topic) = self.topics.get_mut(name) {
                topic.subscribers.remove(&id);
            }
        }
        self.withdraw_everywhere(id, now);
        self.tidy();
    }

    /// Sends a close frame; nothing is sent or taken from the connection after it.
    pub(crate) fn close(&mut self, id: u64, code: u16, reason: &'static str, now: i64) {
        if let Some(connection) = self.connections.get(&id) {
            let _ = connection.outbox.send(Out::Close { code, reason });
        }
        self.leave(id, now);
    }

    /// Closes everything at once: nobody hears of the others leaving.
    pub(crate) fn close_all(&mut self, code: u16, reason: &'static str) {
        for connection in std::mem::take(&mut self.connections).into_values() {
            let _ = connection.outbox.send(Out::Close { code, reason });
        }
        self.topics.clear();
    }

    /// Like [`State::close_all`], without close frames.
    pub(crate) fn drop_all(&mut self) {
        for connection in std::mem::take(&mut self.connections).into_values() {
            connection.kill.cancel();
        }
        self.topics.clear();
    }

    /// Queues a frame for one connection.
    pub(crate) fn send(&mut self, id: u64, frame: Frame, now: i64) {
        if self.faults.withholds(frame.kind) {
            return;
        }
        let limit = self.switches.max_backlog_bytes;
        let due_after = self.delay(frame.kind);
        let Some(connection) = self.connections.get_mut(&id) else {
            return;
        };
        let waiting = connection
            .backlog
            .fetch_add(frame.text.len(), Ordering::AcqRel);
        if waiting > limit {
            self.close(id, close::OVER_LIMIT, "too much is waiting to be read", now);
            return;
        }
        let due = connection.due(due_after);
        let _ = connection.outbox.send(Out::Frame { frame, due });
    }

    /// How long a frame of this kind waits: on the whole connection, and on its own.
    fn delay(&self, kind: FrameKind) -> (Duration, Duration) {
        let mut own = self.faults.delay_of(kind);
        if kind == FrameKind::DbChange
            && let Some(interval) = self.switches.change_interval
            && !interval.is_zero()
        {
            let since = (Instant::now() + own).duration_since(self.started);
            let ticks = since.as_nanos().div_ceil(interval.as_nanos());
            let tick = interval.saturating_mul(u32::try_from(ticks).unwrap_or(u32::MAX));
            own += tick.saturating_sub(since);
        }
        (self.faults.delay, own)
    }

    /// Sends a frame to all subscribers of a topic but one, and tells how many there were.
    pub(crate) fn fan_out(
        &mut self,
        name: &str,
        frame: &Frame,
        except: Option<u64>,
        now: i64,
    ) -> usize {
        let ids: Vec<u64> = self.topics.get(name).map_or_else(Vec::new, |topic| {
            topic
                .subscribers
                .keys()
                .copied()
                .filter(|id| Some(*id) != except)
                .collect()
        });
        for id in &ids {
            self.send(*id, frame.clone(), now);
        }
        ids.len()
    }

    pub(crate) fn subscribe(
        &mut self,
        id: u64,
        name: &str,
        filter: Option<Filter>,
        now: i64,
    ) -> Result<(), Refused> {
        let topic = self.topic_for(name)?;
        let limit = self.switches.max_subscriptions;
        let Some(connection) = self.connections.get_mut(&id) else {
            return Ok(());
        };
        let count = connection.topics.len();
        if limit.is_some_and(|limit| count >= limit) && !connection.topics.contains(&topic) {
            return Err(Refused::new(
                "LIMIT_EXCEEDED",
                format!("A connection may subscribe {count} topics."),
            )
            .about(topic));
        }
        connection.topics.insert(topic.clone());
        let entry = self.topics.entry(topic.clone()).or_default();
        entry.subscribers.insert(id, filter);
        self.send(id, Frame::subscribed(&topic), now);
        self.sync_presence(id, &topic, now);
        Ok(())
    }

    pub(crate) fn unsubscribe(&mut self, id: u64, name: &str, now: i64) -> Result<(), Refused> {
        let topic = self.full(name)?;
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.topics.remove(&topic);
        }
        if let Some(entry) = self.topics.get_mut(&topic) {
            entry.subscribers.remove(&id);
        }
        self.withdraw(id, &topic, now);
        self.tidy_topic(&topic);
        Ok(())
    }

    /// Tells a table's subscribers of a changed row, as far as their filters admit it.
    pub(crate) fn change(
        &mut self,
        table: &str,
        operation: &'static str,
        data: &RawValue,
        old: Option<&RawValue>,
        now: i64,
    ) -> usize {
        let topic = topic::table(table, &self.project);
        let Some(entry) = self.topics.get(&topic) else {
            return 0;
        };
        let filtering = self.switches.server_filter == ServerFilter::Equality;
        let ids: Vec<u64> = entry
            .subscribers
            .iter()
            .filter(|(_, filter)| match filter {
                Some(filter) if filtering => filter.admits(data),
                _ => true,
            })
            .map(|(id, _)| *id)
            .collect();
        if ids.is_empty() {
            return 0;
        }
        let frame = Frame::db_change(&Change {
            topic: &topic,
            operation,
            data,
            old,
            timestamp: now,
        });
        for id in &ids {
            self.send(*id, frame.clone(), now);
        }
        ids.len()
    }

    /// Whether a publish with this id was seen before. It is from now on.
    pub(crate) fn is_repeated(&mut self, id: &str) -> bool {
        let (known, order) = &mut self.seen_ids;
        if !known.insert(id.to_owned()) {
            return true;
        }
        order.push_back(id.to_owned());
        if order.len() > REMEMBERED_IDS
            && let Some(oldest) = order.pop_front()
        {
            known.remove(&oldest);
        }
        false
    }

    pub(crate) fn authenticate(&mut self, id: u64, token: &str, facts: TokenFacts) {
        if let Some(connection) = self.connections.get_mut(&id) {
            connection.token = Some(token.to_owned());
            if facts.user.is_some() {
                connection.user = facts.user;
            }
            connection.expires.send_replace(facts.expires_ms);
        }
    }

    pub(crate) fn user_of(&self, id: u64) -> Option<String> {
        self.connections.get(&id)?.user.clone()
    }

    /// The full topic of a name, unless a test has it rejected.
    pub(crate) fn topic_for(&self, name: &str) -> Result<String, Refused> {
        let topic = self.full(name)?;
        if self.faults.rejected.contains(&topic) {
            return Err(Refused::new("FORBIDDEN", "This topic is not allowed.").about(topic));
        }
        Ok(topic)
    }

    /// The full topic. Clients that know the project by its slug end topics with that.
    pub(crate) fn full(&self, name: &str) -> Result<String, Refused> {
        let by_slug = self.slug.as_deref().and_then(|slug| {
            name.strip_suffix(slug)?
                .strip_suffix('/')
                .filter(|_| slug != self.project)
        });
        topic::full(by_slug.unwrap_or(name), &self.project)
            .map_err(|reason| Refused::new("INVALID_TOPIC", reason).about(name))
    }

    fn tidy(&mut self) {
        self.topics.retain(|_, topic| !topic.is_idle());
    }

    pub(crate) fn tidy_topic(&mut self, name: &str) {
        if self.topics.get(name).is_some_and(Topic::is_idle) {
            self.topics.remove(name);
        }
    }
}

impl Topic {
    /// Nobody would notice if it were forgotten.
    fn is_idle(&self) -> bool {
        self.subscribers.is_empty() && self.members.is_empty() && !self.had_members
    }
}

impl Connection {
    /// When a frame is to be written: now, unless it or an earlier one is delayed.
    fn due(&mut self, (all, own): (Duration, Duration)) -> Option<Instant> {
        if all.is_zero() && own.is_zero() && self.last_due.is_none() {
            return None;
        }
        let now = Instant::now();
        let mut due = now + all;
        match self.last_due {
            Some(last) if last > due => due = last,
            _ => self.last_due = (due > now).then_some(due),
        }
        Some(due + own)
    }
}

//! What should be on the wire, and what is.

pub(crate) mod backfill;
mod gaps;
pub(crate) mod state;

use std::{
    collections::{HashMap, VecDeque},
    hash::BuildHasherDefault,
    sync::Arc,
    time::{Duration, SystemTime},
};

use aerostack_api::RawJson;
use tokio::{sync::watch, time::Instant};

use self::{
    backfill::Fill,
    state::{Blocked, Entry, Filling, Slot},
};
use super::numbers::Spread;
use crate::{
    client::subscription::{Delivery, SubscriptionState},
    counters::{Counting, add},
    error::Error,
    protocol::frame::outbound,
    protocol::message::Message,
    protocol::presence::{self, PresenceEvent},
    protocol::topic::{Name, completed},
    queue::inbound::Buffer,
};

#[derive(Debug)]
pub(crate) struct Topics {
    entries: HashMap<usize, Box<Entry>, BuildHasherDefault<Spread>>,
    next: usize,
    by_name: HashMap<Name, usize>,
    routes: HashMap<Arc<str>, Vec<usize>>,
    /// The route taken last, where it leads to one entry: messages come in runs.
    recent: Option<(Arc<str>, usize)>,
    by_subscription: HashMap<u64, usize>,
    /// Requests in the order they were sent; an element is void unless its deadline is still the entry's.
    unanswered: VecDeque<(usize, Instant)>,
    pub(crate) project: Option<String>,
    confirm_timeout: Duration,
    hold_limit: usize,
    pub(super) counting: Arc<Counting>,
}

/// What became of an unanswered request.
pub(crate) enum Overdue {
    /// It was sent again.
    Retried { topic: String, frame: String },
    /// It stays unanswered.
    GaveUp {
        topic: String,
        slots: Vec<(Arc<Buffer<Delivery>>, watch::Sender<SubscriptionState>)>,
    },
}

impl Topics {
    pub(crate) fn new(
        project: Option<String>,
        confirm_timeout: Duration,
        hold_limit: usize,
        counting: Arc<Counting>,
    ) -> Self {
        Self {
            entries: HashMap::default(),
            next: 0,
            by_name: HashMap::new(),
            routes: HashMap::new(),
            recent: None,
            by_subscription: HashMap::new(),
            unanswered: VecDeque::new(),
            project,
            confirm_timeout,
            hold_limit,
            counting,
        }
    }

    pub(crate) fn entry(&mut self, index: usize) -> Option<&mut Entry> {
        self.entries.get_mut(&index).map(Box::as_mut)
    }

    pub(crate) fn entries(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.entries.values_mut().map(Box::as_mut)
    }

    fn ensure(&mut self, name: Name) -> usize {
        if let Some(&index) = self.by_name.get(&name) {
            return index;
        }
        let index = self.next;
        self.next += 1;
        self.by_name.insert(name.clone(), index);
        self.entries.insert(index, Box::new(Entry::new(name)));
        index
    }

    /// Adds a consumer; gives the frame that takes, if one does. `connected` says whether there is a wire to put it on.
    pub(crate) fn attach(
        &mut self,
        name: Name,
        slot: Slot,
        connected: bool,
        server_now: i64,
    ) -> Option<String> {
        let index = self.ensure(name);
        self.by_subscription.insert(slot.id, index);
        let entry = self.entries.get_mut(&index)?;
        if let Some(members) = &slot.members {
            members.send_replace(Some(Arc::clone(&entry.members)));
            let members = presence::lock(&entry.members);
            if members.synced {
                slot.buffer.push(Delivery::Presence(PresenceEvent::Snapshot(
                    members.snapshot(),
                )));
            }
        }
        if slot.recover {
            let hold_limit = self.hold_limit;
            let fill = entry
                .fill
                .get_or_insert_with(|| Box::new(Fill::new(hold_limit)));
            if entry.active {
                fill.since(server_now);
            }
        }
        if entry.active {
            slot.state.send_replace(SubscriptionState::Active);
        }
        // Most often it stays alone.
        entry.slots.reserve_exact(1);
        entry.slots.push(slot);
        if !connected {
            return None;
        }
        if entry.wire.is_none() {
            return self.request(index, false);
        }
        // Another filter than the one on the wire: from now on the server must send everything.
        if entry.wire_filter.is_some() && entry.wire_filter != entry.wanted_filter() {
            return self.request(index, true);
        }
        None
    }

    /// Puts a subscription on the wire.
    fn request(&mut self, index: usize, again: bool) -> Option<String> {
        let project = self.project.as_deref();
        let entry = self.entries.get_mut(&index)?;
        let topic = match &entry.wire {
            Some(topic) if again => Arc::clone(topic),
            _ => Arc::from(entry.name.wire(project)),
        };
        let filter = entry.wanted_filter();
        let frame = outbound::subscribe(&topic, filter.as_ref().map(|filter| &filter.0));
        entry.wire = Some(topic);
        entry.wire_filter = filter;
        if !entry.active {
            let due = Instant::now() + self.confirm_timeout;
            entry.pending = Some((due, false));
            self.unanswered.push_back((index, due));
        }
        Some(frame)
    }

    /// Takes a consumer away; gives the frames that takes, if any.
    pub(crate) fn detach(&mut self, subscription: u64) -> Vec<String> {
        let Some(index) = self.by_subscription.remove(&subscription) else {
            return Vec::new();
        };
        let Some(entry) = self.entries.get_mut(&index) else {
            return Vec::new();
        };
        entry.slots.retain(|slot| slot.id != subscription);
        if let Some(fill) = &mut entry.fill
            && !entry.slots.iter().any(Slot::waits)
        {
            fill.run(false);
        }
        if !entry.slots.is_empty() {
            return Vec::new();
        }
        let topic = entry.wire.take();
        if entry.pending.take().is_some() {
            entry.stale += 1;
        }
        entry.active = false;
        entry.wire_filter = None;
        entry.early = Vec::new();
        entry.fill = None;
        *presence::lock(&entry.members) = Default::default();
        let mut frames = Vec::new();
        if let Some(topic) = topic {
            frames.push(outbound::unsubscribe(&topic));
            // Leaving a topic may end one's presence there, which nobody asked for.
            frames.extend(
                entry
                    .tracked
                    .as_ref()
                    .map(|state| outbound::track(&topic, state)),
            );
        }
        self.recent = None;
        if let Some(confirmed) = entry.confirmed.take()
            && let Some(indices) = self.routes.get_mut(&confirmed)
        {
            indices.retain(|other| *other != index);
            if indices.is_empty() {
                self.routes.remove(&confirmed);
            }
        }
        self.forget_if_idle(index);
        frames
    }

    fn forget_if_idle(&mut self, index: usize) {
        if let Some(entry) = self.entries.get(&index)
            && entry.slots.is_empty()
            && entry.tracked.is_none()
            && entry.stale == 0
        {
            self.by_name.remove(&entry.name);
            self.entries.remove(&index);
        }
    }

    /// Sets or removes the state this connection shows on a topic; gives the frame for a connection.
    pub(crate) fn track(&mut self, name: Name, state: Option<RawJson>) -> Option<String> {
        if state.is_none() && !self.by_name.contains_key(&name) {
            return None;
        }
        let index = self.ensure(name);
        let project = self.project.clone();
        let entry = self.entries.get_mut(&index)?;
        let topic = entry.topic(project.as_deref());
        let was_tracked = entry.tracked.is_some();
        let frame = match &state {
            Some(state) => Some(outbound::track(&topic, state)),
            None => was_tracked.then(|| outbound::untrack(&topic)),
        };
        entry.tracked = state;
        self.forget_if_idle(index);
        frame
    }

    /// Everything a new connection must hear: all subscriptions, each followed by the state tracked there.
    pub(crate) fn open(&mut self) -> Vec<String> {
        let mut indices: Vec<usize> = self.entries.keys().copied().collect();
        indices.sort_unstable();
        let mut frames = Vec::with_capacity(indices.len());
        let mut resubscribed = 0;
        for index in indices {
            if self
                .entries
                .get(&index)
                .is_some_and(|entry| !entry.slots.is_empty())
            {
                frames.extend(self.request(index, false));
                resubscribed += u64::from(
                    self.entries
                        .get(&index)
                        .is_some_and(|entry| entry.confirmed.is_some()),
                );
            }
            let project = self.project.as_deref();
            if let Some(entry) = self.entries.get(&index)
                && let Some(state) = &entry.tracked
            {
                frames.push(outbound::track(&entry.topic(project), state));
            }
        }
        add(&self.counting.resubscribes, resubscribed);
        frames
    }

    /// The wire is gone, and with it everything that was on it.
    pub(crate) fn lost(&mut self, now: SystemTime) {
        self.unanswered.clear();
        let mut idle = Vec::new();
        for (&index, entry) in &mut self.entries {
            for slot in &mut entry.slots {
                if entry.active {
                    slot.lost_at.get_or_insert(now);
                    slot.losses += 1;
                }
                slot.fill = match slot.fill {
                    Filling::Waits | Filling::WaitedBefore => Filling::WaitedBefore,
                    Filling::No | Filling::Filled => Filling::No,
                };
                slot.state.send_if_modified(|state| {
                    let changed = *state != SubscriptionState::Pending;
                    *state = SubscriptionState::Pending;
                    changed
                });
            }
            if let Some(fill) = &mut entry.fill {
                fill.interrupt();
            }
            entry.wire = None;
            entry.wire_filter = None;
            entry.pending = None;
            entry.active = false;
            entry.stale = 0;
            idle.push(index);
        }
        for index in idle {
            self.forget_if_idle(index);
        }
    }

    /// Takes the server's confirmation of a topic; gives the entry that became live by it.
    pub(crate) fn confirm(&mut self, topic: &str) -> Option<usize> {
        let index = self.answered(topic)?;
        let entry = self.entries.get_mut(&index)?;
        if entry.stale > 0 && entry.pending.is_none_or(|(_, repeated)| !repeated) {
            entry.stale -= 1;
            self.forget_if_idle(index);
            return None;
        }
        entry.stale = 0;
        entry.pending = None;
        if entry.active || entry.slots.is_empty() {
            return None;
        }
        entry.active = true;
        let confirmed = match &entry.confirmed {
            Some(confirmed) if **confirmed == *topic => None,
            _ => Some(Arc::<str>::from(topic)),
        };
        if let Some(confirmed) = confirmed {
            self.recent = None;
            if let Some(old) = entry.confirmed.replace(Arc::clone(&confirmed))
                && let Some(indices) = self.routes.get_mut(&old)
            {
                indices.retain(|other| *other != index);
            }
            self.routes.entry(confirmed).or_default().push(index);
        }
        Some(index)
    }

    /// The entry whose request a confirmation answers: the one that sent exactly this topic, else the oldest whose short
    /// form the server completed to it. Never by prefix.
    fn answered(&mut self, topic: &str) -> Option<usize> {
        let sent_exactly = |entry: &Entry| entry.wire.as_deref() == Some(topic);
        let exact = self
            .unanswered
            .iter()
            .map(|(index, _)| *index)
            .find(|index| {
                self.entries
                    .get(index)
                    .map(Box::as_ref)
                    .is_some_and(sent_exactly)
            })
            .or_else(|| {
                let known = self.routes.get(topic)?.first().copied()?;
                Some(known)
            })
            .or_else(|| {
                let stale = |entry: &Entry| {
                    entry.stale > 0 && entry.topic(self.project.as_deref()) == topic
                };
                self.entries
                    .iter()
                    .find(|(_, entry)| stale(entry))
                    .map(|(index, _)| *index)
            });
        if exact.is_some() {
            return exact;
        }
        let (index, project) = self.unanswered.iter().find_map(|(index, due)| {
            let entry = self.entries.get(index)?;
            let current = entry.pending.is_some_and(|(deadline, _)| deadline == *due);
            let project = completed(topic, entry.wire.as_deref()?)?;
            current.then(|| (*index, project.to_owned()))
        })?;
        self.project.get_or_insert(project);
        Some(index)
    }

    /// Hands a message to everyone who wants it.
    pub(crate) fn route(&mut self, topic: &str, make: impl FnOnce() -> Option<Message>) -> Routed {
        let indices = match &self.recent {
            Some((recent, index)) if **recent == *topic => std::slice::from_ref(index),
            _ => match self.routes.get_key_value(topic) {
                None => return Routed::Nowhere,
                Some((topic, indices)) => {
                    if let [index] = indices[..] {
                        self.recent = Some((Arc::clone(topic), index));
                    }
                    &indices[..]
                }
            },
        };
        let Some((message, (last, others))) = make().zip(indices.split_last()) else {
            return Routed::Done;
        };
        let mut blocked = Vec::new();
        let mut hand = |index: &usize, message: Message| {
            let Some(entry) = self.entries.get_mut(index) else {
                return;
            };
            if entry.active {
                entry.receive(message, &self.counting, &mut blocked);
            } else if entry.early.len() < self.hold_limit {
                entry.early.push(message);
            } else {
                add(&self.counting.dropped, 1);
            }
        };
        for index in others {
            hand(index, message.clone());
        }
        hand(last, message);
        if blocked.is_empty() {
            Routed::Done
        } else {
            Routed::Blocked(blocked)
        }
    }

    /// Hands a server's error to the consumers of the topic it names; says whether there are any.
    pub(crate) fn error(&mut self, topic: &str, error: &Error) -> bool {
        let project = self.project.as_deref();
        let mut found = false;
        for entry in self.entries.values_mut() {
            let concerned = entry.confirmed.as_deref() == Some(topic)
                || entry.wire.as_deref() == Some(topic)
                || entry.topic(project) == topic;
            if !concerned || entry.slots.is_empty() {
                continue;
            }
            found = true;
            for slot in &entry.slots {
                slot.buffer.push_error(error.clone());
                if !entry.active {
                    slot.state
                        .send_replace(SubscriptionState::Failed(error.clone()));
                }
            }
            if !entry.active {
                entry.pending = None;
            }
        }
        found
    }

    /// When the next request is overdue.
    pub(crate) fn next_due(&mut self) -> Option<Instant> {
        while let Some((index, due)) = self.unanswered.front() {
            let current = self
                .entries
                .get(index)
                .and_then(|entry| entry.pending)
                .is_some_and(|(deadline, _)| deadline == *due);
            if current {
                return Some(*due);
            }
            self.unanswered.pop_front();
        }
        None
    }

    /// The oldest request, if it is overdue by now: sent once more, then given up.
    pub(crate) fn overdue(&mut self, now: Instant) -> Option<Overdue> {
        if self.next_due()? > now {
            return None;
        }
        let (index, _) = self.unanswered.pop_front()?;
        let due = now + self.confirm_timeout;
        let entry = self.entries.get_mut(&index)?;
        let topic = entry.wire.as_deref()?.to_owned();
        if entry.pending.is_some_and(|(_, repeated)| repeated) {
            entry.pending = None;
            let slots = entry
                .slots
                .iter()
                .map(|slot| (Arc::clone(&slot.buffer), slot.state.clone()))
                .collect();
            return Some(Overdue::GaveUp { topic, slots });
        }
        entry.pending = Some((due, true));
        self.unanswered.push_back((index, due));
        let filter = entry.wire_filter.as_ref().map(|filter| &filter.0);
        let frame = outbound::subscribe(&topic, filter);
        Some(Overdue::Retried { topic, frame })
    }
}

/// Where a message went.
pub(crate) enum Routed {
    Done,
    Nowhere,
    Blocked(Vec<Blocked>),
}

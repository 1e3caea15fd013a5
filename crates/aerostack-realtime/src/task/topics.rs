//! What should be on the wire, and what is.

pub(crate) mod answers;
pub(crate) mod backfill;
mod gaps;
mod spellings;
pub(crate) mod state;
#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
    time::{Duration, SystemTime},
};

use aerostack_api::RawJson;
use rustc_hash::FxHashMap;
use tokio::time::Instant;

use self::{
    backfill::Backfill,
    state::{BackfillState, PendingDelivery, TopicState, TopicSubscriber, Wire},
};
use crate::{
    counters::{AtomicCounters, add},
    protocol::{
        frame::outbound,
        message::Message,
        presence::{self, PresenceEvent},
        topic::Name,
    },
    queue::subscriber::{Delivery, Subscriber, SubscriptionState},
};

#[derive(Debug)]
pub(crate) struct Topics {
    entries: FxHashMap<usize, Box<TopicState>>,
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
    counters: Arc<AtomicCounters>,
}

/// The moment, by each of the clocks that matter here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) instant: Instant,
    /// By this machine's wall clock.
    pub(crate) wall: SystemTime,
    /// In Unix milliseconds of the server's clock, never later than it.
    pub(crate) server: i64,
}

impl Topics {
    pub(crate) fn new(
        project: Option<String>,
        confirm_timeout: Duration,
        hold_limit: usize,
        counters: Arc<AtomicCounters>,
    ) -> Self {
        Self {
            entries: FxHashMap::default(),
            next: 0,
            by_name: HashMap::new(),
            routes: HashMap::new(),
            recent: None,
            by_subscription: HashMap::new(),
            unanswered: VecDeque::new(),
            project,
            confirm_timeout,
            hold_limit,
            counters,
        }
    }

    pub(crate) fn entry(&mut self, index: usize) -> Option<&mut TopicState> {
        self.entries.get_mut(&index).map(Box::as_mut)
    }

    pub(crate) fn subscribers(&mut self) -> impl Iterator<Item = &mut TopicSubscriber> {
        self.entries
            .values_mut()
            .flat_map(|entry| &mut entry.subscribers)
    }

    fn ensure(&mut self, name: Name) -> usize {
        let name = name.in_project(self.project.as_deref());
        if let Some(&index) = self.by_name.get(&name) {
            return index;
        }
        let index = self.next;
        self.next += 1;
        self.by_name.insert(name.clone(), index);
        self.entries.insert(index, Box::new(TopicState::new(name)));
        index
    }

    /// Adds a consumer; gives the frame that takes, if one does. `connected` says whether there is a wire to put it on.
    pub(crate) fn attach(
        &mut self,
        name: Name,
        subscriber: Subscriber,
        connected: bool,
        now: Moment,
    ) -> Option<String> {
        let index = self.ensure(name);
        self.by_subscription.insert(subscriber.id, index);
        let entry = self.entries.get_mut(&index)?;
        if let Some(members) = &subscriber.members {
            members.send_replace(Some(Arc::clone(&entry.members)));
            let members = presence::lock(&entry.members);
            if members.synced {
                let whole = PresenceEvent::Snapshot(members.snapshot());
                subscriber.buffer.push(Delivery::Presence(whole));
            }
        }
        if subscriber.recover {
            let hold_limit = self.hold_limit;
            let backfill = entry
                .backfill
                .get_or_insert_with(|| Box::new(Backfill::new(hold_limit)));
            if entry.wire == Wire::Live {
                backfill.since(now.server);
            }
        }
        if entry.is_live() {
            subscriber.set_state(SubscriptionState::Active);
        }
        // Most often it stays alone.
        entry.subscribers.reserve_exact(1);
        entry.subscribers.push(subscriber.into());
        if !connected {
            return None;
        }
        match entry.wire {
            Wire::NotAsked | Wire::Refused => self.request(index, now),
            // Another filter than the one on the wire: from now on the server must send everything.
            Wire::Asked { .. } | Wire::Live
                if entry.requested_filter.is_some()
                    && entry.requested_filter != entry.wanted_filter() =>
            {
                self.request(index, now)
            }
            Wire::Asked { .. } | Wire::Live => None,
        }
    }

    /// Puts a subscription on the wire. Whatever was known of it, unless it is live, it is asked for from now on.
    fn request(&mut self, index: usize, now: Moment) -> Option<String> {
        let project = self.project.as_deref();
        let entry = self.entries.get_mut(&index)?;
        let topic = match (&entry.requested, entry.wire) {
            (Some(topic), Wire::Live | Wire::Asked { .. }) => Arc::clone(topic),
            _ => Arc::from(entry.name.wire(project)),
        };
        let filter = entry.wanted_filter();
        let frame = outbound::subscribe(&topic, filter.as_ref().map(|filter| &filter.0));
        entry.requested = Some(topic);
        entry.requested_filter = filter;
        if !entry.is_live() {
            let due = now.instant + self.confirm_timeout;
            entry.asked_at = now.wall;
            entry.wire = Wire::Asked { due, again: false };
            self.unanswered.push_back((index, due));
            for subscriber in &entry.subscribers {
                subscriber.set_state(SubscriptionState::Pending);
            }
        }
        Some(frame)
    }

    /// Asks again for everything that was refused or not answered: the credentials are others now.
    pub(crate) fn ask_refused(&mut self, now: Moment) -> Vec<String> {
        let mut indices: Vec<usize> = self
            .entries
            .iter()
            .filter(|(_, entry)| entry.wire == Wire::Refused && !entry.subscribers.is_empty())
            .map(|(index, _)| *index)
            .collect();
        indices.sort_unstable();
        indices
            .into_iter()
            .filter_map(|index| self.request(index, now))
            .collect()
    }

    /// Takes a consumer away; gives the frames that takes, if any.
    pub(crate) fn detach(&mut self, subscription: u64, now: Instant) -> Vec<String> {
        let Some(index) = self.by_subscription.remove(&subscription) else {
            return Vec::new();
        };
        let Some(entry) = self.entries.get_mut(&index) else {
            return Vec::new();
        };
        entry.subscribers.retain(|it| it.id != subscription);
        if let Some(backfill) = &mut entry.backfill
            && !entry.subscribers.iter().any(TopicSubscriber::waits)
        {
            backfill.run(false);
        }
        if !entry.subscribers.is_empty() {
            return Vec::new();
        }
        let topic = entry.requested.take();
        if let Wire::Asked { .. } = entry.wire {
            let until = now + self.confirm_timeout;
            entry.stale += 1;
            entry.stale_until = Some(until);
            self.unanswered.push_back((index, until));
        }
        entry.wire = Wire::NotAsked;
        entry.requested_filter = None;
        entry.early = Vec::new();
        entry.backfill = None;
        *presence::lock(&entry.members) = Default::default();
        let tracked = entry.tracked.clone();
        let confirmed = entry.confirmed.take();
        self.unroute(index, confirmed.as_deref());
        let mut frames = Vec::new();
        // Another name of the same topic still needs it.
        let shared = confirmed.is_some_and(|confirmed| self.routes.contains_key(&confirmed));
        if let Some(topic) = topic.filter(|_| !shared) {
            frames.push(outbound::unsubscribe(&topic));
            // Leaving a topic may end one's presence there, which nobody asked for.
            frames.extend(tracked.map(|state| outbound::track(&topic, &state)));
        }
        self.forget_if_idle(index);
        frames
    }

    fn unroute(&mut self, index: usize, topic: Option<&str>) {
        self.recent = None;
        if let Some(topic) = topic
            && let Some(indices) = self.routes.get_mut(topic)
        {
            indices.retain(|other| *other != index);
            if indices.is_empty() {
                self.routes.remove(topic);
            }
        }
    }

    fn forget_if_idle(&mut self, index: usize) {
        if let Some(entry) = self.entries.get(&index)
            && entry.subscribers.is_empty()
            && entry.tracked.is_none()
            && entry.stale == 0
        {
            self.by_name.remove(&entry.name);
            self.entries.remove(&index);
        }
    }

    /// Sets or removes the state this connection shows on a topic; gives the frame for a connection.
    pub(crate) fn track(&mut self, name: Name, state: Option<RawJson>) -> Option<String> {
        let name = name.in_project(self.project.as_deref());
        if state.is_none() && !self.by_name.contains_key(&name) {
            return None;
        }
        let index = self.ensure(name);
        let project = self.project.as_deref();
        let entry = self.entries.get_mut(&index)?;
        let topic = entry.topic(project);
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
    pub(crate) fn open(&mut self, now: Moment) -> Vec<String> {
        let mut indices: Vec<usize> = self.entries.keys().copied().collect();
        indices.sort_unstable();
        let mut frames = Vec::with_capacity(indices.len());
        let mut resubscribed = 0;
        for index in indices {
            let Some(entry) = self.entries.get(&index) else {
                continue;
            };
            let tracked = entry
                .tracked
                .as_ref()
                .map(|state| outbound::track(&entry.topic(self.project.as_deref()), state));
            if !entry.subscribers.is_empty() {
                resubscribed += u64::from(entry.confirmed.is_some());
                frames.extend(self.request(index, now));
            }
            frames.extend(tracked);
        }
        add(&self.counters.resubscribes, resubscribed);
        frames
    }

    /// The wire is gone, and with it everything that was on it. Nothing sent before `from` is missing.
    pub(crate) fn lost(&mut self, from: SystemTime) {
        self.unanswered.clear();
        for entry in self.entries.values_mut() {
            for subscriber in &mut entry.subscribers {
                if entry.wire == Wire::Live {
                    subscriber.interrupted(from.max(entry.asked_at));
                }
                subscriber.backfill = match subscriber.backfill {
                    BackfillState::Waits | BackfillState::WaitedBefore => {
                        BackfillState::WaitedBefore
                    }
                    BackfillState::No | BackfillState::Filled => BackfillState::No,
                };
                subscriber.doubted = false;
                subscriber.set_state(SubscriptionState::Pending);
            }
            if let Some(backfill) = &mut entry.backfill {
                backfill.interrupt();
            }
            entry.wire = Wire::NotAsked;
            entry.requested = None;
            entry.requested_filter = None;
            entry.stale = 0;
            entry.stale_until = None;
        }
        let indices: Vec<usize> = self.entries.keys().copied().collect();
        for index in indices {
            self.forget_if_idle(index);
        }
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
        let mut pending = Vec::new();
        let mut hand = |index: &usize, message: Message| {
            let Some(entry) = self.entries.get_mut(index) else {
                return;
            };
            match entry.wire {
                Wire::Live => entry.receive(message, &self.counters, &mut pending),
                Wire::Refused => {
                    for early in entry.resume() {
                        entry.receive(early, &self.counters, &mut pending);
                    }
                    entry.receive(message, &self.counters, &mut pending);
                }
                Wire::NotAsked | Wire::Asked { .. } if entry.early.len() < self.hold_limit => {
                    entry.early.push(message);
                }
                Wire::NotAsked | Wire::Asked { .. } => add(&self.counters.dropped, 1),
            }
        };
        for index in others {
            hand(index, message.clone());
        }
        hand(last, message);
        if pending.is_empty() {
            Routed::Done
        } else {
            Routed::Blocked(pending)
        }
    }
}

/// Where a message went.
pub(crate) enum Routed {
    Done,
    Nowhere,
    Blocked(Vec<PendingDelivery>),
}

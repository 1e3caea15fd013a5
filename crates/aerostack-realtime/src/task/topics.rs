//! What should be on the wire, and what is.

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
    error::{Error, ErrorKind},
    protocol::{
        frame::outbound,
        message::Message,
        presence::{self, PresenceEvent},
        topic::{Name, completed},
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

/// What became of an unanswered request.
pub(crate) enum Overdue {
    /// It was sent again.
    Retried { topic: String, frame: String },
    /// It stays unanswered, and those who waited were told.
    GaveUp,
    /// Nobody wants to know any more.
    Forgotten,
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

    /// Takes the server's confirmation of a topic; gives the entry that became live by it.
    pub(crate) fn confirm(&mut self, topic: &str) -> Option<usize> {
        let index = self.answered(topic)?;
        let entry = self.entries.get_mut(&index)?;
        if entry.stale > 0 && !matches!(entry.wire, Wire::Asked { again: true, .. }) {
            entry.stale -= 1;
            self.forget_if_idle(index);
            return None;
        }
        entry.stale = 0;
        if entry.is_live() || entry.subscribers.is_empty() {
            return None;
        }
        entry.wire = Wire::Live;
        if entry.confirmed.as_deref() != Some(topic) {
            let topic = Arc::<str>::from(topic);
            let before = entry.confirmed.replace(Arc::clone(&topic));
            self.unroute(index, before.as_deref());
            self.routes.entry(topic).or_default().push(index);
        }
        Some(index)
    }

    /// The entry whose request a confirmation answers: the one that sent exactly this topic, else the oldest whose short
    /// form the server completed to it. Never by prefix.
    fn answered(&mut self, topic: &str) -> Option<usize> {
        let waits = |(index, due): &(usize, Instant)| {
            let entry = self.entries.get(index)?;
            let asked = matches!(entry.wire, Wire::Asked { due: current, .. } if current == *due);
            asked.then_some((*index, entry.requested.as_deref()?))
        };
        let exact = self
            .unanswered
            .iter()
            .filter_map(waits)
            .find(|(_, requested)| *requested == topic)
            .map(|(index, _)| index);
        if exact.is_some() {
            return exact;
        }
        let short = self
            .unanswered
            .iter()
            .filter_map(waits)
            .find_map(|(index, requested)| {
                let project = completed(topic, requested)?;
                let known = self.project.as_deref();
                known
                    .is_none_or(|known| known == project)
                    .then(|| (index, project.to_owned()))
            });
        if let Some((index, project)) = short {
            self.project.get_or_insert(project);
            return Some(index);
        }
        if let Some(known) = self.routes.get(topic).and_then(|indices| indices.first()) {
            return Some(*known);
        }
        // An answer to what is no longer wanted, or no longer hoped for.
        let project = self.project.as_deref();
        self.entries
            .iter()
            .find(|(_, entry)| {
                (entry.stale > 0 && entry.topic(project) == topic)
                    || (entry.wire == Wire::Refused && entry.requested.as_deref() == Some(topic))
            })
            .map(|(index, _)| *index)
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

    /// Hands a server's error to the consumers of the topic it names; says whether there are any.
    ///
    /// For a request it is the refusal. For a live topic it may be the end of the subscription, or concern one message
    /// alone: the subscription counts as failed until it is confirmed anew or a message shows that it goes on.
    pub(crate) fn error(&mut self, topic: &str, error: &Error, now: SystemTime) -> bool {
        let project = self.project.as_deref();
        let mut found = false;
        for entry in self.entries.values_mut() {
            let concerned = entry.confirmed.as_deref() == Some(topic)
                || entry.requested.as_deref() == Some(topic)
                || entry.topic(project) == topic;
            if !concerned || entry.subscribers.is_empty() {
                continue;
            }
            found = true;
            let was_live = entry.is_live();
            for subscriber in &mut entry.subscribers {
                if was_live && subscriber.lost_at.is_none() {
                    subscriber.interrupted(now);
                    subscriber.doubted = true;
                }
                subscriber.fail(error);
            }
            if entry.wire != Wire::NotAsked {
                entry.wire = Wire::Refused;
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
                .is_some_and(|entry| match entry.wire {
                    Wire::Asked { due: current, .. } if current == *due => true,
                    _ => entry.stale_until == Some(*due),
                });
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
        let (index, due) = self.unanswered.pop_front()?;
        let entry = self.entries.get_mut(&index)?;
        if entry.stale_until == Some(due) {
            entry.stale = 0;
            entry.stale_until = None;
        }
        let (
            Wire::Asked {
                due: current,
                again,
            },
            Some(topic),
        ) = (entry.wire, &entry.requested)
        else {
            self.forget_if_idle(index);
            return Some(Overdue::Forgotten);
        };
        if current != due {
            return Some(Overdue::Forgotten);
        }
        if again {
            let error = Error::new(
                ErrorKind::SubscribeTimeout,
                format!("the server did not confirm the subscription of {topic}, asked twice"),
            );
            entry.wire = Wire::Refused;
            entry.subscribers.iter().for_each(|it| it.fail(&error));
            return Some(Overdue::GaveUp);
        }
        let filter = entry.requested_filter.as_ref().map(|filter| &filter.0);
        let frame = outbound::subscribe(topic, filter);
        let topic = topic.to_string();
        let due = now + self.confirm_timeout;
        entry.wire = Wire::Asked { due, again: true };
        self.unanswered.push_back((index, due));
        Some(Overdue::Retried { topic, frame })
    }
}

/// Where a message went.
pub(crate) enum Routed {
    Done,
    Nowhere,
    Blocked(Vec<PendingDelivery>),
}

//! One topic: who wants it, and what of it is on the wire.

use std::{
    sync::{Arc, Mutex},
    time::SystemTime,
};

use aerostack_api::RawJson;
use tokio::{sync::watch, time::Instant};

use super::backfill::{Fill, Print};
use crate::{
    client::subscription::{Delivery, SubscriptionState},
    counters::{Counting, add},
    protocol::filter::{Filter, Selector},
    protocol::message::{Gap, Message, MessageKind, Recovery},
    protocol::presence::{self, PresenceEvent, SharedMembers},
    protocol::topic::Name,
    queue::inbound::{Buffer, Pushed},
};

/// One consumer's side of a topic.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) id: u64,
    pub(crate) buffer: Arc<Buffer<Delivery>>,
    pub(crate) selector: Selector,
    pub(crate) recover: bool,
    pub(crate) state: watch::Sender<SubscriptionState>,
    /// Where a presence stream finds the members; filled when it is attached.
    pub(crate) members: Option<watch::Sender<Option<SharedMembers>>>,
    /// When a live subscription lost its connection; a gap is owed from then on.
    pub(crate) lost_at: Option<SystemTime>,
    /// Interruptions that gap stands for.
    pub(crate) losses: u32,
    pub(crate) fill: Filling,
}

/// Where a consumer is with the gap that the history is to fill.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Filling {
    #[default]
    No,
    /// The history is being read; live messages wait.
    Waits,
    /// As before, when the connection was lost once more: what waited then still does.
    WaitedBefore,
    /// Filled: a live message the history gave already is a repeat.
    Filled,
}

impl Slot {
    pub(super) fn waits(&self) -> bool {
        matches!(self.fill, Filling::Waits | Filling::WaitedBefore)
    }

    /// The gap item that is owed, if one is.
    pub(super) fn gap(
        &mut self,
        to: SystemTime,
        recovery: Recovery,
        recovered: usize,
    ) -> Option<Gap> {
        Some(Gap {
            from: self.lost_at.take()?,
            to,
            recovery,
            recovered,
            interruptions: std::mem::take(&mut self.losses).max(1),
        })
    }
}

/// A topic someone wants.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: Name,
    pub(crate) slots: Vec<Slot>,
    pub(crate) tracked: Option<RawJson>,
    /// What was subscribed on this connection.
    pub(super) wire: Option<Arc<str>>,
    pub(super) wire_filter: Option<Filter>,
    /// When the answer to the last request is due, and whether it was repeated already.
    pub(super) pending: Option<(Instant, bool)>,
    /// Answers still to come to requests that an unsubscribe has overtaken.
    pub(super) stale: u32,
    /// The topic as the server named it, now or on an earlier connection.
    pub(crate) confirmed: Option<Arc<str>>,
    /// Confirmed on this connection.
    pub(crate) active: bool,
    /// When it was last confirmed.
    pub(super) live_at: Option<SystemTime>,
    pub(crate) members: SharedMembers,
    /// Messages that came before the confirmation, kept back until the gap before them is told.
    pub(super) early: Vec<Message>,
    /// There once a consumer wants its gaps filled.
    pub(crate) fill: Option<Box<Fill>>,
}

/// A message that waits for consumers whose policy is to wait.
#[derive(Debug)]
pub(crate) struct Blocked {
    pub(crate) delivery: Delivery,
    pub(crate) buffers: Vec<Arc<Buffer<Delivery>>>,
}

impl Entry {
    pub(super) fn new(name: Name) -> Self {
        Self {
            name,
            slots: Vec::new(),
            tracked: None,
            wire: None,
            wire_filter: None,
            pending: None,
            stale: 0,
            confirmed: None,
            active: false,
            live_at: None,
            members: Arc::new(Mutex::default()),
            early: Vec::new(),
            fill: None,
        }
    }

    /// The topic for frames other than subscribe: as the server named it, if it has.
    pub(crate) fn topic(&self, project: Option<&str>) -> String {
        match &self.confirmed {
            Some(confirmed) => confirmed.to_string(),
            None => self.name.wire(project),
        }
    }

    /// The filter all consumers share, if they do.
    pub(super) fn wanted_filter(&self) -> Option<Filter> {
        let (first, rest) = self.slots.split_first()?;
        let filter = first.selector.wire_filter()?;
        rest.iter()
            .all(|slot| slot.selector.wire_filter() == Some(filter))
            .then(|| filter.clone())
    }

    /// Takes a message of a live topic in: to whoever waits for the history later, to all others now.
    pub(super) fn receive(
        &mut self,
        message: Message,
        counting: &Counting,
        blocked: &mut Vec<Blocked>,
    ) {
        if let Some(fill) = &mut self.fill
            && fill.is_running()
            && !fill.hold(&message)
        {
            // No live message is lost for the sake of older ones: the history is waited for no longer.
            blocked.extend(self.settle(Recovery::Unavailable, Vec::new(), counting));
        }
        blocked.extend(self.deliver(message, false, counting));
    }

    /// Hands a message to the consumers that want it: those that waited for the history, or all others.
    pub(super) fn deliver(
        &mut self,
        message: Message,
        waited: bool,
        counting: &Counting,
    ) -> Option<Blocked> {
        if message.kind() == MessageKind::Presence && !waited {
            self.deliver_presence(&message, counting);
        }
        let repeat = match &mut self.fill {
            // What waits is noted when it is handed out.
            Some(fill) if waited || !fill.is_running() => fill.note(Print::of(&message)),
            _ => false,
        };
        let wants = |slot: &&Slot| {
            slot.waits() == waited
                && slot.members.is_none()
                && !(repeat && slot.fill == Filling::Filled)
                && slot.selector.accepts(&message)
        };
        let mut wanting = self.slots.iter().filter(wants);
        // Most often there is one, who gets the message itself.
        let first = wanting.next()?;
        let others: Vec<&Slot> = wanting.collect();
        let mut blocked = None::<Blocked>;
        let mut hand = |slot: &Slot, message| match slot.buffer.push(Delivery::Message(message)) {
            Pushed::Accepted | Pushed::Ended => {}
            Pushed::Dropped => add(&counting.dropped, 1),
            Pushed::Full(delivery) => blocked
                .get_or_insert(Blocked {
                    delivery,
                    buffers: Vec::new(),
                })
                .buffers
                .push(Arc::clone(&slot.buffer)),
        };
        for slot in others {
            hand(slot, message.clone());
        }
        hand(first, message);
        blocked
    }

    fn deliver_presence(&self, message: &Message, counting: &Counting) {
        let mut members = presence::lock(&self.members);
        for event in members.apply(message) {
            for slot in self.slots.iter().filter(|slot| slot.members.is_some()) {
                match slot.buffer.push(Delivery::Presence(event.clone())) {
                    Pushed::Accepted | Pushed::Ended => {}
                    // A diff is missing now, so the whole follows.
                    Pushed::Dropped | Pushed::Full(_) => {
                        add(&counting.dropped, 1);
                        let whole = PresenceEvent::Snapshot(members.snapshot());
                        slot.buffer.replace(Delivery::Presence(whole));
                    }
                }
            }
        }
    }
}

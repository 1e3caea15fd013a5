//! One topic: who wants it, and what of it is on the wire.

use std::{
    sync::{Arc, Mutex},
    time::SystemTime,
};

use aerostack_api::RawJson;
use tokio::{sync::watch, time::Instant};

use super::recovery::{Held, Seen};
use crate::{
    buffer::{Buffer, Pushed},
    counters::{Counting, add},
    message::{Message, MessageKind},
    presence::{self, PresenceEvent, SharedMembers},
    selector::{Filter, Selector},
    subscription::{Delivery, SubscriptionState},
    topic::Name,
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
    pub(crate) members: SharedMembers,
    /// Messages kept back until the gap before them is told, or filled.
    pub(crate) held: Held,
    pub(crate) seen: Seen,
    pub(crate) recovering: bool,
}

/// A message that waits for consumers whose policy is to wait.
#[derive(Debug)]
pub(crate) struct Blocked {
    pub(crate) delivery: Delivery,
    pub(crate) buffers: Vec<Arc<Buffer<Delivery>>>,
}

impl Entry {
    pub(super) fn new(name: Name, hold_limit: usize) -> Self {
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
            members: Arc::new(Mutex::default()),
            held: Held::new(hold_limit),
            seen: Seen::default(),
            recovering: false,
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

    pub(super) fn deliver(&mut self, message: Message, counting: &Counting) -> Option<Blocked> {
        if message.kind() == MessageKind::Presence {
            self.deliver_presence(&message, counting);
        }
        if self.slots.iter().any(|slot| slot.recover) {
            self.seen.note(&message);
        }
        let mut waiting = Vec::new();
        for slot in &self.slots {
            if slot.members.is_some() || !slot.selector.accepts(&message) {
                continue;
            }
            match slot.buffer.push(|| Delivery::Message(message.clone())) {
                Pushed::Accepted | Pushed::Ended => {}
                Pushed::Dropped => add(&counting.dropped, 1),
                Pushed::Full => waiting.push(Arc::clone(&slot.buffer)),
            }
        }
        (!waiting.is_empty()).then_some(Blocked {
            delivery: Delivery::Message(message),
            buffers: waiting,
        })
    }

    fn deliver_presence(&self, message: &Message, counting: &Counting) {
        let mut members = presence::lock(&self.members);
        for event in members.apply(message) {
            for slot in self.slots.iter().filter(|slot| slot.members.is_some()) {
                match slot.buffer.push(|| Delivery::Presence(event.clone())) {
                    Pushed::Accepted | Pushed::Ended => {}
                    // A diff is missing now, so the whole follows.
                    Pushed::Dropped | Pushed::Full => {
                        add(&counting.dropped, 1);
                        let whole = PresenceEvent::Snapshot(members.snapshot());
                        slot.buffer.replace(Delivery::Presence(whole));
                    }
                }
            }
        }
    }
}

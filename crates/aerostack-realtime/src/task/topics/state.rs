//! One topic: who wants it, and what of it is on the wire.

use std::{
    ops::Deref,
    sync::{Arc, Mutex},
    time::SystemTime,
};

use aerostack_api::RawJson;
use tokio::time::Instant;

use super::backfill::{Backfill, Fingerprint};
use crate::{
    counters::{AtomicCounters, add},
    protocol::{
        filter::Filter,
        message::{Gap, Message, MessageKind, Recovery},
        presence::{self, PresenceEvent, SharedMembers},
        topic::Name,
    },
    queue::{
        inbound::{Buffer, Pushed},
        subscriber::{Delivery, Subscriber, SubscriptionState},
    },
};

/// A consumer, and the gap it is owed.
#[derive(Debug)]
pub(crate) struct TopicSubscriber {
    subscriber: Subscriber,
    /// From when on messages may be missing; a gap is owed then.
    pub(super) lost_at: Option<SystemTime>,
    /// Interruptions that gap stands for.
    pub(super) losses: u32,
    /// The gap is owed for an error alone, after which the server may have gone on as if nothing had been.
    pub(super) doubted: bool,
    pub(super) backfill: BackfillState,
}

/// Where a consumer is with the gap that the history is to fill.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum BackfillState {
    #[default]
    No,
    /// The history is being read; live messages wait.
    Waits,
    /// As before, when the connection was lost once more: what waited then still does.
    WaitedBefore,
    /// Filled: a live message the history gave already is a duplicate.
    Filled,
}

impl Deref for TopicSubscriber {
    type Target = Subscriber;

    fn deref(&self) -> &Subscriber {
        &self.subscriber
    }
}

impl From<Subscriber> for TopicSubscriber {
    fn from(subscriber: Subscriber) -> Self {
        Self {
            subscriber,
            lost_at: None,
            losses: 0,
            doubted: false,
            backfill: BackfillState::No,
        }
    }
}

impl TopicSubscriber {
    pub(super) fn waits(&self) -> bool {
        matches!(
            self.backfill,
            BackfillState::Waits | BackfillState::WaitedBefore
        )
    }

    /// Notes that messages may be missing from now on.
    pub(super) fn interrupted(&mut self, from: SystemTime) {
        self.lost_at.get_or_insert(from);
        self.losses += 1;
        self.doubted = false;
    }

    /// The gap item that is owed, if one is.
    pub(super) fn gap(
        &mut self,
        to: SystemTime,
        recovery: Recovery,
        recovered: usize,
    ) -> Option<Gap> {
        self.doubted = false;
        let from = self.lost_at.take()?;
        Some(Gap {
            from: from.min(to),
            to,
            recovery,
            recovered,
            interruptions: std::mem::take(&mut self.losses).max(1),
        })
    }
}

/// What of a topic is on the wire of this connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wire {
    NotAsked,
    /// Asked for, and the answer is due; whether that was the second time.
    Asked {
        due: Instant,
        again: bool,
    },
    /// Confirmed.
    Live,
    /// Refused, or unanswered twice. Whoever subscribes next asks again.
    Refused,
}

/// A topic someone wants.
#[derive(Debug)]
pub(crate) struct TopicState {
    pub(crate) name: Name,
    pub(crate) subscribers: Vec<TopicSubscriber>,
    pub(crate) tracked: Option<RawJson>,
    pub(super) wire: Wire,
    /// The topic as it was asked for on this connection, and with which filter.
    pub(super) requested: Option<Arc<str>>,
    pub(super) requested_filter: Option<Filter>,
    /// When it was, by the wall clock: nothing from before is missing.
    pub(super) asked_at: SystemTime,
    /// Answers still to come to requests that an unsubscribe has overtaken, and until when they are waited for.
    pub(super) stale: u32,
    pub(super) stale_until: Option<Instant>,
    /// The topic as the server named it, now or on an earlier connection.
    pub(crate) confirmed: Option<Arc<str>>,
    /// When it was last confirmed.
    pub(super) live_at: Option<SystemTime>,
    pub(crate) members: SharedMembers,
    /// Messages that came before the confirmation, kept back until the gap before them is told.
    pub(super) early: Vec<Message>,
    /// There once a consumer wants its gaps filled.
    pub(crate) backfill: Option<Box<Backfill>>,
}

/// A message that waits for consumers whose policy is to wait.
#[derive(Debug)]
pub(crate) struct PendingDelivery {
    pub(crate) delivery: Delivery,
    pub(crate) buffers: Vec<Arc<Buffer<Delivery>>>,
}

impl TopicState {
    pub(super) fn new(name: Name) -> Self {
        Self {
            name,
            subscribers: Vec::new(),
            tracked: None,
            wire: Wire::NotAsked,
            requested: None,
            requested_filter: None,
            asked_at: SystemTime::UNIX_EPOCH,
            stale: 0,
            stale_until: None,
            confirmed: None,
            live_at: None,
            members: Arc::new(Mutex::default()),
            early: Vec::new(),
            backfill: None,
        }
    }

    pub(super) fn is_live(&self) -> bool {
        self.wire == Wire::Live
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
        let (first, rest) = self.subscribers.split_first()?;
        let filter = first.selector.wire_filter()?;
        rest.iter()
            .all(|subscriber| subscriber.selector.wire_filter() == Some(filter))
            .then(|| filter.clone())
    }

    /// The server goes on sending after an error that named the topic: it was no end of the subscription.
    pub(super) fn resume(&mut self) -> Vec<Message> {
        self.wire = Wire::Live;
        for subscriber in &mut self.subscribers {
            if std::mem::take(&mut subscriber.doubted) {
                subscriber.lost_at = None;
                subscriber.losses = 0;
            }
            subscriber.set_state(SubscriptionState::Active);
        }
        std::mem::take(&mut self.early)
    }

    /// Takes a message of a live topic in: to whoever waits for the history later, to all others now.
    pub(super) fn receive(
        &mut self,
        message: Message,
        counters: &AtomicCounters,
        pending: &mut Vec<PendingDelivery>,
    ) {
        if let Some(backfill) = &mut self.backfill
            && backfill.is_running()
            && !backfill.hold(&message)
        {
            // No live message is lost for the sake of older ones: the history is waited for no longer.
            pending.extend(self.settle(Recovery::Unavailable, Vec::new(), counters));
        }
        pending.extend(self.deliver(message, false, counters));
    }

    /// Hands a message to the consumers that want it: those that waited for the history, or all others.
    pub(super) fn deliver(
        &mut self,
        message: Message,
        waited: bool,
        counters: &AtomicCounters,
    ) -> Option<PendingDelivery> {
        if message.kind() == MessageKind::Presence && !waited {
            self.deliver_presence(&message, counters);
        }
        let duplicate = match &mut self.backfill {
            // What waits is noted when it is handed out.
            Some(backfill) if waited || !backfill.is_running() => {
                backfill.note(Fingerprint::of(&message))
            }
            _ => false,
        };
        let wants = |subscriber: &&TopicSubscriber| {
            subscriber.waits() == waited
                && subscriber.members.is_none()
                && !(duplicate && subscriber.backfill == BackfillState::Filled)
                && subscriber.selector.accepts(&message)
        };
        let mut wanting = self.subscribers.iter().filter(wants);
        // Most often there is one, who gets the message itself.
        let first = wanting.next()?;
        let others: Vec<&TopicSubscriber> = wanting.collect();
        let mut pending = None::<PendingDelivery>;
        let mut hand = |subscriber: &TopicSubscriber, message| match subscriber
            .buffer
            .push(Delivery::Message(message))
        {
            Pushed::Accepted | Pushed::Ended => {}
            Pushed::Dropped => add(&counters.dropped, 1),
            Pushed::Full(delivery) => pending
                .get_or_insert(PendingDelivery {
                    delivery,
                    buffers: Vec::new(),
                })
                .buffers
                .push(Arc::clone(&subscriber.buffer)),
        };
        for subscriber in others {
            hand(subscriber, message.clone());
        }
        hand(first, message);
        pending
    }

    fn deliver_presence(&self, message: &Message, counters: &AtomicCounters) {
        let mut members = presence::lock(&self.members);
        for event in members.apply(message) {
            let streams = self.subscribers.iter().filter(|it| it.members.is_some());
            for subscriber in streams {
                match subscriber.buffer.push(Delivery::Presence(event.clone())) {
                    Pushed::Accepted | Pushed::Ended => {}
                    // A diff is missing now, so the whole follows.
                    Pushed::Dropped | Pushed::Full(_) => {
                        add(&counters.dropped, 1);
                        let whole = PresenceEvent::Snapshot(members.snapshot());
                        subscriber.buffer.replace(Delivery::Presence(whole));
                    }
                }
            }
        }
    }
}

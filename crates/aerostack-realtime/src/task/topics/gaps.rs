//! Telling gaps in their place, filled or not.

#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::{
    Moment, Topics,
    backfill::{Filled, MessageOrigin},
    state::{BackfillState, PendingDelivery, TopicState},
};
use crate::{
    counters::{AtomicCounters, add},
    protocol::message::{Message, Recovery},
    queue::subscriber::{Delivery, SubscriptionState},
};

impl Topics {
    /// A topic is live: its consumers learn so, with the gap they owe an explanation for. Those that want it filled wait
    /// for the history; nobody else waits for them.
    pub(crate) fn live(&mut self, index: usize, now: Moment) -> Vec<PendingDelivery> {
        let counters = Arc::clone(&self.counters);
        let Some(entry) = self.entry(index) else {
            return Vec::new();
        };
        entry.live_at = Some(now.wall);
        let kept = !entry.name.is_table();
        for subscriber in &mut entry.subscribers {
            if kept && subscriber.recover && subscriber.lost_at.is_some() {
                if subscriber.backfill != BackfillState::WaitedBefore {
                    subscriber.backfill = BackfillState::Waits;
                }
            } else if let Some(gap) = subscriber.gap(now.wall, Recovery::Unavailable, 0) {
                subscriber.buffer.push_gap(gap);
            }
            subscriber.set_state(SubscriptionState::Active);
        }
        if let Some(backfill) = &mut entry.backfill {
            backfill.since(now.server);
            backfill.run(entry.subscribers.iter().any(|it| it.waits()));
        }
        let mut pending = Vec::new();
        for message in std::mem::take(&mut entry.early) {
            entry.receive(message, &counters, &mut pending);
        }
        pending
    }

    /// The history was read for a topic.
    pub(crate) fn filled(&mut self, filled: Filled) -> Vec<PendingDelivery> {
        let counters = Arc::clone(&self.counters);
        match self.entry(filled.index) {
            // Otherwise it took too long, or nobody waits for it any more.
            Some(entry) if entry.backfill.as_ref().is_some_and(|it| it.is_running()) => {
                entry.settle(filled.recovery, filled.messages, &counters)
            }
            _ => Vec::new(),
        }
    }
}

impl TopicState {
    /// Ends the wait for the history: the gap is told, then come what the history gave and the messages that waited.
    pub(super) fn settle(
        &mut self,
        recovery: Recovery,
        recovered: Vec<Message>,
        counters: &AtomicCounters,
    ) -> Vec<PendingDelivery> {
        let (Some(backfill), Some(live_at)) = (&mut self.backfill, self.live_at) else {
            return Vec::new();
        };
        let (first, after, recovery) = backfill.finish(recovered, recovery);
        for subscriber in self.subscribers.iter_mut().filter(|it| it.waits()) {
            let waited_before = subscriber.backfill == BackfillState::WaitedBefore;
            let count = first
                .iter()
                .filter(|(message, origin)| {
                    *origin == MessageOrigin::History && subscriber.selector.accepts(message)
                })
                .count();
            if let Some(gap) = subscriber.gap(live_at, recovery, count) {
                subscriber.buffer.push_gap(gap);
            }
            // Handed out whole: their number is bounded by the limits of recovery, not by the buffer.
            for (message, origin) in &first {
                if (*origin != MessageOrigin::Earlier || waited_before)
                    && subscriber.selector.accepts(message)
                {
                    subscriber
                        .buffer
                        .push_recovered(Delivery::Message(message.clone()));
                }
            }
            add(&counters.recovered, count as u64);
        }
        let pending = after
            .into_iter()
            .filter_map(|message| self.deliver(message, true, counters))
            .collect();
        for subscriber in self.subscribers.iter_mut().filter(|it| it.waits()) {
            subscriber.backfill = BackfillState::Filled;
        }
        if let Some(backfill) = &mut self.backfill {
            backfill.run(false);
        }
        pending
    }
}

//! Telling gaps in their place, filled or not.

use std::{sync::Arc, time::SystemTime};

use super::{
    Topics,
    backfill::{Came, Filled},
    state::{Blocked, Entry, Filling},
};
#[cfg(test)]
mod tests;

use crate::{
    client::subscription::{Delivery, SubscriptionState},
    counters::{Counting, add},
    protocol::message::{Message, Recovery},
};

impl Topics {
    /// A topic is live: its consumers learn so, with the gap they owe an explanation for. Those that want it filled wait
    /// for the history; nobody else waits for them.
    pub(crate) fn live(&mut self, index: usize, now: SystemTime, server_now: i64) -> Vec<Blocked> {
        let counting = Arc::clone(&self.counting);
        let Some(entry) = self.entry(index) else {
            return Vec::new();
        };
        entry.live_at = Some(now);
        let kept = !entry.name.is_table();
        for slot in &mut entry.slots {
            if kept && slot.recover && slot.lost_at.is_some() {
                if slot.fill != Filling::WaitedBefore {
                    slot.fill = Filling::Waits;
                }
            } else if let Some(gap) = slot.gap(now, Recovery::Unavailable, 0) {
                slot.buffer.push_gap(gap);
            }
            slot.state.send_replace(SubscriptionState::Active);
        }
        if let Some(fill) = &mut entry.fill {
            fill.since(server_now);
            fill.run(entry.slots.iter().any(|slot| slot.waits()));
        }
        let mut blocked = Vec::new();
        for message in std::mem::take(&mut entry.early) {
            entry.receive(message, &counting, &mut blocked);
        }
        blocked
    }

    /// The history was read for a topic.
    pub(crate) fn filled(&mut self, filled: Filled) -> Vec<Blocked> {
        let counting = Arc::clone(&self.counting);
        match self.entry(filled.index) {
            // Otherwise it took too long, or nobody waits for it any more.
            Some(entry) if entry.fill.as_ref().is_some_and(|fill| fill.is_running()) => {
                entry.settle(filled.recovery, filled.messages, &counting)
            }
            _ => Vec::new(),
        }
    }
}

impl Entry {
    /// Ends the wait for the history: the gap is told, then come what the history gave and the messages that waited.
    pub(super) fn settle(
        &mut self,
        recovery: Recovery,
        recovered: Vec<Message>,
        counting: &Counting,
    ) -> Vec<Blocked> {
        let (Some(fill), Some(live_at)) = (&mut self.fill, self.live_at) else {
            return Vec::new();
        };
        let (first, after) = fill.finish(recovered);
        for slot in self.slots.iter_mut().filter(|slot| slot.waits()) {
            let waited_before = slot.fill == Filling::WaitedBefore;
            let count = first
                .iter()
                .filter(|(message, came)| {
                    *came == Came::FromHistory && slot.selector.accepts(message)
                })
                .count();
            if let Some(gap) = slot.gap(live_at, recovery, count) {
                slot.buffer.push_gap(gap);
            }
            // Handed out whole: their number is bounded by the limits of recovery, not by the buffer.
            for (message, came) in &first {
                if (*came != Came::Earlier || waited_before) && slot.selector.accepts(message) {
                    slot.buffer
                        .push_recovered(Delivery::Message(message.clone()));
                }
            }
            add(&counting.recovered, count as u64);
        }
        let blocked = after
            .into_iter()
            .filter_map(|message| self.deliver(message, true, counting))
            .collect();
        for slot in self.slots.iter_mut().filter(|slot| slot.waits()) {
            slot.fill = Filling::Filled;
        }
        if let Some(fill) = &mut self.fill {
            fill.run(false);
        }
        blocked
    }
}

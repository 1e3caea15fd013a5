//! Several names of one topic, which are told to be one once the project id is known.

use std::sync::Arc;

use super::{
    Moment, Topics,
    backfill::Backfill,
    state::{TopicState, Wire},
};
use crate::{protocol::topic::Name, queue::subscriber::SubscriptionState};

impl Topics {
    /// The project id is known now: topics that were named in full become the same as those named in short. Gives the
    /// entries that are live for consumers who do not know it yet, and the frames that takes.
    pub(crate) fn merge_spellings(&mut self, now: Moment) -> (Vec<usize>, Vec<String>) {
        let project = self.project.clone();
        let mut renamed: Vec<(usize, Name)> = self
            .entries
            .iter()
            .filter_map(|(index, entry)| {
                let name = entry.name.clone().in_project(project.as_deref());
                (name != entry.name).then_some((*index, name))
            })
            .collect();
        renamed.sort_unstable_by_key(|(index, _)| *index);
        let (mut live, mut frames) = (Vec::new(), Vec::new());
        for (index, name) in renamed {
            let Some(mut entry) = self.entries.remove(&index) else {
                continue;
            };
            self.by_name.remove(&entry.name);
            match self.by_name.get(&name) {
                None => {
                    self.by_name.insert(name.clone(), index);
                    entry.name = name;
                    self.entries.insert(index, entry);
                }
                Some(&into) => {
                    self.unroute(index, entry.confirmed.as_deref());
                    live.extend(self.merge(*entry, into));
                    // The filter of one name must not hide messages from those of the other.
                    let narrowed = self.entries.get(&into).is_some_and(|entry| {
                        entry.requested_filter.is_some()
                            && entry.requested_filter != entry.wanted_filter()
                    });
                    if narrowed {
                        frames.extend(self.request(into, now));
                    }
                }
            }
        }
        (live, frames)
    }

    /// Makes the consumers of one entry those of another. Both names were asked for, and what the server answers to
    /// either is an answer to both.
    fn merge(&mut self, from: TopicState, into: usize) -> Option<usize> {
        let hold_limit = self.hold_limit;
        let entry = self.entries.get_mut(&into)?;
        for subscriber in &from.subscribers {
            self.by_subscription.insert(subscriber.id, into);
            if let Some(members) = &subscriber.members {
                members.send_replace(Some(Arc::clone(&entry.members)));
            }
        }
        if from.wire == Wire::Live && entry.wire != Wire::Live {
            entry.wire = Wire::Live;
            entry.requested = from.requested;
            entry.requested_filter = from.requested_filter;
            entry.asked_at = from.asked_at;
            entry.live_at = from.live_at;
            if let Some(topic) = from.confirmed
                && entry.confirmed.as_ref() != Some(&topic)
            {
                self.routes
                    .entry(Arc::clone(&topic))
                    .or_default()
                    .push(into);
                entry.confirmed = Some(topic);
            }
        } else if entry.wire == Wire::NotAsked {
            entry.wire = from.wire;
            entry.requested = from.requested;
            entry.requested_filter = from.requested_filter;
            entry.asked_at = from.asked_at;
        }
        entry.tracked = entry.tracked.take().or(from.tracked);
        entry.early.extend(from.early);
        entry.backfill = match (entry.backfill.take(), from.backfill) {
            (None, None) => None,
            (Some(kept), _) | (None, Some(kept)) => Some(kept),
        };
        entry.subscribers.extend(from.subscribers);
        if entry.backfill.is_none() && entry.subscribers.iter().any(|it| it.recover) {
            entry.backfill = Some(Box::new(Backfill::new(hold_limit)));
        }
        let unaware = entry
            .subscribers
            .iter()
            .any(|it| *it.state.borrow() != SubscriptionState::Active);
        (entry.is_live() && unaware).then_some(into)
    }
}

//! What the server answers to subscriptions, or does not.

use std::{sync::Arc, time::SystemTime};

use tokio::time::Instant;

use super::{Topics, state::Wire};
use crate::{
    error::{Error, ErrorKind},
    protocol::{frame::outbound, topic::completed},
};

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

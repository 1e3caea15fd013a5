//! Looking at a hub: who is there, what went over the wire, and waiting for it.

use std::fmt;
use std::time::Duration;

use crate::realtime::hub::Hub;
use crate::realtime::hub::presence::Member;
use crate::realtime::hub::transcript::Entry;
use std::sync::atomic::Ordering;

/// An open connection.
#[derive(Clone)]
#[non_exhaustive]
pub struct ConnectionInfo {
    /// Its number, as in the transcript.
    pub id: u64,
    /// Its user, when known.
    pub user_id: Option<String>,
    /// Its `connectionId` in presence frames.
    pub presence_id: String,
    /// When it was opened, since the hub was made.
    pub opened: Duration,
    /// The full topics it is subscribed to, in alphabetical order.
    pub topics: Vec<String>,
    token: Option<String>,
}

impl ConnectionInfo {
    /// The user token in force; `Debug` does not show it.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }
}

impl fmt::Debug for ConnectionInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConnectionInfo")
            .field("id", &self.id)
            .field("user_id", &self.user_id)
            .field("topics", &self.topics)
            .finish_non_exhaustive()
    }
}

/// What there is to see.
impl Hub {
    /// The open connections, oldest first.
    #[must_use]
    pub fn connections(&self) -> Vec<ConnectionInfo> {
        self.state()
            .connections
            .iter()
            .map(|(id, connection)| ConnectionInfo {
                id: *id,
                user_id: connection.user.clone(),
                presence_id: connection.presence_id.clone(),
                opened: connection.opened,
                topics: connection.topics.iter().cloned().collect(),
                token: connection.token.clone(),
            })
            .collect()
    }

    /// How many connections are subscribed to a topic. A short name is expanded.
    #[must_use]
    pub fn subscribers(&self, topic: &str) -> usize {
        let topic = self.expand(topic);
        self.state()
            .topics
            .get(&topic)
            .map_or(0, |topic| topic.subscribers.len())
    }

    /// Who is present on a topic, in the order they came. A short name is expanded.
    #[must_use]
    pub fn members(&self, topic: &str) -> Vec<Member> {
        let topic = self.expand(topic);
        self.state()
            .topics
            .get(&topic)
            .map_or_else(Vec::new, |topic| topic.members.clone())
    }

    /// The latest entries of the transcript, oldest first, as many as
    /// [`Switches::transcript_entries`](super::Switches::transcript_entries) allows.
    #[must_use]
    pub fn transcript(&self) -> Vec<Entry> {
        self.transcribed().all()
    }

    /// How many entries of the transcript satisfy a condition.
    pub fn count(&self, wanted: impl FnMut(&Entry) -> bool) -> usize {
        self.transcribed().count(wanted)
    }

    /// How many entries the transcript no longer holds.
    #[must_use]
    pub fn discarded(&self) -> u64 {
        self.transcribed().discarded()
    }

    /// The entries from this number on, with their numbers.
    pub(crate) fn transcript_since(&self, seq: u64) -> Vec<(u64, Entry)> {
        self.transcribed().since(seq)
    }

    /// The number of the next entry of the transcript.
    pub(crate) fn transcript_end(&self) -> u64 {
        self.transcribed().end()
    }

    /// Forgets the transcript so far.
    pub fn clear_transcript(&self) {
        self.transcribed().clear();
    }

    /// Waits until a condition holds; it is looked at again whenever something happened.
    ///
    /// ```
    /// # use aerostack_emulator::realtime::Hub;
    /// # async fn example(hub: Hub) {
    /// hub.wait_until(|hub| hub.subscribers("orders") == 1).await;
    /// # }
    /// ```
    pub async fn wait_until(&self, mut condition: impl FnMut(&Self) -> bool) {
        let mut changes = self.changes();
        while !condition(self) {
            // The hub holds the sender, so this ends only with a change.
            let _ = changes.changed().await;
        }
    }

    /// Waits until everything that was sent is written to its transport. With a client that does not read, that may
    /// take for ever.
    pub async fn drained(&self) {
        self.wait_until(|hub| {
            hub.state()
                .connections
                .values()
                .all(|connection| connection.backlog.load(Ordering::Acquire) == 0)
        })
        .await;
    }

    pub(crate) fn expand(&self, name: &str) -> String {
        self.state().full(name).unwrap_or_else(|_| name.to_owned())
    }
}

//! Presence: which connections say that they are on a topic, and with what state.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::realtime::hub::state::State;
use crate::realtime::protocol::frame::{Frame, Refused};
use crate::realtime::protocol::topic;

/// One connection's presence on a topic.
#[derive(Clone, Debug, Serialize)]
pub struct Member {
    /// The connection, unlike any other of this hub or another one.
    #[serde(rename = "connectionId")]
    pub connection_id: String,
    /// The user, when known.
    #[serde(rename = "userId")]
    pub user_id: Option<String>,
    /// What the connection said about itself: a JSON object.
    pub state: Box<RawValue>,
    #[serde(skip)]
    pub(crate) connection: u64,
}

impl State {
    /// Announces a connection, or its new state, to everybody subscribed.
    pub(crate) fn track(
        &mut self,
        id: u64,
        name: &str,
        state: &RawValue,
        now: i64,
    ) -> Result<(), Refused> {
        let topic = self.topic_for(name)?;
        let Some(connection) = self.connections.get(&id) else {
            return Ok(());
        };
        let member = Member {
            connection_id: connection.presence_id.clone(),
            user_id: connection.user.clone(),
            state: state.to_owned(),
            connection: id,
        };
        let entry = self.topics.entry(topic.clone()).or_default();
        entry.had_members = true;
        let known = entry
            .members
            .iter_mut()
            .find(|member| member.connection == id);
        let event = match known {
            Some(known) => {
                *known = member.clone();
                "presence:update"
            }
            None => {
                entry.members.push(member.clone());
                "presence:join"
            }
        };
        self.announce(&topic, event, &member, now);
        Ok(())
    }

    pub(crate) fn untrack(&mut self, id: u64, name: &str, now: i64) -> Result<(), Refused> {
        let topic = self.topic_for(name)?;
        self.withdraw(id, &topic, now);
        Ok(())
    }

    pub(crate) fn withdraw(&mut self, id: u64, topic: &str, now: i64) {
        let Some(entry) = self.topics.get_mut(topic) else {
            return;
        };
        let Some(index) = entry
            .members
            .iter()
            .position(|member| member.connection == id)
        else {
            return;
        };
        let member = entry.members.remove(index);
        self.announce(topic, "presence:leave", &member, now);
    }

    pub(crate) fn withdraw_everywhere(&mut self, id: u64, now: i64) {
        let mut present: Vec<String> = self
            .topics
            .iter()
            .filter(|(_, topic)| topic.members.iter().any(|member| member.connection == id))
            .map(|(name, _)| name.clone())
            .collect();
        present.sort_unstable();
        for topic in present {
            self.withdraw(id, &topic, now);
        }
    }

    /// Sends a new subscriber the list of those present, also when it is empty: after a reconnect, an empty list is
    /// news. Tables have a list only once somebody was present there.
    pub(crate) fn sync_presence(&mut self, id: u64, name: &str, now: i64) {
        #[derive(Serialize)]
        struct Members<'a> {
            members: &'a [Member],
        }
        let Some(entry) = self.topics.get(name) else {
            return;
        };
        if topic::is_table(name) && !entry.had_members {
            return;
        }
        let frame = Frame::presence(
            self.switches.presence_encoding,
            name,
            "presence:sync",
            &Members {
                members: &entry.members,
            },
            now,
        );
        self.send(id, frame, now);
    }

    fn announce(&mut self, topic: &str, event: &str, member: &Member, now: i64) {
        let frame = Frame::presence(self.switches.presence_encoding, topic, event, member, now);
        self.fan_out(topic, &frame, None, now);
    }
}

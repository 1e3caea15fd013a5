//! Who is here.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::{
    error::Error,
    protocol::frame::inbound::text,
    protocol::message::{Message, decode},
};

/// Someone present on a channel: one connection.
///
/// `Debug` shows who it is, not the state.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    connection_id: Option<String>,
    user_id: Option<String>,
    state: Arc<str>,
}

impl Member {
    /// The connection, if the platform names it.
    pub fn connection_id(&self) -> Option<&str> {
        self.connection_id.as_deref()
    }

    /// The user, if known.
    pub fn user_id(&self) -> Option<&str> {
        self.user_id.as_deref()
    }

    /// The state passed to `track`, as JSON text.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// Decodes the state.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) when it does not fit.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Error> {
        decode("the presence state", &self.state)
    }

    /// What tells members apart: the connection, else the user, else the state.
    pub(crate) fn key(&self) -> String {
        self.connection_id
            .as_deref()
            .or(self.user_id.as_deref())
            .unwrap_or(&self.state)
            .to_owned()
    }

    fn read(raw: &str, fallback_user: Option<&str>) -> Option<Self> {
        #[derive(Deserialize)]
        struct Fields<'f> {
            #[serde(borrow, default, rename = "connectionId")]
            connection_id: Option<&'f RawValue>,
            #[serde(borrow, default, rename = "userId")]
            user_id: Option<&'f RawValue>,
            #[serde(borrow, default)]
            state: Option<&'f RawValue>,
        }
        if raw == "null" {
            return None;
        }
        let fields: Fields<'_> = serde_json::from_str(raw).unwrap_or(Fields {
            connection_id: None,
            user_id: None,
            state: None,
        });
        let id = |raw: Option<&RawValue>| {
            raw.map(|raw| text(raw).map_or_else(|| raw.get().to_owned(), |id| id.into_owned()))
        };
        Some(Self {
            connection_id: id(fields.connection_id),
            user_id: id(fields.user_id).or_else(|| fallback_user.map(str::to_owned)),
            state: Arc::from(fields.state.map_or(raw, RawValue::get)),
        })
    }
}

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Member")
            .field("connection_id", &self.connection_id)
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

/// What happened to the members of a channel.
///
/// Applied in order to the last `Snapshot`, the others give [`members`](crate::PresenceStream::members).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PresenceEvent {
    /// Everyone present: the first thing a stream yields, if the server sends it, and what follows messages dropped for
    /// slowness.
    Snapshot(Vec<Member>),
    /// Someone came.
    Joined(Member),
    /// Someone's state changed.
    Updated(Member),
    /// Someone left.
    Left(Member),
}

/// The members of one topic, kept by the connection's task and read by streams.
#[derive(Debug, Default)]
pub(crate) struct Members {
    by_key: BTreeMap<String, Member>,
    pub(crate) synced: bool,
}

pub(crate) type SharedMembers = Arc<Mutex<Members>>;

pub(crate) fn lock(members: &SharedMembers) -> std::sync::MutexGuard<'_, Members> {
    members.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Members {
    pub(crate) fn snapshot(&self) -> Vec<Member> {
        self.by_key.values().cloned().collect()
    }

    /// Takes a presence message in; says what it changed.
    pub(crate) fn apply(&mut self, message: &Message) -> Vec<PresenceEvent> {
        let user = message.user_id();
        match message.presence() {
            Some("join" | "update") => Member::read(message.data(), user.as_deref())
                .and_then(|member| self.upsert(member))
                .into_iter()
                .collect(),
            Some("leave") => Member::read(message.data(), user.as_deref())
                .and_then(|member| self.by_key.remove(&member.key()))
                .map(PresenceEvent::Left)
                .into_iter()
                .collect(),
            Some("sync" | "state") => self.sync(read_list(message.data())),
            _ => Vec::new(),
        }
    }

    fn upsert(&mut self, member: Member) -> Option<PresenceEvent> {
        match self.by_key.insert(member.key(), member.clone()) {
            None => Some(PresenceEvent::Joined(member)),
            Some(before) if before != member => Some(PresenceEvent::Updated(member)),
            Some(_) => None,
        }
    }

    /// Puts the server's list in place of ours. The first one is news as a whole, later ones only where they differ.
    fn sync(&mut self, list: Vec<Member>) -> Vec<PresenceEvent> {
        let list: BTreeMap<String, Member> = list
            .into_iter()
            .map(|member| (member.key(), member))
            .collect();
        let before = std::mem::replace(&mut self.by_key, list);
        if !std::mem::replace(&mut self.synced, true) {
            return vec![PresenceEvent::Snapshot(self.snapshot())];
        }
        let mut events: Vec<_> = before
            .iter()
            .filter(|(key, _)| !self.by_key.contains_key(*key))
            .map(|(_, member)| PresenceEvent::Left(member.clone()))
            .collect();
        for (key, member) in &self.by_key {
            match before.get(key) {
                None => events.push(PresenceEvent::Joined(member.clone())),
                Some(old) if old != member => events.push(PresenceEvent::Updated(member.clone())),
                Some(_) => {}
            }
        }
        events
    }
}

/// A member list: an array, or an array under a name.
fn read_list(raw: &str) -> Vec<Member> {
    #[derive(Deserialize)]
    struct Named<'l> {
        #[serde(borrow, alias = "presence", alias = "state", alias = "users")]
        members: Vec<&'l RawValue>,
    }
    let members = serde_json::from_str::<Vec<&RawValue>>(raw)
        .or_else(|_| serde_json::from_str::<Named<'_>>(raw).map(|named| named.members))
        .unwrap_or_default();
    members
        .into_iter()
        .filter_map(|member| Member::read(member.get(), None))
        .collect()
}

/// Applies an event to a snapshot: what a reader of the stream does.
#[cfg(test)]
pub(crate) fn replay(list: &mut BTreeMap<String, Member>, event: PresenceEvent) {
    match event {
        PresenceEvent::Snapshot(members) => {
            *list = members.into_iter().map(|m| (m.key(), m)).collect();
        }
        PresenceEvent::Joined(member) | PresenceEvent::Updated(member) => {
            list.insert(member.key(), member);
        }
        PresenceEvent::Left(member) => {
            list.remove(&member.key());
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::protocol::frame::inbound::Envelope;

    fn frame(encoding: bool, name: &str, data: &serde_json::Value) -> Message {
        let frame = if encoding {
            json!({"type": "event", "topic": "t", "event": format!("presence:{name}"), "data": data})
        } else {
            json!({"type": format!("presence:{name}"), "topic": "t", "data": data})
        }
        .to_string();
        let envelope = Envelope::parse(&frame).unwrap();
        Message::new(&frame, &envelope, envelope.kind().0).unwrap()
    }

    #[derive(Debug, Clone)]
    enum Step {
        Track(u8, u8),
        Leave(u8),
        Reconnect,
    }

    proptest! {
        #[test]
        fn promise_36_members_follow_the_server_and_diffs_reproduce_them(
            event_encoding: bool,
            steps in proptest::collection::vec(prop_oneof![
                3 => (0u8..6, 0u8..3).prop_map(|(who, state)| Step::Track(who, state)),
                2 => (0u8..6).prop_map(Step::Leave),
                1 => Just(Step::Reconnect),
            ], 0..60),
        ) {
            let data = |who: u8, state: u8| json!({"connectionId": format!("c{who}"), "userId": format!("u{}", who / 2), "state": {"n": state}});
            let mut server: BTreeMap<u8, u8> = BTreeMap::new();
            let mut members = Members::default();
            let mut replayed = BTreeMap::new();
            let feed = |members: &mut Members, replayed: &mut BTreeMap<String, Member>, message: Message| {
                for event in members.apply(&message) {
                    replay(replayed, event);
                }
            };
            let list = |server: &BTreeMap<u8, u8>| json!(server.iter().map(|(who, state)| data(*who, *state)).collect::<Vec<_>>());
            feed(&mut members, &mut replayed, frame(event_encoding, "sync", &json!([])));
            for step in steps {
                match step {
                    Step::Track(who, state) => {
                        let name = if server.insert(who, state).is_some() { "update" } else { "join" };
                        feed(&mut members, &mut replayed, frame(event_encoding, name, &data(who, state)));
                    }
                    Step::Leave(who) => if let Some(state) = server.remove(&who) {
                        feed(&mut members, &mut replayed, frame(event_encoding, "leave", &data(who, state)));
                    },
                    Step::Reconnect => feed(&mut members, &mut replayed, frame(event_encoding, "sync", &list(&server))),
                }
                let expected: Vec<_> = server.keys().map(|who| format!("c{who}")).collect();
                let seen: Vec<_> = members.snapshot().iter().map(|m| m.connection_id().unwrap().to_owned()).collect();
                prop_assert_eq!(&seen, &expected);
                prop_assert_eq!(members.snapshot(), replayed.values().cloned().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn promise_38_the_same_list_again_is_no_news() {
        let mut members = Members::default();
        let list =
            json!({"members": [{"connectionId": "a", "state": {}}, {"userId": "u", "state": 1}]});
        assert_eq!(members.apply(&frame(true, "sync", &list)).len(), 1);
        assert!(members.apply(&frame(false, "sync", &list)).is_empty());
    }

    #[test]
    fn a_member_is_known_by_connection_else_user_else_state() {
        for (data, key) in [
            (json!({"connectionId": "c", "userId": "u", "state": 1}), "c"),
            (json!({"userId": "u", "name": "Ines"}), "u"),
            (json!({"name": "Ines"}), r#"{"name":"Ines"}"#),
            (json!({"connectionId": 7}), "7"),
        ] {
            let member = Member::read(&data.to_string(), None).unwrap();
            assert_eq!(member.key(), key);
        }
    }
}

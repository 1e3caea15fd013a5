//! Filling gaps from the history.

#[cfg(test)]
mod tests;

use std::{
    collections::{HashMap, VecDeque, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    sync::Arc,
};

use serde_json::{Value, json};

use crate::{
    protocol::{
        frame::inbound::Envelope,
        message::{Message, Recovery},
    },
    token::Token,
    transport::history::{HistoryMessage, HistorySource, PAGE, Pager},
};

/// Topics whose history is read at the same time.
pub(crate) const CONCURRENT: usize = 8;
/// Messages remembered to recognize in the history what was already delivered.
const REMEMBERED: usize = 1_024;
/// How far the clocks that stamp a live frame and its record may be apart.
const SLACK_MS: i64 = 5_000;

/// What a message can be recognized by, since live frames carry no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    hash: u64,
    at: Option<i64>,
}

impl Fingerprint {
    pub(crate) fn of(message: &Message) -> Self {
        let mut hasher = DefaultHasher::new();
        message.user_id().hash(&mut hasher);
        message.event().hash(&mut hasher);
        hash_json(
            &serde_json::from_str(message.data()).unwrap_or_default(),
            &mut hasher,
        );
        Self {
            hash: hasher.finish(),
            at: message.timestamp(),
        }
    }

    fn is_near(&self, other: &Self) -> bool {
        self.hash == other.hash
            && match (self.at, other.at) {
                (Some(left), Some(right)) => left.abs_diff(right) <= SLACK_MS.unsigned_abs(),
                _ => true,
            }
    }
}

/// Hashes a value whatever the order of its keys: storage may write it differently.
fn hash_json(value: &Value, hasher: &mut DefaultHasher) {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<_> = map.iter().collect();
            keys.sort_by_key(|(key, _)| *key);
            for (key, value) in keys {
                key.hash(hasher);
                hash_json(value, hasher);
            }
        }
        Value::Array(list) => {
            list.len().hash(hasher);
            list.iter().for_each(|value| hash_json(value, hasher));
        }
        other => other.to_string().hash(hasher),
    }
}

/// How a message came that is handed out when a gap is filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum MessageOrigin {
    History,
    /// Live, over an earlier connection: only those who already waited then have not seen it.
    Earlier,
    /// Live, over this connection.
    Now,
}

/// A message that was delivered.
#[derive(Debug, Clone, Copy)]
struct Delivered {
    fingerprint: Fingerprint,
    /// Whether it came live: its record may be stamped with another time.
    live: bool,
}

/// What a topic needs for filling gaps: what was delivered last, and what waits while one is filled.
#[derive(Debug)]
pub(crate) struct Backfill {
    /// When the subscription became live, by the server's clock.
    start: Option<i64>,
    /// Newest server time delivered.
    newest: Option<i64>,
    delivered: VecDeque<Delivered>,
    /// The newest time of what was delivered and is no longer remembered.
    forgotten: Option<i64>,
    /// A live message came without a readable time.
    untimed: bool,
    /// Live frames and their records were seen to bear the same time.
    exact: bool,
    /// Nothing older than this is missing, by the last reading of the history.
    floor: i64,
    /// Messages handed out at most for one gap.
    fetch_limit: usize,
    /// Live messages that wait for the history, oldest first, and how many of them came over an earlier connection.
    held: Vec<Message>,
    earlier: usize,
    limit: usize,
    running: bool,
    /// The newest of what the history gave last: their live frames may still be on the way.
    recent: Vec<Fingerprint>,
}

impl Backfill {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            start: None,
            newest: None,
            delivered: VecDeque::new(),
            forgotten: None,
            untimed: false,
            exact: false,
            floor: 0,
            fetch_limit: 0,
            held: Vec::new(),
            earlier: 0,
            limit,
            running: false,
            recent: Vec::new(),
        }
    }

    pub(crate) fn is_running(&self) -> bool {
        self.running
    }

    pub(crate) fn run(&mut self, running: bool) {
        self.running = running;
        if !running {
            self.held = Vec::new();
            self.earlier = 0;
        }
    }

    /// Keeps a message back, if there is room.
    pub(crate) fn hold(&mut self, message: &Message) -> bool {
        let room = self.held.len() < self.limit;
        if room {
            self.held.push(message.clone());
        }
        room
    }

    /// The connection is gone: what waits belongs before whatever the next one brings.
    pub(crate) fn interrupt(&mut self) {
        self.running = false;
        self.earlier = self.held.len();
        self.recent = Vec::new();
    }

    /// Nothing older than this, by the server's clock, is missing, since nothing was subscribed before.
    pub(crate) fn since(&mut self, server_now: i64) {
        self.start.get_or_insert(server_now);
    }

    /// What is to be read for a gap: back to a little before the newest message that was delivered, since a record may
    /// be stamped earlier than the frame that was sent for it.
    pub(crate) fn job(
        &mut self,
        index: usize,
        generation: u64,
        topic: Arc<str>,
        limit: usize,
    ) -> BackfillJob {
        let start = self.start.unwrap_or_default();
        let newest = self.newest.unwrap_or(start);
        self.floor = start.max(newest.saturating_sub(SLACK_MS));
        self.fetch_limit = limit;
        BackfillJob {
            index,
            generation,
            topic,
            // Far enough that whatever was delivered since the floor meets its own record and no other.
            back_to: newest.saturating_sub(2 * SLACK_MS),
            at_most: limit.saturating_add(self.delivered.len()),
        }
    }

    /// Puts what the history gave, oldest first, in order with what waits. The messages to hand out first, what waits
    /// still after the last that the history gave, and how much of the gap that fills.
    pub(crate) fn finish(
        &mut self,
        records: Vec<Message>,
        mut recovery: Recovery,
    ) -> (Vec<(Message, MessageOrigin)>, Vec<Message>, Recovery) {
        let (mut recovered, doubt) = self.missing(records);
        let surplus = recovered.len().saturating_sub(self.fetch_limit);
        recovered.drain(..surplus);
        if recovery == Recovery::Complete && (doubt || surplus > 0) {
            recovery = Recovery::Partial;
        }
        let newest = recovered.last().and_then(Message::timestamp);
        let earlier = std::mem::take(&mut self.earlier);
        let (mut first, mut after) = (Vec::with_capacity(recovered.len()), Vec::new());
        let mut recovered = recovered.into_iter().peekable();
        for (at, message) in std::mem::take(&mut self.held).into_iter().enumerate() {
            while let Some(older) =
                recovered.next_if(|kept| kept.timestamp() <= message.timestamp())
            {
                first.push((older, MessageOrigin::History));
            }
            if at < earlier {
                first.push((message, MessageOrigin::Earlier));
            } else if recovered.peek().is_some() {
                first.push((message, MessageOrigin::Now));
            } else {
                after.push(message);
            }
        }
        first.extend(recovered.map(|message| (message, MessageOrigin::History)));
        for (message, origin) in &first {
            self.remember(Fingerprint::of(message), *origin != MessageOrigin::History);
        }
        self.recent = first
            .iter()
            .filter(|(_, origin)| *origin == MessageOrigin::History)
            .map(|(message, _)| Fingerprint::of(message))
            .filter(|it| {
                newest
                    .zip(it.at)
                    .is_some_and(|(newest, at)| newest - at <= SLACK_MS)
            })
            .collect();
        (first, after, recovery)
    }

    /// Of what the history gave, what was not delivered; and whether that is in doubt.
    ///
    /// A record stands for the message of the same content and time. Only where it was never seen that the times agree,
    /// it may stand for one of a near time as well; since that could also be the same thing said twice, it is in doubt.
    fn missing(&mut self, records: Vec<Message>) -> (Vec<Message>, bool) {
        let held = self.held.iter().map(|message| Delivered {
            fingerprint: Fingerprint::of(message),
            live: true,
        });
        let mut known: Vec<Delivered> = self.delivered.iter().copied().chain(held).collect();
        let records: Vec<(Message, Fingerprint)> = records
            .into_iter()
            .map(|record| {
                let fingerprint = Fingerprint::of(&record);
                (record, fingerprint)
            })
            .collect();
        let mut counts: HashMap<u64, (u32, u32)> = HashMap::new();
        for it in &known {
            counts.entry(it.fingerprint.hash).or_default().0 += 1;
        }
        for (_, fingerprint) in &records {
            counts.entry(fingerprint.hash).or_default().1 += 1;
        }
        let mut exact = self.exact;
        let mut missing = records;
        missing.retain(|(_, record)| {
            let Some(at) = known.iter().position(|it| it.fingerprint == *record) else {
                return true;
            };
            let same = known.swap_remove(at);
            exact |= same.live && counts.get(&record.hash) == Some(&(1, 1));
            false
        });
        self.exact = exact;
        let mut doubt = self.untimed;
        if !exact {
            known.retain(|it| it.live);
            known.sort_by_key(|it| it.fingerprint.at);
            missing.retain(|(_, record)| {
                let near = known.iter().position(|it| it.fingerprint.is_near(record));
                if let Some(at) = near {
                    known.remove(at);
                    doubt = true;
                }
                near.is_none()
            });
        }
        missing.retain(|(_, record)| record.at.is_none_or(|at| at >= self.floor));
        let forgotten = self.forgotten.unwrap_or(i64::MIN);
        doubt |= missing
            .iter()
            .any(|(_, record)| record.at.is_some_and(|at| at <= forgotten));
        (
            missing.into_iter().map(|(record, _)| record).collect(),
            doubt,
        )
    }

    /// Remembers a live message that is delivered; says whether the history gave it before. Nothing but the same time to
    /// the millisecond makes it the same message: saying a thing twice must not silence the second time.
    pub(crate) fn note(&mut self, fingerprint: Fingerprint) -> bool {
        self.remember(fingerprint, true);
        let duplicate = self.recent.iter().position(|recent| *recent == fingerprint);
        if let Some(at) = duplicate {
            self.recent.swap_remove(at);
        }
        duplicate.is_some()
    }

    fn remember(&mut self, fingerprint: Fingerprint, live: bool) {
        self.newest = self.newest.max(fingerprint.at);
        self.untimed |= fingerprint.at.is_none();
        if self.delivered.len() == REMEMBERED
            && let Some(oldest) = self.delivered.pop_front()
        {
            self.forgotten = self.forgotten.max(oldest.fingerprint.at);
        }
        self.delivered.push_back(Delivered { fingerprint, live });
    }
}

/// One topic's gap to fill.
pub(crate) struct BackfillJob {
    index: usize,
    generation: u64,
    topic: Arc<str>,
    back_to: i64,
    /// Records beyond which no more are read.
    at_most: usize,
}

/// What came of it.
pub(crate) struct Filled {
    pub(crate) index: usize,
    pub(crate) generation: u64,
    pub(crate) recovery: Recovery,
    /// Everything the history has of that time, delivered or not. Oldest first.
    pub(crate) messages: Vec<Message>,
}

impl BackfillJob {
    /// Reads back to where delivery stopped.
    pub(crate) async fn run(self, source: Arc<dyn HistorySource>, token: Option<Token>) -> Filled {
        let mut pager = Pager::new(self.topic.to_string(), None, PAGE);
        let mut newest_first: Vec<HistoryMessage> = Vec::new();
        let mut all = true;
        let recovery = loop {
            match pager.next(source.as_ref(), token.clone()).await {
                Ok(Some(page)) => {
                    all &= page.saturated.is_none_or(|at| at < self.back_to);
                    let reached = page.messages.iter().any(|it| it.created_at < self.back_to);
                    newest_first.extend(
                        page.messages
                            .into_iter()
                            .filter(|it| it.created_at >= self.back_to),
                    );
                    if newest_first.len() > self.at_most {
                        newest_first.truncate(self.at_most);
                        break Recovery::Partial;
                    }
                    if reached {
                        break Recovery::Complete;
                    }
                }
                Ok(None) => break Recovery::Complete,
                Err(_) if newest_first.is_empty() => break Recovery::Unavailable,
                Err(_) => break Recovery::Partial,
            }
        };
        let mut messages = Vec::with_capacity(newest_first.len());
        for kept in newest_first.iter().rev() {
            match restore(kept, &self.topic) {
                Some(message) => messages.push(message),
                None => all = false,
            }
        }
        Filled {
            index: self.index,
            generation: self.generation,
            recovery: match recovery {
                Recovery::Complete if !all => Recovery::Partial,
                recovery => recovery,
            },
            messages,
        }
    }
}

/// Gives a kept message the form it would have had live.
fn restore(kept: &HistoryMessage, topic: &Arc<str>) -> Option<Message> {
    let chat = topic.starts_with("chat/") && kept.event.as_deref().is_none_or(is_chat);
    let data: &serde_json::value::RawValue = serde_json::from_str(kept.data()).ok()?;
    let mut head = json!({
        "type": if chat { "chat_message" } else { "event" },
        "topic": **topic,
        "userId": kept.user_id,
        "timestamp": kept.created_at,
        "id": kept.id,
    });
    if !chat {
        head["event"] = json!(kept.event);
    }
    let head = head.to_string();
    let frame = format!("{},\"data\":{}}}", head.strip_suffix('}')?, data.get());
    let envelope = Envelope::parse(&frame).ok()?;
    let mut message = Message::new(&frame, &envelope, envelope.kind().0)?;
    message.mark_recovered();
    Some(message)
}

/// Names a chat message is kept under when it came as a `chat` frame.
fn is_chat(event: &str) -> bool {
    matches!(event, "" | "message" | "chat" | "chat_message")
}

//! Filling gaps from the history.

use std::{
    collections::{VecDeque, hash_map::DefaultHasher},
    hash::{Hash, Hasher},
    sync::Arc,
};

use serde_json::{Value, json};

use crate::{
    client::history::{HistoryMessage, HistorySource, PAGE, Pager},
    protocol::frame::inbound::Envelope,
    protocol::message::{Message, Recovery},
    token::Token,
};

/// Topics whose history is read at the same time.
pub(crate) const CONCURRENT: usize = 8;
/// Messages remembered to recognize in the history what was already delivered.
const REMEMBERED: usize = 256;
/// How far the clocks that stamp a live frame and its record may be apart.
const SLACK_MS: i64 = 5_000;

/// What a message can be recognized by, since live frames carry no id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Print {
    hash: u64,
    at: Option<i64>,
}

impl Print {
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

    fn is_same(&self, other: &Self) -> bool {
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
pub(crate) enum Came {
    FromHistory,
    /// Live, over an earlier connection: only those who already waited then have not seen it.
    Earlier,
    /// Live, over this connection.
    Now,
}

/// What a topic needs for filling gaps: what was delivered last, and what waits while one is filled.
#[derive(Debug)]
pub(crate) struct Fill {
    /// Newest server time delivered, or when the subscription became live.
    newest: Option<i64>,
    prints: VecDeque<Print>,
    /// Live messages that wait for the history, oldest first, and how many of them came over an earlier connection.
    held: Vec<Message>,
    earlier: usize,
    limit: usize,
    running: bool,
    /// The newest of what the history gave last: their live frames may still be on the way.
    recent: Vec<Print>,
}

impl Fill {
    pub(crate) fn new(limit: usize) -> Self {
        Self {
            newest: None,
            prints: VecDeque::new(),
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

    /// Puts what the history gave, oldest first, in order with what waits. The messages to hand out first, and what waits
    /// still after the last that the history gave.
    pub(crate) fn finish(
        &mut self,
        mut recovered: Vec<Message>,
    ) -> (Vec<(Message, Came)>, Vec<Message>) {
        let mut live: Vec<Print> = self.held.iter().map(Print::of).collect();
        recovered.retain(|message| !take_match(&mut live, message));
        let newest = recovered.last().and_then(Message::timestamp);
        let earlier = std::mem::take(&mut self.earlier);
        let (mut first, mut after) = (Vec::with_capacity(recovered.len()), Vec::new());
        let mut recovered = recovered.into_iter().peekable();
        for (at, message) in std::mem::take(&mut self.held).into_iter().enumerate() {
            while let Some(older) =
                recovered.next_if(|kept| kept.timestamp() <= message.timestamp())
            {
                first.push((older, Came::FromHistory));
            }
            if at < earlier {
                first.push((message, Came::Earlier));
            } else if recovered.peek().is_some() {
                first.push((message, Came::Now));
            } else {
                after.push(message);
            }
        }
        first.extend(recovered.map(|message| (message, Came::FromHistory)));
        for (message, _) in &first {
            self.note(Print::of(message));
        }
        self.recent = first
            .iter()
            .filter(|(_, came)| *came == Came::FromHistory)
            .map(|(message, _)| Print::of(message))
            .filter(|print| {
                newest
                    .zip(print.at)
                    .is_some_and(|(newest, at)| newest - at <= SLACK_MS)
            })
            .collect();
        (first, after)
    }

    /// Nothing older than this, by the server's clock, is missing, since nothing was subscribed before.
    pub(crate) fn since(&mut self, server_now: i64) {
        self.newest.get_or_insert(server_now);
    }

    /// Remembers a message that is delivered; says whether the history gave it before. Nothing but the same time to the
    /// millisecond makes it the same message: saying a thing twice must not silence the second time.
    pub(crate) fn note(&mut self, print: Print) -> bool {
        self.newest = self.newest.max(print.at);
        if self.prints.len() == REMEMBERED {
            self.prints.pop_front();
        }
        self.prints.push_back(print);
        let repeat = self.recent.iter().position(|recent| *recent == print);
        if let Some(at) = repeat {
            self.recent.swap_remove(at);
        }
        repeat.is_some()
    }
}

/// One topic's gap to fill.
pub(crate) struct Job {
    pub(crate) index: usize,
    pub(crate) generation: u64,
    pub(crate) topic: Arc<str>,
    pub(crate) since: i64,
    pub(crate) known: Vec<Print>,
    pub(crate) limit: usize,
}

/// What came of it.
pub(crate) struct Filled {
    pub(crate) index: usize,
    pub(crate) generation: u64,
    pub(crate) recovery: Recovery,
    /// Oldest first.
    pub(crate) messages: Vec<Message>,
}

impl Job {
    pub(crate) fn new(
        index: usize,
        generation: u64,
        topic: Arc<str>,
        fill: &Fill,
        limit: usize,
    ) -> Self {
        Self {
            index,
            generation,
            topic,
            since: fill.newest.unwrap_or_default(),
            known: fill.prints.iter().copied().collect(),
            limit,
        }
    }

    /// Reads back to where delivery stopped.
    pub(crate) async fn run(self, source: Arc<dyn HistorySource>, token: Option<Token>) -> Filled {
        let mut pager = Pager::new(self.topic.to_string(), None, PAGE);
        let mut newest_first: Vec<HistoryMessage> = Vec::new();
        let recovery = loop {
            match pager.next(source.as_ref(), token.clone()).await {
                Ok(Some(page)) => {
                    let reached = page.iter().any(|message| message.created_at < self.since);
                    newest_first.extend(
                        page.into_iter()
                            .filter(|message| message.created_at >= self.since),
                    );
                    if newest_first.len() > self.limit {
                        newest_first.truncate(self.limit);
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
        let mut known = self.known;
        let messages = newest_first
            .iter()
            .rev()
            .filter_map(|kept| restore(kept, &self.topic))
            .filter(|message| !take_match(&mut known, message))
            .collect();
        Filled {
            index: self.index,
            generation: self.generation,
            recovery,
            messages,
        }
    }
}

/// Whether a message is among those known; each known one stands for one message.
fn take_match(known: &mut Vec<Print>, message: &Message) -> bool {
    let print = Print::of(message);
    match known.iter().position(|other| other.is_same(&print)) {
        Some(at) => {
            known.swap_remove(at);
            true
        }
        None => false,
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

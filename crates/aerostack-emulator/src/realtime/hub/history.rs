//! Messages that outlive their delivery, and where they are kept.

use std::cmp::Reverse;
use std::collections::HashMap;

use futures_util::future::BoxFuture;
use parking_lot::Mutex;
use serde::Serialize;
use serde_json::value::RawValue;

/// A kept message, in the form of its history entry.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Message {
    pub(crate) id: String,
    /// The full topic.
    pub(crate) room_id: String,
    pub(crate) user_id: Option<String>,
    pub(crate) event: String,
    pub(crate) data: Box<RawValue>,
    /// Unix milliseconds.
    pub(crate) created_at: i64,
}

/// Which messages to read.
#[derive(Clone, Debug)]
pub(crate) struct PageQuery {
    pub(crate) room: String,
    pub(crate) limit: usize,
    /// Only messages older than this.
    pub(crate) before: Option<i64>,
    /// Messages older than this have expired.
    pub(crate) kept_since: Option<i64>,
}

/// Called once the message is kept, or could not be.
pub(crate) type Stored = Box<dyn FnOnce(Result<(), String>) + Send>;

/// Keeps messages.
pub(crate) trait HistoryStore: Send + Sync {
    /// Keeps a message, drops those older than `kept_since`, and then calls `stored`: the calls come in the order in
    /// which the messages were kept.
    fn append(
        &self,
        message: Message,
        kept_since: Option<i64>,
        stored: Stored,
    ) -> BoxFuture<'static, ()>;

    /// Reads messages, newest first.
    fn page(&self, query: PageQuery) -> BoxFuture<'static, Result<Vec<Message>, String>>;
}

/// Keeps messages in memory, for a hub without an emulator.
#[derive(Default)]
pub(crate) struct MemoryHistory(Mutex<HashMap<String, Vec<Message>>>);

impl HistoryStore for MemoryHistory {
    fn append(
        &self,
        message: Message,
        kept_since: Option<i64>,
        stored: Stored,
    ) -> BoxFuture<'static, ()> {
        let mut rooms = self.0.lock();
        let room = rooms.entry(message.room_id.clone()).or_default();
        if let Some(since) = kept_since {
            room.retain(|kept| kept.created_at >= since);
        }
        room.push(message);
        stored(Ok(()));
        Box::pin(std::future::ready(()))
    }

    fn page(&self, query: PageQuery) -> BoxFuture<'static, Result<Vec<Message>, String>> {
        let rooms = self.0.lock();
        let mut found: Vec<_> = rooms
            .get(&query.room)
            .into_iter()
            .flatten()
            .enumerate()
            .filter(|(_, message)| {
                query
                    .before
                    .is_none_or(|before| message.created_at < before)
                    && query
                        .kept_since
                        .is_none_or(|since| message.created_at >= since)
            })
            .collect();
        found.sort_by_key(|(index, message)| Reverse((message.created_at, *index)));
        let page = found
            .into_iter()
            .take(query.limit)
            .map(|(_, message)| message.clone())
            .collect();
        Box::pin(std::future::ready(Ok(page)))
    }
}

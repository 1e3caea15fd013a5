//! Presence by user: people, not connections.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_core::Stream;
use tokio::time::{Instant, Sleep, sleep_until};

use crate::{
    client::subscription::PresenceStream,
    error::Error,
    protocol::message::Item,
    protocol::presence::{Member, PresenceEvent},
};

/// What happened to the users of a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum UserEvent {
    /// A user came, with a first connection.
    Joined(String),
    /// A user left, with the last connection.
    Left(String),
}

/// Users coming and going; see [`PresenceStream::by_user`].
#[must_use = "a subscription ends when it is dropped"]
pub struct UserStream {
    stream: PresenceStream,
    window: Duration,
    /// Connections by their keys, with the user of each.
    connections: BTreeMap<String, String>,
    shown: BTreeSet<String>,
    /// Users without a connection, and when that becomes news. In order of time.
    leaving: VecDeque<(Instant, String)>,
    ready: VecDeque<UserEvent>,
    timer: Option<Pin<Box<Sleep>>>,
}

impl PresenceStream {
    /// Counts users instead of connections: a user comes with the first connection and leaves with the last, and one who
    /// is back within `window` never left. Members without a user are not shown.
    pub fn by_user(self, window: Duration) -> UserStream {
        UserStream {
            stream: self,
            window,
            connections: BTreeMap::new(),
            shown: BTreeSet::new(),
            leaving: VecDeque::new(),
            ready: VecDeque::new(),
            timer: None,
        }
    }
}

impl UserStream {
    /// The next item; `None` once the client is closed.
    ///
    /// # Cancel safety
    /// Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Option<Result<Item<UserEvent>, Error>> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }

    /// The users shown now: those the events so far add up to.
    pub fn users(&self) -> impl Iterator<Item = &str> {
        self.shown.iter().map(String::as_str)
    }

    fn apply(&mut self, event: PresenceEvent) {
        match event {
            PresenceEvent::Snapshot(members) => {
                self.connections.clear();
                members.iter().for_each(|member| self.insert(member));
            }
            PresenceEvent::Joined(member) | PresenceEvent::Updated(member) => self.insert(&member),
            PresenceEvent::Left(member) => {
                self.connections.remove(&member.key());
            }
        }
        let present: BTreeSet<String> = self.connections.values().cloned().collect();
        self.leaving.retain(|(_, user)| !present.contains(user));
        for user in &present {
            if self.shown.insert(user.clone()) {
                self.ready.push_back(UserEvent::Joined(user.clone()));
            }
        }
        let due = Instant::now() + self.window;
        for user in self.shown.difference(&present) {
            if !self.leaving.iter().any(|(_, leaving)| leaving == user) {
                self.leaving.push_back((due, user.clone()));
            }
        }
    }

    fn insert(&mut self, member: &Member) {
        if let Some(user) = member.user_id() {
            self.connections.insert(member.key(), user.to_owned());
        }
    }

    /// Shows those whose time is up as gone.
    fn expire(&mut self) {
        let now = Instant::now();
        while let Some((due, _)) = self.leaving.front()
            && *due <= now
        {
            if let Some((_, user)) = self.leaving.pop_front() {
                self.shown.remove(&user);
                self.ready.push_back(UserEvent::Left(user));
            }
        }
    }
}

impl Stream for UserStream {
    type Item = Result<Item<UserEvent>, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        loop {
            if let Some(event) = this.ready.pop_front() {
                return Poll::Ready(Some(Ok(Item::Message(event))));
            }
            match Pin::new(&mut this.stream).poll_next(cx) {
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(Some(Ok(Item::Message(event)))) => {
                    this.apply(event);
                    this.expire();
                    continue;
                }
                Poll::Ready(Some(Ok(Item::Gap(gap)))) => {
                    return Poll::Ready(Some(Ok(Item::Gap(gap))));
                }
                Poll::Ready(Some(Ok(Item::Lagged(count)))) => {
                    return Poll::Ready(Some(Ok(Item::Lagged(count))));
                }
                Poll::Pending => {}
            }
            let Some((due, _)) = this.leaving.front() else {
                this.timer = None;
                return Poll::Pending;
            };
            let due = *due;
            let timer = this.timer.get_or_insert_with(|| Box::pin(sleep_until(due)));
            if timer.deadline() != due {
                timer.as_mut().reset(due);
            }
            std::task::ready!(timer.as_mut().poll(cx));
            this.timer = None;
            this.expire();
        }
    }
}

impl fmt::Debug for UserStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UserStream")
            .field("stream", &self.stream)
            .field("users", &self.shown.len())
            .finish_non_exhaustive()
    }
}

//! One consumer, as the connection's task sees it.

use std::sync::Arc;

use tokio::sync::watch;

use crate::{
    error::Error,
    protocol::{
        filter::Selector,
        message::Message,
        presence::{PresenceEvent, SharedMembers},
    },
    queue::inbound::Buffer,
};

/// One consumer's side of a topic, as its handle made it.
#[derive(Debug)]
pub(crate) struct Subscriber {
    pub(crate) id: u64,
    pub(crate) buffer: Arc<Buffer<Delivery>>,
    pub(crate) selector: Selector,
    pub(crate) recover: bool,
    pub(crate) state: watch::Sender<SubscriptionState>,
    /// Where a presence stream finds the members; filled when it is attached.
    pub(crate) members: Option<watch::Sender<Option<SharedMembers>>>,
}

impl Subscriber {
    /// Sets the state, and wakes those who wait for it only if it is another.
    pub(crate) fn set_state(&self, new: SubscriptionState) {
        self.state.send_if_modified(|state| {
            let changed = *state != new;
            *state = new;
            changed
        });
    }

    /// Tells the stream of a failure, which does not end it.
    pub(crate) fn fail(&self, error: &Error) {
        self.buffer.push_error(error.clone());
        self.state
            .send_replace(SubscriptionState::Failed(error.clone()));
    }
}

/// What the connection's task hands to a consumer.
#[derive(Debug, Clone)]
pub(crate) enum Delivery {
    Message(Message),
    Presence(PresenceEvent),
}

/// How a subscription is doing.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum SubscriptionState {
    /// Wanted, and not confirmed on the present connection.
    Pending,
    /// Confirmed by the server on the present connection.
    Active,
    /// Refused or unanswered, or the server reported an error for the topic. It is asked for again by the next
    /// subscription to the channel, by a new token, and by the next connection.
    Failed(Error),
    /// Ended.
    Closed,
}

impl PartialEq for SubscriptionState {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Failed(left), Self::Failed(right)) => left.kind() == right.kind(),
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }
}

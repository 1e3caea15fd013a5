//! Realtime channels of the Aerostack platform: subscriptions that survive the network.
mod buffer;
mod builder;
mod channel;
mod client;
mod common;
mod counters;
mod error;
mod frame;
mod history;
mod io;
mod message;
mod outbound;
mod owner;
mod presence;
mod publish;
mod selector;
mod settings;
mod status;
mod subscription;
mod tls;
mod token;
mod topic;
mod trace;
mod typed;
mod upgrade;
mod wake;

pub use crate::{
    buffer::Backpressure,
    builder::RealtimeBuilder,
    channel::{Channel, Subscribe, SubscribePresence},
    client::Realtime,
    counters::Counters,
    error::{Error, ErrorKind},
    history::{History, HistoryMessage},
    io::{ConnectFuture, Connector, Io},
    message::{Gap, Item, Message, MessageKind, Operation, Recovery},
    presence::{Member, PresenceEvent},
    publish::{Publish, PublishAcked, SendChat},
    status::{Notice, Notices, Status, StatusWatch},
    subscription::{PresenceStream, Subscription, SubscriptionState},
    token::{Token, TokenFuture, TokenProvider, TokenRequest},
    typed::{Change, ChatMessage, Event},
};

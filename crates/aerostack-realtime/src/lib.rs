//! Realtime channels of the Aerostack platform: subscriptions that survive the network.
//!
//! ```no_run
//! use aerostack_realtime::Realtime;
//! # #[derive(serde::Deserialize)]
//! # struct Order { id: String }
//!
//! # async fn run() -> Result<(), aerostack_realtime::Error> {
//! let realtime = Realtime::builder()
//!     .api_key("ak_live_1")
//!     .project_id("proj_7f")
//!     .build()?;
//!
//! let mut orders = realtime.channel("orders")?.inserts::<Order>().subscribe().await?;
//! while let Some(order) = orders.next().await {
//!     println!("new order {}", order?.id);
//! }
//! # Ok(()) }
//! ```
//!
//! One stream for several operations, and for what happened to the stream itself:
//!
//! ```no_run
//! use aerostack_realtime::{Item, Operation};
//! # #[derive(Debug, serde::Deserialize)]
//! # struct Order { id: String }
//!
//! # async fn run(realtime: aerostack_realtime::Realtime) -> Result<(), aerostack_realtime::Error> {
//! let mut changes = realtime.channel("orders")?.changes::<Order>().subscribe().await?;
//! while let Some(item) = changes.next().await {
//!     match item? {
//!         Item::Message(change) => match change.operation {
//!             Operation::Insert => println!("new: {:?}", change.new),
//!             Operation::Delete => println!("gone: {:?}", change.old),
//!             _ => println!("changed: {:?} to {:?}", change.old, change.new),
//!         },
//!         Item::Gap(gap) => println!("changes since {:?} may be missing: query the table", gap.from),
//!         Item::Lagged(count) => println!("too slow for {count} messages"),
//!         _ => {}
//!     }
//! }
//! # Ok(()) }
//! ```
//!
//! # What to expect
//!
//! One task keeps one connection for all clones of a [`Realtime`]. It knows what should be true (subscriptions, tracked
//! presence, the token) and makes it so on every connection, however the last one ended. A subscription is a `Stream`
//! that yields messages in the order they arrived and says what else happened in its place:
//!
//! - [`Item::Gap`]: the connection was lost and is back. The protocol has no offsets and no session to resume, so
//!   messages of that time may be missing. With [`recover`](Subscribe::recover), what the platform kept (persisted events
//!   and chat) follows. Changes of tables are never kept: query the table again.
//! - [`Item::Lagged`]: the stream was not read fast enough and this many messages were dropped, by its
//!   [`Backpressure`] policy.
//! - An error: a row that does not fit the type, an error of the server, a subscription refused. The stream goes on.
//!
//! # What is delivered
//!
//! Live messages come at most once and in the order in which the server sent them, for each topic and across
//! connections. Nothing here is exactly once, and nothing is free of gaps: the protocol has no offsets, no
//! acknowledgement by receivers and no session that outlives a connection, so no client of it can promise either. What
//! can be had instead:
//!
//! - to know: every interruption is one [`Item::Gap`] between the last message before and the first one after it, and
//!   every dropped message is counted by an [`Item::Lagged`];
//! - to catch up where the platform keeps messages: with [`recover`](Subscribe::recover) they follow the gap, oldest
//!   first, each with [`is_recovered`](Message::is_recovered). [`Recovery::Complete`] says that all the platform kept
//!   of that time is there, and nothing of what it did not keep. A recovered message can repeat a live one if the
//!   platform stores it in another form than it sends it;
//! - to start over where it does not: read the table, or whatever the stream is about, again after each gap.
//!   [`resync`](Subscription::resync) runs that at the right places and holds live messages back meanwhile.
//!
//! For what is sent, [`Publish`] says what each of its forms knows about the fate of a message.
//! [`Indeterminate`](ErrorKind::Indeterminate) is an answer: the message may or may not have arrived.
//!
//! # When the connection is lost
//!
//! | what | default |
//! | --- | --- |
//! | wait before attempt `n` | drawn from `[0, min(1 s * 2^n, 30 s))` |
//! | count starts anew | after 10 s of stable connection |
//! | attempts | unlimited |
//! | connect | at most 10 s, with token, name, TCP, TLS and upgrade; the addresses of a name race each other |
//! | first connection | its first failure is the error of [`connect`](Realtime::connect) and [`subscribe`](Subscribe::subscribe), unless the client is to [`wait_for_network`](RealtimeBuilder::wait_for_network) |
//! | silent server | noticed 10 s after a heartbeat, every 30 s, if no byte arrives meanwhile |
//! | 429, 503 | as `Retry-After` or `X-RateLimit-Reset` say, at most 5 min |
//! | 401, 403, close codes 4001, 4003, 4401, 4403 | the token is renewed once and tried at once; then the client waits for a change |
//! | close codes 1002, 1003, 1007, 1008, 1009, 1013, 4429 | a wait of up to 30 s at once; after 1008 a token provider is asked for a new token |
//! | proxies | those of the environment, by `CONNECT`, as for HTTP; none with [`no_proxy`](RealtimeBuilder::no_proxy) |
//!
//! [`Status`] is a value to watch; [`Notices`] show every change of it. A program that knows more, such as that the network
//! is back, calls [`reconnect_now`](Realtime::reconnect_now), which also revives a client that a refusal has suspended, be
//! it only the page of a firewall.
//!
//! # Confidence
//!
//! The platform documents its protocol only in part. Frames, topics and credentials are as its own clients use them.
//! The rest is not settled; this crate accepts every form its authors found, and relies on none:
//!
//! | what | what is not known | what this crate does |
//! | --- | --- | --- |
//! | acknowledgements | whether they come for every publish, and whether with its id | without an id they are counted over all messages sent, and in doubt none counts; without any, [`AckTimeout`](ErrorKind::AckTimeout) for who asked |
//! | errors | their form; the platform's own clients know none | they go to the publish, else to the topic they name, whose subscription counts as failed until a message shows that it goes on, else to [`Notices`] |
//! | presence | names and wrapping of its frames, members' identity | events named `presence:join` and so on, and frames of such a type; connections, else users |
//! | filters | whether the server applies them | they are sent, and applied here as well |
//! | one's own events | whether they come back | they are delivered if they do |
//! | close codes | which the server uses | as the table above says |
//! | tokens | what happens when one expires on an open connection | close codes 4001 and 4401 are taken for it |
//! | short topics | what the server makes of a bare name | only what it confirms is routed; with a project id none are sent |
//! | history | its upper limit for a page, and whether `before` includes its millisecond | pages overlap by a millisecond and are told apart by id; a millisecond with more than a page holds is an error, once |
//! | times | whether they are numbers or text | both are read, in RFC 3339 and in SQLite's form; without a readable time no gap counts as complete |
//!
//! # Features
//!
//! | feature | |
//! | --- | --- |
//! | `rustls` (default) | TLS by rustls with its own provider and the platform's certificates |
//! | `native-tls` | TLS by the system's library; takes precedence |
//! | `tracing` | status changes as events |
//!
//! Without a TLS feature only `http` base URLs work; others are refused by [`RealtimeBuilder::build`].

#![cfg_attr(docsrs, feature(doc_cfg))]

mod client;
mod counters;
mod error;
mod protocol;
mod queue;
mod settings;
mod shared;
mod status;
mod task;
mod token;
mod trace;
mod transport;

pub use crate::{
    client::{
        Realtime,
        builder::RealtimeBuilder,
        channel::{Channel, Listener, Subscribe, SubscribePresence},
        history::History,
        publish::{Publish, PublishAcked, SendChat, SendFuture},
        resync::{Resync, ResyncReason},
        rows::{Missed, Rows, SubscribeRows},
        subscription::{PresenceStream, Subscription},
        users::{UserEvent, UserStream},
    },
    counters::Counters,
    error::{Error, ErrorKind},
    protocol::{
        decode::{Change, ChatMessage, Event, Update},
        message::{Gap, Item, Message, MessageKind, Operation, Recovery},
        presence::{Member, PresenceEvent},
    },
    queue::{inbound::Backpressure, subscriber::SubscriptionState},
    status::{Notice, Notices, Status, StatusWatch},
    token::{Token, TokenFuture, TokenProvider, TokenRequest},
    transport::{
        connector::{ConnectFuture, Connector, Io},
        history::HistoryMessage,
    },
};

//! The choices the hub leaves open, because the platform's own behavior is not known.

use std::time::Duration;

use serde::Deserialize;

/// Which subprotocol the answer to an upgrade names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SubprotocolReply {
    /// `aerostack-v1` when it was offered, else none.
    #[default]
    V1,
    /// The first one offered, which is usually a credential.
    First,
    /// None. A client that offered some has to fail.
    None,
}

/// Whether a subscription's filter has an effect on the server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ServerFilter {
    /// Every change of the table is sent.
    #[default]
    Off,
    /// Only changes whose columns equal the filter's values are sent.
    Equality,
}

/// How a publish is acknowledged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Acks {
    /// With the id of the publish, if it had one.
    #[default]
    WithId,
    /// Without an id.
    WithoutId,
    /// Not at all.
    Off,
}

/// The form of presence frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PresenceEncoding {
    /// `type` is `event`, and `event` is `presence:join` and so on.
    #[default]
    Event,
    /// `type` is `presence:join` and so on.
    Type,
}

/// Where `socket.emit` goes when its room has no slash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum EmitRoom {
    /// To the chat room of that name: `chat/<room>/<project>`.
    #[default]
    Chat,
    /// Where a subscription of that name goes: `table/<room>/<project>`.
    TableRule,
    /// To the topic of exactly that name.
    AsIs,
}

/// The form of a page of history.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HistoryForm {
    /// A list under `messages`, with `data` as it was published.
    #[default]
    Messages,
    /// A list under `data`.
    Data,
    /// A list under `messages`, with each `data` as a string of JSON.
    TextData,
}

/// The hub's behavior where the platform's is unknown, and its limits. All of it can be changed while connections
/// are open.
///
/// ```
/// use aerostack_emulator::realtime::{Acks, Switches};
///
/// let mut switches = Switches::default();
/// switches.echo = false;
/// switches.acks = Acks::Off;
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Switches {
    /// Whether `apiKey` and `token` in the URL's query are accepted, as older clients send them. Off by default.
    pub legacy_query_auth: bool,
    /// Which subprotocol is selected.
    pub subprotocol_reply: SubprotocolReply,
    /// Whether filters have an effect.
    pub server_filter: ServerFilter,
    /// Whether a publisher that is subscribed gets its own events. On by default.
    pub echo: bool,
    /// How publishes are acknowledged.
    pub acks: Acks,
    /// Whether a publish with the id of an earlier one is acknowledged without effect. Off by default.
    pub dedupe: bool,
    /// The form of presence frames.
    pub presence_encoding: PresenceEncoding,
    /// Where `socket.emit` goes when its room has no slash.
    pub emit_room: EmitRoom,
    /// Sends row changes only at multiples of this interval, as a platform that polls does; 200 ms is its interval.
    /// Off by default.
    pub change_interval: Option<Duration>,
    /// How long messages are kept; for ever by default.
    pub history_retention: Option<Duration>,
    /// The form of a page of history.
    pub history_form: HistoryForm,
    /// The largest message accepted from connections opened from now on; above it they are closed with 1009. 1 MiB by
    /// default.
    pub max_frame_bytes: usize,
    /// How many connections may be open; above it upgrades are refused with 429. No limit by default.
    pub max_connections: Option<usize>,
    /// How many topics one connection may subscribe; above it a subscribe is answered with an error frame. No limit
    /// by default.
    pub max_subscriptions: Option<usize>,
    /// How much may wait for one connection that does not read; above it the connection is closed with 4429. 64 MiB
    /// by default.
    pub max_backlog_bytes: usize,
    /// How many of the latest transcript entries are kept. 100,000 by default, 0 keeps none.
    pub transcript_entries: usize,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            legacy_query_auth: false,
            subprotocol_reply: SubprotocolReply::default(),
            server_filter: ServerFilter::default(),
            echo: true,
            acks: Acks::default(),
            dedupe: false,
            presence_encoding: PresenceEncoding::default(),
            emit_room: EmitRoom::default(),
            change_interval: None,
            history_retention: None,
            history_form: HistoryForm::default(),
            max_frame_bytes: 1 << 20,
            max_connections: None,
            max_subscriptions: None,
            max_backlog_bytes: 64 << 20,
            transcript_entries: 100_000,
        }
    }
}

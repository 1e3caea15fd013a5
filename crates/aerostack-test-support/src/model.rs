// Generated from openapi/realtime.schema.json by `cargo xtask generate`. Do not edit: change the schema and run it again.

/// Acknowledges a publish. Whether and with which fields the platform sends it is not known.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct Ack {
    /// The id of the publish.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub id: ::std::option::Option<::std::string::String>,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub topic: ::std::option::Option<Topic>,
    #[serde(rename = "type")]
    pub type_: AckType,
}
/// `AckType`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum AckType {
    #[serde(rename = "ack")]
    Ack,
}
/// Something was said in a chat room.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct ChatMessage {
    /// Any JSON value; an object with text and metadata where the emulator sends it.
    pub data: ::serde_json::Value,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub timestamp: ::std::option::Option<Timestamp>,
    pub topic: Topic,
    #[serde(rename = "type")]
    pub type_: ChatMessageType,
    #[serde(rename = "userId", skip_serializing_if = "::std::option::Option::is_none")]
    pub user_id: ::std::option::Option<::std::string::String>,
}
/// `ChatMessageType`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum ChatMessageType {
    #[serde(rename = "chat_message")]
    ChatMessage,
}
/// A row was changed.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct DbChange {
    /// The row as it is now; for a DELETE the row, or part of it, as it was.
    pub data: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    /// The row before, for UPDATE and DELETE.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub old: ::std::option::Option<
        ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    >,
    pub operation: Operation,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub timestamp: ::std::option::Option<Timestamp>,
    pub topic: Topic,
    #[serde(rename = "type")]
    pub type_: DbChangeType,
}
/// `DbChangeType`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum DbChangeType {
    #[serde(rename = "db_change")]
    DbChange,
}
/// A frame had no effect. The platform's own form is not known.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct Error {
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub code: ::std::option::Option<::std::string::String>,
    /// The id of the publish it is about.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub id: ::std::option::Option<::std::string::String>,
    pub message: ::std::string::String,
    /// The topic it is about, as far as known.
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub topic: ::std::option::Option<::std::string::String>,
    #[serde(rename = "type")]
    pub type_: ErrorType,
}
/// `ErrorType`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum ErrorType {
    #[serde(rename = "error")]
    Error,
}
/// A published event. Presence comes in this form too, under the names presence:join, presence:update, presence:leave and presence:sync.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct Event {
    /// Any JSON value.
    pub data: ::serde_json::Value,
    pub event: ::std::string::String,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub timestamp: ::std::option::Option<Timestamp>,
    pub topic: Topic,
    #[serde(rename = "type")]
    pub type_: EventType,
    /// Who published it, when known.
    #[serde(rename = "userId", skip_serializing_if = "::std::option::Option::is_none")]
    pub user_id: ::std::option::Option<::std::string::String>,
}
/// `EventType`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum EventType {
    #[serde(rename = "event")]
    Event,
}
/// A connection that is present on a topic.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct Member {
    #[serde(
        rename = "connectionId",
        skip_serializing_if = "::std::option::Option::is_none"
    )]
    pub connection_id: ::std::option::Option<::std::string::String>,
    pub state: ::serde_json::Map<::std::string::String, ::serde_json::Value>,
    #[serde(rename = "userId", skip_serializing_if = "::std::option::Option::is_none")]
    pub user_id: ::std::option::Option<::std::string::String>,
}
/// `Members`
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct Members {
    pub members: ::std::vec::Vec<Member>,
}
/// `Operation`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum Operation {
    #[serde(rename = "INSERT")]
    Insert,
    #[serde(rename = "UPDATE")]
    Update,
    #[serde(rename = "DELETE")]
    Delete,
}
/// Answers ping.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct Pong {
    #[serde(rename = "type")]
    pub type_: PongType,
}
/// `PongType`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum PongType {
    #[serde(rename = "pong")]
    Pong,
}
/// Somebody came, changed or left. The names are not confirmed.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct PresenceChange {
    pub data: Member,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub timestamp: ::std::option::Option<Timestamp>,
    pub topic: Topic,
    #[serde(rename = "type")]
    pub type_: PresenceChangeType,
}
/// `PresenceChangeType`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum PresenceChangeType {
    #[serde(rename = "presence:join")]
    PresenceJoin,
    #[serde(rename = "presence:update")]
    PresenceUpdate,
    #[serde(rename = "presence:leave")]
    PresenceLeave,
}
/// Who is present, for a new subscriber. The name is not confirmed.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct PresenceSync {
    pub data: Members,
    #[serde(skip_serializing_if = "::std::option::Option::is_none")]
    pub timestamp: ::std::option::Option<Timestamp>,
    pub topic: Topic,
    #[serde(rename = "type")]
    pub type_: PresenceSyncType,
}
/// `PresenceSyncType`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum PresenceSyncType {
    #[serde(rename = "presence:sync")]
    PresenceSync,
}
/// What a server sends.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
#[serde(untagged)]
pub enum ServerFrame {
    Subscribed(Subscribed),
    Ack(Ack),
    Pong(Pong),
    DbChange(DbChange),
    Event(Event),
    ChatMessage(ChatMessage),
    PresenceChange(PresenceChange),
    PresenceSync(PresenceSync),
    Error(Error),
}
/// Answers subscribe with the full topic.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
pub struct Subscribed {
    pub topic: Topic,
    #[serde(rename = "type")]
    pub type_: SubscribedType,
}
/// `SubscribedType`
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Copy,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
pub enum SubscribedType {
    #[serde(rename = "subscribed")]
    Subscribed,
}
/// Unix milliseconds, or a text where an older server sends one.
#[derive(::serde::Deserialize, ::serde::Serialize, Clone, Debug)]
#[serde(untagged)]
pub enum Timestamp {
    Number(f64),
    String(::std::string::String),
}
/// A topic. Servers use the full form, whose last segment is the project's id.
#[derive(
    ::serde::Deserialize,
    ::serde::Serialize,
    Clone,
    Debug,
    Eq,
    Hash,
    Ord,
    PartialEq,
    PartialOrd
)]
#[serde(transparent)]
pub struct Topic(pub ::std::string::String);

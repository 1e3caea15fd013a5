// Generated from openapi/realtime.schema.json by `cargo xtask generate`. Do not edit: change the schema and run it again.

/// What a client sends. None but publish carries an id to answer to.
#[derive(::serde::Serialize)]
#[serde(tag = "type", deny_unknown_fields)]
pub(crate) enum ClientFrame {
    /// Asks for the messages of a topic. Asking again is answered again.
    #[serde(rename = "subscribe")]
    Subscribe {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        filter: ::std::option::Option<::aerostack_api::RawJson>,
        /// A topic. Servers use the full form, whose last segment is the project's id.
        topic: ::std::string::String,
    },
    /// Ends a subscription.
    #[serde(rename = "unsubscribe")]
    Unsubscribe {
        /// A topic. Servers use the full form, whose last segment is the project's id.
        topic: ::std::string::String,
    },
    /// Sends an event to the subscribers of a topic.
    #[serde(rename = "publish")]
    Publish {
        data: ::aerostack_api::RawJson,
        event: ::std::string::String,
        /// Comes back in the acknowledgement.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        id: ::std::option::Option<::std::string::String>,
        /// Keeps the event in the history.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        persist: ::std::option::Option<bool>,
        /// A topic. Servers use the full form, whose last segment is the project's id.
        topic: ::std::string::String,
    },
    /// Says that this connection is present on a topic, and in what state.
    #[serde(rename = "track")]
    Track {
        state: ::aerostack_api::RawJson,
        /// A topic. Servers use the full form, whose last segment is the project's id.
        topic: ::std::string::String,
    },
    /// Takes the presence back.
    #[serde(rename = "untrack")]
    Untrack {
        /// A topic. Servers use the full form, whose last segment is the project's id.
        topic: ::std::string::String,
    },
    /// Replaces the user token of an open connection.
    #[serde(rename = "auth")]
    Auth { token: ::std::string::String },
    /// Says something in a chat room. It is kept in the history.
    #[serde(rename = "chat")]
    Chat {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        metadata: ::std::option::Option<::aerostack_api::RawJson>,
        /// The bare room, not a topic.
        #[serde(rename = "roomId")]
        room_id: ::std::string::String,
        text: ::std::string::String,
    },
    #[serde(rename = "ping")]
    Ping,
}

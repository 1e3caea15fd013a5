// Generated from openapi/realtime.schema.json by `cargo xtask generate`. Do not edit: change the schema and run it again.

/// What a client sends. None but publish carries an id to answer to.
#[derive(::serde::Serialize)]
#[serde(tag = "type", deny_unknown_fields)]
pub(crate) enum ClientFrame<'f, J: ?Sized> {
    /// Asks for the messages of a topic. Asking again is answered again.
    #[serde(rename = "subscribe")]
    Subscribe {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        filter: ::std::option::Option<&'f J>,
        /// A topic. Servers use the full form, whose last segment is the project's id.
        topic: &'f str,
    },
    /// Ends a subscription.
    #[serde(rename = "unsubscribe")]
    Unsubscribe {
        /// A topic. Servers use the full form, whose last segment is the project's id.
        topic: &'f str,
    },
    /// Sends an event to the subscribers of a topic.
    #[serde(rename = "publish")]
    Publish {
        data: &'f J,
        event: &'f str,
        /// Comes back in the acknowledgement.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        id: ::std::option::Option<&'f str>,
        /// Keeps the event in the history.
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        persist: ::std::option::Option<bool>,
        /// A topic. Servers use the full form, whose last segment is the project's id.
        topic: &'f str,
    },
    /// Says that this connection is present on a topic, and in what state.
    #[serde(rename = "track")]
    Track {
        state: &'f J,
        /// A topic. Servers use the full form, whose last segment is the project's id.
        topic: &'f str,
    },
    /// Takes the presence back.
    #[serde(rename = "untrack")]
    Untrack {
        /// A topic. Servers use the full form, whose last segment is the project's id.
        topic: &'f str,
    },
    /// Replaces the user token of an open connection.
    #[serde(rename = "auth")]
    Auth { token: &'f str },
    /// Says something in a chat room. It is kept in the history.
    #[serde(rename = "chat")]
    Chat {
        #[serde(skip_serializing_if = "::std::option::Option::is_none")]
        metadata: ::std::option::Option<&'f J>,
        /// The bare room, not a topic.
        #[serde(rename = "roomId")]
        room_id: &'f str,
        text: &'f str,
    },
    #[serde(rename = "ping")]
    Ping,
}

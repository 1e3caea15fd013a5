//! Events sent to channels from the server.

use std::collections::BTreeMap;

use aerostack_api::{RawJson, requests, types};
use serde::Serialize;

use crate::{
    Client, Error, ErrorKind,
    call::{Options, awaitable, call_options},
    input,
    rpc::says_no,
};

/// Events for the subscribers of channels, sent without a connection of one's own. From
/// [`Client::socket`](crate::Client::socket).
///
/// The project's id, or its slug, goes along; set it on the client. Here the secret key travels as a bearer token.
///
/// # Consistency
/// Delivery is not confirmed: success means that the platform took the event.
///
/// # Errors
/// [`NotFound`](ErrorKind::NotFound) and [`Decode`](ErrorKind::Decode) mostly mean that the base URL points at another
/// service.
///
/// Confidence: one official SDK makes this call, on a path the platform calls internal. It may change without notice.
#[derive(Debug, Clone)]
pub struct Socket {
    client: Client,
}

impl Socket {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
        }
    }

    /// Sends an event with any value.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// use std::collections::BTreeMap;
    ///
    /// client.socket().emit("order-shipped", &BTreeMap::from([("orderId", 9182)])).room("orders/eu").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the event was sent is then unknown.
    #[doc(alias = "broadcast")]
    #[doc(alias = "send")]
    pub fn emit(&self, event: impl Into<String>, data: impl Serialize) -> Emit {
        let mut options = Options::default();
        let data = options.accept(input::json("data", data));
        Emit {
            client: self.client.clone(),
            options,
            event: event.into(),
            data,
            room: None,
        }
    }
}

/// An event to be sent. From [`Socket::emit`]. Await it.
#[must_use = "a call does nothing until it is awaited"]
pub struct Emit {
    client: Client,
    options: Options,
    event: String,
    data: Option<RawJson>,
    room: Option<String>,
}

impl Emit {
    /// The channel, by its path without the project id, such as `orders/eu`. Without it the event presumably goes to
    /// the whole project.
    pub fn room(mut self, room: impl Into<String>) -> Self {
        self.room = Some(room.into());
        self
    }

    call_options!();

    async fn run(self) -> Result<(), Error> {
        let options = self.options.into_call()?;
        input::name("event's name", &self.event)?;
        let Some(data) = self.data else {
            return Err(Error::invalid_input("there is no data to send"));
        };
        let args = match &self.room {
            Some(room) => {
                input::name("room", room)?;
                input::json("event", &(&self.event, &data, room))?
            }
            None => input::json("event", &(&self.event, &data))?,
        };
        let body = types::SocketEmitRequest::new("socket.emit".into(), args)
            .project_id(self.client.transport().config().project_id.clone());
        let response = self
            .client
            .send(&requests::SocketEmit::new(body), &options)
            .await?;
        // Any value is an answer, or none; but a platform that says so has refused.
        match response.value.decode::<BTreeMap<String, RawJson>>() {
            Ok(reply) if says_no(&reply) => Err(Error::answered(
                ErrorKind::Rejected,
                &response,
                "the platform answered that it did not send the event",
            )),
            _ => Ok(()),
        }
    }
}

awaitable!(Emit => ());

//! What handles ask of the connection's task, apart from messages to send.

use aerostack_api::RawJson;
use tokio::sync::oneshot;

use crate::{error::Error, protocol::topic::Name, queue::subscriber::Subscriber};

#[derive(Debug)]
pub(crate) enum Command {
    Connect,
    Subscribe {
        name: Name,
        subscriber: Subscriber,
    },
    Track {
        name: Name,
        state: Option<RawJson>,
    },
    Drain {
        done: oneshot::Sender<Result<(), Error>>,
    },
}

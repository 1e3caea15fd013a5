//! Bytes that a connection writes in place of an HTTP response.
//!
//! A handler or layer leaves a [`Script`] among the extensions of its response. The connection finds it before hyper
//! writes anything, takes the socket back and plays the script.

use std::io;
use std::time::Duration;

use bytes::Bytes;

use crate::http::socket::SharedSocket;

/// What to write, and how the connection ends.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) steps: Vec<Step>,
    pub(crate) ending: Ending,
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Send(Bytes),
    /// One byte at a time, with a pause after each.
    SendSlowly(Bytes, Duration),
}

/// How a connection ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ending {
    Close,
    Reset,
    /// It stays open and silent until the client closes it.
    Hang,
}

impl Script {
    pub(crate) async fn play(self, socket: &SharedSocket) -> io::Result<()> {
        for step in &self.steps {
            match step {
                Step::Send(bytes) => socket.write_all(bytes).await?,
                Step::SendSlowly(bytes, pause) => {
                    for byte in bytes {
                        socket.write_all(&[*byte]).await?;
                        tokio::time::sleep(*pause).await;
                    }
                }
            }
        }
        match self.ending {
            Ending::Close => Ok(()),
            Ending::Reset => socket.reset_on_close(),
            Ending::Hang => socket.wait_for_close().await,
        }
    }
}

//! From nothing to an open WebSocket.

use std::sync::Arc;

use aerostack_api::Secret;
use tokio::time::timeout;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::protocol::{Role, WebSocketConfig},
};

use crate::{
    error::{Error, ErrorKind},
    shared::Common,
    token::{Token, subprotocols},
    transport::connector::Io,
    transport::handshake::upgrade,
};

pub(crate) type Socket = WebSocketStream<Box<dyn Io>>;

/// Buffers of one connection, each way.
const BUFFER: usize = 64 * 1024;

/// Makes a connection with the credentials of the moment, within the connect timeout.
pub(crate) async fn dial(
    common: Arc<Common>,
    forced: bool,
) -> Result<(Socket, Option<Token>), Error> {
    let limit = common.settings.limits.connect_timeout;
    timeout(limit, connect(&common, forced))
        .await
        .unwrap_or_else(|_| {
            Err(Error::new(
                ErrorKind::ConnectTimeout,
                format!("connecting took longer than {limit:?}"),
            ))
        })
}

async fn connect(common: &Common, forced: bool) -> Result<(Socket, Option<Token>), Error> {
    let settings = &common.settings;
    let token = common.ask_token(forced).await?;
    let protocols = subprotocols(settings.api_key.as_ref(), token.as_ref())?.map(Secret::from);

    let mut io = settings
        .connector
        .connect(&settings.host, settings.port)
        .await
        .map_err(|source| {
            Error::new(
                ErrorKind::Connect,
                format!("no connection to {}:{}", settings.host, settings.port),
            )
            .with_source(source)
        })?;
    if let Some(tls) = &settings.tls {
        io = tls.wrap(&settings.host, io).await?;
    }
    let (rest, time) = upgrade(&mut io, &settings.url, protocols.as_ref(), common.now()).await?;
    common.note_server_time(time);

    let limits = &settings.limits;
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        // One message beyond what is written in one go, and room for the library's own answers.
        .max_write_buffer_size(2 * BUFFER + limits.queue_bytes.saturating_mul(2))
        .max_message_size(Some(limits.max_message))
        .max_frame_size(Some(limits.max_message));
    let socket = WebSocketStream::from_partially_read(io, rest, Role::Client, Some(config)).await;
    Ok((socket, token))
}

//! From nothing to an open WebSocket.

use std::{io, panic::AssertUnwindSafe, sync::Arc};

use aerostack_api::Secret;
use futures_util::FutureExt;
use tokio::time::timeout;
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::protocol::{Role, WebSocketConfig},
};

use crate::{
    error::{Error, ErrorKind},
    shared::Shared,
    token::{Token, TokenRequest, subprotocols},
    transport::{handshake::upgrade, progress::Progress},
};

pub(crate) type Socket = WebSocketStream<Progress>;

/// Buffers of one connection, each way.
const BUFFER: usize = 64 * 1024;

/// Makes a connection with the credentials of the moment, within the connect timeout.
pub(crate) async fn dial(
    shared: Arc<Shared>,
    request: TokenRequest,
) -> Result<(Socket, Option<Token>), Error> {
    let limit = shared.settings.limits.connect_timeout;
    timeout(limit, connect(&shared, request))
        .await
        .unwrap_or_else(|_| {
            Err(Error::new(
                ErrorKind::ConnectTimeout,
                format!("connecting took longer than {limit:?}"),
            ))
        })
}

async fn connect(shared: &Shared, request: TokenRequest) -> Result<(Socket, Option<Token>), Error> {
    let settings = &shared.settings;
    let token = shared.tokens.ask(request).await?;
    let protocols = subprotocols(settings.api_key.as_ref(), token.as_ref())?.map(Secret::from);

    let failed = |source| {
        Error::new(
            ErrorKind::Connect,
            format!("no connection to {}:{}", settings.host, settings.port),
        )
        .with_source(source)
    };
    // A connector of the application that panics has failed, and no more.
    let connecting = async {
        settings
            .connector
            .connect(&settings.host, settings.port)
            .await
    };
    let mut io = AssertUnwindSafe(connecting)
        .catch_unwind()
        .await
        .unwrap_or_else(|_| Err(io::Error::other("the connector panicked")))
        .map_err(failed)?;
    if let Some(tls) = &settings.tls {
        io = tls.wrap(&settings.host, io).await?;
    }
    let (rest, time) = upgrade(&mut io, &settings.url, protocols.as_ref(), shared.now()).await?;
    shared.note_server_time(time);

    let limits = &settings.limits;
    let config = WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        // One message beyond what is written in one go, and room for the library's own answers.
        .max_write_buffer_size(2 * BUFFER + limits.queue_bytes.saturating_mul(2))
        .max_message_size(Some(limits.max_message))
        .max_frame_size(Some(limits.max_message));
    let io = Progress::new(io);
    let socket = WebSocketStream::from_partially_read(io, rest, Role::Client, Some(config)).await;
    Ok((socket, token))
}

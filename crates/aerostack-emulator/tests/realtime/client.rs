//! A WebSocket client that knows nothing but JSON.

use std::time::Duration;

use aerostack_emulator::realtime::{Hub, HubBuilder};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::DuplexStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::{Request, Response};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::schema::fault_of_sent;

pub(crate) const KEY: &str = "ac_public_local";
pub(crate) const PROJECT: &str = "proj_local";

/// A test that waits longer than this for a message waits for ever.
const PATIENCE: Duration = Duration::from_secs(20);

/// An upgrade request with these subprotocols.
pub(crate) fn request(query: &str, protocols: &[&str]) -> Request {
    let uri = format!("ws://localhost/api/realtime{query}");
    let mut request = uri.into_client_request().unwrap();
    if !protocols.is_empty() {
        request.headers_mut().insert(
            "sec-websocket-protocol",
            protocols.join(", ").parse().unwrap(),
        );
    }
    request
}

/// The usual request: the public key and the marker.
pub(crate) fn keyed(query: &str) -> Request {
    request(query, &[&format!("aerostack-key.{KEY}"), "aerostack-v1"])
}

pub(crate) struct Client<IO = DuplexStream> {
    socket: WebSocketStream<IO>,
    pub(crate) response: Response,
}

/// A hub in memory.
pub(crate) fn hub() -> Hub {
    with(Hub::builder())
}

pub(crate) fn with(builder: HubBuilder) -> Hub {
    builder.build()
}

/// Connects to a hub in memory.
pub(crate) async fn dial(hub: &Hub, request: Request) -> Result<Client, Error> {
    let (ours, theirs) = tokio::io::duplex(64 << 10);
    let hub = hub.clone();
    tokio::spawn(async move { hub.serve(theirs).await });
    Client::over(ours, request).await
}

pub(crate) async fn connect(hub: &Hub) -> Client {
    dial(hub, keyed("")).await.expect("an open connection")
}

/// Connects as a user.
pub(crate) async fn connect_as(hub: &Hub, user: &str) -> Client {
    dial(hub, keyed(&format!("?userId={user}")))
        .await
        .expect("an open connection")
}

/// The status of an upgrade that was refused.
#[track_caller]
pub(crate) fn status<IO>(refused: Result<Client<IO>, Error>) -> u16 {
    match refused {
        Err(Error::Http(response)) => response.status().as_u16(),
        Err(other) => panic!("not an HTTP answer: {other}"),
        Ok(_) => panic!("the connection was accepted"),
    }
}

impl<IO: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin> Client<IO> {
    pub(crate) async fn over(io: IO, request: Request) -> Result<Self, Error> {
        let (socket, response) = tokio_tungstenite::client_async(request, io).await?;
        Ok(Self { socket, response })
    }

    pub(crate) async fn send(&mut self, frame: Value) {
        self.send_text(&frame.to_string()).await;
    }

    pub(crate) async fn send_text(&mut self, text: &str) {
        self.socket
            .send(Message::text(text))
            .await
            .expect("a writable connection");
    }

    pub(crate) async fn send_message(&mut self, message: Message) {
        self.socket
            .send(message)
            .await
            .expect("a writable connection");
    }

    /// The next message or error of the library; `None` at the end.
    pub(crate) async fn next(&mut self) -> Option<Result<Message, Error>> {
        timeout(PATIENCE, self.socket.next())
            .await
            .expect("a message in time")
    }

    /// The next frame, which has to be as the protocol's description says.
    pub(crate) async fn frame(&mut self) -> Value {
        let frame = serde_json::from_str(&self.text().await).expect("JSON");
        assert_eq!(fault_of_sent(&frame), None, "{frame}");
        frame
    }

    /// The next frame, as text.
    pub(crate) async fn text(&mut self) -> String {
        match self.next().await {
            Some(Ok(Message::Text(text))) => text.to_string(),
            other => panic!("no frame but {other:?}"),
        }
    }

    /// The frames up to the answer to a ping: what was sent before it and nothing else.
    pub(crate) async fn pending(&mut self) -> Vec<Value> {
        self.send(json!({ "type": "ping" })).await;
        let mut frames = Vec::new();
        loop {
            let frame = self.frame().await;
            if frame["type"] == "pong" {
                return frames;
            }
            frames.push(frame);
        }
    }

    /// Subscribes and takes the answers; returns the full topic.
    pub(crate) async fn subscribe(&mut self, topic: &str) -> String {
        self.send(json!({ "type": "subscribe", "topic": topic }))
            .await;
        let frames = self.pending().await;
        assert_eq!(frames[0]["type"], "subscribed", "{frames:?}");
        frames[0]["topic"].as_str().unwrap().to_owned()
    }

    /// Reads to the end and returns the close code, if there was a close frame.
    pub(crate) async fn closed(&mut self) -> Option<u16> {
        let mut code = None;
        while let Some(message) = self.next().await {
            match message {
                Ok(Message::Close(frame)) => code = frame.map(|frame| frame.code.into()),
                Ok(_) => {}
                Err(_) => break,
            }
        }
        code
    }
}

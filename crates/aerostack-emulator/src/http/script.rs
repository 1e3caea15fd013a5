//! A connection that faults can write on, past HTTP.
//!
//! The socket is shared between hyper and the task that drives it. When a fault takes over, the service fails, hyper
//! lets go without writing, and the task plays the fault's script on the socket.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::http::HeaderMap;
use axum::http::response::Parts;
use bytes::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::test_kit::fault::{End, Wire};

/// A socket with more than one owner. Closing it is dropping the last of them.
#[derive(Clone)]
pub(crate) struct Socket(Arc<TcpStream>);

impl Socket {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self(Arc::new(stream))
    }

    /// Makes the close a reset.
    pub(crate) fn reset_on_close(&self) -> io::Result<()> {
        self.0.set_zero_linger()
    }

    async fn write_all(&self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            self.0.writable().await?;
            match self.0.try_write(bytes) {
                Ok(written) => bytes = &bytes[written..],
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Reads and drops what arrives until the peer closes.
    async fn wait_for_close(&self) -> io::Result<()> {
        let mut scrap = [0; 4096];
        loop {
            self.0.readable().await?;
            match self.0.try_read(&mut scrap) {
                Ok(0) => return Ok(()),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Err(error),
            }
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            ready!(self.0.poll_read_ready(cx))?;
            match self.0.try_read(buf.initialize_unfilled()) {
                Ok(read) => {
                    buf.advance(read);
                    return Poll::Ready(Ok(()));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                Err(error) => return Poll::Ready(Err(error)),
            }
        }
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.0.poll_write_ready(cx))?;
            match self.0.try_write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return Poll::Ready(result),
            }
        }
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        loop {
            ready!(self.0.poll_write_ready(cx))?;
            match self.0.try_write_vectored(slices) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return Poll::Ready(result),
            }
        }
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}

/// What to do with a socket in place of answering.
#[derive(Debug, Default)]
pub(crate) struct Script {
    steps: Vec<Step>,
    end: Option<End>,
}

#[derive(Debug)]
enum Step {
    Send(Bytes),
    SendSlowly(Bytes, Duration),
}

/// A complete HTTP answer, ready to be cut up.
pub(crate) struct Answer {
    pub(crate) head: Parts,
    pub(crate) body: Bytes,
}

impl Script {
    /// The script of a fault; `answer` is there when the fault needs it.
    pub(crate) fn new(wire: &Wire, answer: Option<Answer>) -> Self {
        let answered = |length_off: i64| {
            answer.as_ref().map_or_else(Default::default, |answer| {
                let length = i64::try_from(answer.body.len())
                    .unwrap_or(i64::MAX)
                    .saturating_add(length_off)
                    .max(0);
                (head_bytes(&answer.head, length), answer.body.clone())
            })
        };
        let (steps, end) = match wire {
            Wire::Nothing(end) => (vec![], *end),
            Wire::Bytes(bytes) => (vec![Step::Send(bytes.clone().into())], End::Close),
            Wire::PartOfHead(end) => {
                let (head, _) = answered(0);
                (vec![Step::Send(head.slice(..head.len() / 2))], *end)
            }
            Wire::PartOfBody(bytes, end) => {
                let (head, body) = answered(0);
                (
                    vec![
                        Step::Send(head),
                        Step::Send(body.slice(..body.len().min(*bytes))),
                    ],
                    *end,
                )
            }
            Wire::WrongLength(by) => {
                let (head, body) = answered(*by);
                (vec![Step::Send(head), Step::Send(body)], End::Close)
            }
            Wire::SlowHead(pause) => {
                let (head, body) = answered(0);
                (
                    vec![Step::SendSlowly(head, *pause), Step::Send(body)],
                    End::Close,
                )
            }
            Wire::Drip(pause) => {
                let (head, body) = answered(0);
                (
                    vec![Step::Send(head), Step::SendSlowly(body, *pause)],
                    End::Close,
                )
            }
        };
        Self {
            steps,
            end: Some(end),
        }
    }

    pub(crate) async fn play(self, socket: &Socket) -> io::Result<()> {
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
        match self.end {
            Some(End::Reset) => socket.reset_on_close(),
            Some(End::Silence) => socket.wait_for_close().await,
            Some(End::Close) | None => Ok(()),
        }
    }
}

fn head_bytes(head: &Parts, content_length: i64) -> Bytes {
    let mut out = format!("HTTP/1.1 {}\r\n", head.status).into_bytes();
    let mut headers: HeaderMap = head.headers.clone();
    for name in ["content-length", "transfer-encoding", "connection"] {
        headers.remove(name);
    }
    for (name, value) in &headers {
        out.extend_from_slice(name.as_str().as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(
        format!("content-length: {content_length}\r\nconnection: close\r\n\r\n").as_bytes(),
    );
    out.into()
}

//! What a connection's bytes say about the peer: a long message is no silence.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Instant,
};

use super::connector::Io;

/// A stream of bytes that notes when it last moved.
pub(crate) struct Progress {
    io: Box<dyn Io>,
    read_at: Instant,
    written_at: Instant,
}

impl Progress {
    pub(crate) fn new(io: Box<dyn Io>) -> Self {
        let now = Instant::now();
        Self {
            io,
            read_at: now,
            written_at: now,
        }
    }

    /// When bytes last arrived.
    pub(crate) fn read_at(&self) -> Instant {
        self.read_at
    }

    /// When bytes were last taken to be sent.
    pub(crate) fn written_at(&self) -> Instant {
        self.written_at
    }
}

impl AsyncRead for Progress {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.io).poll_read(cx, buffer);
        if buffer.filled().len() > before {
            self.read_at = Instant::now();
        }
        polled
    }
}

impl AsyncWrite for Progress {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write(cx, bytes);
        if let Poll::Ready(Ok(1..)) = polled {
            self.written_at = Instant::now();
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.io).poll_write_vectored(cx, bytes);
        if let Poll::Ready(Ok(1..)) = polled {
            self.written_at = Instant::now();
        }
        polled
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
}

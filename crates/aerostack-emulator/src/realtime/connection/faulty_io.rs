//! The transport below the WebSocket, with two valves: what is written can vanish, and nothing may be read.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use futures_util::task::AtomicWaker;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// The valves, one set for all connections of a hub.
#[derive(Debug, Default)]
pub(crate) struct Valves {
    /// Written bytes vanish.
    pub(crate) mute: AtomicBool,
    /// Reading waits.
    pub(crate) stall: AtomicBool,
}

impl Valves {
    pub(crate) fn is_mute(&self) -> bool {
        self.mute.load(Ordering::Acquire)
    }
}

pub(crate) struct Gate<IO> {
    io: IO,
    valves: Arc<Valves>,
    reader: Arc<AtomicWaker>,
    /// The last write was cut short: the rest of that frame has to follow whatever the valve says.
    cut: bool,
}

impl<IO> Gate<IO> {
    /// `reader` has to be woken when the stall valve opens.
    pub(crate) fn new(io: IO, valves: Arc<Valves>, reader: Arc<AtomicWaker>) -> Self {
        Self {
            io,
            valves,
            reader,
            cut: false,
        }
    }
}

impl<IO: AsyncRead + Unpin> AsyncRead for Gate<IO> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.valves.stall.load(Ordering::Acquire) {
            self.reader.register(cx.waker());
            // Looked at again: the valve may have opened before the waker was known.
            if self.valves.stall.load(Ordering::Acquire) {
                return Poll::Pending;
            }
        }
        Pin::new(&mut self.io).poll_read(cx, buf)
    }
}

impl<IO: AsyncWrite + Unpin> AsyncWrite for Gate<IO> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if !self.cut && self.valves.is_mute() {
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = Pin::new(&mut self.io).poll_write(cx, bytes);
        if let Poll::Ready(Ok(count)) = written {
            self.cut = count < bytes.len();
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

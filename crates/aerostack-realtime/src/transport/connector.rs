//! The way to the server: any stream of bytes.

use std::{fmt, future::Future, io, pin::Pin};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};

/// Anything a connection can run over.
pub trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// What a [`Connector`] returns.
pub type ConnectFuture = Pin<Box<dyn Future<Output = io::Result<Box<dyn Io>>> + Send>>;

/// Makes the stream of bytes below TLS and WebSocket. The default is TCP; a proxy, a Unix socket or a pipe in memory
/// are others.
///
/// Any `Fn(String, u16) -> Future` is one:
///
/// ```
/// use aerostack_realtime::{Io, Realtime};
///
/// # fn build() -> Result<(), aerostack_realtime::Error> {
/// let realtime = Realtime::builder()
///     .base_url("http://localhost:8787")
///     .project_id("proj_7f")
///     .connector(|host: String, port: u16| async move {
///         let stream = tokio::net::TcpStream::connect((host, port)).await?;
///         Ok(Box::new(stream) as Box<dyn Io>)
///     })
///     .build()?;
/// # Ok(()) }
/// ```
pub trait Connector: Send + Sync + 'static {
    /// Connects. Runs within the client's connect timeout and is dropped when that is over.
    fn connect(&self, host: &str, port: u16) -> ConnectFuture;
}

impl<F, Fut> Connector for F
where
    F: Fn(String, u16) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = io::Result<Box<dyn Io>>> + Send + 'static,
{
    fn connect(&self, host: &str, port: u16) -> ConnectFuture {
        Box::pin(self(host.to_owned(), port))
    }
}

/// TCP, with Nagle's algorithm off: frames are coalesced where they are known, not by a timer of the kernel.
#[derive(Clone, Copy)]
pub(crate) struct Tcp;

impl Connector for Tcp {
    fn connect(&self, host: &str, port: u16) -> ConnectFuture {
        let host = host.to_owned();
        Box::pin(async move {
            let stream = TcpStream::connect((host.as_str(), port)).await?;
            stream.set_nodelay(true)?;
            Ok(Box::new(stream) as Box<dyn Io>)
        })
    }
}

impl fmt::Debug for Tcp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tcp")
    }
}

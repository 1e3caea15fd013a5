//! The way to the server: any stream of bytes.

use std::{error::Error as StdError, fmt, future::Future, io, pin::Pin, sync::Arc, time::Duration};

use http::Uri;
use hyper_util::{
    client::{
        legacy::connect::{HttpConnector, proxy::Tunnel},
        proxy::matcher::{Intercept, Matcher},
    },
    rt::TokioIo,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};
use tower_service::Service;

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

/// TCP, with Nagle's algorithm off: frames are coalesced where they are known, not by a timer of the kernel. Where a name
/// has several addresses they race each other, as RFC 8305 describes. A proxy is asked for a tunnel (`CONNECT`).
#[derive(Clone)]
pub(crate) struct Tcp {
    secure: bool,
    limit: Duration,
    proxies: Option<Arc<Matcher>>,
}

/// How long the first address has a name's connection to itself.
const HEAD_START: Duration = Duration::from_millis(250);

impl Tcp {
    /// `secure` says which of the proxies are meant, and `limit` is shared by all addresses of a name.
    pub(crate) fn new(secure: bool, limit: Duration, proxies: Option<Matcher>) -> Self {
        Self {
            secure,
            limit,
            proxies: proxies.map(Arc::new),
        }
    }

    fn direct(&self) -> HttpConnector {
        self.configured(HttpConnector::new())
    }

    fn configured<R>(&self, mut direct: HttpConnector<R>) -> HttpConnector<R> {
        direct.enforce_http(false);
        direct.set_nodelay(true);
        direct.set_happy_eyeballs_timeout(Some(HEAD_START));
        // Less than the limit of the whole, so that an address that takes no connection leaves time for the next.
        direct.set_connect_timeout(Some(self.limit.mul_f64(0.8)));
        direct
    }
}

impl Connector for Tcp {
    fn connect(&self, host: &str, port: u16) -> ConnectFuture {
        let scheme = if self.secure { "https" } else { "http" };
        let host = if host.contains(':') {
            format!("[{host}]")
        } else {
            host.to_owned()
        };
        let direct = self.direct();
        let target = format!("{scheme}://{host}:{port}").parse::<Uri>();
        let proxies = self.proxies.clone();
        Box::pin(async move {
            let target = target.map_err(io::Error::other)?;
            let proxy = proxies.and_then(|proxies| proxies.intercept(&target));
            let stream = open(direct, target, proxy).await?;
            Ok(Box::new(stream) as Box<dyn Io>)
        })
    }
}

/// Connects, through a proxy if there is one.
async fn open<C>(mut direct: C, target: Uri, proxy: Option<Intercept>) -> io::Result<TcpStream>
where
    C: Service<Uri, Response = TokioIo<TcpStream>>,
    C::Future: Send + 'static,
    C::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let stream = match proxy {
        None => direct.call(target).await.map_err(io::Error::other)?,
        Some(proxy) => {
            let uri = proxy.uri().clone();
            if uri.scheme_str() != Some("http") {
                return Err(io::Error::other(
                    "realtime connections go through `http://` proxies alone, and the environment names another; exclude \
                     the host with `NO_PROXY`, or set `no_proxy()` or a `connector` on the builder",
                ));
            }
            let mut tunnel = Tunnel::new(uri, direct);
            if let Some(credentials) = proxy.basic_auth() {
                tunnel = tunnel.with_auth(credentials.clone());
            }
            tunnel.call(target).await.map_err(io::Error::other)?
        }
    };
    Ok(stream.into_inner())
}

impl fmt::Debug for Tcp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tcp")
    }
}

#[cfg(test)]
mod tests;

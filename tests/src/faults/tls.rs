//! The platform behind TLS, with certificates of a private authority.

use std::net::SocketAddr;

use crate::FaultProxy;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};
use tokio_rustls::TlsAcceptor;

use aerostack_test_support::authority::Authority;

/// A TLS server for `localhost` before the platform, and a way to it that can break.
pub struct Front {
    pub proxy: FaultProxy,
    port: u16,
    server: JoinHandle<()>,
}

impl Front {
    pub async fn start(authority: &Authority, expired: bool, upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = listener.local_addr().unwrap();
        let proxy = FaultProxy::start(server).await.unwrap();
        let port = proxy.url().rsplit(':').next().unwrap().parse().unwrap();
        let serving = serve(listener, authority.acceptor(expired), upstream);
        Self {
            proxy,
            port,
            server: tokio::spawn(serving),
        }
    }

    pub fn url(&self, host: &str) -> String {
        format!("https://{host}:{}", self.port)
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, upstream: SocketAddr) {
    // Aborting this task drops the set, and with it every connection.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                let acceptor = acceptor.clone();
                connections.spawn(async move {
                    // A handshake that fails is this server's purpose.
                    if let Ok(mut client) = acceptor.accept(stream).await
                        && let Ok(mut platform) = TcpStream::connect(upstream).await
                    {
                        let _ = copy_bidirectional(&mut client, &mut platform).await;
                    }
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

//! The HTTP server: accepts connections and serves one router on them.

use std::convert::Infallible;
use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use parking_lot::Mutex;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::http::script::Script;
use crate::http::socket::SharedSocket;

/// The address of the client, among the extensions of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Accepts connections until `stop`, then cuts those that are left.
pub(crate) async fn serve(
    router: Router,
    listener: TcpListener,
    header_time: Duration,
    stop: CancellationToken,
) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let _ = stream.set_nodelay(true);
                    let socket = SharedSocket::new(stream);
                    connections.spawn(connection(router.clone(), socket, Peer(peer.ip()), header_time));
                }
                // Out of file descriptors or the like: let connections end before trying again.
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
    connections.shutdown().await;
}

/// Makes hyper let go of the connection: a script takes over.
#[derive(Debug)]
struct TakenOver;

impl fmt::Display for TakenOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a script took the connection over")
    }
}

impl std::error::Error for TakenOver {}

async fn connection(router: Router, socket: SharedSocket, peer: Peer, header_time: Duration) {
    let script: Arc<Mutex<Option<Script>>> = Arc::default();
    let service = service_fn(|request: hyper::Request<Incoming>| {
        let (router, script) = (router.clone(), Arc::clone(&script));
        async move {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(peer);
            let routed: Result<Response, Infallible> = router.oneshot(request).await;
            let mut response = match routed {
                Ok(response) => response,
                Err(never) => match never {},
            };
            match response.extensions_mut().remove::<Script>() {
                None => Ok(response),
                Some(new) => {
                    *script.lock() = Some(new);
                    Err(TakenOver)
                }
            }
        }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_time)
        .serve_connection(TokioIo::new(socket.clone()), service)
        .with_upgrades()
        .await;
    let script = script.lock().take();
    match (served, script) {
        (Err(_), Some(script)) => {
            let _ = script.play(&socket).await;
        }
        (Err(error), None) => tracing::debug!(%error, "a connection ended early"),
        (Ok(()), _) => {}
    }
}

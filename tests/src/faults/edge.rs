//! An edge before the platform that speaks HTTP/2 and may refuse requests by its rules.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use aerostack_test_support::authority::Authority;
use bytes::Bytes;
use h2::{Reason, RecvStream, server::SendResponse};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

/// How HTTP/2 says that a request was not processed (RFC 9113, section 8.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The stream is reset with REFUSED_STREAM.
    Stream,
    /// GOAWAY names an earlier stream as the last one, as at every restart of an edge.
    Connection,
}

/// How many requests are refused in each way.
#[derive(Default)]
struct Left {
    streams: AtomicUsize,
    connections: AtomicUsize,
}

/// A server for `localhost`.
pub struct Edge {
    port: u16,
    left: Arc<Left>,
    server: JoinHandle<()>,
}

impl Edge {
    pub async fn start(authority: &Authority, platform: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let left = Arc::<Left>::default();
        let serving = serve(
            listener,
            authority.http2_acceptor(),
            platform,
            Arc::clone(&left),
        );
        Self {
            port,
            left,
            server: tokio::spawn(serving),
        }
    }

    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.port)
    }

    /// Refuses the next `times` requests.
    pub fn refuse_next(&self, refusal: Refusal, times: usize) {
        let left = match refusal {
            Refusal::Stream => &self.left.streams,
            Refusal::Connection => &self.left.connections,
        };
        left.store(times, Ordering::SeqCst);
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn take(left: &AtomicUsize) -> bool {
    left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| {
        left.checked_sub(1)
    })
    .is_ok()
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, platform: String, left: Arc<Left>) {
    let http = reqwest::Client::new();
    // Aborting this task drops the set, and with it every connection.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                let (acceptor, http, platform, left) =
                    (acceptor.clone(), http.clone(), platform.clone(), Arc::clone(&left));
                connections.spawn(async move {
                    // A client that goes away is none of the edge's concern.
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    match take(&left.connections) {
                        true => drop(go_away(stream).await),
                        false => drop(connection(stream, http, platform, left).await),
                    }
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connection(
    stream: TlsStream<TcpStream>,
    http: reqwest::Client,
    platform: String,
    left: Arc<Left>,
) -> Result<(), h2::Error> {
    let mut connection = h2::server::handshake(stream).await?;
    let mut streams = JoinSet::new();
    while let Some(accepted) = connection.accept().await {
        let (request, mut respond) = accepted?;
        if take(&left.streams) {
            respond.send_reset(Reason::REFUSED_STREAM);
        } else {
            streams.spawn(forward(http.clone(), platform.clone(), request, respond));
        }
    }
    Ok(())
}

async fn forward(
    http: reqwest::Client,
    platform: String,
    request: http::Request<RecvStream>,
    mut respond: SendResponse<Bytes>,
) -> Option<()> {
    let (parts, mut stream) = request.into_parts();
    let mut body = Vec::new();
    while let Some(chunk) = stream.data().await {
        let chunk = chunk.ok()?;
        let _ = stream.flow_control().release_capacity(chunk.len());
        body.extend_from_slice(&chunk);
    }
    let url = format!("{platform}{}", parts.uri.path_and_query()?);
    let answer = http
        .request(parts.method, url)
        .headers(parts.headers)
        .body(body)
        .send()
        .await
        .ok()?;
    let mut response = http::Response::new(());
    *response.status_mut() = answer.status();
    if let Some(kind) = answer.headers().get("content-type") {
        response.headers_mut().insert("content-type", kind.clone());
    }
    let body = answer.bytes().await.ok()?;
    let mut sending = respond.send_response(response, false).ok()?;
    sending.send_data(body, true).ok()
}

const PREFACE: usize = 24;
const SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];
/// The last stream is 0, so that the request on stream 1 was not processed; the error is NO_ERROR.
const GOAWAY: [u8; 17] = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const HEADERS: u8 = 1;

/// Takes a request and says that it will not be processed. By hand: a well-behaved server counts a stream it has seen.
async fn go_away(mut stream: TlsStream<TcpStream>) -> io::Result<()> {
    stream.write_all(&SETTINGS).await?;
    stream.read_exact(&mut [0; PREFACE]).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let [a, b, c, kind, ..] = head;
        let mut payload = vec![0; u32::from_be_bytes([0, a, b, c]) as usize];
        stream.read_exact(&mut payload).await?;
        if kind == HEADERS {
            break;
        }
    }
    stream.write_all(&GOAWAY).await?;
    stream.shutdown().await?;
    tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
    Ok(())
}

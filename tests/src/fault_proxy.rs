//! A TCP forwarder that breaks connections, for what no server would do of its own accord.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

/// What happens to a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// Passed on as it is.
    Forward,
    /// Closed when the request begins to arrive.
    Close,
    /// Reset when the request begins to arrive.
    Reset,
    /// Reset after this many bytes of the request were read; the upstream hears nothing.
    ResetWithinRequest(usize),
    /// Accepted and read, never answered; the upstream hears nothing.
    Silence,
    /// The request is passed on, the answer is not.
    SwallowAnswer,
    /// The request is passed on; once an answer comes the connection is reset without a byte of it.
    ResetAtAnswer,
}

/// A forwarder on a port of its own. Dropping it cuts all its connections.
#[derive(Debug)]
pub struct FaultProxy {
    address: SocketAddr,
    shared: Arc<Shared>,
    server: Option<JoinHandle<()>>,
    /// Keeps the port while nobody listens on it.
    kept: Option<TcpSocket>,
}

#[derive(Debug)]
struct Shared {
    upstream: SocketAddr,
    /// What strikes, and how many more connections; the rest are forwarded.
    fault: Mutex<(Treatment, usize)>,
    opened: AtomicUsize,
    open: AtomicUsize,
}

impl FaultProxy {
    /// Starts one before `upstream`; it forwards until told otherwise.
    ///
    /// # Errors
    /// When no port can be had.
    pub async fn start(upstream: SocketAddr) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            upstream,
            fault: Mutex::new((Treatment::Forward, 0)),
            opened: AtomicUsize::new(0),
            open: AtomicUsize::new(0),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let server = tokio::spawn(serve(listener, Arc::clone(&shared)));
        Ok(Self {
            address,
            shared,
            server: Some(server),
            kept: None,
        })
    }

    /// The base URL of the upstream behind it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Treats all connections from now on like this.
    pub fn treat(&self, treatment: Treatment) {
        self.treat_next(treatment, usize::MAX);
    }

    /// Treats the next connections like this and forwards those after them.
    pub fn treat_next(&self, treatment: Treatment, connections: usize) {
        *self
            .shared
            .fault
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = (treatment, connections);
    }

    /// Connections accepted so far.
    #[must_use]
    pub fn opened(&self) -> usize {
        self.shared.opened.load(Ordering::SeqCst)
    }

    /// Connections that are open now.
    #[must_use]
    pub fn open(&self) -> usize {
        self.shared.open.load(Ordering::SeqCst)
    }

    /// Cuts all connections and refuses new ones.
    ///
    /// # Errors
    /// When another program takes the port at this very moment.
    pub async fn down(&mut self) -> io::Result<()> {
        if let Some(server) = self.server.take() {
            server.abort();
            let _ = server.await;
            let socket = TcpSocket::new_v4()?;
            socket.set_reuseaddr(true)?;
            socket.bind(self.address)?;
            self.kept = Some(socket);
        }
        Ok(())
    }

    /// Listens again, on the same port.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn up(&mut self) -> io::Result<()> {
        if let Some(socket) = self.kept.take() {
            let listener = socket.listen(1024)?;
            self.server = Some(tokio::spawn(serve(listener, Arc::clone(&self.shared))));
        }
        Ok(())
    }
}

impl Drop for FaultProxy {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            server.abort();
        }
    }
}

impl Shared {
    fn next(&self) -> Treatment {
        let mut fault = self.fault.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *fault {
            (_, 0) => Treatment::Forward,
            (treatment, left) => {
                *left = left.saturating_sub(1);
                *treatment
            }
        }
    }
}

/// Counts a connection as open for as long as it lives.
struct Counted(Arc<Shared>);

impl Counted {
    fn new(shared: &Arc<Shared>) -> Self {
        shared.opened.fetch_add(1, Ordering::SeqCst);
        shared.open.fetch_add(1, Ordering::SeqCst);
        Self(Arc::clone(shared))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>) {
    // Aborting this task drops the set, and with it every connection.
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                let counted = Counted::new(&shared);
                let treatment = shared.next();
                let upstream = shared.upstream;
                connections.spawn(async move {
                    // A connection that breaks is this program's purpose.
                    let _ = treat(stream, upstream, treatment).await;
                    drop(counted);
                });
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn treat(
    mut client: TcpStream,
    upstream: SocketAddr,
    treatment: Treatment,
) -> io::Result<()> {
    client.set_nodelay(true)?;
    match treatment {
        // Earlier than that, the client might count it as a connection that was never made.
        Treatment::Close => client.peek(&mut [0]).await.map(drop),
        Treatment::Reset => {
            client.peek(&mut [0]).await?;
            reset(client)
        }
        Treatment::ResetWithinRequest(bytes) => {
            let mut part = vec![0; bytes];
            client.read_exact(&mut part).await?;
            reset(client)
        }
        Treatment::Silence => swallow(&mut client).await,
        Treatment::Forward => {
            let mut server = TcpStream::connect(upstream).await?;
            copy_bidirectional(&mut client, &mut server).await?;
            Ok(())
        }
        Treatment::SwallowAnswer => {
            let server = TcpStream::connect(upstream).await?;
            let (mut answers, mut requests) = server.into_split();
            tokio::select! {
                done = pass(&mut client, &mut requests) => done,
                done = swallow(&mut answers) => done,
            }
        }
        Treatment::ResetAtAnswer => {
            let server = TcpStream::connect(upstream).await?;
            let (mut answers, mut requests) = server.into_split();
            tokio::select! {
                done = pass(&mut client, &mut requests) => done,
                first = answers.read_u8() => first.map(drop),
            }?;
            reset(client)
        }
    }
}

/// Closes with a reset in place of an orderly end.
fn reset(stream: TcpStream) -> io::Result<()> {
    stream.set_zero_linger()?;
    drop(stream);
    Ok(())
}

async fn swallow(from: &mut (impl tokio::io::AsyncRead + Unpin)) -> io::Result<()> {
    let mut buffer = [0; 4096];
    while from.read(&mut buffer).await? > 0 {}
    Ok(())
}

async fn pass(
    from: &mut (impl tokio::io::AsyncRead + Unpin),
    to: &mut (impl tokio::io::AsyncWrite + Unpin),
) -> io::Result<()> {
    let mut buffer = [0; 4096];
    loop {
        let read = from.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        to.write_all(&buffer[..read]).await?;
    }
}

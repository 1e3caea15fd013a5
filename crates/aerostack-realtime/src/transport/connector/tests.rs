//! Names with several addresses, and proxies, over real sockets.

use std::{
    future::{Ready, ready},
    net::SocketAddr,
    task::{Context, Poll},
    vec,
};

use hyper_util::client::legacy::connect::dns::Name;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket},
    time::timeout,
};

use super::*;

/// A name with these addresses.
#[derive(Clone)]
struct Addresses(Vec<SocketAddr>);

impl Service<Name> for Addresses {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Ready<io::Result<Self::Response>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Name) -> Self::Future {
        ready(Ok(self.0.clone().into_iter()))
    }
}

/// An address that answers no connection: its queue of them is full, and nobody accepts.
async fn dead(address: &str) -> (SocketAddr, Vec<TcpStream>, TcpListener) {
    let address: SocketAddr = address.parse().unwrap();
    let socket = if address.is_ipv6() {
        TcpSocket::new_v6()
    } else {
        TcpSocket::new_v4()
    }
    .unwrap();
    socket.bind(address).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queued = Vec::new();
    while let Ok(stream) = timeout(Duration::from_millis(200), TcpStream::connect(address)).await {
        queued.push(stream.unwrap());
    }
    (address, queued, listener)
}

#[tokio::test]
async fn promise_58_an_address_that_does_not_answer_hides_no_other() {
    for dead_address in ["[::1]:0", "127.0.0.2:0"] {
        let alive = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (dead, _queued, _listener) = dead(dead_address).await;
        let addresses = Addresses(vec![dead, alive.local_addr().unwrap()]);
        let tcp = Tcp::new(false, Duration::from_secs(4), None);
        let direct = tcp.configured(HttpConnector::new_with_resolver(addresses));
        // The port of each address is its own.
        let target = Uri::from_static("http://name.invalid");
        let stream = timeout(tcp.limit, open(direct, target, None)).await;
        let peer = stream.unwrap().unwrap().peer_addr().unwrap();
        assert_eq!(peer, alive.local_addr().unwrap(), "beside {dead_address}");
    }
}

#[tokio::test]
async fn promise_64_a_proxy_is_asked_for_a_tunnel() {
    let proxy = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = proxy.local_addr().unwrap();
    let proxied = tokio::spawn(async move {
        let (mut stream, _) = proxy.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
        stream.read_u8().await.unwrap();
        stream.write_all(b"through").await.unwrap();
        String::from_utf8(head).unwrap()
    });
    let proxies = Matcher::builder()
        .all(format!("http://user:secret@{address}"))
        .no("127.0.0.1")
        .build();
    let mut tcp = Tcp::new(true, Duration::from_secs(4), None);
    tcp.proxies = Some(Arc::new(proxies));
    let mut stream = tcp.connect("name.invalid", 443).await.unwrap();
    stream.write_u8(1).await.unwrap();
    let mut read = [0; 7];
    stream.read_exact(&mut read).await.unwrap();
    assert_eq!(&read, b"through");
    let head = proxied.await.unwrap();
    assert!(
        head.starts_with("CONNECT name.invalid:443 HTTP/1.1\r\n"),
        "{head}"
    );
    assert!(
        head.to_lowercase().contains("proxy-authorization: basic "),
        "{head}"
    );

    // What is excluded goes straight.
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = server.local_addr().unwrap().port();
    tcp.connect("127.0.0.1", port).await.unwrap();

    let socks = Matcher::builder()
        .all(format!("socks5://{address}"))
        .build();
    tcp.proxies = Some(Arc::new(socks));
    let error = tcp.connect("name.invalid", 443).await.err().unwrap();
    assert!(error.to_string().contains("no_proxy()"), "{error}");
}

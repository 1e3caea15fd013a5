//! `wss` with certificates of a private authority.

use aerostack_emulator::{Emulator, realtime::Hub};
use aerostack_realtime::{Backpressure, ErrorKind, Io, Realtime, RealtimeBuilder, Status};
use tokio::{
    io::AsyncReadExt,
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

use crate::{
    authority::Authority,
    common::{KEY, PROJECT, message, next},
};

/// Settings that lead to a hub behind TLS.
fn builder(hub: &Hub, acceptor: TlsAcceptor, host: &str) -> RealtimeBuilder {
    let hub = hub.clone();
    Realtime::builder()
        .base_url(format!("https://{host}"))
        .api_key(KEY)
        .project_id(PROJECT)
        .max_attempts(1)
        .connector(move |_, _| {
            let (hub, acceptor) = (hub.clone(), acceptor.clone());
            async move {
                let (ours, theirs) = tokio::io::duplex(64 << 10);
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(theirs).await {
                        hub.serve(stream).await;
                    }
                });
                Ok(Box::new(ours) as Box<dyn Io>)
            }
        })
}

#[tokio::test]
async fn a_private_authority_is_trusted_when_it_is_named() {
    let (hub, authority) = (Hub::builder().build(), Authority::new());
    let client = builder(&hub, authority.acceptor(false), "localhost")
        .root_certificates(authority.pem.clone())
        .build()
        .unwrap();
    let channel = client.path("a").unwrap();
    let mut events = channel
        .events::<u32>("e")
        .backpressure(Backpressure::Block)
        .subscribe()
        .await
        .unwrap();
    for n in 0..2_000 {
        channel.publish("e", &n).await.unwrap();
        assert_eq!(message(next(&mut events).await).data, n);
    }
    client.close().await;
}

#[tokio::test]
async fn certificates_that_do_not_hold_end_the_connect_before_anything_is_sent() {
    let authority = Authority::new();
    for (what, host, expired, trusted) in [
        ("an unknown authority", "localhost", false, None),
        (
            "another authority",
            "localhost",
            false,
            Some(Authority::new().pem),
        ),
        (
            "another name",
            "127.0.0.1",
            false,
            Some(authority.pem.clone()),
        ),
        (
            "an expired certificate",
            "localhost",
            true,
            Some(authority.pem.clone()),
        ),
    ] {
        let hub = Hub::builder().build();
        let mut builder = builder(&hub, authority.acceptor(expired), host).max_attempts(5);
        if let Some(pem) = trusted {
            builder = builder.root_certificates(pem);
        }
        let client = builder.build().unwrap();
        let waiting = tokio::spawn({
            let client = client.clone();
            async move { client.connect().await }
        });
        let mut status = client.status();
        let status = status
            .wait_for(|status| matches!(status, Status::Waiting { .. }))
            .await
            .unwrap();
        assert_eq!(status.cause().unwrap().kind(), ErrorKind::Tls, "{what}");
        assert!(hub.transcript().is_empty(), "{what}");
        client.close().await;
        waiting.await.unwrap().unwrap_err();
    }
}

/// A real server on a real port: both the socket and the history behind it are reached, with several authorities trusted
/// at once.
#[tokio::test]
async fn a_bundle_of_authorities_is_trusted_whole_and_for_the_history_as_well() {
    let emulator = Emulator::builder().start().await.unwrap();
    let authority = Authority::new();
    let acceptor = authority.acceptor(false);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let behind = ("127.0.0.1", emulator.port());
    tokio::spawn(async move {
        loop {
            let (socket, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(mut tls) = acceptor.accept(socket).await {
                    let mut plain = TcpStream::connect(behind).await.unwrap();
                    // Either side may go first.
                    let _ = tokio::io::copy_bidirectional(&mut tls, &mut plain).await;
                }
            });
        }
    });
    let client = Realtime::builder()
        .base_url(format!("https://localhost:{port}/v1"))
        .api_key(emulator.api_key())
        .project_id(emulator.realtime().project_id())
        .root_certificates(format!("{}\n{}", Authority::new().pem, authority.pem))
        .build()
        .unwrap();
    let board = client.path("board/7").unwrap();
    for n in 0..3 {
        board.publish("pin", &n).persist().acked().await.unwrap();
    }
    let kept = board.history().collect(10).await.unwrap();
    assert_eq!(kept.len(), 3);
    client.close().await;
    emulator.shutdown().await;
}

#[tokio::test]
async fn a_server_without_tls_is_not_spoken_to_in_the_clear() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut heard = Vec::new();
        socket.read_buf(&mut heard).await.unwrap();
        heard
    });
    let client = Realtime::builder()
        .base_url(format!("https://localhost:{port}"))
        .api_key(KEY)
        .project_id(PROJECT)
        .max_attempts(1)
        .build()
        .unwrap();
    client.connect().await.unwrap_err();
    let heard = heard.await.unwrap();
    // A TLS handshake record, and not the key.
    assert_eq!(heard.first(), Some(&0x16));
    assert!(!String::from_utf8_lossy(&heard).contains(KEY));
}

#[test]
fn an_unusable_root_certificate_is_told_when_building() {
    for pem in [
        "",
        "not a certificate",
        "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n",
    ] {
        let error = Realtime::builder()
            .root_certificates(pem)
            .build()
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration, "{pem:?}");
    }
}

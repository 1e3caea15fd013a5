//! https against a real TLS server with certificates of a private authority.

use std::net::SocketAddr;

use aerostack::{ClientBuilder, ErrorKind};
use aerostack_emulator::Emulator;
use tokio::net::{TcpListener, TcpStream};

use crate::{
    authority::Authority,
    support::{builder, start},
};

/// A TLS server for `localhost` that passes everything on to the emulator.
async fn serve(authority: &Authority, emulator: &Emulator, expired: bool) -> u16 {
    let acceptor = authority.acceptor(expired);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let upstream = SocketAddr::from(([127, 0, 0, 1], emulator.port()));
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut tls) = acceptor.accept(socket).await else {
                    return;
                };
                let mut plain = TcpStream::connect(upstream).await.unwrap();
                let _ = tokio::io::copy_bidirectional(&mut tls, &mut plain).await;
            });
        }
    });
    port
}

fn https(emulator: &Emulator, host: &str, port: u16) -> ClientBuilder {
    builder(emulator).base_url(format!("https://{host}:{port}/v1"))
}

#[tokio::test]
async fn a_private_authority_is_trusted_when_it_is_named() {
    let (emulator, _) = start().await;
    let authority = Authority::new();
    let port = serve(&authority, &emulator, false).await;
    let client = https(&emulator, "localhost", port)
        .root_certificates(authority.pem.clone())
        .build()
        .unwrap();
    client.cache().set("k", &1).await.unwrap();
    assert_eq!(client.cache().get::<u8>("k").await.unwrap(), Some(1));
    let file = vec![7u8; 300_000];
    client.storage().upload("f", file.clone()).await.unwrap();
    assert_eq!(client.storage().download("f").await.unwrap(), file);
}

#[tokio::test]
async fn certificates_that_do_not_hold_end_the_call_before_anything_is_sent() {
    let (emulator, _) = start().await;
    let authority = Authority::new();
    let good = serve(&authority, &emulator, false).await;
    let expired = serve(&authority, &emulator, true).await;
    for (what, host, port, pem) in [
        ("an unknown authority", "localhost", good, None),
        (
            "another authority",
            "localhost",
            good,
            Some(Authority::new().pem),
        ),
        (
            "another host",
            "127.0.0.1",
            good,
            Some(authority.pem.clone()),
        ),
        (
            "an expired certificate",
            "localhost",
            expired,
            Some(authority.pem.clone()),
        ),
    ] {
        let mut settings = https(&emulator, host, port);
        if let Some(pem) = pem {
            settings = settings.root_certificates(pem);
        }
        let error = settings
            .build()
            .unwrap()
            .cache()
            .has("k")
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Tls, "{what}: {error:?}");
        assert_eq!(error.attempts(), 1, "{what}: repeating does not help");
        assert!(!error.may_have_been_sent() && !error.is_retryable());
        assert!(error.to_string().contains("certificates"), "{error}");
    }
    assert!(emulator.received().is_empty());
}

#[tokio::test]
async fn a_server_without_tls_is_not_spoken_to_in_the_clear() {
    let (emulator, _) = start().await;
    let error = https(&emulator, "127.0.0.1", emulator.port())
        .build()
        .unwrap()
        .cache()
        .has("k")
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls, "{error:?}");
    assert_eq!(error.attempts(), 1, "repeating does not help");
    assert!(emulator.received().is_empty());
}

#[tokio::test]
async fn a_server_with_tls_that_is_spoken_to_in_the_clear_is_a_broken_connection() {
    let (emulator, _) = start().await;
    let port = serve(&Authority::new(), &emulator, false).await;
    let client = builder(&emulator)
        .base_url(format!("http://127.0.0.1:{port}"))
        .build()
        .unwrap();
    let error = client.cache().increment("n").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted, "{error:?}");
    assert_eq!(error.attempts(), 1);
    assert!(emulator.received().is_empty());
}

#[test]
fn what_is_no_certificate_is_refused_when_the_client_is_built() {
    for pem in [
        "",
        "not a certificate",
        "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
    ] {
        let result = aerostack::Client::builder().root_certificates(pem).build();
        assert_eq!(result.unwrap_err().kind(), ErrorKind::Config, "{pem:?}");
    }
}

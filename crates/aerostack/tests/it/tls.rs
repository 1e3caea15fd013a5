//! https against a real TLS server with certificates of a private authority.

use std::{net::SocketAddr, sync::Arc};

use aerostack::{ClientBuilder, ErrorKind};
use aerostack_emulator::Emulator;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use crate::support::{builder, start};

struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        // OpenSSL takes a certificate for self-signed whose names of subject and issuer are the same.
        params
            .distinguished_name
            .push(DnType::CommonName, "a private authority");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self {
            pem,
            issuer: Issuer::new(params, key),
        }
    }

    /// A TLS server for `localhost` that passes everything on to the emulator.
    async fn serve(&self, emulator: &Emulator, expired: bool) -> u16 {
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        if expired {
            params.not_before = date_time_ymd(2020, 1, 1);
            params.not_after = date_time_ymd(2021, 1, 1);
        }
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der())),
            )
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
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
}

fn https(emulator: &Emulator, host: &str, port: u16) -> ClientBuilder {
    builder(emulator).base_url(format!("https://{host}:{port}/v1"))
}

#[tokio::test]
async fn a_private_authority_is_trusted_when_it_is_named() {
    let (emulator, _) = start().await;
    let authority = Authority::new();
    let port = authority.serve(&emulator, false).await;
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
    let good = authority.serve(&emulator, false).await;
    let expired = authority.serve(&emulator, true).await;
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
    assert!(
        matches!(error.kind(), ErrorKind::Tls | ErrorKind::Connect),
        "{error:?}"
    );
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

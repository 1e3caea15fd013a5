//! `wss` with certificates of a private authority.

use std::sync::Arc;

use aerostack_emulator::realtime::Hub;
use aerostack_realtime::{Backpressure, ErrorKind, Io, Realtime, RealtimeBuilder, Status};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::aws_lc_rs,
        pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

use crate::common::{KEY, PROJECT, message, next};

struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
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

    fn acceptor(&self, expired: bool) -> TlsAcceptor {
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
        TlsAcceptor::from(Arc::new(config))
    }
}

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
        .root_certificate(authority.pem.clone())
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
            builder = builder.root_certificate(pem);
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

#[test]
fn an_unusable_root_certificate_is_told_when_building() {
    let error = Realtime::builder()
        .root_certificate("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")
        .build()
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
}

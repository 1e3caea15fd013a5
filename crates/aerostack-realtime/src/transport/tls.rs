//! TLS with its own provider, never the process's default: two providers in one build, or none, must not end in a panic.

use std::fmt;
#[cfg(all(feature = "rustls", not(feature = "native-tls")))]
use std::sync::Arc;

use crate::{
    error::{Error, ErrorKind},
    transport::connector::Io,
};

/// How TLS connections are made.
#[derive(Clone)]
pub(crate) struct Tls(
    #[allow(dead_code, reason = "without a TLS feature nobody reads it")] Backend,
);

#[cfg(feature = "native-tls")]
type Backend = tokio_native_tls::TlsConnector;
#[cfg(all(feature = "rustls", not(feature = "native-tls")))]
type Backend = tokio_rustls::TlsConnector;
#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
type Backend = std::convert::Infallible;

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn unusable(source: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Configuration, "TLS cannot be set up").with_source(source)
}

/// The certificates of a bundle, of which there must be one at least.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn blocks(pem: &[u8]) -> Result<Vec<&str>, Error> {
    const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
    const END: &str = "-----END CERTIFICATE-----";
    let blocks: Vec<&str> = std::str::from_utf8(pem)
        .unwrap_or_default()
        .split_inclusive(END)
        .filter_map(|block| block.get(block.find(BEGIN)?..))
        .collect();
    if blocks.is_empty() {
        return Err(Error::new(
            ErrorKind::Configuration,
            format!("a root certificate holds no certificate in PEM (`{BEGIN}`)"),
        ));
    }
    Ok(blocks)
}

#[cfg(feature = "native-tls")]
impl Tls {
    pub(crate) fn new(roots: &[Vec<u8>]) -> Result<Self, Error> {
        let mut builder = native_tls::TlsConnector::builder();
        builder.min_protocol_version(Some(native_tls::Protocol::Tlsv12));
        for pem in roots {
            for block in blocks(pem)? {
                let certificate = native_tls::Certificate::from_pem(block.as_bytes());
                builder.add_root_certificate(certificate.map_err(unusable)?);
            }
        }
        Ok(Self(builder.build().map_err(unusable)?.into()))
    }

    pub(crate) async fn wrap(&self, host: &str, io: Box<dyn Io>) -> Result<Box<dyn Io>, Error> {
        let stream = self.0.connect(host, io).await.map_err(failed)?;
        Ok(Box::new(stream))
    }
}

#[cfg(all(feature = "rustls", not(feature = "native-tls")))]
impl Tls {
    pub(crate) fn new(roots: &[Vec<u8>]) -> Result<Self, Error> {
        use rustls::pki_types::{CertificateDer, pem::PemObject};

        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut extra = Vec::new();
        for pem in roots {
            for block in blocks(pem)? {
                let certificate = CertificateDer::from_pem_slice(block.as_bytes());
                extra.push(certificate.map_err(unusable)?);
            }
        }
        let verifier =
            rustls_platform_verifier::Verifier::new_with_extra_roots(extra, Arc::clone(&provider))
                .map_err(unusable)?;
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(unusable)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        Ok(Self(Arc::new(config).into()))
    }

    pub(crate) async fn wrap(&self, host: &str, io: Box<dyn Io>) -> Result<Box<dyn Io>, Error> {
        let name = rustls::pki_types::ServerName::try_from(host.to_owned()).map_err(failed)?;
        let stream = self.0.connect(name, io).await.map_err(failed)?;
        Ok(Box::new(stream))
    }
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
impl Tls {
    pub(crate) fn new(_roots: &[Vec<u8>]) -> Result<Self, Error> {
        Err(Error::new(
            ErrorKind::Configuration,
            "the base URL is https and this build has no TLS; turn on the feature `rustls` or `native-tls`",
        ))
    }

    pub(crate) async fn wrap(&self, _host: &str, _io: Box<dyn Io>) -> Result<Box<dyn Io>, Error> {
        match self.0 {}
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn failed(source: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Tls, "the TLS handshake failed").with_source(source)
}

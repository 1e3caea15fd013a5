//! The wire of the Aerostack platform.
//!
//! `cargo xtask generate` writes the modules of [`generated`] from `openapi/aerostack.yaml`: a table of [`operations`],
//! one request type per operation in [`requests`], and the types of their bodies in [`types`]. The rest is written by
//! hand, because every crate above needs it: [`Transport`] with its retry loop, credentials and [`Origin`] rules,
//! [`Secret`], [`RawJson`], lenient [`ErrorBody`] decoding, [`Backoff`], and an injectable [`Clock`].
//!
//! Applications use the crate `aerostack`. This one follows the document: its types may change with any release.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use aerostack_api::{CallOptions, Origin, RawJson, Transport, TransportConfig, HttpOptions, requests, types};
//!
//! let mut config = TransportConfig::new(Origin::parse("http://127.0.0.1:8787", false)?);
//! config.api_key = Some("sk_local".into());
//! let transport = Transport::new(HttpOptions::new("example/1.0"), config)?;
//!
//! let body = types::DbQueryRequest::new("SELECT ? AS answer").params(RawJson::encode(&[42])?);
//! let response = transport.send(&requests::DbQuery::new(body), &CallOptions::default()).await?;
//! println!("{}", response.value.results.map_or(String::new(), |rows| rows.text().to_owned()));
//! # Ok(())
//! # }
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod attempt;
mod backoff;
mod body_stream;
mod clock;
pub mod decode;
mod decode_error;
mod effect;
mod error;
mod error_body;
mod exchange;
mod finite;
mod form;
pub mod generated;
mod http;
mod observer;
mod open_enum;
mod operation;
mod options;
mod origin;
mod parameter;
mod pool;
mod proxy;
mod raw_json;
mod request;
mod request_id;
mod response;
mod retry;
mod secret;
mod sse;
mod trace;
mod transport;

/// For [`open_enum!`] alone.
#[doc(hidden)]
pub use serde;

pub use crate::{
    attempt::SourceFailed,
    backoff::{Backoff, retry_after, server_date, server_hint},
    body_stream::BodyStream,
    clock::{Clock, Random, SystemClock},
    decode_error::DecodeError,
    effect::Effect,
    error::{CallError, RequestState, TimeoutKind, TransportError},
    error_body::{ERROR_BODY_LIMIT, ErrorBody},
    form::{FileBody, FilePart, chunks},
    generated::{operations, requests, types},
    http::{CONNECT_TIMEOUT, Configure, HAS_TLS, HttpError, HttpOptions},
    observer::{
        AttemptReport, BodyReporter, CallInfo, CallReport, Observer, Outcome, RetryDecision,
        Traffic,
    },
    operation::{Credential, Idempotency, Operation, PageEnd, Pagination},
    options::{ByteCounter, CallOptions},
    origin::{DEFAULT_BASE_URL, Origin, OriginError},
    parameter::Parameter,
    proxy::ProxyMode,
    raw_json::RawJson,
    request::{Encoder, EventStream, Request},
    response::Response,
    retry::{RetryMode, RetryPolicy, RetryQuota},
    secret::Secret,
    sse::{SSE_EVENT_LIMIT, SseError, SseEvent, SseStream},
    transport::{ConfigError, Transport, TransportConfig, WithTransport},
};

//! The wire of the Aerostack platform.
//!
//! [`generated`] is written by `cargo xtask generate` from `openapi/aerostack.yaml`. Beside it stands, by hand, what
//! belongs to the wire and every crate above needs: [`Transport`] with its one retry loop, credentials and [`Origin`]
//! rules, [`Secret`], [`RawJson`], lenient [`ErrorBody`] decoding, [`Backoff`], and an injectable [`Clock`].
//!
//! Applications use the crate `aerostack`. This one follows the document: its types may change with any release of it.
//!
//! ```no_run
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use aerostack_api::{CallOptions, Origin, RawJson, Transport, TransportConfig, generated::types, http_client, operations};
//!
//! let mut config = TransportConfig::new(Origin::parse("http://127.0.0.1:8787", false)?);
//! config.api_key = Some("sk_local".into());
//! let transport = Transport::new(http_client("example/1.0", &[], None)?, config)?;
//!
//! let body = types::DbQueryRequest {
//!     sql: "SELECT ? AS answer".to_owned(),
//!     params: Some(RawJson::encode(&[42])?),
//! };
//! let body = &body;
//! let answer = transport
//!     .call(&operations::DB_QUERY, &CallOptions::default(), |client| async move {
//!         client.db_query(body).await
//!     })
//!     .await?;
//! println!("{}", answer.value.results.map_or(String::new(), |rows| rows.text().to_owned()));
//! # Ok(())
//! # }
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod attempt;
mod backoff;
mod body_stream;
mod call;
mod chat;
mod clock;
pub mod decode;
mod error_body;
mod failure;
pub mod generated;
mod http;
mod misread;
mod observe;
mod open_enum;
mod operation;
mod options;
mod origin;
mod path;
mod raw_json;
mod retry;
mod secret;
mod sse;
mod trace;
pub mod transport;
mod upload;

/// For [`open_enum!`] alone.
#[doc(hidden)]
pub use serde;

pub use crate::{
    attempt::SourceFailed,
    backoff::{Backoff, retry_after, server_date, server_hint},
    body_stream::BodyStream,
    chat::ChatTarget,
    clock::{Clock, Random, SystemClock},
    error_body::{ERROR_BODY_LIMIT, ErrorBody},
    failure::{Answer, Budget, CallError, Failure, Reached},
    generated::operations,
    http::{CONNECT_TIMEOUT, Configure, HAS_TLS, http_client},
    misread::Misread,
    observe::{
        AttemptReport, BodyWatch, CallInfo, CallReport, Ending, Next, Observe, Observer, Traffic,
    },
    operation::{Confidence, Credential, Idempotency, Operation, PageEnd, Pagination},
    options::{CallOptions, Progress},
    origin::{DEFAULT_BASE_URL, Origin, OriginError},
    raw_json::RawJson,
    retry::{BudgetState, RetryMode, RetryPolicy},
    secret::Secret,
    sse::{SSE_EVENT_LIMIT, SseEvent, SseFailure, SseStream},
    transport::{ConfigError, OverTransport, Transport, TransportConfig},
    upload::{Upload, chunks},
};

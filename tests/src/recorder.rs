//! A forwarder that keeps what went through it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use axum::Router;
use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt as _;
use tokio::task::JoinHandle;

use crate::document::{Credential, Document};

const VIOLATIONS: &str = "sl-violations";
const PROBLEM: &str = "application/problem+json";
/// Bodies are kept up to here; all of them pass in full.
const KEPT_BYTES: usize = 64 * 1024;
const HOP_BY_HOP: [HeaderName; 4] = [
    header::CONNECTION,
    header::TRANSFER_ENCODING,
    header::UPGRADE,
    HeaderName::from_static("keep-alive"),
];

/// The credentials the client under test was given. The recorder knows them by value, so that it can say which of them
/// a request carried without keeping any.
#[derive(Clone)]
pub struct Planted {
    /// The project's key.
    pub api_key: String,
    /// The token of a user.
    pub user_token: String,
    /// The key of a gateway's consumer.
    pub consumer_key: String,
}

impl std::fmt::Debug for Planted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Planted")
    }
}

/// One request and what was answered.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The operation that the document has for it.
    pub operation: Option<String>,
    /// The method.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The names in the query.
    pub query: BTreeSet<String>,
    /// The names of the request's headers.
    pub headers: BTreeSet<String>,
    /// The credentials it carried, in the order of their type.
    pub credentials: Vec<Credential>,
    /// Credentials that nobody planted, and planted ones outside their headers.
    pub strays: Vec<String>,
    /// The request's media type, without parameters.
    pub media_type: Option<String>,
    /// The request body as far as it was kept.
    pub body: Bytes,
    /// The status of the answer.
    pub status: u16,
    /// The media type of the answer, without parameters.
    pub answered_as: Option<String>,
    /// Where it was forwarded to.
    pub upstream: String,
    /// What Prism found wrong, as it said it.
    pub violations: Option<String>,
    /// The body of an answer that Prism made on its own account.
    pub problem: Option<String>,
}

impl Exchange {
    /// What is wrong with this exchange; nothing when it keeps to the document.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        let mut found = Vec::new();
        if self.operation.is_none() {
            found.push("the document has no such operation".to_owned());
        }
        if let Some(violations) = &self.violations {
            found.push(format!("violations: {violations}"));
        }
        if let Some(problem) = &self.problem {
            found.push(format!("Prism refused it: {problem}"));
        }
        found.extend(self.strays.iter().cloned());
        if found.is_empty() {
            None
        } else {
            Some(self.tell(&found))
        }
    }

    /// What Prism said against it; whether the credentials were known is another matter.
    #[must_use]
    pub fn objection(&self) -> Option<&str> {
        self.problem.as_deref().or(self.violations.as_deref())
    }

    fn tell(&self, found: &[String]) -> String {
        let operation = self.operation.as_deref().unwrap_or("unknown operation");
        let mut text = format!(
            "{operation}: {} {} was answered {}",
            self.method, self.path, self.status
        );
        let names = |set: &BTreeSet<String>| {
            set.iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", ")
        };
        // Writing to a String cannot fail.
        let _ = write!(text, "\n  headers: {}", names(&self.headers));
        if !self.query.is_empty() {
            let _ = write!(text, "\n  query: {}", names(&self.query));
        }
        if !self.body.is_empty() {
            let shown: String = String::from_utf8_lossy(&self.body)
                .chars()
                .take(600)
                .collect();
            let _ = write!(text, "\n  body: {shown}");
        }
        for fault in found {
            let _ = write!(text, "\n  {fault}");
        }
        text
    }
}

/// Listens on a free port of the loopback interface and forwards everything to one upstream.
#[derive(Debug)]
pub struct Recorder {
    address: SocketAddr,
    shared: Arc<Shared>,
    task: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    document: Arc<Document>,
    upstream: String,
    planted: Planted,
    http: reqwest::Client,
    exchanges: Mutex<Vec<(Exchange, Kept)>>,
    prefer: Mutex<Option<HeaderValue>>,
}

/// A request body, filled while it passes.
type Kept = Arc<Mutex<BytesMut>>;

impl Recorder {
    /// Starts to forward to `upstream`, an origin without a trailing slash.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn start(
        document: Arc<Document>,
        upstream: impl Into<String>,
        planted: Planted,
    ) -> anyhow::Result<Self> {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .build()
            .context("the forwarder's client")?;
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
            .await
            .context("the forwarder's port")?;
        let address = listener.local_addr()?;
        let shared = Arc::new(Shared {
            document,
            upstream: upstream.into(),
            planted,
            http,
            exchanges: Mutex::default(),
            prefer: Mutex::default(),
        });
        let router = Router::new()
            .fallback(forward)
            .with_state(Arc::clone(&shared));
        let task = tokio::spawn(async move {
            // Ends with the task; an accept loop has nobody to report to.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            address,
            shared,
            task,
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Asks Prism, on behalf of the client, for a certain answer to each request from now on: `code=404`.
    ///
    /// # Errors
    /// When the preference cannot be a header.
    pub fn prefer(&self, preference: &str) -> anyhow::Result<()> {
        let preference = HeaderValue::try_from(preference)?;
        *self
            .shared
            .prefer
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(preference);
        Ok(())
    }

    /// Takes what went through since the last time.
    #[must_use]
    pub fn take(&self) -> Vec<Exchange> {
        self.shared
            .lock()
            .drain(..)
            .map(|(exchange, body)| exchange.with_body(&body))
            .collect()
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Exchange {
    fn with_body(&self, body: &Kept) -> Self {
        let body = body
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
            .freeze();
        Self {
            body,
            ..self.clone()
        }
    }
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<(Exchange, Kept)>> {
        self.exchanges
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

async fn forward(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    let mut exchange = describe(&shared, &request);
    let kept = Kept::default();
    match send(&shared, request, &kept).await {
        Ok(answer) => {
            exchange.status = answer.status().as_u16();
            exchange.answered_as = media_type(answer.headers());
            exchange.violations = answer
                .headers()
                .get(VIOLATIONS)
                .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
            if exchange.answered_as.as_deref() != Some(PROBLEM) {
                shared.lock().push((exchange, kept));
                return relay(answer);
            }
            let (status, headers) = (answer.status(), answer.headers().clone());
            let body = answer.bytes().await.unwrap_or_default();
            exchange.problem = Some(String::from_utf8_lossy(&body).into_owned());
            shared.lock().push((exchange, kept));
            (status, passed(&headers), body).into_response()
        }
        Err(error) => {
            exchange.status = 502;
            exchange.problem = Some(format!("nothing came back: {error:#}"));
            shared.lock().push((exchange, kept));
            StatusCode::BAD_GATEWAY.into_response()
        }
    }
}

async fn send(shared: &Shared, request: Request, kept: &Kept) -> anyhow::Result<reqwest::Response> {
    let (parts, body) = request.into_parts();
    let target = parts
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    let mut headers = passed(&parts.headers);
    headers.remove(header::HOST);
    if let Some(preference) = shared
        .prefer
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone()
    {
        headers.insert(HeaderName::from_static("prefer"), preference);
    }
    let mut onward = shared
        .http
        .request(parts.method, format!("{}{target}", shared.upstream))
        .headers(headers);
    if !body.is_end_stream() {
        let kept = Arc::clone(kept);
        let copied = body.into_data_stream().inspect_ok(move |chunk: &Bytes| {
            let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
            let room = KEPT_BYTES.saturating_sub(kept.len()).min(chunk.len());
            kept.extend_from_slice(&chunk[..room]);
        });
        // The length, where known, goes along as a header.
        onward = onward.body(reqwest::Body::wrap_stream(copied));
    }
    Ok(onward.send().await?)
}

fn relay(answer: reqwest::Response) -> Response {
    let (status, headers) = (answer.status(), passed(answer.headers()));
    (status, headers, Body::from_stream(answer.bytes_stream())).into_response()
}

fn passed(headers: &HeaderMap) -> HeaderMap {
    let mut passed = headers.clone();
    for name in HOP_BY_HOP {
        passed.remove(name);
    }
    passed
}

fn describe(shared: &Shared, request: &Request) -> Exchange {
    let (method, path) = (request.method().as_str(), request.uri().path());
    let query = request.uri().query().unwrap_or_default();
    let (credentials, mut strays) = credentials(&shared.planted, request.headers());
    if query.contains(&shared.planted.api_key) || query.contains(&shared.planted.consumer_key) {
        strays.push("a key in the query".to_owned());
    }
    Exchange {
        operation: shared
            .document
            .find(method, path)
            .map(|operation| operation.id.clone()),
        method: method.to_owned(),
        path: path.to_owned(),
        query: query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(name_of)
            .collect(),
        headers: request
            .headers()
            .keys()
            .map(|name| name.as_str().to_owned())
            .collect(),
        credentials,
        strays,
        media_type: media_type(request.headers()),
        body: Bytes::new(),
        status: 0,
        answered_as: None,
        upstream: shared.upstream.clone(),
        violations: None,
        problem: None,
    }
}

fn name_of(pair: &str) -> String {
    pair.split('=').next().unwrap_or_default().to_owned()
}

fn media_type(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    Some(
        value
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase(),
    )
}

/// Which planted credentials stand where they belong, and what stands where it does not.
fn credentials(planted: &Planted, headers: &HeaderMap) -> (Vec<Credential>, Vec<String>) {
    let bearers = BTreeMap::from([
        (planted.api_key.as_str(), Credential::ApiKeyAsBearer),
        (planted.user_token.as_str(), Credential::UserToken),
        (planted.consumer_key.as_str(), Credential::ConsumerKey),
    ]);
    let (mut found, mut strays) = (Vec::new(), Vec::new());
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        match name.as_str() {
            "x-aerostack-key" if value == planted.api_key => found.push(Credential::ApiKey),
            "x-aerostack-key" => strays.push("an unknown API key".to_owned()),
            "authorization" => match value
                .strip_prefix("Bearer ")
                .and_then(|token| bearers.get(token))
            {
                Some(credential) => found.push(*credential),
                None => strays.push("an unknown bearer token".to_owned()),
            },
            other if bearers.keys().any(|secret| value.contains(secret)) => {
                strays.push(format!("a credential in the header {other}"));
            }
            _ => {}
        }
    }
    found.sort_unstable();
    (found, strays)
}

//! A request to one operation, and its encoding for HTTP.

#[cfg(test)]
mod tests;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use serde::Serialize;
use url::Url;

use crate::{
    error::TransportError,
    form::{FilePart, Form},
    operation::{Idempotency, Operation},
    origin::Origin,
    parameter::{Parameter, push_pair, push_segment},
};

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
const BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");
const EVENTS: HeaderValue = HeaderValue::from_static("text/event-stream, application/json;q=0.5");

/// A request to one operation: a value that holds its parameters and its body.
///
/// The operation is a property of the type, so a request cannot be sent under the facts of another operation. The
/// generated [`requests`](crate::generated::requests) implement it; [`Transport::send`](crate::Transport::send) and
/// [`Transport::stream`](crate::Transport::stream) take it.
pub trait Request: Sync {
    /// The operation.
    const OPERATION: &'static Operation;

    /// The body of a successful response. [`Bytes`] is a body that is not JSON.
    type Response;

    /// What a retry of this request may do. Some operations are as idempotent as what they are asked to do.
    fn idempotency(&self) -> Idempotency {
        Self::OPERATION.idempotency
    }

    /// Writes the path parameters in the order of the path template, then the query, then the body.
    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>);
}

/// What the retry loop asks of a request, whatever its type.
pub(crate) trait Retryable: Sync {
    fn idempotency(&self) -> Idempotency;
}

impl<R: Request> Retryable for R {
    fn idempotency(&self) -> Idempotency {
        Request::idempotency(self)
    }
}

/// The same request, asking for the response as server-sent events. A server that cannot stream may send JSON; the
/// `Content-Type` of the response tells.
#[derive(Debug, Clone)]
pub struct EventStream<R>(pub R);

impl<R: Request> Request for EventStream<R> {
    const OPERATION: &'static Operation = R::OPERATION;
    type Response = Bytes;

    fn idempotency(&self) -> Idempotency {
        self.0.idempotency()
    }

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        self.0.encode(encoder);
        encoder.accept = Some(EVENTS);
    }
}

/// Encodes one request. The first error is kept and reported instead of sending anything.
#[derive(Debug)]
pub struct Encoder<'a> {
    method: Method,
    /// The base, whose path and query are set at the end.
    url: Url,
    path: String,
    query: String,
    /// What is still to be written of the path template.
    template: &'static str,
    accept: Option<HeaderValue>,
    content_type: Option<HeaderValue>,
    headers: HeaderMap,
    body: Body<'a>,
    form: Form<'a>,
    error: Option<TransportError>,
}

/// The body of a request, which each attempt sends anew.
#[derive(Debug)]
pub(crate) enum Body<'a> {
    Empty,
    Whole(Bytes),
    Form(Form<'a>),
}

/// An encoded request.
#[derive(Debug)]
pub(crate) struct Encoded<'a> {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) accept: Option<HeaderValue>,
    pub(crate) content_type: Option<HeaderValue>,
    /// Those of the operation itself.
    pub(crate) headers: HeaderMap,
    pub(crate) body: Body<'a>,
}

impl<'a> Encoder<'a> {
    fn new(origin: &Origin, operation: &'static Operation) -> Self {
        let base = origin.url();
        let prefix = base.path().trim_end_matches('/');
        let mut path = String::with_capacity(prefix.len() + operation.path.len() + 32);
        path.push_str(prefix);
        Self {
            method: Method::from_bytes(operation.method.as_bytes()).unwrap_or_default(),
            url: base.clone(),
            path,
            query: String::new(),
            template: operation.path,
            accept: Some(JSON),
            content_type: None,
            headers: HeaderMap::new(),
            body: Body::Empty,
            form: Form::default(),
            error: None,
        }
    }

    /// Fills the next parameter of the path template.
    pub fn path(&mut self, value: &(impl Parameter + ?Sized)) {
        let parameter = self
            .template
            .split_once('{')
            .and_then(|(before, rest)| Some((before, rest.split_once('}')?)));
        let Some((before, (name, rest))) = parameter else {
            self.fail("the request has more path parameters than the path".to_owned());
            return;
        };
        self.path.push_str(before);
        self.template = rest;
        let path = &mut self.path;
        let mut usable = false;
        value.pairs(name, &mut |_, text| {
            // A URL resolves these away, and the request would reach another operation.
            usable = !matches!(text, "" | "." | "..");
            push_segment(path, text);
        });
        if !usable {
            self.fail(format!("the path parameter `{name}` is empty, `.` or `..`"));
        }
    }

    /// Appends a path as it is, for an operation that leaves its path to the request.
    pub fn verbatim_path(&mut self, path: &str) {
        let outside = !path.starts_with('/') || path.starts_with("//");
        let moves = path
            .split('/')
            .any(|segment| matches!(segment, "." | "..") || segment.contains(['?', '#', '\\']));
        if outside || moves || path.chars().any(|c| c.is_control() || c.is_whitespace()) {
            self.fail(format!(
                "{path:?} is not a path below the base URL, such as `/v1/db/query`"
            ));
            return;
        }
        self.path.push_str(std::mem::take(&mut self.template));
        self.path.push_str(path);
    }

    /// Adds a query parameter.
    pub fn query(&mut self, name: &str, value: &(impl Parameter + ?Sized)) {
        let query = &mut self.query;
        value.pairs(name, &mut |name, value| {
            if !query.is_empty() {
                query.push('&');
            }
            push_pair(query, name, value);
        });
    }

    /// Fills the next parameter of the path template with a list, its entries separated by commas.
    pub fn path_joined(&mut self, value: &(impl Parameter + ?Sized)) {
        self.path(&joined(value, ","));
    }

    /// Adds a query parameter that is a list, its entries separated by `separator`.
    pub fn query_joined(&mut self, name: &str, separator: &str, value: &(impl Parameter + ?Sized)) {
        let text = joined(value, separator);
        if !text.is_empty() {
            self.query(name, &text);
        }
    }

    /// Adds a query parameter that is a map, each entry as `name[key]`.
    pub fn query_deep(&mut self, name: &str, value: &(impl Parameter + ?Sized)) {
        let mut pairs = Vec::new();
        value.pairs(name, &mut |key, text| {
            pairs.push((format!("{name}[{key}]"), text.to_owned()));
        });
        for (name, text) in pairs {
            self.query(&name, &text);
        }
    }

    /// Adds a header. A list is joined by commas; an absent value adds none.
    pub fn header(&mut self, name: &'static str, value: &(impl Parameter + ?Sized)) {
        self.add_header(name, joined(value, ","));
    }

    /// Adds a cookie.
    pub fn cookie(&mut self, name: &str, value: &(impl Parameter + ?Sized)) {
        let mut cookies = match self.headers.get(header::COOKIE) {
            Some(cookies) => cookies.to_str().unwrap_or_default().to_owned(),
            None => String::new(),
        };
        value.pairs(name, &mut |name, text| {
            if !cookies.is_empty() {
                cookies.push_str("; ");
            }
            cookies.push_str(name);
            cookies.push('=');
            push_segment(&mut cookies, text);
        });
        self.add_header("cookie", cookies);
    }

    fn add_header(&mut self, name: &'static str, text: String) {
        if text.is_empty() {
            return;
        }
        match (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(&text),
        ) {
            (Ok(name), Ok(mut value)) => {
                value.set_sensitive(true);
                self.headers.insert(name, value);
            }
            _ => self.fail(format!(
                "the header `{name}` has a character no header can have"
            )),
        }
    }

    /// Sends the body as another media type than its encoding has by itself.
    pub fn content_type(&mut self, media_type: &'static str) {
        self.content_type = Some(HeaderValue::from_static(media_type));
    }

    /// Sets a JSON body.
    pub fn json(&mut self, body: &(impl Serialize + ?Sized)) {
        match serde_json::to_vec(body) {
            Ok(json) => {
                self.content_type = Some(JSON);
                self.body = Body::Whole(json.into());
            }
            Err(error) => self.fail(format!("the body has no JSON form: {error}")),
        }
    }

    /// Sets a binary body.
    pub fn bytes(&mut self, body: &Bytes) {
        self.content_type = Some(BYTES);
        self.body = Body::Whole(body.clone());
    }

    /// Adds a text field to a multipart form.
    pub fn form_text(&mut self, name: &'static str, value: &(impl Parameter + ?Sized)) {
        let texts = &mut self.form.texts;
        value.pairs(name, &mut |_, text| texts.push((name, text.to_owned())));
    }

    /// Adds files to a multipart form.
    pub fn form_files(
        &mut self,
        name: &'static str,
        files: impl IntoIterator<Item = &'a FilePart>,
    ) {
        self.form
            .files
            .extend(files.into_iter().map(|file| (name, file)));
    }

    /// Adds a field to a percent-encoded form.
    pub fn urlencoded(&mut self, name: &str, value: &(impl Parameter + ?Sized)) {
        let mut text = match std::mem::replace(&mut self.body, Body::Empty) {
            Body::Whole(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            _ => String::new(),
        };
        value.pairs(name, &mut |name, value| {
            if !text.is_empty() {
                text.push('&');
            }
            push_pair(&mut text, name, value);
        });
        self.content_type = Some(FORM);
        self.body = Body::Whole(text.into());
    }

    /// Accepts a response of any media type.
    pub fn accept_any(&mut self) {
        self.accept = None;
    }

    fn fail(&mut self, message: String) {
        self.error.get_or_insert(TransportError::Request(message));
    }

    fn finish(mut self) -> Result<Encoded<'a>, TransportError> {
        if self.template.contains('{') {
            self.fail("the request has fewer path parameters than the path".to_owned());
        }
        if let Some(error) = self.error {
            return Err(error);
        }
        self.path.push_str(self.template);
        let mut url = self.url;
        url.set_path(&self.path);
        if !self.query.is_empty() {
            url.set_query(Some(&self.query));
        }
        Ok(Encoded {
            method: self.method,
            url,
            accept: self.accept,
            content_type: self.content_type,
            headers: self.headers,
            body: match self.form.is_empty() {
                true => self.body,
                false => Body::Form(self.form),
            },
        })
    }
}

/// The texts of a value, between separators.
fn joined(value: &(impl Parameter + ?Sized), separator: &str) -> String {
    let mut joined = String::new();
    let mut first = true;
    value.pairs("", &mut |_, text| {
        if !std::mem::take(&mut first) {
            joined.push_str(separator);
        }
        joined.push_str(text);
    });
    joined
}

/// Encodes a request for an origin.
pub(crate) fn encode<'a, R: Request>(
    origin: &Origin,
    request: &'a R,
) -> Result<Encoded<'a>, TransportError> {
    let mut encoder = Encoder::new(origin, R::OPERATION);
    request.encode(&mut encoder);
    encoder.finish()
}

impl Encoded<'_> {
    /// The HTTP request of one attempt. `headers` are those of the call; they take precedence.
    pub(crate) async fn http(
        &self,
        client: &reqwest::Client,
        mut headers: HeaderMap,
    ) -> Result<reqwest::Request, TransportError> {
        for (name, value) in [
            (header::ACCEPT, &self.accept),
            (header::CONTENT_TYPE, &self.content_type),
        ] {
            if let Some(value) = value {
                headers.entry(name).or_insert_with(|| value.clone());
            }
        }
        for (name, value) in &self.headers {
            headers.entry(name).or_insert_with(|| value.clone());
        }
        let mut request = reqwest::Request::new(self.method.clone(), self.url.clone());
        *request.headers_mut() = headers;
        match &self.body {
            Body::Empty => Ok(request),
            Body::Whole(bytes) => {
                *request.body_mut() = Some(bytes.clone().into());
                Ok(request)
            }
            Body::Form(form) => form.attach(client, request).await,
        }
    }

    /// Length of the body, where it is known before it is sent.
    pub(crate) fn body_length(&self) -> u64 {
        match &self.body {
            Body::Whole(bytes) => bytes.len() as u64,
            Body::Empty | Body::Form(_) => 0,
        }
    }
}

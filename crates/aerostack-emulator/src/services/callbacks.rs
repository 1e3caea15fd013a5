//! Code that the platform calls: workers, services and functions of the project.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use serde_json::Value;

/// How a handler fails: with anything that is an error, or a text by way of `"...".into()`.
pub type HandlerError = Box<dyn std::error::Error + Send + Sync>;

type Running<O> = Pin<Box<dyn Future<Output = Result<O, HandlerError>> + Send>>;

/// A handler in this process.
pub(crate) type Handler<I, O> = Arc<dyn Fn(I) -> Running<O> + Send + Sync>;

pub(crate) fn handler<I, O, F, R>(run: F) -> Handler<I, O>
where
    F: Fn(I) -> R + Send + Sync + 'static,
    R: Future<Output = Result<O, HandlerError>> + Send + 'static,
{
    Arc::new(move |input| Box::pin(run(input)))
}

/// What answers calls of one name.
pub(crate) enum Backend<I, O> {
    Handler(Handler<I, O>),
    Url(String),
}

impl<I, O> Backend<I, O> {
    pub(crate) fn url(&self) -> Option<&str> {
        match self {
            Self::Url(url) => Some(url),
            Self::Handler(_) => None,
        }
    }
}

/// A job handed to a worker.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Job {
    /// The id that enqueuing it gave.
    pub id: String,
    /// The type it was enqueued with.
    pub kind: String,
    /// What it was enqueued with: an object, or null.
    pub data: Value,
    /// 1 for the first attempt, one more for each retry.
    pub attempt: u32,
}

/// A call of a function of the project.
#[derive(Clone)]
#[non_exhaustive]
pub struct FunctionCall {
    /// The function's slug.
    pub slug: String,
    /// `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
    pub method: String,
    /// The pairs of the query, decoded, in the order they came.
    pub query: Vec<(String, String)>,
    /// The JSON body; null when there was none.
    pub body: Value,
    /// Header names in lower case with their values; the API key is not among them.
    pub headers: Vec<(String, String)>,
    /// The id of the end user on whose behalf the call was made, when it carried a valid token.
    pub user_id: Option<String>,
    /// That token.
    pub user_token: Option<String>,
}

impl FunctionCall {
    /// The first value of a pair of the query.
    #[must_use]
    pub fn query(&self, name: &str) -> Option<&str> {
        first(&self.query, name)
    }

    /// The first value of a header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        first(&self.headers, name)
    }
}

fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}

/// Shows neither values of headers nor the token.
impl fmt::Debug for FunctionCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self.headers.iter().map(|(name, _)| name).collect();
        f.debug_struct("FunctionCall")
            .field("slug", &self.slug)
            .field("method", &self.method)
            .field("query", &self.query)
            .field("body", &self.body)
            .field("headers", &headers)
            .field("user_id", &self.user_id)
            .finish_non_exhaustive()
    }
}

/// What a function answers: JSON under a status, 200 unless said otherwise.
///
/// ```
/// use aerostack_emulator::FunctionReply;
/// use serde_json::json;
///
/// let found: FunctionReply = json!({ "cents": 890 }).into();
/// let missing = FunctionReply::status(404, json!({ "code": "NO_SUCH_COUNTRY", "message": "XX" }));
/// ```
#[derive(Clone, Debug)]
pub struct FunctionReply {
    pub(crate) status: u16,
    pub(crate) body: Value,
}

impl FunctionReply {
    /// JSON under a status of the function's choice. One that is not between 200 and 599 becomes 500.
    #[must_use]
    pub fn status(status: u16, body: Value) -> Self {
        Self { status, body }
    }
}

impl From<Value> for FunctionReply {
    fn from(body: Value) -> Self {
        Self::status(200, body)
    }
}

//! What a row of the tables is and what a call of the SDK comes to.

use std::fmt;

use aerostack_api::WithTransport as _;
use anyhow::Context as _;
use futures_util::future::BoxFuture;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::document::{Credential, Document, Operation};
use crate::recorder::Planted;

/// One call of the SDK, made again for every status that its operation declares.
pub struct Case {
    /// The `operationId`.
    pub operation: &'static str,
    /// The call as it stands in the table.
    pub call_text: &'static str,
    /// Makes the call.
    pub call: for<'a> fn(&'a Sdk) -> BoxFuture<'a, Outcome>,
    /// What the debug text of a success must hold.
    pub shows: &'static [&'static str],
    /// Statuses that this call turns into a plain "there is none".
    pub absent: &'static [u16],
}

impl Case {
    /// What is called, such as `cache().set`: the service, and the first call on it that does not say who calls.
    #[must_use]
    pub fn handle(&self) -> String {
        let mut names = links(self.call_text)
            .skip(1)
            .filter(|name| !["consumer_key", "user_token"].contains(name));
        match (names.next(), names.next()) {
            (Some(service), Some(method)) => format!("{service}().{method}"),
            (method, _) => method.unwrap_or_default().to_owned(),
        }
    }
}

/// The names in a chain of calls: `c`, `cache`, `set` of `c.cache().set(..)`.
fn links(chain: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0_usize;
    let parts = chain.split(move |character: char| {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        character == '.' && depth == 0
    });
    parts.map(|link| link.trim().split(['(', ':']).next().unwrap_or_default())
}

/// What a call came to.
pub type Outcome = Result<Got, Refusal>;

/// A decoded success.
#[derive(Debug)]
pub enum Got {
    /// The debug text of what a handle returned.
    Shown(String),
    /// What the generated client decoded, encoded again.
    Json(Value),
}

impl fmt::Display for Got {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Shown(text) => formatter.write_str(text),
            Self::Json(value) => value.fmt(formatter),
        }
    }
}

/// An error of the SDK, reduced to what the document can say about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The status of the answer.
    pub status: Option<u16>,
    /// The platform's name for what went wrong.
    pub code: Option<String>,
    /// The platform's sentence about it.
    pub message: Option<String>,
    /// Whether the answer came but is not one that the operation gives.
    pub undecodable: bool,
    /// The error as it prints.
    pub shown: String,
    /// The error and its causes as they are debugged.
    pub debugged: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.shown)
    }
}

impl From<aerostack_api::CallError> for Refusal {
    fn from(error: aerostack_api::CallError) -> Self {
        let (shown, debugged) = (chain(&error), debugged(&error));
        let undecodable = matches!(error.error, aerostack_api::TransportError::Decode { .. });
        let (status, code, message) = match error.error {
            aerostack_api::TransportError::Status { status, body, .. } => {
                (Some(status.as_u16()), body.code, body.message)
            }
            aerostack_api::TransportError::Decode { status, .. } => {
                (Some(status.as_u16()), None, None)
            }
            _ => (None, None, None),
        };
        Self {
            status,
            code,
            message,
            undecodable,
            shown,
            debugged,
        }
    }
}

impl From<aerostack::Error> for Refusal {
    fn from(error: aerostack::Error) -> Self {
        Self {
            status: error.status(),
            code: error.code().map(ToString::to_string),
            message: error.platform_message().map(str::to_owned),
            undecodable: matches!(
                error.kind(),
                aerostack::ErrorKind::Decode | aerostack::ErrorKind::Protocol
            ),
            shown: chain(&error),
            debugged: debugged(&error),
        }
    }
}

impl From<aerostack_realtime::Error> for Refusal {
    fn from(error: aerostack_realtime::Error) -> Self {
        let body: Value = error
            .raw()
            .and_then(|raw| serde_json::from_str(raw).ok())
            .unwrap_or_default();
        Self {
            status: error.status(),
            code: error.code().map(str::to_owned),
            message: body["message"].as_str().map(str::to_owned),
            undecodable: error.kind() == aerostack_realtime::ErrorKind::History,
            shown: chain(&error),
            debugged: debugged(&error),
        }
    }
}

impl From<anyhow::Error> for Refusal {
    fn from(error: anyhow::Error) -> Self {
        Self {
            status: None,
            code: None,
            message: None,
            undecodable: false,
            shown: format!("{error:#}"),
            debugged: format!("{error:?}"),
        }
    }
}

/// An error with what caused it.
fn chain(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(error.source(), |error| error.source());
    causes.fold(error.to_string(), |shown, cause| {
        format!("{shown}: {cause}")
    })
}

/// What a panic over an error would say, of its causes as well.
fn debugged(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.fold(String::new(), |text, cause| {
        format!("{text} {cause:?} {cause:#?}")
    })
}

/// The slug that the document's examples use.
pub const PROJECT: &str = "lisbon-notes";

/// The SDK, in both its layers, on one origin.
#[derive(Debug)]
pub struct Sdk {
    /// The handles.
    pub client: aerostack::Client,
    /// A realtime channel, of which the history goes over HTTP.
    pub channel: aerostack_realtime::Channel,
    /// The generated client's way to the wire.
    pub transport: aerostack_api::Transport,
    /// The credentials it was given.
    pub planted: Planted,
    /// The document its examples come from.
    pub document: std::sync::Arc<Document>,
}

impl Sdk {
    /// Sets both layers up.
    ///
    /// # Errors
    /// When the SDK refuses the settings.
    pub fn new(
        document: std::sync::Arc<Document>,
        origin: &str,
        planted: Planted,
    ) -> anyhow::Result<Self> {
        let client = aerostack::Client::builder()
            .base_url(origin)
            .project_slug(PROJECT)
            .api_key(planted.api_key.as_str())
            .max_attempts(1)
            .build()?;
        let mut config =
            aerostack_api::TransportConfig::new(aerostack_api::Origin::parse(origin, false)?);
        config.api_key = Some(planted.api_key.as_str().into());
        config.retry.max_attempts = 1;
        let http = aerostack_api::HttpOptions::new("aerostack-contract");
        let transport = aerostack_api::Transport::new(http, config)?;
        let realtime = aerostack_realtime::Realtime::builder()
            .base_url(origin)
            .api_key(&planted.api_key);
        let realtime = realtime
            .project_id(PROJECT)
            .with_transport(transport.clone())
            .build()?;
        let channel = realtime.channel("lobby")?;
        Ok(Self {
            client,
            channel,
            transport,
            planted,
            document,
        })
    }

    /// The example of an operation, for the calls of the generated client.
    ///
    /// # Errors
    /// When the document has no such operation.
    pub fn example(&self, operation: &str) -> anyhow::Result<Example<'_>> {
        let operation = self
            .document
            .operation(operation)
            .with_context(|| format!("{operation} is not in the document"))?;
        Ok(Example { operation })
    }

    /// What every call of the generated client is made with: the credentials that the operation names first.
    #[must_use]
    pub fn options(&self, operation: &Operation) -> aerostack_api::CallOptions {
        let mut options = aerostack_api::CallOptions::default();
        for credential in operation.security.first().into_iter().flatten() {
            match credential {
                Credential::ApiKey | Credential::ApiKeyAsBearer => {}
                Credential::UserToken => {
                    options.user_token = Some(self.planted.user_token.as_str().into())
                }
                Credential::ConsumerKey => {
                    options.consumer_key = Some(self.planted.consumer_key.as_str().into())
                }
            }
        }
        options
    }
}

/// The example of an operation in the types of the generated client.
#[derive(Debug, Clone, Copy)]
pub struct Example<'a> {
    /// The operation.
    pub operation: &'a Operation,
}

#[expect(
    clippy::panic,
    reason = "a row of the table that cannot be built is a failed test"
)]
impl Example<'_> {
    /// The request body.
    ///
    /// # Panics
    /// When there is none, or it does not fit the type.
    #[must_use]
    pub fn body<T: DeserializeOwned>(&self) -> T {
        let body = self
            .operation
            .body
            .as_ref()
            .and_then(|body| body.example.as_ref());
        self.decode("the body", body)
    }

    /// A parameter in path or query.
    ///
    /// # Panics
    /// As [`Example::body`].
    #[must_use]
    pub fn parameter<T: DeserializeOwned>(&self, name: &str) -> T {
        let parameter = self
            .operation
            .parameters
            .iter()
            .find(|parameter| parameter.name == name);
        self.decode(
            name,
            parameter.and_then(|parameter| parameter.example.as_ref()),
        )
    }

    /// A parameter as text.
    ///
    /// # Panics
    /// As [`Example::body`].
    #[must_use]
    pub fn text(&self, name: &str) -> String {
        self.parameter(name)
    }

    fn decode<T: DeserializeOwned>(&self, what: &str, example: Option<&Value>) -> T {
        let id = &self.operation.id;
        let Some(example) = example else {
            panic!("{id}: {what} has no example")
        };
        // By way of the text, which is what free JSON is decoded from.
        match serde_json::from_str(&example.to_string()) {
            Ok(value) => value,
            Err(error) => panic!("{id}: the example of {what} does not fit its type: {error}"),
        }
    }
}

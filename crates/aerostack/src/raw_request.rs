//! Operations that have no method here.

use aerostack_api::{Credential, Encoder, Idempotency, Operation, RawJson, Request};
use http::HeaderMap;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Client, Error, ErrorKind, Secret,
    call::{Options, awaitable, call_options},
    decode, input,
};

/// A request to any path of the platform. From [`Client::request`]. Await it for a [`RawResponse`].
///
/// It carries the API key and, where one is given, a user's token. `GET` is retried like a read; the other methods are
/// retried only when they surely had no effect, or with [`idempotent`](Self::idempotent). Paths begin with `/` and stay
/// below the base URL.
///
/// # Errors
/// As those of all calls; [`ErrorKind::Decode`] where the answer is not JSON.
#[must_use = "a call does nothing until it is awaited"]
pub struct RawRequest {
    client: Client,
    options: Options,
    method: Result<usize, Error>,
    parts: Parts,
}

#[derive(Default)]
struct Parts {
    path: String,
    query: Vec<(String, String)>,
    body: Option<RawJson>,
}

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

const CREDENTIALS: &[&[Credential]] = &[
    &[Credential::ApiKey, Credential::UserToken],
    &[Credential::ApiKey],
    &[Credential::UserToken],
    &[],
];

static OPERATIONS: [Operation; 5] = [
    operation(0, Idempotency::Read),
    operation(1, Idempotency::No),
    operation(2, Idempotency::Replace),
    operation(3, Idempotency::No),
    operation(4, Idempotency::Replace),
];

const fn operation(method: usize, idempotency: Idempotency) -> Operation {
    Operation {
        id: "request",
        method: METHODS[method],
        path: "",
        tag: "Request",
        idempotency,
        credentials: CREDENTIALS,
        pagination: None,
    }
}

/// A request of the method with this index.
struct Raw<'a, const METHOD: usize>(&'a Parts);

impl<const METHOD: usize> Request for Raw<'_, METHOD> {
    const OPERATION: &'static Operation = &OPERATIONS[METHOD];
    type Response = RawJson;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.verbatim_path(&self.0.path);
        for (name, value) in &self.0.query {
            encoder.query(name, value);
        }
        if let Some(body) = &self.0.body {
            encoder.json(body);
        }
    }
}

impl RawRequest {
    pub(crate) fn new(client: &Client, method: &str, path: String) -> Self {
        let index = METHODS
            .iter()
            .position(|known| known.eq_ignore_ascii_case(method));
        Self {
            client: client.clone(),
            options: Options::default(),
            method: index.ok_or_else(|| {
                Error::invalid_input(format!(
                    "{method:?} is not one of the methods {}",
                    METHODS.join(", ")
                ))
            }),
            parts: Parts {
                path,
                ..Parts::default()
            },
        }
    }

    /// Adds a pair to the query.
    pub fn query(mut self, name: impl Into<String>, value: impl ToString) -> Self {
        self.parts.query.push((name.into(), value.to_string()));
        self
    }

    /// Sends a value as the JSON body.
    #[doc(alias = "body")]
    pub fn json(mut self, body: impl Serialize) -> Self {
        self.parts.body = self.options.accept(input::json("body", body));
        self
    }

    /// Sends an end user's token as well.
    pub fn user_token(mut self, token: impl Into<Secret>) -> Self {
        self.options.user_token(token.into());
        self
    }

    call_options!();

    async fn run(self) -> Result<RawResponse, Error> {
        let options = self.options.into_call()?;
        let (client, parts) = (&self.client, &self.parts);
        let response = match self.method? {
            0 => client.send(&Raw::<0>(parts), &options).await,
            1 => client.send(&Raw::<1>(parts), &options).await,
            2 => client.send(&Raw::<2>(parts), &options).await,
            3 => client.send(&Raw::<3>(parts), &options).await,
            _ => client.send(&Raw::<4>(parts), &options).await,
        }?;
        Ok(RawResponse {
            status: response.status.as_u16(),
            request_id: response.request_id().map(str::to_owned),
            headers: response.headers,
            body: response.value,
        })
    }
}

awaitable!(RawRequest => RawResponse);

/// The answer to a [`RawRequest`]: a success, with a body of JSON. `Debug` does not show the body.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct RawResponse {
    /// The status, which is one of success.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The id to name when asking the platform's support.
    pub request_id: Option<String>,
    body: RawJson,
}

impl RawResponse {
    /// Decodes the body; an empty one is `null`.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] where it does not fit.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Error> {
        decode::decode(&self.body)
            .map_err(|mismatch| Error::new(ErrorKind::Decode, mismatch.describe("the answer")))
    }

    /// The body as JSON text.
    pub fn as_json(&self) -> &str {
        self.body.text()
    }
}

//! Functions of the project, called over HTTP.

use std::{collections::BTreeMap, marker::PhantomData};

use aerostack_api::{Credential, Encoder, Idempotency, Operation, RawJson, Request, requests};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Client, Error, Secret,
    call::{Options, awaitable, call_options},
    decode, input,
};

/// Functions the project's own developers wrote, each under a slug. From
/// [`Client::functions`](crate::Client::functions).
///
/// # Errors
/// A function answers with whatever status it likes: those that are no success arrive as errors of the matching
/// [`kind`](crate::Error::kind), with [`status`](crate::Error::status), and the function's own words in
/// [`body`](crate::Error::body). An unknown slug is [`NotFound`](crate::ErrorKind::NotFound), which a function may
/// answer as well.
///
/// # Limits
/// One attempt has the client's time limit; give more with `.timeout(..)`. A `GET` may be repeated after a failure,
/// the other methods are not, because only the function's author knows whether that is harmless.
///
/// Confidence: shipped SDK code; not in the published document.
#[derive(Debug, Clone)]
pub struct Functions {
    client: Client,
}

impl Functions {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
        }
    }

    /// Calls a function and decodes what it returns. See [`CallFunction`].
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client, token: aerostack::Secret) -> Result<(), aerostack::Error> {
    /// #[derive(serde::Serialize)]
    /// struct Parcel {
    ///     country: String,
    ///     grams: u32,
    /// }
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Quote {
    ///     cents: u32,
    /// }
    ///
    /// let parcel = Parcel { country: "PT".into(), grams: 1200 };
    /// let quote = client.functions().call::<Quote>("shipping-quote").post(&parcel).user_token(token).await?;
    /// let quote = client.functions().call::<Quote>("shipping-quote").get().query("country", "PT").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the function ran is then unknown.
    #[doc(alias = "invoke")]
    pub fn call<T>(&self, slug: impl Into<String>) -> CallFunction<T> {
        CallFunction {
            client: self.client.clone(),
            options: Options::default(),
            slug: slug.into(),
            method: Method::Post,
            body: None,
            query: BTreeMap::new(),
            public: false,
            output: PhantomData,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

/// A call of a function. From [`Functions::call`]. Await it for what the function returns.
///
/// Without a choice of method it is a `POST` of an empty object. A function that returns nothing fits `()` and
/// `Option<T>`.
#[must_use = "a call does nothing until it is awaited"]
pub struct CallFunction<T> {
    client: Client,
    options: Options,
    slug: String,
    method: Method,
    body: Option<RawJson>,
    query: BTreeMap<String, String>,
    public: bool,
    output: PhantomData<fn() -> T>,
}

impl<T> CallFunction<T> {
    /// Calls it with `GET`, its input in the [`query`](Self::query).
    pub fn get(self) -> Self {
        self.with(Method::Get)
    }

    /// Calls it with `POST` and any value.
    pub fn post(self, body: impl Serialize) -> Self {
        self.with_body(Method::Post, body)
    }

    /// Calls it with `PUT` and any value.
    pub fn put(self, body: impl Serialize) -> Self {
        self.with_body(Method::Put, body)
    }

    /// Calls it with `PATCH` and any value.
    pub fn patch(self, body: impl Serialize) -> Self {
        self.with_body(Method::Patch, body)
    }

    /// Calls it with `DELETE`, its input in the [`query`](Self::query).
    pub fn delete(self) -> Self {
        self.with(Method::Delete)
    }

    /// Adds a pair to the query of a `GET` or `DELETE`; a second value under the same name replaces the first.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.insert(name.into(), value.into());
        self
    }

    /// Calls a function that is published for everyone: without the API key, on the public path of the project, which the
    /// client must know. By `POST` and `GET` alone.
    ///
    /// Confidence: the documentation.
    pub fn public(mut self) -> Self {
        self.public = true;
        self
    }

    /// Sends an end user's token beside the API key, so that the function knows who is calling.
    pub fn user_token(mut self, token: impl Into<Secret>) -> Self {
        self.options.user_token(token.into());
        self
    }

    call_options!();

    fn with(mut self, method: Method) -> Self {
        self.method = method;
        self.body = None;
        self
    }

    fn with_body(mut self, method: Method, body: impl Serialize) -> Self {
        self.method = method;
        self.body = self.options.accept(input::json("body", body));
        self
    }
}

impl<T: DeserializeOwned> CallFunction<T> {
    async fn run(mut self) -> Result<T, Error> {
        input::slug("function slug", &self.slug)?;
        let in_query = matches!(self.method, Method::Get | Method::Delete);
        if !in_query && !self.query.is_empty() {
            return Err(Error::invalid_input(
                "the query goes with .get() and .delete(); the other methods carry their input in the body",
            ));
        }
        self.options.function(&self.slug);
        let body = match self.body {
            Some(body) => body,
            None => input::json("body", &BTreeMap::<String, ()>::new())?,
        };
        let options = self.options.into_call()?;
        let (client, slug) = (&self.client, self.slug);
        let query = Some(self.query).filter(|query| !query.is_empty());
        if self.public {
            let project = client.project_slug()?;
            let call = PublicCall {
                project,
                slug: &slug,
                body: &body,
                query: query.as_ref(),
            };
            let response = match self.method {
                Method::Get => client.send(&Public::<0>(call), &options).await?,
                Method::Post => client.send(&Public::<1>(call), &options).await?,
                _ => {
                    return Err(Error::invalid_input(
                        "public functions are called by POST and GET alone",
                    ));
                }
            };
            return decode::decode(&response.value).map_err(|mismatch| {
                decode::mismatch(&response, "the function's answer", &mismatch)
            });
        }
        let response = match self.method {
            Method::Get => {
                let request = requests::CustomCallGet::new(slug).query(query);
                client.send(&request, &options).await?
            }
            Method::Post => {
                let request = requests::CustomCallPost::new(slug, body);
                client.send(&request, &options).await?
            }
            Method::Put => {
                let request = requests::CustomCallPut::new(slug, body);
                client.send(&request, &options).await?
            }
            Method::Patch => {
                let request = requests::CustomCallPatch::new(slug, body);
                client.send(&request, &options).await?
            }
            Method::Delete => {
                let request = requests::CustomCallDelete::new(slug).query(query);
                client.send(&request, &options).await?
            }
        };
        decode::decode(&response.value)
            .map_err(|mismatch| decode::mismatch(&response, "the function's answer", &mismatch))
    }
}

/// What a call of a public function carries.
struct PublicCall<'a> {
    project: &'a str,
    slug: &'a str,
    body: &'a RawJson,
    query: Option<&'a BTreeMap<String, String>>,
}

/// A call of a public function by the method with this index.
struct Public<'a, const METHOD: usize>(PublicCall<'a>);

static PUBLIC: [Operation; 2] = [
    public("customCallPublicGet", "GET", Idempotency::Read),
    public("customCallPublicPost", "POST", Idempotency::No),
];

const fn public(id: &'static str, method: &'static str, idempotency: Idempotency) -> Operation {
    Operation {
        id,
        method,
        path: "/api/v1/public/projects/{projectSlug}/custom/{slug}",
        tag: "Functions",
        idempotency,
        credentials: &[&[Credential::UserToken], &[]],
        pagination: None,
    }
}

impl<const METHOD: usize> Request for Public<'_, METHOD> {
    const OPERATION: &'static Operation = &PUBLIC[METHOD];
    type Response = RawJson;

    fn encode<'a>(&'a self, encoder: &mut Encoder<'a>) {
        encoder.path(self.0.project);
        encoder.path(self.0.slug);
        match METHOD {
            0 => encoder.query("query", &self.0.query),
            _ => encoder.json(self.0.body),
        }
    }
}

awaitable!(CallFunction<T: DeserializeOwned> => T);

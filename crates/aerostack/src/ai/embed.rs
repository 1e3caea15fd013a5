//! Texts as vectors.

use std::fmt;

use aerostack_api::{CallOptions, requests, types};
use futures_util::{StreamExt, TryStreamExt, stream};
use serde::Serialize;

use crate::{
    Client, Error,
    call::{Options, awaitable, call_options},
    decode, input,
};

/// Calls under way at a time, unless another number is asked for.
const CONCURRENCY: usize = 4;

/// A vector. `Debug` shows its length only.
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Embedding {
    /// The numbers.
    pub vector: Vec<f32>,
    /// The model that made it, where the platform says so.
    pub model: Option<String>,
}

impl fmt::Debug for Embedding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Embedding")
            .field("vector", &format_args!("{} numbers", self.vector.len()))
            .field("model", &self.model)
            .finish()
    }
}

/// A text to be turned into a vector. From [`Ai::embed`](super::Ai::embed). Await it for an [`Embedding`].
#[must_use = "a call does nothing until it is awaited"]
pub struct Embed {
    client: Client,
    options: Options,
    text: String,
    model: Option<String>,
}

impl Embed {
    pub(super) fn new(client: &Client, text: String) -> Self {
        Self {
            client: client.clone(),
            options: Options::default(),
            text,
            model: None,
        }
    }

    /// The model, such as `@cf/baai/bge-base-en-v1.5`; the platform's choice without it.
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    call_options!();

    async fn run(self) -> Result<Embedding, Error> {
        let options = self.options.into_call()?;
        input::text("text to embed", &self.text)?;
        embed(self.client, options, self.text, self.model).await
    }
}

awaitable!(Embed => Embedding);

/// Texts to be turned into vectors, one call a text and four calls at a time unless told otherwise. From
/// [`Ai::embed_many`](super::Ai::embed_many).
///
/// Await it for one [`Embedding`] a text, in the order of the texts. The first text that fails ends it: the error's
/// [`part`](crate::Error::part) says which one it is. Options such as `.timeout(..)` apply to each call.
///
/// ```no_run
/// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
/// let vectors = client.ai().embed_many(["a ferry", "a harbour", "a train"]).concurrency(2).await?;
/// assert_eq!(vectors.len(), 3);
/// # Ok(())
/// # }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct EmbedMany {
    client: Client,
    options: Options,
    texts: Vec<String>,
    model: Option<String>,
    concurrency: usize,
}

impl EmbedMany {
    pub(super) fn new(client: &Client, texts: Vec<String>) -> Self {
        Self {
            client: client.clone(),
            options: Options::default(),
            texts,
            model: None,
            concurrency: CONCURRENCY,
        }
    }

    /// The model; the platform's choice without it.
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// Most calls under way at a time, at least 1.
    pub fn concurrency(mut self, calls: usize) -> Self {
        self.concurrency = calls;
        self
    }

    call_options!();

    async fn run(self) -> Result<Vec<Embedding>, Error> {
        let options = self.options.into_call()?;
        if self.concurrency == 0 {
            return Err(Error::invalid_input("concurrency is 0; it is at least 1"));
        }
        for (index, text) in self.texts.iter().enumerate() {
            input::text("text to embed", text)
                .map_err(|error| error.with_part(index..index + 1))?;
        }
        let (client, model) = (self.client, self.model);
        stream::iter(self.texts.into_iter().enumerate())
            .map(|(index, text)| {
                let call = embed(client.clone(), options.clone(), text, model.clone());
                async move {
                    call.await
                        .map_err(|error| error.with_part(index..index + 1))
                }
            })
            .buffered(self.concurrency)
            .try_collect()
            .await
    }
}

awaitable!(EmbedMany => Vec<Embedding>);

async fn embed(
    client: Client,
    options: CallOptions,
    text: String,
    model: Option<String>,
) -> Result<Embedding, Error> {
    let body = types::AiEmbedRequest::new(text).model(model);
    let mut response = client.send(&requests::AiEmbed::new(body), &options).await?;
    let vector: Vec<f32> = response
        .value
        .embedding
        .take()
        .unwrap_or_default()
        .into_iter()
        .map(|number| number as f32)
        .collect();
    if vector.is_empty() || !vector.iter().all(|number| number.is_finite()) {
        let what = "`embedding`, or it is not a vector of finite numbers";
        return Err(decode::lacks(&response, what));
    }
    Ok(Embedding {
        vector,
        model: response.value.model,
    })
}

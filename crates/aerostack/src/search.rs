//! Texts found by meaning.

mod model;
mod query;
mod write;

use aerostack_api::{open_enum, requests, types};

use crate::{
    Client, Error,
    call::{Call, Options, awaitable, call_options},
    decode, input,
};

pub use model::{Hit, TypeCount};
pub use query::SearchQuery;
pub use write::{Ingest, UpdateEntry};

/// The project's search index: texts are embedded and found by meaning. From [`Client::search`](crate::Client::search).
///
/// Each entry has a text, a type to group it by, and metadata of the caller's own.
///
/// # Limits
/// How long a text or how large metadata may be is not published. A search gives 5 hits unless it asks for another
/// number.
///
/// # Errors
/// A key without the scope `ai:search` or `ai:ingest` is [`Forbidden`](crate::ErrorKind::Forbidden).
///
/// # Consistency
/// How soon a written entry is found is not published.
///
/// Confidence: all operations are in the platform's published document.
#[derive(Debug, Clone)]
pub struct Search {
    client: Client,
}

impl Search {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
        }
    }

    /// Adds a text under a type. See [`Ingest`].
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// use std::collections::BTreeMap;
    ///
    /// client
    ///     .search()
    ///     .ingest("faq", "Parcels posted before noon leave the same day.")
    ///     .id("faq-14")
    ///     .metadata(&BTreeMap::from([("lang", "en")]))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the text was added is then unknown.
    #[doc(alias = "index")]
    #[doc(alias = "add")]
    #[doc(alias = "upsert")]
    pub fn ingest(&self, entry_type: impl Into<String>, content: impl Into<String>) -> Ingest {
        Ingest::new(&self.client, entry_type.into(), content.into())
    }

    /// The entries closest in meaning to a text, best first. See [`SearchQuery`].
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let hits = client.search().query("When will my order be shipped?").top_k(3).types(["faq"]).await?;
    /// for hit in hits {
    ///     println!("{:?} {}", hit.score, hit.content);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    #[doc(alias = "search")]
    pub fn query(&self, text: impl Into<String>) -> SearchQuery {
        SearchQuery::new(&self.client, text.into())
    }

    /// One entry by its id; `None` where there is none. It has no score.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// if let Some(entry) = client.search().get("faq-14").await? {
    ///     println!("{}", entry.content);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    pub fn get(&self, id: impl Into<String>) -> Call<Option<Hit>> {
        let id = id.into();
        Call::new(&self.client, move |client, options| async move {
            input::name("entry id", &id)?;
            let body = types::SearchGetRequest::new(id);
            let mut response = client
                .send(&requests::SearchGet::new(body), &options)
                .await?;
            match (response.value.exists, response.value.result.take()) {
                (Some(false), _) => Ok(None),
                (_, Some(result)) => {
                    let mut hit = Hit::from_wire(&response, result)?;
                    hit.score = None;
                    Ok(Some(hit))
                }
                (Some(true), None) => Err(decode::lacks(&response, "`result`")),
                (None, None) => Err(decode::lacks(&response, "`result` and `exists`")),
            }
        })
    }

    /// Replaces the text of an entry. See [`UpdateEntry`].
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether it took effect is then unknown. Repeating it is harmless.
    pub fn update(&self, id: impl Into<String>, content: impl Into<String>) -> UpdateEntry {
        UpdateEntry::new(&self.client, id.into(), content.into())
    }

    /// Removes an entry. Repeating it is harmless.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// client.search().delete("faq-14").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the entry was removed is then unknown.
    pub fn delete(&self, id: impl Into<String>) -> Call<()> {
        let id = id.into();
        Call::new(&self.client, move |client, options| async move {
            input::name("entry id", &id)?;
            let body = types::SearchDeleteRequest::new(id);
            let response = client
                .send(&requests::SearchDelete::new(body), &options)
                .await?;
            decode::succeeded(&response, response.value.success)
        })
    }

    /// Removes all entries of a type, which cannot be undone. The platform does not say how many there were:
    /// [`count`](Self::count) them first where that matters.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// client.search().delete_by_type("faq").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; which entries were removed is then unknown.
    pub fn delete_by_type(&self, entry_type: impl Into<String>) -> Call<()> {
        let type_ = entry_type.into();
        Call::new(&self.client, move |client, options| async move {
            input::name("entry type", &type_)?;
            let body = types::SearchDeleteByTypeRequest::new(type_);
            let response = client
                .send(&requests::SearchDeleteByType::new(body), &options)
                .await?;
            decode::succeeded(&response, response.value.success)
        })
    }

    /// The number of entries, of all types or of one.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let all = client.search().count().await?;
    /// let faq = client.search().count().of_type("faq").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    pub fn count(&self) -> Count {
        Count {
            client: self.client.clone(),
            options: Options::default(),
            type_: None,
        }
    }

    /// The types in use, each with its number of entries.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// for entry_type in client.search().list_types().await? {
    ///     println!("{}: {}", entry_type.name, entry_type.count);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    pub fn list_types(&self) -> Call<Vec<TypeCount>> {
        Call::new(&self.client, move |client, options| async move {
            let mut response = client
                .send(&requests::SearchListTypes::new(), &options)
                .await?;
            let Some(types) = response.value.types.take() else {
                return Err(decode::lacks(&response, "`types`"));
            };
            types
                .into_iter()
                .map(|entry| {
                    Ok(TypeCount {
                        name: decode::text(&response, entry.type_, "the `type` of a count")?,
                        count: decode::count(&response, entry.count, "the `count` of a type")?,
                    })
                })
                .collect()
        })
    }

    /// Chooses the model that embeds the project's texts. Vectors of different models cannot be compared, and nothing
    /// says that stored entries are embedded anew: choose first, or ingest everything again.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// use aerostack::search::EmbeddingModel;
    ///
    /// client.search().configure(EmbeddingModel::Multilingual).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether it took effect is then unknown. Repeating it is harmless.
    pub fn configure(&self, model: EmbeddingModel) -> Call<()> {
        Call::new(&self.client, move |client, options| async move {
            let body = types::SearchConfigureRequest::new(model.as_str().into());
            let response = client
                .send(&requests::SearchConfigure::new(body), &options)
                .await?;
            decode::succeeded(&response, response.value.success)
        })
    }
}

open_enum! {
    /// Which family of texts the search index is made for.
    pub enum EmbeddingModel {
        /// English texts.
        English = "english",
        /// Texts of many languages.
        Multilingual = "multilingual",
    }
}

/// A count of entries. From [`Search::count`]. Await it.
#[must_use = "a call does nothing until it is awaited"]
pub struct Count {
    client: Client,
    options: Options,
    type_: Option<String>,
}

impl Count {
    /// Counts the entries of this type only.
    pub fn of_type(mut self, entry_type: impl Into<String>) -> Self {
        self.type_ = Some(entry_type.into());
        self
    }

    call_options!();

    async fn run(self) -> Result<u64, Error> {
        let options = self.options.into_call()?;
        let body = types::SearchCountRequest::new().type_(self.type_);
        let response = self
            .client
            .send(&requests::SearchCount::new(body), &options)
            .await?;
        decode::count(&response, response.value.count, "`count`")
    }
}

awaitable!(Count => u64);

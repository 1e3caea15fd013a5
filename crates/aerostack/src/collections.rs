//! Collections of items.

use std::{collections::BTreeMap, marker::PhantomData};

use aerostack_api::{RawJson, Response, requests};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Client, Error,
    call::{Call, Options, awaitable, call_options},
    decode, input,
};

/// The items of one collection, typed by the caller. From [`Client::collection`](crate::Client::collection).
///
/// Items are objects: structs or maps. The platform gives each an id, under which it is read, changed and deleted; for
/// those three the collection's name is not part of the call.
///
/// # Limits
/// Which query pairs filter, sort or page a [`list`](Self::list) is not published, so nothing here pages on its own.
///
/// # Errors
/// An unknown collection or item is [`NotFound`](crate::ErrorKind::NotFound) (inferred), except for
/// [`get`](Self::get), where it is `None`.
///
/// Confidence: shipped SDK code; not in the published document.
#[derive(Debug, Clone)]
pub struct Collection {
    client: Client,
    name: String,
}

impl Collection {
    pub(crate) fn new(client: &Client, name: String) -> Self {
        Self {
            client: client.clone(),
            name,
        }
    }

    /// Changes of the collection's items as they happen, over realtime: the channel of the table of the collection's name.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// use futures_util::TryStreamExt;
    ///
    /// let mut notes = client.collection("notes").changes::<serde_json::Value>()?.subscribe().await?;
    /// while let Some(item) = notes.try_next().await? {
    ///     println!("{:?}", item.message());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Confidence: an official SDK subscribes so; that the platform sends the changes of collections is not published.
    ///
    /// # Errors
    /// When realtime cannot be used with this client's settings, or the name cannot be a channel's.
    #[cfg(feature = "realtime")]
    #[doc(alias = "subscribe")]
    pub fn changes<T: DeserializeOwned>(
        &self,
    ) -> Result<aerostack_realtime::Subscribe<aerostack_realtime::Change<T>>, Error> {
        Ok(self.client.realtime()?.table(&self.name)?.changes())
    }

    /// Items of the collection. See [`ListItems`].
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// #[derive(serde::Deserialize)]
    /// struct Note {
    ///     id: String,
    ///     title: String,
    /// }
    ///
    /// let notes: Vec<Note> = client.collection("notes").list().query("status", "published").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    pub fn list<T>(&self) -> ListItems<T> {
        ListItems {
            client: self.client.clone(),
            options: Options::default(),
            name: self.name.clone(),
            query: BTreeMap::new(),
            item: PhantomData,
        }
    }

    /// Adds an item and gives it back as it was stored, with its id. Each call adds one.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// #[derive(serde::Serialize)]
    /// struct NewNote<'a> {
    ///     title: &'a str,
    /// }
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Note {
    ///     id: String,
    ///     title: String,
    /// }
    ///
    /// let note: Note = client.collection("notes").create(&NewNote { title: "Tides" }).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the item was added is then unknown.
    pub fn create<T: DeserializeOwned + Send + 'static>(&self, item: impl Serialize) -> Call<T> {
        let name = self.name.clone();
        let item = input::object("item", item);
        Call::new(&self.client, move |client, options| async move {
            input::segment("collection name", &name)?;
            let body = item?;
            let response = client
                .send(&requests::CollectionsCreateItem::new(name, body), &options)
                .await?;
            object(&response)
        })
    }

    /// Reads an item by its id; `None` where the platform says that there is none.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// #[derive(serde::Deserialize)]
    /// struct Article {
    ///     title: String,
    /// }
    ///
    /// let article: Option<Article> = client.collection("articles").get("art_7d21").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// A 404 that is not the platform's own is [`NotFound`](crate::ErrorKind::NotFound): another service answered.
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    pub fn get<T: DeserializeOwned + Send + 'static>(
        &self,
        id: impl Into<String>,
    ) -> Call<Option<T>> {
        let id = id.into();
        Call::new(&self.client, move |client, options| async move {
            input::segment("item id", &id)?;
            let result = client
                .send(&requests::CollectionsGetItem::new(id), &options)
                .await;
            match result {
                Ok(response) => object(&response).map(Some),
                Err(error) if error.is_absence() => Ok(None),
                Err(error) => Err(error),
            }
        })
    }

    /// Writes an item. Whether fields left out are kept or cleared is not published: send all of them. What was stored
    /// is not given back.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// #[derive(serde::Serialize)]
    /// struct Article {
    ///     title: &'static str,
    ///     status: &'static str,
    /// }
    ///
    /// let article = Article { title: "Reading a chart", status: "published" };
    /// client.collection("articles").update("art_7d21", &article).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether it took effect is then unknown. Repeating it is harmless.
    pub fn update(&self, id: impl Into<String>, item: impl Serialize) -> Call<()> {
        let id = id.into();
        let item = input::object("item", item);
        Call::new(&self.client, move |client, options| async move {
            input::segment("item id", &id)?;
            let body = item?;
            let response = client
                .send(&requests::CollectionsUpdateItem::new(id, body), &options)
                .await?;
            decode::succeeded(&response, response.value.success)
        })
    }

    /// Deletes an item. One that is not there may be [`NotFound`](crate::ErrorKind::NotFound).
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// client.collection("articles").delete("art_7d21").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the item was deleted is then unknown.
    pub fn delete(&self, id: impl Into<String>) -> Call<()> {
        let id = id.into();
        Call::new(&self.client, move |client, options| async move {
            input::segment("item id", &id)?;
            let response = client
                .send(&requests::CollectionsDeleteItem::new(id), &options)
                .await?;
            decode::succeeded(&response, response.value.success)
        })
    }
}

/// A list of items. From [`Collection::list`]. Await it for a `Vec<T>`.
#[must_use = "a call does nothing until it is awaited"]
pub struct ListItems<T> {
    client: Client,
    options: Options,
    name: String,
    query: BTreeMap<String, String>,
    item: PhantomData<fn() -> T>,
}

impl<T> ListItems<T> {
    /// Adds a query pair, passed through as it is; a second value under the same name replaces the first.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.insert(name.into(), value.into());
        self
    }

    call_options!();
}

impl<T: DeserializeOwned> ListItems<T> {
    async fn run(self) -> Result<Vec<T>, Error> {
        let options = self.options.into_call()?;
        input::segment("collection name", &self.name)?;
        let query = Some(self.query).filter(|query| !query.is_empty());
        let request = requests::CollectionsListItems::new(self.name).query(query);
        let response = self.client.send(&request, &options).await?;
        if !response.value.text().starts_with('[') {
            return Err(decode::lacks(&response, "the array of items"));
        }
        decode::decode(&response.value)
            .map_err(|mismatch| decode::mismatch(&response, "item", &mismatch))
    }
}

awaitable!(ListItems<T: DeserializeOwned> => Vec<T>);

/// Decodes an item, which is an object and not an empty one.
fn object<T: DeserializeOwned>(response: &Response<RawJson>) -> Result<T, Error> {
    let text = response.value.text();
    let empty = text.trim_matches(|c: char| "{}".contains(c) || c.is_whitespace());
    if !text.starts_with('{') || empty.is_empty() {
        return Err(decode::lacks(response, "the item"));
    }
    decode::decode(&response.value)
        .map_err(|mismatch| decode::mismatch(response, "the item", &mismatch))
}

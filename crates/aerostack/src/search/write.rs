//! Adding and replacing entries.

use aerostack_api::{RawJson, requests, types};
use serde::Serialize;

use crate::{
    Client, Error,
    call::{Options, awaitable, call_options},
    decode, input,
};

/// A text to be added. From [`Search::ingest`](super::Search::ingest). Await it.
///
/// Give an [`id`](Self::id) to whatever shall be updated or deleted later: an entry of that id is replaced, so that
/// repeating is harmless. Without one the platform makes an id up and does not tell it, and repeating stores the text
/// twice.
#[must_use = "a call does nothing until it is awaited"]
pub struct Ingest {
    client: Client,
    options: Options,
    entry_type: String,
    content: String,
    id: Option<String>,
    metadata: Option<RawJson>,
}

impl Ingest {
    pub(super) fn new(client: &Client, entry_type: String, content: String) -> Self {
        Self {
            client: client.clone(),
            options: Options::default(),
            entry_type,
            content,
            id: None,
            metadata: None,
        }
    }

    /// The entry's id. One that exists is replaced.
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Data to keep with the text and to filter by: an object, a struct or a map.
    pub fn metadata(mut self, metadata: impl Serialize) -> Self {
        self.metadata = self.options.accept(input::object("metadata", metadata));
        self
    }

    call_options!();

    async fn run(self) -> Result<(), Error> {
        let options = self.options.into_call()?;
        input::name("entry type", &self.entry_type)?;
        input::text("text to add", &self.content)?;
        if let Some(id) = &self.id {
            input::name("entry id", id)?;
        }
        let body = types::SearchIngestRequest::new(self.content, self.entry_type)
            .id(self.id)
            .metadata(self.metadata);
        let response = self
            .client
            .send(&requests::SearchIngest::new(body), &options)
            .await?;
        decode::succeeded(&response, response.value.success)
    }
}

awaitable!(Ingest => ());

/// A new text for an entry. From [`Search::update`](super::Search::update). Await it.
///
/// Type and metadata replace what was stored; nothing is merged. What happens to an id that is not there is not
/// published.
///
/// ```no_run
/// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
/// client.search().update("faq-14", "Parcels posted before two leave the same day.").entry_type("faq").await?;
/// # Ok(())
/// # }
/// ```
#[must_use = "a call does nothing until it is awaited"]
pub struct UpdateEntry {
    client: Client,
    options: Options,
    id: String,
    content: String,
    entry_type: Option<String>,
    metadata: Option<RawJson>,
}

impl UpdateEntry {
    pub(super) fn new(client: &Client, id: String, content: String) -> Self {
        Self {
            client: client.clone(),
            options: Options::default(),
            id,
            content,
            entry_type: None,
            metadata: None,
        }
    }

    /// The new type.
    pub fn entry_type(mut self, entry_type: impl Into<String>) -> Self {
        self.entry_type = Some(entry_type.into());
        self
    }

    /// The new metadata: an object, a struct or a map.
    pub fn metadata(mut self, metadata: impl Serialize) -> Self {
        self.metadata = self.options.accept(input::object("metadata", metadata));
        self
    }

    call_options!();

    async fn run(self) -> Result<(), Error> {
        let options = self.options.into_call()?;
        input::name("entry id", &self.id)?;
        input::text("new text", &self.content)?;
        let body = types::SearchUpdateRequest::new(self.id, self.content)
            .type_(self.entry_type)
            .metadata(self.metadata);
        let response = self
            .client
            .send(&requests::SearchUpdate::new(body), &options)
            .await?;
        decode::succeeded(&response, response.value.success)
    }
}

awaitable!(UpdateEntry => ());

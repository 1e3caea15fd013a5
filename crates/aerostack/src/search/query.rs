//! Searching.

use aerostack_api::{RawJson, requests, types};
use serde::Serialize;

use super::Hit;
use crate::{
    Client, Error,
    call::{Options, awaitable, call_options},
    decode, input,
};

/// A search. From [`Search::query`](super::Search::query). Await it for its hits, best first.
#[must_use = "a call does nothing until it is awaited"]
pub struct SearchQuery {
    client: Client,
    options: Options,
    text: String,
    top_k: Option<u32>,
    types: Option<Vec<String>>,
    filter: Option<RawJson>,
}

impl SearchQuery {
    pub(super) fn new(client: &Client, text: String) -> Self {
        Self {
            client: client.clone(),
            options: Options::default(),
            text,
            top_k: None,
            types: None,
            filter: None,
        }
    }

    /// Most hits to give: 5 by default.
    pub fn top_k(mut self, hits: u32) -> Self {
        self.top_k = Some(hits);
        self
    }

    /// Only entries of these types.
    pub fn types<S: Into<String>>(mut self, types: impl IntoIterator<Item = S>) -> Self {
        self.types = Some(types.into_iter().map(Into::into).collect());
        self
    }

    /// Only entries whose metadata match: an object, a struct or a map. Fields are compared for equality; what else the
    /// platform understands is not published.
    pub fn filter(mut self, filter: impl Serialize) -> Self {
        self.filter = self.options.accept(input::object("filter", filter));
        self
    }

    call_options!();

    async fn run(self) -> Result<Vec<Hit>, Error> {
        let options = self.options.into_call()?;
        input::text("text to search for", &self.text)?;
        if self.top_k == Some(0) {
            return Err(Error::invalid_input(
                "top_k is 0; a search gives at least one hit",
            ));
        }
        let body = types::SearchQueryRequest::new(self.text)
            .top_k(self.top_k.map(i64::from))
            .types(self.types)
            .filter(self.filter);
        let mut response = self
            .client
            .send(&requests::SearchQuery::new(body), &options)
            .await?;
        let Some(results) = response.value.results.take() else {
            return Err(decode::lacks(&response, "`results`"));
        };
        results
            .into_iter()
            .map(|result| Hit::from_wire(&response, result))
            .collect()
    }
}

awaitable!(SearchQuery => Vec<Hit>);

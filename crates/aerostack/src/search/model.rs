//! What a search finds.

use std::fmt;

use aerostack_api::{RawJson, Response, types};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Error, decode};

/// An entry of the search index. `Debug` does not show its metadata.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Hit {
    /// The id.
    pub id: String,
    /// The text.
    pub content: String,
    /// How close it is to what was looked for, from 0 to 1; `None` for an entry that was not searched for.
    pub score: Option<f64>,
    /// The type it was added under.
    pub hit_type: Option<String>,
    metadata: Option<RawJson>,
}

impl Hit {
    /// Decodes the metadata.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`](crate::ErrorKind::Decode) when they do not fit `T`, or there are none and `T` cannot do
    /// without: `Option<T>` can.
    pub fn metadata<T: DeserializeOwned>(&self) -> Result<T, Error> {
        decode::part("the entry's metadata", self.metadata.as_ref())
    }

    pub(super) fn from_wire<T>(
        response: &Response<T>,
        result: types::SearchResult,
    ) -> Result<Self, Error> {
        let Some(content) = result.content else {
            return Err(decode::lacks(response, "the `content` of an entry"));
        };
        Ok(Self {
            id: decode::text(response, result.id, "the `id` of an entry")?,
            content,
            score: result.score,
            hit_type: result.type_,
            metadata: result.metadata,
        })
    }
}

impl fmt::Debug for Hit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hit")
            .field("id", &self.id)
            .field("content", &self.content)
            .field("score", &self.score)
            .field("hit_type", &self.hit_type)
            .finish_non_exhaustive()
    }
}

/// A type in use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TypeCount {
    /// The type.
    pub name: String,
    /// Its number of entries.
    pub count: u64,
}

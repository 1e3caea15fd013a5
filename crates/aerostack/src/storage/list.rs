//! Lists of files.

use aerostack_api::{CallOptions, requests, types};
use serde::Serialize;

use crate::{
    Client, Error, Page,
    call::Options,
    decode,
    page::{PrefixQuery, by_prefix, check_limit, next_cursor, paging},
};

/// A list of files. From [`Storage::list`](super::Storage::list).
///
/// Await it for one [`Page`], or take [`items`](Self::items) or [`pages`](Self::pages) as a stream.
///
/// ```no_run
/// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
/// use futures_util::TryStreamExt;
///
/// let files: Vec<_> = client.storage().list().prefix("avatars/").items().try_collect().await?;
/// # Ok(())
/// # }
/// ```
///
/// # Cancel safety
/// Changes nothing, so dropping it is harmless.
#[must_use = "a call does nothing until it is awaited"]
pub struct ListObjects {
    client: Client,
    options: Options,
    query: PrefixQuery,
    cursor: Option<String>,
}

/// What is known of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Object {
    /// The key.
    pub key: String,
    /// Size in bytes.
    pub size: Option<u64>,
    /// The media type.
    pub content_type: Option<String>,
    /// When the file was stored last, in the platform's own notation.
    pub last_modified: Option<String>,
    /// The entity tag.
    pub etag: Option<String>,
}

impl ListObjects {
    async fn page(
        client: Client,
        options: CallOptions,
        query: PrefixQuery,
        cursor: Option<String>,
    ) -> Result<Page<Object>, Error> {
        check_limit(query.limit, 1000)?;
        let body = types::StorageListRequest::new()
            .prefix(
                query
                    .prefix
                    .map(|prefix| prefix.strip_prefix('/').unwrap_or(&prefix).to_owned()),
            )
            .limit(query.limit)
            .cursor(cursor);
        let mut response = client
            .send(&requests::StorageList::new(body), &options)
            .await?;
        let Some(objects) = response.value.objects.take() else {
            return Err(decode::lacks(&response, "`objects`"));
        };
        let cursor = response.value.cursor.take();
        let next = next_cursor(&response, response.value.truncated, cursor)?;
        let mut items = Vec::with_capacity(objects.len());
        for object in objects {
            let Some(key) = object.key else {
                return Err(decode::lacks(&response, "the `key` of a file"));
            };
            items.push(Object {
                key,
                size: object.size.and_then(|size| u64::try_from(size).ok()),
                content_type: object.content_type,
                last_modified: object.last_modified,
                etag: object.etag,
            });
        }
        Ok(Page { items, next })
    }
}

by_prefix!(ListObjects);
paging!(ListObjects => Object);

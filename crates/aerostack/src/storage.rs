//! Files.

mod download;
mod list;
mod target;
mod upload;

use aerostack_api::{requests, types};

use crate::{Client, Error, call::Call, decode};

pub use download::{Download, DownloadStream};
pub use list::{ListObjects, Object};
pub use upload::{StoredFile, Upload, UploadBody};

/// Files of the project. From [`Client::storage`](crate::Client::storage).
///
/// A key is a path such as `avatars/7.png`; a leading slash is dropped. The platform keeps the projects apart, so keys
/// come back as they were given. Keys that are empty, hold a control character, or a `.` or `..` segment are refused
/// before anything is sent.
///
/// URLs come from the platform and are never built here; its pages name several hosts for them.
///
/// # Limits
/// 100 MB a file, of any type, by the platform's documentation; a larger one is refused here, before anything is sent,
/// where its size is known. Lists come in pages of at most 1,000.
///
/// # Consistency
/// [`move_to`](Self::move_to) copies and then deletes: when the second step fails, both keys stay.
///
/// Confidence: all operations are in the platform's published document; the fields of an upload's answer other than
/// `url` are in its documentation only.
#[derive(Debug, Clone)]
pub struct Storage {
    client: Client,
}

impl Storage {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
        }
    }

    /// Stores a file: bytes or text at hand, or an [`UploadBody`] from a file or a stream.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// use aerostack::storage::UploadBody;
    ///
    /// let stored = client.storage().upload("notes/hello.txt", UploadBody::text("hello")).content_type("text/plain").await?;
    /// println!("{}", stored.url);
    /// client.storage().upload("backups/today.db", UploadBody::file("today.db")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the upload; whether the platform stored it is then unknown. Uploading again
    /// replaces it.
    #[doc(alias = "put")]
    #[doc(alias = "put_object")]
    #[doc(alias = "store")]
    pub fn upload(&self, key: impl Into<String>, body: impl Into<UploadBody>) -> Upload {
        Upload::new(&self.client, key.into(), body.into())
    }

    /// Reads a file: await the builder for its bytes, or take [`Download::stream`] or [`Download::to_file`].
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let bytes = client.storage().download("notes/hello.txt").await?;
    /// client.storage().download("backups/today.db").to_file("today.db").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get")]
    #[doc(alias = "get_object")]
    pub fn download(&self, key: impl Into<String>) -> Download {
        Download::new(&self.client, key.into())
    }

    /// The URL of a file. That it answers for a key without a file is possible: ask [`exists`](Self::exists).
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// println!("{}", client.storage().url("avatars/1.png").await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    #[doc(alias = "get_url")]
    #[doc(alias = "public_url")]
    #[doc(alias = "signed_url")]
    pub fn url(&self, key: impl Into<String>) -> Call<String> {
        let key = key.into();
        Call::new(&self.client, move |client, options| async move {
            let body = types::StorageGetUrlRequest::new(checked_key(&key)?);
            let mut response = client
                .send(&requests::StorageGetUrl::new(body), &options)
                .await?;
            let url = response.value.url.take();
            decode::text(&response, url, "`url`")
        })
    }

    /// Whether a file exists.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// if client.storage().exists("avatars/1.png").await? {
    ///     println!("there");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    pub fn exists(&self, key: impl Into<String>) -> Call<bool> {
        let key = key.into();
        Call::new(&self.client, move |client, options| async move {
            let body = types::StorageExistsRequest::new(checked_key(&key)?);
            let response = client
                .send(&requests::StorageExists::new(body), &options)
                .await?;
            response
                .value
                .exists
                .ok_or_else(|| decode::lacks(&response, "`exists`"))
        })
    }

    /// What is known of a file; `None` where there is none.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// if let Some(file) = client.storage().metadata("avatars/1.png").await? {
    ///     println!("{:?} bytes", file.size);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    #[doc(alias = "head")]
    #[doc(alias = "head_object")]
    #[doc(alias = "stat")]
    pub fn metadata(&self, key: impl Into<String>) -> Call<Option<Object>> {
        let key = key.into();
        Call::new(&self.client, move |client, options| async move {
            let key = checked_key(&key)?;
            let body = types::StorageGetMetadataRequest::new(key.clone());
            let response = client
                .send(&requests::StorageGetMetadata::new(body), &options)
                .await?;
            let value = &response.value;
            match value.exists.or(value.size.map(|_| true)) {
                None => Err(decode::lacks(&response, "`exists` and `size`")),
                Some(false) => Ok(None),
                Some(true) => Ok(Some(Object {
                    key,
                    size: value.size.and_then(|size| u64::try_from(size).ok()),
                    content_type: value.content_type.clone(),
                    last_modified: value.last_modified.clone(),
                    etag: value.etag.clone(),
                })),
            }
        })
    }

    /// Files, page by page. See [`ListObjects`].
    pub fn list(&self) -> ListObjects {
        ListObjects::new(&self.client)
    }

    /// Copies a file and returns the URL of the copy. A file at the destination is replaced.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let url = client.storage().copy("avatars/1.png", "archive/1.png").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the copy was made is then unknown.
    pub fn copy(&self, from: impl Into<String>, to: impl Into<String>) -> Call<String> {
        let (from, to) = (from.into(), to.into());
        Call::new(&self.client, move |client, options| async move {
            let body = types::StorageCopyRequest::new(checked_key(&from)?, checked_key(&to)?);
            let mut response = client
                .send(&requests::StorageCopy::new(body), &options)
                .await?;
            decode::succeeded(&response, Some(response.value.success.unwrap_or(true)))?;
            let url = response.value.url.take();
            decode::text(&response, url, "`url`")
        })
    }

    /// Moves a file and returns its new URL. A file at the destination is replaced. A move that may have happened is
    /// never repeated on its own: the second would find nothing to move.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let url = client.storage().move_to("avatars/1.png", "archive/1.png").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; the file is then at the old place, the new one, or both.
    #[doc(alias = "rename")]
    pub fn move_to(&self, from: impl Into<String>, to: impl Into<String>) -> Call<String> {
        let (from, to) = (from.into(), to.into());
        Call::new(&self.client, move |client, options| async move {
            let body = types::StorageMoveRequest::new(checked_key(&from)?, checked_key(&to)?);
            let mut response = client
                .send(&requests::StorageMove::new(body), &options)
                .await?;
            decode::succeeded(&response, Some(response.value.success.unwrap_or(true)))?;
            let url = response.value.url.take();
            decode::text(&response, url, "`url`")
        })
    }

    /// Removes a file. Succeeds where there is none.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// client.storage().delete("avatars/1.png").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the file was removed is then unknown.
    #[doc(alias = "remove")]
    pub fn delete(&self, key: impl Into<String>) -> Call<()> {
        let key = key.into();
        Call::new(&self.client, move |client, options| async move {
            let body = types::StorageDeleteRequest::new(checked_key(&key)?);
            let response = client
                .send(&requests::StorageDelete::new(body), &options)
                .await?;
            decode::succeeded(&response, response.value.success)
        })
    }
}

/// A key as it goes on the wire, or why it does not.
fn checked_key(key: &str) -> Result<String, Error> {
    let key = key.strip_prefix('/').unwrap_or(key);
    if key.is_empty() {
        return Err(Error::invalid_input("the storage key is empty"));
    }
    // The platform drops a slash of its own, and `//a` would silently be `a`.
    if key.starts_with('/') {
        return Err(Error::invalid_input(
            "the storage key begins with more than one slash; leave them out",
        ));
    }
    if key.chars().any(char::is_control) {
        return Err(Error::invalid_input(
            "the storage key holds a control character, a line break perhaps",
        ));
    }
    if key
        .split('/')
        .any(|segment| segment == ".." || segment == ".")
    {
        return Err(Error::invalid_input(
            "the storage key holds a `.` or `..` segment; keys are names, not paths to resolve",
        ));
    }
    Ok(key.to_owned())
}

/// A local file that failed, and what it was wanted for.
fn io_error(what: &str, path: &std::path::Path, source: std::io::Error) -> Error {
    Error::new(
        crate::ErrorKind::Io,
        format!("{what} `{}` failed", path.display()),
    )
    .with_source(source)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_names_and_not_paths_to_resolve() {
        for (key, expected) in [
            ("a.txt", Some("a.txt")),
            ("/a/b c/ü.txt", Some("a/b c/ü.txt")),
            ("a/..b/c..", Some("a/..b/c..")),
            ("", None),
            ("/", None),
            ("..", None),
            ("a/../b", None),
            ("a/./b", None),
            ("a\nb", None),
            ("a\0b", None),
        ] {
            assert_eq!(checked_key(key).ok().as_deref(), expected, "{key:?}");
        }
    }
}

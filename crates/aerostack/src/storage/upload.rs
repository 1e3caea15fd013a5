//! Storing files.

use std::{fmt, io, path::PathBuf, sync::Arc, sync::Mutex, sync::PoisonError};

use aerostack_api::{ByteCounter, FileBody, FilePart, RetryMode, SourceFailed, chunks, requests};
use bytes::Bytes;
use futures_core::Stream;
use futures_util::{StreamExt, stream::BoxStream};
use tokio::io::AsyncReadExt;
use tokio_util::io::ReaderStream;

use super::{checked_key, io_error};
use serde::Serialize;

use crate::{
    Client, Error,
    call::{Options, awaitable, call_options},
    decode, input,
};

/// What is to be stored.
///
/// Bytes and files can be sent again when an attempt fails; a stream cannot, so an upload from one is tried once.
pub struct UploadBody(Source);

type ByteSource = BoxStream<'static, io::Result<Bytes>>;

enum Source {
    Bytes(Bytes),
    File(PathBuf),
    Stream {
        stream: ByteSource,
        length: Option<u64>,
    },
}

impl UploadBody {
    /// Bytes at hand.
    pub fn bytes(bytes: impl Into<Bytes>) -> Self {
        Self(Source::Bytes(bytes.into()))
    }

    /// A text, as UTF-8. A text does not become a body by itself, so that key and content cannot be mistaken for one
    /// another.
    pub fn text(text: impl Into<String>) -> Self {
        Self::bytes(text.into())
    }

    /// A local file, read while it is sent: as many bytes as it had when the attempt began, however it grows meanwhile. A
    /// file that shrinks fails the upload as [`ErrorKind::Io`](crate::ErrorKind::Io).
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self(Source::File(path.into()))
    }

    /// A stream of bytes of unknown length.
    ///
    /// An error of the stream ends the upload as [`ErrorKind::Io`](crate::ErrorKind::Io); the platform stores nothing,
    /// because the body never completes.
    pub fn stream(stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static) -> Self {
        Self(Source::Stream {
            stream: stream.boxed(),
            length: None,
        })
    }

    /// A stream of exactly `length` bytes.
    ///
    /// A stream with fewer or more ends the upload as [`ErrorKind::Io`](crate::ErrorKind::Io), before the platform can take
    /// what arrived for the whole.
    pub fn stream_with_length(
        stream: impl Stream<Item = io::Result<Bytes>> + Send + 'static,
        length: u64,
    ) -> Self {
        Self(Source::Stream {
            stream: stream.boxed(),
            length: Some(length),
        })
    }
}

impl fmt::Debug for UploadBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::Bytes(bytes) => write!(f, "UploadBody({} bytes)", bytes.len()),
            Source::File(path) => write!(f, "UploadBody({})", path.display()),
            Source::Stream { length, .. } => write!(f, "UploadBody(stream of {length:?})"),
        }
    }
}

macro_rules! from_bytes {
    ($($type:ty)*) => {$(
        impl From<$type> for UploadBody {
            fn from(bytes: $type) -> Self {
                Self::bytes(bytes)
            }
        }
    )*};
}

from_bytes!(Bytes Vec<u8> &'static [u8]);

impl<const N: usize> From<&'static [u8; N]> for UploadBody {
    fn from(bytes: &'static [u8; N]) -> Self {
        Self::bytes(bytes.as_slice())
    }
}

/// A file that was stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StoredFile {
    /// Where it can be fetched.
    pub url: String,
    /// The key, where the answer names it.
    pub key: Option<String>,
    /// Size in bytes, where the answer names it.
    pub size: Option<u64>,
    /// The media type, where the answer names it.
    pub content_type: Option<String>,
}

type OnProgress = Arc<dyn Fn(u64) + Send + Sync>;

/// A file to be stored. Await it for a [`StoredFile`].
///
/// The time limit of an upload is one on silence: as long as bytes move it goes on.
#[must_use = "a call does nothing until it is awaited"]
pub struct Upload {
    client: Client,
    options: Options,
    key: String,
    body: UploadBody,
    content_type: Option<String>,
    on_progress: Option<OnProgress>,
}

impl Upload {
    pub(super) fn new(client: &Client, key: String, body: UploadBody) -> Self {
        Self {
            client: client.clone(),
            options: Options::default(),
            key,
            body,
            content_type: None,
            on_progress: None,
        }
    }

    /// The media type to store the file under, such as `image/png`.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Is told how many bytes of the file have gone out, after each chunk. Starts again from 0 when an attempt is
    /// repeated. It runs within the upload, so it should be quick.
    pub fn on_progress(mut self, report: impl Fn(u64) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Arc::new(report));
        self
    }

    call_options!();

    async fn run(self) -> Result<StoredFile, Error> {
        let key = checked_key(&self.key)?;
        if let Some(content_type) = &self.content_type
            && !is_media_type(content_type)
        {
            return Err(Error::invalid_input(
                "the content type is not a media type such as `image/png`",
            ));
        }
        let source = BodyFactory::open(self.body).await?;
        let mut options = self.options;
        let sent = ByteCounter::default();
        options.sent(sent.clone());
        if !source.can_reopen() {
            options.retry(RetryMode::Never);
        }
        let options = options.into_call()?;
        let name = key.rsplit('/').next().unwrap_or(&key).to_owned();
        let (source, on_progress) = (Arc::new(source), self.on_progress);
        let mut file = FilePart::new(name, move || {
            let (source, sent, on_progress) =
                (Arc::clone(&source), sent.clone(), on_progress.clone());
            Box::pin(async move { source.body(&sent, on_progress).await })
        });
        if let Some(content_type) = &self.content_type {
            file = file.content_type(content_type);
        }
        let request = requests::StorageUpload::new(key, file).content_type(self.content_type);
        let mut response = self.client.send(&request, &options).await?;
        let url = response.value.url.take();
        let value = &response.value;
        let (size, key, content_type) = (value.size, value.key.clone(), value.content_type.clone());
        Ok(StoredFile {
            url: decode::text(&response, url, "`url`")?,
            key,
            size: size.and_then(|size| u64::try_from(size).ok()),
            content_type,
        })
    }
}

awaitable!(Upload => StoredFile);

/// Produces the content of a file for each attempt.
enum BodyFactory {
    Bytes(Bytes),
    File(PathBuf),
    Once(Mutex<Option<(ByteSource, Option<u64>)>>),
}

impl BodyFactory {
    async fn open(body: UploadBody) -> Result<Self, Error> {
        let fits = |bytes| input::size("file", bytes, input::FILE_LIMIT);
        Ok(match body.0 {
            Source::Bytes(bytes) => {
                fits(bytes.len() as u64)?;
                Self::Bytes(bytes)
            }
            Source::File(path) => {
                // What is wrong with the file is said here, with its name, and not in the middle of a request.
                let metadata = tokio::fs::metadata(&path)
                    .await
                    .map_err(|error| io_error("opening the file", &path, error))?;
                if !metadata.is_file() {
                    return Err(Error::invalid_input(format!(
                        "`{}` is not a regular file; pass what it gives as UploadBody::stream(..)",
                        path.display()
                    )));
                }
                fits(metadata.len())?;
                match metadata.len() {
                    // Files that the system makes up, such as those of /proc, say 0 and have content.
                    0 => {
                        let content = tokio::fs::read(&path)
                            .await
                            .map_err(|error| io_error("reading the file", &path, error))?;
                        fits(content.len() as u64)?;
                        Self::Bytes(content.into())
                    }
                    _ => Self::File(path),
                }
            }
            Source::Stream { stream, length } => {
                fits(length.unwrap_or(0))?;
                Self::Once(Mutex::new(Some((stream, length))))
            }
        })
    }

    fn can_reopen(&self) -> bool {
        !matches!(self, Self::Once(_))
    }

    /// The content, for one attempt.
    async fn body(
        &self,
        sent: &ByteCounter,
        on_progress: Option<OnProgress>,
    ) -> Result<FileBody, SourceFailed> {
        match self {
            Self::Bytes(bytes) => {
                let length = bytes.len() as u64;
                Ok(started(
                    chunks(bytes.clone()),
                    Some(length),
                    sent,
                    on_progress,
                ))
            }
            Self::File(path) => {
                let open = async {
                    let file = tokio::fs::File::open(path).await?;
                    let length = file.metadata().await?.len();
                    io::Result::Ok((file, length))
                };
                let (file, length) = open.await.map_err(|error| {
                    SourceFailed(format!("opening `{}`: {error}", path.display()))
                })?;
                let stream = ReaderStream::with_capacity(file.take(length), 64 * 1024);
                Ok(started(stream, Some(length), sent, on_progress))
            }
            Self::Once(slot) => {
                let taken = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
                let (stream, length) =
                    taken.ok_or_else(|| SourceFailed("the stream was already used".to_owned()))?;
                Ok(started(stream, length, sent, on_progress))
            }
        }
    }
}

fn started<S>(
    stream: S,
    length: Option<u64>,
    sent: &ByteCounter,
    on_progress: Option<OnProgress>,
) -> FileBody
where
    S: Stream<Item = io::Result<Bytes>> + Send + 'static,
{
    let mut total = 0;
    let reported = stream.inspect(move |chunk| {
        if let (Some(report), Ok(bytes)) = (&on_progress, chunk) {
            total += bytes.len() as u64;
            report(total);
        }
    });
    FileBody::stream(reported, length, sent)
}

fn is_media_type(text: &str) -> bool {
    let essence = text.split(';').next().unwrap_or_default().trim();
    let token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte))
    };
    matches!(essence.split_once('/'), Some((kind, subtype)) if token(kind) && token(subtype))
        && text.bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_are_told_from_other_texts() {
        for (text, expected) in [
            ("image/png", true),
            ("text/plain; charset=utf-8", true),
            ("application/vnd.api+json", true),
            ("png", false),
            ("image/", false),
            ("image/png\r\nX: y", false),
            ("", false),
        ] {
            assert_eq!(is_media_type(text), expected, "{text:?}");
        }
    }
}

//! Reading files.

use std::{
    fmt,
    path::Path,
    pin::Pin,
    task::{Context, Poll},
};

use aerostack_api::{BodyStream, CallOptions, Response, requests, types};
use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use futures_util::TryStreamExt;

use super::{checked_key, target::Target};
use crate::{
    Client, Error, ErrorKind,
    call::{Call, Options, awaitable, call_options},
};

/// Most bytes that awaiting a download collects in memory: what the platform takes a file to be.
const COLLECT_LIMIT: usize = 100 * 1024 * 1024;

/// A file to be read. From [`Storage::download`](super::Storage::download).
///
/// Await it for its bytes (100 MiB at most), or take [`stream`](Self::stream) or [`to_file`](Self::to_file). A file
/// that does not exist is [`ErrorKind::NotFound`]. Reaching the first byte has the call's time limits; after that only
/// silence is limited. The bytes come as they are stored, packed or not; ranges are not documented by the platform, so a
/// download that broke off starts again.
///
/// # Cancel safety
/// Changes nothing on the platform, so dropping it is harmless; [`to_file`](Self::to_file) leaves nothing under the
/// final name.
#[must_use = "a call does nothing until it is awaited"]
pub struct Download {
    client: Client,
    options: Options,
    key: String,
}

impl Download {
    pub(super) fn new(client: &Client, key: String) -> Self {
        Self {
            client: client.clone(),
            options: Options::default(),
            key,
        }
    }

    call_options!();

    /// The file as a stream of chunks, as they arrive.
    ///
    /// # Cancel safety
    /// Waiting for the next chunk can be dropped and taken up again: none is lost. Dropping the stream abandons the rest.
    pub fn stream(self) -> Call<DownloadStream> {
        let Self {
            client,
            options,
            key,
        } = self;
        Call::with_options(&client, options, move |client, options| {
            open(client, options, key)
        })
    }

    /// The file, written to a path; gives the number of bytes.
    ///
    /// The bytes go to a temporary file in the same folder, which takes the final name when it is complete: under that
    /// name there is the whole file, or what was there before. The temporary file is removed when the download fails.
    /// A file that is replaced passes on its mode, and the temporary file is readable by its owner alone until then.
    ///
    /// A path is taken as a shell takes it: a symbolic link is followed and what it names is replaced, and devices, named
    /// pipes and `/dev/stdout` are written through. A directory is refused before anything is sent.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let bytes = client.storage().download("backups/today.db").to_file("today.db").await?;
    /// println!("{bytes} bytes");
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future removes the temporary file and leaves what was there before; dropped in its very last step,
    /// the whole file may be in place. What was written through is gone.
    pub fn to_file(self, path: impl AsRef<Path>) -> Call<u64> {
        let path = path.as_ref().to_owned();
        let Self {
            client,
            options,
            key,
        } = self;
        Call::with_options(&client, options, move |client, options| async move {
            let mut target = Target::open(path).await?;
            let mut stream = open(client, options, key).await?;
            let mut length = 0;
            while let Some(chunk) = stream.try_next().await? {
                length += chunk.len() as u64;
                target.write(&chunk).await?;
            }
            target.finish().await?;
            Ok(length)
        })
    }

    async fn run(self) -> Result<Bytes, Error> {
        let mut stream = open(self.client, self.options.into_call()?, self.key).await?;
        let reporter = stream.body.reporter();
        let too_large = || {
            let error = Error::new(
                ErrorKind::TooLarge,
                "the file is larger than 100 MiB; read it with .stream() or .to_file(path)",
            );
            reporter.unusable(&error);
            error
        };
        if stream
            .length
            .is_some_and(|length| length > COLLECT_LIMIT as u64)
        {
            return Err(too_large());
        }
        let mut bytes = BytesMut::new();
        while let Some(chunk) = stream.try_next().await? {
            if bytes.len() + chunk.len() > COLLECT_LIMIT {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    }
}

awaitable!(Download => Bytes);

/// The chunks of a file. Nothing follows an error; an end without error is the end of the file.
pub struct DownloadStream {
    body: BodyStream,
    head: Response<()>,
    length: Option<u64>,
    content_type: Option<String>,
    etag: Option<String>,
    content_encoding: Option<String>,
}

impl DownloadStream {
    /// The file's size in bytes, where the platform says it.
    pub fn content_length(&self) -> Option<u64> {
        self.length
    }

    /// The file's media type.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The encoding the file is stored in, such as `gzip`. The bytes are given as they are stored: nothing is unpacked.
    pub fn content_encoding(&self) -> Option<&str> {
        self.content_encoding.as_deref()
    }

    /// The file's entity tag.
    pub fn etag(&self) -> Option<&str> {
        self.etag.as_deref()
    }
}

impl Stream for DownloadStream {
    type Item = Result<Bytes, Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        Pin::new(&mut this.body)
            .poll_next(cx)
            .map_err(|error| Error::in_body(&this.head, error))
    }
}

impl fmt::Debug for DownloadStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DownloadStream")
            .field("length", &self.length)
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}

async fn open(client: Client, options: CallOptions, key: String) -> Result<DownloadStream, Error> {
    let body = types::StorageGetRequest::new(checked_key(&key)?);
    let transport = client.transport();
    let response = transport
        .stream(&requests::StorageGet::new(body), &options)
        .await?;
    let (body, head) = response.split();
    let header = |name: &str| {
        head.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    Ok(DownloadStream {
        length: header("content-length").and_then(|length| length.parse().ok()),
        content_type: header("content-type"),
        etag: header("etag"),
        content_encoding: header("content-encoding"),
        body,
        head,
    })
}

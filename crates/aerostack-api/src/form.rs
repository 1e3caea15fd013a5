//! Multipart forms, whose files are opened again for each attempt.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use futures_core::{Stream, future::BoxFuture};
use futures_util::{StreamExt, TryStreamExt};
use reqwest::{Body, RequestBuilder, multipart};

use crate::{attempt::SourceFailed, error::TransportError, options::ByteCounter};

/// A file to be sent in a multipart form.
#[derive(Clone)]
pub struct FilePart {
    name: String,
    content_type: Option<String>,
    open: Opener,
}

type Opener = Arc<dyn Fn() -> BoxFuture<'static, Result<FileBody, SourceFailed>> + Send + Sync>;

impl FilePart {
    /// A file of this name, whose content `open` produces once per attempt.
    pub fn new<F>(name: impl Into<String>, open: F) -> Self
    where
        F: Fn() -> BoxFuture<'static, Result<FileBody, SourceFailed>> + Send + Sync + 'static,
    {
        Self {
            name: name.into(),
            content_type: None,
            open: Arc::new(open),
        }
    }

    /// Sets the media type.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    async fn part(&self) -> Result<multipart::Part, TransportError> {
        let FileBody { body, length } = (self.open)()
            .await
            .map_err(|failed| TransportError::Source(failed.0.into()))?;
        let part = match length {
            Some(length) => multipart::Part::stream_with_length(body, length),
            None => multipart::Part::stream(body),
        };
        // A part without a type is legal, but brings down at least one server (Prism 5.14).
        let content_type = self
            .content_type
            .as_deref()
            .unwrap_or("application/octet-stream");
        part.file_name(self.name.clone())
            .mime_str(content_type)
            .map_err(|_| TransportError::Request("the content type is not a media type".to_owned()))
    }
}

impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilePart")
            .field("name", &self.name)
            .field("content_type", &self.content_type)
            .finish_non_exhaustive()
    }
}

/// The content of a file, for one attempt.
#[derive(Debug)]
pub struct FileBody {
    body: Body,
    length: Option<u64>,
}

impl FileBody {
    /// A stream of bytes, of a known length or sent in chunks. `counter` counts the bytes that are sent.
    ///
    /// A stream that does not keep its length fails the upload before the form is complete, so that the server cannot
    /// take what arrived for the file.
    pub fn stream<S, E>(stream: S, length: Option<u64>, counter: &ByteCounter) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: fmt::Display + Send + 'static,
    {
        let counter = counter.clone();
        let counted = exactly(
            length,
            stream.map_err(|error| SourceFailed(error.to_string())),
        )
        .inspect_ok(move |bytes| counter.add(bytes.len() as u64));
        Self {
            body: Body::wrap_stream(counted),
            length,
        }
    }
}

/// Fails a stream that ends early, or goes on beyond its length.
fn exactly<S>(
    length: Option<u64>,
    stream: S,
) -> impl Stream<Item = Result<Bytes, SourceFailed>> + Send + 'static
where
    S: Stream<Item = Result<Bytes, SourceFailed>> + Send + 'static,
{
    let state = (Box::pin(stream), 0u64, false);
    futures_util::stream::unfold(state, move |(mut stream, mut seen, ended)| async move {
        if ended {
            return None;
        }
        let next = stream.next().await;
        seen += match &next {
            Some(Ok(bytes)) => bytes.len() as u64,
            _ => 0,
        };
        let failed = match (&next, length) {
            (None, Some(length)) if seen < length => {
                Some(format!("it gave {seen} of {length} bytes"))
            }
            (Some(Ok(_)), Some(length)) if seen > length => {
                Some(format!("it gave more than the {length} bytes announced"))
            }
            _ => None,
        };
        match (failed, next) {
            (Some(failed), _) => Some((Err(SourceFailed(failed)), (stream, seen, true))),
            (None, None) => None,
            (None, Some(next)) => {
                let ended = next.is_err();
                Some((next, (stream, seen, ended)))
            }
        }
    })
}

/// Splits bytes into chunks without copying, so that progress can be observed while they are sent.
pub fn chunks(bytes: Bytes) -> impl Stream<Item = std::io::Result<Bytes>> + Send + 'static {
    const CHUNK: usize = 64 * 1024;
    let mut rest = bytes;
    futures_util::stream::iter(std::iter::from_fn(move || {
        (!rest.is_empty()).then(|| Ok(rest.split_to(rest.len().min(CHUNK))))
    }))
}

/// The fields of one form.
#[derive(Debug, Default)]
pub(crate) struct Form<'a> {
    pub(crate) texts: Vec<(&'static str, String)>,
    pub(crate) files: Vec<(&'static str, &'a FilePart)>,
}

impl Form<'_> {
    pub(crate) fn is_empty(&self) -> bool {
        self.texts.is_empty() && self.files.is_empty()
    }

    /// Opens the files and makes the form the body of a request.
    pub(crate) async fn attach(
        &self,
        client: &reqwest::Client,
        request: reqwest::Request,
    ) -> Result<reqwest::Request, TransportError> {
        let mut form = multipart::Form::new();
        // The texts come first: a server can then route the files while they arrive.
        for (name, text) in &self.texts {
            form = form.text(*name, text.clone());
        }
        for (name, file) in &self.files {
            form = form.part(*name, file.part().await?);
        }
        RequestBuilder::from_parts(client.clone(), request)
            .multipart(form)
            .build()
            .map_err(crate::attempt::classify)
    }
}

//! The multipart upload, which the generator cannot express, on the generated client's transport.

use bytes::Bytes;
use futures_core::Stream;
use futures_util::{StreamExt, TryStreamExt};
use progenitor_client::{ClientHooks, Error, OperationInfo, ResponseValue};
use reqwest::{
    Body,
    multipart::{Form, Part},
};

use crate::{
    attempt::SourceFailed,
    generated::{Client, types},
    options::Progress,
};

/// What is uploaded, for one attempt.
#[derive(Debug)]
pub struct Upload {
    key: String,
    content_type: Option<String>,
    file_name: String,
    body: Body,
    length: Option<u64>,
}

impl Upload {
    /// A stream of bytes, of a known length or sent in chunks.
    ///
    /// A stream that does not keep its length fails the upload before the form is complete, so that the server cannot take
    /// what arrived for the file.
    pub fn stream<S, E>(
        key: impl Into<String>,
        stream: S,
        length: Option<u64>,
        progress: &Progress,
    ) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + 'static,
        E: std::fmt::Display + Send + 'static,
    {
        let progress = progress.clone();
        let counted = exactly(
            length,
            stream.map_err(|error| SourceFailed(error.to_string())),
        )
        .inspect_ok(move |bytes| progress.add(bytes.len() as u64));
        let key = key.into();
        Self {
            file_name: key.rsplit('/').next().unwrap_or(&key).to_owned(),
            key,
            content_type: None,
            body: Body::wrap_stream(counted),
            length,
        }
    }

    /// The media type to store the file under.
    #[must_use]
    pub fn content_type(mut self, content_type: Option<String>) -> Self {
        self.content_type = content_type;
        self
    }

    fn into_form(self) -> reqwest::Result<Form> {
        let mut part = match self.length {
            Some(length) => Part::stream_with_length(self.body, length),
            None => Part::stream(self.body),
        }
        .file_name(self.file_name);
        // A part without a type is legal, but brings down at least one server (Prism 5.14).
        part = part.mime_str(
            self.content_type
                .as_deref()
                .unwrap_or("application/octet-stream"),
        )?;
        // The fields come first: a server can then route the file while it arrives.
        let mut form = Form::new().text("key", self.key);
        if let Some(content_type) = self.content_type {
            form = form.text("contentType", content_type);
        }
        Ok(form.part("file", part))
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

/// Cuts bytes at hand into chunks, so that progress is seen while the socket takes them. Copies nothing.
pub fn chunks(bytes: Bytes) -> impl Stream<Item = std::io::Result<Bytes>> + Send + 'static {
    const CHUNK: usize = 64 * 1024;
    let mut rest = bytes;
    futures_util::stream::iter(std::iter::from_fn(move || {
        (!rest.is_empty()).then(|| Ok(rest.split_to(rest.len().min(CHUNK))))
    }))
}

impl From<SourceFailed> for Error<()> {
    fn from(failed: SourceFailed) -> Self {
        Self::Custom(failed.0)
    }
}

impl Client {
    /// `POST /v1/storage/upload`.
    ///
    /// # Errors
    /// As the generated operations.
    pub async fn storage_upload(
        &self,
        upload: Upload,
    ) -> Result<ResponseValue<types::StorageUploadResponse>, Error<()>> {
        let url = format!("{}/v1/storage/upload", self.baseurl);
        let mut request = self
            .client
            .post(url)
            .header(reqwest::header::ACCEPT, "application/json")
            .multipart(upload.into_form()?)
            .build()?;
        let info = OperationInfo {
            operation_id: "storage_upload",
        };
        self.pre(&mut request, &info).await?;
        let result = self.exec(request, &info).await;
        self.post(&result, &info).await?;
        let response = result?;
        match response.status().as_u16() {
            200 => ResponseValue::from_response(response).await,
            _ => Err(Error::UnexpectedResponse(response)),
        }
    }
}

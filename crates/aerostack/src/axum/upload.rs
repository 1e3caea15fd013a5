//! Uploads from the browser.

use std::{io, pin::pin};

use ::axum::{body::Body, body::HttpBody, extract::multipart::Field};
use bytes::Bytes;
use futures_util::{
    StreamExt, TryStreamExt,
    future::{Either, select},
    stream,
};
use tokio::sync::mpsc;

use crate::{
    Error,
    storage::{Storage, StoredFile, UploadBody},
};

/// The body of a request, passed on while it arrives.
///
/// ```
/// use aerostack::{Client, Error};
/// use axum::{body::Body, extract::{Path, State}};
///
/// async fn put(State(client): State<Client>, Path(name): Path<String>, body: Body) -> Result<String, Error> {
///     Ok(client.storage().upload(format!("uploads/{name}"), body).await?.url)
/// }
/// ```
impl From<Body> for UploadBody {
    fn from(body: Body) -> Self {
        let length = body.size_hint().exact();
        let stream = body.into_data_stream().map_err(io::Error::other);
        match length {
            Some(length) => Self::stream_with_length(stream, length),
            None => Self::stream(stream),
        }
    }
}

/// Chunks of a field on their way from the form to the upload.
const CHUNKS: usize = 4;

/// Stores a field of a multipart form while it arrives, under its own media type if it has one.
///
/// ```
/// use aerostack::{Client, Error, axum::upload_field};
/// use axum::extract::{Multipart, State};
///
/// async fn upload(State(client): State<Client>, mut form: Multipart) -> Result<String, Error> {
///     let mut urls = String::new();
///     while let Ok(Some(field)) = form.next_field().await {
///         let key = format!("uploads/{}", field.file_name().unwrap_or("unnamed"));
///         urls.push_str(&upload_field(&client.storage(), key, field).await?.url);
///     }
///     Ok(urls)
/// }
/// ```
///
/// A form may be as large as axum's `DefaultBodyLimit` says, 2 MB unless the route raises it.
///
/// # Errors
/// Those of [`Storage::upload`]; [`ErrorKind::Io`](crate::ErrorKind::Io) where the form breaks off or is too large, and
/// then nothing is stored.
///
/// # Cancel safety
/// Dropping the future abandons the upload; whether the file was stored is then unknown.
pub async fn upload_field(
    storage: &Storage,
    key: impl Into<String>,
    mut field: Field<'_>,
) -> Result<StoredFile, Error> {
    let content_type = field.content_type().map(str::to_owned);
    let (sender, receiver) = mpsc::channel::<io::Result<Bytes>>(CHUNKS);
    // The field borrows its form, and an upload's body borrows nothing: a channel connects the two.
    let chunks = stream::unfold(receiver, |mut receiver| async {
        Some((receiver.recv().await?, receiver))
    });
    let mut upload = storage.upload(key, UploadBody::stream(chunks));
    if let Some(content_type) = content_type {
        upload = upload.content_type(content_type);
    }
    let feed = pin!(async move {
        while let Some(chunk) = field.next().await {
            if sender.send(chunk.map_err(io::Error::other)).await.is_err() {
                break;
            }
        }
    });
    match select(upload.into_future(), feed).await {
        Either::Left((stored, _)) => stored,
        Either::Right((_, upload)) => upload.await,
    }
}

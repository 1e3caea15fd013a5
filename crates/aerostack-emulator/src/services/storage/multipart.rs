//! The multipart form of an upload, read as it arrives.

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use axum::http::{HeaderValue, StatusCode};
use futures_util::StreamExt;

use crate::error::{ApiError, ApiResult};
use crate::services::storage::{KEY_BYTES_MAX, Storage, clean_key, disk};
use crate::store::blobs::Blob;

pub(super) const DEFAULT_TYPE: &str = "application/octet-stream";

pub(super) struct Upload {
    pub(super) blob: Blob,
    pub(super) key: String,
    pub(super) content_type: String,
}

/// Reads the form to its end, even past an error: a client that is still sending would not see an early answer.
pub(super) async fn read_form(storage: &Storage, mut form: Multipart) -> ApiResult<Upload> {
    let (mut blob, mut part_type, mut key, mut content_type) = (None, None, None, None);
    let mut failure = None;
    while let Some(mut field) = form.next_field().await.map_err(|error| broken(&error))? {
        let name = field.name().unwrap_or_default().to_owned();
        let read = match name.as_str() {
            "file" if blob.is_none() => {
                part_type = field.content_type().map(str::to_owned);
                read_file(storage, &mut field)
                    .await
                    .map(|read| blob = Some(read))
            }
            // Older pages of the platform call it path.
            "key" | "path" if key.is_none() => read_text(&mut field, "key")
                .await
                .map(|text| key = Some(text)),
            "contentType" if content_type.is_none() => read_text(&mut field, "contentType")
                .await
                .map(|text| content_type = Some(text)),
            "file" | "key" | "path" | "contentType" => {
                Err(ApiError::validation(format!("the part {name} comes twice")))
            }
            _ => Err(ApiError::validation(format!(
                "unknown part {name:?}; an upload has the parts file, key and contentType"
            ))),
        };
        if let Err(error) = read {
            failure.get_or_insert(error);
        }
        while let Some(chunk) = field.next().await {
            chunk.map_err(|error| broken(&error))?;
        }
    }
    if let Some(failure) = failure {
        return Err(failure);
    }
    let key = clean_key(&key.ok_or_else(|| ApiError::validation("the part key is missing"))?)?;
    let blob = blob.ok_or_else(|| ApiError::validation("the part file is missing"))?;
    let content_type = content_type
        .or(part_type)
        .unwrap_or_else(|| DEFAULT_TYPE.to_owned());
    if content_type.is_empty() || HeaderValue::from_str(&content_type).is_err() {
        return Err(ApiError::validation("contentType is not a media type"));
    }
    Ok(Upload {
        blob,
        key,
        content_type,
    })
}

pub(super) async fn read_file(storage: &Storage, field: &mut Field<'_>) -> ApiResult<Blob> {
    let limit = storage.upload_limit;
    let mut draft = storage.blobs.draft().await.map_err(|error| disk(&error))?;
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|error| broken(&error))?;
        if draft.size() + chunk.len() as u64 > limit {
            return Err(ApiError::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "STORAGE_FILE_TOO_LARGE",
                format!("The file is larger than the limit of {limit} bytes."),
            ));
        }
        draft.write(chunk).await.map_err(|error| disk(&error))?;
    }
    draft.finish().await.map_err(|error| disk(&error))
}

pub(super) async fn read_text(field: &mut Field<'_>, name: &str) -> ApiResult<String> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.next().await {
        let chunk = chunk.map_err(|error| broken(&error))?;
        if bytes.len() + chunk.len() > 4 * KEY_BYTES_MAX {
            return Err(ApiError::validation(format!("the part {name} is too long")));
        }
        bytes.extend_from_slice(&chunk);
    }
    String::from_utf8(bytes)
        .map_err(|_| ApiError::validation(format!("the part {name} is not UTF-8")))
}

pub(super) fn broken(error: &MultipartError) -> ApiError {
    ApiError::validation(format!("The form cannot be read: {}", error.body_text()))
}

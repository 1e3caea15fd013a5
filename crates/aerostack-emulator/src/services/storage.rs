//! The storage service: files under keys. Their bytes are in [`Blobs`](crate::store::blobs::Blobs), the rest in the system
//! database.

mod index;
mod multipart;

use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get as http_get, post};
use bytes::Bytes;
use serde::{Deserialize, Serialize};

use crate::error::{ApiError, ApiResult, Reply};
use crate::http::extract::{self, Json, some};
use crate::http::page;
use crate::platform::App;
use crate::store::blobs::{Blob, Content};
use index::{About, FileRow, Object, collect, find, page_of, put};
pub(crate) use index::{SCHEMA, sweep};
use multipart::{Upload, is_form, read_form};

const KEY_BYTES_MAX: usize = 1024;

/// Lets a page among the stored files show itself, but run nothing and reach nothing.
const FILE_POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'";

pub(crate) fn routes() -> Router<App> {
    Router::new()
        // The handler counts the bytes itself and says more than the framework would.
        .route(
            "/v1/storage/upload",
            post(upload).layer(DefaultBodyLimit::disable()),
        )
        .route("/v1/storage/get", post(get))
        .route("/v1/storage/getUrl", post(get_url))
        .route("/v1/storage/list", post(list))
        .route("/v1/storage/delete", post(delete))
        .route("/v1/storage/exists", post(exists))
        .route("/v1/storage/getMetadata", post(get_metadata))
        .route("/v1/storage/copy", post(copy))
        .route("/v1/storage/move", post(rename))
        .route("/files/{project}/{*key}", http_get(serve))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyRequest {
    key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct TwoKeysRequest {
    source_key: String,
    dest_key: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListRequest {
    #[serde(default)]
    prefix: String,
    #[serde(default, deserialize_with = "some")]
    limit: Option<i64>,
    #[serde(default, deserialize_with = "some")]
    cursor: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct UploadReply {
    url: String,
    key: String,
    size: u64,
    content_type: String,
}

#[derive(Serialize)]
struct UrlReply {
    url: String,
}

#[derive(Serialize)]
struct PlacedReply {
    success: bool,
    url: String,
}

#[derive(Serialize)]
struct Success {
    success: bool,
}

#[derive(Serialize)]
struct ExistsReply {
    exists: bool,
}

#[derive(Serialize)]
struct MetadataReply {
    exists: bool,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    about: Option<About>,
}

#[derive(Serialize)]
struct ListReply {
    objects: Vec<Object>,
    truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

async fn upload(State(app): State<App>, request: Request) -> Reply<UploadReply> {
    let host = host(request.headers());
    if !is_form(request.headers()) {
        extract::drain(request.into_body()).await;
        return Err(ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            "Send the file as multipart/form-data with the parts file and key.",
        ));
    }
    let form = Multipart::from_request(request, &app)
        .await
        .map_err(|error| ApiError::validation(format!("The form cannot be read: {error}")))?;
    let Upload {
        blob,
        key,
        content_type,
    } = read_form(&app, form).await?;
    let size = blob.size;
    place(&app, key.clone(), content_type.clone(), blob).await?;
    Ok(axum::Json(UploadReply {
        url: url(&app, &host, &key),
        key,
        size,
        content_type,
    }))
}

/// Writes a file's row and drops what it replaces.
async fn place(app: &App, key: String, content_type: String, blob: Blob) -> ApiResult<()> {
    let (state, now) = (Arc::clone(app), app.clock.now_ms());
    app.system
        .call(move |connection| {
            let row = FileRow {
                digest: blob.digest.clone(),
                size: i64::try_from(blob.size).unwrap_or(i64::MAX),
                content_type,
                modified_ms: now,
            };
            state.blobs.keep(blob).map_err(|error| disk(&error))?;
            let replaced = put(connection, &key, &row)?;
            collect(&state, connection, replaced)
        })
        .await
}

async fn get(State(app): State<App>, Json(request): Json<KeyRequest>) -> ApiResult<Response> {
    content(&app, clean_key(&request.key)?).await
}

/// The public URL of a file, as handed out by `getUrl`.
async fn serve(
    State(app): State<App>,
    Path((project, key)): Path<(String, String)>,
) -> ApiResult<Response> {
    if !app.is_project(&project) {
        return Err(ApiError::not_found(format!(
            "There is no project {project}."
        )));
    }
    content(&app, clean_key(&key)?).await
}

async fn content(app: &App, key: String) -> ApiResult<Response> {
    let state = Arc::clone(app);
    let (row, content): (FileRow, Content) = app
        .system
        .call(move |connection| {
            let row = find(connection, &key)?.ok_or_else(|| missing(&key))?;
            let content = state
                .blobs
                .content(&row.digest)
                .map_err(|error| disk(&error))?;
            Ok((row, content))
        })
        .await?;
    let mut response = Response::new(content.into_body());
    let headers = [
        // Files come from the origin of the controls: whatever they are, they must not run there.
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (header::CONTENT_SECURITY_POLICY, FILE_POLICY.to_owned()),
        (header::CONTENT_TYPE, row.content_type.clone()),
        (header::CONTENT_LENGTH, row.size.to_string()),
        (header::ETAG, format!("\"{}\"", row.etag())),
    ];
    for (name, value) in headers {
        let value =
            HeaderValue::from_str(&value).map_err(|error| ApiError::internal(error.to_string()))?;
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

async fn get_url(
    State(app): State<App>,
    headers: HeaderMap,
    Json(request): Json<KeyRequest>,
) -> Reply<UrlReply> {
    let key = clean_key(&request.key)?;
    Ok(axum::Json(UrlReply {
        url: url(&app, &host(&headers), &key),
    }))
}

async fn list(State(app): State<App>, Json(request): Json<ListRequest>) -> Reply<ListReply> {
    let limit = page::limit(request.limit, 100, 1000)?;
    let after = page::decode_cursor(request.cursor.as_deref())?;
    let mut objects = app
        .system
        .call(move |connection| page_of(connection, &request.prefix, &after, limit + 1))
        .await?;
    let truncated = objects.len() > limit;
    objects.truncate(limit);
    let cursor = if truncated {
        objects.last().map(|last| page::encode_cursor(&last.key))
    } else {
        None
    };
    Ok(axum::Json(ListReply {
        objects,
        truncated,
        cursor,
    }))
}

async fn delete(State(app): State<App>, Json(request): Json<KeyRequest>) -> Reply<Success> {
    let key = clean_key(&request.key)?;
    let state = Arc::clone(&app);
    app.system
        .call(move |connection| {
            let gone = find(connection, &key)?.map(|row| row.digest);
            connection.execute("DELETE FROM files WHERE key = ?1", [&key])?;
            collect(&state, connection, gone)
        })
        .await?;
    Ok(axum::Json(Success { success: true }))
}

async fn exists(State(app): State<App>, Json(request): Json<KeyRequest>) -> Reply<ExistsReply> {
    let key = clean_key(&request.key)?;
    let exists = app
        .system
        .call(move |connection| Ok(find(connection, &key)?.is_some()))
        .await?;
    Ok(axum::Json(ExistsReply { exists }))
}

async fn get_metadata(
    State(app): State<App>,
    Json(request): Json<KeyRequest>,
) -> Reply<MetadataReply> {
    let key = clean_key(&request.key)?;
    let row = app
        .system
        .call(move |connection| find(connection, &key))
        .await?;
    Ok(axum::Json(MetadataReply {
        exists: row.is_some(),
        about: row.map(|row| row.about()),
    }))
}

async fn copy(
    State(app): State<App>,
    headers: HeaderMap,
    Json(request): Json<TwoKeysRequest>,
) -> Reply<PlacedReply> {
    relocate(&app, &headers, &request, false).await
}

/// `storageMove`. Atomic here, unlike on the platform.
async fn rename(
    State(app): State<App>,
    headers: HeaderMap,
    Json(request): Json<TwoKeysRequest>,
) -> Reply<PlacedReply> {
    relocate(&app, &headers, &request, true).await
}

async fn relocate(
    app: &App,
    headers: &HeaderMap,
    request: &TwoKeysRequest,
    leave: bool,
) -> Reply<PlacedReply> {
    let (from, to) = (
        clean_key(&request.source_key)?,
        clean_key(&request.dest_key)?,
    );
    let url = url(app, &host(headers), &to);
    let (state, now) = (Arc::clone(app), app.clock.now_ms());
    app.system
        .call(move |connection| {
            let row = find(connection, &from)?.ok_or_else(|| missing(&from))?;
            let transaction = connection.transaction()?;
            let replaced = put(
                &transaction,
                &to,
                &FileRow {
                    modified_ms: now,
                    ..row
                },
            )?;
            if leave && from != to {
                transaction.execute("DELETE FROM files WHERE key = ?1", [&from])?;
            }
            transaction.commit()?;
            collect(&state, connection, replaced)
        })
        .await?;
    Ok(axum::Json(PlacedReply { success: true, url }))
}

/// The key without a leading slash, or the reason why it is none.
fn clean_key(key: &str) -> ApiResult<String> {
    let key = key.strip_prefix('/').unwrap_or(key);
    let problem = if key.is_empty() {
        "key must not be empty".to_owned()
    } else if key.len() > KEY_BYTES_MAX {
        format!("key is longer than {KEY_BYTES_MAX} bytes")
    } else if key.chars().any(char::is_control) {
        "key must not contain control characters".to_owned()
    } else if key
        .split(['/', '\\'])
        .any(|segment| segment == ".." || segment == ".")
    {
        "key must not contain a '.' or '..' segment".to_owned()
    } else {
        return Ok(key.to_owned());
    };
    Err(ApiError::validation(problem))
}

/// The address the client knows the emulator by.
fn host(headers: &HeaderMap) -> String {
    headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or("127.0.0.1")
        .to_owned()
}

fn url(app: &App, host: &str, key: &str) -> String {
    let mut url = format!("http://{host}/files/{}/", app.config.project_id);
    for byte in key.bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'~' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                url.push(char::from(byte))
            }
            _ => url.push_str(&format!("%{byte:02X}")),
        }
    }
    url
}

fn missing(key: &str) -> ApiError {
    ApiError::not_found(format!("There is no file at {key}."))
}

fn disk(error: &std::io::Error) -> ApiError {
    ApiError::internal(format!("The emulator cannot reach its files: {error}"))
}

/// Stores a file past the API.
pub(crate) async fn seed(app: &App, key: &str, content_type: &str, bytes: Bytes) -> ApiResult<()> {
    let key = clean_key(key)?;
    HeaderValue::from_str(content_type)
        .map_err(|_| ApiError::validation("contentType is not a media type"))?;
    let mut draft = app.blobs.draft().await.map_err(|error| disk(&error))?;
    draft.write(bytes).await.map_err(|error| disk(&error))?;
    let blob = draft.finish().await.map_err(|error| disk(&error))?;
    place(app, key, content_type.to_owned(), blob).await
}

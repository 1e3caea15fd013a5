//! The storage service: files under keys. Their bytes are in [`Blobs`](crate::store::blobs::Blobs), the rest in the system
//! database.

mod conditional;
mod index;
mod multipart;

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Path, Request, State};
use axum::handler::Handler;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::get as http_get;
use bytes::Bytes;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::config::Project;
use crate::error::{ApiError, ApiResult, Reply};
use crate::http::extract::{Json, drain, media_type, or_default};
use crate::http::operation::Routes;
use crate::http::operations::{
    STORAGE_COPY, STORAGE_DELETE, STORAGE_EXISTS, STORAGE_GET, STORAGE_GET_METADATA,
    STORAGE_GET_URL, STORAGE_LIST, STORAGE_MOVE, STORAGE_UPLOAD,
};
use crate::http::page;
use crate::store::blobs::{Blob, Blobs, Content};
use crate::store::database::Database;
use crate::store::saved_blobs::SavedBlobs;
use conditional::{Wanted, http_date, wanted};
use index::{FileRow, Object, ObjectMetadata, find, gc_blob, page_of, put};
pub(crate) use index::{SCHEMA, sweep};
use multipart::{Upload, read_form};

const KEY_BYTES_MAX: usize = 1024;

/// Lets a page among the stored files show itself, but run nothing and reach nothing.
const FILE_POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; media-src 'self'";

/// What is escaped in the path of a URL: everything but unreserved characters and slashes.
const PATH: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

#[derive(Clone)]
pub(crate) struct Storage {
    db: Database,
    blobs: Blobs,
    clock: Clock,
    project: Project,
    upload_limit: u64,
}

impl Storage {
    pub(crate) fn new(
        db: Database,
        blobs: Blobs,
        clock: Clock,
        project: Project,
        upload_limit: u64,
    ) -> Self {
        Self {
            db,
            blobs,
            clock,
            project,
            upload_limit,
        }
    }

    /// Copies of the bytes of all files.
    pub(crate) fn saved_blobs(&self) -> std::io::Result<SavedBlobs> {
        self.blobs.saved()
    }

    /// Puts copies back that are missing.
    pub(crate) fn restore_blobs(&self, saved: &SavedBlobs) -> std::io::Result<()> {
        self.blobs.restore(saved)
    }

    pub(crate) fn routes(self) -> Routes {
        Routes::new()
            // The handler counts the bytes itself and says more than the framework would.
            .on(&STORAGE_UPLOAD, upload.layer(DefaultBodyLimit::disable()))
            .on(&STORAGE_GET, get)
            .on(&STORAGE_GET_URL, get_url)
            .on(&STORAGE_LIST, list)
            .on(&STORAGE_DELETE, delete)
            .on(&STORAGE_EXISTS, exists)
            .on(&STORAGE_GET_METADATA, get_metadata)
            .on(&STORAGE_COPY, copy)
            .on(&STORAGE_MOVE, rename)
            .with_state(self)
    }

    /// The public URLs of files, which are no operations of the document.
    pub(crate) fn files(self) -> Router {
        Router::new()
            .route("/files/{project}/{*key}", http_get(serve))
            .with_state(self)
    }

    /// Stores a file.
    pub(crate) async fn seed(&self, key: &str, content_type: &str, bytes: Bytes) -> ApiResult<()> {
        let key = clean_key(key)?;
        HeaderValue::from_str(content_type)
            .map_err(|_| ApiError::validation("contentType is not a media type"))?;
        let mut draft = self.blobs.draft().await.map_err(|error| disk(&error))?;
        draft.write(bytes).await.map_err(|error| disk(&error))?;
        let blob = draft.finish().await.map_err(|error| disk(&error))?;
        self.commit(key, content_type.to_owned(), blob).await
    }

    /// Removes bytes that no row refers to.
    pub(crate) fn sweep(&self, connection: &rusqlite::Connection) -> rusqlite::Result<()> {
        sweep(connection, &self.blobs)
    }

    /// Writes a file's row and drops what it replaces.
    async fn commit(&self, key: String, content_type: String, blob: Blob) -> ApiResult<()> {
        let (blobs, now) = (self.blobs.clone(), self.clock.now_ms());
        self.db
            .call(move |connection| {
                let row = FileRow {
                    digest: blob.digest.clone(),
                    size: i64::try_from(blob.size).unwrap_or(i64::MAX),
                    content_type,
                    modified_ms: now,
                };
                blobs.keep(blob).map_err(|error| disk(&error))?;
                let replaced = put(connection, &key, &row)?;
                gc_blob(&blobs, connection, replaced)
            })
            .await
    }

    /// The file's answer; `headers` may ask for a part of it, or say that the client has it already.
    async fn content(&self, key: String, headers: &HeaderMap) -> ApiResult<Response> {
        let blobs = self.blobs.clone();
        let (row, content): (FileRow, Content) = self
            .db
            .call(move |connection| {
                let row = find(connection, &key)?.ok_or_else(|| missing(&key))?;
                let content = blobs.content(&row.digest).map_err(|error| disk(&error))?;
                Ok((row, content))
            })
            .await?;
        let size = u64::try_from(row.size).unwrap_or_default();
        let mut set = vec![
            // Files come from the origin of the controls: whatever they are, they must not run there.
            (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            (header::CONTENT_SECURITY_POLICY, FILE_POLICY.to_owned()),
            (header::CONTENT_TYPE, row.content_type.clone()),
            (header::ACCEPT_RANGES, "bytes".to_owned()),
            (header::LAST_MODIFIED, http_date(row.modified_ms)),
            (header::ETAG, format!("\"{}\"", row.etag())),
        ];
        let (status, body) = match wanted(headers, row.etag(), row.modified_ms, size) {
            Wanted::Whole => {
                set.push((header::CONTENT_LENGTH, size.to_string()));
                (StatusCode::OK, content.into_body())
            }
            Wanted::Nothing => (StatusCode::NOT_MODIFIED, Body::empty()),
            Wanted::Part(part) => {
                let place = format!("bytes {}-{}/{size}", part.start, part.end - 1);
                set.push((header::CONTENT_RANGE, place));
                set.push((header::CONTENT_LENGTH, (part.end - part.start).to_string()));
                let body = content.part(part).map_err(|error| disk(&error))?;
                (StatusCode::PARTIAL_CONTENT, body)
            }
            Wanted::Unsatisfiable => {
                set.push((header::CONTENT_RANGE, format!("bytes */{size}")));
                (StatusCode::RANGE_NOT_SATISFIABLE, Body::empty())
            }
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        for (name, value) in set {
            let value = HeaderValue::from_str(&value)
                .map_err(|error| ApiError::internal(error.to_string()))?;
            response.headers_mut().insert(name, value);
        }
        Ok(response)
    }

    /// The public URL of a file, at the address the client knows the emulator by.
    fn url(&self, headers: &HeaderMap, key: &str) -> String {
        let host = headers
            .get(header::HOST)
            .and_then(|host| host.to_str().ok())
            .unwrap_or("127.0.0.1");
        format!(
            "http://{host}/files/{}/{}",
            self.project.id,
            utf8_percent_encode(key, PATH)
        )
    }
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
    #[serde(default, deserialize_with = "or_default")]
    prefix: String,
    #[serde(default, deserialize_with = "or_default")]
    limit: Option<i64>,
    #[serde(default, deserialize_with = "or_default")]
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
    about: Option<ObjectMetadata>,
}

#[derive(Serialize)]
struct ListReply {
    objects: Vec<Object>,
    truncated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

async fn upload(State(storage): State<Storage>, request: Request) -> Reply<UploadReply> {
    let headers = request.headers().clone();
    if media_type(&headers) != "multipart/form-data" {
        drain(request.into_body()).await;
        return Err(ApiError::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "UNSUPPORTED_MEDIA_TYPE",
            "Send the file as multipart/form-data with the parts file and key.",
        ));
    }
    let form = Multipart::from_request(request, &storage)
        .await
        .map_err(|error| ApiError::validation(format!("The form cannot be read: {error}")))?;
    let Upload {
        blob,
        key,
        content_type,
    } = read_form(&storage, form).await?;
    let size = blob.size;
    storage
        .commit(key.clone(), content_type.clone(), blob)
        .await?;
    Ok(axum::Json(UploadReply {
        url: storage.url(&headers, &key),
        key,
        size,
        content_type,
    }))
}

async fn get(
    State(storage): State<Storage>,
    Json(request): Json<KeyRequest>,
) -> ApiResult<Response> {
    storage
        .content(clean_key(&request.key)?, &HeaderMap::new())
        .await
}

/// The public URL of a file, as handed out by `getUrl`.
async fn serve(
    State(storage): State<Storage>,
    headers: HeaderMap,
    Path((project, key)): Path<(String, String)>,
) -> ApiResult<Response> {
    if !storage.project.is(&project) {
        return Err(ApiError::not_found(format!(
            "There is no project {project}."
        )));
    }
    storage.content(clean_key(&key)?, &headers).await
}

async fn get_url(
    State(storage): State<Storage>,
    headers: HeaderMap,
    Json(request): Json<KeyRequest>,
) -> Reply<UrlReply> {
    let key = clean_key(&request.key)?;
    Ok(axum::Json(UrlReply {
        url: storage.url(&headers, &key),
    }))
}

async fn list(
    State(storage): State<Storage>,
    Json(request): Json<ListRequest>,
) -> Reply<ListReply> {
    let limit = page::limit(request.limit, 100, 1000)?;
    let after = page::decode_cursor(request.cursor.as_deref())?;
    let mut objects = storage
        .db
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

async fn delete(State(storage): State<Storage>, Json(request): Json<KeyRequest>) -> Reply<Success> {
    let key = clean_key(&request.key)?;
    let blobs = storage.blobs.clone();
    storage
        .db
        .call(move |connection| {
            let gone = find(connection, &key)?.map(|row| row.digest);
            connection.execute("DELETE FROM files WHERE key = ?1", [&key])?;
            gc_blob(&blobs, connection, gone)
        })
        .await?;
    Ok(axum::Json(Success { success: true }))
}

async fn exists(
    State(storage): State<Storage>,
    Json(request): Json<KeyRequest>,
) -> Reply<ExistsReply> {
    let key = clean_key(&request.key)?;
    let exists = storage
        .db
        .call(move |connection| Ok(find(connection, &key)?.is_some()))
        .await?;
    Ok(axum::Json(ExistsReply { exists }))
}

async fn get_metadata(
    State(storage): State<Storage>,
    Json(request): Json<KeyRequest>,
) -> Reply<MetadataReply> {
    let key = clean_key(&request.key)?;
    let row = storage
        .db
        .call(move |connection| find(connection, &key))
        .await?;
    Ok(axum::Json(MetadataReply {
        exists: row.is_some(),
        about: row.map(|row| row.metadata()),
    }))
}

async fn copy(
    State(storage): State<Storage>,
    headers: HeaderMap,
    Json(request): Json<TwoKeysRequest>,
) -> Reply<PlacedReply> {
    relocate(&storage, &headers, &request, false).await
}

/// `storageMove`. Atomic here, unlike on the platform.
async fn rename(
    State(storage): State<Storage>,
    headers: HeaderMap,
    Json(request): Json<TwoKeysRequest>,
) -> Reply<PlacedReply> {
    relocate(&storage, &headers, &request, true).await
}

async fn relocate(
    storage: &Storage,
    headers: &HeaderMap,
    request: &TwoKeysRequest,
    leave: bool,
) -> Reply<PlacedReply> {
    let (from, to) = (
        clean_key(&request.source_key)?,
        clean_key(&request.dest_key)?,
    );
    let url = storage.url(headers, &to);
    let (blobs, now) = (storage.blobs.clone(), storage.clock.now_ms());
    storage
        .db
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
            gc_blob(&blobs, connection, replaced)
        })
        .await?;
    Ok(axum::Json(PlacedReply { success: true, url }))
}

/// Validates a key and strips one leading slash.
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

fn missing(key: &str) -> ApiError {
    ApiError::not_found(format!("There is no file at {key}."))
}

fn disk(error: &std::io::Error) -> ApiError {
    ApiError::internal(format!("The emulator cannot reach its files: {error}"))
}

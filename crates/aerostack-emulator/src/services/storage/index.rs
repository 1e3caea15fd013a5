//! The rows of files in the system database.

use rusqlite::{Connection, OptionalExtension, params};
use serde::Serialize;

use crate::clock::rfc3339;
use crate::error::ApiResult;
use crate::http::page;
use crate::store::blobs::Blobs;
use crate::store::schema::Schema;

pub(crate) const SCHEMA: Schema = Schema {
    name: "storage",
    steps: &["
    CREATE TABLE IF NOT EXISTS files (
        key TEXT PRIMARY KEY, digest TEXT NOT NULL, size INTEGER NOT NULL, content_type TEXT NOT NULL,
        modified_ms INTEGER NOT NULL) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS files_by_digest ON files (digest);"],
};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ObjectMetadata {
    pub(super) size: i64,
    pub(super) content_type: String,
    pub(super) last_modified: String,
    /// The same under the name that the official clients read.
    pub(super) uploaded: String,
    pub(super) etag: String,
}

#[derive(Serialize)]
pub(super) struct Object {
    pub(super) key: String,
    #[serde(flatten)]
    pub(super) metadata: ObjectMetadata,
}

/// What the database knows of a file.
pub(super) struct FileRow {
    pub(super) digest: String,
    pub(super) size: i64,
    pub(super) content_type: String,
    pub(super) modified_ms: i64,
}

impl FileRow {
    pub(super) fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            digest: row.get("digest")?,
            size: row.get("size")?,
            content_type: row.get("content_type")?,
            modified_ms: row.get("modified_ms")?,
        })
    }

    /// The first half of the digest: long enough, and as long as the platform's.
    pub(super) fn etag(&self) -> &str {
        self.digest.get(..32).unwrap_or(&self.digest)
    }

    pub(super) fn metadata(&self) -> ObjectMetadata {
        ObjectMetadata {
            size: self.size,
            content_type: self.content_type.clone(),
            last_modified: rfc3339(self.modified_ms),
            uploaded: rfc3339(self.modified_ms),
            etag: self.etag().to_owned(),
        }
    }
}

/// Writes a row and returns the digest of the file it replaced.
pub(super) fn put(connection: &Connection, key: &str, row: &FileRow) -> ApiResult<Option<String>> {
    let replaced = find(connection, key)?.map(|row| row.digest);
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO files (key, digest, size, content_type, modified_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![key, row.digest, row.size, row.content_type, row.modified_ms])?;
    Ok(replaced)
}

/// Removes bytes that no key refers to any more.
pub(super) fn gc_blob(
    blobs: &Blobs,
    connection: &Connection,
    digest: Option<String>,
) -> ApiResult<()> {
    let Some(digest) = digest else { return Ok(()) };
    let used: bool = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM files WHERE digest = ?1)")?
        .query_row([&digest], |row| row.get(0))?;
    if !used {
        blobs.remove(&digest);
    }
    Ok(())
}

/// Removes the bytes of uploads that were cut off before their row was written.
pub(crate) fn sweep(connection: &Connection, blobs: &Blobs) -> rusqlite::Result<()> {
    for digest in blobs.digests() {
        let used: bool = connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM files WHERE digest = ?1)",
            [&digest],
            |row| row.get(0),
        )?;
        if !used {
            blobs.remove(&digest);
        }
    }
    Ok(())
}

pub(super) fn find(connection: &Connection, key: &str) -> ApiResult<Option<FileRow>> {
    Ok(connection
        .prepare_cached("SELECT digest, size, content_type, modified_ms FROM files WHERE key = ?1")?
        .query_row([key], FileRow::from_row)
        .optional()?)
}

pub(super) fn page_of(
    connection: &Connection,
    prefix: &str,
    after: &str,
    limit: usize,
) -> ApiResult<Vec<Object>> {
    let (from, until) = page::prefix_range(prefix);
    let objects = connection
        .prepare_cached(
            "SELECT key, digest, size, content_type, modified_ms FROM files
             WHERE key >= ?1 AND (?2 IS NULL OR key < ?2) AND key > ?3 ORDER BY key LIMIT ?4",
        )?
        .query_map(
            params![from, until, after, i64::try_from(limit).unwrap_or(i64::MAX)],
            |row| {
                Ok(Object {
                    key: row.get("key")?,
                    metadata: FileRow::from_row(row)?.metadata(),
                })
            },
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(objects)
}

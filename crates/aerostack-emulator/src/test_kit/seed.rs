//! Puts data in place past the API.

use bytes::Bytes;
use serde::Serialize;

use crate::services::cache::Cache;
use crate::services::storage::Storage;
use crate::store::database::Database;
use crate::store::project::ProjectDb;
use crate::test_kit::TestKit;

/// Why data could not be put in place or taken away.
#[derive(Debug, thiserror::Error)]
#[error("cannot change the data: {message}")]
pub struct SeedError {
    message: String,
}

impl SeedError {
    pub(crate) fn new(error: &crate::error::ApiError) -> Self {
        Self {
            message: error.message().to_owned(),
        }
    }
}

/// The stores that seeding and resetting reach past the API. A handle.
#[derive(Clone)]
pub(crate) struct Data {
    pub(crate) project: ProjectDb,
    pub(crate) system: Database,
    pub(crate) cache: Cache,
    pub(crate) storage: Storage,
    pub(crate) kit: TestKit,
}

/// Puts data in place past the API; made by [`Emulator::seed`](crate::Emulator::seed).
///
/// None of it shows in [`Emulator::received`](crate::Emulator::received) or
/// [`Emulator::effects`](crate::Emulator::effects). Row changes reach realtime subscribers like any other.
pub struct Seed<'a> {
    data: &'a Data,
}

impl std::fmt::Debug for Seed<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seed").finish_non_exhaustive()
    }
}

impl<'a> Seed<'a> {
    pub(crate) fn new(data: &'a Data) -> Self {
        Self { data }
    }

    /// Runs SQL on the project's database in one transaction: any number of statements, schema changes included.
    ///
    /// # Errors
    /// When SQLite refuses a statement; none of them has then taken effect.
    pub async fn sql(&self, sql: impl Into<String>) -> Result<&Self, SeedError> {
        self.data
            .project
            .run_trusted(sql.into())
            .await
            .map_err(|error| SeedError::new(&error))?;
        Ok(self)
    }

    /// Sets a cache entry without expiry.
    ///
    /// # Errors
    /// When the key is empty or the value has no JSON form.
    pub async fn cache(&self, key: &str, value: &impl Serialize) -> Result<&Self, SeedError> {
        let value = serde_json::value::to_raw_value(value).map_err(|error| SeedError {
            message: error.to_string(),
        })?;
        self.data
            .cache
            .seed(key, value)
            .await
            .map_err(|error| SeedError::new(&error))?;
        Ok(self)
    }

    /// Stores a file.
    ///
    /// # Errors
    /// When the key or the content type is not acceptable, or the data folder cannot be written.
    pub async fn file(
        &self,
        key: &str,
        content_type: &str,
        bytes: impl Into<Vec<u8>>,
    ) -> Result<&Self, SeedError> {
        let bytes = Bytes::from(bytes.into());
        self.data
            .storage
            .seed(key, content_type, bytes)
            .await
            .map_err(|error| SeedError::new(&error))?;
        Ok(self)
    }
}

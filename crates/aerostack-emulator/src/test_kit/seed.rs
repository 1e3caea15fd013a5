//! Putting data in place past the API.

use bytes::Bytes;
use serde::Serialize;

use crate::platform::App;

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

/// Puts data in place past the API; made by [`Emulator::seed`](crate::Emulator::seed).
///
/// Nothing of it shows in the record or the effects. Row changes reach realtime subscribers like any other.
pub struct Seed<'a> {
    app: &'a App,
}

impl<'a> Seed<'a> {
    pub(crate) fn new(app: &'a App) -> Self {
        Self { app }
    }

    /// Runs SQL on the project's database in one transaction: any number of statements, schema changes included.
    ///
    /// # Errors
    /// When SQLite refuses a statement; none of them has then taken effect.
    pub async fn sql(&self, sql: impl Into<String>) -> Result<&Self, SeedError> {
        self.app
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
        crate::services::cache::seed(self.app, key, value)
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
        crate::services::storage::seed(self.app, key, content_type, bytes)
            .await
            .map_err(|error| SeedError::new(&error))?;
        Ok(self)
    }
}

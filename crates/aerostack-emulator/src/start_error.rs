//! How starting fails.

use std::path::PathBuf;

use crate::store::schema::OpenError;

/// Why an emulator could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StartError {
    /// The port could not be bound; another process may hold it.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address asked for.
        address: String,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The data folder could not be created or read.
    #[error("cannot use the data folder {}", path.display())]
    DataDir {
        /// The folder asked for.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// A database could not be opened or prepared.
    #[error("cannot open the {database} database: {message}")]
    Database {
        /// `project` or `system`.
        database: &'static str,
        /// What SQLite said.
        message: String,
    },
    /// The schema given to the builder is not valid SQL.
    #[error("the schema was refused: {message}")]
    Schema {
        /// What SQLite said.
        message: String,
    },
    /// A setting of the builder cannot be used.
    #[error("{message}")]
    Setting {
        /// Which setting, and what it needs.
        message: String,
    },
}

impl StartError {
    pub(crate) fn open(database: &'static str, error: &OpenError) -> Self {
        match error {
            OpenError::Project(message) => Self::Schema {
                message: message.clone(),
            },
            error => Self::Database {
                database,
                message: error.to_string(),
            },
        }
    }
}

//! What the services keep their data in: SQLite on threads of their own, and the bytes of files.

pub(crate) mod authorizer;
pub(crate) mod blobs;
pub(crate) mod cdc;
pub(crate) mod data_dir;
pub(crate) mod database;
pub(crate) mod values;

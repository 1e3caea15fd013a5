//! What the services keep their data in: SQLite on threads of its own, and the bytes of files.

pub(crate) mod authorizer;
pub(crate) mod blobs;
pub(crate) mod cdc;
pub(crate) mod data_dir;
pub(crate) mod database;
pub(crate) mod load;
pub(crate) mod math;
pub(crate) mod project;
pub(crate) mod readers;
pub(crate) mod reset;
pub(crate) mod saved_blobs;
pub(crate) mod schema;
pub(crate) mod script;
pub(crate) mod scripts;
pub(crate) mod statement;
pub(crate) mod values;

/// Names of the emulator's own tables, triggers and functions begin with this.
pub(crate) const INTERNAL: &str = "_aerostack_";

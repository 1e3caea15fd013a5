//! The command line.

pub(crate) mod args;
pub(crate) mod config_file;
pub(crate) mod exec;
pub(crate) mod logging;
pub(crate) mod project_args;
pub(crate) mod start;

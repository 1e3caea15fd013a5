//! The command line.

pub(crate) mod project_args;

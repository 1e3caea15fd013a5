//! The faults that calls are held against, and the stage on which they happen.

pub mod catalogue;
pub mod edge;
pub mod stage;
pub mod tls;

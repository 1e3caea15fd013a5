//! Bounded queues between the connection's task and everyone else.

pub(crate) mod command;
pub(crate) mod ids;
pub(crate) mod inbound;
pub(crate) mod send_queue;
pub(crate) mod subscriber;
pub(crate) mod task_waker;

//! What a platform does not have and tests need: faults, a log of requests, counters, seed, reset, and endpoints for
//! all of them.

pub(crate) mod control;
pub(crate) mod counters;
pub(crate) mod fault;
pub(crate) mod injection;
pub(crate) mod request_log;
pub(crate) mod reset;
pub(crate) mod seed;
pub(crate) mod snapshot;

use std::ops::Deref;
use std::sync::Arc;

use crate::config::Limits;
use crate::test_kit::counters::Counters;
use crate::test_kit::injection::Faults;
use crate::test_kit::request_log::RequestLog;

/// What the layers around the platform inject and record. A handle.
#[derive(Clone)]
pub(crate) struct TestKit(Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) faults: Faults,
    pub(crate) log: RequestLog,
    /// Requests by operation.
    pub(crate) arrivals: Counters,
    /// Requests that met a fault, by fault.
    pub(crate) struck: Counters,
    /// What took effect by operation, whether or not the response reached the client.
    pub(crate) effects: Counters,
}

impl TestKit {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self(Arc::new(Parts {
            faults: Faults::default(),
            log: RequestLog::new(limits),
            arrivals: Counters::default(),
            struck: Counters::default(),
            effects: Counters::default(),
        }))
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        self.faults.clear();
        self.log.clear();
        for counters in [&self.arrivals, &self.struck, &self.effects] {
            counters.clear();
        }
    }
}

impl Deref for TestKit {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

//! Ids of outgoing messages.

use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

/// Ids of outgoing messages: a random start per client, counted up.
///
/// The 122 random bits of a version 4 UUID make clients differ; counters makes messages of one client differ without
/// asking the system for randomness each time.
#[derive(Debug)]
pub(crate) struct Ids {
    base: u128,
    next: AtomicU64,
}

impl Ids {
    pub(crate) fn new() -> Self {
        Self {
            base: Uuid::new_v4().as_u128(),
            next: AtomicU64::new(0),
        }
    }

    /// The next id, and how many there were before it.
    pub(crate) fn next(&self) -> (u64, Uuid) {
        // The low 62 bits hold nothing but randomness in a version 4 UUID.
        const LOW: u128 = (1 << 62) - 1;
        let sequence = self.next.fetch_add(1, Ordering::Relaxed);
        let low = (self.base & LOW).wrapping_add(u128::from(sequence)) & LOW;
        (sequence, Uuid::from_u128((self.base & !LOW) | low))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn promise_28_ids_never_repeat_within_or_across_clients() {
        let mut seen = HashSet::new();
        for _ in 0..100 {
            let ids = Ids::new();
            for _ in 0..1_000 {
                let (_, id) = ids.next();
                assert_eq!(id.get_version_num(), 4);
                assert!(seen.insert(id));
            }
        }
    }
}

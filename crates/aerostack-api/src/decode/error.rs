//! The error of the lenient deserializer, which remembers what a type asked for.

use std::{cell::RefCell, fmt};

use serde::de::{self, Expected, Unexpected};

/// What `serde_json` reports, or a type's own `Deserialize`.
///
/// Serde buffers what stands below `flatten` and in tagged and untagged enums, and reads it from there without the
/// deserializer: an untagged enum even drops the errors of the variants it tries. The constructors of the error type are
/// the only place where all of them pass, so they keep the log.
pub(super) struct Flaw(serde_json::Error);

impl Flaw {
    /// Takes over an error of the deserializer underneath, which was logged or need not be.
    pub(super) fn from_inner(error: impl fmt::Display) -> Self {
        Self(de::Error::custom(error))
    }

    pub(super) fn inner(&self) -> &serde_json::Error {
        &self.0
    }
}

impl de::Error for Flaw {
    fn custom<T: fmt::Display>(message: T) -> Self {
        note(Entry::Other);
        Self(de::Error::custom(message))
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let number = match unexpected {
            Unexpected::Unsigned(number) => Some(number),
            Unexpected::Signed(number) => u64::try_from(number).ok(),
            _ => None,
        };
        note(match number {
            // The words with which serde's own `bool` says what it expects.
            Some(number) if expected.to_string() == "a boolean" => Entry::Boolean(number),
            _ => Entry::Other,
        });
        Self(de::Error::invalid_type(unexpected, expected))
    }
}

impl fmt::Debug for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Flaw {}

/// An error that was made, in the order in which they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// A boolean was asked for, and this number was buffered there.
    Boolean(u64),
    Other,
}

/// All errors made in a pass, also those that were dropped.
#[derive(Debug, Default)]
pub(super) struct Log(pub(super) Vec<Entry>);

impl Log {
    pub(super) fn asks_for_booleans(&self) -> bool {
        self.next_ask(0).is_some()
    }

    /// The place in the log, at or after `from`, of a boolean asked of 0 or 1.
    pub(super) fn next_ask(&self, from: usize) -> Option<usize> {
        let asks = |entry: &Entry| matches!(entry, Entry::Boolean(0 | 1));
        self.0
            .iter()
            .skip(from)
            .position(asks)
            .map(|place| from + place)
    }
}

thread_local! {
    /// One log for each pass under way: a value may be decoded within another, as JSON in a text column is.
    static LOGS: RefCell<Vec<Log>> = const { RefCell::new(Vec::new()) };
}

/// Longest log kept. An enum with many variants over many rows makes errors by the thousand.
const LOG_LIMIT: usize = 10_000;

fn note(entry: Entry) {
    LOGS.with_borrow_mut(|logs| {
        if let Some(log) = logs.last_mut()
            && log.0.len() < LOG_LIMIT
        {
            log.0.push(entry);
        }
    });
}

/// Runs a pass and gives the errors made in it.
pub(super) fn logged<R>(pass: impl FnOnce() -> R) -> (R, Log) {
    /// Closes the log also when a `Deserialize` panics.
    struct Open;

    impl Drop for Open {
        fn drop(&mut self) {
            LOGS.with_borrow_mut(Vec::pop);
        }
    }

    LOGS.with_borrow_mut(|logs| logs.push(Log::default()));
    let open = Open;
    let result = pass();
    let log = LOGS.with_borrow_mut(|logs| logs.last_mut().map(std::mem::take));
    drop(open);
    (result, log.unwrap_or_default())
}

//! What the client has done so far.

use std::{
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::Duration,
};

macro_rules! counters {
    ($( $(#[$meta:meta])* $name:ident, )+) => {
        /// A reading of everything the client counts since it was built.
        ///
        /// Reading takes no lock. The numbers are read one after another, so they may be a few messages apart.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        #[non_exhaustive]
        pub struct Counters {
            $( $(#[$meta])* pub $name: u64, )+
            /// Time from the last heartbeat to its answer; `None` before the first answer.
            pub round_trip: Option<Duration>,
        }

        #[derive(Debug, Default)]
        pub(crate) struct AtomicCounters {
            $( pub(crate) $name: AtomicU64, )+
            round_trip_nanos: AtomicU64,
        }

        impl AtomicCounters {
            pub(crate) fn read(&self) -> Counters {
                let nanos = self.round_trip_nanos.load(Relaxed);
                Counters {
                    $( $name: self.$name.load(Relaxed), )+
                    round_trip: (nanos > 0).then(|| Duration::from_nanos(nanos)),
                }
            }
        }
    };
}

counters! {
    /// Frames received.
    frames_in,
    /// Bytes of the frames received.
    bytes_in,
    /// Frames sent.
    frames_out,
    /// Bytes of the frames sent.
    bytes_out,
    /// Attempts to connect.
    dials,
    /// Connections made.
    connections,
    /// Connections made after the first.
    reconnects,
    /// Subscriptions put on the wire again by reconnects.
    resubscribes,
    /// Messages dropped because a stream was not read fast enough.
    dropped,
    /// Payloads that did not fit the type asked for.
    decode_errors,
    /// Frames of an unknown kind.
    unknown_frames,
    /// Frames that are not JSON objects.
    malformed_frames,
    /// Messages for topics nobody subscribes to.
    unrouted,
    /// Error frames of the server.
    server_errors,
    /// Outgoing messages that expired before there was a connection.
    expired,
    /// Outgoing messages in the queue now.
    queued,
    /// Messages fetched from the history after interruptions.
    recovered,
}

impl AtomicCounters {
    pub(crate) fn round_trip(&self, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX).max(1);
        self.round_trip_nanos.store(nanos, Relaxed);
    }
}

/// Adds to a counter.
pub(crate) fn add(counter: &AtomicU64, count: u64) {
    counter.fetch_add(count, Relaxed);
}

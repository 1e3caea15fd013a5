//! Acknowledgements that are waited for.

use std::collections::{BTreeMap, HashMap};

use tokio::time::Instant;

use crate::{
    error::{Error, ErrorKind},
    queue::send_queue::{PendingAck, ack_timeout},
};

#[derive(Debug)]
struct Entry {
    pending: PendingAck,
    /// Which message of this connection it is, counted from 1.
    place: u64,
    deadline: Instant,
    /// The frame, to send it again after a loss.
    text: Option<Vec<u8>>,
}

/// A message to be sent again under its id.
#[derive(Debug)]
pub(crate) struct Resend {
    pub(crate) pending: PendingAck,
    pub(crate) text: Vec<u8>,
    pub(crate) deadline: Instant,
}

/// The messages of a connection that are waited for, and the places of all of them: an acknowledgement without an id is
/// for the oldest message that has none, whether anyone waits for it or not.
#[derive(Debug, Default)]
pub(crate) struct Acks {
    by_id: HashMap<Box<str>, Entry>,
    by_place: BTreeMap<u64, Box<str>>,
    by_deadline: BTreeMap<(Instant, u64), Box<str>>,
    /// Messages sent over this connection.
    sent: u64,
    /// Acknowledgements without an id.
    counted: u64,
    /// The server acknowledges by id, or has refused a message without saying which: an acknowledgement without an id is
    /// for nobody here.
    only_ids: bool,
}

impl Acks {
    pub(crate) fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// A message is sent that the server may acknowledge.
    pub(crate) fn sent(&mut self) {
        self.sent += 1;
    }

    /// The message sent last is waited for. Its limit counts from the first time it is sent.
    pub(crate) fn expect(&mut self, mut pending: PendingAck, text: Option<Vec<u8>>, now: Instant) {
        let deadline = *pending.deadline.get_or_insert(now + pending.timeout);
        let place = self.sent;
        self.by_place.insert(place, pending.id.clone());
        self.by_deadline
            .insert((deadline, place), pending.id.clone());
        self.by_id.insert(
            pending.id.clone(),
            Entry {
                pending,
                place,
                deadline,
                text,
            },
        );
    }

    fn take(&mut self, id: &str) -> Option<Entry> {
        let entry = self.by_id.remove(id)?;
        self.by_place.remove(&entry.place);
        self.by_deadline.remove(&(entry.deadline, entry.place));
        Some(entry)
    }

    /// An acknowledgement arrived.
    ///
    /// Without an id it is for the next message in the order of sending. A server that leaves some messages out thereby
    /// acknowledges fewer than it took: those that wait then time out, and none is taken for acknowledged that is not.
    pub(crate) fn acknowledge(&mut self, id: Option<&str>) {
        let id = match id {
            Some(id) => {
                self.only_ids = true;
                Box::from(id)
            }
            None if self.only_ids => return,
            None => {
                self.counted += 1;
                match self.by_place.get(&self.counted) {
                    Some(id) => id.clone(),
                    None => return,
                }
            }
        };
        self.settle(&id, Ok(()));
    }

    /// The server reported an error without saying what for. If it was a message, the acknowledgements that follow are
    /// for later ones than they seem.
    pub(crate) fn doubt(&mut self) {
        self.only_ids = true;
    }

    /// The server refused a message; says whether anyone waits for it.
    pub(crate) fn refuse(&mut self, id: &str, error: Error) -> bool {
        self.settle(id, Err(error))
    }

    fn settle(&mut self, id: &str, result: Result<(), Error>) -> bool {
        let Some(entry) = self.take(id) else {
            return false;
        };
        // The caller may have stopped waiting.
        let _ = entry.pending.done.send(result);
        true
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.by_deadline
            .first_key_value()
            .map(|((deadline, _), _)| *deadline)
    }

    /// Ends the waits that are over.
    pub(crate) fn expire(&mut self, now: Instant) {
        while let Some(first) = self.by_deadline.first_entry() {
            if first.key().0 > now {
                break;
            }
            let id = first.get().clone();
            self.settle(&id, Err(ack_timeout()));
        }
    }

    /// The connection is gone: whoever did not allow sending again learns that nothing is known. Nor is anything sent
    /// again that may itself be why.
    pub(crate) fn lost(&mut self, cause: &Error) -> Vec<Resend> {
        let at_fault = blames_a_message(cause);
        let by_place = std::mem::take(&mut self.by_place);
        let mut by_id = std::mem::take(&mut self.by_id);
        *self = Self::default();
        let mut resends = Vec::new();
        for id in by_place.into_values() {
            let Some(entry) = by_id.remove(&id) else {
                continue;
            };
            let mut pending = entry.pending;
            if pending.done.is_closed() {
                continue;
            }
            match entry.text {
                Some(text) if pending.resends > 0 && !at_fault => {
                    pending.resends -= 1;
                    resends.push(Resend {
                        pending,
                        text,
                        deadline: entry.deadline,
                    });
                }
                _ => {
                    let _ = pending.done.send(Err(indeterminate(cause)));
                }
            }
        }
        resends
    }

    /// Nothing will be acknowledged any more.
    pub(crate) fn fail(&mut self, error: &Error) {
        let entries = std::mem::take(self).by_id;
        for entry in entries.into_values() {
            let _ = entry.pending.done.send(Err(error.clone()));
        }
    }
}

/// Whether the server closed the connection over something it was sent.
fn blames_a_message(cause: &Error) -> bool {
    matches!(cause.close_code(), Some(1002 | 1003 | 1007 | 1008 | 1009))
}

/// What is known of a message that was under way when the connection was lost.
pub(crate) fn indeterminate(cause: &Error) -> Error {
    let message = if blames_a_message(cause) {
        "the server closed the connection over something it was sent, perhaps this message; whether it took effect is unknown"
    } else {
        "the connection was lost before the message was acknowledged; whether it took effect is unknown"
    };
    let error = Error::new(ErrorKind::Indeterminate, message).with_source(cause.clone());
    match cause.close_code() {
        Some(code) => error.with_close_code(code),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use tokio::sync::oneshot;

    use super::*;

    fn pending(id: u64) -> (PendingAck, oneshot::Receiver<Result<(), Error>>) {
        let (done, outcome) = oneshot::channel();
        let pending = PendingAck {
            id: id.to_string().into(),
            done,
            timeout: Duration::from_secs(5),
            deadline: None,
            resends: 0,
        };
        (pending, outcome)
    }

    proptest! {
        /// A server takes a message and acknowledges it or not, or refuses it and says for which message or not.
        #[test]
        fn promise_26_no_message_counts_as_acknowledged_that_the_server_did_not_take(
            messages in proptest::collection::vec((any::<bool>(), any::<bool>(), any::<bool>()), 1..40),
            with_ids: bool,
        ) {
            let now = Instant::now();
            let mut acks = Acks::default();
            let mut waiting = Vec::new();
            for (id, (waited, taken, _)) in (0..).zip(&messages) {
                acks.sent();
                if *waited {
                    let (pending, outcome) = pending(id);
                    acks.expect(pending, None, now);
                    waiting.push((*taken, outcome));
                }
            }
            for (id, (_, taken, told)) in (0..).zip(&messages) {
                let id = u64::to_string(&id);
                match (taken, told) {
                    (true, true) => acks.acknowledge(with_ids.then_some(id.as_str())),
                    (true, false) => {}
                    (false, true) => {
                        acks.refuse(&id, Error::closed());
                    }
                    (false, false) => acks.doubt(),
                }
            }
            for (taken, mut outcome) in waiting {
                if matches!(outcome.try_recv(), Ok(Ok(()))) {
                    prop_assert!(taken);
                }
            }
        }
    }

    #[test]
    fn promise_26_once_acknowledgements_have_ids_one_without_is_for_nobody() {
        let mut acks = Acks::default();
        let (first, mut outcome) = pending(1);
        acks.sent();
        acks.expect(first, None, Instant::now());
        acks.acknowledge(Some("other"));
        acks.acknowledge(None);
        assert!(outcome.try_recv().is_err());
    }
}

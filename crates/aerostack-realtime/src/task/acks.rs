//! Acknowledgements that are waited for.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use tokio::{sync::oneshot, time::Instant};

use crate::error::{Error, ErrorKind};

#[derive(Debug)]
struct Pending {
    order: u64,
    deadline: Instant,
    done: oneshot::Sender<Result<(), Error>>,
    /// The frame to send again after a loss, with what is left of its time.
    resend: Option<(Vec<u8>, Duration)>,
}

/// A message to be sent again under its id.
#[derive(Debug)]
pub(crate) struct Resend {
    pub(crate) id: Box<str>,
    pub(crate) text: Vec<u8>,
    pub(crate) timeout: Duration,
    pub(crate) done: oneshot::Sender<Result<(), Error>>,
}

#[derive(Debug, Default)]
pub(crate) struct Acks {
    by_id: HashMap<Box<str>, Pending>,
    by_order: BTreeMap<u64, Box<str>>,
    by_deadline: BTreeMap<(Instant, u64), Box<str>>,
    next: u64,
}

impl Acks {
    pub(crate) fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    pub(crate) fn expect(
        &mut self,
        id: Box<str>,
        timeout: Duration,
        done: oneshot::Sender<Result<(), Error>>,
        resend: Option<Vec<u8>>,
    ) {
        let order = self.next;
        self.next += 1;
        let deadline = Instant::now() + timeout;
        self.by_order.insert(order, id.clone());
        self.by_deadline.insert((deadline, order), id.clone());
        self.by_id.insert(
            id,
            Pending {
                order,
                deadline,
                done,
                resend: resend.map(|text| (text, timeout)),
            },
        );
    }

    fn take(&mut self, id: &str) -> Option<Pending> {
        let pending = self.by_id.remove(id)?;
        self.by_order.remove(&pending.order);
        self.by_deadline.remove(&(pending.deadline, pending.order));
        Some(pending)
    }

    /// An acknowledgement arrived; without an id it is for the oldest message.
    pub(crate) fn acknowledge(&mut self, id: Option<&str>) -> bool {
        self.settle(id, Ok(()))
    }

    /// The server refused a message.
    pub(crate) fn refuse(&mut self, id: &str, error: Error) -> bool {
        self.settle(Some(id), Err(error))
    }

    fn settle(&mut self, id: Option<&str>, result: Result<(), Error>) -> bool {
        let id = match id {
            Some(id) => Box::from(id),
            None => match self.by_order.first_key_value() {
                Some((_, id)) => id.clone(),
                None => return false,
            },
        };
        match self.take(&id) {
            Some(pending) => {
                // The caller may have stopped waiting.
                let _ = pending.done.send(result);
                true
            }
            None => false,
        }
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.by_deadline
            .first_key_value()
            .map(|((deadline, _), _)| *deadline)
    }

    /// Ends the waits that are over.
    pub(crate) fn expire(&mut self, now: Instant) {
        while let Some(entry) = self.by_deadline.first_entry() {
            if entry.key().0 > now {
                break;
            }
            let id = entry.get().clone();
            if let Some(pending) = self.take(&id) {
                let _ = pending.done.send(Err(Error::new(
                    ErrorKind::AckTimeout,
                    "the server did not acknowledge the message in time; whether it took effect is unknown",
                )));
            }
        }
    }

    /// The connection is gone: whoever did not allow sending again learns that nothing is known.
    pub(crate) fn lost(&mut self) -> Vec<Resend> {
        self.by_deadline.clear();
        let mut by_id = std::mem::take(&mut self.by_id);
        std::mem::take(&mut self.by_order)
            .into_values()
            .filter_map(|id| {
                let pending = by_id.remove(&id)?;
                if pending.done.is_closed() {
                    return None;
                }
                match pending.resend {
                    Some((text, timeout)) => Some(Resend {
                        id,
                        text,
                        timeout,
                        done: pending.done,
                    }),
                    None => {
                        let _ = pending.done.send(Err(indeterminate()));
                        None
                    }
                }
            })
            .collect()
    }
}

pub(crate) fn indeterminate() -> Error {
    Error::new(
        ErrorKind::Indeterminate,
        "the connection was lost before the message was acknowledged; whether it took effect is unknown",
    )
}

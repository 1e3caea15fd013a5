//! Connections, kept apart by the runtime that drives them.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use reqwest::Client;
use tokio::{
    runtime::{Handle, Id},
    sync::oneshot,
};

use crate::{
    error::TransportError,
    http::{HttpError, HttpOptions},
    origin::Origin,
};

/// The HTTP clients of a transport, one for each tokio runtime that uses it.
///
/// A connection is driven by a task of the runtime on which it was made, and ends with it. A client that is shared by
/// several runtimes, as a static is by parallel tests and by servers with a runtime for each thread, would hand out
/// connections of runtimes that are gone, and requests would break that the server has seen.
pub(crate) struct Pools {
    options: HttpOptions,
    origin: Origin,
    clients: Arc<Mutex<Clients>>,
}

#[derive(Default)]
struct Clients {
    /// Built without a runtime, to see whether it can be; the first runtime takes it.
    spare: Option<Client>,
    by_runtime: HashMap<Id, Entry>,
}

struct Entry {
    client: Client,
    /// Ends the task that waits for the end of the runtime.
    _watch: Option<oneshot::Sender<()>>,
}

impl Pools {
    pub(crate) fn new(options: HttpOptions, origin: Origin) -> Result<Self, HttpError> {
        let spare = Some(options.build(&origin)?);
        let clients = Clients {
            spare,
            by_runtime: HashMap::new(),
        };
        Ok(Self {
            options,
            origin,
            clients: Arc::new(Mutex::new(clients)),
        })
    }

    /// The client of the runtime that runs the caller.
    pub(crate) fn client(&self) -> Result<Client, TransportError> {
        let runtime = Handle::try_current().map_err(|_| TransportError::NoRuntime)?;
        let id = runtime.id();
        {
            let mut clients = lock(&self.clients);
            if let Some(entry) = clients.by_runtime.get(&id) {
                return Ok(entry.client.clone());
            }
            if let Some(client) = clients.spare.take() {
                // Most programs have one runtime, which needs no watching: it ends with the program.
                let entry = Entry {
                    client: client.clone(),
                    _watch: None,
                };
                clients.by_runtime.insert(id, entry);
                return Ok(client);
            }
        }
        // Building may take a while, and others need not wait for it.
        let client = self
            .options
            .build(&self.origin)
            .map_err(TransportError::Client)?;
        let (sender, ended) = oneshot::channel();
        {
            let mut clients = lock(&self.clients);
            if let Some(entry) = clients.by_runtime.get(&id) {
                return Ok(entry.client.clone());
            }
            let entry = Entry {
                client: client.clone(),
                _watch: Some(sender),
            };
            clients.by_runtime.insert(id, entry);
        }
        let leaves = Leaves {
            id,
            clients: Arc::downgrade(&self.clients),
        };
        // Not under the lock: a runtime that is shutting down drops the task at once.
        runtime.spawn(async move {
            // Dropped with the runtime, or after the client.
            let _leaves = leaves;
            let _ = ended.await;
        });
        Ok(client)
    }

    pub(crate) fn options(&self) -> &HttpOptions {
        &self.options
    }

    #[cfg(test)]
    fn runtimes(&self) -> usize {
        lock(&self.clients).by_runtime.len()
    }
}

fn lock(clients: &Mutex<Clients>) -> MutexGuard<'_, Clients> {
    clients.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Gives up the connections of a runtime that ends.
struct Leaves {
    id: Id,
    clients: Weak<Mutex<Clients>>,
}

impl Drop for Leaves {
    fn drop(&mut self) {
        let Some(clients) = self.clients.upgrade() else {
            return;
        };
        let entry = lock(&clients).by_runtime.remove(&self.id);
        // Outside of the lock: a client that is dropped runs code of others.
        drop(entry);
    }
}

impl fmt::Debug for Pools {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pools")
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pools() -> Pools {
        let origin = Origin::parse("http://127.0.0.1:9", false).unwrap();
        Pools::new(HttpOptions::new("test"), origin).unwrap()
    }

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
    }

    #[test]
    fn each_runtime_has_a_client_and_takes_it_along() {
        let pools = pools();
        assert!(matches!(pools.client(), Err(TransportError::NoRuntime)));
        let first = runtime();
        first.block_on(async { pools.client().unwrap() });
        for _ in 0..10 {
            let second = runtime();
            second.block_on(async {
                pools.client().unwrap();
                pools.client().unwrap();
            });
            assert_eq!(pools.runtimes(), 2);
            drop(second);
            assert_eq!(pools.runtimes(), 1, "the second is gone");
        }
    }

    #[test]
    fn no_task_outlives_the_client() {
        let (first, second) = (runtime(), runtime());
        let pools = pools();
        first.block_on(async { pools.client().unwrap() });
        second.block_on(async {
            pools.client().unwrap();
            let tasks = || Handle::current().metrics().num_alive_tasks();
            assert_eq!(tasks(), 1);
            drop(pools);
            while tasks() > 0 {
                tokio::task::yield_now().await;
            }
        });
    }
}

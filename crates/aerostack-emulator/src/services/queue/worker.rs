//! Who does the jobs, and the loop that hands them out.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::RwLock;
use serde_json::json;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio_util::task::AbortOnDropHandle;

use crate::error::ApiResult;
use crate::http::outbound;
use crate::services::callbacks::{Handler, Job};
use crate::services::queue::Queue;
use crate::services::queue::store::{self, Claimed, Next};
use crate::tasks::Tasks;

/// How many jobs are done at a time.
const CONCURRENCY: usize = 16;

#[derive(Default)]
pub(crate) struct Workers {
    handlers: RwLock<HashMap<String, Handler<Job, ()>>>,
    url: Option<String>,
    /// Tells the loop that something changed.
    news: Notify,
}

impl Workers {
    pub(crate) fn set(&self, kind: String, handler: Handler<Job, ()>) {
        self.handlers.write().insert(kind, handler);
        self.look();
    }

    pub(crate) fn set_url(&mut self, url: String) {
        self.url = Some(url);
    }

    pub(crate) fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// Lets the loop look for jobs.
    pub(crate) fn look(&self) {
        self.news.notify_one();
    }

    fn handler(&self, kind: &str) -> Option<Handler<Job, ()>> {
        self.handlers.read().get(kind).cloned()
    }

    /// The types that have a worker, as a JSON array; `None` when all have.
    fn kinds(&self) -> Option<String> {
        if self.url.is_some() {
            return None;
        }
        let handlers = self.handlers.read();
        Some(json!(handlers.keys().collect::<Vec<_>>()).to_string())
    }
}

impl Queue {
    /// Hands out jobs for as long as the emulator runs.
    pub(crate) async fn run(self, tasks: Tasks) {
        let slots = Arc::new(Semaphore::new(CONCURRENCY));
        loop {
            let Ok(slot) = Arc::clone(&slots).acquire_owned().await else {
                return;
            };
            match self.next().await {
                Ok(Next::Job(job)) => tasks.spawn(self.clone().perform(job, slot)),
                Ok(Next::At(due_ms)) => {
                    tokio::select! {
                        () = self.workers.news.notified() => {}
                        () = self.clock.wait_until_ms(due_ms) => {}
                    }
                }
                Ok(Next::None) => self.workers.news.notified().await,
                Err(error) => {
                    tracing::warn!(error = error.message(), "cannot look for jobs");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }

    async fn next(&self) -> ApiResult<Next> {
        let (kinds, now) = (self.workers.kinds(), self.clock.now_ms());
        self.db
            .call(move |connection| store::claim(connection, kinds.as_deref(), now))
            .await
    }

    async fn perform(self, job: Claimed, slot: OwnedSemaphorePermit) {
        let (number, id, kind) = (job.number, job.id.clone(), job.kind.clone());
        let outcome = match self.workers.handler(&job.kind) {
            // In a task of its own, so that a panic fails this job alone.
            Some(handler) => {
                let running = AbortOnDropHandle::new(tokio::spawn(handler(job.into())));
                match running.await {
                    Ok(outcome) => outcome.map_err(|error| error.to_string()),
                    Err(_) => Err("the worker panicked".to_owned()),
                }
            }
            None => self.post(job).await,
        };
        if let Err(why) = &outcome {
            tracing::warn!(job = id, "a job of the type {kind} failed: {why}");
        }
        let now = self.clock.now_ms();
        let stored = self.db.call(move |connection| match outcome {
            Ok(()) => store::completed(connection, number, now),
            Err(why) => store::failed(connection, number, &why, now),
        });
        if let Err(error) = stored.await {
            tracing::warn!(
                job = id,
                error = error.message(),
                "cannot store the outcome of a job"
            );
        }
        drop(slot);
        self.workers.look();
    }

    /// Lets the worker behind the URL do it.
    async fn post(&self, job: Claimed) -> Result<(), String> {
        let Some(url) = self.workers.url() else {
            return Err("there is no worker for this type any more".to_owned());
        };
        let client = self.outbound.client(url);
        let response =
            client.post(url).json(&job).send().await.map_err(|error| {
                format!("the worker did not answer: {}", outbound::chain(&error))
            })?;
        if response.status().is_success() {
            Ok(())
        } else {
            Err(format!("the worker answered {}", response.status()))
        }
    }
}

impl From<Claimed> for Job {
    fn from(job: Claimed) -> Self {
        Self {
            data: job.data.value(),
            id: job.id,
            kind: job.kind,
            attempt: u32::try_from(job.attempt).unwrap_or(u32::MAX),
        }
    }
}

//! The consuming side of the queue: a worker that the platform hands jobs to. With the feature `worker`.
//!
//! The platform POSTs each job to the project's worker as JSON, `{id, type, data, attempt}`, and takes a 2xx answer for
//! done and any other for a failed attempt, which it repeats as often as the job allows.
//!
//! ```
//! use aerostack::worker::{JobDelivery, JobError, Worker};
//!
//! #[derive(serde::Deserialize)]
//! struct Mail {
//!     to: String,
//! }
//!
//! let worker = Worker::new().job("send-mail", |job: JobDelivery<Mail>| async move {
//!     if !job.data.to.contains('@') {
//!         return Err(JobError::discard("this is no address"));
//!     }
//!     println!("attempt {} at {}", job.attempt, job.data.to);
//!     Ok(())
//! });
//! ```
//!
//! With the feature `axum`, `worker.into_router()` is the service; in any other, give the body of the request to
//! [`Worker::deliver`] and answer with the status of what comes back.
//!
//! # Exactly once
//! No queue delivers exactly once. A worker remembers the ids of the jobs that it has done and acknowledges them without
//! doing them again, and two deliveries of one job at the same time become one run. That holds for one process, for as
//! long as it lives and remembers; across processes, make the work itself idempotent, with the job's id as a key in the
//! database for example.
//!
//! # Who may call
//! How the platform signs what it sends is not published. Keep the address of the worker secret, or have it called with
//! a token that [`Worker::token`] demands.
//!
//! Confidence: the shape of the delivery is that of the local platform (`aerostack-emulator`); the platform's own is not
//! published.

#[cfg(test)]
mod tests;

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet, VecDeque},
    fmt,
    future::Future,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use futures_util::FutureExt;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, value::RawValue};
use tokio::sync::watch;

use crate::Secret;

/// A job as the platform hands it to a worker. `Debug` does not show the payload.
#[derive(Clone, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct JobDelivery<T = Value> {
    /// The id that [`Queue::send`](crate::queue::Queue::send) gave; the same in every attempt.
    pub id: String,
    /// The type it was sent with.
    #[serde(rename = "type")]
    pub job_type: String,
    /// What it was sent with.
    pub data: T,
    /// 1 for the first attempt, one more for each further one.
    #[serde(default = "first_attempt")]
    pub attempt: u32,
}

fn first_attempt() -> u32 {
    1
}

impl<T> fmt::Debug for JobDelivery<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JobDelivery")
            .field("id", &self.id)
            .field("job_type", &self.job_type)
            .field("attempt", &self.attempt)
            .finish_non_exhaustive()
    }
}

/// Why a job was not done. Any error becomes one that is to be retried, so that `?` works in a handler.
#[derive(Debug)]
pub struct JobError {
    reason: String,
    retry: bool,
}

impl JobError {
    /// The attempt failed; another may succeed.
    pub fn retry(reason: impl fmt::Display) -> Self {
        Self {
            reason: reason.to_string(),
            retry: true,
        }
    }

    /// No attempt can succeed: the job is acknowledged, so that it is not tried again.
    pub fn discard(reason: impl fmt::Display) -> Self {
        Self {
            reason: reason.to_string(),
            retry: false,
        }
    }
}

impl<E: std::error::Error> From<E> for JobError {
    fn from(error: E) -> Self {
        Self::retry(error)
    }
}

/// What became of a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Acknowledgement {
    /// The job is done.
    Done,
    /// It was done before, or at the same time; nothing was done again.
    Duplicate,
    /// It cannot be done, and is not to be tried again.
    Discarded(String),
    /// The attempt failed, and another is wanted.
    Retry(String),
    /// Nobody here does jobs of this type.
    UnknownType(String),
    /// This is not a delivery, or its data does not fit the handler's type.
    Malformed(String),
    /// The token is missing or wrong.
    Unauthorized,
}

impl Acknowledgement {
    /// The HTTP status to answer with: 2xx acknowledges the job, any other is a failed attempt.
    pub fn status(&self) -> u16 {
        match self {
            Self::Done | Self::Duplicate | Self::Discarded(_) => 200,
            Self::Retry(_) => 503,
            Self::UnknownType(_) => 404,
            Self::Malformed(_) => 422,
            Self::Unauthorized => 401,
        }
    }

    /// What happened, in a word or a sentence without the job's data.
    pub fn message(&self) -> &str {
        match self {
            Self::Done => "done",
            Self::Duplicate => "done before",
            Self::Unauthorized => "the token is missing or wrong",
            Self::Discarded(text)
            | Self::Retry(text)
            | Self::UnknownType(text)
            | Self::Malformed(text) => text,
        }
    }
}

type Running = Pin<Box<dyn Future<Output = Result<(), JobError>> + Send>>;
type Handler = Arc<dyn Fn(JobDelivery<Box<RawValue>>) -> Result<Running, String> + Send + Sync>;

/// Takes deliveries to their handlers. See the [module](self).
#[derive(Clone)]
pub struct Worker {
    handlers: HashMap<Cow<'static, str>, Handler>,
    token: Option<Secret>,
    ledger: Arc<Mutex<Ledger>>,
}

/// Ids of jobs done and being done.
struct Ledger {
    done: HashSet<String>,
    order: VecDeque<String>,
    running: HashMap<String, watch::Receiver<Option<Acknowledgement>>>,
    capacity: usize,
}

/// Ids of done jobs that are remembered by default.
const REMEMBERED: usize = 10_000;

impl Default for Worker {
    fn default() -> Self {
        Self::new()
    }
}

impl Worker {
    /// A worker without handlers.
    pub fn new() -> Self {
        Self {
            handlers: HashMap::new(),
            token: None,
            ledger: Arc::new(Mutex::new(Ledger {
                done: HashSet::new(),
                order: VecDeque::new(),
                running: HashMap::new(),
                capacity: REMEMBERED,
            })),
        }
    }

    /// Does the jobs of one type. A handler that panics has failed this attempt, like one that returns an error.
    #[must_use]
    pub fn job<T, F, R, E>(mut self, job_type: impl Into<Cow<'static, str>>, work: F) -> Self
    where
        T: DeserializeOwned + Send + 'static,
        F: Fn(JobDelivery<T>) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<JobError>,
    {
        let handler = move |job: JobDelivery<Box<RawValue>>| {
            let data = aerostack_api::decode::decode(job.data.get())
                .map_err(|mismatch| mismatch.describe("the job's data"))?;
            let work = work(JobDelivery {
                id: job.id,
                job_type: job.job_type,
                data,
                attempt: job.attempt,
            });
            let work: Running = Box::pin(async { work.await.map_err(Into::into) });
            Ok(work)
        };
        self.handlers.insert(job_type.into(), Arc::new(handler));
        self
    }

    /// Demands `Authorization: Bearer` with this token of every delivery that comes through
    /// [`deliver_with`](Self::deliver_with) or the router.
    #[must_use]
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// How many ids of done jobs to remember: 10,000 by default, the oldest are forgotten first. 0 does every delivery
    /// that comes after the end of the one before.
    #[must_use]
    pub fn remember(self, ids: usize) -> Self {
        self.lock().capacity = ids;
        self
    }

    /// Takes a delivery: the body of the platform's request. The job is done when this returns.
    ///
    /// # Cancel safety
    /// The handler runs as a task of its own: dropping the future leaves it running, and the next delivery of the job
    /// waits for it.
    pub async fn deliver(&self, body: &[u8]) -> Acknowledgement {
        let job: JobDelivery<Box<RawValue>> = match serde_json::from_slice(body) {
            Ok(job) => job,
            Err(error) => {
                let problem = aerostack_api::DecodeError::from(&error);
                return Acknowledgement::Malformed(format!("this is not a delivery: {problem}"));
            }
        };
        let Some(handler) = self.handlers.get(job.job_type.as_str()) else {
            return Acknowledgement::UnknownType(format!(
                "no handler for jobs of the type {:?}",
                job.job_type
            ));
        };
        let id = job.id.clone();
        let mut outcome = match self.admit(&id) {
            Admission::Done => return Acknowledgement::Duplicate,
            Admission::Running(outcome) => {
                return match ended(outcome).await {
                    Acknowledgement::Done => Acknowledgement::Duplicate,
                    other => other,
                };
            }
            Admission::New(sender, outcome) => {
                let run = handler(job);
                let worker = self.clone();
                tokio::spawn(async move {
                    let outcome = match run {
                        Err(problem) => Acknowledgement::Malformed(problem),
                        Ok(work) => match AssertUnwindSafe(work).catch_unwind().await {
                            Ok(Ok(())) => Acknowledgement::Done,
                            Ok(Err(error)) if error.retry => Acknowledgement::Retry(error.reason),
                            Ok(Err(error)) => Acknowledgement::Discarded(error.reason),
                            Err(_) => Acknowledgement::Retry("the handler panicked".to_owned()),
                        },
                    };
                    worker.note(id, &outcome);
                    sender.send_replace(Some(outcome));
                });
                outcome
            }
        };
        outcome.mark_unchanged();
        ended(outcome).await
    }

    /// As [`deliver`](Self::deliver), with the value of the request's `Authorization` header, for workers with a
    /// [`token`](Self::token).
    ///
    /// # Cancel safety
    /// As [`deliver`](Self::deliver).
    pub async fn deliver_with(&self, authorization: Option<&str>, body: &[u8]) -> Acknowledgement {
        if let Some(token) = &self.token {
            let given = authorization
                .and_then(|value| value.split_once(' '))
                .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
                .map(|(_, given)| given.trim());
            if !given.is_some_and(|given| same(given, token.expose())) {
                return Acknowledgement::Unauthorized;
            }
        }
        self.deliver(body).await
    }

    fn admit(&self, id: &str) -> Admission {
        let mut ledger = self.lock();
        if ledger.done.contains(id) {
            return Admission::Done;
        }
        if let Some(running) = ledger.running.get(id) {
            return Admission::Running(running.clone());
        }
        let (sender, receiver) = watch::channel(None);
        ledger.running.insert(id.to_owned(), receiver.clone());
        Admission::New(sender, receiver)
    }

    fn note(&self, id: String, outcome: &Acknowledgement) {
        let mut ledger = self.lock();
        ledger.running.remove(&id);
        let over = matches!(
            outcome,
            Acknowledgement::Done | Acknowledgement::Discarded(_)
        );
        if !over || ledger.capacity == 0 {
            return;
        }
        while ledger.order.len() >= ledger.capacity {
            let Some(oldest) = ledger.order.pop_front() else {
                break;
            };
            ledger.done.remove(&oldest);
        }
        ledger.order.push_back(id.clone());
        ledger.done.insert(id);
    }

    fn lock(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The worker as a service that takes deliveries by POST at `/`. With the feature `axum`.
    ///
    /// ```no_run
    /// # async fn run(worker: aerostack::worker::Worker) -> Result<(), std::io::Error> {
    /// let listener = tokio::net::TcpListener::bind("0.0.0.0:8080").await?;
    /// axum::serve(listener, axum::Router::new().nest("/jobs", worker.into_router())).await
    /// # }
    /// ```
    #[cfg(feature = "axum")]
    pub fn into_router(self) -> ::axum::Router {
        use ::axum::{
            extract::State,
            http::{HeaderMap, StatusCode, header},
            routing::post,
        };
        let take = |State(worker): State<Self>, headers: HeaderMap, body: bytes::Bytes| async move {
            let authorization = headers
                .get(header::AUTHORIZATION)
                .and_then(|value| value.to_str().ok());
            let outcome = worker.deliver_with(authorization, &body).await;
            let status =
                StatusCode::from_u16(outcome.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            (status, outcome.message().to_owned())
        };
        ::axum::Router::new()
            .route("/", post(take))
            .with_state(self)
    }
}

impl fmt::Debug for Worker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut types: Vec<&str> = self.handlers.keys().map(AsRef::as_ref).collect();
        types.sort_unstable();
        f.debug_struct("Worker")
            .field("types", &types)
            .field("token", &self.token)
            .finish_non_exhaustive()
    }
}

enum Admission {
    Done,
    Running(watch::Receiver<Option<Acknowledgement>>),
    New(
        watch::Sender<Option<Acknowledgement>>,
        watch::Receiver<Option<Acknowledgement>>,
    ),
}

async fn ended(mut outcome: watch::Receiver<Option<Acknowledgement>>) -> Acknowledgement {
    let ended = outcome.wait_for(Option::is_some).await;
    match ended.as_deref() {
        Ok(Some(outcome)) => outcome.clone(),
        _ => Acknowledgement::Retry("the worker is shutting down".to_owned()),
    }
}

/// Compares in a time that does not depend on where the texts differ.
fn same(left: &str, right: &str) -> bool {
    let differences = left
        .bytes()
        .zip(right.bytes())
        .fold(0, |found, (left, right)| found | (left ^ right));
    left.len() == right.len() && differences == 0
}

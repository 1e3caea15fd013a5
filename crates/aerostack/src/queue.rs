//! Jobs for the project's workers.

mod list;
mod send;
mod wait;

use std::fmt;

use aerostack_api::{CallOptions, RawJson, Response, open_enum, requests, types};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Client, Error, ErrorKind, call::Call, decode, input};

pub use list::ListJobs;
pub use send::SendJob;
pub use wait::Wait;

/// Jobs that workers of the project do later. From [`Client::queue`](crate::Client::queue).
///
/// Nothing allows marking two sends as the same job: where an answer was lost, sending again may run the work twice.
/// Write workers so that doing a job twice is harmless, or look for the job first.
///
/// # Limits
/// Jobs come in pages of at most 200. Records, not the work's effects, are kept for seven days. Delays are whole
/// seconds. How large a payload may be is not published.
///
/// # Consistency
/// [`send`](Self::send) answers before the job has run. [`cancel`](Self::cancel) is advice: a worker that has begun
/// may finish.
///
/// Confidence: the operations are in the platform's published document. A job's attempts, end and error are read by an
/// official SDK but not published; retries are in guides only.
#[derive(Debug, Clone)]
pub struct Queue {
    client: Client,
}

impl Queue {
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
        }
    }

    /// Enqueues a job and gives its id. The payload must be an object: a struct or a map.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// use std::{collections::BTreeMap, time::Duration};
    ///
    /// let payload = BTreeMap::from([("user", 42)]);
    /// let id = client.queue().send("welcome-mail", &payload).delay(Duration::from_secs(30)).max_retries(3).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether the job was enqueued is then unknown.
    #[doc(alias = "enqueue")]
    #[doc(alias = "push")]
    #[doc(alias = "publish")]
    #[doc(alias = "add_job")]
    pub fn send(&self, job_type: impl Into<String>, payload: impl Serialize) -> SendJob {
        SendJob::new(&self.client, job_type.into(), payload)
    }

    /// Looks a job up; `None` where there is no record of it, because there never was or its seven days are over.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client, id: String) -> Result<(), aerostack::Error> {
    /// if let Some(job) = client.queue().job(id).await? {
    ///     println!("{} is {}", job.id, job.state);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Changes nothing, so dropping the future is harmless.
    #[doc(alias = "get_job")]
    #[doc(alias = "status")]
    pub fn job(&self, id: impl Into<String>) -> Call<Option<Job>> {
        let id = id.into();
        Call::new(&self.client, move |client, options| async move {
            Ok(look_up(&client, options, id).await?.1)
        })
    }

    /// Jobs, page by page. See [`ListJobs`].
    #[doc(alias = "jobs")]
    #[doc(alias = "get_jobs")]
    pub fn list(&self) -> ListJobs {
        ListJobs::new(&self.client)
    }

    /// Asks that a job not be done. What is done already stays done: [`Cancellation`] says what the platform says, and
    /// [`job`](Self::job) what became of it.
    ///
    /// ```no_run
    /// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
    /// let answer = client.queue().cancel("job_01J9Z3K7V5Q8").await?;
    /// if !answer.accepted {
    ///     println!("too late: {:?}", answer.note);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future abandons the call; whether it took effect is then unknown. Repeating it is harmless.
    pub fn cancel(&self, id: impl Into<String>) -> Call<Cancellation> {
        let id = id.into();
        Call::new(&self.client, move |client, options| async move {
            input::name("job id", &id)?;
            let body = types::QueueCancelJobRequest::new(id);
            let response = client
                .send(&requests::QueueCancelJob::new(body), &options)
                .await?;
            match response.value.success {
                Some(accepted) => Ok(Cancellation {
                    accepted,
                    note: response.value.note,
                }),
                None => Err(decode::lacks(&response, "`success`")),
            }
        })
    }

    /// Waits until a job has ended, looking again and again with growing, random pauses. See [`Wait`].
    pub fn wait(&self, id: impl Into<String>) -> Wait {
        Wait::new(&self.client, id.into())
    }
}

open_enum! {
    /// Where a job stands.
    pub enum JobState {
        /// It waits for its time or for a worker.
        Queued = "queued",
        /// A worker has it.
        Processing = "processing",
        /// It is done.
        Completed = "completed",
        /// Its last attempt failed.
        Failed = "failed",
        /// It was cancelled.
        Cancelled = "cancelled",
    }
}

impl JobState {
    /// Whether a job in this state changes no more. A state this version does not know counts as not final.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled)
    }
}

/// What the platform remembers of a job. `Debug` does not show the payload.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Job {
    /// The id.
    pub id: String,
    /// The type it was sent with.
    pub job_type: Option<String>,
    /// Where it stands.
    pub state: JobState,
    /// When it was enqueued, in the platform's own notation.
    pub created_at: Option<String>,
    /// When it ended.
    pub completed_at: Option<String>,
    /// How often a worker has tried it.
    pub attempts: Option<u64>,
    /// Why its last attempt failed.
    pub error: Option<String>,
    data: Option<RawJson>,
}

impl Job {
    /// Decodes the payload it was sent with.
    ///
    /// # Errors
    /// [`ErrorKind::Decode`] when the payload does not fit `T`, or the platform left it out and `T` cannot do without.
    pub fn data<T: DeserializeOwned>(&self) -> Result<T, Error> {
        decode::part("the job's payload", self.data.as_ref())
    }

    fn from_wire<T>(response: &Response<T>, record: types::JobRecord) -> Result<Self, Error> {
        let Some(state) = record.status else {
            return Err(decode::lacks(response, "the `status` of a job"));
        };
        Ok(Self {
            id: decode::text(response, record.id, "the `id` of a job")?,
            job_type: record.type_,
            state: JobState::from(state.as_str()),
            created_at: record.created_at,
            completed_at: record.completed_at,
            attempts: record.attempts.and_then(|count| u64::try_from(count).ok()),
            error: record.error,
            data: record.data,
        })
    }
}

impl fmt::Debug for Job {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Job")
            .field("id", &self.id)
            .field("job_type", &self.job_type)
            .field("state", &self.state)
            .field("created_at", &self.created_at)
            .field("completed_at", &self.completed_at)
            .field("attempts", &self.attempts)
            .field("error", &self.error)
            .finish_non_exhaustive()
    }
}

/// What the platform says to a cancellation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Cancellation {
    /// Whether the platform took it. What it means for an id nobody knows is not published.
    pub accepted: bool,
    /// What it has to say about it.
    pub note: Option<String>,
}

async fn look_up(
    client: &Client,
    options: CallOptions,
    id: String,
) -> Result<(Response<types::QueueGetJobResponse>, Option<Job>), Error> {
    input::name("job id", &id)?;
    let body = types::QueueGetJobRequest::new(id);
    let mut response = client
        .send(&requests::QueueGetJob::new(body), &options)
        .await?;
    let job = match (response.value.exists, response.value.job.take()) {
        (Some(false), _) => None,
        (_, Some(record)) => Some(Job::from_wire(&response, record)?),
        (exists, None) => {
            let what = if exists.is_some() {
                "`job`"
            } else {
                "`job` and `exists`"
            };
            return Err(decode::lacks(&response, what));
        }
    };
    Ok((response, job))
}

/// The error for a job that is waited for and has no record.
fn unknown_job<T>(response: &Response<T>) -> Error {
    Error::answered(
        ErrorKind::NotFound,
        response,
        "there is no record of this job; records are kept for seven days",
    )
}

//! Lists of jobs.

use aerostack_api::{CallOptions, requests, types};

use super::{Job, JobState};
use crate::{
    Client, Error, Page,
    call::Options,
    decode,
    page::{check_limit, next_cursor, paging},
};

/// A list of jobs. From [`Queue::list`](super::Queue::list). In which order they come is not published.
///
/// Await it for one [`Page`], or take [`items`](Self::items) or [`pages`](Self::pages) as a stream.
///
/// ```no_run
/// # async fn run(client: aerostack::Client) -> Result<(), aerostack::Error> {
/// use aerostack::queue::JobState;
/// use futures_util::TryStreamExt;
///
/// let mut failed = client.queue().list().status(JobState::Failed).job_type("welcome-mail").items();
/// while let Some(job) = failed.try_next().await? {
///     println!("{}: {:?}", job.id, job.error);
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Cancel safety
/// Changes nothing, so dropping it is harmless.
#[must_use = "a call does nothing until it is awaited"]
pub struct ListJobs {
    client: Client,
    options: Options,
    query: Query,
    cursor: Option<String>,
}

#[derive(Clone, Default)]
struct Query {
    status: Option<JobState>,
    job_type: Option<String>,
    limit: Option<i64>,
}

impl ListJobs {
    /// Only jobs that stand so.
    pub fn status(mut self, state: JobState) -> Self {
        self.query.status = Some(state);
        self
    }

    /// Only jobs of this type.
    pub fn job_type(mut self, job_type: impl Into<String>) -> Self {
        self.query.job_type = Some(job_type.into());
        self
    }

    /// Jobs a page: 50 by default, 200 at most.
    pub fn limit(mut self, jobs: u32) -> Self {
        self.query.limit = Some(jobs.into());
        self
    }

    async fn page(
        client: Client,
        options: CallOptions,
        query: Query,
        cursor: Option<String>,
    ) -> Result<Page<Job>, Error> {
        check_limit(query.limit, 200)?;
        let body = types::QueueListJobsRequest::new()
            .status(query.status.map(|state| state.as_str().into()))
            .type_(query.job_type)
            .limit(query.limit)
            .cursor(cursor);
        let mut response = client
            .send(&requests::QueueListJobs::new(body), &options)
            .await?;
        let Some(jobs) = response.value.jobs.take() else {
            return Err(decode::lacks(&response, "`jobs`"));
        };
        let cursor = response.value.cursor.take();
        let next = next_cursor(&response, response.value.list_complete, cursor)?;
        let items = jobs
            .into_iter()
            .map(|record| Job::from_wire(&response, record))
            .collect::<Result<_, _>>()?;
        Ok(Page { items, next })
    }
}

paging!(ListJobs => Job);

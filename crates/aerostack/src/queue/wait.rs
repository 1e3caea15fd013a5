//! Waiting for jobs.

use std::time::Duration;

use aerostack_api::{Backoff, Response, types};
use tokio::time::{Instant, sleep, timeout_at};

use super::{Job, look_up, unknown_job};
use crate::{
    Client, Error, ErrorKind,
    call::{Options, awaitable, call_options},
};

/// Pauses between looks: random below 250 ms, then twice that and so on up to 5 s.
const PAUSES: Backoff = Backoff {
    base: Duration::from_millis(250),
    cap: Duration::from_secs(5),
};

/// The shortest pause, so that a run of small random numbers is no storm.
const SHORTEST: Duration = Duration::from_millis(50);

const DEFAULT_LIMIT: Duration = Duration::from_secs(300);

/// Waits until a job has ended. From [`Queue::wait`](super::Queue::wait). Await it for the ended [`Job`]: completed,
/// failed or cancelled, which its `state` tells.
///
/// The first look is at once; the pauses between looks are random, below 250 ms at first and below 5 s in the end, and
/// never under 50 ms. The call's own options apply to each look.
///
/// ```no_run
/// # async fn run(client: aerostack::Client, id: String) -> Result<(), aerostack::Error> {
/// use aerostack::queue::JobState;
/// use std::time::Duration;
///
/// let job = client.queue().wait(id).within(Duration::from_secs(60)).await?;
/// if job.state == JobState::Failed {
///     println!("gave up after {:?} attempts: {:?}", job.attempts, job.error);
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`ErrorKind::Timeout`] when the time is over: the job goes on and can be waited for again.
/// [`ErrorKind::NotFound`] when there is no record of the job.
///
/// # Cancel safety
/// Changes nothing, so dropping it is harmless; the job goes on.
#[must_use = "a call does nothing until it is awaited"]
pub struct Wait {
    client: Client,
    options: Options,
    id: String,
    limit: Duration,
}

impl Wait {
    pub(super) fn new(client: &Client, id: String) -> Self {
        Self {
            client: client.clone(),
            options: Options::default(),
            id,
            limit: DEFAULT_LIMIT,
        }
    }

    /// How long to wait at most: five minutes by default.
    pub fn within(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    call_options!();

    async fn run(self) -> Result<Job, Error> {
        let options = self.options.into_call()?;
        let random = &self.client.transport().config().random;
        let end = Instant::now() + self.limit;
        let mut last: Option<(Response<types::QueueGetJobResponse>, Job)> = None;
        let mut looks = 0;
        loop {
            let look = look_up(&self.client, options.clone(), self.id.clone());
            match timeout_at(end, look).await {
                Ok(Ok((_, Some(job)))) if job.state.is_final() => return Ok(job),
                Ok(Ok((response, Some(job)))) => last = Some((response, job)),
                Ok(Ok((response, None))) => return Err(unknown_job(&response)),
                Ok(Err(error)) => return Err(error),
                Err(_) => return Err(too_long(self.limit, last)),
            }
            // The last look comes just before the end, whatever pause was drawn.
            let left = end.saturating_duration_since(Instant::now());
            if left <= SHORTEST {
                return Err(too_long(self.limit, last));
            }
            let pause = PAUSES.delay(looks, random).max(SHORTEST);
            looks += 1;
            sleep(pause.min(left - SHORTEST)).await;
        }
    }
}

awaitable!(Wait => Job);

fn too_long(limit: Duration, last: Option<(Response<types::QueueGetJobResponse>, Job)>) -> Error {
    let advice = "it goes on, and can be waited for again";
    match last {
        Some((response, job)) => Error::answered(
            ErrorKind::Timeout,
            &response,
            format!(
                "the job was still {} after {limit:?}; {advice}",
                job.state.as_str().escape_debug()
            ),
        ),
        None => Error::new(
            ErrorKind::Timeout,
            format!("nothing was learnt about the job within {limit:?}; {advice}"),
        ),
    }
}

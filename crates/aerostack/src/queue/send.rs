//! Sending jobs.

use std::time::Duration;

use aerostack_api::{RawJson, requests, types};
use serde::Serialize;

use crate::{
    Client, Error,
    call::{Options, awaitable, call_options},
    decode, input,
};

/// A job to be enqueued. From [`Queue::send`](super::Queue::send). Await it for the job's id.
#[must_use = "a call does nothing until it is awaited"]
pub struct SendJob {
    client: Client,
    options: Options,
    job_type: String,
    payload: Option<RawJson>,
    delay: Option<Duration>,
    max_retries: Option<u32>,
}

impl SendJob {
    pub(super) fn new(client: &Client, job_type: String, payload: impl Serialize) -> Self {
        let mut options = Options::default();
        let payload = options.accept(input::object("payload", payload));
        Self {
            client: client.clone(),
            options,
            job_type,
            payload,
            delay: None,
            max_retries: None,
        }
    }

    /// How long the job waits before it may run, in whole seconds; parts of a second are rounded up.
    #[doc(alias = "delay_seconds")]
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// How often a failed job is tried again. Guides show it, the published document does not: a platform that does
    /// not know it may ignore it. Not sent unless it is set.
    pub fn max_retries(mut self, retries: u32) -> Self {
        self.max_retries = Some(retries);
        self
    }

    /// How long the job waits before it may run.
    #[doc(hidden)]
    #[deprecated(note = "this is `delay(Duration::from_secs(seconds))` here")]
    pub fn delay_seconds(self, seconds: u64) -> Self {
        self.delay(Duration::from_secs(seconds))
    }

    call_options!();

    async fn run(self) -> Result<String, Error> {
        let options = self.options.into_call()?;
        input::name("job type", &self.job_type)?;
        let Some(data) = self.payload else {
            return Err(Error::invalid_input("there is no payload to send"));
        };
        let body = types::QueueEnqueueRequest::new(self.job_type, data)
            .delay(
                self.delay
                    .map(|delay| input::seconds("delay", delay))
                    .transpose()?,
            )
            .max_retries(self.max_retries.map(i64::from));
        let mut response = self
            .client
            .send(&requests::QueueEnqueue::new(body), &options)
            .await?;
        decode::succeeded(&response, Some(response.value.success.unwrap_or(true)))?;
        let id = response.value.job_id.take();
        decode::text(&response, id, "`jobId`")
    }
}

awaitable!(SendJob => String);

use std::time::Duration;

use aerostack::queue::JobState;
use anyhow::{Context as _, ensure};
use futures_util::TryStreamExt as _;
use serde_json::{Value, json};

use crate::stage::Stage;

pub(super) async fn a_job_is_sent_and_done(stage: &Stage) -> anyhow::Result<()> {
    let queue = stage.client.queue();
    stage.emulator.on_job("greet", |job| async move {
        // The first attempt fails, to see the second.
        if job.attempt == 1 {
            Err("not yet".into())
        } else {
            Ok(())
        }
    });
    let id = queue
        .send("greet", &json!({"user": 42}))
        .max_retries(1)
        .await?;
    let job = queue.wait(&id).within(Duration::from_secs(20)).await?;
    ensure!(
        (&job.state, job.attempts) == (&JobState::Completed, Some(2)),
        "{job:?}"
    );
    ensure!(job.data::<Value>()? == json!({"user": 42}));
    ensure!(queue.job("job_nobody").await?.is_none());
    Ok(())
}

pub(super) async fn waiting_jobs_are_listed_and_cancelled(stage: &Stage) -> anyhow::Result<()> {
    let queue = stage.client.queue();
    let mut sent = Vec::new();
    for index in 0..3 {
        let later = Duration::from_secs(3_600);
        sent.push(
            queue
                .send("sweep", &json!({"deck": index}))
                .delay(later)
                .await?,
        );
    }
    let listed: Vec<_> = queue
        .list()
        .status(JobState::Queued)
        .job_type("sweep")
        .limit(2)
        .items()
        .try_collect()
        .await?;
    let mut ids: Vec<_> = listed.into_iter().map(|job| job.id).collect();
    ids.sort();
    sent.sort();
    ensure!(ids == sent, "{ids:?} instead of {sent:?}");

    ensure!(queue.cancel(&sent[0]).await?.accepted);
    let job = queue.job(&sent[0]).await?.context("the job is gone")?;
    ensure!(job.state == JobState::Cancelled, "{job:?}");
    Ok(())
}

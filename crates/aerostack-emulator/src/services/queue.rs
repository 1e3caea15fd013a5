//! The queue service: jobs with a delay, states and retries by the emulator's clock.
//!
//! A job whose process dies while it is being done is done again after the restart: workers see a job at least once.

mod store;
mod worker;

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::error::{ApiError, ApiResult, Reply};
use crate::http::extract::{Json, or_default};
use crate::http::operation::Routes;
use crate::http::operations::{QUEUE_CANCEL_JOB, QUEUE_ENQUEUE, QUEUE_GET_JOB, QUEUE_LIST_JOBS};
use crate::http::outbound::Outbound;
use crate::http::page;
use crate::http::raw_object::FreeObject;
use crate::store::database::Database;

pub(crate) use store::{SCHEMA, requeue};
pub(crate) use worker::Workers;

use store::{Cancelled, Filter, NewJob};

#[derive(Clone)]
pub(crate) struct Queue {
    db: Database,
    clock: Clock,
    project_id: Arc<str>,
    workers: Arc<Workers>,
    outbound: Outbound,
}

impl Queue {
    pub(crate) fn new(
        db: Database,
        clock: Clock,
        project_id: &str,
        workers: Workers,
        outbound: Outbound,
    ) -> Self {
        Self {
            db,
            clock,
            project_id: project_id.into(),
            workers: Arc::new(workers),
            outbound,
        }
    }

    pub(crate) fn workers(&self) -> &Workers {
        &self.workers
    }

    pub(crate) fn routes(self) -> Routes {
        Routes::new()
            .on(&QUEUE_ENQUEUE, enqueue)
            .on(&QUEUE_GET_JOB, job)
            .on(&QUEUE_LIST_JOBS, jobs)
            .on(&QUEUE_CANCEL_JOB, cancel)
            .with_state(self)
    }
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum JobState {
    Queued,
    Processing,
    Completed,
    Failed,
    Cancelled,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct EnqueueRequest {
    #[serde(rename = "type")]
    kind: String,
    data: FreeObject,
    #[serde(default, deserialize_with = "or_default")]
    delay: Option<i64>,
    #[serde(default, deserialize_with = "or_default")]
    max_retries: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct IdRequest {
    job_id: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListRequest {
    #[serde(default, deserialize_with = "or_default")]
    status: Option<JobState>,
    #[serde(default, rename = "type", deserialize_with = "or_default")]
    kind: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    limit: Option<i64>,
    #[serde(default, deserialize_with = "or_default")]
    cursor: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct EnqueueReply {
    job_id: String,
    success: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct JobRecord {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    data: FreeObject,
    status: JobState,
    project_id: String,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_at: Option<String>,
    attempts: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

#[derive(Serialize)]
struct JobReply {
    job: Option<JobRecord>,
    exists: bool,
}

#[derive(Serialize)]
struct ListReply {
    jobs: Vec<JobRecord>,
    list_complete: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    cursor: Option<String>,
}

#[derive(Serialize)]
struct CancelReply {
    success: bool,
    note: String,
}

async fn enqueue(
    State(queue): State<Queue>,
    Json(request): Json<EnqueueRequest>,
) -> ApiResult<(StatusCode, axum::Json<EnqueueReply>)> {
    if request.kind.is_empty() {
        return Err(ApiError::validation("type must not be empty"));
    }
    let delay = natural("delay", request.delay)?;
    let max_retries = natural("maxRetries", request.max_retries)?;
    let now = queue.clock.now_ms();
    let id = format!("job_{}", uuid::Uuid::new_v4().simple());
    let job = NewJob {
        id: id.clone(),
        kind: request.kind,
        data: request.data,
        created_ms: now,
        run_ms: now.saturating_add(delay.saturating_mul(1000)),
        max_retries,
    };
    queue
        .db
        .call(move |connection| store::insert(connection, &job))
        .await?;
    queue.workers.look();
    let reply = EnqueueReply {
        job_id: id,
        success: true,
    };
    Ok((StatusCode::CREATED, axum::Json(reply)))
}

fn natural(field: &str, value: Option<i64>) -> ApiResult<i64> {
    match value.unwrap_or(0) {
        value if value >= 0 => Ok(value),
        _ => Err(ApiError::validation(format!(
            "{field} must not be negative"
        ))),
    }
}

async fn job(State(queue): State<Queue>, Json(request): Json<IdRequest>) -> Reply<JobReply> {
    let (now, project) = (queue.clock.now_ms(), queue.project_id.clone());
    let job = queue
        .db
        .call(move |connection| store::find(connection, &project, &request.job_id, now))
        .await?;
    Ok(axum::Json(JobReply {
        exists: job.is_some(),
        job,
    }))
}

async fn jobs(State(queue): State<Queue>, Json(request): Json<ListRequest>) -> Reply<ListReply> {
    let limit = page::limit(request.limit, 50, 200)?;
    let before = match page::decode_cursor(request.cursor.as_deref())?.as_str() {
        "" if request.cursor.is_none() => i64::MAX,
        cursor => cursor
            .parse()
            .map_err(|_| ApiError::validation("invalid cursor"))?,
    };
    let filter = Filter {
        status: request.status,
        kind: request.kind,
        before,
        limit: limit + 1,
    };
    let (now, project) = (queue.clock.now_ms(), queue.project_id.clone());
    let mut found = queue
        .db
        .call(move |connection| store::list(connection, &project, &filter, now))
        .await?;
    let list_complete = found.len() <= limit;
    found.truncate(limit);
    let cursor = if list_complete {
        None
    } else {
        found
            .last()
            .map(|(number, _)| page::encode_cursor(&number.to_string()))
    };
    Ok(axum::Json(ListReply {
        jobs: found.into_iter().map(|(_, job)| job).collect(),
        list_complete,
        cursor,
    }))
}

async fn cancel(State(queue): State<Queue>, Json(request): Json<IdRequest>) -> Reply<CancelReply> {
    let now = queue.clock.now_ms();
    let outcome = queue
        .db
        .call(move |connection| store::cancel(connection, &request.job_id, now))
        .await?;
    let (success, note) = match outcome {
        Cancelled::Before => (true, "The job is cancelled; no worker gets it.".to_owned()),
        Cancelled::During => (
            true,
            "A worker has the job. It may still complete it; if it fails, the job is not tried again."
                .to_owned(),
        ),
        Cancelled::Ended(state) => {
            let state = serde_json::to_value(state).unwrap_or_default();
            let state = state.as_str().unwrap_or_default();
            (
                state == "cancelled",
                format!("The job is {state} already; nothing changed."),
            )
        }
        Cancelled::Unknown => (false, "There is no job of this id.".to_owned()),
    };
    Ok(axum::Json(CancelReply { success, note }))
}

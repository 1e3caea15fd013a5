//! Jobs in the system database.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, ToSql, named_params, params};
use serde::Serialize;

use crate::clock::rfc3339;
use crate::error::ApiResult;
use crate::http::raw_object::FreeObject;
use crate::services::queue::{JobRecord, JobState};
use crate::store::schema::Schema;

/// `number` is the order of arrival. `expires_ms` is when the record may go.
pub(crate) const SCHEMA: Schema = Schema {
    name: "queue",
    steps: &["
    CREATE TABLE IF NOT EXISTS jobs (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL, data TEXT NOT NULL,
        status TEXT NOT NULL, max_retries INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0,
        cancel_asked INTEGER NOT NULL DEFAULT 0, created_ms INTEGER NOT NULL, run_ms INTEGER NOT NULL,
        completed_ms INTEGER, error TEXT, expires_ms INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS jobs_waiting ON jobs (run_ms, number) WHERE status = 'queued';
    CREATE INDEX IF NOT EXISTS jobs_expiry ON jobs (expires_ms);"],
};

/// How long a record is kept, from the time its job was to run.
const KEPT_MS: i64 = 7 * 24 * 60 * 60 * 1000;

/// The pause before the first retry; it doubles up to the longest.
const FIRST_RETRY_MS: i64 = 1000;
const LONGEST_RETRY_MS: i64 = 60_000;

pub(super) struct NewJob {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) data: FreeObject,
    pub(super) created_ms: i64,
    pub(super) run_ms: i64,
    pub(super) max_retries: i64,
}

pub(super) struct Filter {
    pub(super) status: Option<JobState>,
    pub(super) kind: Option<String>,
    /// Only jobs that arrived before this one.
    pub(super) before: i64,
    pub(super) limit: usize,
}

/// How a cancellation met its job.
pub(super) enum Cancelled {
    Before,
    During,
    Ended(JobState),
    Unknown,
}

/// A job taken by the workers, in the form a worker behind a URL gets it.
#[derive(Serialize)]
pub(super) struct Claimed {
    #[serde(skip)]
    pub(super) number: i64,
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) data: FreeObject,
    pub(super) attempt: i64,
}

pub(super) enum Next {
    Job(Claimed),
    /// None is due before this time.
    At(i64),
    None,
}

impl ToSql for JobState {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::from(match self {
            Self::Queued => "queued",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }))
    }
}

impl FromSql for JobState {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        serde_json::from_value(value.as_str()?.into())
            .map_err(|error| FromSqlError::Other(Box::new(error)))
    }
}

/// Gives jobs back whose process died while it did them.
pub(crate) fn requeue(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "UPDATE jobs SET status = iif(cancel_asked, 'cancelled', 'queued') WHERE status = 'processing'",
    )
}

pub(super) fn insert(connection: &Connection, job: &NewJob) -> ApiResult<()> {
    forget(connection, job.created_ms)?;
    connection
        .prepare_cached(
            "INSERT INTO jobs (id, type, data, status, max_retries, created_ms, run_ms, expires_ms)
             VALUES (?1, ?2, ?3, 'queued', ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            job.id,
            job.kind,
            job.data,
            job.max_retries,
            job.created_ms,
            job.run_ms,
            job.run_ms.saturating_add(KEPT_MS)
        ])?;
    Ok(())
}

/// Drops records whose time is over; never one of a job that is being done.
fn forget(connection: &Connection, now: i64) -> ApiResult<()> {
    connection
        .prepare_cached("DELETE FROM jobs WHERE expires_ms <= ?1 AND status <> 'processing'")?
        .execute([now])?;
    Ok(())
}

const COLUMNS: &str = "number, id, type, data, status, attempts, created_ms, completed_ms, error";

fn record(project: &str, row: &Row<'_>) -> rusqlite::Result<(i64, JobRecord)> {
    let completed: Option<i64> = row.get("completed_ms")?;
    let job = JobRecord {
        id: row.get("id")?,
        kind: row.get("type")?,
        data: row.get("data")?,
        status: row.get("status")?,
        project_id: project.to_owned(),
        created_at: rfc3339(row.get("created_ms")?),
        completed_at: completed.map(rfc3339),
        attempts: row.get("attempts")?,
        error: row.get("error")?,
    };
    Ok((row.get("number")?, job))
}

pub(super) fn find(
    connection: &Connection,
    project: &str,
    id: &str,
    now: i64,
) -> ApiResult<Option<JobRecord>> {
    forget(connection, now)?;
    let job = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM jobs WHERE id = ?1"))?
        .query_row([id], |row| record(project, row))
        .optional()?;
    Ok(job.map(|(_, job)| job))
}

/// The newest jobs first.
pub(super) fn list(
    connection: &Connection,
    project: &str,
    filter: &Filter,
    now: i64,
) -> ApiResult<Vec<(i64, JobRecord)>> {
    forget(connection, now)?;
    let jobs = connection
        .prepare_cached(&format!(
            "SELECT {COLUMNS} FROM jobs
             WHERE number < :before AND (:status IS NULL OR status = :status) AND (:type IS NULL OR type = :type)
             ORDER BY number DESC LIMIT :limit"
        ))?
        .query_map(
            named_params! {
                ":before": filter.before,
                ":status": filter.status,
                ":type": filter.kind,
                ":limit": i64::try_from(filter.limit).unwrap_or(i64::MAX),
            },
            |row| record(project, row),
        )?
        .collect::<rusqlite::Result<_>>()?;
    Ok(jobs)
}

pub(super) fn cancel(connection: &mut Connection, id: &str, now: i64) -> ApiResult<Cancelled> {
    forget(connection, now)?;
    let status: Option<JobState> = connection
        .query_row("SELECT status FROM jobs WHERE id = ?1", [id], |row| {
            row.get(0)
        })
        .optional()?;
    Ok(match status {
        None => Cancelled::Unknown,
        Some(JobState::Queued) => {
            connection.execute(
                "UPDATE jobs SET status = 'cancelled', completed_ms = ?2 WHERE id = ?1",
                params![id, now],
            )?;
            Cancelled::Before
        }
        Some(JobState::Processing) => {
            connection.execute("UPDATE jobs SET cancel_asked = 1 WHERE id = ?1", [id])?;
            Cancelled::During
        }
        Some(ended) => Cancelled::Ended(ended),
    })
}

/// Takes the next job that is due and has a worker. `kinds` is a JSON array of types; `None` means all of them.
pub(super) fn claim(connection: &Connection, kinds: Option<&str>, now: i64) -> ApiResult<Next> {
    forget(connection, now)?;
    let claimed = connection
        .prepare_cached(
            "UPDATE jobs SET status = 'processing', attempts = attempts + 1 WHERE number = (
                 SELECT number FROM jobs WHERE status = 'queued' AND run_ms <= ?1
                     AND (?2 IS NULL OR type IN (SELECT value FROM json_each(?2)))
                 ORDER BY run_ms, number LIMIT 1)
             RETURNING number, id, type, data, attempts",
        )?
        .query_row(params![now, kinds], |row| {
            Ok(Claimed {
                number: row.get(0)?,
                id: row.get(1)?,
                kind: row.get(2)?,
                data: row.get(3)?,
                attempt: row.get(4)?,
            })
        })
        .optional()?;
    if let Some(claimed) = claimed {
        return Ok(Next::Job(claimed));
    }
    let due: Option<i64> = connection
        .prepare_cached(
            "SELECT min(run_ms) FROM jobs
             WHERE status = 'queued' AND (?1 IS NULL OR type IN (SELECT value FROM json_each(?1)))",
        )?
        .query_row([kinds], |row| row.get(0))?;
    Ok(due.map_or(Next::None, Next::At))
}

pub(super) fn completed(connection: &Connection, number: i64, now: i64) -> ApiResult<()> {
    connection.execute(
        "UPDATE jobs SET status = 'completed', completed_ms = ?2, error = NULL WHERE number = ?1",
        params![number, now],
    )?;
    Ok(())
}

/// Notes a failed attempt: the job waits for its next one, or has ended.
pub(super) fn failed(connection: &Connection, number: i64, why: &str, now: i64) -> ApiResult<()> {
    let (attempts, max_retries, cancel): (i64, i64, bool) = connection.query_row(
        "SELECT attempts, max_retries, cancel_asked FROM jobs WHERE number = ?1",
        [number],
        |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
    )?;
    if !cancel && attempts <= max_retries {
        let run_ms = now.saturating_add(pause(attempts));
        connection.execute(
            "UPDATE jobs SET status = 'queued', run_ms = ?2, error = ?3, expires_ms = max(expires_ms, ?4)
             WHERE number = ?1",
            params![number, run_ms, why, run_ms.saturating_add(KEPT_MS)],
        )?;
    } else {
        let state = if cancel {
            JobState::Cancelled
        } else {
            JobState::Failed
        };
        connection.execute(
            "UPDATE jobs SET status = ?2, completed_ms = ?3, error = ?4 WHERE number = ?1",
            params![number, state, now, why],
        )?;
    }
    Ok(())
}

/// How long to wait after this many attempts.
fn pause(attempts: i64) -> i64 {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(16);
    (FIRST_RETRY_MS << doublings).min(LONGEST_RETRY_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_a_minute() {
        let pauses: Vec<_> = [1, 2, 3, 6, 7, 1000].map(pause).to_vec();
        assert_eq!(pauses, [1000, 2000, 4000, 32_000, 60_000, 60_000]);
    }
}

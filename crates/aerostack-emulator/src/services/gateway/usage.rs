//! What was used, record by record, in the system database.

use rusqlite::{Connection, params};

use crate::error::ApiResult;
use crate::store::schema::Schema;

pub(crate) const SCHEMA: Schema = Schema {
    name: "gateway",
    steps: &["
    CREATE TABLE IF NOT EXISTS gateway_usage (
        number INTEGER PRIMARY KEY, consumer TEXT NOT NULL, api TEXT NOT NULL, at_ms INTEGER NOT NULL,
        units INTEGER NOT NULL, metric TEXT NOT NULL, is_request INTEGER NOT NULL);
    CREATE INDEX IF NOT EXISTS usage_by_account ON gateway_usage (consumer, api, at_ms);"],
};

pub(super) struct UsageRecord {
    pub(super) consumer: String,
    pub(super) api: String,
    pub(super) at_ms: i64,
    pub(super) units: i64,
    pub(super) metric: String,
    /// Whether a chat used the units, rather than a bill.
    pub(super) is_request: bool,
}

pub(super) fn add(connection: &Connection, record: &UsageRecord) -> ApiResult<()> {
    connection
        .prepare_cached(
            "INSERT INTO gateway_usage (consumer, api, at_ms, units, metric, is_request)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            record.consumer,
            record.api,
            record.at_ms,
            record.units,
            record.metric,
            record.is_request
        ])?;
    Ok(())
}

/// All units an account has used on an endpoint. A sum beyond 64 bits is as good as the largest number.
pub(super) fn consumed(connection: &Connection, consumer: &str, api: &str) -> ApiResult<i64> {
    let total: f64 = connection
        .prepare_cached("SELECT total(units) FROM gateway_usage WHERE consumer = ?1 AND api = ?2")?
        .query_row([consumer, api], |row| row.get(0))?;
    #[allow(clippy::cast_possible_truncation)]
    Ok(total as i64)
}

/// The tokens and the number of an account's chats since a time.
pub(super) fn requests(
    connection: &Connection,
    consumer: &str,
    api: &str,
    since_ms: i64,
) -> ApiResult<(i64, i64)> {
    let sums = connection
        .prepare_cached(
            "SELECT CAST(total(units) AS INTEGER), count(*) FROM gateway_usage
             WHERE consumer = ?1 AND api = ?2 AND at_ms > ?3 AND is_request",
        )?
        .query_row(params![consumer, api, since_ms], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    Ok(sums)
}

//! Emptying the platform between tests.

use rusqlite::Connection;

use crate::error::ApiResult;
use crate::store::INTERNAL;
use crate::test_kit::seed::Data;

/// Tables of the system database that outlive a reset: the signing secret is among the settings.
const KEPT: &[&str] = &["settings"];

impl Data {
    /// Brings the project's tables back to what the schema makes, deletes users, files, jobs and the rest, and forgets
    /// faults, requests and counts. The clock and the keys stay.
    pub(crate) async fn reset(&self) -> ApiResult<()> {
        self.project.reset().await?;
        let storage = self.storage.clone();
        self.system
            .call(move |connection| {
                let transaction = connection.transaction()?;
                transaction.execute_batch("PRAGMA defer_foreign_keys = ON")?;
                for table in tables(&transaction)? {
                    transaction.execute_batch(&format!("DELETE FROM \"{table}\""))?;
                }
                transaction.execute_batch("DELETE FROM sqlite_sequence")?;
                transaction.commit()?;
                Ok(storage.sweep(connection)?)
            })
            .await?;
        self.kit.clear();
        Ok(())
    }
}

/// The tables of the services, without those to keep.
fn tables(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let names: Vec<String> = connection
        .prepare(
            "SELECT name FROM sqlite_schema
             WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' AND substr(name, 1, 11) <> ?1",
        )?
        .query_map([INTERNAL], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(names
        .into_iter()
        .filter(|name| !KEPT.contains(&name.as_str()))
        .collect())
}

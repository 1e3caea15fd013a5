//! Emptying the platform between tests.

use rusqlite::Connection;

use crate::error::ApiResult;
use crate::store::INTERNAL;
use crate::test_kit::seed::Data;

/// Tables of the system database that outlive a reset: the signing secret is among the settings.
const KEPT: &[&str] = &["settings"];

impl Data {
    /// Deletes all rows, users, files, jobs and the rest, and forgets faults, requests and counts. The tables, the
    /// clock and the keys stay.
    pub(crate) async fn reset(&self) -> ApiResult<()> {
        self.kit.faults.clear();
        self.project.run_trusted(self.project_sql().await?).await?;
        let storage = self.storage.clone();
        self.system
            .call(move |connection| {
                let sql = emptying(&tables(connection, KEPT)?);
                let transaction = connection.transaction()?;
                transaction.execute_batch(&sql)?;
                transaction.commit()?;
                Ok(storage.sweep(connection)?)
            })
            .await?;
        self.kit.clear();
        Ok(())
    }

    async fn project_sql(&self) -> ApiResult<String> {
        let tables = self
            .project
            .database()
            .call(|connection| Ok(tables(connection, &[])?))
            .await?;
        Ok(emptying(&tables))
    }
}

/// The tables with rows of their own, beside those of SQLite, the emulator's bookkeeping and the ones to keep.
fn tables(connection: &Connection, kept: &[&str]) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare(
            "SELECT name FROM pragma_table_list
             WHERE schema = 'main' AND type IN ('table', 'virtual') AND substr(name, 1, 7) <> 'sqlite_'",
        )?
        .query_map([], |row| row.get(0))?
        .filter(|name| {
            name.as_ref().is_ok_and(|name: &String| {
                !name.starts_with(INTERNAL) && !kept.contains(&name.as_str())
            })
        })
        .collect()
}

/// Rows may refer to each other in any order: foreign keys are checked when all are gone.
fn emptying(tables: &[String]) -> String {
    let deletes = tables
        .iter()
        .map(|name| format!("DELETE FROM \"{}\";", name.replace('"', "\"\"")));
    std::iter::once("PRAGMA defer_foreign_keys = ON;".to_owned())
        .chain(deletes)
        .collect()
}

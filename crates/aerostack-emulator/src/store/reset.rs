//! Emptying a project's database.

use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};

use crate::error::{ApiError, ApiResult};
use crate::store::INTERNAL;
use crate::store::math;
use crate::store::scripts::{self, Script};
use crate::store::values;

/// A table with rows of its own.
struct Table {
    name: String,
    sql: String,
    is_virtual: bool,
}

impl Table {
    fn quoted(&self) -> String {
        format!("\"{}\"", self.name.replace('"', "\"\""))
    }

    /// The lower-case SQL without white space, in which options are found.
    fn options(&self) -> String {
        self.sql
            .to_ascii_lowercase()
            .split_whitespace()
            .collect::<String>()
    }

    fn is_fts5(&self) -> bool {
        self.is_virtual && self.options().contains("usingfts5(")
    }

    /// A full-text index without texts of its own.
    fn is_index_only(&self) -> bool {
        self.is_fts5() && self.options().contains("content=")
    }

    fn is_contentless(&self) -> bool {
        self.is_index_only()
            && ["content=''", "content=\"\""]
                .iter()
                .any(|none| self.options().contains(none))
    }
}

/// Brings all tables back to what the scripts make of an empty database, all or none. Triggers of the project do not
/// fire; changes are captured.
pub(crate) fn reset(connection: &mut Connection, scripts: &[Script]) -> ApiResult<()> {
    let seeds = seeds(scripts)?;
    connection.execute_batch("PRAGMA foreign_keys = OFF")?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    let done = refill(connection, seeds.as_ref());
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, true)?;
    connection.execute_batch("PRAGMA foreign_keys = ON")?;
    done
}

/// A database with the rows that the scripts insert; none when they insert none.
fn seeds(scripts: &[Script]) -> ApiResult<Option<Connection>> {
    if !scripts.iter().any(Script::inserts) {
        return Ok(None);
    }
    let mut connection = Connection::open_in_memory()?;
    math::install(&connection)?;
    scripts::apply(&mut connection, scripts)
        .map_err(|error| ApiError::query_failed(error.to_string()))?;
    Ok(Some(connection))
}

fn refill(connection: &mut Connection, seeds: Option<&Connection>) -> ApiResult<()> {
    let transaction = connection.transaction()?;
    let tables = tables(&transaction)?;
    let failed = |what: &str, table: &Table, error: &rusqlite::Error| {
        ApiError::query_failed(format!(
            "{} cannot be {what}: {}; nothing was changed",
            table.name,
            values::message(error)
        ))
    };
    for table in &tables {
        empty(&transaction, table).map_err(|error| failed("emptied", table, &error))?;
    }
    let counted: bool = transaction.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_sequence')",
        [],
        |row| row.get(0),
    )?;
    if counted {
        transaction.execute_batch("DELETE FROM sqlite_sequence")?;
    }
    if let Some(seeds) = seeds {
        for table in tables.iter().filter(|table| !table.is_index_only()) {
            copy(seeds, &transaction, table)
                .map_err(|error| failed("filled again", table, &error))?;
        }
        if counted {
            copy_counters(seeds, &transaction)?;
        }
        for table in tables.iter().filter(|table| table.is_index_only()) {
            if !table.is_contentless() {
                let name = table.quoted();
                transaction
                    .execute_batch(&format!("INSERT INTO {name} ({name}) VALUES ('rebuild')"))
                    .map_err(|error| failed("built again", table, &error))?;
            }
        }
    }
    Ok(transaction.commit()?)
}

fn empty(connection: &Connection, table: &Table) -> rusqlite::Result<()> {
    let name = table.quoted();
    if table.is_index_only() {
        connection.execute_batch(&format!(
            "INSERT INTO {name} ({name}) VALUES ('delete-all')"
        ))
    } else {
        connection.execute_batch(&format!("DELETE FROM {name}"))
    }
}

/// Copies the rows of a table, where there is such a table.
fn copy(from: &Connection, to: &Connection, table: &Table) -> rusqlite::Result<()> {
    let known: Option<bool> = from
        .query_row(
            "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1",
            [&table.name],
            |row| row.get(0),
        )
        .optional()?;
    if known.is_none() {
        return Ok(());
    }
    let mut columns: Vec<String> = from
        .prepare("SELECT name FROM pragma_table_xinfo(?1) WHERE hidden = 0")?
        .query_map([&table.name], |row| row.get::<_, String>(0))?
        .map(|name| name.map(|name| format!("\"{}\"", name.replace('"', "\"\""))))
        .collect::<rusqlite::Result<_>>()?;
    if table.is_fts5() {
        columns.push("rowid".to_owned());
    }
    let (name, columns, marks) = (
        table.quoted(),
        columns.join(", "),
        vec!["?"; columns.len()].join(", "),
    );
    let mut select = from.prepare(&format!("SELECT {columns} FROM {name}"))?;
    let mut insert = to.prepare(&format!("INSERT INTO {name} ({columns}) VALUES ({marks})"))?;
    let width = select.column_count();
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let values = (0..width)
            .map(|index| row.get::<_, Value>(index))
            .collect::<rusqlite::Result<Vec<_>>>()?;
        insert.execute(params_from_iter(values))?;
    }
    Ok(())
}

/// The counters of AUTOINCREMENT as the scripts leave them: rows that were deleted again count.
fn copy_counters(from: &Connection, to: &Connection) -> rusqlite::Result<()> {
    to.execute_batch("DELETE FROM sqlite_sequence")?;
    let counters = from
        .prepare("SELECT name, seq FROM sqlite_sequence")
        .and_then(|mut select| {
            select
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<rusqlite::Result<Vec<(String, i64)>>>()
        });
    for (name, last) in counters.unwrap_or_default() {
        to.execute(
            "INSERT INTO sqlite_sequence (name, seq) SELECT ?1, ?2
             WHERE EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)",
            params![name, last],
        )?;
    }
    Ok(())
}

/// Virtual tables first: they may look at others.
fn tables(connection: &Connection) -> rusqlite::Result<Vec<Table>> {
    connection
        .prepare(
            "SELECT list.name, made.sql, list.type = 'virtual'
             FROM pragma_table_list AS list JOIN main.sqlite_schema AS made
                 ON made.type = 'table' AND made.name = list.name
             WHERE list.schema = 'main' AND list.type IN ('table', 'virtual')
                 AND substr(list.name, 1, 7) <> 'sqlite_' AND substr(list.name, 1, 11) <> ?1
             ORDER BY list.type = 'table', made.rowid",
        )?
        .query_map([INTERNAL], |row| {
            Ok(Table {
                name: row.get(0)?,
                sql: row.get(1)?,
                is_virtual: row.get(2)?,
            })
        })?
        .collect()
}

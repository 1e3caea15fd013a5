//! Which rows changed: every committed INSERT, UPDATE and DELETE on the project's tables, in commit order.
//!
//! Temporary triggers write the old and the new row into a temporary table. It takes part in the statement's
//! transaction, so what is rolled back leaves no trace; what is left after a commit is handed to the listeners.

use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, params};
use serde_json::value::RawValue;

use crate::guard::INTERNAL;
use crate::{realtime, sql};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChangeKind {
    Insert,
    Update,
    Delete,
}

impl ChangeKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
        }
    }
}

/// One changed row. The rows are JSON objects in the form `dbQuery` answers them.
#[derive(Clone, Debug)]
pub(crate) struct RowChange {
    pub(crate) table: Arc<str>,
    pub(crate) kind: ChangeKind,
    /// The row before; absent for an insert.
    pub(crate) old: Option<Arc<RawValue>>,
    /// The row after; absent for a delete.
    pub(crate) new: Option<Arc<RawValue>>,
}

type Listener = Box<dyn Fn(&[RowChange]) + Send + Sync>;

/// Who hears of committed changes.
#[derive(Clone, Default)]
pub(crate) struct ChangeFeed(Arc<Mutex<Vec<Listener>>>);

impl ChangeFeed {
    /// Calls `listener` after every commit that changed rows, on the database's thread: it must not block.
    pub(crate) fn on_commit(&self, listener: impl Fn(&[RowChange]) + Send + Sync + 'static) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Box::new(listener));
    }

    fn publish(&self, changes: &[RowChange]) {
        for listener in self.0.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            listener(changes);
        }
    }
}

/// Prepares a connection for capturing: the log table and the function that writes a row as JSON.
pub(crate) fn install(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "CREATE TEMP TABLE _aerostack_changes (
             seq INTEGER PRIMARY KEY, tab TEXT NOT NULL, kind INTEGER NOT NULL, old TEXT, new TEXT)",
    )?;
    connection.create_scalar_function(
        "_aerostack_row",
        -1,
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC,
        |context| {
            let mut out = vec![b'{'];
            for index in (0..context.len()).step_by(2) {
                if index > 0 {
                    out.push(b',');
                }
                sql::write_json(&mut out, context.get_raw(index));
                out.push(b':');
                sql::write_json(&mut out, context.get_raw(index + 1));
            }
            out.push(b'}');
            String::from_utf8(out).map_err(|error| rusqlite::Error::UserFunctionError(error.into()))
        },
    )?;
    watch_tables(connection)
}

/// Puts the triggers on every table of the project that has none yet. Called again after each schema change.
pub(crate) fn watch_tables(connection: &Connection) -> rusqlite::Result<()> {
    let tables = connection
        .prepare(
            "SELECT name FROM pragma_table_list
             WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
               AND name NOT LIKE '\\_aerostack\\_%' ESCAPE '\\' AND name <> ?1",
        )?
        .query_map([realtime::TABLE], |row| row.get::<_, String>(0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    for table in tables {
        let columns = connection
            .prepare("SELECT name FROM pragma_table_xinfo(?1, 'main') WHERE hidden <> 1")?
            .query_map([&table], |row| row.get::<_, String>(0))?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let row = |side: &str| {
            let pairs: Vec<_> = columns
                .iter()
                .map(|name| format!("{}, {side}.{}", text(name), identifier(name)))
                .collect();
            format!("{INTERNAL}row({})", pairs.join(", "))
        };
        for (kind, event, old, new) in [
            (0, "INSERT", None, Some("NEW")),
            (1, "UPDATE", Some("OLD"), Some("NEW")),
            (2, "DELETE", Some("OLD"), None),
        ] {
            let side = |side: Option<&str>| side.map_or_else(|| "NULL".to_owned(), row);
            let trigger = identifier(&format!("{INTERNAL}{event}_{table}"));
            // Dropped first: the table may have gained columns.
            connection.execute_batch(&format!(
                "DROP TRIGGER IF EXISTS temp.{trigger};
                 CREATE TEMP TRIGGER {trigger} AFTER {event} ON main.{} BEGIN
                     INSERT INTO _aerostack_changes (tab, kind, old, new) VALUES ({}, {kind}, {}, {});
                 END",
                identifier(&table),
                text(&table),
                side(old),
                side(new),
            ))?;
        }
    }
    Ok(())
}

/// Takes what the committed statements left behind and tells the listeners.
pub(crate) fn publish(connection: &Connection, feed: &ChangeFeed) -> rusqlite::Result<()> {
    let mut select = connection
        .prepare_cached("SELECT tab, kind, old, new FROM temp._aerostack_changes ORDER BY seq")?;
    let changes = select
        .query_map(params![], |row| {
            Ok(RowChange {
                table: row.get::<_, String>(0)?.into(),
                kind: match row.get::<_, i64>(1)? {
                    0 => ChangeKind::Insert,
                    1 => ChangeKind::Update,
                    _ => ChangeKind::Delete,
                },
                old: raw(row.get(2)?)?,
                new: raw(row.get(3)?)?,
            })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    if changes.is_empty() {
        return Ok(());
    }
    connection
        .prepare_cached("DELETE FROM temp._aerostack_changes")?
        .execute([])?;
    feed.publish(&changes);
    Ok(())
}

fn raw(text: Option<String>) -> rusqlite::Result<Option<Arc<RawValue>>> {
    text.map(|text| RawValue::from_string(text).map(Arc::from))
        .transpose()
        .map_err(|error| rusqlite::Error::UserFunctionError(error.into()))
}

fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn text(value: &str) -> String {
    format!("'{}'", value.replace('\'', "''"))
}

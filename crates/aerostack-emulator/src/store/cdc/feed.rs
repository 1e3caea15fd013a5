//! Which rows changed: every committed INSERT, UPDATE and DELETE on the project's tables, in commit order.
//!
//! Temporary triggers write the old and the new row into a temporary table. It takes part in the statement's
//! transaction, so what is rolled back leaves no trace; what is left after a commit is handed to the listeners.

use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::{Connection, params};
use serde_json::value::RawValue;

use crate::store::cdc::triggers;

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
        self.0.lock().push(Box::new(listener));
    }

    fn publish(&self, changes: &[RowChange]) {
        for listener in self.0.lock().iter() {
            listener(changes);
        }
    }
}

/// Takes what the committed statements left behind and calls the listeners.
pub(crate) fn publish(connection: &Connection, feed: &ChangeFeed) -> rusqlite::Result<()> {
    let mut select = connection
        .prepare_cached("SELECT tab, kind, old, new FROM temp._aerostack_changes ORDER BY seq")?;
    let changes = select
        .query_map(params![], |row| {
            Ok(RowChange {
                table: row.get::<_, String>(0)?.into(),
                kind: match row.get::<_, i64>(1)? {
                    triggers::INSERT => ChangeKind::Insert,
                    triggers::UPDATE => ChangeKind::Update,
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

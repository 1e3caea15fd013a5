//! The emulator's own tables, in versions.
//!
//! Each room that keeps data has a [`Schema`]. A database remembers which version of each it holds, so that a data
//! folder of an older emulator is brought up to date, and one of a newer emulator is refused.

use rusqlite::{Connection, OptionalExtension};

/// The tables of one room.
#[derive(Debug)]
pub(crate) struct Schema {
    pub(crate) name: &'static str,
    /// What leads from each version to the next; the first step makes the tables. Steps are added, never changed.
    pub(crate) steps: &'static [&'static str],
}

/// Why a database could not be opened.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error("{0}")]
    Sqlite(#[from] rusqlite::Error),
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error(
        "its {name} data has version {found}, and this emulator knows version {known} at most; start the newer \
         aerostack-emulator that wrote it, or choose another data folder"
    )]
    Newer {
        name: &'static str,
        found: u32,
        known: u32,
    },
    /// The project's own SQL was rejected.
    #[error("{0}")]
    Project(String),
}

/// Brings the tables of these rooms up to date, all or none.
pub(crate) fn migrate(
    connection: &mut Connection,
    schemas: &[&'static Schema],
) -> Result<(), OpenError> {
    let transaction = connection.transaction()?;
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS _aerostack_versions (
             name TEXT PRIMARY KEY, version INTEGER NOT NULL) WITHOUT ROWID",
    )?;
    for schema in schemas {
        // A folder from before there were versions has the tables of the first, whose step changes nothing there.
        let found: u32 = transaction
            .query_row(
                "SELECT version FROM _aerostack_versions WHERE name = ?1",
                [schema.name],
                |row| row.get(0),
            )
            .optional()?
            .unwrap_or(0);
        let known = u32::try_from(schema.steps.len()).unwrap_or(u32::MAX);
        let Some(steps) = schema.steps.get(found as usize..) else {
            return Err(OpenError::Newer {
                name: schema.name,
                found,
                known,
            });
        };
        for step in steps {
            transaction.execute_batch(step)?;
        }
        transaction.execute(
            "INSERT OR REPLACE INTO _aerostack_versions (name, version) VALUES (?1, ?2)",
            rusqlite::params![schema.name, known],
        )?;
    }
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Schema = Schema {
        name: "notes",
        steps: &["CREATE TABLE IF NOT EXISTS notes (text TEXT NOT NULL)"],
    };
    const TWO: Schema = Schema {
        name: "notes",
        steps: &[
            "CREATE TABLE IF NOT EXISTS notes (text TEXT NOT NULL)",
            "ALTER TABLE notes ADD COLUMN likes INTEGER NOT NULL DEFAULT 7",
        ],
    };

    fn likes(connection: &Connection) -> rusqlite::Result<i64> {
        connection.query_row("SELECT likes FROM notes", [], |row| row.get(0))
    }

    #[test]
    fn older_tables_are_brought_up_to_date_once() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[&ONE]).unwrap();
        connection
            .execute("INSERT INTO notes (text) VALUES ('kept')", [])
            .unwrap();
        assert!(likes(&connection).is_err());
        for _ in 0..2 {
            migrate(&mut connection, &[&TWO]).unwrap();
            assert_eq!(likes(&connection), Ok(7));
        }
    }

    #[test]
    fn tables_from_before_there_were_versions_count_as_the_first() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection
            .execute_batch(
                "CREATE TABLE notes (text TEXT NOT NULL); INSERT INTO notes VALUES ('kept')",
            )
            .unwrap();
        migrate(&mut connection, &[&TWO]).unwrap();
        assert_eq!(likes(&connection), Ok(7));
    }

    #[test]
    fn newer_tables_are_refused_and_left_alone() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &[&TWO]).unwrap();
        let error = migrate(&mut connection, &[&ONE]).unwrap_err().to_string();
        assert!(error.contains("notes data has version 2"), "{error}");
        migrate(&mut connection, &[&TWO]).unwrap();
    }

    #[test]
    fn a_step_that_fails_changes_nothing() {
        const BROKEN: Schema = Schema {
            name: "notes",
            steps: &["CREATE TABLE notes (text TEXT)", "CREATE TABLE oops ("],
        };
        let mut connection = Connection::open_in_memory().unwrap();
        assert!(migrate(&mut connection, &[&BROKEN]).is_err());
        let tables: i64 = connection
            .query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))
            .unwrap();
        assert_eq!(tables, 0);
    }
}

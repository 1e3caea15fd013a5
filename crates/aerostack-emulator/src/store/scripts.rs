//! The SQL that makes a project's tables: schemas, whose statements run once each, and a folder of migrations.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::store::load::{in_transaction, run_piece, run_script};
use crate::store::schema::OpenError;
use crate::store::script;

/// Where SQL comes from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Text(String),
    File(PathBuf),
    /// A folder of `.sql` files, applied in the order of their names.
    Migrations(PathBuf),
}

/// A script that was read.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    /// How messages call it.
    name: String,
    sql: String,
    is_migration: bool,
}

impl Script {
    /// Whether it may put rows into tables.
    pub(crate) fn inserts(&self) -> bool {
        let makes = ["ALTER", "CREATE", "DROP", "PRAGMA", "BEGIN", "COMMIT"];
        script::pieces(&self.sql).iter().any(|piece| {
            !makes.contains(&piece.verb().as_str())
                || self.sql.to_ascii_uppercase().contains(" AS SELECT")
        })
    }
}

/// Reads all sources.
pub(crate) fn read(sources: &[Source]) -> Result<Vec<Script>, OpenError> {
    let text = |file: &Path| {
        std::fs::read_to_string(file)
            .map_err(|error| OpenError::Project(format!("cannot read {}: {error}", file.display())))
    };
    let mut scripts = Vec::new();
    for source in sources {
        match source {
            Source::Text(sql) => scripts.push(Script {
                name: format!("schema {}", scripts.len() + 1),
                sql: sql.clone(),
                is_migration: false,
            }),
            Source::File(file) => scripts.push(Script {
                name: file.display().to_string(),
                sql: text(file)?,
                is_migration: false,
            }),
            Source::Migrations(folder) => {
                let entries = std::fs::read_dir(folder).map_err(|error| {
                    OpenError::Project(format!(
                        "cannot read the migrations in {}: {error}",
                        folder.display()
                    ))
                })?;
                let mut files: Vec<PathBuf> = entries
                    .filter_map(|entry| Some(entry.ok()?.path()))
                    .filter(|file| file.extension().is_some_and(|extension| extension == "sql"))
                    .collect();
                files.sort();
                for file in files {
                    scripts.push(Script {
                        name: file.file_name().map_or_else(
                            || file.display().to_string(),
                            |name| name.to_string_lossy().into_owned(),
                        ),
                        sql: text(&file)?,
                        is_migration: true,
                    });
                }
            }
        }
    }
    Ok(scripts)
}

/// Runs what has not run on this database, each script in a transaction.
pub(crate) fn apply(connection: &mut Connection, scripts: &[Script]) -> Result<(), OpenError> {
    connection.execute_batch(
        "CREATE TABLE IF NOT EXISTS _aerostack_schemas (digest BLOB PRIMARY KEY) WITHOUT ROWID;
         CREATE TABLE IF NOT EXISTS _aerostack_migrations (
             name TEXT PRIMARY KEY, sql TEXT NOT NULL, applied_at TEXT NOT NULL) WITHOUT ROWID;",
    )?;
    let is_fresh: bool = connection.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM _aerostack_schemas) AND NOT EXISTS (SELECT 1 FROM _aerostack_migrations)",
        [],
        |row| row.get(0),
    )?;
    let mut seen = HashMap::new();
    for script in scripts {
        let applied = if script.is_migration {
            migrate(connection, script)
        } else {
            extend(connection, script, &mut seen)
        };
        applied.map_err(|error| match error {
            OpenError::Project(message) if is_fresh || script.is_migration => {
                OpenError::Project(format!("{}, {message}", script.name))
            }
            OpenError::Project(message) => OpenError::Project(format!(
                "{}, {message}. The data folder has the tables of an earlier version of it; write the change as a \
                 migration (--migrations), or start over with an empty folder (--fresh)",
                script.name
            )),
            other => other,
        })?;
    }
    Ok(())
}

/// Runs the statements of a schema that are new: those that ran before are known by their text, however they are laid
/// out.
fn extend(
    connection: &mut Connection,
    script: &Script,
    seen: &mut HashMap<String, usize>,
) -> Result<(), OpenError> {
    let sql = script.sql.as_str();
    let note = |connection: &Connection, text: &str| {
        connection.execute(
            "INSERT OR IGNORE INTO _aerostack_schemas VALUES (?1)",
            [&Sha256::digest(text.as_bytes())[..]],
        )
    };
    in_transaction(connection, sql, |connection| {
        // Older emulators knew whole texts alone.
        let whole: bool = connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM _aerostack_schemas WHERE digest = ?1)",
            [&Sha256::digest(sql.as_bytes())[..]],
            |row| row.get(0),
        )?;
        for piece in script::pieces(sql) {
            let text = script::normalized(piece.sql);
            let count = seen.entry(text.clone()).or_default();
            *count += 1;
            let is_new = note(connection, &format!("{text}#{count}"))? == 1;
            if is_new && !whole {
                run_piece(connection, sql, piece)?;
            }
        }
        Ok(())
    })
}

/// Applies a migration, unless it was applied before.
fn migrate(connection: &mut Connection, script: &Script) -> Result<(), OpenError> {
    let Script { name, sql, .. } = script;
    let applied: Option<String> = connection
        .query_row(
            "SELECT sql FROM _aerostack_migrations WHERE name = ?1",
            [name],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(applied) = applied {
        if script::normalized(&applied) == script::normalized(sql) {
            return Ok(());
        }
        let same = applied
            .lines()
            .zip(sql.lines())
            .take_while(|(old, new)| old.trim() == new.trim())
            .count();
        return Err(OpenError::Project(format!(
            "line {}: the migration was changed after it was applied; undo the change and write a new migration, or \
             apply all of them to an empty folder (--fresh)",
            same + 1
        )));
    }
    in_transaction(connection, sql, |connection| {
        run_script(connection, sql)?;
        connection.execute(
            "INSERT INTO _aerostack_migrations VALUES (?1, ?2, datetime('now'))",
            params![name, sql],
        )?;
        Ok(())
    })
}
